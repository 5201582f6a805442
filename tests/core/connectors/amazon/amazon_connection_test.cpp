// SPDX-License-Identifier: Apache-2.0
// The connection as flows see it.
#include "tests/core/connectors/amazon/amazon_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using namespace carrick::amazon;
using namespace carrick::testing;
using namespace carrick::connectors;
using namespace std::chrono_literals;

namespace {

std::string header(const http::HttpRequest& request, const std::string& name) {
    return std::string(http::HttpResponse{0, request.headers, {}}.header(name));
}

/// Answers in turn; the last one for ever.
FakeTransport::Handler in_turn(std::vector<http::HttpResult> answers) {
    auto next = std::make_shared<std::atomic<std::size_t>>(0);
    return [answers = std::move(answers), next](const http::HttpRequest&) {
        return answers[std::min(next->fetch_add(1), answers.size() - 1)];
    };
}

}  // namespace

TEST_CASE("a request carries token, date and user agent, and the answer comes back verbatim",
          "[amazon]") {
    const std::string answer = R"({"order": {"orderId":"111-2222222-3333333","x":1.50}})";
    SellerAccount<> account([&](const http::HttpRequest&) { return respond(200, answer); });
    const Reply reply = account.call("amazon.orders.get", kGetOrder);
    REQUIRE(reply.status == ReplyStatus::Ok);
    CHECK(reply.body == answer);
    const http::HttpRequest request = account.network.requests().back();
    CHECK(request.url ==
          "https://sellingpartnerapi-na.amazon.com/orders/2026-01-01/orders/111-2222222-3333333");
    CHECK(header(request, "x-amz-access-token") == "Atza|one");
    CHECK(header(request, "x-amz-date") == "20261123T100000Z");
    CHECK(header(request, "User-Agent") == "Carrick/0.1 (Language=C++/20;Platform=Linux)");
    CHECK(header(request, "Authorization").empty());
    CHECK(request.safe_to_repeat);
}

TEST_CASE("base and token addresses can be overridden", "[amazon]") {
    AmazonOptions options = seller_na();
    options.base_url = "http://127.0.0.1:8080/";
    options.token_url = "http://127.0.0.1:8080/auth/o2/token";
    VirtualClock clock;
    SeededRandom random(1);
    FakeTransport network([](const http::HttpRequest& request) {
        return respond(200, request.method == "POST" ? std::string(kTokenAnswer) : kOrderAnswer);
    });
    auto connection = make_amazon_connection(options, network, clock, random).value();
    CHECK(call_one(*connection, {"amazon.orders.get", kGetOrder}, {}).status == ReplyStatus::Ok);
    CHECK(network.requests()[0].url == "http://127.0.0.1:8080/auth/o2/token");
    CHECK(network.requests()[1].url.starts_with("http://127.0.0.1:8080/orders/"));
}

TEST_CASE("options that cannot work are refused, with the key", "[amazon]") {
    VirtualClock clock;
    SeededRandom random(1);
    FakeTransport network([](const http::HttpRequest&) { return respond(200, ""); });
    const auto code = [&](AmazonOptions options) {
        const auto made = make_amazon_connection(std::move(options), network, clock, random);
        return made ? std::string("made") : made.error().code + " " + made.error().field;
    };
    AmazonOptions options = seller_na();
    CHECK(code(options) == "made");
    options.credentials.refresh_token.clear();
    CHECK(code(options) == "amazon.options connections.seller-na.auth.refresh_token");
    options = seller_na();
    options.base_url = "sandbox";
    CHECK(code(options) == "amazon.options connections.seller-na.base_url");
    options.base_url = "https://a.example/?query=1";
    CHECK(code(options) == "amazon.options connections.seller-na.base_url");
    options = seller_na();
    options.user_agent = std::string(501, 'x');
    CHECK(code(options) == "amazon.options connections.seller-na.user_agent");
}

