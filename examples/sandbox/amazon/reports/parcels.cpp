// SPDX-License-Identifier: Apache-2.0
// The report of what Amazon shipped: one row per order line and parcel, hours late.
#include "examples/sandbox/amazon/reports/report_rows.hpp"

#include <algorithm>
#include <tuple>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

Cells row_of(const Order& order, const Shipment& shipment, const ShippedPart& part,
             const RowQuestion& question) {
    const OrderLine& share = part.share;
    const ShownAmounts shown(*order.marketplace, question);
    const std::string_view zone = order.marketplace->code == "JP" ? order.marketplace->zone : "UTC";
    Cells row;
    row["amazon-order-id"] = order.id;
    row["merchant-order-id"] = order.seller_order_id;
    row["shipment-id"] = shipment.id;
    row["shipment-item-id"] = part.shipment_item_id;
    row["amazon-order-item-id"] = share.order_item_id;
    row["purchase-date"] = zoned_text(order.created(), zone);
    row["payments-date"] =
        zoned_text(order.time_of(Happening::Confirmed).value_or(order.created()), zone);
    row["shipment-date"] = zoned_text(shipment.shipped, zone);
    row["reporting-date"] = zoned_text(part.reported, zone);
    row["sku"] = share.item->sku;
    row["product-name"] = one_field(share.item->title);
    row["quantity-shipped"] = std::to_string(share.quantity);
    row["currency"] = order.marketplace->currency;
    row["item-price"] = shown.price(share.principal);
    row["item-tax"] = shown.tax(share, share.principal, share.item_discount);
    row["shipping-price"] = shown.shipping_price(share);
    row["shipping-tax"] = shown.tax(share, share.shipping, share.shipping_discount);
    row["gift-wrap-price"] = shown.price(share.gift_wrap);
    row["gift-wrap-tax"] = shown.tax(share, share.gift_wrap);
    const auto discount = [&](const Amount& amount) {
        return amount.is_zero() ? shown.price(Amount{}) : shown.discount(amount);
    };
    row["item-promotion-discount"] = discount(share.item_discount);
    row["ship-promotion-discount"] = discount(share.shipping_discount);
    row["ship-service-level"] = order.service_level == "EXPEDITED" ? "Expedited" : "Standard";
    // Whom and where exactly stays blank in this variant.
    row["ship-city"] = order.address.city;
    row["ship-state"] = order.address.state;
    row["ship-postal-code"] = order.address.postal_code;
    row["ship-country"] = order.address.country;
    row["carrier"] = shipment.carrier;
    row["tracking-number"] = shipment.tracking;
    row["estimated-arrival-date"] = zoned_text(shipment.arrives, zone);
    row["fulfillment-center-id"] = shipment.centre;
    row["fulfillment-channel"] = "AFN";
    row["sales-channel"] = order.marketplace->name;
    if (order.marketplace->code == "JP") row["points-granted"] = std::to_string(share.points);
    return row;
}

/// A parcel of an order of the seller's own shop: no order of Amazon's, no price.
Cells other_channel_row(const Marketplace& store, UtcTime time) {
    Cells row;
    const std::string number = std::to_string(time.milliseconds() / 86'400'000);
    row["amazon-order-id"] = "S01-" + number + "00-" + number + "01";
    row["merchant-order-id"] = "WEBSHOP-" + number;
    row["shipment-id"] = "DMCF" + number;
    row["shipment-item-id"] = "DMCI" + number;
    row["amazon-order-item-id"] = "9" + number + "000";
    row["purchase-date"] = row["payments-date"] = zoned_text(time - 26h, "UTC");
    row["shipment-date"] = zoned_text(time - 2h, "UTC");
    row["reporting-date"] = zoned_text(time, "UTC");
    row["sku"] = items().front().sku;
    row["product-name"] = items().front().title;
    row["quantity-shipped"] = "1";
    row["carrier"] = "UPS";
    row["tracking-number"] = "TBAMCF" + number;
    row["fulfillment-center-id"] = "PHX7";
    row["fulfillment-channel"] = "AFN";
    row["sales-channel"] = "Non-Amazon";
    row["ship-country"] = store.country;
    return row;
}

}  // namespace

std::vector<Cells> parcel_rows(const RowQuestion& question, const World& world) {
    const bool by_reporting = question.is("shipments_range", "reporting");
    std::vector<std::tuple<UtcTime, std::string, Cells>> found;
    for (const Order* order : world.orders()) {
        if (!question.has(order->marketplace)) continue;
        for (const Shipment& shipment : order->shipments) {
            for (const ShippedPart& part : shipment.parts) {
                const UtcTime date = by_reporting ? part.reported : shipment.shipped;
                if (date >= question.from && date < question.to && part.reported <= question.as_of)
                    found.emplace_back(date, part.shipment_item_id,
                                       row_of(*order, shipment, part, question));
            }
        }
    }
    if (question.is("mcf_rows", "on"))
        for (const Marketplace* store : question.stores)
            if (store->code == "US" && question.from + 24h <= question.to)
                found.emplace_back(question.from + 12h, "DMCI",
                                   other_channel_row(*store, question.from + 12h));
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
    });
    std::vector<Cells> rows;
    rows.reserve(found.size());
    for (auto& [date, id, row] : found) rows.push_back(std::move(row));
    return rows;
}

}  // namespace carrick::sandbox
