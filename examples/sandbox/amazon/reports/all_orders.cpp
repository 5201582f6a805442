// SPDX-License-Identifier: Apache-2.0
// The all-orders reports: one row per line in its present state, without the line's id.
#include "examples/sandbox/amazon/reports/report_rows.hpp"

namespace carrick::sandbox {
namespace {

std::string status_word(const Order& order, Status status) {
    switch (status) {
        case Status::Pending: return "Pending";
        case Status::Unshipped: return "Unshipped";
        case Status::PartiallyShipped: return "Shipping";
        case Status::Shipped: return "Shipped";
        // British spelling in Europe, American in America.
        case Status::Cancelled: return order.marketplace->region == "na" ? "Canceled" : "Cancelled";
    }
    return "";
}

std::string item_status(const OrderLine& line, Status status) {
    if (status == Status::Cancelled || line.cancelled) return "Cancelled";
    return status == Status::Shipped ? "Shipped" : "Unshipped";
}

std::string trimmed(const std::string& amount) {
    // This family of reports writes 2.7, not 2.70.
    const Result<Decimal> value = Decimal::parse(amount);
    return amount.empty() || !value ? amount : value->normalized().text();
}

void add_amounts(Cells& row, const Order& order, const OrderLine& line,
                 const RowQuestion& question) {
    const ShownAmounts shown(*order.marketplace, question);
    row["currency"] = order.marketplace->currency;
    row["item-price"] = trimmed(shown.price(line.principal));
    row["item-tax"] = trimmed(shown.tax(line, line.principal, line.item_discount));
    if (!line.shipping.is_zero()) {
        row["shipping-price"] = trimmed(shown.shipping_price(line));
        row["shipping-tax"] = trimmed(shown.tax(line, line.shipping, line.shipping_discount));
    }
    if (!line.gift_wrap.is_zero()) {
        row["gift-wrap-price"] = trimmed(shown.price(line.gift_wrap));
        row["gift-wrap-tax"] = trimmed(shown.tax(line, line.gift_wrap));
    }
    row["item-promotion-discount"] = trimmed(shown.discount(line.item_discount));
    row["ship-promotion-discount"] = trimmed(shown.discount(line.shipping_discount));
    if (line.facilitator) {
        row["tax-collection-model"] = "MarketplaceFacilitator";
        row["tax-collection-responsible-party"] = "Amazon Services, Inc.";
    }
    if (order.marketplace->region == "eu") {
        row["vat-exclusive-item-price"] =
            trimmed(in_currency(line.principal.net, order.marketplace->currency).text());
        row["vat-exclusive-shipping-price"] =
            trimmed(in_currency(line.shipping.net, order.marketplace->currency).text());
    }
    std::string promotions;
    for (const std::string& id : line.promotion_ids)
        promotions += (promotions.empty() ? "" : ",") + id;
    row["promotion-ids"] = promotions;
}

Cells row_of(const Order& order, const OrderLine& line, const OrderState& state,
             const RowQuestion& question) {
    Cells row;
    row["amazon-order-id"] = order.id;
    row["merchant-order-id"] = order.seller_order_id.empty() ? order.id : order.seller_order_id;
    row["purchase-date"] = zoned_text(order.created(), "UTC");
    row["last-updated-date"] = zoned_text(state.last_updated, "UTC");
    row["order-status"] = status_word(order, state.status);
    row["fulfillment-channel"] = order.amazon_fulfilled ? "Amazon" : "Merchant";
    row["sales-channel"] = order.marketplace->name;
    row["order-channel"] = "WebsiteOrderChannel";
    row["ship-service-level"] = order.service_level == "EXPEDITED" ? "Expedited" : "Standard";
    row["product-name"] = one_field(line.item->title);
    row["sku"] = line.item->sku;
    row["asin"] = line.item->asin;
    row["number-of-items"] = "1";
    row["item-status"] = item_status(line, state.status);
    const bool gone = state.status == Status::Cancelled || line.cancelled;
    row["quantity"] = gone ? "0" : std::to_string(line.quantity);
    row["is-business-order"] = truth_word(!order.buyer_company.empty());
    row["purchase-order-number"] = order.purchase_order_number;
    row["price-designation"] = line.business_price ? "Business Price" : "";
    row["buyer-company-name"] = order.buyer_company;
    row["buyer-vat-number"] = order.vat_number;
    row["is-replacement-order"] = truth_word(!order.replacement_of.empty());
    row["original-order-id"] = order.replacement_of;
    row["is-amazon-invoiced"] = "false";
    row["is-iba"] = "false";
    row["is-buyer-requested-cancellation"] = truth_word(state.cancel_requested);
    row["payment-method-details"] = "Standard";
    row["ship-city"] = order.address.city;
    row["ship-state"] = order.address.state;
    row["ship-postal-code"] = order.address.postal_code;
    row["ship-country"] = order.address.country;
    if (gone) return row;
    const bool pending = state.status == Status::Pending && order.marketplace->code != "JP" &&
                         question.is("report_pending_prices", "blank");
    if (!pending) add_amounts(row, order, line, question);
    return row;
}

}  // namespace

std::vector<Cells> all_order_rows(const RowQuestion& question, const World& world) {
    const bool by_update = question.type->contents == Contents::AllOrdersByUpdate;
    std::vector<Cells> rows;
    const UtcTime last = std::min(question.to - Milliseconds(1), question.as_of);
    world.visit_happenings(question.from, last, false, [&](UtcTime date, const Order& order) {
        if (!question.has(order.marketplace)) return true;
        const std::optional<OrderState> state = order.at(question.as_of);
        if (!state || date != (by_update ? state->last_updated : order.created())) return true;
        const Order shown = revised(order, state->last_updated);
        for (const OrderLine& line : shown.lines)
            rows.push_back(row_of(shown, line, *state, question));
        return true;
    });
    return rows;
}

}  // namespace carrick::sandbox
