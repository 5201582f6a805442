// SPDX-License-Identifier: Apache-2.0
// base64url.
#include "examples/sandbox/base64url.hpp"

#include <cstdint>

namespace carrick::sandbox {
namespace {
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

std::string base64url(std::string_view bytes) {
    std::string text;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char c : bytes) {
        buffer = buffer << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6) text.push_back(kAlphabet[buffer >> (bits - 6) & 63]);
    }
    if (bits > 0) text.push_back(kAlphabet[buffer << (6 - bits) & 63]);
    return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        buffer = buffer << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>(buffer >> bits & 255));
        }
    }
    return bytes;
}

}  // namespace carrick::sandbox
