// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/time/zone_time.hpp"

#include <date/tz.h>

namespace carrick::plugins {

Result<LocalDate> date_in_zone(UtcTime time, std::string_view zone) try {
    const date::time_zone* found = date::locate_zone(std::string(zone));
    const date::sys_time<Milliseconds> moment{Milliseconds(time.milliseconds())};
    const date::year_month_day day{date::floor<date::days>(found->to_local(moment))};
    return LocalDate{static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day())};
} catch (const std::exception&) {
    return misconfigured(
        "time.zone",
        "\"" + std::string(zone) +
            "\" is not a time zone; expected an IANA name such as America/Los_Angeles",
        "books_zone");
}

}  // namespace carrick::plugins
