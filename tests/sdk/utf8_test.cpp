// SPDX-License-Identifier: Apache-2.0
#include <carrick/sdk/utf8.hpp>

#include <catch2/catch.hpp>

#include <string>

using carrick::is_utf8;
using carrick::valid_utf8;

TEST_CASE("text of every length of sequence is UTF-8", "[utf8]") {
    for (const char* text : {"", "a", "plain ascii of more than eight bytes", "Gr\xc3\xb6\xc3\x9f",
                             "\xe3\x83\xad\xe3\x83\xbc", "\xf0\x9f\x8e\x81", "\xed\x9f\xbf",
                             "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
        CHECK(is_utf8(text));
}

TEST_CASE("the first sequence that is not UTF-8 is found at every place", "[utf8]") {
    // Stray and missing continuations, overlong forms, surrogates, beyond the last code point.
    for (const char* bad :
         {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xe8\xa6", "\xed\xa0\x80",
          "\xf0\x8f\xbf\xbf", "\xf0\x9f\x8e", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
        for (std::size_t before = 0; before < 20; ++before) {
            const std::string text = std::string(before, 'x') + bad;
            CHECK(valid_utf8(text) == before);
            CHECK(valid_utf8(text + " and more text behind it") == before);
            CHECK_FALSE(is_utf8(text));
        }
}
