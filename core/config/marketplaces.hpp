// SPDX-License-Identifier: Apache-2.0
// Marketplace codes as flows.yaml writes them.
#pragma once

#include <carrick/sdk/marketplaces.hpp>

#include <string>
#include <string_view>

namespace carrick::config {

/// Amazon says GB where sellers say UK; both are accepted, UK is kept.
[[nodiscard]] inline std::string normalised_marketplace(std::string_view code) {
    return std::string(code == "GB" ? std::string_view("UK") : code);
}

/// "na", "eu" or "fe"; "" for a code that is not in the table, in capitals as it is there.
[[nodiscard]] inline std::string_view region_of(std::string_view code) {
    const amazon::Marketplace* found = amazon::marketplace_from_code(code);
    return found == nullptr || found->code != code ? std::string_view()
                                                   : amazon::region_code(found->region);
}

}  // namespace carrick::config
