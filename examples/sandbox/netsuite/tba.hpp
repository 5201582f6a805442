// SPDX-License-Identifier: Apache-2.0
// Token-based authentication: OAuth 1.0a with HMAC-SHA256, as integrations made before 2027.1 use.
// Source: netsuite.md a.5.
#pragma once

#include "examples/sandbox/service.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox::netsuite {

/// An integration record's consumer and a token of a user and role.
struct TokenCredentials {
    std::string account;  ///< realm: "1234567_SB1"
    std::string consumer_key;
    std::string consumer_secret;
    std::string token_id;
    std::string token_secret;
};

/// base64(HMAC-SHA256) over method, URL and all parameters. `url`: scheme, host, port and path as
/// sent; `parameters`: decoded query and oauth_ parameters, without realm and oauth_signature.
[[nodiscard]] std::string tba_signature(std::string_view method, std::string_view url,
                                        std::vector<std::pair<std::string, std::string>> parameters,
                                        const TokenCredentials& credentials);

/// Remembers nonces for as long as their timestamps would be taken. Not thread-safe.
class TokenAuthentication {
public:
    explicit TokenAuthentication(std::vector<TokenCredentials> known) : known_(std::move(known)) {}

    [[nodiscard]] static bool claims(const Request& request);
    /// Why the request is refused, in the word of the header WWW-Authenticate ("nonce_used",
    /// "signature_invalid", "token_rejected", ...); nothing when it is admitted.
    [[nodiscard]] std::optional<std::string> problem(const Request& request, UtcTime now);
    void forget_nonces() { nonces_.clear(); }

private:
    std::vector<TokenCredentials> known_;
    std::set<std::pair<std::int64_t, std::string>> nonces_;  ///< timestamp, token and nonce
};

}  // namespace carrick::sandbox::netsuite
