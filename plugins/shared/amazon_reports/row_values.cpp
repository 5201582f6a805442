// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/row_values.hpp"

#include <carrick/sdk/marketplaces.hpp>

#include <algorithm>
#include <charconv>

namespace carrick::plugins {

namespace {

// In the smallest unit: ten thousand million of a currency with cents. Sums of any number of such
// amounts stay far inside Money's range.
constexpr Decimal::Coefficient kTooLarge = 1'000'000'000'000;
constexpr std::int64_t kMostUnits = 1'000'000'000;

}  // namespace

Error row_error(const ParsedRow& row, std::string_view column, const std::string& expected) {
    const std::string field = "line " + std::to_string(row.line()) + ", " + std::string(column);
    // The value may be personal: its length tells enough to find it in the archived document.
    return rejected("report.row",
                    field + ": expected " + expected + ", found a text of " +
                        std::to_string(row.get(column).size()) +
                        " bytes; see the line in the archived document",
                    std::string(column));
}

Result<std::optional<Money>> amount_in(const ParsedRow& row, std::string_view column,
                                       Currency currency) {
    const std::string_view text = row.get(column);
    if (text.empty()) return std::optional<Money>();
    const Result<Money> money = Money::parse(text, currency);
    if (!money || money->absolute().amount().coefficient() >= kTooLarge)
        return row_error(row, column,
                         "an amount of " + std::string(currency.code()) + " such as 12.50");
    return std::optional(*money);
}

Result<std::optional<std::int64_t>> count_in(const ParsedRow& row, std::string_view column) {
    const std::string_view text = row.get(column);
    if (text.empty()) return std::optional<std::int64_t>();
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc() || end != text.data() + text.size() || count < 0 ||
        count > kMostUnits)
        return row_error(row, column, "a whole number from 0 to 1000000000");
    return std::optional(count);
}

Result<std::optional<UtcTime>> time_in(const ParsedRow& row, std::string_view column) {
    const std::string_view text = row.get(column);
    if (text.empty()) return std::optional<UtcTime>();
    const Result<UtcTime> time = UtcTime::parse(text);
    if (!time) return row_error(row, column, "a time such as 2026-11-23T10:00:00+01:00");
    return std::optional(*time);
}

bool flag_in(const ParsedRow& row, std::string_view column) {
    return amazon::detail::same_ascii(row.get(column), "true");
}

}  // namespace carrick::plugins
