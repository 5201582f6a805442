// SPDX-License-Identifier: Apache-2.0
// Which store each label of a settlement belongs to.
#pragma once

#include "plugins/shared/settlement/settlement_file.hpp"

namespace carrick::plugins {

enum class AssignedBy {
    Name,   ///< the rows name it
    Order,  ///< the order's other rows do
    Home,   ///< the settlement's own store: of its currency, or of most of its rows
    None,   ///< nothing tells
};

/// "name", "order", "home", "none".
[[nodiscard]] std::string_view text_of(AssignedBy by);

struct AssignedMarketplace {
    std::string code;  ///< "DE"; "" by None
    AssignedBy by = AssignedBy::None;
    bool unknown = false;         ///< a name that is none of Amazon's stores
    bool other_currency = false;  ///< a store that does not pay in the settlement's currency
};

/// The store's code for a name of the file: "Amazon.de", "amazon.com", "Non-Amazon CA", "SI UK Prod
/// Marketplace"; "" for any other.
[[nodiscard]] std::string marketplace_named(std::string_view name);

/// The settlement's own store; "" where nothing tells (euros, and no row names a store).
[[nodiscard]] std::string home_marketplace(const Settlement& settlement);

/// One for each label, in their order.
[[nodiscard]] std::vector<AssignedMarketplace> assign_marketplaces(const Settlement& settlement);

}  // namespace carrick::plugins
