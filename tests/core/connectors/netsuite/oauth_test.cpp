// SPDX-License-Identifier: Apache-2.0
// Who we are to NetSuite: keys, assertions, tokens.
#include "core/connectors/netsuite/jwt_signer.hpp"
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using namespace carrick::testing;
using connectors::ReplyStatus;
using connectors::netsuite::Account;
using connectors::netsuite::JwtSigner;
using connectors::netsuite::NetSuiteOptions;
using namespace std::chrono_literals;

namespace {

const std::string kGet = R"({"record_type":"salesOrder","id":"766"})";
http::HttpResult an_order(const http::HttpRequest&) {
    return respond(200, R"({"id":"766"})");
}

}  // namespace

TEST_CASE("an account is known by both spellings", "[netsuite][account]") {
    for (const std::string spelling : {"1234567_SB1", "1234567-sb1", "1234567_sb1"}) {
        NetSuiteOptions options;
        options.account = spelling;
        const Account account = Account::from(options).value();
        CHECK(account.id == "1234567_SB1");
        CHECK(account.base_url == "https://1234567-sb1.suitetalk.api.netsuite.com");
        CHECK(account.token_url ==
              "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token");
    }
}

TEST_CASE("base and token URLs can be pointed elsewhere", "[netsuite][account]") {
    NetSuiteOptions options;
    options.account = "1234567";
    options.base_url = "http://127.0.0.1:8081/";
    CHECK(Account::from(options)->token_url ==
          "http://127.0.0.1:8081/services/rest/auth/oauth2/v1/token");
    CHECK(Account::from(options)->rest_url("/record/v1/customer") ==
          "http://127.0.0.1:8081/services/rest/record/v1/customer");
    options.token_url = "http://127.0.0.1:9/token";
    CHECK(Account::from(options)->token_url == "http://127.0.0.1:9/token");
    options.base_url = "ftp://x";
    CHECK(Account::from(options).error().code == "netsuite.url");
    options.account = "12 34";
    CHECK(Account::from(options).error().code == "netsuite.account");
}

TEST_CASE("an assertion is signed so that the public key proves it", "[netsuite][oauth]") {
    const auto [pem, algorithm] = GENERATE(
        table<std::string, std::string>({{rsa_key_pem(), "PS256"}, {ec_key_pem(), "ES256"}}));
    const JwtSigner signer = JwtSigner::from_pem(pem, "").value();
    CHECK(signer.algorithm() == algorithm);
    const std::string jwt =
        signer.sign("certificate-1", Json::object({{"iss", Json("client-1")}})).value();
    CHECK(jwt.find('=') == std::string::npos);
    CHECK(jwt_part(jwt, 0).dump() ==
          R"({"typ":"JWT","alg":")" + algorithm + R"(","kid":"certificate-1"})");
    CHECK(signature_fits(jwt, public_pem_of(pem), algorithm));
    const std::string other = jwt_part(jwt, 1).dump();
    std::string forged = jwt;
    forged[jwt.find('.') + 3] = forged[jwt.find('.') + 3] == 'A' ? 'B' : 'A';
    CHECK_FALSE(signature_fits(forged, public_pem_of(pem), algorithm));
}

