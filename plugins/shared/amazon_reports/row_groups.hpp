// SPDX-License-Identifier: Apache-2.0
// RowGroups: the rows of a report that belong together (of one order, of one shipment), page by
// page.
//
// Amazon writes the rows of an order one after the other, but promises it nowhere, and half an
// order is a wrong order. So a document is looked through once before it is read: one that was cut
// off is refused as a whole, keys whose rows stand apart are given out first, collected; all others
// as they come, in bounded memory.
#pragma once

#include "plugins/shared/report_text/columns.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace carrick::plugins {

/// One row of a group, with text of its own.
struct OwnedRow {
    std::uint64_t line = 0;
    std::string text;
};

/// The rows of one key, in the report's order.
struct RowGroup {
    std::string key;
    std::vector<OwnedRow> rows;
    std::uint64_t end = 0;        ///< offset behind its last row
    std::uint64_t next_line = 0;  ///< the line there
};

/// Keys whose rows stand apart, with all their rows. Empty for most documents.
using ScatteredRows = std::map<std::string, std::vector<OwnedRow>, std::less<>>;

/// The key of a row.
/// Errors   Rejected `report.row_without_key`  with the line.
[[nodiscard]] Result<std::string_view> key_of(const TableRow& row, const Columns& columns,
                                              std::string_view key_column);

/// Looks a whole document through. `open` gives its text from the start, twice at most.
/// Errors   of TableReader and Columns; Rejected `report.row_without_key`  with the line;
///          Rejected `report.cut_short`  it ends in the middle of a row;
///          Rejected `report.scattered`  so many rows stand apart that this is no such report.
[[nodiscard]] Result<ScatteredRows> find_scattered(
    const std::function<Result<std::unique_ptr<TextSource>>()>& open, std::string_view key_column);

/// Reads groups one after the other, from any row on.
class GroupReader {
public:
    GroupReader(TableReader& reader, const Columns& columns, std::string_view key_column,
                const ScatteredRows& scattered)
        : reader_(reader), columns_(columns), key_column_(key_column), scattered_(scattered) {}

    /// False at the end of the document.
    [[nodiscard]] Result<bool> next(RowGroup& group);

    /// The row that ended the last group and begins the next one, as it stands in the text.
    struct Ahead {
        std::uint64_t line = 0;
        std::uint64_t offset = 0;
        std::string text;  ///< with its line end
    };
    [[nodiscard]] const std::optional<Ahead>& ahead() const { return ahead_; }

private:
    void take(RowGroup& group, std::string_view key, const TableRow& row);

    TableReader& reader_;
    const Columns& columns_;
    std::string_view key_column_;
    const ScatteredRows& scattered_;
    std::optional<Ahead> ahead_;
    RowGroup begun_;  // with the row ahead
    bool ended_ = false;
};

/// A row of a group as fields again. Valid while `row` is. Not copied: its fields point into
/// itself.
class ParsedRow {
public:
    ParsedRow(const OwnedRow& row, const Columns& columns);
    ParsedRow(ParsedRow&&) = default;
    ParsedRow(const ParsedRow&) = delete;
    ParsedRow& operator=(const ParsedRow&) = delete;
    ParsedRow& operator=(ParsedRow&&) = delete;
    ~ParsedRow() = default;
    [[nodiscard]] std::string_view get(std::string_view column) const {
        return columns_.get(row_, column);
    }
    [[nodiscard]] std::uint64_t line() const { return row_.line; }
    /// Errors   Rejected `report.row_too_long`.
    [[nodiscard]] Result<void> check() const;

private:
    const Columns& columns_;
    std::vector<std::string_view> fields_;
    TableRow row_;
};

}  // namespace carrick::plugins
