// SPDX-License-Identifier: Apache-2.0
// Token-based authentication: what is signed, what a refusal means, and what is tried again.
#include "core/connectors/http/url.hpp"
#include "core/connectors/netsuite/tba_signer.hpp"
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace carrick;
using namespace carrick::testing;
using connectors::ReplyStatus;
using connectors::netsuite::AuthMethod;
using connectors::netsuite::tba_base_string;
using connectors::netsuite::tba_signature;
using connectors::netsuite::TbaCredentials;
using namespace std::chrono_literals;

namespace {

const TbaCredentials kCredentials{"ck", "cs", "tk", "ts"};
const std::string kGet = R"({"record_type":"salesOrder","id":"766"})";
const std::string kCreate =
    R"({"record_type":"salesOrder","external_id":"AMZ-SO-NA1-112","body":{"memo":"x"}})";

std::string base_of(std::string_view url, std::string_view method = "GET") {
    return tba_base_string(kCredentials, {method, url, "1795420800", "n0nce1234567"}).value();
}

/// The parameter string of a base string, decoded once: what the server sorts and signs.
std::string parameters_of(std::string_view url) {
    const std::string base = base_of(url);
    return http::percent_decode(base.substr(base.rfind('&') + 1));
}

struct TbaFixture : NetSuiteFixture {
    TbaFixture() {
        options.method = AuthMethod::Tba;
        options.tba = kCredentials;
        options.private_key.clear();
        options.client_id.clear();
        options.certificate_id.clear();
    }
};

std::string header_of(const http::HttpRequest& request) {
    http::HttpResponse as_response;
    as_response.headers = request.headers;
    return std::string(as_response.header("Authorization"));
}

/// The value of one parameter in an Authorization header.
std::string parameter(const http::HttpRequest& request, const std::string& name) {
    const std::string header = header_of(request);
    const std::size_t at = header.find(name + "=\"");
    if (at == std::string::npos) return {};
    const std::string rest = header.substr(at + name.size() + 2);
    return http::percent_decode(rest.substr(0, rest.find('"')));
}

/// A 401 as NetSuite gives it to a signed request.
http::HttpResult refusal(const std::string& word, http::Headers more = {}) {
    http::HttpResult result = error_reply(401, "INVALID_LOGIN", "Invalid login attempt.");
    if (!word.empty())
        more.emplace_back("WWW-Authenticate", "OAuth realm=\"1234567_SB1\", error=\"" + word +
                                                  "\", error_description=\"…\"");
    result.response.headers.insert(result.response.headers.end(), more.begin(), more.end());
    return result;
}

const http::HttpResult kOrder = respond(200, R"({"id":"766"})");

}  // namespace

TEST_CASE("the signature of the published example", "[netsuite][tba]") {
    const std::string base = base_of(
        "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/salesOrder?limit=5&"
        "q=otherRefNum%20IS%20%22112-1234567-1234567%22");
    CHECK(
        base ==
        "GET&https%3A%2F%2F1234567-sb1.suitetalk.api.netsuite.com%2Fservices%2Frest%2Frecord%2Fv1"
        "%2FsalesOrder&limit%3D5%26oauth_consumer_key%3Dck%26oauth_nonce%3Dn0nce1234567%26oauth_"
        "signature_method%3DHMAC-SHA256%26oauth_timestamp%3D1795420800%26oauth_token%3Dtk%26oauth_"
        "version%3D1.0%26q%3DotherRefNum%2520IS%2520%2522112-1234567-1234567%2522");
    CHECK(tba_signature(kCredentials, base) == "aQ9OcjWe9g8GzFuv3LN4Bi4IVrDfUaYS6UTpN56w6sk=");
}

TEST_CASE("queries are signed as a server reads them", "[netsuite][tba]") {
    const std::string own =
        "&oauth_consumer_key=ck&oauth_nonce=n0nce1234567&oauth_signature_method=HMAC-SHA256&oauth_"
        "timestamp=1795420800&oauth_token=tk&oauth_version=1.0";
    const auto [query, expected] = GENERATE(table<std::string, std::string>({
        {"a=1%2B1", "a=1%2B1"},        // a plus sign
        {"a=1+1", "a=1%201"},          // a form's blank
        {"a=1%201", "a=1%201"},        // a blank
        {"a=100%25", "a=100%25"},      // a percent sign
        {"a=100%2525", "a=100%2525"},  // the text "100%25"
        {"a=%C3%BC%F0%9F%93%A6", "a=%C3%BC%F0%9F%93%A6"},
        {"a=%7e-._", "a=~-._"},            // unreserved ones are never encoded
        {"a=x%3Dy%26z", "a=x%3Dy%26z"},    // reserved ones stay data
        {"a=x=y", "a=x%3Dy"},              // only the first = separates
        {"a=2&a=10&a=1", "a=1&a=10&a=2"},  // by value where names are equal
        {"a", "a="},
        {"", ""},
    }));
    INFO(query);
    const std::string url =
        "https://x.test/services/rest/record/v1/customer" + (query.empty() ? "" : "?" + query);
    CHECK(parameters_of(url) == expected + (expected.empty() ? own.substr(1) : own));
}

