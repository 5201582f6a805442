// SPDX-License-Identifier: Apache-2.0
// The parser's state and its productions: statements in parser.cpp, expressions in
// expression_parser.cpp.
#pragma once

#include "examples/sandbox/netsuite/suiteql/lexer.hpp"
#include "examples/sandbox/netsuite/suiteql/parser.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace carrick::sandbox::netsuite::suiteql {

// Deeper is refused: a hostile statement must not overflow the stack.
inline constexpr int kMaxDepth = 100;

/// A word that ends an expression or an alias.
[[nodiscard]] bool reserved(const Token& token);

class Parser {
public:
    Parser(std::string_view sql, bool allow_with)
        : sql_(sql), tokens_(tokenize(sql)), allow_with_(allow_with) {}

    Parsed parse();

private:
    struct Depth {
        explicit Depth(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > kMaxDepth) parser_.fail();
        }
        ~Depth() { --parser_.depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        Parser& parser_;
    };

    [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    [[nodiscard]] bool at_end() const { return peek().kind == TokenKind::End; }
    [[nodiscard]] bool is(std::string_view text, std::size_t ahead = 0) const;
    bool take(std::string_view text);
    void expect(std::string_view text) {
        if (!take(text)) fail();
    }
    [[noreturn]] void fail() const { throw syntax_error(sql_, peek()); }

    std::unique_ptr<Query> query();
    void read_with(Query& result);
    void read_limits(Query& result);
    OrderTerm order_term();
    Select select();
    SelectItem select_item();
    [[nodiscard]] static bool is_name(const Token& token);
    std::string word();
    std::string number();
    void read_sources(Select& result);
    std::optional<JoinKind> join_words();
    Source source(JoinKind join);
    ExprPtr make(ExprKind kind, std::string text = {});
    ExprPtr binary(std::string op, ExprPtr left, ExprPtr right);
    ExprPtr expression();
    ExprPtr conjunction();
    ExprPtr negation();
    ExprPtr predicate();
    ExprPtr in_list(ExprPtr left, bool negated);
    ExprPtr sum();
    ExprPtr product();
    ExprPtr unary();
    ExprPtr primary();
    ExprPtr parenthesis();
    ExprPtr named();
    ExprPtr call(const std::string& name);
    ExprPtr case_expression();

    std::string_view sql_;
    std::vector<Token> tokens_;
    bool allow_with_;
    std::size_t at_ = 0;
    std::size_t parameters_ = 0;
    std::size_t operators_ = 0;
    int depth_ = 0;
    bool comma_join_ = false;
    bool ansi_join_ = false;
};

}  // namespace carrick::sandbox::netsuite::suiteql
