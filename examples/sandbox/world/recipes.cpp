// SPDX-License-Identifier: Apache-2.0
// The table of recipes, and their names.
#include "examples/sandbox/world/recipes.hpp"

#include "examples/sandbox/world/order_maker.hpp"

#include <algorithm>
#include <array>

namespace carrick::sandbox {
namespace {

constexpr std::size_t kSteady = 36;  // recipes of a world without --changes
constexpr std::array kRecipes{
    Recipe{.name = "plain"},
    Recipe{.name = "several_lines", .life = Life::Shipped, .lines = 3},
    Recipe{.name = "fba", .life = Life::Shipped, .fba = true},
    Recipe{.name = "promotion", .promotion = true},
    Recipe{.name = "pending", .life = Life::PendingNow},
    Recipe{.name = "gift_wrap", .gift = true},
    Recipe{
        .name = "fba_several", .life = Life::Shipped, .fba = true, .lines = 2, .promotion = true},
    Recipe{.name = "business", .business = true},
    Recipe{.name = "replacement", .life = Life::Shipped, .replacement = true},
    Recipe{.name = "cancelled_unpaid", .life = Life::CancelledUnpaid},
    Recipe{.name = "shipping_promotion", .shipping_promotion = true},
    Recipe{.name = "facilitator", .facilitator = true},
    Recipe{.name = "fba_business", .life = Life::Shipped, .fba = true, .business = true},
    Recipe{.name = "zero_line", .lines = 3, .zero_line = true},
    Recipe{.name = "partly_shipped", .life = Life::PartlyShipped, .lines = 2},
    Recipe{.name = "two_promotions",
           .lines = 2,
           .promotion = true,
           .second_promotion = true,
           .shipping_promotion = true},
    Recipe{.name = "old", .life = Life::Old},
    Recipe{.name = "touched", .life = Life::TouchedLate},
    Recipe{.name = "fba_pending", .life = Life::PendingNow, .fba = true},
    Recipe{.name = "local", .local_extra = true},  // COD and points in Japan; a tip in the US
    Recipe{.name = "cancelled_early", .life = Life::CancelledEarly},
    Recipe{.name = "large",
           .life = Life::Shipped,
           .lines = 8,
           .promotion = true,
           .gift = true,
           .business = true,
           .big = true},
    Recipe{.name = "plain_shipped", .life = Life::Shipped},
    Recipe{.name = "fba_gift", .life = Life::Shipped, .fba = true, .gift = true},
    Recipe{.name = "cancelled_late", .life = Life::CancelledLate},
    Recipe{.name = "cancel_request", .cancel_request = true},
    Recipe{.name = "mixed_facilitator", .lines = 2, .promotion = true, .facilitator = true},
    Recipe{.name = "found_by_marketplace_field",
           .preexisting = Preexisting::ByMarketplaceOrderField},
    Recipe{.name = "fba_cancelled", .life = Life::CancelledEarly, .fba = true},
    Recipe{.name = "all_zero", .lines = 2, .all_zero = true},
    Recipe{.name = "gift_promotion", .lines = 2, .promotion = true, .gift = true},
    Recipe{.name = "found_by_connector_field", .preexisting = Preexisting::ByConnectorField},
    Recipe{.name = "old_touched", .life = Life::OldTouched},
    Recipe{.name = "many_of_one", .life = Life::Shipped, .big = true},
    Recipe{.name = "found_by_reference", .preexisting = Preexisting::ByReference},
    Recipe{.name = "fba_large", .life = Life::Shipped, .fba = true, .lines = 4, .big = true},
    // From here on only with --changes.
    Recipe{.name = "quantity_cut",
           .life = Life::ChangedLate,
           .lines = 2,
           .big = true,
           .change = Change::Quantity},
    Recipe{.name = "address_changed", .life = Life::ChangedLate, .change = Change::Address},
    Recipe{.name = "line_cancelled_late",
           .life = Life::ChangedLate,
           .lines = 3,
           .promotion = true,
           .change = Change::Line},
    Recipe{
        .name = "fba_ships_later", .life = Life::ShipsLater, .fba = true, .lines = 2, .big = true},
    Recipe{.name = "replacement_open", .replacement = true},
    Recipe{.name = "fba_line_cancelled",
           .life = Life::ShipsLater,
           .fba = true,
           .lines = 3,
           .change = Change::Line},
};

}  // namespace

std::span<const Recipe> recipes(bool changes) {
    return std::span(kRecipes).first(changes ? kRecipes.size() : kSteady);
}

std::span<const std::string_view> recipe_names(bool changes) {
    static constexpr auto kNames = [] {
        std::array<std::string_view, kRecipes.size()> names;
        std::transform(kRecipes.begin(), kRecipes.end(), names.begin(),
                       [](const Recipe& recipe) { return recipe.name; });
        return names;
    }();
    return std::span(kNames).first(changes ? kNames.size() : kSteady);
}

}  // namespace carrick::sandbox
