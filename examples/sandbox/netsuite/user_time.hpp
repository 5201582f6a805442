// SPDX-License-Identifier: Apache-2.0
// Moments in the time zone of the integration user.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <string>

namespace carrick::sandbox::netsuite {

/// "2026-11-23 02:00:00" in that zone; an unknown zone reads as UTC.
[[nodiscard]] std::string local_text(UtcTime time, const std::string& zone);

}  // namespace carrick::sandbox::netsuite
