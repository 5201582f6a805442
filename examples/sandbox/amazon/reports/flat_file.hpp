// SPDX-License-Identifier: Apache-2.0
// A report's file: rows into columns, lines and bytes.
#pragma once

#include "examples/sandbox/amazon/reports/report_rows.hpp"

namespace carrick::sandbox {

/// What a fault does to a file.
struct Damage {
    bool missing_column = false;
    bool too_many_fields = false;
    bool half = false;
};

/// Tab-delimited and unquoted, with a header line; encoded for the first of the question's stores.
/// Reads the positions report_columns, report_newline and report_charset.
[[nodiscard]] std::string flat_file(const RowQuestion& question, const std::vector<Cells>& rows,
                                    const Damage& damage);

/// The encoding of that file, by Java's name.
[[nodiscard]] std::string_view charset_of_file(const RowQuestion& question);

}  // namespace carrick::sandbox