TEST_CASE("a 5xx or a network failure is repeated, three times at most", "[amazon]") {
    const http::HttpResult bad =
        GENERATE(amazon_error(500, "Internal"), respond(503, "<html>busy</html>"),
                 respond(200, "<html>not the API</html>"), respond(200, R"({"other":1})"),
                 fail(http::HttpFailureKind::Lost), fail(http::HttpFailureKind::NotSent),
                 fail(http::HttpFailureKind::Refused));
    SECTION("and succeeds when Amazon does") {
        SellerAccount<> account(in_turn({bad, bad, bad, respond(200, kOrderAnswer)}));
        std::atomic<bool> done{false};
        std::thread time([&] {
            while (!done) {
                account.clock.advance(1s);
                std::this_thread::sleep_for(1ms);
            }
        });
        const Reply reply = account.call("amazon.orders.get", kGetOrder);
        done = true;
        time.join();
        CHECK(reply.status == ReplyStatus::Ok);
        CHECK(account.asked() == 4);
    }
    SECTION("and is transient when Amazon stays down") {
        SellerAccount<> account(in_turn({bad}));
        std::atomic<bool> done{false};
        std::thread time([&] {
            while (!done) {
                account.clock.advance(1s);
                std::this_thread::sleep_for(1ms);
            }
        });
        const Reply reply = account.call("amazon.orders.get", kGetOrder);
        done = true;
        time.join();
        CHECK(reply.status == ReplyStatus::Failed);
        CHECK(reply.error.error_class == ErrorClass::Transient);
        CHECK(reply.error.code == "amazon.unavailable");
        CHECK(account.asked() == 4);
    }
}

TEST_CASE("nothing is repeated beyond the call's deadline", "[amazon]") {
    SellerAccount<StandingClock> account(in_turn({amazon_error(503, "Busy")}));
    const auto begin = std::chrono::steady_clock::now();
    const Reply reply = account.call("amazon.orders.get", kGetOrder, account.within(20s));
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(account.asked() == 1);
    CHECK(reply.status == ReplyStatus::Failed);
    CHECK(reply.error.error_class != ErrorClass::Rejected);
}

TEST_CASE("what cannot succeed is not repeated", "[amazon]") {
    const int status = GENERATE(400, 403, 404, 413, 415);
    SellerAccount<> account(in_turn({amazon_error(status, "No")}));
    CHECK(account.call("amazon.orders.get", kGetOrder).status == ReplyStatus::Failed);
    CHECK(account.asked() == 1);
}

TEST_CASE("429 empties our bucket: the call waits or says when to come again", "[amazon]") {
    SECTION("with the quota's own pace") {
        SellerAccount<StandingClock> account(in_turn({amazon_error(429, "Quota")}));
        const Reply reply = account.call("amazon.orders.get", kGetOrder, account.within(20s));
        CHECK(reply.status == ReplyStatus::Failed);
        CHECK(reply.error.error_class == ErrorClass::Throttled);
        CHECK(reply.error.code == "amazon.throttled");
        CHECK(reply.error.retry_after >= 2s);  // one in two seconds
        CHECK(reply.error.retry_after < 4s);
        CHECK(account.asked() == 1);
    }
    SECTION("with Amazon's Retry-After") {
        SellerAccount<StandingClock> account(
            in_turn({respond(429, "{}", {{"Retry-After", "77"}})}));
        const Reply reply = account.call("amazon.orders.get", kGetOrder, account.within(20s));
        CHECK(reply.error.retry_after == 77s);
        // The other calls of this operation do not go and ask.
        CHECK(account.call("amazon.orders.get", kGetOrder, account.within(20s)).error.code ==
              "amazon.quota");
        CHECK(account.asked() == 1);
    }
    SECTION("and goes on when the bucket has filled") {
        SellerAccount<> account(in_turn(
            {amazon_error(429, "Quota"), amazon_error(429, "Quota"), respond(200, kOrderAnswer)}));
        std::atomic<bool> done{false};
        std::thread time([&] {
            while (!done) {
                account.clock.advance(500ms);
                std::this_thread::sleep_for(1ms);
            }
        });
        const Reply reply = account.call("amazon.orders.get", kGetOrder);
        done = true;
        time.join();
        CHECK(reply.status == ReplyStatus::Ok);
        CHECK(account.asked() == 3);
    }
}

