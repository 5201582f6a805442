// SPDX-License-Identifier: Apache-2.0
#include "plugins/amazon_orders/order_record.hpp"

#include <carrick/sdk/marketplaces.hpp>

namespace carrick::plugins {

Result<OrderRecord> describe_order(const Json& order) {
    OrderRecord record;
    if (const std::string& why = order["unreadable"].text(); !why.empty())
        return rejected("report.row", why);
    record.key = order["orderId"].text();
    if (record.key.empty()) return rejected("order.id", "Amazon sent an order without orderId");
    Result<UtcTime> updated = UtcTime::parse(order["lastUpdatedTime"].text());
    Result<UtcTime> created = UtcTime::parse(order["createdTime"].text());
    if (!updated || !created)
        return rejected("order.time", "order " + record.key + ": " +
                                          (updated ? created : updated).error().message);
    record.version = *updated;
    record.event_time = *created;
    record.amazon_channel = order["salesChannel"]["channelName"].text_or("AMAZON") == "AMAZON";

    if (const amazon::Marketplace* store =
            amazon::marketplace_from_id(order["salesChannel"]["marketplaceId"].text()))
        record.marketplace = store->code;

    const Json& fulfillment = order["fulfillment"];
    const std::string& status = fulfillment["fulfillmentStatus"].text();
    if (fulfillment["fulfilledBy"].text() == "MERCHANT" &&
        (status == "UNSHIPPED" || status == "PARTIALLY_SHIPPED"))
        if (const Result<UtcTime> ship_by =
                UtcTime::parse(fulfillment["shipByWindow"]["latestDateTime"].text()))
            record.due = *ship_by;
    const Json& total = order["proceeds"]["grandTotal"];
    if (total.is_object())
        record.value = total["amount"].text() + " " + total["currencyCode"].text();
    return record;
}

}  // namespace carrick::plugins
