// SPDX-License-Identifier: Apache-2.0
// Tokens, slots, faults of meaning, and what the system says about itself.
#include "examples/sandbox/base64url.hpp"
#include "examples/sandbox/netsuite/keys.hpp"
#include "examples/sandbox/netsuite/limiter.hpp"
#include "tests/sandbox/netsuite/account_fixture.hpp"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>

namespace carrick::sandbox::testing {

namespace {

constexpr const char* kAudience = "http://127.0.0.1:1/netsuite/services/rest/auth/oauth2/v1/token";

const netsuite::DemoKey& rsa_key() {
    static const netsuite::DemoKey kKey = netsuite::make_demo_key(netsuite::KeyKind::Rsa).value();
    return kKey;
}
const netsuite::DemoKey& ec_key() {
    static const netsuite::DemoKey kKey =
        netsuite::make_demo_key(netsuite::KeyKind::EcP256).value();
    return kKey;
}

std::string der_to_raw(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    REQUIRE(signature != nullptr);
    std::string raw(64, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + 32, 32);
    ECDSA_SIG_free(signature);
    return raw;
}

/// Signs as a client does; `padding` of RSA is PSS unless the test wants the old one.
std::string sign(const std::string& pem, const std::string& text, bool ec, const EVP_MD* digest,
                 int padding = RSA_PKCS1_PSS_PADDING) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    REQUIRE(key != nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* parameters = nullptr;
    REQUIRE(EVP_DigestSignInit(context, &parameters, digest, nullptr, key) == 1);
    if (!ec) {
        EVP_PKEY_CTX_set_rsa_padding(parameters, padding);
        if (padding == RSA_PKCS1_PSS_PADDING)
            EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
    }
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSign(context, nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    REQUIRE(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                           bytes, text.size()) == 1);
    signature.resize(size);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return ec ? der_to_raw(signature) : signature;
}

class TokenFixture : public AccountFixture {
public:
    TokenFixture() : AccountFixture(with_certificates()) {}

