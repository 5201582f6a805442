// SPDX-License-Identifier: Apache-2.0
// Promotions off prices that hold tax: whether the shipments report states them with the tax that
// they took or without cannot be seen in a row. The order itself tells.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/result.hpp>

namespace carrick::plugins {

/// Settles a parcel's item by what the Orders API says of the whole one.
/// All units in the parcel   the order's own proceeds take the place of the report's.
/// Some of them              the report's stay where its promotions, those of the goods and those
///                           of the shipping each by itself, are stated with their tax: all of the
///                           order's is in this parcel, or the share of its units to a cent a unit.
///                           What leaves nothing of its charge is right either way.
/// Errors   Rejected `report.promotion`: one is not, so that the parcel's amounts cannot be told to
///          the cent; names the way out. What parse_line_proceeds refuses.
[[nodiscard]] Result<void> settle_promotion(Json& parcel_item, const Json& order_item,
                                            const std::string& where);

}  // namespace carrick::plugins
