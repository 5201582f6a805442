// SPDX-License-Identifier: Apache-2.0
// Login with Amazon.
#include "core/connectors/amazon/access_tokens.hpp"

#include "core/connectors/http/url.hpp"
#include "tests/core/connectors/amazon/amazon_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using namespace carrick::amazon;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {

struct Login {
    explicit Login(FakeTransport::Handler handler)
        : network(std::move(handler)),
          tokens("seller-na", "https://api.amazon.com/auth/o2/token",
                 {"client-1", "s3cr&t", "Atzr|refresh-1"}, network, clock) {}
    VirtualClock clock;
    FakeTransport network;
    AccessTokens tokens;
};

connectors::CallContext within(std::chrono::milliseconds span = 10s) {
    connectors::CallContext context;
    context.deadline = std::chrono::steady_clock::now() + span;
    return context;
}

std::string answer(int number) {
    return R"({"access_token":"Atza|)" + std::to_string(number) +
           R"(","token_type":"bearer","expires_in":3600})";
}

}  // namespace

TEST_CASE("a token is asked for with the refresh token and kept", "[lwa]") {
    Login login([](const http::HttpRequest&) { return respond(200, answer(1)); });
    for (int i = 0; i < 5; ++i) CHECK(login.tokens.get(within()).value() == "Atza|1");
    REQUIRE(login.network.count() == 1);
    const http::HttpRequest request = login.network.requests().front();
    CHECK(request.method == "POST");
    CHECK(request.body ==
          "grant_type=refresh_token&refresh_token=Atzr%7Crefresh-1&client_id="
          "client-1&client_secret=s3cr%26t");
    CHECK(request.headers.front().second == "application/x-www-form-urlencoded;charset=UTF-8");
}

TEST_CASE("a token is renewed at nine tenths of its life", "[lwa]") {
    int number = 0;
    Login login([&](const http::HttpRequest&) { return respond(200, answer(++number)); });
    CHECK(login.tokens.get(within()).value() == "Atza|1");
    login.clock.advance(3239s);
    CHECK(login.tokens.get(within()).value() == "Atza|1");
    login.clock.advance(1s);
    CHECK(login.tokens.get(within()).value() == "Atza|2");
}

TEST_CASE("where early renewal fails the old token serves to its end", "[lwa]") {
    int number = 0;
    Login login([&](const http::HttpRequest&) {
        return ++number == 1 ? respond(200, answer(1)) : fail(http::HttpFailureKind::Lost);
    });
    REQUIRE(login.tokens.get(within()));
    login.clock.advance(3300s);
    CHECK(login.tokens.get(within()).value() == "Atza|1");
    CHECK(login.tokens.get(within()).value() == "Atza|1");
    CHECK(login.network.count() == 2);  // not one for each call
    login.clock.advance(300s);
    const Result<std::string> expired = login.tokens.get(within());
    REQUIRE_FALSE(expired);
    CHECK(expired.error().error_class == ErrorClass::Transient);
}

TEST_CASE("one thread fetches while the others wait", "[lwa]") {
    Login login([](const http::HttpRequest&) {
        std::this_thread::sleep_for(50ms);
        return respond(200, answer(1));
    });
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            const Result<std::string> token = login.tokens.get(within());
            if (token && *token == "Atza|1") ++right;
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 8);
    CHECK(login.network.count() == 1);
}

TEST_CASE("a failure is shared by those who waited for it", "[lwa]") {
    std::atomic<int> begun{0};
    Login login([&](const http::HttpRequest&) {
        // Answered when all have come, and a moment to begin to wait.
        while (begun < 6) std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(100ms);
        return respond(400, R"({"error":"invalid_grant"})");
    });
    std::vector<std::thread> threads;
    std::atomic<int> refused{0};
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] {
            ++begun;
            const Result<std::string> token = login.tokens.get(within());
            if (!token && token.error().code == "amazon.auth.invalid_grant") ++refused;
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(refused == 6);
    CHECK(login.network.count() < 6);
}

TEST_CASE("one thread's cancellation is not the others' failure", "[lwa]") {
    std::atomic<int> asked{0};
    std::atomic<bool> cancelled{false};
    Login login([&](const http::HttpRequest& request) {
        if (++asked > 1) return respond(200, answer(2));
        while (!request.cancelled->load()) std::this_thread::sleep_for(1ms);
        return fail(http::HttpFailureKind::Cancelled);
    });
    connectors::CallContext first = within();
    first.cancelled = &cancelled;
    // Catch2's assertions belong to the main thread.
    std::atomic<bool> refused{false};
    std::thread leader([&] { refused = !login.tokens.get(first); });
    while (asked == 0) std::this_thread::sleep_for(1ms);
    Result<std::string> other = transient("x", "x");
    std::thread follower([&] { other = login.tokens.get(within()); });
    std::this_thread::sleep_for(20ms);
    cancelled = true;
    leader.join();
    follower.join();
    CHECK(refused);
    REQUIRE(other);
    CHECK(*other == "Atza|2");
}

TEST_CASE("a refused token is replaced once, however many report it", "[lwa]") {
    int number = 0;
    Login login([&](const http::HttpRequest&) { return respond(200, answer(++number)); });
    const std::string old = login.tokens.get(within()).value();
    login.tokens.refused(old);
    login.tokens.refused(old);
    CHECK(login.tokens.get(within()).value() == "Atza|2");
    login.tokens.refused(old);
    CHECK(login.tokens.get(within()).value() == "Atza|2");
}

TEST_CASE("refused credentials are misconfigured and name the connection, not the secret",
          "[lwa]") {
    const std::string error =
        GENERATE(as<std::string>{}, "invalid_grant", "invalid_client", "invalid_request",
                 "unauthorized_client", "invalid_scope", "unsupported_grant_type", "access_denied");
    const int status = GENERATE(400, 401);
    Login login([&](const http::HttpRequest&) {
        return respond(
            status, R"({"error":")" + error + R"(","error_description":"secret s3cr&t is wrong"})");
    });
    const Result<std::string> token = login.tokens.get(within());
    REQUIRE_FALSE(token);
    CHECK(token.error().error_class == ErrorClass::Misconfigured);
    CHECK(token.error().code == "amazon.auth." + error);
    CHECK(token.error().message.find("seller-na") != std::string::npos);
    CHECK(token.error().message.find("s3cr") == std::string::npos);
    CHECK(token.error().message.find("Atzr") == std::string::npos);
}

TEST_CASE("a token server that is down or talks nonsense is transient", "[lwa]") {
    http::HttpResult bad = GENERATE(
        respond(500, R"({"error":"server_error"})"),
        respond(400, R"({"error":"temporarily_unavailable"})"), respond(503, "<html>busy</html>"),
        respond(200, "<html>log in</html>"), respond(200, "{}"),
        respond(200, R"({"access_token":"a","expires_in":-1})"), respond(429, ""),
        fail(http::HttpFailureKind::NotSent), fail(http::HttpFailureKind::Refused));
    Login login([&](const http::HttpRequest&) { return bad; });
    const Result<std::string> token = login.tokens.get(within());
    REQUIRE_FALSE(token);
    CHECK(token.error().error_class == ErrorClass::Transient);
    CHECK(token.error().code == "amazon.auth_unavailable");
}
