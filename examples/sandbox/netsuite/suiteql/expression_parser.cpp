// SPDX-License-Identifier: Apache-2.0
// Expressions, from OR down to names and numbers.
#include "examples/sandbox/netsuite/suiteql/statement_parser.hpp"

namespace carrick::sandbox::netsuite::suiteql {

namespace {

constexpr std::size_t kMaxInValues = 1000;
// SQLite gives up at 1000 levels; a chain of ORs is one level each.
constexpr std::size_t kMaxOperators = 1500;

}  // namespace

ExprPtr Parser::make(ExprKind kind, std::string text) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->text = std::move(text);
    return expr;
}

ExprPtr Parser::binary(std::string op, ExprPtr left, ExprPtr right) {
    if (++operators_ > kMaxOperators)
        throw search_error("Invalid or unsupported search: the query is too complex.");
    ExprPtr expr = make(ExprKind::Binary, std::move(op));
    expr->children.push_back(std::move(left));
    expr->children.push_back(std::move(right));
    return expr;
}

ExprPtr Parser::expression() {
    const Depth depth(*this);
    ExprPtr left = conjunction();
    while (take("or")) left = binary("or", std::move(left), conjunction());
    return left;
}

ExprPtr Parser::conjunction() {
    ExprPtr left = negation();
    while (take("and")) left = binary("and", std::move(left), negation());
    return left;
}

ExprPtr Parser::negation() {
    if (!take("not")) return predicate();
    const Depth depth(*this);
    ExprPtr expr = make(ExprKind::Unary, "not");
    expr->children.push_back(negation());
    return expr;
}

ExprPtr Parser::predicate() {
    if (take("exists")) {
        ExprPtr expr = make(ExprKind::Exists);
        expect("(");
        expr->query = query();
        expect(")");
        return expr;
    }
    ExprPtr left = sum();
    for (const std::string_view op : {"=", "<>", "!=", "^=", "<=", ">=", "<", ">"})
        if (take(op)) {
            const std::string spelled = op == "!=" || op == "^=" ? "<>" : std::string(op);
            return binary(spelled, std::move(left), sum());
        }
    if (take("is")) {
        ExprPtr expr = make(ExprKind::IsNull);
        expr->negated = take("not");
        expect("null");
        expr->children.push_back(std::move(left));
        return expr;
    }
    const bool negated = take("not");
    if (take("in")) return in_list(std::move(left), negated);
    if (take("between")) {
        ExprPtr expr = make(ExprKind::Between);
        expr->negated = negated;
        expr->children.push_back(std::move(left));
        expr->children.push_back(sum());
        expect("and");
        expr->children.push_back(sum());
        return expr;
    }
    if (take("like")) {
        ExprPtr expr = make(ExprKind::Like);
        expr->negated = negated;
        expr->children.push_back(std::move(left));
        expr->children.push_back(sum());
        if (take("escape")) expr->children.push_back(sum());
        return expr;
    }
    if (negated) fail();
    return left;
}

ExprPtr Parser::in_list(ExprPtr left, bool negated) {
    ExprPtr expr = make(ExprKind::In);
    expr->negated = negated;
    expr->children.push_back(std::move(left));
    expect("(");
    if (is("select")) {
        expr->query = query();
    } else {
        do {
            expr->children.push_back(sum());
        } while (take(","));
        if (expr->children.size() - 1 > kMaxInValues)
            throw search_error(
                "Invalid or unsupported search: maximum number of expressions in "
                "a list is 1000.");
    }
    expect(")");
    return expr;
}

ExprPtr Parser::sum() {
    ExprPtr left = product();
    for (;;) {
        if (take("||"))
            left = binary("||", std::move(left), product());
        else if (take("+"))
            left = binary("+", std::move(left), product());
        else if (take("-"))
            left = binary("-", std::move(left), product());
        else
            return left;
    }
}

ExprPtr Parser::product() {
    ExprPtr left = unary();
    for (;;) {
        if (take("*"))
            left = binary("*", std::move(left), unary());
        else if (take("/"))
            left = binary("/", std::move(left), unary());
        else
            return left;
    }
}

ExprPtr Parser::unary() {
    for (const std::string_view op : {"-", "+"})
        if (take(op)) {
            const Depth depth(*this);
            ExprPtr expr = make(ExprKind::Unary, std::string(op));
            expr->children.push_back(unary());
            return expr;
        }
    return primary();
}

ExprPtr Parser::primary() {
    const Token& token = peek();
    switch (token.kind) {
        case TokenKind::String: ++at_; return make(ExprKind::String, token.text);
        case TokenKind::Number: ++at_; return make(ExprKind::Number, token.text);
        case TokenKind::Parameter: {
            ++at_;
            ExprPtr expr = make(ExprKind::Parameter);
            expr->index = ++parameters_;
            return expr;
        }
        case TokenKind::Symbol: return parenthesis();
        case TokenKind::Word:
        case TokenKind::QuotedWord: return named();
        case TokenKind::End: break;
    }
    fail();
}

ExprPtr Parser::parenthesis() {
    expect("(");
    ExprPtr expr;
    if (is("select")) {
        expr = make(ExprKind::Subquery);
        expr->query = query();
    } else {
        expr = expression();
    }
    expect(")");
    return expr;
}

ExprPtr Parser::named() {
    if (take("null")) return make(ExprKind::Null);
    if (is("case")) return case_expression();
    // DATE '2026-11-23' and TIMESTAMP '...' are the literals that SuiteQL does not know.
    if ((is("date") || is("timestamp")) && peek(1).kind == TokenKind::String) fail();
    if (reserved(peek())) fail();
    std::string first = tokens_[at_++].text;
    if (first == "builtin" && is(".")) {
        ++at_;
        first += "." + word();
        if (!is("(")) fail();
    }
    if (is("(")) return call(first);
    ExprPtr expr = make(ExprKind::Column, first);
    if (take(".")) {
        expr->qualifier = first;
        // After a dot even a reserved word can only be a column.
        if (peek().kind != TokenKind::Word && peek().kind != TokenKind::QuotedWord) fail();
        expr->text = tokens_[at_++].text;
    }
    return expr;
}

ExprPtr Parser::call(const std::string& name) {
    ExprPtr expr = make(name == "listagg" ? ExprKind::ListAgg : ExprKind::Call, name);
    expect("(");
    expr->distinct = take("distinct");
    if (take("*")) {
        expr->children.push_back(make(ExprKind::Star));
    } else if (!is(")")) {
        do {
            expr->children.push_back(expression());
        } while (take(","));
    }
    expect(")");
    if (name == "listagg" && take("within")) {
        expect("group");
        expect("(");
        expect("order");
        expect("by");
        OrderTerm term = order_term();
        if (expr->children.size() == 1) expr->children.push_back(make(ExprKind::Null));
        expr->children.push_back(std::move(term.expr));
        expr->descending = term.descending;
        expect(")");
    }
    if (is("over"))
        throw search_error(
            "Invalid or unsupported search: analytic functions are not part of this sandbox.");
    return expr;
}

ExprPtr Parser::case_expression() {
    const Depth depth(*this);
    expect("case");
    ExprPtr expr = make(ExprKind::Case);
    if (!is("when")) {
        expr->has_operand = true;
        expr->children.push_back(expression());
    }
    while (take("when")) {
        expr->children.push_back(expression());
        expect("then");
        expr->children.push_back(expression());
    }
    if (take("else")) {
        expr->has_else = true;
        expr->children.push_back(expression());
    }
    expect("end");
    return expr;
}

}  // namespace carrick::sandbox::netsuite::suiteql
