// SPDX-License-Identifier: Apache-2.0
// A parsed SuiteQL statement.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace carrick::sandbox::netsuite::suiteql {

struct Query;

enum class ExprKind {
    String,  ///< text
    Number,  ///< text
    Null,
    Parameter,  ///< index
    Column,     ///< qualifier (may be empty), text
    Star,       ///< qualifier (may be empty)
    Call,       ///< text = function, children = arguments, distinct
    Unary,      ///< text = "-", "+", "not"
    Binary,     ///< text = operator, two children
    In,         ///< children[0] in children[1..] or query; negated
    Between,    ///< three children; negated
    Like,       ///< two or three (ESCAPE) children; negated
    IsNull,     ///< negated
    Exists,     ///< query; negated
    Subquery,   ///< query
    Case,       ///< children: [operand] when then ... [else]; has_operand, has_else
    ListAgg,    ///< children: value, separator, [order]; descending
};

struct Expr {
    ExprKind kind = ExprKind::Null;
    std::string text{};
    std::string qualifier{};
    std::size_t index = 0;
    bool negated = false;
    bool distinct = false;
    bool descending = false;
    bool has_operand = false;
    bool has_else = false;
    std::vector<std::unique_ptr<Expr>> children{};
    std::unique_ptr<Query> query{};
};

using ExprPtr = std::unique_ptr<Expr>;

struct SelectItem {
    ExprPtr expr;
    std::string alias;
};

enum class JoinKind { First, Comma, Inner, Left, Right, Full, Cross };

struct Source {
    JoinKind join = JoinKind::First;
    std::string table;  ///< empty for a subquery
    std::unique_ptr<Query> query;
    std::string alias;
    ExprPtr on;
};

struct OrderTerm {
    ExprPtr expr;
    bool descending = false;
    std::string nulls;  ///< "first", "last" or ""
};

struct Select {
    bool distinct = false;
    std::optional<std::string> top;
    std::vector<SelectItem> items;
    std::vector<Source> from;
    ExprPtr where;
    std::vector<ExprPtr> group_by;
    ExprPtr having;
};

struct Query {
    struct Part {
        std::string set_operator;  ///< "", "union", "union all", "intersect", "minus"
        Select select;
    };
    std::vector<std::pair<std::string, std::unique_ptr<Query>>> with;
    std::vector<Part> parts;
    std::vector<OrderTerm> order_by;
    std::optional<std::string> offset;
    std::optional<std::string> fetch;
};

}  // namespace carrick::sandbox::netsuite::suiteql
