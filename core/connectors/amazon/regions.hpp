// SPDX-License-Identifier: Apache-2.0
// Where each of Amazon's regions answers.
#pragma once

#include <carrick/sdk/marketplaces.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace carrick::amazon {

struct RegionHost {
    Region region;
    std::string_view code;  ///< as in flows.yaml
    std::string_view host;
};

inline constexpr std::array kRegions{
    RegionHost{Region::NorthAmerica, "na", "sellingpartnerapi-na.amazon.com"},
    RegionHost{Region::Europe, "eu", "sellingpartnerapi-eu.amazon.com"},
    RegionHost{Region::FarEast, "fe", "sellingpartnerapi-fe.amazon.com"},
};

[[nodiscard]] std::optional<Region> region_from_code(std::string_view code);
[[nodiscard]] const RegionHost& host_of(Region region);

}  // namespace carrick::amazon
