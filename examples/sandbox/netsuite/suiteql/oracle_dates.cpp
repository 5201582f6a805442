// SPDX-License-Identifier: Apache-2.0
// The elements of Oracle's format models that integrations use.
#include "examples/sandbox/netsuite/suiteql/oracle_dates.hpp"

#include "examples/sandbox/netsuite/refusal.hpp"
#include "examples/sandbox/netsuite/suiteql/tables.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

// Longest first, so that HH24 is not read as HH.
constexpr std::array<std::string_view, 17> kElements{"YYYY", "HH24", "HH12", "TZH", "TZM", "FF3",
                                                     "FF6",  "MON",  "DDD",  "MM",  "DD",  "HH",
                                                     "MI",   "SS",   "YY",   "FF",  "AM"};

struct Parts {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

int number_at(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t i = at; i < at + count && i < text.size(); ++i)
        if (text[i] >= '0' && text[i] <= '9') value = value * 10 + (text[i] - '0');
    return value;
}

Parts parts_of(std::string_view marked) {
    if (!marked.empty() && marked.front() == kDateMark) marked.remove_prefix(1);
    return {number_at(marked, 0, 4),  number_at(marked, 5, 2),  number_at(marked, 8, 2),
            number_at(marked, 11, 2), number_at(marked, 14, 2), number_at(marked, 17, 2)};
}

std::string marked_of(const Parts& p) {
    char buffer[80];
    std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d %02d:%02d:%02d", p.year, p.month, p.day,
                  p.hour, p.minute, p.second);
    return marked_date(buffer);
}

std::string_view element_at(std::string_view format, std::size_t at) {
    for (const std::string_view element : kElements)
        if (same_name(format.substr(at, element.size()), element)) return element;
    return {};
}

std::string padded(int value, int width) {
    char buffer[24];
    std::snprintf(buffer, sizeof buffer, "%0*d", width, value);
    return buffer;
}

std::string shown(std::string_view element, const Parts& p) {
    if (element == "YYYY") return padded(p.year, 4);
    if (element == "YY") return padded(p.year % 100, 2);
    if (element == "MON") return std::string(kMonths[static_cast<std::size_t>(p.month - 1) % 12]);
    if (element == "MM") return padded(p.month, 2);
    if (element == "DD") return padded(p.day, 2);
    if (element == "HH24") return padded(p.hour, 2);
    if (element == "HH" || element == "HH12") return padded(p.hour % 12 == 0 ? 12 : p.hour % 12, 2);
    if (element == "MI") return padded(p.minute, 2);
    if (element == "SS") return padded(p.second, 2);
    if (element == "AM") return p.hour < 12 ? "AM" : "PM";
    if (element == "FF3" || element == "FF") return "000";
    if (element == "FF6") return "000000";
    return {};
}

UtcTime as_time(const Parts& p) {
    char buffer[80];
    std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02dZ", p.year, p.month, p.day,
                  p.hour, p.minute, p.second);
    return UtcTime::parse(buffer).value_or(UtcTime());
}

}  // namespace

std::optional<std::string> to_char(std::string_view marked, std::string_view format) {
    const Parts parts = parts_of(marked);
    std::string result;
    for (std::size_t at = 0; at < format.size();) {
        if (format[at] == '"') {
            const std::size_t end = format.find('"', at + 1);
            if (end == std::string_view::npos) return std::nullopt;
            result += format.substr(at + 1, end - at - 1);
            at = end + 1;
            continue;
        }
        const std::string_view element = element_at(format, at);
        if (!element.empty()) {
            result += shown(element, parts);
            at += element.size();
            continue;
        }
        const char c = format[at];
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return std::nullopt;
        result += c;
        ++at;
    }
    return result;
}

std::optional<std::string> to_date(std::string_view text, std::string_view format) {
    Parts parts;
    bool afternoon = false;
    bool twelve_hours = false;
    std::size_t at = 0;
    for (std::size_t f = 0; f < format.size();) {
        if (format[f] == '"') {
            const std::size_t end = format.find('"', f + 1);
            if (end == std::string_view::npos) return std::nullopt;
            const std::string_view literal = format.substr(f + 1, end - f - 1);
            if (text.substr(at, literal.size()) != literal) return std::nullopt;
            at += literal.size();
            f = end + 1;
            continue;
        }
        const std::string_view element = element_at(format, f);
        if (element.empty()) {
            if (at < text.size() && text[at] == format[f])
                ++at;
            else if (at < text.size())
                return std::nullopt;
            ++f;
            continue;
        }
        f += element.size();
        if (at >= text.size()) continue;  // what is missing at the end keeps its default
        if (element == "AM") {
            afternoon = same_name(text.substr(at, 2), "PM");
            at += 2;
            continue;
        }
        if (element == "MON") {
            const auto month = std::find_if(
                kMonths.begin(), kMonths.end(),
                [&](std::string_view name) { return same_name(text.substr(at, 3), name); });
            if (month == kMonths.end()) return std::nullopt;
            parts.month = 1 + static_cast<int>(std::distance(kMonths.begin(), month));
            at += 3;
            continue;
        }
        const std::size_t most = element == "YYYY" ? 4 : element.starts_with("FF") ? 9 : 2;
        std::size_t digits = 0;
        while (digits < most && at + digits < text.size() && text[at + digits] >= '0' &&
               text[at + digits] <= '9')
            ++digits;
        if (digits == 0) return std::nullopt;
        const int value = number_at(text, at, digits);
        at += digits;
        if (element == "YYYY") parts.year = value;
        if (element == "YY") parts.year = 2000 + value;
        if (element == "MM") parts.month = value;
        if (element == "DD") parts.day = value;
        if (element == "HH24" || element == "HH" || element == "HH12") parts.hour = value;
        if (element == "HH" || element == "HH12") twelve_hours = true;
        if (element == "MI") parts.minute = value;
        if (element == "SS") parts.second = value;
    }
    if (at < text.size()) return std::nullopt;
    if (twelve_hours) parts.hour = parts.hour % 12 + (afternoon ? 12 : 0);
    const std::string marked = marked_of(parts);
    if (!LocalDate::parse(std::string_view(marked).substr(1, 10)) || parts.hour > 23 ||
        parts.minute > 59 || parts.second > 59)
        return std::nullopt;
    return marked;
}

std::int64_t seconds_of(std::string_view marked) {
    return as_time(parts_of(marked)).milliseconds() / 1000;
}

std::string add_seconds(std::string_view marked, std::int64_t seconds) {
    std::string text = UtcTime((seconds_of(marked) + seconds) * 1000).text();
    text[10] = ' ';
    text.resize(19);
    return marked_date(text);
}

std::string add_months(std::string_view marked, std::int64_t months) {
    Parts parts = parts_of(marked);
    const std::int64_t total =
        static_cast<std::int64_t>(parts.year) * 12 + parts.month - 1 + months;
    parts.year = static_cast<int>(total / 12);
    parts.month = static_cast<int>(total % 12) + 1;
    const std::chrono::year_month_day_last last{
        std::chrono::year(parts.year),
        std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(parts.month)))};
    parts.day = std::min(parts.day, static_cast<int>(static_cast<unsigned>(last.day())));
    return marked_of(parts);
}

}  // namespace carrick::sandbox::netsuite::suiteql
