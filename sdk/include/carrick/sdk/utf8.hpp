// SPDX-License-Identifier: Apache-2.0
// Whether bytes are UTF-8, and how far (RFC 3629: nothing overlong, no surrogates, up to U+10FFFF).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace carrick {

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

/// How many bytes at the front are valid UTF-8: the whole size where all of them are, else the
/// offset of the first sequence that is not.
[[nodiscard]] inline std::size_t valid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.size() - at >= 8) {
            // Eight bytes of ASCII at once: nearly all that APIs send.
            std::uint64_t word = 0;
            std::memcpy(&word, text.data() + at, sizeof word);
            if ((word & 0x8080808080808080U) == 0) {
                at += 8;
                continue;
            }
        }
        const std::size_t length = utf8_sequence(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return at;
}

[[nodiscard]] inline bool is_utf8(std::string_view text) {
    return valid_utf8(text) == text.size();
}

}  // namespace carrick
