// SPDX-License-Identifier: Apache-2.0
// Columns: a report's columns found by name, never by position. Amazon adds, leaves out and moves
// them by region, by year and by what the seller has switched on.
#pragma once

#include "plugins/shared/report_text/table_reader.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace carrick::plugins {

/// "Order ID", "order_id" and " order-id " are one name: "order-id".
[[nodiscard]] std::string column_name(std::string_view text);

class Columns {
public:
    Columns() = default;
    /// Errors   Rejected `report.column_twice`  two columns of one name.
    [[nodiscard]] static Result<Columns> from_header(const TableRow& header);

    /// Errors   Rejected `report.column_missing`  names all that are missing, and what there is.
    [[nodiscard]] Result<void> require(std::initializer_list<std::string_view> names) const;
    [[nodiscard]] bool has(std::string_view name) const { return places_.contains(name); }
    [[nodiscard]] std::size_t size() const { return count_; }

    /// The field, trimmed; "" where the report has no such column or the row ends before it:
    /// trailing empty fields may be cut off.
    [[nodiscard]] std::string_view get(const TableRow& row, std::string_view name) const;

    /// A row with more fields than the header has its values in the wrong columns.
    /// Errors   Rejected `report.row_too_long`.
    [[nodiscard]] Result<void> check(const TableRow& row) const;

private:
    std::map<std::string, std::size_t, std::less<>> places_;
    std::size_t count_ = 0;
};

}  // namespace carrick::plugins
