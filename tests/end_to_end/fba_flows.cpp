// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/fba_flows.hpp"

namespace carrick::end_to_end {

namespace {

constexpr const char* kShipments =
    R"(  shipped_na: { plugin: fba_shipments, source: seller-na, marketplaces: [US, CA, MX], every: 15m, start: 2026-11-01 }
  shipped_eu: { plugin: fba_shipments, source: seller-eu, marketplaces: [UK, DE, FR, IT, ES], every: 15m, start: 2026-11-01 }
  shipped_fe: { plugin: fba_shipments, source: seller-fe, marketplaces: [JP, AU], every: 15m, start: 2026-11-01 }
)";

void add_locations(World& world) {
    for (const char* place :
         {"Main", "Main CA", "Main MX", "Main GB", "Main DE", "Main FR", "Main JP", "Main AU"})
        world.replace("{ mfn: " + std::string(place) + " }",
                      "{ mfn: " + std::string(place) + ", fba: " + place + " }");
}

}  // namespace

void add_default(World& world, const std::string& line) {
    constexpr const char* kFirst = "  customer: { policy: consolidated }\n";
    world.replace(kFirst, kFirst + ("  " + line) + "\n");
}

void add_fba_flows(World& world, const FbaFlows& flows) {
    const bool by_shipment = flows.per == "shipment";
    add_locations(world);
    if (flows.document == "cash_sale")
        add_default(world, "accounts: { clearing: Amazon Clearing }");
    std::string text = "flows:\n";
    if (by_shipment || flows.fulfilled) text += kShipments;
    text += "  fba_customers: { plugin: fba_customer_import, from: ";
    text +=
        by_shipment ? "[shipped_na, shipped_eu, shipped_fe]" : "[orders_na, orders_eu, orders_fe]";
    text +=
        ", target: erp }\n  fba_orders:\n    plugin: fba_order_import\n    from: fba_customers\n"
        "    target: erp\n";
    if (!by_shipment) text += "    where: 'r.fulfillment.fulfilledBy == \"AMAZON\"'\n";
    text += "    settings: { document: " + flows.document + ", per: " + flows.per;
    if (!flows.more.empty()) text += ", " + flows.more;
    text += " }\n";
    if (flows.fulfilled) {
        text +=
            "  fulfillments: { plugin: fba_fulfillment, "
            "from: [shipped_na, shipped_eu, shipped_fe], target: erp }\n";
        // Reports in Latin letters cannot tell a Japanese SKU; the order item id finds its line.
        add_default(world, "fields: { order_item_id: custcol_amz_order_item_id }");
    }
    world.replace("flows:\n", text);
}

std::string asked_of(const FbaFlows& flows) {
    return "&fba=" + flows.document + "&fba_per=" + flows.per +
           (flows.fulfilled ? "&fulfilments=required" : "");
}

}  // namespace carrick::end_to_end
