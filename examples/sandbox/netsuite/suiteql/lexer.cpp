// SPDX-License-Identifier: Apache-2.0
// Splits SuiteQL into tokens.
#include "examples/sandbox/netsuite/suiteql/lexer.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
    return is_word_start(c) || is_digit(c) || c == '$' || c == '#';
}
bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skip_blanks_and_comments(std::string_view sql, std::size_t at) {
    while (at < sql.size()) {
        if (is_blank(sql[at])) {
            ++at;
        } else if (sql.substr(at, 2) == "--") {
            at = std::min(sql.find('\n', at), sql.size());
        } else if (sql.substr(at, 2) == "/*") {
            const std::size_t end = sql.find("*/", at + 2);
            at = end == std::string_view::npos ? sql.size() : end + 2;
        } else {
            break;
        }
    }
    return at;
}

Token read_string(std::string_view sql, std::size_t& at) {
    Token token{TokenKind::String, {}, {}, at};
    for (++at; at < sql.size(); ++at) {
        if (sql[at] == '\'') {
            if (sql.substr(at, 2) != "''") {
                ++at;
                token.shown = std::string(sql.substr(token.at, at - token.at));
                return token;
            }
            ++at;
        }
        token.text += sql[at];
    }
    token.shown = "'";
    throw syntax_error(sql, token);
}

Token read_symbol(std::string_view sql, std::size_t& at) {
    constexpr std::string_view kPairs[] = {"||", "<=", ">=", "<>", "!=", "^="};
    Token token{TokenKind::Symbol, {}, {}, at};
    for (const std::string_view pair : kPairs)
        if (sql.substr(at, 2) == pair) token.text = pair;
    if (token.text.empty() &&
        std::string_view("()=<>+-*/,.;").find(sql[at]) != std::string_view::npos)
        token.text = sql.substr(at, 1);
    token.shown = token.text.empty() ? std::string(sql.substr(at, 1)) : token.text;
    if (token.text.empty()) throw syntax_error(sql, token);
    at += token.text.size();
    return token;
}

void refuse_outer_join_mark(std::string_view sql, const std::vector<Token>& tokens) {
    const std::size_t n = tokens.size();
    if (n >= 3 && tokens[n - 3].text == "(" && tokens[n - 2].text == "+" &&
        tokens[n - 1].text == ")" && tokens[n - 2].kind == TokenKind::Symbol)
        throw syntax_error(sql, tokens[n - 2]);
}

}  // namespace

Refusal search_error(const std::string& text) {
    Refusal refusal;
    refusal.code = "INVALID_PARAMETER";
    refusal.detail =
        "Invalid search query. Detailed unprocessed description follows. Search error occurred: " +
        text;
    refusal.query_param = "q";
    return refusal;
}

Refusal syntax_error(std::string_view sql, const Token& near) {
    const std::string_view before = sql.substr(0, near.at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t newline = before.rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? near.at + 1 : near.at - newline;
    const std::string shown = near.kind == TokenKind::End ? "<EOF>" : near.shown;
    return search_error("Failed to parse SQL [" + std::string(sql) +
                        "]: syntax error, state:1545(10102) near: " + shown + "(" +
                        std::to_string(line) + "," + std::to_string(column) + ", token code:0)");
}

std::vector<Token> tokenize(std::string_view sql) {
    std::vector<Token> tokens;
    for (std::size_t at = skip_blanks_and_comments(sql, 0); at < sql.size();
         at = skip_blanks_and_comments(sql, at)) {
        const char c = sql[at];
        const std::size_t begin = at;
        if (c == '\'') {
            tokens.push_back(read_string(sql, at));
            continue;
        }
        if (c == '?') {
            tokens.push_back({TokenKind::Parameter, "?", "?", at++});
            continue;
        }
        if (c == '"') {
            const std::size_t end = sql.find('"', at + 1);
            if (end == std::string_view::npos)
                throw syntax_error(sql, {TokenKind::Symbol, "\"", "\"", at});
            at = end + 1;
            const std::string text(sql.substr(begin + 1, end - begin - 1));
            tokens.push_back({TokenKind::QuotedWord, lower(text), text, begin});
            continue;
        }
        const bool number =
            is_digit(c) || (c == '.' && at + 1 < sql.size() && is_digit(sql[at + 1]));
        if (number || is_word_start(c)) {
            while (at < sql.size() &&
                   (number ? is_digit(sql[at]) || sql[at] == '.' : is_word(sql[at])))
                ++at;
            const std::string text(sql.substr(begin, at - begin));
            tokens.push_back(
                {number ? TokenKind::Number : TokenKind::Word, lower(text), text, begin});
            continue;
        }
        tokens.push_back(read_symbol(sql, at));
        refuse_outer_join_mark(sql, tokens);
    }
    tokens.push_back({TokenKind::End, {}, {}, sql.size()});
    return tokens;
}

}  // namespace carrick::sandbox::netsuite::suiteql
