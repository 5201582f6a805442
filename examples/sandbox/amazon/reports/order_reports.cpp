// SPDX-License-Identifier: Apache-2.0
// The merchant's order reports: orders that became shippable within a period, and those that are
// still to be shipped.
#include "examples/sandbox/amazon/reports/report_rows.hpp"

#include <algorithm>
#include <utility>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

bool is_open(Status status) {
    return status == Status::Unshipped || status == Status::PartiallyShipped;
}

/// What both kinds say of an order and its line.
Cells common_row(const Order& order, const OrderLine& line, const OrderState& state,
                 const RowQuestion& question) {
    const std::string_view zone = order.marketplace->zone;
    Cells row;
    row["order-id"] = order.id;
    row["order-item-id"] = line.order_item_id;
    row["purchase-date"] = zoned_text(order.created(), zone);
    row["payments-date"] =
        zoned_text(order.time_of(Happening::Confirmed).value_or(order.created()), zone);
    row["buyer-email"] = order.buyer_email;
    row["buyer-name"] = order.buyer_name;
    row["buyer-phone-number"] = order.address.phone;
    row["sku"] = line.item->sku;
    row["product-name"] = one_field(line.item->title);
    row["quantity-purchased"] = std::to_string(line.quantity);
    row["ship-service-level"] = order.service_level == "EXPEDITED" ? "Expedited" : "Standard";
    row["recipient-name"] = order.address.name;
    row["ship-address-1"] = order.address.line1;
    row["ship-address-2"] = order.address.line2;
    row["ship-address-3"] = order.address.line3;
    row["ship-city"] = order.address.city;
    row["ship-state"] = order.address.state;
    row["ship-postal-code"] = order.address.postal_code;
    row["ship-country"] = order.address.country;
    row["is-business-order"] = truth_word(!order.buyer_company.empty());
    row["purchase-order-number"] = order.purchase_order_number;
    row["price-designation"] = line.business_price ? "Business Price" : "";
    row["is-prime"] = truth_word(std::find(order.programs.begin(), order.programs.end(), "PRIME") !=
                                 order.programs.end());
    row["is-replacement-order"] = truth_word(!order.replacement_of.empty());
    row["original-order-id"] = order.replacement_of;
    row["buyer-company-name"] = order.buyer_company;
    row["gift-wrap-type"] = line.gift_level;
    row["gift-message-text"] = one_field(line.gift_message);
    row["is-buyer-requested-cancellation"] = truth_word(state.cancel_requested);
    if (question.sales_channel) row["sales-channel"] = order.marketplace->name;
    return row;
}

void add_prices(Cells& row, const Order& order, const OrderLine& line,
                const RowQuestion& question) {
    const ShownAmounts shown(*order.marketplace, question);
    row["currency"] = order.marketplace->currency;
    row["item-price"] = shown.price(line.principal);
    row["item-tax"] = shown.tax(line, line.principal, line.item_discount);
    row["shipping-price"] = shown.shipping_price(line);
    row["shipping-tax"] = shown.tax(line, line.shipping, line.shipping_discount);
    if (!line.gift_wrap.is_zero()) {
        row["gift-wrap-price"] = shown.price(line.gift_wrap);
        row["gift-wrap-tax"] = shown.tax(line, line.gift_wrap);
    }
    row["ship-phone-number"] = order.address.phone;
    row["payment-method-details"] = order.payment_method;
    row["is-amazon-invoiced"] = "false";
    row["bill-address-1"] = order.address.line1;
    row["bill-address-2"] = order.address.line2;
    row["bill-address-3"] = order.address.line3;
    row["bill-city"] = order.address.city;
    row["bill-state"] = order.address.state;
    row["bill-postal-code"] = order.address.postal_code;
    row["bill-country"] = order.address.country;
    if (order.vat_number.empty()) return;
    row["buyer-tax-registration-id"] = order.vat_number;
    row["buyer-tax-registration-country"] = order.vat_number.substr(0, 2);
    row["buyer-tax-registration-type"] = "VAT";
}

