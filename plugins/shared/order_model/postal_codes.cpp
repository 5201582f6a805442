// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/postal_codes.hpp"

#include "plugins/shared/order_model/address_text.hpp"

#include <array>
#include <optional>

namespace carrick::plugins {

namespace {

/// 9 a digit, A a letter, X either; a blank and a hyphen stand where the code has them.
struct Pattern {
    std::string_view country;
    std::string_view form;
};

// Source: the countries' posts as the Universal Postal Union describes them. The codes of Guernsey,
// Jersey and Isle of Man are built like those of the United Kingdom.
constexpr std::array<Pattern, 56> kPatterns{{
    {"US", "99999"},      {"US", "99999-9999"}, {"PR", "99999"},    {"CA", "A9A 9A9"},
    {"MX", "99999"},      {"BR", "99999-999"},  {"JP", "999-9999"}, {"IN", "999999"},
    {"AU", "9999"},       {"SG", "999999"},     {"ZA", "9999"},     {"SA", "99999"},
    {"SA", "99999-9999"}, {"EG", "99999"},      {"TR", "99999"},    {"DE", "99999"},
    {"FR", "99999"},      {"IT", "99999"},      {"ES", "99999"},    {"FI", "99999"},
    {"AX", "99999"},      {"BE", "9999"},       {"AT", "9999"},     {"CH", "9999"},
    {"DK", "9999"},       {"NO", "9999"},       {"NL", "9999 AA"},  {"SE", "999 99"},
    {"GR", "999 99"},     {"CZ", "999 99"},     {"SK", "999 99"},   {"PL", "99-999"},
    {"PT", "9999-999"},   {"IE", "A99 XXXX"},   {"IE", "A9A XXXX"}, {"GB", "A9 9AA"},
    {"GB", "A99 9AA"},    {"GB", "AA9 9AA"},    {"GB", "AA99 9AA"}, {"GB", "A9A 9AA"},
    {"GB", "AA9A 9AA"},   {"GG", "AA9 9AA"},    {"GG", "AA99 9AA"}, {"JE", "AA9 9AA"},
    {"JE", "AA99 9AA"},   {"IM", "AA9 9AA"},    {"IM", "AA99 9AA"}, {"HU", "9999"},
    {"LU", "9999"},       {"SI", "9999"},       {"BG", "9999"},     {"RO", "999999"},
    {"HR", "99999"},      {"EE", "99999"},      {"KR", "99999"},    {"IC", "99999"},
}};

bool fits(char pattern, char c) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = c >= 'A' && c <= 'Z';
    return pattern == '9' ? digit : pattern == 'A' ? letter : digit || letter;
}

/// The letters and digits of `compact` in the given form.
std::optional<std::string> in_form(std::string_view form, std::string_view compact) {
    std::string result;
    for (const char place : form) {
        if (place == ' ' || place == '-') {
            result.push_back(place);
            continue;
        }
        if (compact.empty() || !fits(place, compact.front())) return std::nullopt;
        result.push_back(compact.front());
        compact.remove_prefix(1);
    }
    if (!compact.empty()) return std::nullopt;
    return result;
}

}  // namespace

std::string postal_code(std::string_view country, std::string_view text) {
    constexpr std::string_view kJapanesePost = "〒";
    std::string code = clean_text(narrow(text));
    if (code.rfind(kJapanesePost, 0) == 0) code = clean_text(code.substr(kJapanesePost.size()));
    std::string compact;
    for (const char c : code)
        if (c != ' ' && c != '-')
            compact.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
    if (country == "AE" && compact.find_first_not_of('0') == std::string::npos) return {};
    for (const Pattern& pattern : kPatterns)
        if (pattern.country == country)
            if (auto result = in_form(pattern.form, compact)) return *result;
    return code;
}

}  // namespace carrick::plugins