TEST_CASE("names sort by their encoded bytes", "[netsuite][tba]") {
    CHECK(parameters_of("https://x.test/r?z=1&Z=1&oauth_m=2&%C3%A4=1")
              .starts_with("%C3%A4=1&Z=1&oauth_consumer_key=ck&oauth_m=2&oauth_nonce="));
}

TEST_CASE("host and scheme are signed in lower case, without the scheme's own port",
          "[netsuite][tba]") {
    CHECK(base_of("https://X.Test:443/Services?a=1")
              .starts_with("GET&https%3A%2F%2Fx.test%2FServices&"));
    CHECK(base_of("http://127.0.0.1:8081/r", "POST")
              .starts_with("POST&http%3A%2F%2F127.0.0.1%3A8081%2Fr&"));
    // What is encoded in a path is encoded again.
    CHECK(base_of("https://x.test/customer/eid:%27test%205%27")
              .starts_with("GET&https%3A%2F%2Fx.test%2Fcustomer%2Feid%3A%2527test%25205%2527&"));
}

TEST_CASE("secrets with reserved characters are encoded before they become the key",
          "[netsuite][tba]") {
    // printf 'x' | openssl dgst -sha256 -hmac 'a%26b&c%2Bd' -binary | base64
    CHECK(tba_signature({"ck", "a&b", "tk", "c+d"}, "x") ==
          "2yzAzxgFpTsEf18zBD3rUGXepj9OgsQV9BV3TmHbU5k=");
}

TEST_CASE("every request is signed, and nothing is asked of the token endpoint",
          "[netsuite][tba]") {
    TbaFixture erp;
    erp.answer([](const http::HttpRequest&) { return kOrder; });
    erp.ok("netsuite.records.get", kGet);
    erp.ok("netsuite.records.get", kGet);
    CHECK(erp.transport.count("/oauth2/") == 0);
    const std::vector<http::HttpRequest> sent = erp.sent();
    REQUIRE(sent.size() == 2);
    CHECK(header_of(sent[0]).starts_with("OAuth realm=\"1234567_SB1\", oauth_consumer_key=\"ck\""));
    CHECK(parameter(sent[0], "oauth_signature_method") == "HMAC-SHA256");
    CHECK(parameter(sent[0], "oauth_version") == "1.0");
    // 2026-11-23T10:00:00Z
    CHECK(parameter(sent[0], "oauth_timestamp") == "1795428000");
    CHECK(parameter(sent[0], "oauth_nonce") != parameter(sent[1], "oauth_nonce"));
    for (const http::HttpRequest& request : sent) {
        const std::string nonce = parameter(request, "oauth_nonce");
        CHECK(nonce.size() == 32);
        const std::string base =
            tba_base_string(kCredentials, {"GET", request.url, "1795428000", nonce}).value();
        CHECK(parameter(request, "oauth_signature") == tba_signature(kCredentials, base));
        // Header, not query, and neither secret in it.
        CHECK(header_of(request).find("\"cs\"") == std::string::npos);
        CHECK(header_of(request).find("\"ts\"") == std::string::npos);
    }
}

