// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/address_text.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

bool within(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

/// Controls of both blocks, and the blanks of Unicode.
bool is_blank(char32_t c) {
    return c <= U' ' || within(c, 0x7f, 0xa0) || c == 0x1680 || within(c, 0x2000, 0x200a) ||
           c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool has_no_width(char32_t c) {
    return c == 0xad || c == 0x034f || c == 0x061c || c == 0x180e || within(c, 0x200b, 0x200f) ||
           within(c, 0x202a, 0x202e) || within(c, 0x2060, 0x206f) || within(c, 0xfe00, 0xfe0f) ||
           c == 0xfeff || within(c, 0xfff9, 0xfffb) || c == 0xfffe || c == 0xffff;
}

/// A character of four bytes as one of three or fewer; 0 = nothing is lost without it.
char32_t within_the_basic_plane(char32_t c) {
    if (within(c, 0x1d400, 0x1d6a3)) {  // thirteen alphabets of capitals and small letters
        const char32_t letter = (c - 0x1d400) % 52;
        return letter < 26 ? U'A' + letter : U'a' + (letter - 26);
    }
    if (within(c, 0x1d7ce, 0x1d7ff)) return U'0' + (c - 0x1d7ce) % 10;
    switch (c) {
        case 0x20bb7: return U'吉';
        case 0x20b9f: return U'叱';
        case 0x2123d: return U'土';
        case 0x2363a: return U'橋';
        default: break;
    }
    if (within(c, 0x20000, 0x3ffff)) return U'〓';
    // Emoji, flags, tags and private signs: decoration. Scripts up there are those of scholars.
    return within(c, 0x1f000, 0x1faff) || c >= 0xe0000 ? 0 : U'〓';
}

bool is_sign(char32_t c) {
    return within(c, U'!', U'/') || within(c, U':', U'@') || within(c, U'[', U'`') ||
           within(c, U'{', U'~') || within(c, 0xa1, 0xa9) || within(c, 0x2010, 0x2027) ||
           within(c, 0x3001, 0x3003) || c == 0x30fc || c == 0xfffd || c == 0xff0d || c == 0xff0c;
}

/// U+00C0 to U+017F without accents; '*' has no plain form of one letter.
constexpr std::string_view kPlainLatin =
    "AAAAAA*CEEEEIIIIDNOOOOO*OUUUUY**aaaaaa*ceeeeiiiidnooooo*ouuuuy*y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKk*LlLlLlLlLlNnNnNn***OoOoOo**RrRrRr"
    "SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZz*";
static_assert(kPlainLatin.size() == 0x180 - 0xc0);

bool is_ignored_in_names(char32_t c) {
    return is_blank(c) || has_no_width(c) || c == U'.' || c == U'-' || c == U'\'' || c == U'`' ||
           c == U',' || c == U'(' || c == U')' || c == U'/' || c == U'_' ||
           within(c, 0x2b0, 0x36f) || within(c, 0x2010, 0x201b) ||  // marks, hyphens, apostrophes
           within(c, 0x64b, 0x652) || c == 0x640;                   // Arabic vowels, lengthening
}

char32_t folded_arabic(char32_t c) {
    if (c == U'أ' || c == U'إ' || c == U'آ' || c == 0x671) return U'ا';
    if (c == U'ى' || c == 0x6cc) return U'ي';
    return c == U'ة' ? U'ه' : c;
}

char32_t narrowed(char32_t c) {
    if (within(c, 0xff01, 0xff5e)) return c - 0xfee0;
    if (c == 0x3000) return U' ';
    return within(c, 0x2010, 0x2015) || c == 0x2212 || c == 0x30fc || c == 0xff70 ? U'-' : c;
}

}  // namespace

char32_t take_character(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    std::size_t length = 1;
    char32_t smallest = 0;
    char32_t value = first < 0x80 ? first : 0xfffd;
    if (first >= 0xf0 && first < 0xf8) {
        length = 4;
        smallest = 0x10000;
        value = first & 0x07U;
    } else if (first >= 0xe0 && first < 0xf0) {
        length = 3;
        smallest = 0x800;
        value = first & 0x0fU;
    } else if (first >= 0xc0 && first < 0xe0) {
        length = 2;
        smallest = 0x80;
        value = first & 0x1fU;
    }
    std::size_t taken = 1;
    while (taken < length && taken < text.size() && (byte(taken) & 0xc0) == 0x80)
        value = (value << 6) | (byte(taken++) & 0x3fU);
    text.remove_prefix(taken);
    const bool broken =
        taken < length || value < smallest || value > 0x10ffff || within(value, 0xd800, 0xdfff);
    return broken ? 0xfffd : value;
}

void append_character(std::string& text, char32_t c) {
    const auto continuation = [&](unsigned shift) {
        text.push_back(static_cast<char>(0x80 | ((c >> shift) & 0x3f)));
    };
    if (c < 0x80) {
        text.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        text.push_back(static_cast<char>(0xc0 | (c >> 6)));
        continuation(0);
    } else if (c < 0x10000) {
        text.push_back(static_cast<char>(0xe0 | (c >> 12)));
        continuation(6);
        continuation(0);
    } else {
        text.push_back(static_cast<char>(0xf0 | (c >> 18)));
        continuation(12);
        continuation(6);
        continuation(0);
    }
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string clean_text(std::string_view text) {
    std::string result;
    bool blank = false;
    bool says_something = false;
    while (!text.empty()) {
        char32_t c = take_character(text);
        if (is_blank(c)) {
            blank = true;
            continue;
        }
        if (c > 0xffff) c = within_the_basic_plane(c);
        if (c == 0 || has_no_width(c)) continue;
        if (blank && !result.empty()) result.push_back(' ');
        blank = false;
        says_something = says_something || !is_sign(c);
        append_character(result, c);
    }
    return says_something ? result : std::string();
}

std::string narrow(std::string_view text) {
    std::string result;
    while (!text.empty()) append_character(result, narrowed(take_character(text)));
    return result;
}

std::string folded(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        char32_t c = take_character(text);
        if (within(c, 0xff01, 0xff5e)) c -= 0xfee0;
        if (within(c, 0xc0, 0x17f)) {
            const char plain = kPlainLatin[c - 0xc0];
            if (plain != '*') c = static_cast<char32_t>(plain);
        }
        if (is_ignored_in_names(c)) continue;
        if (within(c, U'a', U'z')) c -= 32;
        if (c == U'&')
            result += "AND";
        else
            append_character(result, folded_arabic(c));
    }
    return result;
}

}  // namespace carrick::plugins
