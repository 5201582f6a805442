// SPDX-License-Identifier: Apache-2.0
#include "core/errors/fingerprint.hpp"

#include <carrick/sdk/sha256.hpp>

#include <algorithm>

namespace carrick::errors {

namespace {

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

bool has_digit(std::string_view word) {
    return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string normalised_message(std::string_view message) {
    std::string out;
    for (std::size_t at = 0; at < message.size();) {
        if (message[at] == '"') {
            const std::size_t close = message.find('"', at + 1);
            out += "\"*\"";
            at = close == std::string_view::npos ? message.size() : close + 1;
        } else if (is_word(message[at])) {
            std::size_t end = at;
            while (end < message.size() && is_word(message[end])) ++end;
            const std::string_view word = message.substr(at, end - at);
            out += has_digit(word) ? std::string_view("#") : word;
            at = end;
        } else {
            out += message[at++];
        }
    }
    return out;
}

std::string fingerprint(std::string_view plugin, const Error& error) {
    std::string text(plugin);
    text += '\n';
    text += error.code;
    text += '\n';
    text += normalised_message(error.message);
    static constexpr std::string_view kHex = "0123456789abcdef";
    const detail::Sha256Digest digest = detail::sha256(text);
    std::string hex;
    for (std::size_t i = 0; i < 8; ++i) {
        hex += kHex[digest[i] >> 4];
        hex += kHex[digest[i] & 15];
    }
    return hex;
}

}  // namespace carrick::errors
