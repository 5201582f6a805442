// SPDX-License-Identifier: Apache-2.0
// Orders that Amazon fulfils: by what it shipped, and by the orders themselves.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::World;

namespace {

/// Each store's own warehouse stands in for Amazon's.
void add_fba_settings(World& world) {
    world.replace(
        "  customer: { policy: consolidated }\n",
        "  customer: { policy: consolidated }\n  accounts: { clearing: Amazon Clearing }\n");
    for (const char* place :
         {"Main", "Main CA", "Main MX", "Main GB", "Main DE", "Main FR", "Main JP", "Main AU"})
        world.replace("{ mfn: " + std::string(place) + " }",
                      "{ mfn: " + std::string(place) + ", fba: " + place + " }");
}

/// Documents of parcels, from the shipments report.
void by_shipment(World& world, const std::string& document) {
    add_fba_settings(world);
    world.replace("flows:\n", R"(flows:
  shipped_na: { plugin: fba_shipments, source: seller-na, marketplaces: [US, CA, MX], every: 15m, start: 2026-11-01 }
  shipped_eu: { plugin: fba_shipments, source: seller-eu, marketplaces: [UK, DE, FR, IT, ES], every: 15m, start: 2026-11-01 }
  shipped_fe: { plugin: fba_shipments, source: seller-fe, marketplaces: [JP, AU], every: 15m, start: 2026-11-01 }
  fba_customers: { plugin: fba_customer_import, from: [shipped_na, shipped_eu, shipped_fe], target: erp }
  fba_orders: { plugin: fba_order_import, from: fba_customers, target: erp, settings: { document: )" +
                                  document + " } }\n");
}

/// Documents of whole orders, from the Orders API.
void by_order(World& world, const std::string& document) {
    add_fba_settings(world);
    world.replace("flows:\n", R"(flows:
  fba_customers: { plugin: fba_customer_import, from: [orders_na, orders_eu, orders_fe], target: erp }
  fba_orders:
    plugin: fba_order_import
    from: fba_customers
    target: erp
    where: 'r.fulfillment.fulfilledBy == "AMAZON"'
    settings: { per: order, document: )" +
                                  document + " }\n");
}

constexpr std::chrono::seconds kGrace{600};
// The shipments report is asked for once an hour, and takes minutes.
constexpr std::chrono::hours kReportGrace{2};

}  // namespace

TEST_CASE("every parcel of ten stores becomes one cash sale or invoice, to the cent",
          "[end_to_end][fba]") {
    for (const char* document : {"cash_sale", "invoice"}) {
        INFO(document);
        World world(250, {"--changes", "--switch", "amazon.report_delay_s=30"});
        by_shipment(world, document);
        const auto first = world.cross();
        const std::string asked = std::string("&fba_per=shipment&fba=") + document;
        world.must_add_up(kReportGrace, asked);
        CHECK(first.at("fba_orders").at("failed") == 0);
        CHECK(first.at("fba_orders").at("written") > 40);

        if (document == std::string("invoice")) continue;

        // Reports reach back seven days: the parcels of the first ones stand in them again.
        const std::string documents = world.documents();
        world.advance(std::chrono::hours(1));
        CHECK(world.cross().at("fba_orders").at("failed") == 0);
        world.must_add_up(kReportGrace, asked);
        std::string later = world.documents();
        CHECK(later.size() >= documents.size());

        // What leaves a centre later is in a later report, as parts of orders that are known.
        world.advance(std::chrono::hours(72));
        world.cross();
        world.must_add_up(kReportGrace, asked);
        CHECK(world.documents().size() > later.size());
    }
}

TEST_CASE("every order that Amazon ships becomes one document when it may", "[end_to_end][fba]") {
    for (const char* document : {"sales_order", "invoice", "cash_sale"}) {
        INFO(document);
        World world(300, {"--changes"});
        by_order(world, document);
        const std::string asked = std::string("&fba_per=order&fba=") + document;
        CHECK(world.cross().at("fba_orders").at("failed") == 0);
        world.must_add_up(kGrace, asked);
        const std::string documents = world.documents();
        CHECK(world.cross().at("fba_orders").at("written") == 0);
        CHECK(world.documents() == documents);
        // Paid, or shipped as a whole, since.
        world.advance(std::chrono::hours(72));
        world.cross();
        world.must_add_up(kGrace, asked);
        CHECK(world.documents().size() > documents.size());
    }
}

TEST_CASE("parcels come across through faults of the wire", "[end_to_end][fba][faults]") {
    World world(200, {"--faults", "rough", "--switch", "amazon.report_delay_s=30"});
    by_shipment(world, "cash_sale");
    world.carrick({"run", "--once"});
    world.post("/faults", Json::object({{"profile", "none"}}));
    for (const char* flow : {"fba_customers", "fba_orders", "mfn_customers", "mfn_orders"})
        world.carrick({"errors", "retry", "--flow", flow});
    world.advance(std::chrono::hours(2));
    world.cross();
    world.must_add_up(kReportGrace, "&fba_per=shipment&fba=cash_sale");
}
