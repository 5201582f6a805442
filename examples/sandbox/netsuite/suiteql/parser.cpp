// SPDX-License-Identifier: Apache-2.0
// A recursive-descent parser; depth is bounded so that a hostile statement cannot overflow.
#include "examples/sandbox/netsuite/suiteql/parser.hpp"

#include "examples/sandbox/netsuite/suiteql/lexer.hpp"

#include <algorithm>
#include <array>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

constexpr std::size_t kMaxInValues = 1000;
constexpr int kMaxDepth = 100;
// SQLite gives up at 1000 levels; a chain of ORs is one level each.
constexpr std::size_t kMaxOperators = 1500;

// Words that end an expression or an alias.
constexpr std::array<std::string_view, 37> kReserved{
    "select", "from",   "where", "group", "having",  "order", "union", "intersect",
    "minus",  "on",     "join",  "inner", "left",    "right", "full",  "cross",
    "outer",  "and",    "or",    "not",   "in",      "is",    "like",  "between",
    "case",   "when",   "then",  "else",  "end",     "as",    "fetch", "offset",
    "limit",  "exists", "by",    "null",  "distinct"};

bool reserved(const Token& token) {
    return token.kind == TokenKind::Word &&
           std::find(kReserved.begin(), kReserved.end(), token.text) != kReserved.end();
}

class Parser {
public:
    Parser(std::string_view sql, bool allow_with)
        : sql_(sql), tokens_(tokenize(sql)), allow_with_(allow_with) {}

    Parsed parse() {
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
    [[nodiscard]] bool is(std::string_view text, std::size_t ahead = 0) const {
        const Token& token = peek(ahead);
        return (token.kind == TokenKind::Word || token.kind == TokenKind::Symbol) &&
               token.text == text;
    }
    bool take(std::string_view text) {
        if (!is(text)) return false;
        ++at_;
        return true;
    }
    void expect(std::string_view text) {
        if (!take(text)) fail();
    }
    [[noreturn]] void fail() const { throw syntax_error(sql_, peek()); }

    std::unique_ptr<Query> query() {
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

    void read_with(Query& result) {
        expect("with");
        do {
            const std::string name = word();
            expect("as");
            expect("(");
            result.with.emplace_back(name, query());
            expect(")");
        } while (take(","));
    }

    void read_limits(Query& result) {
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

    OrderTerm order_term() {
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

    Select select() {
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

    SelectItem select_item() {
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
        if (take("as"))
            item.alias = word();
        else if (is_name(peek()))
            item.alias = word();
        return item;
    }

    [[nodiscard]] static bool is_name(const Token& token) {
        return token.kind == TokenKind::QuotedWord ||
               (token.kind == TokenKind::Word && !reserved(token));
    }
    std::string word() {
        if (!is_name(peek())) fail();
        return tokens_[at_++].text;
    }
    std::string number() {
        if (peek().kind != TokenKind::Number) fail();
        return tokens_[at_++].text;
    }

    void read_sources(Select& result) {
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

    std::optional<JoinKind> join_words() {
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

    Source source(JoinKind join) {
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

    ExprPtr make(ExprKind kind, std::string text = {}) {
        auto expr = std::make_unique<Expr>();
        expr->kind = kind;
        expr->text = std::move(text);
        return expr;
    }
    ExprPtr binary(std::string op, ExprPtr left, ExprPtr right) {
        if (++operators_ > kMaxOperators)
            throw search_error("Invalid or unsupported search: the query is too complex.");
        ExprPtr expr = make(ExprKind::Binary, std::move(op));
        expr->children.push_back(std::move(left));
        expr->children.push_back(std::move(right));
        return expr;
    }

    ExprPtr expression() {
        const Depth depth(*this);
        ExprPtr left = conjunction();
        while (take("or")) left = binary("or", std::move(left), conjunction());
        return left;
    }
    ExprPtr conjunction() {
        ExprPtr left = negation();
        while (take("and")) left = binary("and", std::move(left), negation());
        return left;
    }
    ExprPtr negation() {
        if (!take("not")) return predicate();
        const Depth depth(*this);
        ExprPtr expr = make(ExprKind::Unary, "not");
        expr->children.push_back(negation());
        return expr;
    }

    ExprPtr predicate() {
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

    ExprPtr in_list(ExprPtr left, bool negated) {
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

    ExprPtr sum() {
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
    ExprPtr product() {
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
    ExprPtr unary() {
        for (const std::string_view op : {"-", "+"})
            if (take(op)) {
                const Depth depth(*this);
                ExprPtr expr = make(ExprKind::Unary, std::string(op));
                expr->children.push_back(unary());
                return expr;
            }
        return primary();
    }

    ExprPtr primary() {
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

    ExprPtr parenthesis() {
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

    ExprPtr named() {
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

    ExprPtr call(const std::string& name) {
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

    ExprPtr case_expression() {
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

}  // namespace

Parsed parse(std::string_view sql, bool allow_with) {
    return Parser(sql, allow_with).parse();
}

}  // namespace carrick::sandbox::netsuite::suiteql
