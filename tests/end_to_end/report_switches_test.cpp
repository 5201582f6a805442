// SPDX-License-Identifier: Apache-2.0
// What nobody knows for certain of Amazon's reports is a switch of the sandbox: orders and parcels
// that come by report are right in each position.
#include "tests/end_to_end/fba_flows.hpp"

using namespace carrick;
using namespace carrick::end_to_end;

namespace {

/// Merchant orders by the order report alone, Amazon's parcels by theirs.
void all_by_report(World& world) {
    world.replace(
        "every: 5m, start: 2026-11-01 }",
        "every: 5m, start: 2026-11-01, settings: { orders: { reports: { order: invoicing } } } }");
    add_fba_flows(world, {});
}

/// Parts of promoted items, whose tax the report does not tell: each stands in the error queue,
/// and nothing else is amiss.
void refused_parcels(World& world) {
    const Json errors = Json::parse(world.carrick({"--json", "errors", "list"}).out).value();
    const Json verdict = world.get("/verdict?grace_s=7200" + asked_of({}));
    CHECK(errors.size() > 0);
    CHECK(errors.size() == verdict["problems"].size());
    for (const Json& each : errors.items())
        CHECK(each["message"].text().find("with the tax it took off") != std::string::npos);
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
        world.must_add_up(kReportGrace, asked_of({}));
    }
}
