// SPDX-License-Identifier: Apache-2.0
// Binds a parsed statement to the tables and writes it as SQLite.
#pragma once

#include "examples/sandbox/netsuite/suiteql/ast.hpp"
#include "examples/sandbox/netsuite/suiteql/tables.hpp"

#include <functional>
#include <string>

namespace carrick::sandbox::netsuite::suiteql {

struct Dialect {
    std::string date_format;
    /// Tables that this account or role does not have.
    std::function<bool(const Table&)> hidden;
    /// Tables of which the role sees no rows, without being told.
    std::function<bool(const Table&)> empty;
    /// Columns that this account does not have.
    std::function<bool(const Column&)> absent;
};

/// The statement for SQLite; parameters become ?1, ?2, ... Throws Refusal for unknown tables,
/// columns, aliases and functions, in NetSuite's words.
[[nodiscard]] std::string translate(const Query& query, const Tables& tables,
                                    const Dialect& dialect);

}  // namespace carrick::sandbox::netsuite::suiteql
