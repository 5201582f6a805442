// SPDX-License-Identifier: Apache-2.0
// What a report shows again: each reaches back for days, so most of it has been seen before.
#include "tests/plugins/fba_shipments/shipments_bench.hpp"

namespace carrick::plugins::testing {
namespace {

using Catch::Matchers::Contains;

const std::string kTaxed = shipment_row({{"item-tax", "1.65"}});

Json known_order() {
    return Json::parse(R"({"orderItems":[{"orderItemId":"10000000000001"}]})").value();
}

/// Asks the Orders API for each order with tax; it knows the one of kTaxed.
class AskingBench : public ShipmentsBench {
public:
    AskingBench() : ShipmentsBench({"US"}, "ask", "off") {
        amazon.orders["111-1111111-1111111"] = known_order();
        amazon.clock = UtcTime::parse("2026-11-12T12:00:00Z").value();
    }
    /// The report of that time, with these rows.
    void read(const std::string& rows, Milliseconds later = std::chrono::hours(2)) {
        amazon.clock = amazon.clock + later;
        report() = shipment_header() + rows;
        run_to_idle();
    }
    std::size_t asked() const { return amazon.count("amazon.orders.get"); }
};

TEST_CASE("a parcel that the next report shows just so is neither asked for nor passed on again",
          "[fba_shipments][again]") {
    AskingBench bench;
    const bool restarted = GENERATE(false, true);
    bench.read(kTaxed);
    for (int i = 0; i < 3; ++i) {
        if (restarted) bench.restart();
        bench.read(shipment_row({{"shipment-id", "D" + std::to_string(i)}}) + kTaxed);
    }
    CHECK(bench.asked() == 1);
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111", "D0", "D1", "D2"});
}

TEST_CASE("a parcel that grew or changed is asked for and passed on", "[fba_shipments][again]") {
    AskingBench bench;
    bench.read(kTaxed);
    SECTION("by a row") {
        bench.read(kTaxed + shipment_row({{"shipment-item-id", "DBBB2"},
                                          {"amazon-order-item-id", "10000000000002"}}));
        CHECK(bench.body(1)["orderItems"].size() == 2);
    }
    SECTION("in a row, and back again") {
        bench.read(shipment_row({{"item-tax", "1.65"}, {"tracking-number", "1Z000"}}));
        bench.read(kTaxed);
        CHECK(bench.records.size() == 3);
        CHECK(bench.records[2].body == bench.records[0].body);
    }
    CHECK(bench.asked() == bench.records.size());
}

TEST_CASE("rows of a parcel in another order, or standing apart, are the same parcel",
          "[fba_shipments][again]") {
    AskingBench bench;
    const std::string second =
        shipment_row({{"shipment-item-id", "DBBB2"}, {"amazon-order-item-id", "10000000000002"}});
    bench.read(kTaxed + second);
    bench.read(second + shipment_row({{"shipment-id", "DCCC"}}) + kTaxed);
    CHECK(bench.asked() == 1);
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111", "DCCC"});
}

TEST_CASE("a parcel that the API refused is asked for again in each report, until it is known",
          "[fba_shipments][again]") {
    AskingBench bench;
    bench.amazon.orders.clear();
    bench.read(kTaxed);
    bench.read(kTaxed);
    CHECK(bench.asked() == 2);
    REQUIRE(bench.records.size() == 2);
    // Seen twice by the engine, it is a duplicate: the error that stands there stays.
    CHECK(bench.records[0].body == bench.records[1].body);
    bench.amazon.orders["111-1111111-1111111"] = known_order();
    SECTION("as soon as Amazon knows the order") {
        bench.read(shipment_row({{"shipment-id", "DCCC"}}) + kTaxed);
        CHECK(bench.keys().back() == "DAAA11111");
    }
    SECTION("six days later, where another parcel might be shown in part") {
        // It was reported on the 11th at 5:00; the report begins on the 11th at 4:00.
        bench.amazon.clock = UtcTime::parse("2026-11-18T02:00:00Z").value();
        bench.read(kTaxed, Milliseconds(0));
        bench.read(kTaxed);
        REQUIRE(bench.amazon.reports.back().asked["start"].text() > "2026-11-11T01");
    }
    CHECK_THAT(bench.records.back().body, !Contains("unreadable"));
    CHECK(bench.records.back().version == bench.records.front().version);
    const std::size_t asked = bench.asked();
    bench.read(kTaxed);
    CHECK(bench.asked() == asked);
}

TEST_CASE("a row that cannot be read is said once, and again when it has changed",
          "[fba_shipments][again]") {
    AskingBench bench;
    const std::string broken = shipment_row({{"item-price", "1,5"}});
    bench.read(broken);
    bench.read(shipment_row({{"shipment-id", "DCCC"}}) + broken);
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111", "DCCC"});
    bench.read(shipment_row({{"item-price", "1,50"}}));
    REQUIRE(bench.records.size() == 3);
    CHECK_THAT(bench.records[2].body, Contains("unreadable"));
    bench.read(kTaxed);
    REQUIRE(bench.records.size() == 4);
    CHECK(bench.records[3].value == "21.64 USD");
}

TEST_CASE("under other settings each parcel is looked at again", "[fba_shipments][again]") {
    AskingBench bench;
    bench.read(kTaxed);
    ShipmentsBench other({"US"}, "ask", "all");
    other.amazon = bench.amazon;
    other.checkpoint = bench.checkpoint;
    other.amazon.clock = other.amazon.clock + std::chrono::hours(2);
    other.run_to_idle();
    CHECK(other.keys() == std::vector<std::string>{"DAAA11111"});
}

TEST_CASE("when the archive has lost the report before, each parcel is looked at again",
          "[fba_shipments][again]") {
    AskingBench bench;
    bench.read(kTaxed);
    bench.amazon.lost = {std::string(kShipmentsReport) + "/R1"};
    bench.restart();
    bench.amazon.logged.clear();
    bench.read(kTaxed);
    CHECK(bench.asked() == 2);
    CHECK(bench.records.size() == 2);
    REQUIRE(bench.amazon.logged.size() == 1);
    CHECK_THAT(bench.amazon.logged[0], Contains("the report before is not in the archive"));
}

TEST_CASE("a page that the engine could not store is read again as if nothing had been",
          "[fba_shipments][again]") {
    AskingBench bench;
    bench.read(kTaxed);
    bench.amazon.clock = bench.amazon.clock + std::chrono::hours(2);
    bench.report() = shipment_header() + kTaxed + shipment_row({{"shipment-id", "DCCC"}});
    for (;;) {
        const std::string before = bench.checkpoint;
        const std::size_t records = bench.records.size();
        const plugin_host::ExtractPage lost = bench.extract_of("report", before);
        const plugin_host::ExtractPage page = bench.extract();
        if (bench.records.size() > records) CHECK(lost.records.size() == page.records.size());
        if (page.page_end == CARRICK_PAGE_IDLE) break;
        if (page.page_end == CARRICK_PAGE_LOOK_AGAIN) bench.amazon.clock = page.look_again_at;
    }
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111", "DCCC"});
}

TEST_CASE("where a thousand parcels are refused, none of them is taken to be settled",
          "[fba_shipments][again]") {
    AskingBench bench;
    bench.amazon.orders.clear();
    std::string rows = shipment_row({{"shipment-id", "DGOOD"}});
    for (int i = 0; i < 1'001; ++i)
        rows += shipment_row({{"shipment-id", "D" + std::to_string(i)}, {"item-tax", "1.65"}});
    bench.read(rows);
    CHECK(bench.asked() == 1'001);
    bench.read(rows);
    CHECK(bench.asked() == 2'002);
    CHECK(bench.records.size() == 2'004);
}

}  // namespace
}  // namespace carrick::plugins::testing
