// SPDX-License-Identifier: Apache-2.0
// What a buyer, or Amazon for one, may still change in an order.
#pragma once

#include "examples/sandbox/world/order.hpp"
#include "examples/sandbox/world/people.hpp"

namespace carrick::sandbox {

/// The line is cancelled: no units, no amounts.
void drop_line(OrderLine& line);
/// Half of the units are no longer wanted; what is left costs its share.
void cut_quantity(OrderLine& line);
/// The parcel is to go elsewhere.
void move_house(Address& address, const Place& place);

}  // namespace carrick::sandbox
