// SPDX-License-Identifier: Apache-2.0
// The masking of text that came from outside: NetSuite's details may quote what was sent.
#include "core/connectors/netsuite/error_classification.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace carrick::connectors::netsuite {
namespace {

constexpr std::size_t kLongest = 1000;
constexpr std::string_view kMask = "***";

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
           c == '+' || c == '/' || c == '=' || c == '~' || c == '%';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return std::tolower(static_cast<unsigned char>(x)) ==
                      std::tolower(static_cast<unsigned char>(y));
           });
}

bool ends_with_ignoring_case(std::string_view text, std::string_view end) {
    return text.size() >= end.size() &&
           equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

/// Names whose value nobody may read.
bool names_a_secret(std::string_view word) {
    static constexpr std::array<std::string_view, 11> kNames{
        "token",         "secret",  "password", "passwd",        "pwd",  "api_key",
        "authorization", "api-key", "apikey",   "client_secret", "nonce"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view name) { return ends_with_ignoring_case(word, name); });
}

/// Random-looking: long, with letters and digits mixed and no structure such as ours
/// (`AMZ-SO-…`) or an id's.
bool looks_random(std::string_view word) {
    if (word.starts_with("eyJ") && word.size() >= 20) return true;  // a JSON Web Token
    if (word.size() < 32 || word.starts_with("AMZ-") || word.starts_with("http")) return false;
    bool upper = false;
    bool lower = false;
    bool digit = false;
    for (const char c : word) {
        if (c == '/' || c == '.') return false;  // a path or a sentence without blanks
        const auto byte = static_cast<unsigned char>(c);
        upper = upper || std::isupper(byte) != 0;
        lower = lower || std::islower(byte) != 0;
        digit = digit || std::isdigit(byte) != 0;
    }
    return digit && (upper || lower);
}

bool is_email_part(char c) {
    return is_word(c) && c != '/' && c != '=';
}

/// Replaces `x@y.z` by the mask.
std::string without_addresses(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '@') {
            out += text[i];
            continue;
        }
        std::size_t end = i + 1;
        while (end < text.size() && is_email_part(text[end])) ++end;
        std::size_t begin = out.size();
        while (begin > 0 && is_email_part(out[begin - 1])) --begin;
        const bool address = begin < out.size() && end > i + 1;
        if (!address) {
            out += '@';
            continue;
        }
        out.resize(begin);
        out += kMask;
        i = end - 1;
    }
    return out;
}

}  // namespace

std::string masked(std::string_view text) {
    std::string clean;
    for (const char c : text) clean += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    clean = without_addresses(clean);

    std::string out;
    bool next_is_secret = false;
    for (std::size_t i = 0; i < clean.size();) {
        if (!is_word(clean[i])) {
            out += clean[i++];
            continue;
        }
        std::size_t end = i;
        while (end < clean.size() && is_word(clean[end]) && clean[end] != '=') ++end;
        const std::string_view word = std::string_view(clean).substr(i, end - i);
        if (word.empty()) {  // a lone '='
            out += clean[i++];
            continue;
        }
        const bool scheme =
            equal_ignoring_case(word, "bearer") || equal_ignoring_case(word, "basic");
        if ((next_is_secret && !scheme) || looks_random(word))
            out += kMask;
        else
            out += word;
        // `token=…`, `token: …`, `"token":"…"`, `Bearer …`: the value is the next word.
        std::size_t after = end;
        while (after < clean.size() && (clean[after] == '"' || clean[after] == '\'')) ++after;
        const bool assigned = after < clean.size() && (clean[after] == '=' || clean[after] == ':');
        next_is_secret = scheme || (names_a_secret(word) && assigned);
        i = end;
    }
    if (out.size() > kLongest) {
        out.resize(kLongest);
        // Not in the middle of a UTF-8 sequence.
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U)
            out.pop_back();
        if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U) != 0) out.pop_back();
        out += "…";
    }
    return out;
}

}  // namespace carrick::connectors::netsuite