TEST_CASE("an expired or revoked token is replaced once, and the request repeated", "[amazon]") {
    const std::string details =
        GENERATE(as<std::string>{}, "The access token you provided has expired.",
                 "The access token you provided is revoked, malformed or invalid.");
    const http::HttpResult refusal =
        amazon_error(403, "Access to requested resource is denied.", details);
    SECTION("cured by it") {
        SellerAccount<> account(in_turn({refusal, respond(200, kOrderAnswer)}));
        account.clock.advance(1h);
        const std::vector<BucketLevel> full{{"orders.getOrder", "10", account.clock.now()}};
        account.connection->restore_bucket_levels(full);
        CHECK(account.call("amazon.orders.get", kGetOrder).status == ReplyStatus::Ok);
        CHECK(account.asked() == 2);
        CHECK(account.network.count("/auth/o2/token") == 2);
    }
    SECTION("not cured by it") {
        SellerAccount<> account(in_turn({refusal}));
        const std::vector<BucketLevel> full{{"orders.getOrder", "10", account.clock.now()}};
        account.connection->restore_bucket_levels(full);
        const Reply reply = account.call("amazon.orders.get", kGetOrder);
        CHECK(reply.error.error_class == ErrorClass::Misconfigured);
        CHECK(reply.error.code == "amazon.unauthorized");
        CHECK(reply.error.message.find("seller-na") != std::string::npos);
        CHECK(account.asked() == 2);
    }
}

TEST_CASE("refused credentials stop a call before anything is asked, and use up no quota",
          "[amazon]") {
    VirtualClock clock;
    SeededRandom random(1);
    FakeTransport network([](const http::HttpRequest& request) {
        return is_token_request(request) ? respond(400, R"({"error":"invalid_client"})")
                                         : respond(200, kOrderAnswer);
    });
    auto connection = make_amazon_connection(seller_na(), network, clock, random).value();
    for (int i = 0; i < 3; ++i) {
        const Reply reply =
            call_one(*connection, {"amazon.orders.get", kGetOrder}, SellerAccount<>::within(5s));
        CHECK(reply.error.code == "amazon.auth.invalid_client");
        CHECK(reply.error.error_class == ErrorClass::Misconfigured);
    }
    CHECK(network.count("sellingpartnerapi") == 0);
    const Result<void> checked = connection->check(SellerAccount<>::within(5s));
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == "amazon.auth.invalid_client");
}

TEST_CASE("a circuit that fails five times in a row opens, and one probe closes it", "[amazon]") {
    std::atomic<bool> down{true};
    SellerAccount<StandingClock> account([&](const http::HttpRequest&) {
        return down ? amazon_error(503, "Down") : respond(200, kOrderAnswer);
    });
    const auto ask = [&] {
        account.clock.advance(10s);
        return account.call("amazon.orders.get", kGetOrder, account.within(20s));
    };
    for (int i = 0; i < 5; ++i) CHECK(ask().error.code == "amazon.unavailable");
    const Reply open = account.call("amazon.orders.get", kGetOrder, account.within(20s));
    CHECK(open.error.code == "amazon.circuit_open");
    CHECK(open.error.error_class == ErrorClass::Throttled);  // a wait, which uses no try up
    CHECK(open.error.retry_after > 0ms);
    CHECK(account.asked() == 5);
    down = false;
    account.clock.advance(1min);
    CHECK(ask().status == ReplyStatus::Ok);
    CHECK(ask().status == ReplyStatus::Ok);
}

