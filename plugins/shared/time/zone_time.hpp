// SPDX-License-Identifier: Apache-2.0
// Dates in the zone of the books: a purchase at 23:30 UTC is another day in Tokyo.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <string_view>

namespace carrick::plugins {

/// The calendar day of a moment in an IANA zone ("America/Los_Angeles").
/// Errors: Misconfigured `time.zone` for a zone that the system's zone data does not know.
[[nodiscard]] Result<LocalDate> date_in_zone(UtcTime time, std::string_view zone);

}  // namespace carrick::plugins
