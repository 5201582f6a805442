// SPDX-License-Identifier: Apache-2.0
// The recipes: what kinds of orders a world goes round.
#pragma once

#include "examples/sandbox/world/order.hpp"

#include <span>
#include <string_view>

namespace carrick::sandbox {

enum class Life {
    Open,             ///< paid, not shipped
    Shipped,          ///< shipped a day or two later
    PartlyShipped,    ///< some of it
    PendingNow,       ///< not yet paid at the start, paid later
    CancelledUnpaid,  ///< cancelled while pending
    CancelledEarly,   ///< paid, cancelled before the start
    CancelledLate,    ///< paid, cancelled after the start
    TouchedLate,      ///< lastUpdatedTime moves after the start
    Old,              ///< placed and shipped before go-live
    OldTouched,       ///< placed before go-live, changed after it
    ChangedLate,      ///< lines or address change after the start, shipped days later
    ShipsLater        ///< shipped a day or more after the start
};

enum class Change { None, Quantity, Address, Line };

struct Recipe {
    std::string_view name;
    Life life = Life::Open;
    bool fba = false;
    int lines = 1;
    bool promotion = false, second_promotion = false, shipping_promotion = false;
    bool gift = false, business = false, replacement = false, facilitator = false;
    bool zero_line = false, all_zero = false, local_extra = false, cancel_request = false;
    bool tip = false, big = false;
    Preexisting preexisting = Preexisting::No;
    Change change = Change::None;
};

/// Those of every world, and behind them those of one with `changes`.
[[nodiscard]] std::span<const Recipe> recipes(bool changes);

}  // namespace carrick::sandbox
