// SPDX-License-Identifier: Apache-2.0
// The tables of SuiteQL: columns, types, and how a record fills their rows.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox::netsuite::suiteql {

enum class SqlType { Unknown, Text, Number, Date, Boolean };

struct Column {
    std::string name;
    SqlType type = SqlType::Text;
    std::string target{};  ///< what BUILTIN.DF shows: a record type, "status" or ""
    std::string source{};  ///< the record's field; "#" for its id
};

struct Table {
    std::string name;
    std::string owner{};  ///< record type or family whose role permission hides it
    std::vector<Column> columns;
    std::vector<std::string> not_exposed{};  ///< known to NetSuite, refused in SuiteQL

    [[nodiscard]] const Column* column(std::string_view column_name) const;
};

using Cell = std::optional<std::string>;
struct Row {
    const Table* table = nullptr;
    std::vector<Cell> cells;  ///< parallel to the columns
};

/// What of the account's settings stands in the rows themselves.
struct View {
    std::string zone = "UTC";          ///< the user's, for date-times
    bool picked_is_cumulative = true;  ///< picked and packed go on counting what has left

    [[nodiscard]] bool operator==(const View&) const = default;
};

class Tables {
public:
    explicit Tables(const Schema& schema);

    [[nodiscard]] const Table* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Table>& all() const { return tables_; }
    /// All rows that a record has in all tables; the first column of each is what `forget` needs.
    [[nodiscard]] std::vector<Row> rows_of(const Record& record, const View& view) const;
    /// (table, column) pairs by which the rows of a record of a family are found again.
    [[nodiscard]] static std::vector<std::pair<std::string, std::string>> homes_of(
        std::string_view family);

private:
    std::vector<Table> tables_;
};

/// Dates travel through SQLite as text behind this mark, so that the last step knows them.
inline constexpr char kDateMark = '\x1f';
[[nodiscard]] std::string marked_date(std::string_view text);

}  // namespace carrick::sandbox::netsuite::suiteql
