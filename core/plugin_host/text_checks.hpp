// SPDX-License-Identifier: Apache-2.0
// Cheap checks of text that comes from a plugin, before it reaches a log or the store.
#pragma once

#include <carrick/sdk/utf8.hpp>

#include <string>
#include <string_view>

namespace carrick::plugin_host {

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
