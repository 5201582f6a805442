// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/marketplaces.hpp"

#include "core/connectors/http/http_transport.hpp"

#include <algorithm>

namespace carrick::amazon {
namespace {

using http::equals_ignoring_case;

template <class Matches>
const Marketplace* find(const Matches& matches) {
    const auto* found = std::find_if(kMarketplaces.begin(), kMarketplaces.end(), matches);
    return found == kMarketplaces.end() ? nullptr : found;
}

}  // namespace

std::optional<Region> region_from_code(std::string_view code) {
    for (const RegionHost& one : kRegions)
        if (equals_ignoring_case(one.code, code)) return one.region;
    return std::nullopt;
}

const RegionHost& host_of(Region region) {
    return *std::find_if(kRegions.begin(), kRegions.end(),
                         [&](const RegionHost& one) { return one.region == region; });
}

const Marketplace* marketplace_from_code(std::string_view code) {
    if (equals_ignoring_case(code, "GB")) code = "UK";
    return find([&](const Marketplace& one) { return equals_ignoring_case(one.code, code); });
}

const Marketplace* marketplace_from_id(std::string_view id) {
    return find([&](const Marketplace& one) { return one.id == id; });
}

const Marketplace* marketplace_from_name(std::string_view name) {
    return find([&](const Marketplace& one) {
        return equals_ignoring_case(one.name, name) || equals_ignoring_case(one.domain, name);
    });
}

}  // namespace carrick::amazon
