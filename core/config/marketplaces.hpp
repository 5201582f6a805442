// SPDX-License-Identifier: Apache-2.0
// Marketplace codes as flows.yaml writes them, and the region whose endpoint serves each.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::config {

struct MarketplaceRow {
    std::string_view code;
    std::string_view region;  ///< "na", "eu", "fe": one endpoint and one token each
};

// Source: Amazon's list of marketplace ids and SP-API endpoints.
inline constexpr std::array<MarketplaceRow, 23> kMarketplaces{{
    {"US", "na"}, {"CA", "na"}, {"MX", "na"}, {"BR", "na"}, {"UK", "eu"}, {"DE", "eu"},
    {"FR", "eu"}, {"IT", "eu"}, {"ES", "eu"}, {"NL", "eu"}, {"SE", "eu"}, {"PL", "eu"},
    {"BE", "eu"}, {"IE", "eu"}, {"TR", "eu"}, {"AE", "eu"}, {"SA", "eu"}, {"EG", "eu"},
    {"IN", "eu"}, {"ZA", "eu"}, {"JP", "fe"}, {"AU", "fe"}, {"SG", "fe"},
}};

/// Amazon says GB where sellers say UK; both are accepted, UK is kept.
[[nodiscard]] inline std::string normalised_marketplace(std::string_view code) {
    return std::string(code == "GB" ? std::string_view("UK") : code);
}

/// The region of a code; "" for one that is not in the table.
[[nodiscard]] inline std::string_view region_of(std::string_view code) {
    const auto row = std::find_if(kMarketplaces.begin(), kMarketplaces.end(),
                                  [&](const MarketplaceRow& r) { return r.code == code; });
    return row == kMarketplaces.end() ? std::string_view() : row->region;
}

}  // namespace carrick::config
