// SPDX-License-Identifier: Apache-2.0
// What nobody knows for certain of Amazon's reports is a switch of the sandbox: orders and parcels
// that come by report are right in each position.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::World;

namespace {

/// Merchant orders by the order report alone, Amazon's parcels by theirs.
void all_by_report(World& world) {
    world.replace(
        "  customer: { policy: consolidated }\n",
        "  customer: { policy: consolidated }\n  accounts: { clearing: Amazon Clearing }\n");
    for (const char* place :
         {"Main", "Main CA", "Main MX", "Main GB", "Main DE", "Main FR", "Main JP", "Main AU"})
        world.replace("{ mfn: " + std::string(place) + " }",
                      "{ mfn: " + std::string(place) + ", fba: " + place + " }");
    world.replace(
        "every: 5m, start: 2026-11-01 }",
        "every: 5m, start: 2026-11-01, settings: { orders: { reports: { order: invoicing } } } }");
    world.replace("flows:\n", R"(flows:
  shipped_na: { plugin: fba_shipments, source: seller-na, marketplaces: [US, CA, MX], every: 15m, start: 2026-11-01 }
  shipped_eu: { plugin: fba_shipments, source: seller-eu, marketplaces: [UK, DE, FR, IT, ES], every: 15m, start: 2026-11-01 }
  shipped_fe: { plugin: fba_shipments, source: seller-fe, marketplaces: [JP, AU], every: 15m, start: 2026-11-01 }
  fba_customers: { plugin: fba_customer_import, from: [shipped_na, shipped_eu, shipped_fe], target: erp }
  fba_orders: { plugin: fba_order_import, from: fba_customers, target: erp }
)");
}

/// Parts of promoted items, whose tax the report does not tell: each stands in the error queue,
/// and nothing else is amiss.
void refused_parcels(World& world) {
    const Json errors = Json::parse(world.carrick({"--json", "errors", "list"}).out).value();
    const Json verdict = world.get("/verdict?grace_s=7200&fba=cash_sale&fba_per=shipment");
    CHECK(errors.size() > 0);
    CHECK(errors.size() == verdict["problems"].size());
    for (const Json& each : errors.items())
        CHECK(each["message"].text().find("without the tax it took off") != std::string::npos);
    for (const Json& each : verdict["problems"].items()) CHECK(each["code"].text() == "missing");
}

bool of_reports(const std::string& name) {
    return name.starts_with("amazon.report_") || name == "amazon.shipments_range" ||
           name == "amazon.mcf_rows";
}

}  // namespace

TEST_CASE("orders and parcels by report are right in each position of the reports' switches",
          "[end_to_end][reports][switches]") {
    std::vector<std::pair<std::string, std::string>> positions;
    {
        World world(1);
        const Json state = world.get("/state");
        for (const Json& one : state["switches"].items()) {
            const std::string& name = one["name"].text();
            if (!of_reports(name)) continue;
            for (const Json& value : one["allowed"].items())
                if (value != one["default"]) positions.emplace_back(name, value.text());
        }
    }
    CHECK(positions.size() >= 14);
    for (const auto& [name, value] : positions) {
        INFO(name << " = " << value);
        World world(60, {"--switch", "amazon.report_delay_s=5", "--switch",
                         "amazon.visibility_delay_s=100000000000", "--switch", name + "=" + value});
        all_by_report(world);
        const auto counts = world.cross();
        CHECK(counts.at("mfn_orders").at("failed") == 0);
        CHECK(counts.at("fba_orders").at("failed") == 0);
        if (name == "amazon.report_discounts" && value == "without_tax") {
            refused_parcels(world);
            continue;
        }
        world.must_add_up(std::chrono::hours(2), "&fba=cash_sale&fba_per=shipment");
    }
}
