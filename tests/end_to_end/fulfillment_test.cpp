// SPDX-License-Identifier: Apache-2.0
// What Amazon's centres ship is fulfilled in NetSuite, shipment by shipment.
#include "tests/end_to_end/fba_flows.hpp"

using namespace carrick;
using namespace carrick::end_to_end;

namespace {

/// Three days of ten stores, run twice a day; the last run has nothing left to write.
void must_be_fulfilled(World& world, const FbaFlows& flows, const std::string& asked) {
    add_fba_flows(world, flows);
    std::int64_t fulfilled = 0;
    for (int round = 0; round < 7; ++round) {
        if (round > 0) world.advance(std::chrono::hours(12));
        const auto counts = world.cross();
        fulfilled += counts.at("fulfillments").at("written");
        INFO(world.carrick({"errors", "list"}).out);
        CHECK(counts.at("fba_orders").at("failed") == 0);
        CHECK(counts.at("fulfillments").at("failed") == 0);
    }
    CHECK(fulfilled > 60);
    world.must_add_up(kReportGrace, asked_of(flows) + asked);
    const Json verdict = world.get("/verdict?grace_s=7200" + asked_of(flows) + asked);
    CHECK(verdict["fba_imported"].integer_if().value_or(0) > 60);
    CHECK(verdict["fulfilments_right"].integer_if().value_or(0) > 60);
    const auto again = world.cross();
    CHECK(again.at("fba_orders").at("written") == 0);
    CHECK(again.at("fulfillments").at("written") == 0);
}

}  // namespace

TEST_CASE("orders that Amazon fulfils are fulfilled in NetSuite as they leave its centres",
          "[end_to_end][fulfillment]") {
    World world(400, {"--changes", "--switch", kQuickReports});
    world.replace("settings: { discount: line }",
                  "settings: { discount: line, cancellations: close }");
    must_be_fulfilled(world,
                      {.document = "sales_order",
                       .per = "order",
                       .fulfilled = true,
                       .more = "changes: update, cancellations: close"},
                      "&cancelled=closed");
}

// Nobody has documented whether what was picked stays picked after it has left; above it does.
TEST_CASE("parcels are fulfilled too where what has left no longer counts as picked",
          "[end_to_end][fulfillment]") {
    World world(400, {"--switch", kQuickReports, "--switch", "netsuite.picked_is_cumulative=off"});
    must_be_fulfilled(world, {.document = "sales_order", .per = "order", .fulfilled = true}, "");
}

// An order that left in two parcels is two sales orders of one Amazon order id; each fulfilment is
// made from the one of its own parcel, with its units.
TEST_CASE("each parcel that is a sales order of its own is fulfilled from that one",
          "[end_to_end][fulfillment]") {
    World world(400, {"--changes", "--switch", kQuickReports});
    must_be_fulfilled(world, {.document = "sales_order", .per = "shipment", .fulfilled = true}, "");
}
