// SPDX-License-Identifier: Apache-2.0
// Token-based authentication: the signature by its published vector, nonces and the clock.
#include "examples/sandbox/netsuite/tba.hpp"
#include "tests/sandbox/netsuite/account_fixture.hpp"

namespace carrick::sandbox::testing {

namespace {

using netsuite::TokenCredentials;

const TokenCredentials kDemo{netsuite::kAccountId, netsuite::kConsumerKey,
                             netsuite::kConsumerSecret, netsuite::kTokenId, netsuite::kTokenSecret};

/// An account that lets nobody in without a login.
class GuardedAccount : public AccountFixture {
public:
    GuardedAccount() : AccountFixture(NetSuiteOptions{}) {}

    Response signed_get(const std::string& nonce, std::int64_t seconds,
                        const TokenCredentials& credentials = kDemo) {
        const std::string url = "http://127.0.0.1:1/netsuite/services/rest/record/v1/subsidiary";
        const std::string stamp = std::to_string(seconds);
        const std::string signature =
            netsuite::tba_signature("GET", url,
                                    {{"limit", "5"},
                                     {"q", "name IS \"Main street\""},
                                     {"oauth_consumer_key", credentials.consumer_key},
                                     {"oauth_token", credentials.token_id},
                                     {"oauth_signature_method", "HMAC-SHA256"},
                                     {"oauth_timestamp", stamp},
                                     {"oauth_nonce", nonce},
                                     {"oauth_version", "1.0"}},
                                    credentials);
        std::string encoded;
        for (const char c : signature)
            encoded += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
        return record("GET", "subsidiary?limit=5&q=name%20IS%20%22Main%20street%22", {},
                      {{"Authorization",
                        "OAuth realm=\"" + credentials.account + "\", oauth_consumer_key=\"" +
                            credentials.consumer_key + "\", oauth_token=\"" + credentials.token_id +
                            "\", oauth_signature_method=\"HMAC-SHA256\", oauth_timestamp=\"" +
                            stamp + "\", oauth_nonce=\"" + nonce +
                            "\", oauth_version=\"1.0\", oauth_signature=\"" + encoded + "\""}});
    }
    std::int64_t now() { return clock.now().milliseconds() / 1000; }
    static std::string why(const Response& response) {
        return std::string(response.header("WWW-Authenticate"));
    }
};

}  // namespace

TEST_CASE("the signature is the published one") {
    CHECK(netsuite::tba_signature(
              "GET",
              "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/salesOrder",
              {{"limit", "5"},
               {"q", "otherRefNum IS \"112-1234567-1234567\""},
               {"oauth_consumer_key", "ck"},
               {"oauth_token", "tk"},
               {"oauth_signature_method", "HMAC-SHA256"},
               {"oauth_timestamp", "1795420800"},
               {"oauth_nonce", "n0nce1234567"},
               {"oauth_version", "1.0"}},
              {"1234567_SB1", "ck", "cs", "tk", "ts"}) ==
          "aQ9OcjWe9g8GzFuv3LN4Bi4IVrDfUaYS6UTpN56w6sk=");
}

TEST_CASE_METHOD(GuardedAccount, "a signed request is let in, and its nonce only once") {
    CHECK(signed_get("nonce-0001", now()).status == 200);
    const Response again = signed_get("nonce-0001", now());
    CHECK(again.status == 401);
    CHECK(code(again) == "INVALID_LOGIN");
    CHECK(why(again).find("error=\"nonce_used\"") != std::string::npos);
    CHECK(signed_get("nonce-0001", now() - 1).status == 200);  // unique per timestamp
    CHECK(signed_get("nonce-0002", now()).status == 200);
}

TEST_CASE_METHOD(GuardedAccount, "a timestamp may be five minutes off, either way") {
    CHECK(signed_get("nonce-0001", now() - 300).status == 200);
    CHECK(signed_get("nonce-0002", now() + 300).status == 200);
    CHECK(why(signed_get("nonce-0003", now() - 301)).find("timestamp_refused") !=
          std::string::npos);
    CHECK(signed_get("nonce-0004", now() + 301).status == 401);
}

TEST_CASE_METHOD(GuardedAccount, "wrong secrets, tokens, consumers and realms are told apart") {
    TokenCredentials other = kDemo;
    other.token_secret = "guess";
    CHECK(why(signed_get("nonce-0001", now(), other)).find("signature_invalid") !=
          std::string::npos);
    other = kDemo;
    other.token_id = "revoked";
    CHECK(why(signed_get("nonce-0002", now(), other)).find("token_rejected") != std::string::npos);
    other = kDemo;
    other.consumer_key = "else";
    CHECK(why(signed_get("nonce-0003", now(), other)).find("consumer_key_unknown") !=
          std::string::npos);
    other = kDemo;
    other.account = "7654321";
    CHECK(signed_get("nonce-0004", now(), other).status == 401);
    CHECK(signed_get("short", now()).status == 401);
    REQUIRE(switches.set("netsuite.tba", "refused"));
    CHECK(why(signed_get("nonce-0005", now())).find("permission_denied") != std::string::npos);
}

}  // namespace carrick::sandbox::testing
