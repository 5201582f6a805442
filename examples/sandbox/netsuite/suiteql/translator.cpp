// SPDX-License-Identifier: Apache-2.0
// Oracle's dialect on SQLite: types decide where dates, empty texts and numbers need help.
#include "examples/sandbox/netsuite/suiteql/translator.hpp"

#include "examples/sandbox/netsuite/filter.hpp"
#include "examples/sandbox/netsuite/suiteql/lexer.hpp"

#include <algorithm>
#include <map>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

std::string quote(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
    return result + "'";
}
std::string name_of(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

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

/// name -> SQLite function, result type, arguments at least and at most.
struct Function {
    std::string_view sqlite;
    SqlType type;
    std::size_t least;
    std::size_t most;
};

const std::map<std::string_view, Function>& functions() {
    static const std::map<std::string_view, Function> kFunctions{
        {"abs", {"abs", SqlType::Number, 1, 1}},
        {"round", {"round", SqlType::Number, 1, 2}},
        {"ceil", {"ceil", SqlType::Number, 1, 1}},
        {"floor", {"floor", SqlType::Number, 1, 1}},
        {"sign", {"sign", SqlType::Number, 1, 1}},
        {"mod", {"ns_mod", SqlType::Number, 2, 2}},
        {"upper", {"upper", SqlType::Text, 1, 1}},
        {"lower", {"lower", SqlType::Text, 1, 1}},
        {"trim", {"trim", SqlType::Text, 1, 1}},
        {"ltrim", {"ltrim", SqlType::Text, 1, 2}},
        {"rtrim", {"rtrim", SqlType::Text, 1, 2}},
        {"replace", {"replace", SqlType::Text, 3, 3}},
        {"substr", {"substr", SqlType::Text, 2, 3}},
        {"instr", {"instr", SqlType::Number, 2, 2}},
        {"length", {"length", SqlType::Number, 1, 1}},
        {"to_char", {"ns_to_char", SqlType::Text, 1, 2}},
        {"to_date", {"ns_to_date", SqlType::Date, 1, 2}},
        {"to_timestamp", {"ns_to_date", SqlType::Date, 1, 2}},
        {"to_timestamp_tz", {"ns_to_date", SqlType::Date, 1, 2}},
        {"add_months", {"ns_add_months", SqlType::Date, 2, 2}},
        {"count", {"count", SqlType::Number, 1, 1}},
        {"sum", {"ns_sum", SqlType::Number, 1, 1}},
        {"avg", {"avg", SqlType::Number, 1, 1}},
        {"min", {"min", SqlType::Unknown, 1, 1}},
        {"max", {"max", SqlType::Unknown, 1, 1}},
        {"coalesce", {"coalesce", SqlType::Unknown, 2, 99}},
        {"nvl", {"coalesce", SqlType::Unknown, 2, 2}},
        {"nullif", {"nullif", SqlType::Unknown, 2, 2}},
        {"greatest", {"max", SqlType::Unknown, 2, 99}},
        {"least", {"min", SqlType::Unknown, 2, 99}},
    };
    return kFunctions;
}

bool is_now(std::string_view word) {
    return word == "sysdate" || word == "current_date" || word == "systimestamp" ||
           word == "current_timestamp";
}

class Translator {
public:
    Translator(const Tables& tables, const Dialect& dialect) : tables_(tables), dialect_(dialect) {}

    std::string query(const Query& query, const Scope* parent, std::vector<Output>& outputs) {
        const std::size_t common = with_.size();
        std::string sql;
        for (const auto& [name, inner] : query.with) {
            std::vector<Output> columns;
            sql += (sql.empty() ? "WITH " : ", ") + name_of(name) + " AS (" +
                   this->query(*inner, parent, columns) + ")";
            with_.emplace_back(name, std::move(columns));
        }
        if (!sql.empty()) sql += " ";
        const bool simple = query.parts.size() == 1;
        bool first = true;
        Scope scope;
        for (const Query::Part& part : query.parts) {
            if (!part.set_operator.empty())
                sql += " " +
                       (part.set_operator == "minus" ? std::string("EXCEPT") : part.set_operator) +
                       " ";
            std::vector<Output> columns;
            scope = Scope{parent, {}};
            sql += select(part.select, scope, columns, simple ? &query : nullptr);
            if (first) outputs = std::move(columns);
            first = false;
        }
        if (!simple && !query.order_by.empty())
            sql += " ORDER BY " + order_by(query, scope, outputs);
        if (!simple) sql += limits(query, std::nullopt);
        with_.resize(common);
        return sql;
    }

private:
    // --- SELECT -----------------------------------------------------------------------------

    std::string select(const Select& select, Scope& scope, std::vector<Output>& outputs,
                       const Query* tail) {
        std::string from;
        for (const Source& source : select.from) from += bind(source, scope);
        rownum_limit_.push_back({});
        std::string where;
        if (select.where) where = " WHERE " + condition(*select.where, scope);
        const std::optional<std::string> rownum = rownum_limit_.back();
        rownum_limit_.pop_back();

        std::string items;
        for (const SelectItem& item : select.items)
            items += select_item(item, scope, outputs, items.empty());
        std::string sql = std::string("SELECT ") + (select.distinct ? "DISTINCT " : "") + items +
                          " FROM " + from + where;
        if (!select.group_by.empty()) {
            sql += " GROUP BY ";
            bool first = true;
            for (const ExprPtr& expr : select.group_by) {
                sql += (first ? "" : ", ") + expression(*expr, scope).sql;
                first = false;
            }
        }
        if (select.having) sql += " HAVING " + condition(*select.having, scope);
        if (tail == nullptr) return sql + (rownum ? " LIMIT " + *rownum : "");
        // Oracle numbers rows before it sorts them.
        if (rownum && !tail->order_by.empty()) {
            sql = "SELECT * FROM (" + sql + " LIMIT " + *rownum + ")";
            sql += " ORDER BY " + order_by(*tail, scope, outputs, true);
            return sql + limits(*tail, select.top);
        }
        if (!tail->order_by.empty()) sql += " ORDER BY " + order_by(*tail, scope, outputs);
        if (rownum) return sql + " LIMIT " + *rownum;
        return sql + limits(*tail, select.top);
    }

    static std::string limits(const Query& query, const std::optional<std::string>& top) {
        std::string sql;
        if (query.fetch || top)
            sql = " LIMIT " + (query.fetch ? *query.fetch : *top);
        else if (query.offset)
            sql = " LIMIT -1";
        if (query.offset) sql += " OFFSET " + *query.offset;
        return sql;
    }

    std::string bind(const Source& source, Scope& scope) {
        Binding binding;
        binding.alias =
            source.alias.empty() ? "sub" + std::to_string(scope.bindings.size()) : source.alias;
        std::string sql;
        if (source.query) {
            sql = "(" + query(*source.query, scope.parent, binding.outputs) + ")";
            binding.record = binding.alias;
        } else if (const auto common =
                       std::find_if(with_.rbegin(), with_.rend(),
                                    [&](const auto& entry) { return entry.first == source.table; });
                   common != with_.rend()) {
            binding.outputs = common->second;
            binding.record = source.table;
            sql = name_of(source.table);
        } else {
            binding.table = tables_.find(source.table);
            if (binding.table == nullptr || dialect_.hidden(*binding.table))
                throw search_error("Record '" + source.table +
                                   "' was not found. Reason: REMOVED - Record is removed");
            binding.record = source.table;
            sql = dialect_.empty(*binding.table)
                      ? "(SELECT * FROM " + name_of(source.table) + " WHERE 0)"
                      : name_of(source.table);
        }
        sql += " AS " + name_of(binding.alias);
        scope.bindings.push_back(std::move(binding));
        static const std::map<JoinKind, std::string_view> kJoins{{JoinKind::First, ""},
                                                                 {JoinKind::Comma, ", "},
                                                                 {JoinKind::Inner, " JOIN "},
                                                                 {JoinKind::Left, " LEFT JOIN "},
                                                                 {JoinKind::Right, " RIGHT JOIN "},
                                                                 {JoinKind::Full, " FULL JOIN "},
                                                                 {JoinKind::Cross, " CROSS JOIN "}};
        sql = std::string(kJoins.at(source.join)) + sql;
        if (source.on) sql += " ON " + condition(*source.on, scope);
        return sql;
    }

    std::string select_item(const SelectItem& item, const Scope& scope,
                            std::vector<Output>& outputs, bool first) {
        std::string sql;
        const auto add = [&](const std::string& text, const std::string& name, SqlType type) {
            sql += (first ? "" : ", ") + text + " AS " + name_of(name);
            first = false;
            outputs.push_back({name, type});
        };
        if (item.expr->kind == ExprKind::Star) {
            bool any = false;
            for (const Binding& binding : scope.bindings) {
                if (!item.expr->qualifier.empty() && binding.alias != item.expr->qualifier)
                    continue;
                any = true;
                for (const Output& column : columns_of(binding))
                    add(name_of(binding.alias) + "." + name_of(column.name), column.name,
                        column.type);
            }
            if (!any) unknown_identifier(item.expr->qualifier, scope);
            return sql;
        }
        const Piece piece = expression(*item.expr, scope);
        std::string name = item.alias;
        if (name.empty() && item.expr->kind == ExprKind::Column) name = item.expr->text;
        if (name.empty()) name = "expr" + std::to_string(outputs.size() + 1);
        add(piece.sql, name, piece.type);
        return sql;
    }

    static std::vector<Output> columns_of(const Binding& binding) {
        if (binding.table == nullptr) return binding.outputs;
        std::vector<Output> columns;
        for (const Column& column : binding.table->columns)
            columns.push_back({column.name, column.type});
        return columns;
    }

    /// `wrapped`: the rows come from a subquery, so only its output names exist.
    std::string order_by(const Query& query, const Scope& scope, const std::vector<Output>& outputs,
                         bool wrapped = false) {
        std::string sql;
        for (const OrderTerm& term : query.order_by) {
            if (!sql.empty()) sql += ", ";
            const Expr& expr = *term.expr;
            const bool output =
                expr.kind == ExprKind::Column && (expr.qualifier.empty() || wrapped) &&
                std::any_of(outputs.begin(), outputs.end(),
                            [&](const Output& column) { return column.name == expr.text; });
            if (expr.kind == ExprKind::Number)
                sql += expr.text;
            else if (output)
                sql += name_of(expr.text);
            else if (wrapped)
                throw search_error(
                    "Invalid or unsupported search: with ROWNUM, ORDER BY may only "
                    "name selected columns in this sandbox.");
            else
                sql += expression(expr, scope).sql;
            if (term.descending) sql += " DESC";
            // Oracle sorts nulls last when ascending, first when descending; SQLite does the
            // opposite.
            sql += term.nulls.empty() ? (term.descending ? " NULLS FIRST" : " NULLS LAST")
                                      : " NULLS " + term.nulls;
        }
        return sql;
    }

    // --- names ------------------------------------------------------------------------------

    [[noreturn]] static void unknown_identifier(const std::string& name, const Scope& scope) {
        std::string known;
        for (const Binding& binding : scope.bindings)
            known += (known.empty() ? "" : ", ") + binding.alias + "=" + binding.record;
        throw search_error("Unknown identifier '" + name + "'. Available identifiers are: {" +
                           known + "}");
    }

    static const Output* find_output(const Binding& binding, std::string_view name) {
        for (const Output& column : binding.outputs)
            if (column.name == name) return &column;
        return nullptr;
    }

    struct Found {
        const Binding* binding = nullptr;
        const Column* column = nullptr;  ///< null for a subquery's column
        SqlType type = SqlType::Unknown;
    };

    Found find_column(const Expr& expr, const Scope& scope) {
        for (const Scope* at = &scope; at != nullptr; at = at->parent) {
            Found found;
            for (const Binding& binding : at->bindings) {
                if (!expr.qualifier.empty() && binding.alias != expr.qualifier) continue;
                if (binding.table != nullptr) {
                    if (const Column* column = binding.table->column(expr.text)) {
                        if (found.binding != nullptr)
                            throw search_error("Field '" + expr.text +
                                               "' is ambiguous. Use a record alias.");
                        found = {&binding, column, column->type};
                    } else if (!expr.qualifier.empty()) {
                        throw field_not_found(*binding.table, expr.text);
                    }
                } else if (const Output* output = find_output(binding, expr.text)) {
                    found = {&binding, nullptr, output->type};
                } else if (!expr.qualifier.empty()) {
                    unknown_identifier(expr.text, *at);
                }
            }
            if (found.binding != nullptr) return found;
        }
        if (expr.qualifier.empty())
            for (const Binding& binding : scope.bindings)
                if (binding.table != nullptr &&
                    std::find(binding.table->not_exposed.begin(), binding.table->not_exposed.end(),
                              expr.text) != binding.table->not_exposed.end())
                    throw field_not_found(*binding.table, expr.text);
        unknown_identifier(expr.qualifier.empty() ? expr.text : expr.qualifier, scope);
    }

    static Refusal field_not_found(const Table& table, const std::string& name) {
        const bool internal = std::find(table.not_exposed.begin(), table.not_exposed.end(), name) !=
                              table.not_exposed.end();
        return search_error("Field '" + name + "' for record '" + table.name +
                            "' was not found. Reason: " +
                            (internal ? "NOT_EXPOSED - Field is not exposed to search"
                                      : "REMOVED - Field is removed"));
    }

    // --- expressions ------------------------------------------------------------------------

    std::string condition(const Expr& expr, const Scope& scope) {
        return expression(expr, scope).sql;
    }

    Piece expression(const Expr& expr, const Scope& scope) {
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

    Piece column(const Expr& expr, const Scope& scope) {
        if (expr.qualifier.empty() && is_now(expr.text)) return {"ns_now()", SqlType::Date};
        if (expr.qualifier.empty() && expr.text == "rownum")
            return {"row_number() OVER ()", SqlType::Number};
        const Found found = find_column(expr, scope);
        return {name_of(found.binding->alias) + "." + name_of(expr.text), found.type};
    }

    Piece unary(const Expr& expr, const Scope& scope) {
        const Piece inner = expression(*expr.children[0], scope);
        if (expr.text == "not") return {"(NOT " + inner.sql + ")", SqlType::Boolean};
        return {"(" + expr.text + inner.sql + ")", SqlType::Number};
    }

    static bool is_rownum(const Expr& expr) {
        return expr.kind == ExprKind::Column && expr.qualifier.empty() && expr.text == "rownum";
    }

    /// ROWNUM <= 10, ROWNUM < 11, ROWNUM = 1: become the LIMIT of this SELECT.
    bool rownum_comparison(const Expr& expr) {
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

    Piece binary(const Expr& expr, const Scope& scope) {
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
            return {"nullif(coalesce(ns_text(" + left.sql + "), '') || coalesce(ns_text(" +
                        right.sql + "), ''), '')",
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

    /// Brings both sides of a comparison to one type, as Oracle's implicit conversion does.
    void align(Piece& left, const Expr& left_expr, Piece& right, const Expr& right_expr) {
        adapt(right, right_expr, left.type);
        adapt(left, left_expr, right.type);
    }
    void adapt(Piece& piece, const Expr& expr, SqlType other) {
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

    Piece in(const Expr& expr, const Scope& scope) {
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

    Piece between(const Expr& expr, const Scope& scope) {
        const Piece value = expression(*expr.children[0], scope);
        Piece low = expression(*expr.children[1], scope);
        Piece high = expression(*expr.children[2], scope);
        adapt(low, *expr.children[1], value.type);
        adapt(high, *expr.children[2], value.type);
        return {"(" + value.sql + (expr.negated ? " NOT" : "") + " BETWEEN " + low.sql + " AND " +
                    high.sql + ")",
                SqlType::Boolean};
    }

    Piece like(const Expr& expr, const Scope& scope) {
        std::string sql = "(ns_text(" + expression(*expr.children[0], scope).sql + ")" +
                          (expr.negated ? " NOT LIKE " : " LIKE ") +
                          expression(*expr.children[1], scope).sql;
        if (expr.children.size() == 3) sql += " ESCAPE " + expression(*expr.children[2], scope).sql;
        return {sql + ")", SqlType::Boolean};
    }

    Piece case_when(const Expr& expr, const Scope& scope) {
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

    Piece list_agg(const Expr& expr, const Scope& scope) {
        const auto part = [&](std::size_t i) {
            return i < expr.children.size() ? expression(*expr.children[i], scope).sql
                                            : std::string("NULL");
        };
        return {"ns_listagg(" + part(0) + ", " + part(1) + ", " + part(2) + ", " +
                    (expr.descending ? "1" : "0") + ")",
                SqlType::Text};
    }

    Piece call(const Expr& expr, const Scope& scope) {
        const std::string& name = expr.text;
        if (name.starts_with("builtin.")) return builtin(expr, scope);
        std::vector<Piece> arguments;
        for (const ExprPtr& child : expr.children) arguments.push_back(expression(*child, scope));
        const auto argument = [&](std::size_t i) { return arguments[i].sql; };
        const std::size_t count = arguments.size();
        if (name == "nvl2" && count == 3)
            return {"CASE WHEN " + argument(0) + " IS NOT NULL THEN " + argument(1) + " ELSE " +
                        argument(2) + " END",
                    arguments[1].type};
        if (name == "concat" && count == 2)
            return {"nullif(coalesce(ns_text(" + argument(0) + "), '') || coalesce(ns_text(" +
                        argument(1) + "), ''), '')",
                    SqlType::Text};
        if (name == "decode" && count >= 3) return decode(arguments);
        if (name == "to_number" && count >= 1)
            return {"CAST(" + argument(0) + " AS NUMERIC)", SqlType::Number};
        if (name == "trunc" && count >= 1)
            return arguments[0].type == SqlType::Date
                       ? Piece{"ns_trunc_date(" + argument(0) + ")", SqlType::Date}
                       : Piece{"CAST(" + argument(0) + " AS INTEGER)", SqlType::Number};
        const auto found = functions().find(name);
        if (found == functions().end() || count < found->second.least || count > found->second.most)
            throw search_error(
                "Invalid or unsupported search: unknown function or wrong number of "
                "arguments: " +
                name + ".");
        const Function& function = found->second;
        std::string list;
        for (std::size_t i = 0; i < count; ++i) list += (i > 0 ? ", " : "") + argument(i);
        std::string sql =
            std::string(function.sqlite) + "(" + (expr.distinct ? "DISTINCT " : "") + list + ")";
        if (name == "sum") sql = "CAST(" + sql + " AS NUMERIC)";
        return {std::move(sql),
                function.type == SqlType::Unknown ? arguments[0].type : function.type};
    }

    Piece decode(const std::vector<Piece>& arguments) {
        std::string sql = "CASE";
        std::size_t i = 1;
        for (; i + 1 < arguments.size(); i += 2)
            sql += " WHEN " + arguments[0].sql + " IS " + arguments[i].sql + " THEN " +
                   arguments[i + 1].sql;
        if (i < arguments.size()) sql += " ELSE " + arguments[i].sql;
        return {sql + " END", arguments[2].type};
    }

    /// BUILTIN.DF(column): what people see instead of the id. BUILTIN.CF(column): the column.
    Piece builtin(const Expr& expr, const Scope& scope) {
        if ((expr.text != "builtin.df" && expr.text != "builtin.cf") || expr.children.size() != 1 ||
            expr.children[0]->kind != ExprKind::Column)
            throw search_error("Invalid or unsupported search: " + expr.text +
                               " is not part of this sandbox.");
        const Piece value = expression(*expr.children[0], scope);
        if (expr.text == "builtin.cf") return value;
        const Found found = find_column(*expr.children[0], scope);
        if (found.column == nullptr || found.column->target.empty()) return value;
        const std::string type_column = found.column->target == "status"
                                            ? name_of(found.binding->alias) + ".\"type\""
                                            : std::string("NULL");
        return {"ns_display(" + quote(found.column->target) + ", " + value.sql + ", " +
                    type_column + ")",
                SqlType::Text};
    }

    const Tables& tables_;
    const Dialect& dialect_;
    std::vector<std::pair<std::string, std::vector<Output>>> with_;
    std::vector<std::optional<std::string>> rownum_limit_;
};

}  // namespace

std::string translate(const Query& query, const Tables& tables, const Dialect& dialect) {
    std::vector<Output> outputs;
    return Translator(tables, dialect).query(query, nullptr, outputs);
}

}  // namespace carrick::sandbox::netsuite::suiteql
