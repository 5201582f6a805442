// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace carrick::http {
namespace {
constexpr Milliseconds kLongestRetryAfter = std::chrono::hours(1);
}

Milliseconds full_jitter(Random& random, int attempt, Milliseconds base, Milliseconds cap) {
    Milliseconds ceiling = base;
    for (int i = 0; i < attempt && ceiling < cap; ++i) ceiling *= 2;
    ceiling = std::min(ceiling, cap);
    return Milliseconds(
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(ceiling.count()) + 1)));
}

std::optional<UtcTime> parse_http_date(std::string_view text) {
    static constexpr std::array<std::string_view, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
    const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
    if (month == kMonths.end()) return std::nullopt;
    const auto number = static_cast<std::size_t>(month - kMonths.begin()) + 1;
    std::string iso(text.substr(12, 4));
    iso += number < 10 ? "-0" : "-";
    iso += std::to_string(number) + "-";
    iso += text.substr(5, 2);
    iso += "T";
    iso += text.substr(17, 8);
    iso += "Z";
    const Result<UtcTime> time = UtcTime::parse(iso);
    if (!time) return std::nullopt;
    return *time;
}

std::optional<Milliseconds> retry_after(const HttpResponse& response, UtcTime now) {
    const std::string_view text = response.header("Retry-After");
    if (text.empty()) return std::nullopt;
    std::int64_t seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem == std::errc() && end == text.data() + text.size() && seconds >= 0)
        return std::min<Milliseconds>(std::chrono::seconds(std::min<std::int64_t>(seconds, 3600)),
                                      kLongestRetryAfter);
    const std::optional<UtcTime> moment = parse_http_date(text);
    if (!moment) return std::nullopt;
    return std::clamp(*moment - now, Milliseconds(0), kLongestRetryAfter);
}

}  // namespace carrick::http
