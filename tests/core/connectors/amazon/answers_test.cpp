// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/answers.hpp"

#include "tests/core/connectors/amazon/amazon_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::amazon;
using namespace carrick::testing;

TEST_CASE("each status has its class and code", "[answers]") {
    struct Row {
        int status;
        ErrorClass error_class;
        const char* code;
    };
    const Row row = GENERATE(Row{400, ErrorClass::Rejected, "amazon.invalid_input"},
                             Row{401, ErrorClass::Misconfigured, "amazon.unauthorized"},
                             Row{403, ErrorClass::Misconfigured, "amazon.unauthorized"},
                             Row{404, ErrorClass::Rejected, "amazon.not_found"},
                             Row{408, ErrorClass::Transient, "amazon.unavailable"},
                             Row{409, ErrorClass::Rejected, "amazon.conflict"},
                             Row{413, ErrorClass::Bug, "amazon.request_shape"},
                             Row{415, ErrorClass::Bug, "amazon.request_shape"},
                             Row{429, ErrorClass::Throttled, "amazon.throttled"},
                             Row{500, ErrorClass::Transient, "amazon.unavailable"},
                             Row{502, ErrorClass::Transient, "amazon.unavailable"},
                             Row{503, ErrorClass::Transient, "amazon.unavailable"},
                             Row{504, ErrorClass::Transient, "amazon.unavailable"},
                             Row{302, ErrorClass::Misconfigured, "amazon.redirected"});
    for (const std::string body :
         {R"({"errors":[{"code":"X","message":"CreatedAfter is malformed","details":""}]})",
          "<html>error</html>", "", "{\"errors\":7}"}) {
        const Error error = error_of({row.status, {}, body}, "amazon.orders.get on seller-na");
        INFO(error.message);
        CHECK(error.error_class == row.error_class);
        CHECK(error.code == row.code);
        CHECK(error.message.starts_with("amazon.orders.get on seller-na"));
        CHECK(error.message.find("<html>") == std::string::npos);
    }
}

TEST_CASE("Amazon's words are quoted without what must not be seen", "[answers]") {
    const Error error = error_of(
        amazon_error(400, "CreatedAfter is malformed", "see jane@doe.example").response, "s");
    CHECK(error.message.find("CreatedAfter is malformed") != std::string::npos);
    CHECK(error.message.find("jane") == std::string::npos);
    CHECK(redacted("token Atza|abc is bad") == "token [redacted] is bad");
    CHECK(redacted("document amzn1.spdoc.1.4.na.x") == "document [redacted]");
    CHECK(redacted(std::string(60, 'x')) == "[redacted]");
    CHECK(redacted("a\nb") == "a?b");
    std::string words;
    for (int i = 0; i < 1000; ++i) words += "word ";
    CHECK(redacted(words).size() < 360);
}

TEST_CASE("only two refusals are cured by a new token", "[answers]") {
    const auto refusal = [](int status, const char* details) {
        return is_token_refusal(
            amazon_error(status, "Access to requested resource is denied.", details).response);
    };
    CHECK(refusal(403, "The access token you provided has expired."));
    CHECK(refusal(403, "The access token you provided is revoked, malformed or invalid."));
    CHECK_FALSE(refusal(403, "The LWA secret token you provided has expired."));
    CHECK_FALSE(refusal(403, "Access token is missing in the request header."));
    CHECK_FALSE(refusal(403, ""));
    CHECK_FALSE(refusal(400, "The access token you provided has expired."));
}
