// SPDX-License-Identifier: Apache-2.0
// Days in the books' zone: the one place in the core that knows the zone database.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <string>

namespace carrick::config {

/// The moment at which a day begins in an IANA zone. Where midnight does not exist (a clock that
/// jumps at midnight) it is the first moment of that day; where it comes twice, the first.
/// Errors: Misconfigured `time.zone`.
[[nodiscard]] Result<UtcTime> start_of_day(const LocalDate& day, const std::string& zone);

}  // namespace carrick::config
