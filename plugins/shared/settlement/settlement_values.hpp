// SPDX-License-Identifier: Apache-2.0
// Amounts and days as settlement files write them.
#pragma once

#include <carrick/sdk/decimal.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace carrick::plugins {

/// An amount of a settlement: ten-thousandths of its currency's unit. No currency has more than
/// three digits behind the point, and no amount of a file a million millions before it.
using Amount = std::int64_t;
constexpr int kAmountScale = 4;
/// Sums of amounts: never overflows, whatever the file's length.
__extension__ using AmountSum = __int128;

[[nodiscard]] Decimal to_decimal(AmountSum sum, int digits);

/// What stands between units and their parts. One file has one of them.
enum class DecimalMark : char { Unknown = 0, Point = '.', Comma = ',' };

struct ReadAmount {
    Amount amount = 0;
    int digits = 0;   ///< behind the mark, without zeros at the end
    int written = 0;  ///< behind the mark, as written
};

/// "-12.50", "12", "-0,05". `mark`: set by the first amount that has one. Nothing where it is no
/// amount, or has another mark than the file, marks of thousands, or more digits than any currency.
[[nodiscard]] std::optional<ReadAmount> read_amount(std::string_view text, DecimalMark& mark);

/// Days since 1970-01-01, UTC.
using Day = std::int32_t;

/// The day of a time as settlements write it, all in UTC: "2026-06-03", "2026-06-03 14:02:11 UTC",
/// "2025-08-18T02:48:54+00:00", "03.06.2026", "03.06.2026 14:02:11 UTC". Nothing else: what stands
/// behind the day must be a time.
[[nodiscard]] std::optional<Day> read_day(std::string_view text);

/// Whether such a text states more than the day.
[[nodiscard]] inline bool states_time(std::string_view text) {
    return text.size() > 10;
}

/// The moment, in seconds since 1970-01-01 UTC, of a text that read_day can read.
[[nodiscard]] std::int64_t read_second(std::string_view text);

/// 2026-06-03.
[[nodiscard]] std::string day_text(Day day);

}  // namespace carrick::plugins
