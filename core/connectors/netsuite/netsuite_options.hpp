// SPDX-License-Identifier: Apache-2.0
// What a NetSuite connection is made from, and the two spellings of an account's id.
#pragma once

#include <carrick/sdk/result.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::connectors::netsuite {

/// How a connection proves who it is.
enum class AuthMethod {
    OAuth2,  ///< client credentials: a signed assertion buys access tokens
    Tba,     ///< token-based authentication: every request is signed (existing integrations)
};

/// The four secrets of token-based authentication.
struct TbaCredentials {
    std::string consumer_key;  ///< of the integration record
    std::string consumer_secret;
    std::string token_id;  ///< of the access token: user and role
    std::string token_secret;
};

/// For whoever still uses token-based authentication: when NetSuite ends it.
inline constexpr std::string_view kTbaEnds =
    "NetSuite takes no new integrations with token-based authentication from release 2027.1 on and "
    "plans its end for 2028.1; move to method oauth2";

/// How several writes of one call travel.
enum class WriteMode {
    Single,  ///< a request each: an answer within seconds, a slot of the budget each
    Batch,   ///< two and more creates, or upserts, of one type become an asynchronous batch
    Auto,    ///< creates from kAutoBatch on do
};

/// The `connections:` entry of a NetSuite account, references already resolved.
struct NetSuiteOptions {
    std::string name;     ///< the connection's name in flows.yaml, for messages
    std::string account;  ///< either spelling: "1234567_SB1" or "1234567-sb1"

    AuthMethod method = AuthMethod::OAuth2;
    TbaCredentials tba;  ///< for AuthMethod::Tba; what follows, to `scopes`, is for OAuth2

    std::string client_id;       ///< of the integration record
    std::string certificate_id;  ///< of the M2M mapping, not the certificate's serial number
    std::string private_key;     ///< PEM text; RSA of at least 2048 bits, or EC P-256
    std::string algorithm;       ///< "PS256", "ES256", or "" = what the key is made for
    /// Only scopes ticked on the integration record may stand here.
    std::vector<std::string> scopes{"rest_webservices"};

    std::string base_url;   ///< "" = the account's own host; else up to, not with, "/services"
    std::string token_url;  ///< "" = derived from the base URL; it is also the assertion's `aud`

    /// Requests in flight at once, over all flows. 0 = min(4, what the account grants less one).
    unsigned concurrency = 0;
    /// See batch_plan.hpp and README.md, "Which write mode".
    WriteMode write_mode = WriteMode::Single;
    /// SuiteQL `?` parameters are sent beside the text (release 2026.2) or quoted into it.
    bool bound_parameters = true;
    /// One more transaction body field that holds Amazon's order id in this account ("" = none).
    std::string order_field;

    std::chrono::milliseconds read_timeout{std::chrono::seconds(120)};
    /// A save runs scripts, workflows and tax engines; NetSuite itself gives up after 15 minutes.
    std::chrono::milliseconds write_timeout{std::chrono::minutes(5)};
};

/// The addresses of one account.
struct Account {
    std::string id;         ///< "1234567_SB1": as NetSuite shows it
    std::string host_form;  ///< "1234567-sb1": as it stands in host names
    std::string base_url;   ///< "https://1234567-sb1.suitetalk.api.netsuite.com"
    std::string token_url;

    /// "https://…/services/rest" + path.
    [[nodiscard]] std::string rest_url(std::string_view path) const;

    /// Errors   Misconfigured `netsuite.account`: no account id, or one with foreign characters;
    ///          `netsuite.url`: an override that is no http(s) address.
    [[nodiscard]] static Result<Account> from(const NetSuiteOptions& options);
};

}  // namespace carrick::connectors::netsuite
