// SPDX-License-Identifier: Apache-2.0
// The values of a report's row, each with an error that names line, column and what was found.
#pragma once

#include "plugins/shared/amazon_reports/row_groups.hpp"

#include <carrick/sdk/money.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <optional>

namespace carrick::plugins {

/// Rejected `report.row`.
[[nodiscard]] Error row_error(const ParsedRow& row, std::string_view column,
                              const std::string& expected);

/// Nothing for an empty field: blank is not 0.
/// Amounts have a point and no thousands mark: "1,5" is refused rather than guessed.
[[nodiscard]] Result<std::optional<Money>> amount_in(const ParsedRow& row, std::string_view column,
                                                     Currency currency);
/// A whole number from 0 to 1000000000; nothing for an empty field.
[[nodiscard]] Result<std::optional<std::int64_t>> count_in(const ParsedRow& row,
                                                           std::string_view column);
/// ISO 8601 with zone; nothing for an empty field.
[[nodiscard]] Result<std::optional<UtcTime>> time_in(const ParsedRow& row, std::string_view column);
/// "true", whatever its case. Everything else, also an empty field, is false.
[[nodiscard]] bool flag_in(const ParsedRow& row, std::string_view column);

}  // namespace carrick::plugins
