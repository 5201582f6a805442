// SPDX-License-Identifier: Apache-2.0
// What Amazon's centres ship is fulfilled in NetSuite, shipment by shipment.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::World;

TEST_CASE("orders that Amazon fulfils are fulfilled in NetSuite as they leave its centres",
          "[end_to_end][fulfillment]") {
    World world(400, {"--changes"});
    world.replace("flows:\n", R"(flows:
  fba_customers: { plugin: fba_customer_import, from: [orders_na, orders_eu, orders_fe], target: erp }
  fba_orders:
    plugin: fba_order_import
    from: fba_customers
    target: erp
    settings: { document: sales_order, per: order, changes: update, cancellations: close }
  shipments_na: { plugin: fba_shipments, source: seller-na, marketplaces: [US, CA, MX], start: 2026-11-01 }
  fulfillments: { plugin: fba_fulfillment, from: shipments_na, target: erp }
)");
    for (const std::string store : {"US", "CA", "MX"})
        world.replace(store == "US" ? "{ mfn: Main }" : "{ mfn: Main " + store + " }",
                      store == "US" ? "{ mfn: Main, fba: FBA-US }"
                                    : "{ mfn: Main " + store + ", fba: FBA-" + store + " }");
    // Reports in Latin letters cannot tell a Japanese SKU; Amazon's order item id finds its line.
    world.replace("  books_zone: America/Los_Angeles",
                  "  books_zone: America/Los_Angeles\n"
                  "  fields: { order_item_id: custcol_amz_order_item_id }");
    world.replace("settings: { discount: line }",
                  "settings: { discount: line, cancellations: close }");
    std::int64_t fulfilled = 0;
    for (int round = 0; round < 6; ++round) {
        fulfilled += world.cross().at("fulfillments").at("written");
        world.advance(std::chrono::hours(12));
    }
    const auto last = world.cross();
    fulfilled += last.at("fulfillments").at("written");
    INFO(world.carrick({"errors", "list"}).out);
    CHECK(fulfilled > 20);
    CHECK(last.at("fulfillments").at("failed") == 0);
    const Json verdict = world.get("/verdict?grace_s=600&fba=sales_order&cancelled=closed");
    INFO(verdict.pretty());
    CHECK(verdict["adds_up"].bool_if() == true);
    CHECK(verdict["fba_imported"].integer_if().value_or(0) > 20);
    CHECK(world.cross().at("fulfillments").at("written") == 0);
}
