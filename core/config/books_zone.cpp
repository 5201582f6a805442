// SPDX-License-Identifier: Apache-2.0
// The beginning of a day in a zone, by Howard Hinnant's tz.
#include "core/config/books_zone.hpp"

#include <date/tz.h>

#include <exception>

namespace carrick::config {

Result<UtcTime> start_of_day(const LocalDate& day, const std::string& zone) {
    try {
        const date::time_zone* found = date::locate_zone(zone);
        const date::local_days midnight{date::year(day.year) / date::month(day.month) /
                                        date::day(day.day)};
        const auto moment = found->to_sys(date::local_seconds(midnight), date::choose::earliest);
        return UtcTime(std::chrono::duration_cast<Milliseconds>(moment.time_since_epoch()).count());
    } catch (const std::exception&) {
        return misconfigured("time.zone", "\"" + zone.substr(0, 60) +
                                              "\" is not a time zone; expected an IANA name such "
                                              "as America/Los_Angeles");
    }
}

}  // namespace carrick::config