/// The k-th of n equal shares of an amount; the first takes what is left over.
Amount portion(const Amount& whole, std::size_t k, std::size_t n) {
    const auto cut = [&](std::int64_t value) {
        const auto parts = static_cast<std::int64_t>(n);
        return value / parts + (k == 0 ? value % parts : 0);
    };
    return {cut(whole.net), cut(whole.tax)};
}

/// The line's row and, for every further promotion, a row that holds only that.
void add_invoiced_rows(std::vector<Cells>& rows, Cells first, const Order& order,
                       const OrderLine& line, const RowQuestion& question) {
    const ShownAmounts shown(*order.marketplace, question);
    const std::vector<std::string> goods = promotions_of(line, false);
    const std::vector<std::string> shipping = promotions_of(line, true);
    const std::size_t count = std::max({goods.size(), shipping.size(), std::size_t{1}});
    for (std::size_t i = 0; i < count; ++i) {
        Cells row = std::exchange(
            first, Cells{{"order-id", order.id}, {"order-item-id", line.order_item_id}});
        if (i < goods.size()) {
            row["item-promotion-id"] = goods[i];
            row["item-promotion-discount"] =
                shown.discount(portion(line.item_discount, i, goods.size()));
        }
        if (i < shipping.size()) {
            row["ship-promotion-id"] = shipping[i];
            row["ship-promotion-discount"] =
                shown.discount(portion(line.shipping_discount, i, shipping.size()));
        }
        rows.push_back(std::move(row));
    }
}

}  // namespace

std::vector<Cells> new_order_rows(const RowQuestion& question, const World& world) {
    const bool invoicing = question.type->columns.find("item-promotion-id") != std::string::npos;
    std::vector<Cells> rows;
    const UtcTime last = std::min(question.to - Milliseconds(1), question.as_of);
    world.visit_happenings(question.from, last, false, [&](UtcTime date, const Order& order) {
        // By the moment at which the order became shippable.
        if (order.amazon_fulfilled || !question.has(order.marketplace) ||
            order.time_of(Happening::Confirmed) != date)
            return true;
        const std::optional<OrderState> state = order.at(question.as_of);
        if (!state || state->status == Status::Cancelled) return true;
        const Order shown = revised(order, state->last_updated);
        for (const OrderLine& line : shown.lines) {
            if (line.quantity == 0) continue;
            Cells row = common_row(shown, line, *state, question);
            add_prices(row, shown, line, question);
            if (invoicing)
                add_invoiced_rows(rows, std::move(row), shown, line, question);
            else
                rows.push_back(std::move(row));
        }
        return true;
    });
    return rows;
}

std::vector<Cells> open_order_rows(const RowQuestion& question, const World& world) {
    std::vector<Cells> rows;
    for (const Order* order : world.orders()) {
        if (order->amazon_fulfilled || !question.has(order->marketplace)) continue;
        const std::optional<OrderState> state = order->at(question.as_of);
        if (!state || !is_open(state->status)) continue;
        const Order shown = revised(*order, state->last_updated);
        const UtcTime promise = shown.created() + 48h;
        for (std::size_t i = 0; i < shown.lines.size(); ++i) {
            const OrderLine& line = shown.lines[i];
            // Of a part shipment the first line has gone.
            const bool sent = state->status == Status::PartiallyShipped && i == 0;
            if (line.quantity == 0 || sent) continue;
            Cells row = common_row(shown, line, *state, question);
            const std::string_view zone = shown.marketplace->zone;
            row["reporting-date"] = zoned_text(*shown.time_of(Happening::Confirmed) + 30min, zone);
            row["promise-date"] = zoned_text(promise, zone);
            row["days-past-promise"] =
                std::to_string((question.as_of - promise).count() / Milliseconds(24h).count());
            row["number-of-items"] = "1";
            row["quantity-shipped"] = "0";
            row["quantity-to-ship"] = std::to_string(line.quantity);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

}  // namespace carrick::sandbox
