// SPDX-License-Identifier: Apache-2.0
// Go-live: the first day of a store whose orders are imported. What was placed before it is the
// business of whatever kept the books until then, also where it is paid, shipped or found later.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <string>
#include <string_view>

namespace carrick::plugins {

/// Whether an order was placed before the setting `go_live` ("2026-11-15"; "" = none), by the
/// calendar of its store: go-live of a store begins at its own midnight.
/// Errors: Misconfigured `time.zone` where the system has no data on the store's zone.
[[nodiscard]] Result<bool> placed_before_go_live(UtcTime placed, std::string_view marketplace,
                                                 const std::string& go_live);

}  // namespace carrick::plugins
