// SPDX-License-Identifier: Apache-2.0
// The `q` filter of collections: field OPERATOR value, AND, OR, parentheses.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"

#include <functional>
#include <string_view>

namespace carrick::sandbox::netsuite {

using RecordFilter = std::function<bool(const Record&)>;

/// Source   netsuite.md b.4; dates in the user's format. Throws Refusal (INVALID_PARAMETER, q).
[[nodiscard]] RecordFilter parse_filter(std::string_view q, const RecordType& type,
                                        const std::string& date_format);

/// "11/23/2026" in the user's format as a day. Errors: `time.date`.
[[nodiscard]] Result<LocalDate> parse_user_date(std::string_view text, std::string_view format);
/// The day as the user's preference writes it: "9/5/2026".
[[nodiscard]] std::string format_user_date(const LocalDate& day, std::string_view format);

}  // namespace carrick::sandbox::netsuite
