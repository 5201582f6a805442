// SPDX-License-Identifier: Apache-2.0
// Policies of a store over the whole way: personal data, ship methods, closed periods.
#include "tests/end_to_end/bench_world.hpp"

#include <sstream>

using namespace carrick;
using carrick::end_to_end::World;

namespace {

constexpr const char* kCustomer = "  customer: { policy: consolidated }";

/// Orders that Amazon has shipped as invoices, dated by their last update in November.
void add_invoices(World& world, const std::string& closed_period) {
    for (const char* place :
         {"Main", "Main CA", "Main MX", "Main GB", "Main DE", "Main FR", "Main JP", "Main AU"})
        world.replace("{ mfn: " + std::string(place) + " }",
                      "{ mfn: " + std::string(place) + ", fba: " + place + " }");
    world.replace("flows:\n", R"(flows:
  fba_customers: { plugin: fba_customer_import, from: [orders_na, orders_eu, orders_fe], target: erp }
  fba_orders:
    plugin: fba_order_import
    from: fba_customers
    target: erp
    where: 'r.fulfillment.fulfilledBy == "AMAZON"'
    settings: { per: order, document: invoice, closed_period: )" +
                                  closed_period + " }\n");
}

}  // namespace

TEST_CASE("no buyer comes into NetSuite where personal data is left out",
          "[end_to_end][policies]") {
    World world(50);
    world.replace(kCustomer, R"(  customer: { policy: individual }
  personal_data: area
  ship_methods: { EXPEDITED: Expedited, default: Standard })");
    const int before = world.sales_orders();
    CHECK(world.cross().at("mfn_orders").at("failed") == 0);
    world.must_add_up();
    CHECK(world.sales_orders() > before);
    // All of them belong to the marketplaces' customers, which are made once.
    CHECK(world.cross().at("mfn_customers").at("written") == 0);
}

TEST_CASE("invoices of a locked month are refused, or stand on the first open day",
          "[end_to_end][policies][period]") {
    World world(150, {"--switch", "netsuite.ar_locked_through=2026-11-30"});
    add_invoices(world, "refuse");
    const auto refused = world.cross();
    CHECK(refused.at("fba_orders").at("written") == 0);
    CHECK(refused.at("fba_orders").at("failed") > 0);
    CHECK(world.carrick({"errors", "list"}).out.find("netsuite.period_locked") !=
          std::string::npos);

    world.replace("closed_period: refuse", "closed_period: next_open");
    CHECK(world.carrick({"errors", "retry", "--flow", "fba_orders"}).code == 0);
    const auto moved = world.cross();
    CHECK(moved.at("fba_orders").at("failed") == 0);
    CHECK(moved.at("fba_orders").at("written") == refused.at("fba_orders").at("failed"));
    int invoices = 0;
    std::istringstream documents(world.documents());
    for (std::string line; std::getline(documents, line);)
        if (line.starts_with("invoice AMZ-IV-")) {
            INFO(line);
            ++invoices;
            CHECK(line.find(" 2026-12-01 to ") != std::string::npos);
        }
    CHECK(invoices == moved.at("fba_orders").at("written"));
}