TEST_CASE("a cancelled call answers cancelled, whatever it was waiting for", "[amazon]") {
    SellerAccount<StandingClock> account(in_turn({amazon_error(503, "Down")}));
    std::atomic<bool> cancelled{false};
    CallContext context;
    context.cancelled = &cancelled;
    std::thread canceller([&] {
        std::this_thread::sleep_for(60ms);
        cancelled = true;
    });
    const auto begin = std::chrono::steady_clock::now();
    const Reply reply = account.call("amazon.orders.get", kGetOrder, context);
    canceller.join();
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(reply.status == ReplyStatus::Cancelled);
}

TEST_CASE("unknown operations and broken bodies are bugs", "[amazon]") {
    SellerAccount<> account([](const http::HttpRequest&) { return respond(200, "{}"); });
    CHECK(account.call("amazon.orders.delete", "{}").error.code == "amazon.operation_unknown");
    CHECK(account.call("amazon.orders.get", "{").error.code == "amazon.request");
    CHECK(account.call("amazon.orders.get", "{}").error.error_class == ErrorClass::Bug);
    CHECK(account.asked() == 0);
}

TEST_CASE("one bad request among many fails alone", "[amazon]") {
    SellerAccount<> account([](const http::HttpRequest& request) {
        return request.url.ends_with("404") ? amazon_error(404, "Not found")
                                            : respond(200, kOrderAnswer);
    });
    const std::vector<BucketLevel> full{{"orders.getOrder", "30", account.clock.now()}};
    account.connection->restore_bucket_levels(full);
    class Collect final : public ReplyHandler {
    public:
        void on_reply(std::size_t request, Reply reply) override {
            replies[request] = std::move(reply);
        }
        std::vector<Reply> replies = std::vector<Reply>(20);
    };
    std::vector<Request> requests;
    for (std::size_t i = 0; i < 20; ++i)
        requests.push_back(
            {"amazon.orders.get",
             R"({"order_id":")" + std::string(i == 7 ? "111-2222222-0000404" : "111-1") + "\"}"});
    Collect collect;
    account.connection->call(requests, account.within(20s), collect);
    for (std::size_t i = 0; i < 20; ++i)
        CHECK(collect.replies[i].status == (i == 7 ? ReplyStatus::Failed : ReplyStatus::Ok));
    CHECK(collect.replies[7].error.code == "amazon.not_found");
    CHECK(account.network.count("/auth/o2/token") == 1);
}

TEST_CASE("Amazon's rate header is taken over", "[amazon]") {
    SellerAccount<StandingClock> account([](const http::HttpRequest&) {
        return respond(200, kOrderAnswer, {{"x-amzn-RateLimit-Limit", "0.05"}});
    });
    REQUIRE(account.call("amazon.orders.get", kGetOrder).status == ReplyStatus::Ok);
    const Reply reply = account.call("amazon.orders.get", kGetOrder, account.within(20s));
    CHECK(reply.error.code == "amazon.quota");
    // One in twenty seconds instead of two; a quarter of a token was kept in reserve.
    CHECK(reply.error.retry_after > 15s);
    CHECK(reply.error.retry_after < 21s);
}

TEST_CASE("marketplaces in settings are found by code, id or name, in this region only",
          "[amazon]") {
    SellerAccount<> account([](const http::HttpRequest&) { return respond(200, "{}"); });
    Connection& connection = *account.connection;
    for (const char* name : {"CA", "ca", "A2EUQ1WTGCTBG2", "Amazon.ca"})
        CHECK(connection.resolve_reference("amazon.marketplace", name, {}).value() ==
              "A2EUQ1WTGCTBG2");
    const Result<std::string> german = connection.resolve_reference("amazon.marketplace", "DE", {});
    REQUIRE_FALSE(german);
    CHECK(german.error().error_class == ErrorClass::Misconfigured);
    CHECK(german.error().message.find("US, CA, MX, BR") != std::string::npos);
    CHECK_FALSE(connection.resolve_reference("amazon.warehouse", "DE", {}));
    CHECK(connection.schema("salesOrder", {}).value().is_null());
}
