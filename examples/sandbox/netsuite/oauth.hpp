// SPDX-License-Identifier: Apache-2.0
// OAuth 2.0 client credentials as NetSuite does them: a signed assertion for a token of an hour.
#pragma once

#include "examples/sandbox/service.hpp"

#include <map>
#include <string>
#include <vector>

namespace carrick::sandbox::netsuite {

/// A certificate that an administrator mapped to entity, role and application.
struct MappedCertificate {
    std::string id;         ///< `kid`
    std::string client_id;  ///< `iss`
    std::string pem;        ///< certificate or public key
};

/// Not thread-safe: the service locks it.
class OAuth {
public:
    explicit OAuth(std::vector<MappedCertificate> certificates);

    /// POST /services/rest/auth/oauth2/v1/token. `token_url` is what `aud` must be.
    [[nodiscard]] Response token(const Request& request, const std::string& token_url,
                                 const Switches& switches, UtcTime now);
    /// Whether the request carries a token that lives. `revoked`: the certificate is.
    [[nodiscard]] bool admits(const Request& request, UtcTime now) const;
    /// Every token dies now.
    void forget_tokens() { tokens_.clear(); }

private:
    struct Problem {
        int status = 400;
        std::string error;
    };
    struct Assertion {
        Json header;
        Json claims;
        std::string signed_part;
        std::string signature;
    };
    void check(const Assertion& assertion, const std::string& token_url, const Switches& switches,
               UtcTime now) const;

    std::vector<MappedCertificate> certificates_;
    std::map<std::string, UtcTime> tokens_;  ///< token -> end of its life
    std::uint64_t issued_ = 0;
};

}  // namespace carrick::sandbox::netsuite
