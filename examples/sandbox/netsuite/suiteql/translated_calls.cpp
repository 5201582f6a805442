// SPDX-License-Identifier: Apache-2.0
// Functions: those of SQLite under the dialect's names, and those that it lacks.
#include "examples/sandbox/netsuite/suiteql/translation.hpp"

#include <map>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

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

}  // namespace

Piece Translator::list_agg(const Expr& expr, const Scope& scope) {
    const auto part = [&](std::size_t i) {
        return i < expr.children.size() ? expression(*expr.children[i], scope).sql
                                        : std::string("NULL");
    };
    return {"ns_listagg(" + part(0) + ", " + part(1) + ", " + part(2) + ", " +
                (expr.descending ? "1" : "0") + ")",
            SqlType::Text};
}

Piece Translator::call(const Expr& expr, const Scope& scope) {
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
    return {std::move(sql), function.type == SqlType::Unknown ? arguments[0].type : function.type};
}

Piece Translator::decode(const std::vector<Piece>& arguments) {
    std::string sql = "CASE";
    std::size_t i = 1;
    for (; i + 1 < arguments.size(); i += 2)
        sql += " WHEN " + arguments[0].sql + " IS " + arguments[i].sql + " THEN " +
               arguments[i + 1].sql;
    if (i < arguments.size()) sql += " ELSE " + arguments[i].sql;
    return {sql + " END", arguments[2].type};
}

Piece Translator::builtin(const Expr& expr, const Scope& scope) {
    if ((expr.text != "builtin.df" && expr.text != "builtin.cf") || expr.children.size() != 1 ||
        expr.children[0]->kind != ExprKind::Column)
        throw search_error("Invalid or unsupported search: " + expr.text +
                           " is not part of this sandbox.");
    Piece value = expression(*expr.children[0], scope);
    if (expr.text == "builtin.cf") return value;
    const Found found = find_column(*expr.children[0], scope);
    if (found.column == nullptr || found.column->target.empty()) return value;
    const std::string type_column = found.column->target == "status"
                                        ? name_of(found.binding->alias) + ".\"type\""
                                        : std::string("NULL");
    return {
        "ns_display(" + quote(found.column->target) + ", " + value.sql + ", " + type_column + ")",
        SqlType::Text};
}

}  // namespace carrick::sandbox::netsuite::suiteql
