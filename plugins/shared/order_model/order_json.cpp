// SPDX-License-Identifier: Apache-2.0
// Orders API 2026-01-01 -> Order.
#include "plugins/shared/order_model/address.hpp"
#include "plugins/shared/order_model/order.hpp"

#include <carrick/sdk/marketplaces.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace carrick::plugins {

namespace {

// NetSuite's otherRefNum, which carries it, takes no more; Amazon's have 19 characters.
constexpr std::size_t kOrderIdLength = 45;

FulfillmentStatus status_of(const std::string& text) {
    static constexpr std::array<std::pair<std::string_view, FulfillmentStatus>, 7> kStatuses{
        {{"PENDING_AVAILABILITY", FulfillmentStatus::PendingAvailability},
         {"PENDING", FulfillmentStatus::Pending},
         {"UNSHIPPED", FulfillmentStatus::Unshipped},
         {"PARTIALLY_SHIPPED", FulfillmentStatus::PartiallyShipped},
         {"SHIPPED", FulfillmentStatus::Shipped},
         {"CANCELLED", FulfillmentStatus::Cancelled},
         {"UNFULFILLABLE", FulfillmentStatus::Unfulfillable}}};
    for (const auto& [name, status] : kStatuses)
        if (name == text) return status;
    return FulfillmentStatus::Unknown;
}

Result<UtcTime> time_of(const Json& order, const char* member, const std::string& where) {
    Result<UtcTime> time = UtcTime::parse(order[member].text());
    if (!time) return rejected("order.time", where + ", " + member + ": " + time.error().message);
    return time;
}

/// The reporting scheme of a line, where Amazon names one: "UOSS" -> "uoss".
std::string scheme_of(const Json& tax) {
    std::string scheme;
    for (const Json& breakdown : tax["taxCalculationBreakdowns"].items())
        if (scheme.empty()) scheme = breakdown["reportingScheme"].text();
    for (char& c : scheme)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return scheme;
}

/// The number under which the buyer is registered for value-added tax.
std::string buyer_vat_id(const Json& tax) {
    for (const Json& registration : tax["taxRegistrations"].items())
        if (registration["entityType"].text() == "BUYER" &&
            registration["taxRegistrationType"].text() == "VAT")
            return registration["taxRegistrationNumber"].text();
    return {};
}

Result<OrderLine> line_of(const Json& item, const Order& order, bool with_amounts,
                          const Decimal& max_rounding) {
    OrderLine line;
    line.id.text = item["orderItemId"].text();
    line.sku.text = item["product"]["sellerSku"].text();
    line.title = item["product"]["title"].text();
    const std::string where = "order " + order.id.text + ", line " + line.id.text;
    const std::optional<std::int64_t> quantity = item["quantityOrdered"].integer_if();
    if (line.id.text.empty() || !quantity || *quantity < 0)
        return rejected("order.line",
                        where + ": expected an orderItemId and a quantityOrdered of 0 or more");
    line.quantity = *quantity;
    line.shipped = item["fulfillment"]["quantityFulfilled"].integer_if();
    for (const Json& collection : item["tax"]["taxCollections"].items())
        line.facilitator |= collection["model"].text() == "MARKETPLACE_FACILITATOR";
    line.scheme = scheme_of(item["tax"]);
    line.gift_message = item["fulfillment"]["packing"]["giftOption"]["giftMessage"].text();
    for (const Json& promotion : item["promotion"]["breakdowns"].items())
        line.promotions.push_back(promotion["promotionId"].text());
    if (!with_amounts) return line;

    // A cancelled line often has no amounts left; a replacement may never have had any.
    const bool may_be_free = line.quantity == 0 || !order.replaces.empty();
    if (may_be_free && !item["proceeds"]["proceedsTotal"].is_object()) {
        line.proceeds = LineProceeds::none(order.currency);
        return line;
    }
    Result<LineProceeds> proceeds =
        parse_line_proceeds(item["proceeds"], order.currency, where, max_rounding);
    if (!proceeds) return proceeds.error();
    line.proceeds = *proceeds;
    return line;
}

/// The currency of the grand total, else of the first line that states one, else, where nothing is
/// owed, of the store.
Result<Currency> currency_of(const Json& json, const Order& order, const std::string& where) {
    std::string code = json["proceeds"]["grandTotal"]["currencyCode"].text();
    for (const Json& item : json["orderItems"].items())
        if (code.empty()) code = item["proceeds"]["proceedsTotal"]["currencyCode"].text();
    if (code.empty() && !order.replaces.empty())
        if (const amazon::Marketplace* store = amazon::marketplace_from_code(order.marketplace))
            code = store->currency;
    if (code.empty())
        return rejected(
            "order.proceeds_missing",
            where + ": no amounts; the order was read without them, or is still pending");
    Result<Currency> currency = Currency::parse(code);
    if (!currency) return rejected("money.currency", where + ": " + currency.error().message);
    return currency;
}

Result<void> read_amounts(const Json& json, Order& order) {
    const std::string where = "order " + order.id.text;
    Result<Currency> currency = currency_of(json, order, where);
    if (!currency) return currency.error();
    order.currency = *currency;
    order.grand_total = Money::zero(order.currency);
    order.delivery_tip = Money::zero(order.currency);
    order.rounding = Money::zero(order.currency);
    for (const Json& breakdown : json["proceeds"]["breakdowns"].items()) {
        if (breakdown["type"].text() != "DELIVERY_TIP") continue;
        Result<Money> tip =
            parse_money(breakdown["subtotal"], order.currency, where + ", DELIVERY_TIP");
        if (!tip) return tip.error();
        order.delivery_tip = order.delivery_tip.plus(*tip).value();
    }
    return {};
}

/// A cent by which the grand total misses the lines is Amazon's rounding, where one is tolerated.
void note_rounding(Order& order, const Decimal& max_rounding) {
    Money live = order.delivery_tip;
    Money dropped = Money::zero(order.currency);
    for (const OrderLine& line : order.lines) {
        Money& sum = line.quantity > 0 ? live : dropped;
        sum = sum.plus(line.proceeds.total).value();
    }
    const Money residue = order.grand_total.minus(live).value();
    if (residue != dropped && residue.absolute().amount() <= max_rounding) order.rounding = residue;
}

Result<void> read_grand_total(const Json& json, Order& order, const Decimal& max_rounding) {
    const Json& stated = json["proceeds"]["grandTotal"];
    if (stated.is_object()) {
        Result<Money> total =
            parse_money(stated, order.currency, "order " + order.id.text + ", grandTotal");
        if (!total) return total.error();
        order.grand_total = *total;
        note_rounding(order, max_rounding);
        return {};
    }
    order.grand_total = order.delivery_tip;
    for (const OrderLine& line : order.lines) {
        Result<Money> sum = order.grand_total.plus(line.proceeds.total);
        if (!sum) return sum.error();
        order.grand_total = *sum;
    }
    return {};
}

}  // namespace

