// SPDX-License-Identifier: Apache-2.0
// PlacedOrder: a sales order as it stands in NetSuite now, and how its lines are found again.
#pragma once

#include <carrick/sdk/decimal.hpp>
#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace carrick::plugins {

struct PlacedLine {
    std::string line;          ///< the key that a PATCH names, and the `orderLine` of a transform
    std::string item;          ///< internal id
    bool is_discount = false;  ///< applies to the line above it and has no quantity
    Decimal quantity{};
    Decimal amount{};
    bool closed = false;
    Decimal fulfilled{}, picked{}, billed{};
    bool fulfillable = false;
    std::string location{};    ///< internal id
    std::string order_item{};  ///< Amazon's order item id, where a column field keeps it

    /// Goods or money have moved because of it: no longer freely changed.
    [[nodiscard]] bool has_moved() const { return !fulfilled.is_zero() || !billed.is_zero(); }
    /// Units that may still be fulfilled.
    [[nodiscard]] Decimal left() const;
};

struct PlacedOrder {
    std::string id;
    std::string external_id;
    std::string status;  ///< NetSuite's letter
    std::vector<PlacedLine> lines;
    std::optional<Decimal> header_discount;

    /// Made by Carrick, not by another tool or a person.
    [[nodiscard]] bool is_ours() const { return external_id.starts_with("AMZ-SO-"); }
    /// Cancelled or closed, as a whole.
    [[nodiscard]] bool is_closed() const { return status == "C" || status == "H"; }
};

/// A hit of netsuite.lookup.order_lines.
/// Errors   Bug `order.lines_unread`: no id, no lines, or a figure that is none.
[[nodiscard]] Result<PlacedOrder> parse_placed_order(const Json& hit);

}  // namespace carrick::plugins
