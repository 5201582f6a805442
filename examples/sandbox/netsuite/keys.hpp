// SPDX-License-Identifier: Apache-2.0
// Demo key pairs, made at start: the private key for flows.yaml, the certificate for the account.
#pragma once

#include <carrick/sdk/result.hpp>

#include <string>

namespace carrick::sandbox::netsuite {

enum class KeyKind { Rsa, EcP256 };

struct DemoKey {
    std::string private_key_pem;  ///< PKCS#8
    std::string certificate_pem;  ///< self-signed, two years
};

/// RSA of 3072 bits or EC on P-256. Errors: `sandbox.keys` with OpenSSL's words.
[[nodiscard]] Result<DemoKey> make_demo_key(KeyKind kind);

/// Writes netsuite_rsa.pem/.crt and netsuite_ec.pem/.crt into `directory` unless they are there
/// already; private keys with mode 0600. Errors: `sandbox.keys`.
[[nodiscard]] Result<void> write_demo_keys(const std::string& directory);

}  // namespace carrick::sandbox::netsuite
