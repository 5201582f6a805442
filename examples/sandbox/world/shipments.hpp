// SPDX-License-Identifier: Apache-2.0
// In how many parcels Amazon ships an order, when, from where, and what of the money each holds.
#pragma once

#include "examples/sandbox/world/order.hpp"

namespace carrick::sandbox {

/// Fills `order.shipments` of an order that Amazon ships and that has a Shipped event, and adds the
/// PartlyShipped events of all parcels but the last. No parcel leaves within `quiet` of `start`.
/// Parts of a line add up to the line, amount by amount, to the last unit of the currency. With
/// `piecemeal`, some parcels stand in the report row by row, hours apart.
void add_shipments(Order& order, std::uint64_t seed, UtcTime start, Milliseconds quiet,
                   bool piecemeal = false);

/// Units of a line that Amazon had shipped by then.
[[nodiscard]] std::int64_t shipped_units(const Order& order, std::size_t line, UtcTime time);

}  // namespace carrick::sandbox
