// SPDX-License-Identifier: Apache-2.0
// What Amazon says about an order: Orders API v2026-01-01, in the positions of the switches.
// Source: the model orders_2026-01-01; amazon.md C.3; FIDELITY.md for what is uncertain.
#pragma once

#include "examples/sandbox/world/order.hpp"

#include <carrick/sdk/json.hpp>

#include <set>
#include <string>

namespace carrick::sandbox {

/// How the uncertain facts stand (switches), and what this caller may see.
struct OrderView {
    std::set<std::string, std::less<>> included;  ///< values of includedData
    bool may_see_pii = true;
    bool item_price_gross = false;   ///< amazon.item_price = gross_in_vat_stores
    bool discount_positive = false;  ///< amazon.discount_sign = positive
    bool vat_tax_absent = false;     ///< amazon.vat_tax = absent
    bool unknown_values = false;     ///< amazon.unknown_values = on
    UtcTime now;                     ///< decides what a shipped order still shows
};

[[nodiscard]] Json order_json(const Order& order, const OrderState& state, const OrderView& view);

}  // namespace carrick::sandbox
