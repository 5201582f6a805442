// SPDX-License-Identifier: Apache-2.0
// Order: an Amazon order as the flows need it, whichever source it came by.
// Source: Orders API 2026-01-01.
#pragma once

#include "plugins/shared/order_model/proceeds.hpp"

#include <carrick/sdk/ids.hpp>
#include <carrick/sdk/json.hpp>
#include <carrick/sdk/money.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <optional>
#include <string>
#include <vector>

namespace carrick::plugins {

enum class FulfillmentStatus {
    PendingAvailability,
    Pending,
    Unshipped,
    PartiallyShipped,
    Shipped,
    Cancelled,
    Unfulfillable,
    Unknown,  ///< Amazon's lists are open
};

/// One line of an order. Amounts are of the whole line, not of one unit.
struct OrderLine {
    OrderItemId id;
    SellerSku sku;
    std::string title;
    std::int64_t quantity = 0;            ///< 0 = cancelled
    std::optional<std::int64_t> shipped;  ///< of them; none where the source does not tell
    bool facilitator =
        false;  ///< Amazon collects and pays this line's tax (per item, not per store)
    LineProceeds proceeds;
    std::vector<std::string> promotions;
    std::string gift_message;
    std::string scheme;  ///< under which Amazon reports the tax: "uoss", "ioss"; empty = none
};

/// What left a fulfilment centre at once, where the order is told by its shipments.
struct Shipment {
    std::string id;
    UtcTime shipped;
    std::string centre;
};

struct Address {
    std::string name;
    std::string company;
    std::vector<std::string> lines;
    std::string city;
    std::string district;  ///< neighbourhood, county or municipality that nothing else tells
    std::string state;
    std::string postal_code;
    std::string country;  ///< ISO 3166 code
    std::string phone;

    [[nodiscard]] bool empty() const {
        return lines.empty() && city.empty() && postal_code.empty();
    }
};

struct Order {
    OrderId id;
    std::string marketplace;  ///< code; empty where Amazon names none that we know
    FulfillmentStatus status = FulfillmentStatus::Unknown;
    std::string status_text;
    bool merchant_fulfilled = false;
    bool amazon_channel = true;  ///< false: a Non-Amazon (MCF) order
    UtcTime created;
    UtcTime updated;
    UtcTime ship_by;  ///< 0 = not stated
    std::string buyer_name;
    std::string buyer_email;
    std::string buyer_company;
    std::string buyer_vat_id;
    std::string purchase_order_number;
    std::string service_level;  ///< "STANDARD", "EXPEDITED", ...
    bool business = false;
    std::string replaces;  ///< order id that this one replaces, or ""
    Address ship_to;
    std::vector<OrderLine> lines;
    Currency currency;
    Money grand_total = Money::zero(Currency());
    Money delivery_tip = Money::zero(Currency());
    /// What the grand total says more than the lines; zero unless the reader tolerates a residue.
    Money rounding = Money::zero(Currency());
    std::optional<Shipment> shipment;

    /// Payable and shippable: amounts and address are there.
    [[nodiscard]] bool is_open_or_shipped() const;
    /// Nothing left to ship: cancelled as a whole, or every line has quantity 0.
    [[nodiscard]] bool is_cancelled() const;
};

/// Reads the identity, status and parties of an order; amounts only where `with_amounts` asks,
/// because a pending order has none. A replacement for which Amazon states no amounts is free.
/// Figures of Amazon's that miss each other by at most `max_rounding` are taken, and the residue
/// told. Errors   Rejected `report.row`, `order.id`, `order.time`, `order.fulfilled_by`,
/// `order.line`,
///          with amounts `order.no_lines`, `order.proceeds_missing`, `money.currency` and those of
///          parse_line_proceeds; the message names the order, the line and the figures.
[[nodiscard]] Result<Order> parse_order(const Json& json, bool with_amounts,
                                        const Decimal& max_rounding = {});

/// What Amazon's figures of the order leave over, lines and grand total together.
[[nodiscard]] Money rounding_of(const Order& order);

/// What the customer owes us: the grand total without the tax that Amazon collects and pays itself,
/// without the delivery tip (unless it is ours) and without lines of quantity 0.
/// Errors   Rejected `order.total_unexplained`: the lines do not add up to the grand total.
[[nodiscard]] Result<Money> expected_receivable(const Order& order, bool tip_is_ours = false);

/// Each marketplace has its own customer, items and subsidiary, so that an order in the hands of
/// another one's instance would land in wrong books. An instance without a marketplace takes all.
/// Errors   Rejected `order.marketplace`.
[[nodiscard]] Result<void> belongs_to(const Order& order, const std::string& marketplace);

}  // namespace carrick::plugins
