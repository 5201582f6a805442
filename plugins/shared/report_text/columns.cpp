// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/report_text/columns.hpp"

namespace carrick::plugins {

std::string column_name(std::string_view text) {
    std::string name;
    for (const char c : trimmed(text)) {
        if (c == '_' || c == ' ')
            name += '-';
        else
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return name;
}

Result<Columns> Columns::from_header(const TableRow& header) {
    Columns columns;
    columns.count_ = header.fields.size();
    for (std::size_t place = 0; place < header.fields.size(); ++place) {
        std::string name = column_name(header.fields[place]);
        if (name.empty()) continue;
        const auto [known, is_new] = columns.places_.emplace(std::move(name), place);
        if (!is_new)
            return rejected("report.column_twice",
                            "the header names the column " + known->first +
                                " twice: this is not the report that was asked for");
    }
    return columns;
}

Result<void> Columns::require(std::initializer_list<std::string_view> names) const {
    std::string missing;
    for (const std::string_view name : names)
        if (!has(name)) missing += (missing.empty() ? "" : ", ") + std::string(name);
    if (missing.empty()) return {};
    std::string present;
    for (const auto& [name, place] : places_) present += (present.empty() ? "" : ", ") + name;
    if (present.size() > 300) present = present.substr(0, 300) + "…";
    return rejected("report.column_missing", "the report has no column " + missing +
                                                 "; its columns are " + present +
                                                 ": see whether it is the right type of report");
}

std::string_view Columns::get(const TableRow& row, std::string_view name) const {
    const auto place = places_.find(name);
    if (place == places_.end() || place->second >= row.fields.size()) return {};
    return trimmed(row.fields[place->second]);
}

Result<void> Columns::check(const TableRow& row) const {
    if (row.fields.size() <= count_) return {};
    // A tab at the end of a line is a field too, but an empty one shifts nothing.
    for (std::size_t i = count_; i < row.fields.size(); ++i)
        if (!trimmed(row.fields[i]).empty())
            return rejected("report.row_too_long",
                            "line " + std::to_string(row.line) + " has " +
                                std::to_string(row.fields.size()) + " fields, the header " +
                                std::to_string(count_) +
                                ": a tab inside a text has moved its values; see the line in "
                                "the archived report");
    return {};
}

}  // namespace carrick::plugins
