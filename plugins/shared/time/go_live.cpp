// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/time/go_live.hpp"

#include "plugins/shared/time/zone_time.hpp"

#include <carrick/sdk/marketplaces.hpp>

namespace carrick::plugins {

Result<bool> placed_before_go_live(UtcTime placed, std::string_view marketplace,
                                   const std::string& go_live) {
    if (go_live.empty()) return false;
    const amazon::Marketplace* store = amazon::marketplace_from_code(marketplace);
    const Result<LocalDate> day = date_in_zone(placed, store != nullptr ? store->zone : "UTC");
    if (!day) return day.error();
    // Both are written year first.
    return day->text() < go_live;
}

}  // namespace carrick::plugins
