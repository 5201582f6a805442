// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/regions.hpp"

#include "core/connectors/http/http_transport.hpp"

#include <algorithm>

namespace carrick::amazon {

std::optional<Region> region_from_code(std::string_view code) {
    for (const RegionHost& one : kRegions)
        if (http::equals_ignoring_case(one.code, code)) return one.region;
    return std::nullopt;
}

const RegionHost& host_of(Region region) {
    return *std::find_if(kRegions.begin(), kRegions.end(),
                         [&](const RegionHost& one) { return one.region == region; });
}

}  // namespace carrick::amazon
