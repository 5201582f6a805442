// SPDX-License-Identifier: Apache-2.0
// Text of an address: what buyers type, without what no label prints and NetSuite does not store.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace carrick::plugins {

/// Takes the first character off a UTF-8 text that is not empty; U+FFFD for bytes that are none.
[[nodiscard]] char32_t take_character(std::string_view& text);
void append_character(std::string& text, char32_t character);

/// Characters as NetSuite counts them for its field lengths, not bytes.
[[nodiscard]] std::size_t characters(std::string_view text);

/// One line of clean text: control characters, tabs and line ends become blanks; marks without a
/// width (zero-width, writing direction, variation selectors) and emoji go; blanks are single, none
/// at the ends. Characters of four bytes, which NetSuite does not store, are replaced: letters for
/// mathematics by plain ones, the known variants of kanji by the common form, other kanji by the
/// mark 〓, which says in Japanese print that a character is missing. All other scripts stay.
/// A text without a letter or digit ("--", ",", seen as the city of Japanese orders) is empty.
[[nodiscard]] std::string clean_text(std::string_view text);

/// Full-width digits, letters and signs, and all kinds of hyphens, as ASCII. For codes and phone
/// numbers, never for names and streets, where ー is a letter.
[[nodiscard]] std::string narrow(std::string_view text);

/// For comparing names: capitals without accents, blanks, hyphens, dots and apostrophes; Arabic
/// without vowel marks and with one form of alif, ya and ta marbuta. "São Paulo" is SAOPAULO.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace carrick::plugins
