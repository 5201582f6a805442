// SPDX-License-Identifier: Apache-2.0
// A keyed hash for identities that are personal data: whoever lacks the key cannot test a guess.
#pragma once

#include <carrick/sdk/result.hpp>
#include <carrick/sdk/sha256.hpp>

#include <array>
#include <string>
#include <string_view>

namespace carrick {

namespace detail {

inline int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// HMAC-SHA256 (RFC 2104).
[[nodiscard]] inline Sha256Digest hmac_sha256(std::string_view key, std::string_view text) {
    constexpr std::size_t kBlock = 64;
    std::string block(key);
    if (block.size() > kBlock) {
        const Sha256Digest digest = sha256(key);
        block.assign(digest.begin(), digest.end());
    }
    block.resize(kBlock, '\0');
    std::string inner(kBlock, '\0');
    std::string outer(kBlock, '\0');
    for (std::size_t i = 0; i < kBlock; ++i) {
        inner[i] = static_cast<char>(block[i] ^ 0x36);
        outer[i] = static_cast<char>(block[i] ^ 0x5c);
    }
    inner += text;
    const Sha256Digest digest = sha256(inner);
    outer.append(digest.begin(), digest.end());
    return sha256(outer);
}

}  // namespace detail

/// 26 base32 characters (130 bits) of HMAC-SHA256: an id for what may not be shown, such as a
/// normalised e-mail address. The same key and text always give the same id.
/// Errors   Misconfigured `id.key`: `key_hex` is not at least 32 bytes in hexadecimal. The message
///          does not show it.
/// Source   HMAC: RFC 4231 test vectors in tests/sdk/glue_keyed_hash_test.cpp.
[[nodiscard]] inline Result<std::string> keyed_hash(std::string_view key_hex,
                                                    std::string_view text) {
    std::string key;
    bool valid = key_hex.size() % 2 == 0;
    for (std::size_t i = 0; valid && i < key_hex.size(); i += 2) {
        const int high = detail::hex_digit(key_hex[i]);
        const int low = detail::hex_digit(key_hex[i + 1]);
        valid = high >= 0 && low >= 0;
        if (valid) key.push_back(static_cast<char>(high * 16 + low));
    }
    if (!valid || key.size() < 32)
        return misconfigured("id.key",
                             "the key of a keyed hash must be at least 64 hexadecimal digits (32 "
                             "bytes); it has " +
                                 std::to_string(key_hex.size()) + " characters");
    return detail::base32(detail::hmac_sha256(key, text), 26);
}

}  // namespace carrick
