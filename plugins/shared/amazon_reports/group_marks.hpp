// SPDX-License-Identifier: Apache-2.0
// GroupMarks: what the groups of a report looked like, so that the next report's can be told from
// them. Eight bytes a group: a month of a large seller fits into a megabyte.
#pragma once

#include "plugins/shared/amazon_reports/row_groups.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace carrick::plugins {

class GroupMarks {
public:
    /// Reads a whole report, from its header on.
    /// Errors   of TableReader and Columns; Rejected `report.row_without_key`  with the line.
    [[nodiscard]] static Result<GroupMarks> of(TextSource& source, std::string_view key_column);

    /// Whether the report had this group with these rows and no others, in whatever order, under
    /// this header.
    [[nodiscard]] bool hold(const RowGroup& group, std::string_view header) const;

private:
    std::vector<std::uint64_t> sorted_;
};

}  // namespace carrick::plugins