TEST_CASE("the token request is NetSuite's, to the claim", "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.answer(an_order);
    erp.ok("netsuite.records.get", kGet);
    const http::HttpRequest request = erp.transport.requests()[0];
    CHECK(request.method == "POST");
    CHECK(request.url ==
          "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token");
    CHECK(request.body.starts_with(
        "grant_type=client_credentials&client_assertion_type="
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="));
    const std::string jwt = assertion_in(request);
    CHECK(signature_fits(jwt, public_pem_of(ec_key_pem()), "ES256"));
    const Json claims = jwt_part(jwt, 1);
    CHECK(claims["iss"].text() == "client-1");
    CHECK(claims["scope"].dump() == R"(["rest_webservices"])");
    CHECK(claims["aud"].text() == request.url);
    // 2026-11-23T10:00:00Z
    CHECK(*claims["iat"].integer_if() == 1795428000);
    CHECK(*claims["exp"].integer_if() - *claims["iat"].integer_if() < 3600);
    CHECK(claims.size() == 5);
    const http::HttpRequest used = erp.sent()[0];
    bool bearer = false;
    for (const auto& [name, value] : used.headers) {
        bearer = bearer || (name == "Authorization" && value == "Bearer token-1");
        CHECK(name != "Cookie");
    }
    CHECK(bearer);
}

TEST_CASE("a key that cannot serve says why", "[netsuite][oauth]") {
    struct Row {
        std::string pem;
        std::string algorithm;
        std::string why;
    };
    const std::string encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";
    const std::vector<Row> rows{
        {"", "", "not PEM"},
        {"keys/ns.pem", "", "not PEM"},
        {encrypted, "", "pass phrase"},
        {"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "", "certificate"},
        {public_pem_of(ec_key_pem()), "", "public key"},
        {rsa_key_pem().substr(0, 300), "", "whole"},
        {weak_rsa_key_pem(), "", "1024"},
        {p384_key_pem(), "", "P-256"},
        {rsa_key_pem(), "ES256", "serves PS256"},
        {ec_key_pem(), "PS256", "serves ES256"},
    };
    for (const Row& row : rows) {
        const auto made = JwtSigner::from_pem(row.pem, row.algorithm);
        REQUIRE_FALSE(made.ok());
        CHECK(made.error().error_class == ErrorClass::Misconfigured);
        CHECK(made.error().code == "netsuite.private_key");
        CHECK_THAT(made.error().message, Catch::Contains(row.why));
        CHECK(made.error().message.find("MII") == std::string::npos);
    }
    CHECK(JwtSigner::from_pem(rsa_key_pem(), "RS256").error().code == "netsuite.algorithm");
}

TEST_CASE("a token is fetched once and renewed after fifty minutes", "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.answer(an_order);
    erp.ok("netsuite.records.get", kGet);
    erp.clock.advance(49min);
    erp.ok("netsuite.records.get", kGet);
    CHECK(erp.transport.count("/token") == 1);
    erp.clock.advance(2min);
    erp.ok("netsuite.records.get", kGet);
    CHECK(erp.transport.count("/token") == 2);
}

TEST_CASE("a renewal that fails for the moment goes on with the good old token",
          "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.answer(an_order);
    erp.ok("netsuite.records.get", kGet);
    erp.token_endpoint = [](const http::HttpRequest&) { return respond(503, ""); };
    erp.clock.advance(55min);
    erp.ok("netsuite.records.get", kGet);
    erp.clock.advance(6min);
    CHECK(erp.failure("netsuite.records.get", kGet).code == "netsuite.token_unavailable");
}

TEST_CASE("many who need a token wait for one request", "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.answer(an_order);
    erp.token_endpoint = [](const http::HttpRequest&) {
        std::this_thread::sleep_for(50ms);
        return token_reply();
    };
    erp.connection();
    std::vector<std::thread> callers;
    std::atomic<int> good = 0;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&] {
            if (erp.call("netsuite.records.get", kGet).status == ReplyStatus::Ok) ++good;
        });
    for (std::thread& caller : callers) caller.join();
    CHECK(good == 8);
    CHECK(erp.transport.count("/token") == 1);
}

TEST_CASE("a refused token is replaced once, then the login is wrong", "[netsuite][oauth]") {
    NetSuiteFixture erp;
    int tokens = 0;
    erp.token_endpoint = [&](const http::HttpRequest&) {
        return token_reply("token-" + std::to_string(++tokens));
    };
    const http::HttpResult login = error_reply(401, "INVALID_LOGIN", "Invalid login attempt.");
    erp.answer_in_turn({login, respond(200, R"({"id":"766"})"), login});
    erp.ok("netsuite.records.get", kGet);
    CHECK(tokens == 2);
    const Error error = erp.failure("netsuite.records.get", kGet);
    CHECK(error.code == "netsuite.invalid_login");
    CHECK(error.error_class == ErrorClass::Misconfigured);
    CHECK(tokens == 3);
    CHECK(erp.sent().size() == 4);
}

TEST_CASE("each refusal of the token endpoint has its class", "[netsuite][oauth][errors]") {
    struct Row {
        int status;
        std::string body;
        ErrorClass error_class;
        std::string code;
    };
    const std::vector<Row> rows{
        {400, R"({"error":"invalid_request"})", ErrorClass::Bug, "netsuite.token_request"},
        {400, R"({"error":"invalid_grant"})", ErrorClass::Misconfigured, "netsuite.invalid_grant"},
        {401, R"({"error":"invalid_client"})", ErrorClass::Misconfigured,
         "netsuite.invalid_client"},
        {400, R"({"error":"invalid_client"})", ErrorClass::Misconfigured,
         "netsuite.invalid_client"},
        {400, R"({"error":"unauthorized_client"})", ErrorClass::Misconfigured,
         "netsuite.unauthorized_client"},
        {400, R"({"error":"unsupported_grant_type"})", ErrorClass::Misconfigured,
         "netsuite.unauthorized_client"},
        {400, R"({"error":"invalid_scope"})", ErrorClass::Misconfigured, "netsuite.invalid_scope"},
        {403, "", ErrorClass::Misconfigured, "netsuite.invalid_client"},
        {404, "{}", ErrorClass::Misconfigured, "netsuite.token_refused"},
        {429, "", ErrorClass::Throttled, "netsuite.token_throttled"},
        {500, "", ErrorClass::Transient, "netsuite.token_unavailable"},
        {503, "<html>maintenance</html>", ErrorClass::Transient, "netsuite.token_unavailable"},
        {200, "{}", ErrorClass::Transient, "netsuite.token_unavailable"},
    };
    for (const Row& row : rows) {
        NetSuiteFixture erp;
        erp.token_endpoint = [&](const http::HttpRequest&) {
            return respond(row.status, row.body);
        };
        const Error error = erp.failure("netsuite.records.get", kGet);
        INFO(row.status << " " << row.body);
        CHECK(error.code == row.code);
        CHECK(error.error_class == row.error_class);
        CHECK(erp.sent().empty());
    }
}

TEST_CASE("wrong credentials are not tried again for every record", "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.answer(an_order);
    bool right = false;
    erp.token_endpoint = [&](const http::HttpRequest&) {
        return right ? token_reply() : respond(401, R"({"error":"invalid_client"})");
    };
    for (int i = 0; i < 20; ++i) erp.failure("netsuite.records.get", kGet);
    CHECK(erp.transport.count("/token") == 1);
    right = true;
    erp.clock.advance(31s);
    erp.ok("netsuite.records.get", kGet);
}

TEST_CASE("a token endpoint that is down is asked four times, not for ever", "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.token_endpoint = [](const http::HttpRequest&) {
        return fail(http::HttpFailureKind::NotSent);
    };
    CHECK(erp.failure("netsuite.records.get", kGet).code == "netsuite.token_unavailable");
    CHECK(erp.transport.count("/token") == 4);
}

