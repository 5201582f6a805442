// SPDX-License-Identifier: Apache-2.0
// Statements: WITH, SELECT, its sources, limits, and what follows.
#include "examples/sandbox/netsuite/suiteql/statement_parser.hpp"

#include <array>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

// Words that end an expression or an alias.
constexpr std::array<std::string_view, 37> kReserved{
    "select", "from",   "where", "group", "having",  "order", "union", "intersect",
    "minus",  "on",     "join",  "inner", "left",    "right", "full",  "cross",
    "outer",  "and",    "or",    "not",   "in",      "is",    "like",  "between",
    "case",   "when",   "then",  "else",  "end",     "as",    "fetch", "offset",
    "limit",  "exists", "by",    "null",  "distinct"};

}  // namespace

bool reserved(const Token& token) {
    return token.kind == TokenKind::Word &&
           std::find(kReserved.begin(), kReserved.end(), token.text) != kReserved.end();
}

Parsed Parser::parse() {
    Parsed parsed;
    parsed.query = query();
    if (!at_end()) {
        static_cast<void>(take(";"));
        if (!at_end()) fail();
    }
    if (comma_join_ && ansi_join_)
        throw search_error(
            "Invalid or unsupported search: ANSI joins and Oracle joins cannot be mixed in one "
            "query.");
    parsed.parameters = parameters_;
    return parsed;
}

bool Parser::is(std::string_view text, std::size_t ahead) const {
    const Token& token = peek(ahead);
    return (token.kind == TokenKind::Word || token.kind == TokenKind::Symbol) && token.text == text;
}

bool Parser::take(std::string_view text) {
    if (!is(text)) return false;
    ++at_;
    return true;
}

std::unique_ptr<Query> Parser::query() {
    const Depth depth(*this);
    auto result = std::make_unique<Query>();
    if (is("with")) {
        if (!allow_with_) fail();
        read_with(*result);
    }
    result->parts.push_back({"", select()});
    while (is("union") || is("intersect") || is("minus")) {
        std::string op = tokens_[at_++].text;
        if (op == "union" && take("all")) op = "union all";
        result->parts.push_back({op, select()});
    }
    if (take("order")) {
        expect("by");
        do {
            result->order_by.push_back(order_term());
        } while (take(","));
    }
    read_limits(*result);
    return result;
}

void Parser::read_with(Query& result) {
    expect("with");
    do {
        const std::string name = word();
        expect("as");
        expect("(");
        result.with.emplace_back(name, query());
        expect(")");
    } while (take(","));
}

void Parser::read_limits(Query& result) {
    if (take("offset")) {
        result.offset = number();
        if (!take("rows")) expect("row");
    }
    if (!take("fetch")) return;
    if (!take("first")) expect("next");
    result.fetch = peek().kind == TokenKind::Number ? number() : "1";
    if (!take("rows")) expect("row");
    expect("only");
}

OrderTerm Parser::order_term() {
    OrderTerm term;
    term.expr = expression();
    if (take("desc"))
        term.descending = true;
    else
        static_cast<void>(take("asc"));
    if (take("nulls")) {
        term.nulls = is("first") ? "first" : "last";
        if (!take("first")) expect("last");
    }
    return term;
}

Select Parser::select() {
    Select result;
    expect("select");
    if (take("distinct"))
        result.distinct = true;
    else
        static_cast<void>(take("all"));
    if (is("top") && peek(1).kind == TokenKind::Number) {
        ++at_;
        result.top = number();
    }
    do {
        result.items.push_back(select_item());
    } while (take(","));
    expect("from");
    read_sources(result);
    if (take("where")) result.where = expression();
    if (take("group")) {
        expect("by");
        do {
            result.group_by.push_back(expression());
        } while (take(","));
    }
    if (take("having")) result.having = expression();
    return result;
}

SelectItem Parser::select_item() {
    SelectItem item;
    if (take("*")) {
        item.expr = std::make_unique<Expr>();
        item.expr->kind = ExprKind::Star;
        return item;
    }
    if (peek().kind == TokenKind::Word && is(".", 1) && is("*", 2)) {
        item.expr = std::make_unique<Expr>();
        item.expr->kind = ExprKind::Star;
        item.expr->qualifier = peek().text;
        at_ += 3;
        return item;
    }
    item.expr = expression();
    if (take("as") || is_name(peek())) item.alias = word();
    return item;
}

bool Parser::is_name(const Token& token) {
    return token.kind == TokenKind::QuotedWord ||
           (token.kind == TokenKind::Word && !reserved(token));
}

std::string Parser::word() {
    if (!is_name(peek())) fail();
    return tokens_[at_++].text;
}

std::string Parser::number() {
    if (peek().kind != TokenKind::Number) fail();
    return tokens_[at_++].text;
}

void Parser::read_sources(Select& result) {
    result.from.push_back(source(JoinKind::First));
    for (;;) {
        if (take(",")) {
            comma_join_ = true;
            result.from.push_back(source(JoinKind::Comma));
            continue;
        }
        const std::optional<JoinKind> join = join_words();
        if (!join) return;
        ansi_join_ = true;
        result.from.push_back(source(*join));
        if (*join == JoinKind::Cross) continue;
        expect("on");
        result.from.back().on = expression();
    }
}

std::optional<JoinKind> Parser::join_words() {
    if (take("join")) return JoinKind::Inner;
    if (take("inner")) {
        expect("join");
        return JoinKind::Inner;
    }
    if (take("cross")) {
        expect("join");
        return JoinKind::Cross;
    }
    for (const auto& [text, kind] :
         {std::pair{"left", JoinKind::Left}, std::pair{"right", JoinKind::Right},
          std::pair{"full", JoinKind::Full}}) {
        if (!take(text)) continue;
        static_cast<void>(take("outer"));
        expect("join");
        return kind;
    }
    return std::nullopt;
}

Source Parser::source(JoinKind join) {
    Source result;
    result.join = join;
    if (take("(")) {
        result.query = query();
        expect(")");
    } else {
        result.table = word();
    }
    static_cast<void>(take("as"));
    if (is_name(peek())) result.alias = word();
    if (result.alias.empty()) result.alias = result.table;
    return result;
}

Parsed parse(std::string_view sql, bool allow_with) {
    return Parser(sql, allow_with).parse();
}

}  // namespace carrick::sandbox::netsuite::suiteql
