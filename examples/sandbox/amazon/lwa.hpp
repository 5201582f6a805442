// SPDX-License-Identifier: Apache-2.0
// Login with Amazon: the token endpoint, and what an access token says when it comes back. Tokens
// carry their own meaning, so they outlive a restart of the sandbox. Source: amazon.md A.1, A.6.
#pragma once

#include "examples/sandbox/service.hpp"
#include "examples/sandbox/world/catalogue.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace carrick::sandbox {

/// Why a token does not open a door.
enum class TokenFault { None, Malformed, Expired, Revoked };

/// What a restricted data token opens: exactly this method and path.
struct RestrictedResource {
    std::string method;
    std::string path;
    bool operator==(const RestrictedResource&) const = default;
};

struct TokenClaims {
    TokenFault fault = TokenFault::Malformed;
    std::string account;      ///< seller account ("NA1"); empty for a grantless token
    std::string scope;        ///< of a grantless token
    std::string application;  ///< client id
    UtcTime expires;
    bool restricted = false;                    ///< a restricted data token
    std::vector<RestrictedResource> resources;  ///< of such a one
};

class Lwa {
public:
    Lwa(const Environment& environment, std::uint64_t seed);

    /// POST /auth/o2/token, form or JSON.
    [[nodiscard]] Response token(const Request& request);
    /// The answer of createRestrictedDataToken for the holder of `claims`.
    [[nodiscard]] Response restricted_token(const TokenClaims& claims,
                                            const std::vector<RestrictedResource>& resources,
                                            UtcTime now);
    [[nodiscard]] TokenClaims read(std::string_view access_token, UtcTime now) const;
    [[nodiscard]] std::uint64_t issued() const { return issued_; }

private:
    [[nodiscard]] Response grant(const std::string& account, const std::string& scope,
                                 const std::string& refresh_token, UtcTime now);
    [[nodiscard]] std::string seal(std::string_view payload) const;
    [[nodiscard]] bool is_revoked(std::string_view account) const;

    Environment environment_;
    std::uint64_t seed_;
    std::atomic<std::uint64_t> issued_{0};
};

}  // namespace carrick::sandbox
