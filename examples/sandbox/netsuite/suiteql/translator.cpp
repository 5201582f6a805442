// SPDX-License-Identifier: Apache-2.0
// Statements, and whose columns their names mean.
#include "examples/sandbox/netsuite/suiteql/translation.hpp"

namespace carrick::sandbox::netsuite::suiteql {

std::string quote(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
    return result + "'";
}
std::string name_of(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

std::string Translator::query(const Query& query, const Scope* parent,
                              std::vector<Output>& outputs) {
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
                   (part.set_operator == "minus" ? std::string("EXCEPT") : part.set_operator) + " ";
        std::vector<Output> columns;
        scope = Scope{parent, {}};
        sql += select(part.select, scope, columns, simple ? &query : nullptr);
        if (first) outputs = std::move(columns);
        first = false;
    }
    if (!simple && !query.order_by.empty()) sql += " ORDER BY " + order_by(query, scope, outputs);
    if (!simple) sql += limits(query, std::nullopt);
    with_.resize(common);
    return sql;
}

std::string Translator::select(const Select& select, Scope& scope, std::vector<Output>& outputs,
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

std::string Translator::limits(const Query& query, const std::optional<std::string>& top) {
    std::string sql;
    if (query.fetch || top)
        sql = " LIMIT " + (query.fetch ? *query.fetch : *top);
    else if (query.offset)
        sql = " LIMIT -1";
    if (query.offset) sql += " OFFSET " + *query.offset;
    return sql;
}

std::string Translator::bind(const Source& source, Scope& scope) {
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

std::string Translator::select_item(const SelectItem& item, const Scope& scope,
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
            if (!item.expr->qualifier.empty() && binding.alias != item.expr->qualifier) continue;
            any = true;
            for (const Output& column : columns_of(binding))
                add(name_of(binding.alias) + "." + name_of(column.name), column.name, column.type);
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

std::vector<Output> Translator::columns_of(const Binding& binding) {
    if (binding.table == nullptr) return binding.outputs;
    std::vector<Output> columns;
    for (const Column& column : binding.table->columns)
        columns.push_back({column.name, column.type});
    return columns;
}

std::string Translator::order_by(const Query& query, const Scope& scope,
                                 const std::vector<Output>& outputs, bool wrapped) {
    std::string sql;
    for (const OrderTerm& term : query.order_by) {
        if (!sql.empty()) sql += ", ";
        const Expr& expr = *term.expr;
        const bool output = expr.kind == ExprKind::Column && (expr.qualifier.empty() || wrapped) &&
                            std::any_of(outputs.begin(), outputs.end(), [&](const Output& column) {
                                return column.name == expr.text;
                            });
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

void Translator::unknown_identifier(const std::string& name, const Scope& scope) {
    std::string known;
    for (const Binding& binding : scope.bindings)
        known += (known.empty() ? "" : ", ") + binding.alias + "=" + binding.record;
    throw search_error("Unknown identifier '" + name + "'. Available identifiers are: {" + known +
                       "}");
}

const Output* Translator::find_output(const Binding& binding, std::string_view name) {
    for (const Output& column : binding.outputs)
        if (column.name == name) return &column;
    return nullptr;
}

Translator::Found Translator::find_column(const Expr& expr, const Scope& scope) {
    for (const Scope* at = &scope; at != nullptr; at = at->parent) {
        Found found;
        for (const Binding& binding : at->bindings) {
            if (!expr.qualifier.empty() && binding.alias != expr.qualifier) continue;
            if (binding.table != nullptr) {
                const Column* column = binding.table->column(expr.text);
                if (column != nullptr && dialect_.absent && dialect_.absent(*column))
                    column = nullptr;
                if (column != nullptr) {
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

Refusal Translator::field_not_found(const Table& table, const std::string& name) {
    const bool internal = std::find(table.not_exposed.begin(), table.not_exposed.end(), name) !=
                          table.not_exposed.end();
    return search_error(
        "Field '" + name + "' for record '" + table.name + "' was not found. Reason: " +
        (internal ? "NOT_EXPOSED - Field is not exposed to search" : "REMOVED - Field is removed"));
}

std::string translate(const Query& query, const Tables& tables, const Dialect& dialect) {
    std::vector<Output> outputs;
    return Translator(tables, dialect).query(query, nullptr, outputs);
}

}  // namespace carrick::sandbox::netsuite::suiteql