    static NetSuiteOptions with_certificates() {
        NetSuiteOptions options;
        options.certificates = {{"rsa", "client", rsa_key().certificate_pem},
                                {"ec", "client", ec_key().certificate_pem}};
        return options;
    }
    [[nodiscard]] Json claims() const {
        const std::int64_t now = clock.now().milliseconds() / 1000;
        return Json::object({{"iss", "client"},
                             {"scope", Json::array({"rest_webservices"})},
                             {"aud", kAudience},
                             {"iat", now},
                             {"exp", now + 3000}});
    }
    std::string jwt(const std::string& algorithm, const Json& payload,
                    const std::string& kid = "") {
        const bool ec = algorithm.starts_with("ES");
        const std::string text =
            base64url(Json::object({{"typ", "JWT"},
                                    {"alg", algorithm},
                                    {"kid", kid.empty() ? (ec ? "ec" : "rsa") : kid}})
                          .dump()) +
            "." + base64url(payload.dump());
        const EVP_MD* digest = algorithm.ends_with("384")   ? EVP_sha384()
                               : algorithm.ends_with("512") ? EVP_sha512()
                                                            : EVP_sha256();
        return text + "." +
               base64url(sign(ec ? ec_key().private_key_pem : rsa_key().private_key_pem, text, ec,
                              digest,
                              algorithm == "RS256" ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING));
    }
    Response post_form(const std::string& form) {
        Request request;
        request.method = "POST";
        request.path = "/services/rest/auth/oauth2/v1/token";
        request.base_url = "http://127.0.0.1:1/netsuite";
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        request.body = form;
        request.time = clock.now();
        return account().handle(request);
    }
    Response ask(const std::string& assertion) {
        return post_form(
            "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%"
            "3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" +
            assertion);
    }
    static std::string error(const Response& response) { return parsed(response)["error"].text(); }
    std::string token() { return parsed(ask(jwt("PS256", claims())))["access_token"].text(); }
    Response with(const std::string& bearer) {
        return record("GET", "customer?limit=1", {}, {{"Authorization", "Bearer " + bearer}});
    }
};

}  // namespace

TEST_CASE_METHOD(TokenFixture,
                 "an assertion signed with PS256, PS384, PS512 or ES256 gets a token for an hour") {
    for (const char* algorithm : {"PS256", "PS384", "PS512", "ES256"}) {
        INFO(algorithm);
        const Response response = ask(jwt(algorithm, claims()));
        CHECK(response.status == 200);
        const Json body = parsed(response);
        CHECK(body["expires_in"] == Json("3600"));  // a string
        CHECK(body["token_type"].text() == "bearer");
        CHECK(with(body["access_token"].text()).status == 200);
    }
}

TEST_CASE_METHOD(TokenFixture, "an assertion that is wrong in one thing gets none") {
    const auto changed = [&](const char* claim, Json value) {
        Json payload = claims();
        payload.set(claim, std::move(value));
        return ask(jwt("PS256", payload));
    };
    const std::int64_t now = clock.now().milliseconds() / 1000;
    CHECK(error(changed("aud", "http://elsewhere/token")) == "invalid_grant");
    CHECK(error(changed("exp", now + 3600)) == "invalid_grant");  // must be less than an hour
    CHECK(changed("exp", now + 3599).status == 200);
    CHECK(error(changed("exp", now)) == "invalid_grant");
    CHECK(error(changed("iat", now + 301)) == "invalid_grant");
    CHECK(error(changed("scope", Json::array({"everything"}))) == "invalid_grant");
    CHECK(changed("scope", "rest_webservices, restlets").status == 200);
    CHECK(error(changed("iss", "another")) == "invalid_client");
    CHECK(error(ask(jwt("PS256", claims(), "unknown"))) == "invalid_client");
    CHECK(error(ask(jwt("RS256", claims()))) == "invalid_request");       // no longer accepted
    CHECK(error(ask(jwt("PS256", claims(), "ec"))) == "invalid_client");  // key of another kind
    std::string forged = jwt("PS256", claims());
    forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
    CHECK(ask(forged).status == 401);
    REQUIRE(switches.set("netsuite.unknown_key_status", "400"));
    CHECK(ask(forged).status == 400);
    CHECK(error(ask("not.a.jwt")) == "invalid_request");
    CHECK(error(post_form("grant_type=client_credentials")) == "invalid_request");
    CHECK(error(post_form("grant_type=password&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%"
                          "3Aclient-assertion-type%3Ajwt-bearer&client_assertion=x")) ==
          "unsupported_grant_type");
    REQUIRE(switches.set("netsuite.certificate", "revoked"));
    CHECK(error(ask(jwt("PS256", claims()))) == "invalid_client");
}

TEST_CASE_METHOD(TokenFixture,
                 "a missing, dead or revoked token is an invalid login, and so is a cookie") {
    const std::string good = token();
    CHECK(with(good).status == 200);
    const Response refused = record("GET", "customer");
    CHECK(refused.status == 401);
    CHECK(code(refused) == "INVALID_LOGIN");
    CHECK(std::string(refused.header("WWW-Authenticate")).find("invalid_token") !=
          std::string::npos);
    CHECK(with("guess").status == 401);
    CHECK(record("GET", "customer?limit=1", {},
                 {{"Authorization", "Bearer " + good}, {"Cookie", "a=b"}})
              .status == 401);
    FaultRule rule;
    rule.fault = Fault::ExpiredToken;
    rule.count = 1;
    faults.add(rule);
    CHECK(with(good).status == 401);
    CHECK(with(good).status == 200);
    clock.advance(std::chrono::seconds(3599));
    CHECK(with(good).status == 200);
    clock.advance(std::chrono::seconds(1));
    CHECK(with(good).status == 401);
}

TEST_CASE("demo keys are written once, the private ones for their owner only") {
    const std::filesystem::path directory = std::filesystem::temp_directory_path() /
                                            ("carrick-sandbox-keys-" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory);
    REQUIRE(netsuite::write_demo_keys(directory.string()));
    const auto read = [&](const char* name) {
        std::ifstream file(directory / name);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string first = read("netsuite_rsa.pem");
    CHECK(first.find("BEGIN PRIVATE KEY") != std::string::npos);
    CHECK(read("netsuite_ec.crt").find("BEGIN CERTIFICATE") != std::string::npos);
    CHECK((std::filesystem::status(directory / "netsuite_ec.pem").permissions() &
           std::filesystem::perms::mask) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    REQUIRE(netsuite::write_demo_keys(directory.string()));
    CHECK(read("netsuite_rsa.pem") == first);
    std::filesystem::remove_all(directory);
    CHECK_FALSE(netsuite::write_demo_keys("/proc/no-such-place"));
}

TEST_CASE("a request holds its slot for as long as its answer is delayed") {
    netsuite::ConcurrencyLimiter limiter;
    const auto start = std::chrono::steady_clock::now();
    CHECK(limiter.enter(2, start));
    CHECK(limiter.enter(2, start));
    CHECK_FALSE(limiter.enter(2, start));
    limiter.leave(start + std::chrono::milliseconds(100));
    CHECK_FALSE(limiter.enter(2, start + std::chrono::milliseconds(50)));
    CHECK(limiter.enter(2, start + std::chrono::milliseconds(100)));
    CHECK(limiter.rejected() == 2);
    CHECK(limiter.highest() == 2);
}

TEST_CASE_METHOD(AccountFixture,
                 "beyond the concurrency limit a request is rejected at once, unprocessed") {
    REQUIRE(switches.set("netsuite.concurrency_limit", "1"));
    REQUIRE(switches.set("netsuite.latency_percent", "100"));
    CHECK(record("GET", "customer?limit=1").delay == std::chrono::milliseconds(600));
    const Response rejected = record("POST", "customer", Json::object({{"companyName", "Late"}}));
    CHECK(rejected.status == 429);
    const Json body = parsed(rejected);
    CHECK(body["title"].text() == "Bad Request");
    CHECK(body["o:errorCode"].text() == "USER_ERROR");
    CHECK(code(rejected) == "CONCURRENCY_LIMIT_EXCEEDED");
    CHECK(detail(rejected) == "Concurrent request limit exceeded. Request blocked.");
    CHECK(account().statistics()["concurrency_rejected"] == Json(1));
    CHECK(account().statistics()["writes_refused"] == Json(0));
}

TEST_CASE_METHOD(AccountFixture,
                 "a slow commit is lost to its caller, hidden for a while, and then there once") {
    FaultRule rule;
    rule.fault = Fault::SlowCommit;
    rule.operation = "salesOrder.create";
    rule.count = 1;
    rule.delay = std::chrono::milliseconds(3000);
    faults.add(rule);
    const Json body = order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-SLOW");
    CHECK(record("POST", "salesOrder", body).drop_connection);
    CHECK(record("GET", "salesOrder/eid:AMZ-SO-NA1-SLOW").status == 404);
    CHECK(rows("SELECT id FROM transaction WHERE externalid = 'AMZ-SO-NA1-SLOW'").empty());
    CHECK(record("POST", "salesOrder", body).status == 400);  // the guard sees what readers do not
    clock.advance(Milliseconds(3000));
    CHECK(record("GET", "salesOrder/eid:AMZ-SO-NA1-SLOW").status == 200);
    CHECK(rows("SELECT id FROM transaction WHERE externalid = 'AMZ-SO-NA1-SLOW'").size() == 1);
    CHECK(account().creates_of("AMZ-SO-NA1-SLOW") == 1);
    CHECK(account().duplicates_of("AMZ-SO-NA1-SLOW") == 1);
}

TEST_CASE_METHOD(AccountFixture,
                 "maintenance answers HTML, a failure inside NetSuite its error body") {
    Request request;
    const Response away = account().fault_response(Fault::Unavailable, request);
    CHECK(away.status == 503);
    CHECK(away.body.starts_with("<!DOCTYPE html>"));
    const Response broken = account().fault_response(Fault::ServerError, request);
    CHECK(broken.status == 500);
    CHECK(code(broken) == "UNEXPECTED_ERROR");
}

TEST_CASE_METHOD(AccountFixture, "operations have the names that fault rules use") {
    const auto named = [&](const char* method, const char* path) {
        Request request;
        request.method = method;
        request.path = path;
        return account().operation(request);
    };
    CHECK(named("POST", "/services/rest/auth/oauth2/v1/token") == "token");
    CHECK(named("POST", "/services/rest/query/v1/suiteql") == "suiteql");
    CHECK(named("POST", "/services/rest/record/v1/salesorder") == "salesOrder.create");
    CHECK(named("PUT", "/services/rest/record/v1/customer/eid:X") == "customer.upsert");
    CHECK(named("PATCH", "/services/rest/record/v1/salesOrder/12") == "salesOrder.update");
    CHECK(named("GET", "/services/rest/record/v1/metadata-catalog/salesOrder") ==
          "metadata-catalog");
    CHECK(named("GET", "/elsewhere") == "unknown");
}

TEST_CASE_METHOD(AccountFixture, "server time and governance limits") {
    CHECK(parsed(call("GET", "/services/rest/system/v1/serverTime"))["serverTime"].text() ==
          "2026-11-23T10:00:00.000Z");
    CHECK(parsed(call("GET",
                      "/services/rest/system/v1/governanceLimits"))["accountConcurrencyLimit"] ==
          Json(5));
    CHECK(call("GET", "/services/rest/system/v1/nothing").status == 404);
}

TEST_CASE_METHOD(
    AccountFixture,
    "the catalogue describes types, custom fields and line keys, never what is required") {
    const auto schema = [&] {
        const Response response = record("GET", "metadata-catalog/salesOrder", {},
                                         {{"Accept", "application/schema+json"}});
        CHECK(std::string(response.header("Content-Type")).starts_with("application/schema+json"));
        return parsed(response);
    };
    Json order_schema = schema();
    CHECK(order_schema["$schema"].text().find("draft-06") != std::string::npos);
    CHECK_FALSE(order_schema.contains("required"));
    const Json& properties = order_schema["properties"];
    CHECK(properties["custbody_amz_order_id"]["x-ns-custom-field"] == Json(true));
    CHECK(properties["total"]["readOnly"] == Json(true));
    CHECK(properties["memo"]["nullable"] == Json(true));
    CHECK(properties["tranDate"]["format"].text() == "date");
    // A sublist is a schema of its own, and so are its lines.
    const auto follow = [&](const Json& reference) {
        const std::string& href = reference["$ref"].text();
        const std::size_t at = href.find("metadata-catalog");
        REQUIRE(at != std::string::npos);
        return parsed(record("GET", href.substr(at), {}, {{"Accept", "application/schema+json"}}));
    };
    const Json list = follow(properties["item"]);
    const Json row = follow(list["properties"]["items"]["items"]);
    CHECK(follow(properties["shippingAddress"])["properties"].contains("addr1"));
    CHECK(record("GET", "metadata-catalog/salesOrder-nothing").status == 404);
    CHECK(row["x-ns-sublistkey"]["value"]["existing"][0].text() == "line");
    CHECK(row["x-ns-sublistkey"]["value"]["new"][0].text() == "orderLine");
    CHECK(row["properties"].contains("custcol_amz_order_item_id"));
    CHECK(properties.contains("taxDetailsOverride"));
    REQUIRE(switches.set("netsuite.metadata_parts", "inline"));
    CHECK(schema()["properties"]["item"]["properties"]["items"]["items"]["properties"].contains(
        "quantity"));
    REQUIRE(switches.set("netsuite.tax_engine", "legacy"));
    CHECK_FALSE(schema()["properties"].contains("taxDetailsOverride"));
    REQUIRE(switches.set("netsuite.amazon_fields", "absent"));
    CHECK_FALSE(schema()["properties"].contains("custbody_amz_order_id"));
    CHECK(schema()["properties"].contains("custbody_celigo_etail_order_id"));
    REQUIRE(switches.set("netsuite.amazon_fields", "present"));

    const Json openapi = parsed(record("GET", "metadata-catalog?select=salesOrder,customer", {},
                                       {{"Accept", "application/swagger+json"}}));
    CHECK(openapi["components"]["schemas"]["customer"]["properties"].contains("entityId"));
    CHECK(openapi["paths"]["/salesOrder"].contains("post"));
    CHECK_FALSE(openapi["paths"].contains("/location"));
    CHECK(record("GET", "metadata-catalog/nothing").status == 404);
    CHECK(parsed(record("GET", "metadata-catalog"))["items"].size() > 10);
}

}  // namespace carrick::sandbox::testing