TEST_CASE("each repetition is signed anew", "[netsuite][tba]") {
    TbaFixture erp;
    const http::HttpResult busy =
        error_reply(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded.");
    erp.answer_in_turn({busy, busy, respond(204, "", {{"Location", "/record/v1/salesOrder/766"}})});
    erp.ok("netsuite.records.create", kCreate);
    std::set<std::string> nonces;
    std::set<std::string> signatures;
    for (const http::HttpRequest& request : erp.sent()) {
        nonces.insert(parameter(request, "oauth_nonce"));
        signatures.insert(parameter(request, "oauth_signature"));
    }
    CHECK(nonces.size() == 3);
    CHECK(signatures.size() == 3);
}

TEST_CASE("what a refused signature means", "[netsuite][tba]") {
    struct Row {
        std::string word;
        ErrorClass error_class;
        std::string code;
        std::size_t sent;
    };
    const std::vector<Row> rows{
        {"token_rejected", ErrorClass::Misconfigured, "netsuite.token_rejected", 1},
        {"signature_invalid", ErrorClass::Misconfigured, "netsuite.signature_invalid", 1},
        {"permission_denied", ErrorClass::Misconfigured, "netsuite.permission_denied", 1},
        {"timestamp_refused", ErrorClass::Misconfigured, "netsuite.timestamp_refused", 1},
        {"nonce_used", ErrorClass::Transient, "netsuite.nonce_used", 2},
        {"something_new", ErrorClass::Misconfigured, "netsuite.invalid_login", 1},
        {"", ErrorClass::Misconfigured, "netsuite.invalid_login", 1},
    };
    for (const Row& row : rows) {
        INFO(row.word);
        TbaFixture erp;
        erp.answer_in_turn({refusal(row.word)});
        const connectors::Reply reply = erp.call("netsuite.records.create", kCreate);
        // Refused at the door: nothing was written.
        CHECK(reply.status == ReplyStatus::Failed);
        CHECK(reply.error.code == row.code);
        CHECK(to_string(reply.error.error_class) == to_string(row.error_class));
        CHECK(erp.sent().size() == row.sent);
        for (const std::string secret : {"\"cs\"", "\"ts\"", "oauth_signature"})
            CHECK(reply.error.message.find(secret) == std::string::npos);
    }
}

TEST_CASE("a nonce that was seen before is replaced, once", "[netsuite][tba]") {
    TbaFixture erp;
    erp.answer_in_turn({refusal("nonce_used"), kOrder});
    erp.ok("netsuite.records.get", kGet);
    CHECK(erp.sent().size() == 2);
    CHECK(parameter(erp.sent()[0], "oauth_nonce") != parameter(erp.sent()[1], "oauth_nonce"));
}

TEST_CASE("a clock that is wrong is corrected by the server's Date, either way",
          "[netsuite][tba]") {
    // Ours says 10:00:00.
    const auto [date, timestamp] = GENERATE(
        table<std::string, std::string>({{"Mon, 23 Nov 2026 10:08:00 GMT", "1795428480"},
                                         {"Mon, 23 Nov 2026 09:52:00 GMT", "1795427520"}}));
    TbaFixture erp;
    erp.answer_in_turn({refusal("", {{"Date", date}}), kOrder, kOrder});
    erp.ok("netsuite.records.get", kGet);
    erp.ok("netsuite.records.get", kGet);
    const std::vector<http::HttpRequest> sent = erp.sent();
    REQUIRE(sent.size() == 3);
    CHECK(parameter(sent[0], "oauth_timestamp") == "1795428000");
    CHECK(parameter(sent[1], "oauth_timestamp") == timestamp);
    CHECK(parameter(sent[2], "oauth_timestamp") == timestamp);
}

TEST_CASE("a Date that agrees with our clock, or by far does not, is no reason to try again",
          "[netsuite][tba]") {
    const std::string date =
        GENERATE("Mon, 23 Nov 2026 10:00:03 GMT", "Mon, 23 Nov 2026 13:00:00 GMT", "yesterday");
    TbaFixture erp;
    erp.answer_in_turn({refusal("", {{"Date", date}}), kOrder});
    CHECK(erp.failure("netsuite.records.get", kGet).code == "netsuite.invalid_login");
    CHECK(erp.sent().size() == 1);
}

TEST_CASE("serverTime corrects signatures before anything is refused", "[netsuite][tba]") {
    TbaFixture erp;
    erp.answer([](const http::HttpRequest& request) {
        return request.url.ends_with("/serverTime")
                   ? respond(200, R"({"serverTime":"2026-11-23T10:02:00.000Z"})")
                   : kOrder;
    });
    CHECK(erp.connection().check(erp.context).ok());
    erp.ok("netsuite.records.get", kGet);
    CHECK(parameter(erp.sent().back(), "oauth_timestamp") == "1795428120");
}

TEST_CASE("a missing credential is named", "[netsuite][tba]") {
    struct Row {
        std::string TbaCredentials::*member;
        std::string key;
    };
    for (const Row& row : {Row{&TbaCredentials::consumer_key, "auth.consumer_key"},
                           Row{&TbaCredentials::consumer_secret, "auth.consumer_secret"},
                           Row{&TbaCredentials::token_id, "auth.token_id"},
                           Row{&TbaCredentials::token_secret, "auth.token_secret"}}) {
        TbaFixture erp;
        (erp.options.tba.*row.member).clear();
        const auto made = connectors::netsuite::make_netsuite_connection(erp.options, erp.transport,
                                                                         erp.clock, erp.random);
        REQUIRE_FALSE(made.ok());
        CHECK(made.error().code == "netsuite.credentials");
        CHECK_THAT(made.error().message, Catch::Contains(row.key));
    }
}
