// SPDX-License-Identifier: Apache-2.0
// Sums over raw numbers; nothing here has seen a JSON text.
#include "examples/sandbox/world/truth.hpp"

#include <algorithm>

namespace carrick::sandbox {
namespace {

/// Everything of one line that the buyer pays, discounts taken off.
Amount paid_for(const OrderLine& line) {
    Amount sum = line.principal;
    sum += line.shipping;
    sum += line.gift_wrap;
    sum += line.cod_fee;
    const Amount off = line.discount();
    return {sum.net - off.net, sum.tax - off.tax};
}

bool has_unknown_sku(const Order& order) {
    const std::span<const Item> unknown = unknown_items();
    return std::any_of(order.lines.begin(), order.lines.end(), [&](const OrderLine& line) {
        return line.item >= unknown.data() && line.item < unknown.data() + unknown.size();
    });
}

bool has_something_to_sell(const Order& order) {
    return std::any_of(order.lines.begin(), order.lines.end(),
                       [](const OrderLine& line) { return line.quantity > 0; });
}

}  // namespace

Decimal in_currency(std::int64_t smallest_units, std::string_view currency) {
    return Decimal::from_parts(smallest_units, currency == "JPY" ? 0 : 2).value();
}

Truth truth_of(const Order& order) {
    const std::string_view currency = order.marketplace->currency;
    const auto money = [&](std::int64_t units) { return in_currency(units, currency); };

    Truth truth;
    truth.order_id = order.id;
    truth.account = order.account;
    truth.marketplace = order.marketplace;
    truth.currency = currency;
    truth.subsidiary = order.marketplace->subsidiary;
    truth.buyer_email = order.buyer_email;

    std::int64_t grand_total = order.delivery_tip;
    std::int64_t facilitator_tax = 0;
    std::int64_t tax_owed = 0;
    std::int64_t shipping = 0, gift_wrap = 0, cod_fee = 0, discount = 0;
    for (const OrderLine& line : order.lines) {
        const Amount paid = paid_for(line);
        grand_total += paid.gross();
        (line.facilitator ? facilitator_tax : tax_owed) += paid.tax;
        shipping += line.shipping.net;
        gift_wrap += line.gift_wrap.net;
        cod_fee += line.cod_fee.net;
        discount += line.discount().net;
        if (line.quantity == 0) continue;
        truth.lines.push_back({std::string(line.item->item), line.order_item_id, line.quantity,
                               money(line.principal.net),
                               money(line.facilitator ? 0 : line.principal.tax)});
    }
    truth.grand_total = money(grand_total);
    truth.facilitator_tax = money(facilitator_tax);
    truth.delivery_tip = money(order.delivery_tip);
    truth.receivable = money(grand_total - facilitator_tax - order.delivery_tip);
    truth.tax_owed = money(tax_owed);
    truth.shipping_net = money(shipping);
    truth.gift_wrap_net = money(gift_wrap);
    truth.cod_fee_net = money(cod_fee);
    truth.discount_net = money(discount);
    return truth;
}

Truth truth_of(const Order& order, const Shipment& shipment) {
    Order parcel = order;
    parcel.lines.clear();
    parcel.delivery_tip = 0;
    for (const ShippedPart& part : shipment.parts) parcel.lines.push_back(part.share);
    Truth truth = truth_of(parcel);
    truth.shipment_id = shipment.id;
    return truth;
}

namespace {

/// What holds for an order whoever ships it.
ImportRule sold_rule(const Order& order, UtcTime now, UtcTime go_live, UtcTime world_start) {
    if (order.created() < go_live) return {Import::Forbidden, "before_start", {}};
    if (!has_something_to_sell(revised(order, now))) return {Import::Forbidden, "nothing_left", {}};
    const std::optional<OrderState> state = order.at(now);
    if (!state) return {Import::Forbidden, "not_placed", {}};
    const std::optional<UtcTime> paid = order.time_of(Happening::Confirmed);
    if (state->status == Status::Pending) return {Import::Forbidden, "pending", {}};
    if (has_unknown_sku(order)) return {Import::Allowed, "unknown_sku", paid};
    if (state->status != Status::Cancelled) return {Import::Required, "", paid};
    if (!paid) return {Import::Forbidden, "cancelled_unpaid", {}};
    if (state->last_updated <= world_start)
        return {Import::Forbidden, "cancelled_before_import", {}};
    return {Import::Allowed, "cancelled_after_import", paid};
}

}  // namespace

ImportRule import_rule(const Order& order, UtcTime now, UtcTime go_live, UtcTime world_start) {
    if (order.amazon_fulfilled) return {Import::Forbidden, "amazon_fulfilled", {}};
    return sold_rule(order, now, go_live, world_start);
}

ImportRule fba_rule(const Order& order, UtcTime now, UtcTime go_live, UtcTime world_start,
                    bool posting) {
    ImportRule rule = sold_rule(order, now, go_live, world_start);
    if (!posting || rule.import == Import::Forbidden) return rule;
    const OrderState state = *order.at(now);
    // Nothing posts that was never shipped.
    if (state.status == Status::Cancelled) return {Import::Forbidden, "cancelled_unshipped", {}};
    if (state.status != Status::Shipped) return {Import::Forbidden, "not_shipped", {}};
    rule.since = state.shipped;
    return rule;
}

}  // namespace carrick::sandbox