Result<Order> parse_order(const Json& json, bool with_amounts, const Decimal& max_rounding) {
    // What a source could not read says itself why.
    if (const std::string& why = json["unreadable"].text(); !why.empty())
        return rejected("report.row", why);
    Order order;
    order.id.text = json["orderId"].text();
    const std::string where = "order " + order.id.text;
    if (order.id.text.empty() || order.id.text.size() > kOrderIdLength)
        return rejected("order.id",
                        "an order whose orderId is missing or longer than 45 "
                        "characters; correct the record and retry",
                        "orderId");
    const Json& channel = json["salesChannel"];
    if (const auto* store = amazon::marketplace_from_id(channel["marketplaceId"].text()))
        order.marketplace = store->code;
    order.status_text = json["fulfillment"]["fulfillmentStatus"].text();
    order.status = status_of(order.status_text);
    const std::string& fulfilled_by = json["fulfillment"]["fulfilledBy"].text();
    order.merchant_fulfilled = fulfilled_by == "MERCHANT";
    // Taken for Amazon's own, a merchant's order would never be shipped.
    if (order.is_open_or_shipped() && !order.merchant_fulfilled && fulfilled_by != "AMAZON")
        return rejected("order.fulfilled_by",
                        where + ": fulfilledBy is \"" + fulfilled_by +
                            "\"; expected MERCHANT or AMAZON: have FULFILLMENT among "
                            "orders.included_data of the source, or upgrade the plugin",
                        "fulfillment.fulfilledBy");
    order.amazon_channel = channel["channelName"].text_or("AMAZON") == "AMAZON";
    Result<UtcTime> created = time_of(json, "createdTime", where);
    if (!created) return created.error();
    Result<UtcTime> updated = time_of(json, "lastUpdatedTime", where);
    if (!updated) return updated.error();
    order.created = *created;
    order.updated = *updated;
    const std::string& ship_by = json["fulfillment"]["shipByWindow"]["latestDateTime"].text();
    if (const Result<UtcTime> time = UtcTime::parse(ship_by)) order.ship_by = *time;

    order.buyer_name = json["buyer"]["buyerName"].text();
    order.buyer_email = json["buyer"]["buyerEmail"].text();
    order.buyer_vat_id = buyer_vat_id(json["tax"]);
    order.service_level = json["fulfillment"]["fulfillmentServiceLevel"].text();
    order.buyer_company = json["buyer"]["buyerCompanyName"].text();
    order.purchase_order_number = json["buyer"]["buyerPurchaseOrderNumber"].text();
    for (const Json& program : json["programs"].items())
        order.business |= program.text() == "AMAZON_BUSINESS";
    for (const Json& other : json["associatedOrders"].items())
        if (other["associationType"].text() == "REPLACEMENT_ORIGINAL_ID")
            order.replaces = other["orderId"].text();
    if (const Json& shipment = json["shipment"]; shipment.is_object()) {
        Result<UtcTime> shipped = time_of(shipment, "shipmentDate", where);
        if (!shipped) return shipped.error();
        order.shipment = Shipment{shipment["shipmentId"].text(), *shipped,
                                  shipment["fulfillmentCenterId"].text()};
    }
    order.ship_to = parse_address(json["recipient"]["deliveryAddress"]);

    if (with_amounts)
        if (Result<void> read = read_amounts(json, order); !read) return read.error();
    for (const Json& item : json["orderItems"].items()) {
        Result<OrderLine> line = line_of(item, order, with_amounts, max_rounding);
        if (!line) return line.error();
        order.lines.push_back(std::move(*line));
    }
    if (!with_amounts) return order;
    if (order.lines.empty())
        return rejected("order.no_lines",
                        where + ": it has no orderItems; compare it with Seller Central and retry");
    if (Result<void> read = read_grand_total(json, order, max_rounding); !read) return read.error();
    return order;
}

}  // namespace carrick::plugins
