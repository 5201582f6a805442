// SPDX-License-Identifier: Apache-2.0
// Zone rules come from the system's zone data, through Howard Hinnant's library.
#include "examples/sandbox/netsuite/user_time.hpp"

#include <date/tz.h>

namespace carrick::sandbox::netsuite {

std::string local_text(UtcTime time, const std::string& zone) {
    const date::sys_seconds moment = date::floor<std::chrono::seconds>(
        date::sys_time<Milliseconds>(Milliseconds(time.milliseconds())));
    std::chrono::seconds offset{0};
    try {
        offset = date::locate_zone(zone)->get_info(moment).offset;
    } catch (const std::runtime_error&) {
        offset = std::chrono::seconds{0};
    }
    std::string text =
        UtcTime(
            std::chrono::duration_cast<Milliseconds>((moment + offset).time_since_epoch()).count())
            .text();
    text[10] = ' ';
    text.resize(19);
    return text;
}

}  // namespace carrick::sandbox::netsuite