TEST_CASE("a clock that goes wrong is corrected by the server's Date and signed once more",
          "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.answer(an_order);
    // The server is an hour ahead: our assertions have expired before they arrive.
    erp.token_endpoint = [](const http::HttpRequest& request) {
        const std::int64_t issued = *jwt_part(assertion_in(request), 1)["iat"].integer_if();
        if (issued < 1795428000 + 3500)
            return respond(400, R"({"error":"invalid_grant"})",
                           {{"Date", "Mon, 23 Nov 2026 11:00:00 GMT"}});
        return token_reply();
    };
    erp.ok("netsuite.records.get", kGet);
    CHECK(erp.transport.count("/token") == 2);
}

TEST_CASE("check proves the login and compares clocks", "[netsuite][check]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(200, R"({"serverTime":"2026-11-23T10:00:03.000Z"})"),
                        respond(200, R"({"serverTime":"2026-11-23T10:20:00.000Z"})")});
    CHECK(erp.connection().check(erp.context).ok());
    CHECK(erp.sent()[0].url.ends_with("/services/rest/system/v1/serverTime"));
    const auto late = erp.connection().check(erp.context);
    REQUIRE_FALSE(late.ok());
    CHECK(late.error().code == "netsuite.clock");
    CHECK_THAT(late.error().message, Catch::Contains("1200 s behind"));
}

TEST_CASE("missing credentials are named before anything is sent", "[netsuite][oauth]") {
    NetSuiteFixture erp;
    erp.options.certificate_id.clear();
    const auto made = connectors::netsuite::make_netsuite_connection(erp.options, erp.transport,
                                                                     erp.clock, erp.random);
    REQUIRE_FALSE(made.ok());
    CHECK_THAT(made.error().message, Catch::Contains("auth.certificate_id is empty"));
}
