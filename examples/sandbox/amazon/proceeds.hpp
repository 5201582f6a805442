// SPDX-License-Identifier: Apache-2.0
// The proceeds part of an order: how raw amounts become breakdowns that add up.
#pragma once

#include "examples/sandbox/amazon/order_json.hpp"

namespace carrick::sandbox {

/// {"amount": "19.99", "currencyCode": "USD"}
[[nodiscard]] Json money_json(std::int64_t smallest_units, std::string_view currency);
[[nodiscard]] Json item_proceeds_json(const OrderLine& line, const Marketplace& store,
                                      const OrderView& view);
[[nodiscard]] Json order_proceeds_json(const Order& order, const OrderView& view);

}  // namespace carrick::sandbox
