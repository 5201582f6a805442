// SPDX-License-Identifier: Apache-2.0
// Makes order number n of a world: what is bought, by whom, for how much, and what happens to it.
#pragma once

#include "examples/sandbox/world/order.hpp"

#include <span>
#include <string>
#include <string_view>

namespace carrick::sandbox {

/// Where in time an order is made.
enum class Era {
    Initial,  ///< before the sandbox's start; the recipe decides how far it has come
    Live,     ///< placed by the running clock
    OnDemand  ///< placed by the control API: merchant-fulfilled, payable at once
};

struct OrderPlan {
    std::uint64_t seed = 1;
    std::uint64_t number = 0;
    Era era = Era::Initial;
    UtcTime start;  ///< of the sandbox
    UtcTime go_live;
    UtcTime placed;  ///< of Live and OnDemand orders
    bool unknown_sku = false;
    bool preexisting = true;
    std::span<const Marketplace* const> stores;  ///< of the world, gone round by number
    bool changes = false;                        ///< recipes of orders that change while open, too
    bool linked = false;  ///< one seller account a region, whatever stores it has
    bool restless =
        false;  ///< live orders are paid, touched, changed, shipped, cancelled by chance
};

/// Pure: the same plan gives the same order. Neighbouring numbers go round all marketplaces, and
/// each marketplace goes round all recipes, so that a few hundred orders hold every combination.
[[nodiscard]] Order make_order(const OrderPlan& plan);

/// The id of order `number` of that store, without making it (a replacement names its original).
[[nodiscard]] std::string order_id_of(std::uint64_t seed, std::uint64_t number,
                                      std::string_view store_code);

/// The names of the recipes in the order in which they are gone round: those of every world, and
/// behind them those of one with `changes`.
[[nodiscard]] std::span<const std::string_view> recipe_names(bool changes = false);

}  // namespace carrick::sandbox
