// SPDX-License-Identifier: Apache-2.0
// JwtSigner: the client assertions with which an integration proves who it is (RFC 7523).
#pragma once

#include <carrick/sdk/json.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace carrick::connectors::netsuite {

/// Signs JSON Web Tokens with one private key. Immutable; may be shared between threads.
class JwtSigner {
public:
    /// `algorithm`: "PS256" (RSA, salt of 32 bytes), "ES256" (P-256, raw r and s), or "" for the
    /// one that fits the key.
    /// Errors   Misconfigured `netsuite.private_key` with what is wrong: not PEM, encrypted, a
    ///          certificate or public key, RSA below 2048 bits, another curve, or a type of key
    ///          that the algorithm does not take. Nothing of the key is in a message.
    [[nodiscard]] static Result<JwtSigner> from_pem(std::string_view pem,
                                                    std::string_view algorithm);

    [[nodiscard]] const std::string& algorithm() const { return algorithm_; }

    /// header.claims.signature, base64url without padding. Adds `typ` and `alg` to the header.
    [[nodiscard]] Result<std::string> sign(std::string_view key_id, const Json& claims) const;

private:
    struct Key;
    JwtSigner(std::shared_ptr<const Key> key, std::string algorithm);
    std::shared_ptr<const Key> key_;  // shared by copies of the signer only
    std::string algorithm_;
};

[[nodiscard]] std::string base64url(std::string_view bytes);

}  // namespace carrick::connectors::netsuite
