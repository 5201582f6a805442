// SPDX-License-Identifier: Apache-2.0
// Words of a SuiteQL statement, and the things that are refused before anything is parsed.
#pragma once

#include "examples/sandbox/netsuite/refusal.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox::netsuite::suiteql {

enum class TokenKind { Word, QuotedWord, String, Number, Parameter, Symbol, End };

struct Token {
    TokenKind kind = TokenKind::End;
    std::string text;    ///< words in lower case; strings without their quotes
    std::string shown;   ///< as written, for messages
    std::size_t at = 0;  ///< byte offset in the statement
};

/// Throws Refusal for square brackets, (+), unclosed quotes and characters that are no SQL.
[[nodiscard]] std::vector<Token> tokenize(std::string_view sql);

/// 400 INVALID_PARAMETER on `q`: "Invalid search query. Detailed unprocessed description follows.
/// Search error occurred: <text>".
[[nodiscard]] Refusal search_error(const std::string& text);
/// "Failed to parse SQL [...]: syntax error, ... near: <word>(...)".
[[nodiscard]] Refusal syntax_error(std::string_view sql, const Token& near);

}  // namespace carrick::sandbox::netsuite::suiteql
