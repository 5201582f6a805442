// SPDX-License-Identifier: Apache-2.0
// Cheap checks of text that comes from a plugin, before it reaches a log or the store.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace carrick::plugin_host {

/// How many bytes of valid UTF-8 stand at the front: 1 to 4, or 0.
[[nodiscard]] inline std::size_t utf8_sequence(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t count) {
        for (std::size_t i = 1; i <= count; ++i)
            if (i >= text.size() || (byte(i) & 0xc0) != 0x80) return false;
        return true;
    };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if (!continues(2)) return 0;
        const bool overlong = first == 0xe0 && byte(1) < 0xa0;
        const bool surrogate = first == 0xed && byte(1) > 0x9f;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (!continues(3)) return 0;
        const bool out_of_range =
            (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
        return out_of_range ? 0 : 4;
    }
    return 0;
}

[[nodiscard]] inline bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        if (text.size() >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data(), sizeof word);
            if ((word & 0x8080808080808080U) == 0) {
                text.remove_prefix(8);
                continue;
            }
        }
        const std::size_t length = utf8_sequence(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

/// What a person may read: valid UTF-8 without control characters, cut to `limit` bytes.
[[nodiscard]] inline std::string clean_text(std::string_view text, std::size_t limit = 2000) {
    std::string clean;
    clean.reserve(text.size() < limit ? text.size() : limit);
    while (!text.empty() && clean.size() < limit) {
        const std::size_t length = utf8_sequence(text);
        const unsigned char first = static_cast<unsigned char>(text[0]);
        if (length == 0 || (length == 1 && (first < 0x20 || first == 0x7f))) {
            clean.push_back(first == '\n' || first == '\t' ? ' ' : '?');
            text.remove_prefix(1);
        } else {
            clean.append(text.substr(0, length));
            text.remove_prefix(length);
        }
    }
    return clean;
}

/// A JSON object by its shape: the first and last characters that are not blank are braces.
/// Whoever uses the text parses it and reports what is wrong inside.
[[nodiscard]] inline bool looks_like_object(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos || text[first] != '{') return false;
    const std::size_t last = text.find_last_not_of(kBlanks);
    return last > first && text[last] == '}';
}

}  // namespace carrick::plugin_host
