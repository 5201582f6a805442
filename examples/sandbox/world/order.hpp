// SPDX-License-Identifier: Apache-2.0
// An order as it really is: raw numbers, people, and what happens to it over time. What Amazon says
// about it (amazon/order_json) and what the books must say (truth) are both derived from this,
// apart.
#pragma once

#include "examples/sandbox/world/catalogue.hpp"

#include <carrick/sdk/utc_time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carrick::sandbox {

/// An amount in the currency's smallest unit, before tax and its tax. Discounts are positive here.
struct Amount {
    std::int64_t net = 0;
    std::int64_t tax = 0;

    [[nodiscard]] std::int64_t gross() const { return net + tax; }
    [[nodiscard]] bool is_zero() const { return net == 0 && tax == 0; }
    Amount& operator+=(const Amount& other) {
        net += other.net;
        tax += other.tax;
        return *this;
    }
};

struct OrderLine {
    std::string order_item_id;
    const Item* item = nullptr;
    std::int64_t quantity = 1;
    std::int64_t unit_price = 0;  ///< as displayed: with tax where prices include it
    std::int64_t tax_rate = 0;    ///< in hundredths of a percent: 1900 is 19 %
    Amount principal;             ///< of the whole line
    Amount shipping;
    Amount gift_wrap;
    Amount cod_fee;
    Amount item_discount;  ///< positive: what the promotion takes off
    Amount shipping_discount;
    bool facilitator = false;  ///< Amazon collects and pays this line's tax
    bool cancelled = false;    ///< cancelled before payment: quantity 0, no amounts
    std::vector<std::string> promotion_ids;
    std::string gift_message;
    std::string gift_level;
    std::int64_t points = 0;       ///< Amazon points granted (JP)
    std::string reporting_scheme;  ///< UOSS, IOSS or empty
    bool business_price = false;

    [[nodiscard]] Amount discount() const {
        Amount sum = item_discount;
        return sum += shipping_discount;
    }
};

struct Address {
    std::string name, company, line1, line2, line3, city, district, state, postal_code, country,
        phone;
    std::string type = "RESIDENTIAL";
};

/// Goods of one line that left in one parcel, with their share of the line's amounts.
struct ShippedPart {
    std::size_t line = 0;  ///< index into Order::lines
    std::string shipment_item_id;
    OrderLine share;     ///< the line as if no more than this had been ordered
    UtcTime reported{};  ///< when the shipments report shows its row
};

/// A parcel of Amazon's own warehouses.
struct Shipment {
    std::string id;
    UtcTime shipped;
    UtcTime reported;  ///< when the shipments report shows all of it
    UtcTime arrives;
    std::string centre;
    std::string carrier;
    std::string tracking;
    std::vector<ShippedPart> parts;
};

/// What an order says from a moment on, where it changed before it was shipped.
struct Revision {
    UtcTime time;
    std::vector<OrderLine> lines;
    Address address;
};

enum class Happening {
    Placed,           ///< appears as PENDING
    Confirmed,        ///< payment fine: UNSHIPPED
    Touched,          ///< lastUpdatedTime moves, nothing that we book changes
    Revised,          ///< lines or address are others from here on (Order::revisions)
    CancelRequested,  ///< the buyer asks, nobody decides
    PartlyShipped,
    Shipped,
    Cancelled,
};

struct Event {
    UtcTime time;
    Happening what = Happening::Placed;
};

enum class Status { Pending, Unshipped, PartiallyShipped, Shipped, Cancelled };
[[nodiscard]] std::string_view status_text(Status status);

/// An order at one moment.
struct OrderState {
    Status status = Status::Pending;
    UtcTime last_updated;
    bool cancel_requested = false;
    std::optional<UtcTime> first_shipped;
    std::optional<UtcTime> shipped;
};

/// How an order came into NetSuite before Carrick did.
enum class Preexisting { No, ByMarketplaceOrderField, ByConnectorField, ByReference };

/// Never changes once made; what happens to it is in `events`, with times past and future.
struct Order {
    std::uint64_t number = 0;  ///< of the world, from 0
    std::string id;
    const Marketplace* marketplace = nullptr;
    std::string_view account;  ///< SellerAccount::account that sold it
    bool amazon_fulfilled = false;
    std::string recipe;  ///< what it is an example of: "gift_wrap", "replacement", ...
    std::vector<OrderLine> lines;
    std::vector<Event> events;        ///< by time; the first is Placed
    std::vector<Revision> revisions;  ///< by time
    /// By time; only of orders that Amazon ships. Their parts add up to the lines.
    std::vector<Shipment> shipments;
    Address address;
    std::string buyer_name;
    std::string buyer_email;
    std::string buyer_company;
    std::string purchase_order_number;
    std::string vat_number;  ///< the buyer's, on business orders
    std::string seller_order_id;
    std::string service_level = "STANDARD";
    std::vector<std::string> programs;
    std::string replacement_of;  ///< order id; its lines cost nothing
    std::int64_t delivery_tip = 0;
    std::string payment_method;
    Preexisting preexisting = Preexisting::No;

    [[nodiscard]] UtcTime created() const { return events.front().time; }
    /// The order at that moment; nothing before it was placed.
    [[nodiscard]] std::optional<OrderState> at(UtcTime time) const;
    [[nodiscard]] std::optional<UtcTime> time_of(Happening what) const;
};

/// The order with the lines and the address that it has at that moment.
[[nodiscard]] Order revised(const Order& order, UtcTime time);

}  // namespace carrick::sandbox
