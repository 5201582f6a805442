// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_values.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace carrick::plugins {

namespace {

constexpr std::size_t kMostUnits = 12;  // digits before the mark

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number at text[at, at + digits), or nothing.
std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t digits) {
    if (at + digits > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (!is_digit(text[i])) return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

std::optional<Day> day_of(std::optional<int> year, std::optional<int> month,
                          std::optional<int> day) {
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    // Amazon paid its first seller in 2000.
    if (!date.ok() || *year < 2000) return std::nullopt;
    return static_cast<Day>(std::chrono::sys_days(date).time_since_epoch().count());
}

/// " 14:02:11 UTC", "T02:48:54+00:00", " UTC", "": what may stand behind a day.
bool is_time_in_utc(std::string_view text) {
    if (text.empty() || text == " UTC") return true;
    if (text.front() != ' ' && text.front() != 'T') return false;
    const auto hour = number_at(text, 1, 2);
    const auto minute = number_at(text, 4, 2);
    const auto second = number_at(text, 7, 2);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return false;
    if (text[3] != ':' || text[6] != ':') return false;
    std::string_view zone = text.substr(9);
    if (zone.starts_with('.')) {  // parts of a second
        zone.remove_prefix(1);
        while (!zone.empty() && is_digit(zone.front())) zone.remove_prefix(1);
    }
    return zone.empty() || zone == " UTC" || zone == " GMT" || zone == "Z" || zone == "+00:00";
}

}  // namespace

Decimal to_decimal(AmountSum sum, int digits) {
    const Result<Decimal> exact = Decimal::from_parts(sum, kAmountScale);
    const Result<Decimal> shown = exact ? exact->with_scale(digits) : exact;
    // Digits beyond the currency's are refused with their row; a sum of none has none either.
    return shown ? *shown : exact.value_or(Decimal());
}

std::optional<ReadAmount> read_amount(std::string_view text, DecimalMark& mark) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    std::int64_t value = 0;
    std::size_t at = 0;
    while (at < text.size() && at <= kMostUnits && is_digit(text[at]))
        value = value * 10 + (text[at++] - '0');
    if (at == 0 || at > kMostUnits) return std::nullopt;
    int digits = 0;
    int shown = 0;
    if (at < text.size()) {
        const char found = text[at++];
        if (found != '.' && found != ',') return std::nullopt;
        if (mark == DecimalMark::Unknown) mark = static_cast<DecimalMark>(found);
        if (found != static_cast<char>(mark) || at == text.size()) return std::nullopt;
        for (; at < text.size(); ++at) {
            if (!is_digit(text[at])) return std::nullopt;
            ++shown;
            if (shown > kAmountScale) {
                if (text[at] != '0') return std::nullopt;
                continue;
            }
            value = value * 10 + (text[at] - '0');
            if (text[at] != '0') digits = shown;
        }
    }
    static constexpr std::array<std::int64_t, kAmountScale + 1> kUp{10000, 1000, 100, 10, 1};
    value *= kUp.at(static_cast<std::size_t>(std::min(shown, kAmountScale)));
    return ReadAmount{negative ? -value : value, digits, shown};
}

std::optional<Day> read_day(std::string_view text) {
    std::optional<Day> day;
    if (text.size() < 10) return day;
    if (text[4] == '-' && text[7] == '-')
        day = day_of(number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2));
    else if (text[2] == '.' && text[5] == '.')
        day = day_of(number_at(text, 6, 4), number_at(text, 3, 2), number_at(text, 0, 2));
    return day && is_time_in_utc(text.substr(10)) ? day : std::nullopt;
}

std::int64_t read_second(std::string_view text) {
    constexpr std::int64_t kSecondsADay = 86'400;
    const std::int64_t second = read_day(text).value_or(0) * kSecondsADay;
    const auto part = [&](std::size_t at) { return number_at(text, at, 2).value_or(0); };
    if (text.size() < 19) return second;
    return second + part(11) * 3600 + part(14) * 60 + part(17);
}

std::string day_text(Day day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

}  // namespace carrick::plugins
