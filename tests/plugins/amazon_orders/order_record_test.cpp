// SPDX-License-Identifier: Apache-2.0
// What the engine is told of an order.
#include "plugins/amazon_orders/order_record.hpp"
#include "tests/plugins/support/amazon_orders.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;

namespace {

Json order() {
    Json json = amazon_order("UK", {{"ROPE", 1, "24.00"}}, "24.00");
    json.find("fulfillment")
        ->set("shipByWindow", Json::object({{"latestDateTime", Json("2026-11-22T23:59:59Z")}}));
    return json;
}

}  // namespace

TEST_CASE("key, version, time, money at stake and store are the order's own", "[order_record]") {
    const OrderRecord record = describe_order(order()).value();
    CHECK(record.key == "112-1234567-1234567");
    CHECK(record.version.text() == "2026-11-20T11:00:00Z");
    CHECK(record.event_time.text() == "2026-11-20T03:30:00Z");
    CHECK(record.value == "24.00 GBP");
    CHECK(record.marketplace == "UK");
    CHECK(record.amazon_channel);
}

TEST_CASE("only a merchant's open order is due", "[order_record]") {
    CHECK(describe_order(order())->due.text() == "2026-11-22T23:59:59Z");
    CHECK(describe_order(with_status(order(), "PARTIALLY_SHIPPED"))->due.text() ==
          "2026-11-22T23:59:59Z");
    CHECK(describe_order(with_status(order(), "SHIPPED"))->due == UtcTime());
    CHECK(describe_order(with_status(order(), "PENDING"))->due == UtcTime());
    Json fba = order();
    fba.find("fulfillment")->set("fulfilledBy", Json("AMAZON"));
    CHECK(describe_order(fba)->due == UtcTime());
}

TEST_CASE("a pending order without a total has no value", "[order_record]") {
    Json pending = with_status(order(), "PENDING");
    pending.erase("proceeds");
    CHECK(describe_order(pending)->value.empty());
}

TEST_CASE("an order of another channel or an unknown store is told apart", "[order_record]") {
    Json other = order();
    other.find("salesChannel")->set("channelName", Json("NON_AMAZON"));
    CHECK_FALSE(describe_order(other)->amazon_channel);
    other.find("salesChannel")->set("marketplaceId", Json("A2ZV50J4W1RKNI"));
    CHECK(describe_order(other)->marketplace.empty());
}

TEST_CASE("without an id or times an order cannot be a record", "[order_record]") {
    for (const auto& [member, code] : {std::pair{"orderId", "order.id"},
                                       {"createdTime", "order.time"},
                                       {"lastUpdatedTime", "order.time"}}) {
        INFO(member);
        Json json = order();
        json.erase(member);
        const Result<OrderRecord> record = describe_order(json);
        REQUIRE_FALSE(record);
        CHECK(record.error().code == code);
    }
}
