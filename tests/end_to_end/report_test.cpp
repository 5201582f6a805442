// SPDX-License-Identifier: Apache-2.0
// Orders by report: the same documents as by the API, nothing twice, and a report that was damaged
// on its way costs time and nothing else.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::Ended;
using carrick::end_to_end::World;

namespace {

constexpr const char* kQuick = "amazon.report_delay_s=30";

/// `reports`: the setting of that name ("order: invoicing").
void order_reports(World& world, const std::string& reports) {
    world.replace(
        "every: 5m, start: 2026-11-01 }",
        "every: 5m, start: 2026-11-01, settings: { orders: { reports: { " + reports + " } } } }");
}

/// Amazon's search lists an order thousands of years late: what comes across came by report.
constexpr const char* kNoSearch = "amazon.visibility_delay_s=100000000000";

/// A fault of the first document of each of the ten stores.
void damage(const World& world, const std::string& fault) {
    world.post("/faults",
               Json::object(
                   {{"rules", Json::array({Json::object(
                                  {{"fault", Json(fault)},
                                   {"service", Json("amazon")},
                                   {"operation", Json("GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING")},
                                   {"per_mille", Json(1000)},
                                   {"count", Json(10)}})})}}));
}

Json errors(World& world) {
    const Ended listed = world.carrick({"--json", "errors", "list"});
    return Json::parse(listed.out).value();
}

}  // namespace

TEST_CASE("orders that come by report alone are the documents that the API would have made",
          "[end_to_end][reports]") {
    World by_api(200, {"--switch", kQuick});
    by_api.cross();
    for (const char* reports : {"order: invoicing", "order: shipping", "all_orders: true"}) {
        INFO(reports);
        World by_report(200, {"--switch", kQuick, "--switch", kNoSearch});
        order_reports(by_report, reports);
        CHECK(by_report.cross().at("mfn_orders").at("failed") == 0);
        CHECK(by_report.documents() == by_api.documents());
        by_report.must_add_up();
    }
}

TEST_CASE("a buyer's VAT id is the same, whichever way an order came", "[end_to_end][reports]") {
    // Only buyers who are registered have documents here.
    const auto only_registered = [](World& world) {
        world.replace("where: 'r.fulfillment.fulfilledBy == \"MERCHANT\"'",
                      "where: 'r.fulfillment.fulfilledBy == \"MERCHANT\" and "
                      "r.tax.taxRegistrations ~= nil'");
    };
    World by_api(300, {"--switch", kQuick});
    only_registered(by_api);
    CHECK(by_api.cross().at("mfn_orders").at("written") > 0);
    World by_report(300, {"--switch", kQuick, "--switch", kNoSearch});
    only_registered(by_report);
    order_reports(by_report, "order: invoicing");
    by_report.cross();
    CHECK(by_report.documents() == by_api.documents());
}

TEST_CASE("orders that come by the API and by both reports are there once",
          "[end_to_end][reports]") {
    World world(300, {"--switch", kQuick});
    order_reports(world, "order: invoicing, all_orders: true");
    CHECK(world.cross().at("mfn_orders").at("failed") == 0);
    world.must_add_up();
    world.advance(std::chrono::hours(1));
    CHECK(world.cross().at("mfn_orders").at("failed") == 0);
    world.must_add_up();
    CHECK(errors(world).empty());
}

TEST_CASE("a report that was damaged on its way is refused, and the next one brings its orders",
          "[end_to_end][reports][faults]") {
    struct Damage {
        const char* fault;
        const char* said;  // in the log: what is wrong and, of a row, where
    };
    for (const Damage& each : {
             Damage{"missing_column", "the report has no column sku"},
             Damage{"half_file", "the report ends in the middle of line "},
             Damage{"too_many_fields", " fields, the header 51: a tab inside a text"},
             // Names and addresses in another encoding than declared: read as what they are.
             Damage{"wrong_charset", ""},
         }) {
        INFO(each.fault);
        World world(100, {"--switch", kQuick, "--switch", kNoSearch});
        order_reports(world, "order: invoicing");
        damage(world, each.fault);
        const Ended ended = world.carrick({"run", "--once"});
        INFO(ended.err);
        CHECK(ended.err.find(each.said) != std::string::npos);
        world.advance(std::chrono::hours(1));
        world.cross();
        world.must_add_up(std::chrono::hours(3));
        CHECK(errors(world).empty());
    }
}
