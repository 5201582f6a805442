// SPDX-License-Identifier: Apache-2.0
// UtcTime: a moment, in milliseconds since 1970-01-01T00:00:00Z. LocalDate: a day on a calendar.
#pragma once

#include <carrick/sdk/result.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace carrick {

using Milliseconds = std::chrono::milliseconds;

/// A day without a zone: the reader must know which books it belongs to.
struct LocalDate {
    int year = 1970;
    unsigned month = 1;
    unsigned day = 1;

    /// "2026-11-23". Errors: `time.date`.
    [[nodiscard]] static Result<LocalDate> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    auto operator<=>(const LocalDate&) const = default;
};

/// A moment in time, millisecond grain, always UTC.
class UtcTime {
public:
    constexpr UtcTime() = default;
    explicit constexpr UtcTime(std::int64_t milliseconds) : milliseconds_(milliseconds) {}

    /// ISO 8601 with seconds and a zone: "2026-11-23T17:32:28Z", "...28.123Z", "...28+09:00",
    /// "...28-0700". Errors: `time.syntax`; a text without a zone is an error, not a guess.
    [[nodiscard]] static Result<UtcTime> parse(std::string_view text);
    [[nodiscard]] static UtcTime from_date(const LocalDate& utc_day);

    [[nodiscard]] constexpr std::int64_t milliseconds() const { return milliseconds_; }
    /// "2026-11-23T17:32:28Z", with milliseconds only where there are any.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] LocalDate utc_date() const;

    friend constexpr UtcTime operator+(UtcTime time, Milliseconds span) {
        return UtcTime(time.milliseconds_ + span.count());
    }
    friend constexpr UtcTime operator-(UtcTime time, Milliseconds span) {
        return UtcTime(time.milliseconds_ - span.count());
    }
    friend constexpr Milliseconds operator-(UtcTime a, UtcTime b) {
        return Milliseconds(a.milliseconds_ - b.milliseconds_);
    }
    auto operator<=>(const UtcTime&) const = default;

private:
    std::int64_t milliseconds_ = 0;
};

namespace detail {

inline bool digits_at(std::string_view text, std::size_t at, std::size_t count, int& value) {
    if (at + count > text.size()) return false;
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

inline std::chrono::sys_days days_of(const LocalDate& date) {
    return std::chrono::sys_days(std::chrono::year_month_day(
        std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)));
}

}  // namespace detail

inline Result<LocalDate> LocalDate::parse(std::string_view text) {
    int year = 0;
    int month = 0;
    int day = 0;
    if (text.size() == 10 && detail::digits_at(text, 0, 4, year) && text[4] == '-' &&
        detail::digits_at(text, 5, 2, month) && text[7] == '-' &&
        detail::digits_at(text, 8, 2, day)) {
        const std::chrono::year_month_day date{std::chrono::year(year),
                                               std::chrono::month(static_cast<unsigned>(month)),
                                               std::chrono::day(static_cast<unsigned>(day))};
        if (date.ok())
            return LocalDate{year, static_cast<unsigned>(month), static_cast<unsigned>(day)};
    }
    return rejected("time.date", "\"" + std::string(text.substr(0, 40)) +
                                     "\" is not a date; expected YYYY-MM-DD");
}

inline std::string LocalDate::text() const {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", year, month, day);
    return buffer;
}

inline UtcTime UtcTime::from_date(const LocalDate& utc_day) {
    return UtcTime(
        std::chrono::duration_cast<Milliseconds>(detail::days_of(utc_day).time_since_epoch())
            .count());
}

inline Result<UtcTime> UtcTime::parse(std::string_view text) {
    const Error syntax = rejected(
        "time.syntax",
        "\"" + std::string(text.substr(0, 60)) +
            "\" is not a time; expected ISO 8601 with a zone, such as 2026-11-23T17:32:28Z");
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (text.size() < 20) return syntax;
    Result<LocalDate> date = LocalDate::parse(text.substr(0, 10));
    if (!date || (text[10] != 'T' && text[10] != ' ') || !detail::digits_at(text, 11, 2, hour) ||
        text[13] != ':' || !detail::digits_at(text, 14, 2, minute) || text[16] != ':' ||
        !detail::digits_at(text, 17, 2, second) || hour > 23 || minute > 59 || second > 60)
        return syntax;
    std::size_t at = 19;
    int milliseconds = 0;
    if (text[at] == '.') {
        int weight = 100;
        std::size_t digits = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits) {
            milliseconds += (text[at] - '0') * weight;
            weight /= 10;
        }
        if (digits == 0 || digits > 9) return syntax;
    }
    const std::string_view zone = text.substr(at);
    int offset_minutes = 0;
    if (zone != "Z") {
        int zone_hour = 0;
        int zone_minute = 0;
        const bool colon = zone.size() == 6 && zone[3] == ':';
        if ((!colon && zone.size() != 5) || (zone[0] != '+' && zone[0] != '-') ||
            !detail::digits_at(zone, 1, 2, zone_hour) ||
            !detail::digits_at(zone, colon ? 4 : 3, 2, zone_minute) || zone_hour > 15 ||
            zone_minute > 59)
            return syntax;
        offset_minutes = (zone_hour * 60 + zone_minute) * (zone[0] == '-' ? -1 : 1);
    }
    const std::int64_t seconds = (hour * 60 + minute - offset_minutes) * 60 + second;
    return from_date(*date) + Milliseconds(seconds * 1000 + milliseconds);
}

inline LocalDate UtcTime::utc_date() const {
    const auto days = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<Milliseconds>(Milliseconds(milliseconds_)));
    const std::chrono::year_month_day date(days);
    return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day())};
}

inline std::string UtcTime::text() const {
    const LocalDate date = utc_date();
    const std::int64_t in_day = milliseconds_ - from_date(date).milliseconds_;
    const auto part = [&](std::int64_t unit, std::int64_t modulus) {
        return static_cast<int>(in_day / unit % modulus);
    };
    char buffer[48];
    const int milliseconds = part(1, 1000);
    if (milliseconds == 0)
        std::snprintf(buffer, sizeof buffer, "%sT%02d:%02d:%02dZ", date.text().c_str(),
                      part(3'600'000, 24), part(60'000, 60), part(1000, 60));
    else
        std::snprintf(buffer, sizeof buffer, "%sT%02d:%02d:%02d.%03dZ", date.text().c_str(),
                      part(3'600'000, 24), part(60'000, 60), part(1000, 60), milliseconds);
    return buffer;
}

}  // namespace carrick
