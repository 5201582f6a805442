// SPDX-License-Identifier: Apache-2.0
// Expressions: operators, comparisons and their types.
#include "examples/sandbox/netsuite/suiteql/translation.hpp"

namespace carrick::sandbox::netsuite::suiteql {

namespace {

bool is_now(std::string_view word) {
    return word == "sysdate" || word == "current_date" || word == "systimestamp" ||
           word == "current_timestamp";
}

}  // namespace

Piece Translator::expression(const Expr& expr, const Scope& scope) {
    switch (expr.kind) {
        case ExprKind::String:
            // Oracle's empty text is null.
            return {expr.text.empty() ? "NULL" : quote(expr.text), SqlType::Text};
        case ExprKind::Number: return {expr.text, SqlType::Number};
        case ExprKind::Null: return {"NULL", SqlType::Unknown};
        case ExprKind::Parameter: return {"?" + std::to_string(expr.index), SqlType::Unknown};
        case ExprKind::Star: return {"*", SqlType::Unknown};
        case ExprKind::Column: return column(expr, scope);
        case ExprKind::Call: return call(expr, scope);
        case ExprKind::Unary: return unary(expr, scope);
        case ExprKind::Binary: return binary(expr, scope);
        case ExprKind::In: return in(expr, scope);
        case ExprKind::Between: return between(expr, scope);
        case ExprKind::Like: return like(expr, scope);
        case ExprKind::IsNull:
            return {"(" + expression(*expr.children[0], scope).sql +
                        (expr.negated ? " IS NOT NULL)" : " IS NULL)"),
                    SqlType::Boolean};
        case ExprKind::Exists: {
            std::vector<Output> outputs;
            return {std::string(expr.negated ? "NOT " : "") + "EXISTS (" +
                        query(*expr.query, &scope, outputs) + ")",
                    SqlType::Boolean};
        }
        case ExprKind::Subquery: {
            std::vector<Output> outputs;
            std::string sql = "(" + query(*expr.query, &scope, outputs) + ")";
            return {std::move(sql), outputs.empty() ? SqlType::Unknown : outputs[0].type};
        }
        case ExprKind::Case: return case_when(expr, scope);
        case ExprKind::ListAgg: return list_agg(expr, scope);
    }
    return {};
}

Piece Translator::column(const Expr& expr, const Scope& scope) {
    if (expr.qualifier.empty() && is_now(expr.text)) return {"ns_now()", SqlType::Date};
    if (expr.qualifier.empty() && expr.text == "rownum")
        return {"row_number() OVER ()", SqlType::Number};
    const Found found = find_column(expr, scope);
    return {name_of(found.binding->alias) + "." + name_of(expr.text), found.type};
}

Piece Translator::unary(const Expr& expr, const Scope& scope) {
    const Piece inner = expression(*expr.children[0], scope);
    if (expr.text == "not") return {"(NOT " + inner.sql + ")", SqlType::Boolean};
    return {"(" + expr.text + inner.sql + ")", SqlType::Number};
}

bool Translator::rownum_comparison(const Expr& expr) {
    if (!is_rownum(*expr.children[0])) return false;
    const Expr& bound = *expr.children[1];
    if (rownum_limit_.empty() ||
        (bound.kind != ExprKind::Number && bound.kind != ExprKind::Parameter) ||
        (expr.text != "<=" && expr.text != "<" && expr.text != "="))
        throw search_error(
            "Invalid or unsupported search: ROWNUM can only be compared with "
            "<, <= or = in this sandbox.");
    std::string limit = bound.kind == ExprKind::Number
                            ? bound.text
                            : "CAST(?" + std::to_string(bound.index) + " AS INTEGER)";
    if (expr.text == "<") limit = "(" + limit + " - 1)";
    rownum_limit_.back() = limit;
    return true;
}

Piece Translator::binary(const Expr& expr, const Scope& scope) {
    const std::string& op = expr.text;
    const bool comparison =
        op == "=" || op == "<>" || op == "<" || op == ">" || op == "<=" || op == ">=";
    if (comparison && rownum_comparison(expr)) return {"1", SqlType::Boolean};
    Piece left = expression(*expr.children[0], scope);
    Piece right = expression(*expr.children[1], scope);
    if (op == "and" || op == "or")
        return {"(" + left.sql + (op == "and" ? " AND " : " OR ") + right.sql + ")",
                SqlType::Boolean};
    if (comparison) {
        align(left, *expr.children[0], right, *expr.children[1]);
        return {"(" + left.sql + " " + op + " " + right.sql + ")", SqlType::Boolean};
    }
    // Null joined to a text is the text.
    if (op == "||")
        return {"nullif(coalesce(ns_text(" + left.sql + "), '') || coalesce(ns_text(" + right.sql +
                    "), ''), '')",
                SqlType::Text};
    if (left.type == SqlType::Date && right.type == SqlType::Date && op == "-")
        return {"ns_days_between(" + left.sql + ", " + right.sql + ")", SqlType::Number};
    if (left.type == SqlType::Date && (op == "+" || op == "-"))
        return {"ns_add_days(" + left.sql + ", " + (op == "-" ? "-(" : "(") + right.sql + "))",
                SqlType::Date};
    if (op == "/")  // SQLite divides whole numbers whole
        return {"(CAST(" + left.sql + " AS REAL) / " + right.sql + ")", SqlType::Number};
    return {"(" + left.sql + " " + op + " " + right.sql + ")", SqlType::Number};
}

void Translator::align(Piece& left, const Expr& left_expr, Piece& right, const Expr& right_expr) {
    adapt(right, right_expr, left.type);
    adapt(left, left_expr, right.type);
}

void Translator::adapt(Piece& piece, const Expr& expr, SqlType other) {
    const bool text = expr.kind == ExprKind::String || expr.kind == ExprKind::Parameter;
    if (!text) return;
    if (other == SqlType::Date) {
        if (expr.kind == ExprKind::Parameter) {
            piece = {"ns_user_date(" + piece.sql + ")", SqlType::Date};
            return;
        }
        const Result<LocalDate> day = parse_user_date(expr.text, dialect_.date_format);
        if (!day)
            throw search_error("Invalid date value '" + expr.text +
                               "': use TO_DATE or the date format of the user.");
        piece = {quote(marked_date(day->text())), SqlType::Date};
    } else if (other == SqlType::Number) {
        piece = {"CAST(" + piece.sql + " AS NUMERIC)", SqlType::Number};
    }
}

Piece Translator::in(const Expr& expr, const Scope& scope) {
    const Piece left = expression(*expr.children[0], scope);
    std::string list;
    if (expr.query) {
        std::vector<Output> outputs;
        list = query(*expr.query, &scope, outputs);
    } else {
        for (std::size_t i = 1; i < expr.children.size(); ++i) {
            Piece value = expression(*expr.children[i], scope);
            adapt(value, *expr.children[i], left.type);
            list += (i > 1 ? ", " : "") + value.sql;
        }
    }
    return {"(" + left.sql + (expr.negated ? " NOT IN (" : " IN (") + list + "))",
            SqlType::Boolean};
}

Piece Translator::between(const Expr& expr, const Scope& scope) {
    const Piece value = expression(*expr.children[0], scope);
    Piece low = expression(*expr.children[1], scope);
    Piece high = expression(*expr.children[2], scope);
    adapt(low, *expr.children[1], value.type);
    adapt(high, *expr.children[2], value.type);
    return {"(" + value.sql + (expr.negated ? " NOT" : "") + " BETWEEN " + low.sql + " AND " +
                high.sql + ")",
            SqlType::Boolean};
}

Piece Translator::like(const Expr& expr, const Scope& scope) {
    std::string sql = "(ns_text(" + expression(*expr.children[0], scope).sql + ")" +
                      (expr.negated ? " NOT LIKE " : " LIKE ") +
                      expression(*expr.children[1], scope).sql;
    if (expr.children.size() == 3) sql += " ESCAPE " + expression(*expr.children[2], scope).sql;
    return {sql + ")", SqlType::Boolean};
}

Piece Translator::case_when(const Expr& expr, const Scope& scope) {
    std::string sql = "CASE";
    std::size_t at = 0;
    if (expr.has_operand) sql += " " + expression(*expr.children[at++], scope).sql;
    const std::size_t end = expr.children.size() - (expr.has_else ? 1 : 0);
    SqlType type = SqlType::Unknown;
    for (; at < end; at += 2) {
        const Piece then = expression(*expr.children[at + 1], scope);
        if (type == SqlType::Unknown) type = then.type;
        sql += " WHEN " + expression(*expr.children[at], scope).sql + " THEN " + then.sql;
    }
    if (expr.has_else) sql += " ELSE " + expression(*expr.children.back(), scope).sql;
    return {sql + " END", type};
}

}  // namespace carrick::sandbox::netsuite::suiteql
