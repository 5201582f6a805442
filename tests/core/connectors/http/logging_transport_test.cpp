// SPDX-License-Identifier: Apache-2.0
// Canaries: what is secret or personal is planted everywhere, and must not come out in a log.
#include "core/connectors/http/logging_transport.hpp"

#include "core/base/log.hpp"
#include "tests/support/fake_transport.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::http;
using namespace carrick::testing;

namespace {

class CaughtLogs {
public:
    CaughtLogs() {
        log::set_level(log::Level::Debug);
        log::set_sink([this](log::Level, const std::string& line) { text_ += line + "\n"; });
    }
    ~CaughtLogs() {
        log::set_sink({});
        log::set_level(log::Level::Info);
    }
    [[nodiscard]] bool has(std::string_view part) const {
        return text_.find(part) != std::string::npos;
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

HttpRequest request_with_canaries() {
    HttpRequest request;
    request.method = "POST";
    request.url =
        "https://sellingpartnerapi-eu.amazon.com/orders/2026-01-01/orders/302-1234567-7654321"
        "?buyerEmail=CANARY%40example.com&paginationToken=CANARYTOKEN1&createdAfter=2026-11-01";
    request.headers = {{"x-amz-access-token", "Atza|CANARY"}, {"Authorization", "Bearer CANARY"}};
    request.body = R"({"client_secret":"CANARY","name":"CANARY Müller","street":"CANARY 12"})";
    request.deadline = std::chrono::steady_clock::time_point::max();
    return request;
}

}  // namespace

TEST_CASE("a log line tells the operation, the outcome and the request id", "[logging]") {
    const CaughtLogs logs;
    FakeTransport network([](const HttpRequest&) {
        return respond(200, "{}", {{"x-amzn-RequestId", "11111111-2222-3333-4444-555555555555"}});
    });
    LoggingTransport transport(network);
    REQUIRE(transport.send(request_with_canaries()).ok());
    INFO(logs.text());
    CHECK(logs.has("POST"));
    CHECK(logs.has("sellingpartnerapi-eu.amazon.com"));
    CHECK(logs.has("/orders/2026-01-01/orders/{id}"));
    CHECK(logs.has("buyerEmail,paginationToken,createdAfter"));
    CHECK(logs.has("200"));
    CHECK(logs.has("11111111-2222-3333-4444-555555555555"));
}

TEST_CASE("no secret, name, address or id reaches a log, whatever the outcome", "[logging]") {
    const int outcome = GENERATE(0, 1, 2, 3);
    const CaughtLogs logs;
    FakeTransport network([outcome](const HttpRequest&) {
        const Headers headers = {{"x-amzn-RequestId", "CANARY in a header"},
                                 {"Set-Cookie", "CANARY"},
                                 {"Location", "https://CANARY.example/CANARY"}};
        const std::string body = R"({"buyerName":"CANARY","access_token":"CANARY"})";
        switch (outcome) {
            case 0: return respond(200, body, headers);
            case 1: return respond(400, body, headers);
            case 2: return respond(503, body, headers);
            default: return fail(HttpFailureKind::Lost, "CANARY");
        }
    });
    LoggingTransport transport(network);
    (void)transport.send(request_with_canaries());
    HttpRequest broken = request_with_canaries();
    broken.url = "CANARY:not an address";
    (void)transport.send(broken);
    INFO(logs.text());
    CHECK_FALSE(logs.text().empty());
    CHECK_FALSE(logs.has("CANARY"));
    CHECK_FALSE(logs.has("302-1234567"));
    CHECK_FALSE(logs.has("example.com"));
}

TEST_CASE("the answer passes through unchanged", "[logging]") {
    const CaughtLogs logs;
    FakeTransport network([](const HttpRequest&) { return respond(429, "body", {{"A", "b"}}); });
    LoggingTransport transport(network);
    const HttpResult result = transport.send(request_with_canaries());
    CHECK(result.response.status == 429);
    CHECK(result.response.body == "body");
    CHECK(result.response.header("a") == "b");
}
