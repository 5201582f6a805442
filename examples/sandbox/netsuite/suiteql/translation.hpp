// SPDX-License-Identifier: Apache-2.0
// Oracle's dialect on SQLite: types decide where dates, empty texts and numbers need help. One
// statement on its way: statements and names in translator.cpp, expressions in
// translated_expressions.cpp, functions in translated_calls.cpp.
#pragma once

#include "examples/sandbox/netsuite/suiteql/translator.hpp"

#include "examples/sandbox/netsuite/filter.hpp"
#include "examples/sandbox/netsuite/suiteql/lexer.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carrick::sandbox::netsuite::suiteql {

/// As a text, and as a name, of SQLite.
[[nodiscard]] std::string quote(std::string_view text);
[[nodiscard]] std::string name_of(std::string_view text);

/// A piece of SQLite and what kind of value it yields.
struct Piece {
    std::string sql;
    SqlType type = SqlType::Unknown;
};

struct Output {
    std::string name;
    SqlType type = SqlType::Unknown;
};

/// One entry of a FROM clause.
struct Binding {
    std::string alias;
    std::string record;  ///< the table's name, for messages
    const Table* table = nullptr;
    std::vector<Output> outputs;  ///< of a subquery
};

struct Scope {
    const Scope* parent = nullptr;
    std::vector<Binding> bindings;
};

class Translator {
public:
    Translator(const Tables& tables, const Dialect& dialect) : tables_(tables), dialect_(dialect) {}

    std::string query(const Query& query, const Scope* parent, std::vector<Output>& outputs);

private:
    // --- SELECT -----------------------------------------------------------------------------

    std::string select(const Select& select, Scope& scope, std::vector<Output>& outputs,
                       const Query* tail);
    static std::string limits(const Query& query, const std::optional<std::string>& top);
    std::string bind(const Source& source, Scope& scope);
    std::string select_item(const SelectItem& item, const Scope& scope,
                            std::vector<Output>& outputs, bool first);
    static std::vector<Output> columns_of(const Binding& binding);

    /// `wrapped`: the rows come from a subquery, so only its output names exist.
    std::string order_by(const Query& query, const Scope& scope, const std::vector<Output>& outputs,
                         bool wrapped = false);

    // --- names ------------------------------------------------------------------------------

    [[noreturn]] static void unknown_identifier(const std::string& name, const Scope& scope);
    static const Output* find_output(const Binding& binding, std::string_view name);

    struct Found {
        const Binding* binding = nullptr;
        const Column* column = nullptr;  ///< null for a subquery's column
        SqlType type = SqlType::Unknown;
    };

    Found find_column(const Expr& expr, const Scope& scope);
    static Refusal field_not_found(const Table& table, const std::string& name);

    // --- expressions ------------------------------------------------------------------------

    std::string condition(const Expr& expr, const Scope& scope) {
        return expression(expr, scope).sql;
    }

    Piece expression(const Expr& expr, const Scope& scope);
    Piece column(const Expr& expr, const Scope& scope);
    Piece unary(const Expr& expr, const Scope& scope);
    static bool is_rownum(const Expr& expr) {
        return expr.kind == ExprKind::Column && expr.qualifier.empty() && expr.text == "rownum";
    }

    /// ROWNUM <= 10, ROWNUM < 11, ROWNUM = 1: become the LIMIT of this SELECT.
    bool rownum_comparison(const Expr& expr);
    Piece binary(const Expr& expr, const Scope& scope);

    /// Brings both sides of a comparison to one type, as Oracle's implicit conversion does.
    void align(Piece& left, const Expr& left_expr, Piece& right, const Expr& right_expr);
    void adapt(Piece& piece, const Expr& expr, SqlType other);
    Piece in(const Expr& expr, const Scope& scope);
    Piece between(const Expr& expr, const Scope& scope);
    Piece like(const Expr& expr, const Scope& scope);
    Piece case_when(const Expr& expr, const Scope& scope);
    Piece list_agg(const Expr& expr, const Scope& scope);
    Piece call(const Expr& expr, const Scope& scope);
    Piece decode(const std::vector<Piece>& arguments);

    /// BUILTIN.DF(column): what people see instead of the id. BUILTIN.CF(column): the column.
    Piece builtin(const Expr& expr, const Scope& scope);

    const Tables& tables_;
    const Dialect& dialect_;
    std::vector<std::pair<std::string, std::vector<Output>>> with_;
    std::vector<std::optional<std::string>> rownum_limit_;
};

}  // namespace carrick::sandbox::netsuite::suiteql
