// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/order.hpp"

#include <algorithm>

namespace carrick::plugins {

bool Order::is_open_or_shipped() const {
    return status == FulfillmentStatus::Unshipped ||
           status == FulfillmentStatus::PartiallyShipped || status == FulfillmentStatus::Shipped;
}

bool Order::is_cancelled() const {
    if (status == FulfillmentStatus::Cancelled) return true;
    return !lines.empty() && std::all_of(lines.begin(), lines.end(),
                                         [](const OrderLine& line) { return line.quantity == 0; });
}

Result<Money> expected_receivable(const Order& order, bool tip_is_ours) {
    Money live = Money::zero(order.currency);
    Money dropped = Money::zero(order.currency);
    Money facilitator_tax = Money::zero(order.currency);
    for (const OrderLine& line : order.lines) {
        Money& sum = line.quantity > 0 ? live : dropped;
        Result<Money> grown = sum.plus(line.proceeds.total);
        if (!grown) return grown.error();
        sum = *grown;
        if (line.quantity > 0 && line.facilitator)
            facilitator_tax = facilitator_tax.plus(line.proceeds.tax).value();
    }
    // Amazon may or may not have taken a cancelled line off the grand total yet.
    const Money goods = order.grand_total.minus(order.delivery_tip).value();
    if (goods != live.plus(order.rounding).value() && goods != live.plus(dropped).value())
        return rejected("order.total_unexplained",
                        "order " + order.id.text + ": the lines add up to " + live.text() +
                            ", the grand total is " + order.grand_total.text() +
                            " with a delivery tip of " + order.delivery_tip.text() +
                            "; compare the order with Seller Central and retry");
    Money expected = live.minus(facilitator_tax).value().plus(order.rounding).value();
    return tip_is_ours ? expected.plus(order.delivery_tip) : Result<Money>(expected);
}

Money rounding_of(const Order& order) {
    Money sum = order.rounding;
    for (const OrderLine& line : order.lines)
        if (line.quantity > 0) sum = sum.plus(line.proceeds.rounding).value();
    return sum;
}

Result<void> belongs_to(const Order& order, const std::string& marketplace) {
    if (marketplace.empty() || order.marketplace == marketplace) return {};
    const std::string store =
        order.marketplace.empty() ? "a store that Amazon does not name" : order.marketplace;
    return rejected("order.marketplace",
                    "order " + order.id.text + ": it is of " + store +
                        ", and this instance keeps " + marketplace +
                        "; list its marketplace in the orders flow, or correct the "
                        "record's salesChannel.marketplaceId and retry",
                    "salesChannel.marketplaceId");
}

}  // namespace carrick::plugins
