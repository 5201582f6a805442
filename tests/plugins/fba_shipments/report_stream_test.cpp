// SPDX-License-Identifier: Apache-2.0
// How reports are asked for, awaited and read, page by page, whatever happens in between.
#include "tests/plugins/fba_shipments/shipments_bench.hpp"

namespace carrick::plugins::testing {
namespace {

using Catch::Matchers::Contains;

std::string many_shipments(int count) {
    std::string text = shipment_header();
    for (int i = 0; i < count; ++i)
        text += shipment_row({{"shipment-id", "D" + std::to_string(i)}});
    return text;
}

Json window_of(const ReportBench& bench, std::size_t report) {
    const Json& asked = bench.amazon.reports.at(report).asked;
    return Json::array({asked["start"], asked["end"]});
}

TEST_CASE("a report is asked for, looked at until it is done, and read", "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = shipment_header() + shipment_row({});
    bench.run_to_idle();
    REQUIRE(bench.amazon.reports.size() == 1);
    CHECK(bench.amazon.reports[0].asked["marketplaces"] == Json::array({Json("US")}));
    CHECK(bench.amazon.count("amazon.reports.open") == 1);
    // Looked at after 30 s, and each time half as long after as it has taken already.
    CHECK(bench.amazon.count("amazon.reports.get") <= 8);
    CHECK(bench.records.size() == 1);
}

TEST_CASE("windows follow each other, overlap, and are no longer than Amazon allows",
          "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = shipment_header();
    bench.amazon.clock = UtcTime::parse("2026-12-20T00:00:00Z").value();
    bench.run_to_idle();
    REQUIRE(bench.amazon.reports.size() == 2);  // 49 days in windows of 30
    CHECK(window_of(bench, 0) ==
          Json::array({Json("2026-11-01T00:00:00Z"), Json("2026-12-01T00:00:00Z")}));
    CHECK(bench.amazon.reports[1].asked["start"].text() == "2026-11-24T00:00:00Z");  // 7 days back
}

TEST_CASE("the next report is asked for when Amazon allows it, not before", "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = shipment_header();
    bench.run_to_idle();
    const UtcTime first = bench.amazon.reports[0].made;
    bench.run_to_idle();
    CHECK(bench.amazon.reports.size() == 1);
    bench.amazon.clock = first + std::chrono::minutes(61);
    bench.run_to_idle();
    CHECK(bench.amazon.reports.size() == 2);
}

TEST_CASE("each store has its own report", "[report_stream]") {
    ShipmentsBench bench({"US", "CA"});
    bench.report() = shipment_header();
    bench.run_to_idle();
    REQUIRE(bench.amazon.reports.size() == 2);
    CHECK(bench.amazon.reports[0].asked["marketplaces"] !=
          bench.amazon.reports[1].asked["marketplaces"]);
}

TEST_CASE("a report is not asked for twice when the answer was lost", "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = shipment_header() + shipment_row({});
    bench.extract();  // about to ask
    const std::string about_to_ask = bench.checkpoint;
    bench.extract();  // asked; and now the engine dies
    bench.checkpoint = about_to_ask;
    bench.restart();
    bench.run_to_idle();
    CHECK(bench.amazon.count("amazon.reports.request") == 1);
    CHECK(bench.records.size() == 1);
}

TEST_CASE("a large report comes in pages, each unpacked no more than once", "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = many_shipments(1'700);
    bench.run_to_idle();
    CHECK(bench.records.size() == 1'700);
    std::set<std::string> distinct;
    for (const std::string& key : bench.keys()) distinct.insert(key);
    CHECK(distinct.size() == 1'700);
    // From its start: when it came, to see what stands apart in it, and for its first page. Then
    // each page goes on where the one before had stopped reading.
    CHECK(std::ranges::count(bench.amazon.opened, 0U,
                             &std::pair<std::string, std::uint64_t>::second) <= 4);
}

TEST_CASE("an engine that is restarted at every page reads the same records once",
          "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = many_shipments(1'700);
    bench.run_to_idle(true);
    CHECK(bench.records.size() == 1'700);
    CHECK(bench.records.back().key == "D1699");
}

TEST_CASE("rows of one shipment that stand apart are still one record", "[report_stream]") {
    ShipmentsBench bench;
    std::string text = shipment_header() + shipment_row({{"shipment-id", "DX"}});
    for (int i = 0; i < 700; ++i) text += shipment_row({{"shipment-id", "D" + std::to_string(i)}});
    text += shipment_row({{"shipment-id", "DX"}, {"amazon-order-item-id", "2"}});
    bench.report() = text;
    bench.run_to_idle(GENERATE(false, true));
    CHECK(bench.records.size() == 701);
    const auto split = std::ranges::find(bench.records, "DX", &store::Record::key);
    REQUIRE(split != bench.records.end());
    CHECK(Json::parse(split->body).value()["orderItems"].size() == 2);
}

TEST_CASE("an empty report and one with a header alone are read in a moment", "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = GENERATE(std::string(), shipment_header());
    bench.run_to_idle();
    CHECK(bench.records.empty());
    CHECK_THAT(bench.checkpoint, !Contains("asked"));
}

TEST_CASE("a cancelled report's time is covered by the next, and often enough in a row means empty",
          "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = shipment_header() + shipment_row({});
    constexpr std::size_t kOften = 3;
    bool said = false;
    std::string next_from;
    SECTION("where hours are new, the next windows cover them again") {
        bench.amazon.clock = UtcTime::parse("2026-11-01T03:00:00Z").value();
        next_from = "2026-11-01T00:00:00Z";
    }
    SECTION("where weeks are, nobody would look for them again, so it is said") {
        said = true;
        next_from = "2026-11-16T";
    }
    for (std::size_t i = 0; i < kOften; ++i) {
        CHECK_THAT(bench.checkpoint, !Contains(R"("complete_to":"2026-11-2)"));
        bench.amazon.next_status = "CANCELLED";
        bench.run_to_idle();
        bench.amazon.clock = bench.amazon.clock + std::chrono::hours(2);
        CHECK(window_of(bench, i)[0].text() == "2026-11-01T00:00:00Z");
    }
    const std::size_t warned = static_cast<std::size_t>(
        std::ranges::count_if(bench.amazon.logged, [](const std::string& line) {
            return line.find("of US, 2026-11-01T00:00:00Z to 2026-11-2") != std::string::npos &&
                   line.find("as 2 before it") != std::string::npos;
        }));
    CHECK(warned == (said ? 1 : 0));
    bench.run_to_idle();
    REQUIRE(bench.amazon.reports.size() == kOften + 1);
    CHECK(window_of(bench, kOften)[0].text().starts_with(next_from));
    CHECK_THAT(bench.checkpoint, !Contains("cancelled"));
}

TEST_CASE("a report that Amazon gave up is told with Amazon's reason, then asked for again",
          "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = "The requested range is too old\n";
    bench.amazon.next_status = "FATAL";
    bench.extract();
    bench.extract();
    bench.amazon.clock = bench.amazon.clock + std::chrono::minutes(1);
    const plugin_host::ExtractPage page = bench.extract();
    REQUIRE(page.end.status == plugin_host::CallStatus::Failed);
    CHECK(page.end.error.code == "report.fatal");
    CHECK_THAT(page.end.error.message, Contains("The requested range is too old"));
    CHECK(page.end.error.retry_after > std::chrono::minutes(50));
    bench.amazon.clock = bench.amazon.clock + std::chrono::hours(1);
    bench.report() = shipment_header() + shipment_row({});
    bench.run_to_idle();
    CHECK(bench.records.size() == 1);
}

TEST_CASE("the trouble of one store does not hold up another's report", "[report_stream]") {
    ShipmentsBench bench({"CA", "US"});
    bench.report() = shipment_header() + shipment_row({});
    bench.amazon.next_status = "FATAL";  // of the first one that is asked for
    for (int i = 0; i < 200; ++i) {
        const plugin_host::ExtractPage page = bench.extract();
        if (!bench.records.empty()) break;
        if (page.end.status != plugin_host::CallStatus::Ok)
            bench.amazon.clock = bench.amazon.clock + page.end.error.retry_after;
        else if (page.page_end == CARRICK_PAGE_LOOK_AGAIN)
            bench.amazon.clock = page.look_again_at;
    }
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111"});
    // The store in trouble asks again when Amazon allows it, and not before.
    CHECK(bench.amazon.clock < bench.amazon.reports[0].made + std::chrono::minutes(10));
}

TEST_CASE("many groups that stand apart come in pages too, and none twice", "[report_stream]") {
    ShipmentsBench bench;
    std::string text = shipment_header();
    for (int half = 0; half < 2; ++half)
        for (int i = 0; i < 1'200; ++i)
            text += shipment_row({{"shipment-id", "D" + std::to_string(i)},
                                  {"amazon-order-item-id", std::to_string(half + 1)}});
    bench.report() = text;
    bench.run_to_idle(GENERATE(false, true));
    CHECK(bench.records.size() == 1'200);
    CHECK(bench.body(0)["orderItems"].size() == 2);
}

TEST_CASE("a document of another kind is refused by what it lacks, and asked for again",
          "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = "sku\tquantity\nROPE\t1\n";
    bench.extract();
    bench.extract();
    bench.amazon.clock = bench.amazon.clock + std::chrono::minutes(6);
    bench.extract();
    const plugin_host::ExtractPage page = bench.extract();
    REQUIRE(page.end.status == plugin_host::CallStatus::Failed);
    CHECK(page.end.error.code == "report.column_missing");
    CHECK_THAT(page.end.error.message, Contains("shipment-id") && Contains("archive"));
    bench.amazon.clock = bench.amazon.clock + std::chrono::hours(2);
    bench.report() = shipment_header() + shipment_row({});
    bench.run_to_idle();
    CHECK(bench.records.size() == 1);
}

TEST_CASE("a document that ends in the middle of a row is refused before a row of it counts",
          "[report_stream]") {
    // Two items of one shipment: cut off, the second would be missing from its cash sale, or stand
    // there without its promotion.
    const std::string whole = shipment_header() + shipment_row({}) +
                              shipment_row({{"shipment-item-id", "DBBB2"},
                                            {"amazon-order-item-id", "10000000000002"},
                                            {"item-promotion-discount", "-5.00"}});
    ShipmentsBench bench;
    bench.report() = whole.substr(0, whole.rfind("-5.00"));
    bench.extract();
    bench.extract();
    bench.amazon.clock = bench.amazon.clock + std::chrono::minutes(6);
    bench.extract();
    const plugin_host::ExtractPage page = bench.extract();
    REQUIRE(page.end.status == plugin_host::CallStatus::Failed);
    CHECK(page.end.error.code == "report.cut_short");
    CHECK_THAT(page.end.error.message, Contains("in the middle of line 3"));
    CHECK(bench.records.empty());
    bench.amazon.clock = bench.amazon.clock + std::chrono::hours(2);
    bench.report() = whole;
    bench.run_to_idle();
    CHECK(bench.body(0)["orderItems"].size() == 2);
}

TEST_CASE("a last row without a line end is whole where it has all its fields, or no row has",
          "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = shipment_header() + shipment_row({}) + shipment_row({{"shipment-id", "DB"}});
    bench.report().pop_back();
    SECTION("all of them") {}
    SECTION("trailing blanks are left out in every row") {
        // Without the sales channel, which is the store's own then.
        for (int i = 0; i < 2; ++i) {
            const std::size_t at = bench.report().find("\tAmazon.com");
            bench.report().erase(at, std::string("\tAmazon.com").size());
        }
    }
    bench.run_to_idle();
    CHECK(bench.records.size() == 2);
}

TEST_CASE("a document that the archive has lost is asked for again, once Amazon allows it",
          "[report_stream]") {
    ShipmentsBench bench;
    bench.report() = shipment_header() + shipment_row({});
    while (bench.amazon.count("amazon.reports.open") == 0) {
        const plugin_host::ExtractPage page = bench.extract();
        if (page.page_end == CARRICK_PAGE_LOOK_AGAIN) bench.amazon.clock = page.look_again_at;
    }
    bench.amazon.archive_lost = true;
    const plugin_host::ExtractPage page = bench.extract();
    CHECK(page.end.error.code == "archive.unknown");
    CHECK(page.end.error.error_class == ErrorClass::Transient);
    bench.amazon.clock = bench.amazon.clock + std::chrono::hours(1);
    bench.extract();
    bench.amazon.archive_lost = false;
    bench.run_to_idle();
    CHECK(bench.amazon.count("amazon.reports.request") == 2);
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111"});
}

TEST_CASE("when an order cannot be asked for now, the rows before it are kept", "[report_stream]") {
    ShipmentsBench bench({"US"}, "ask");
    bench.report() = shipment_header() + shipment_row({}) +
                     shipment_row({{"shipment-id", "DTAX"}, {"item-tax", "1.00"}}) +
                     shipment_row({{"shipment-id", "DEND"}});
    bench.amazon.orders["111-1111111-1111111"] = Json::parse(R"({"orderItems":[]})").value();
    while (bench.amazon.count("amazon.reports.open") == 0) {
        const plugin_host::ExtractPage page = bench.extract();
        if (page.page_end == CARRICK_PAGE_LOOK_AGAIN) bench.amazon.clock = page.look_again_at;
    }
    bench.extract();  // looks the document through
    bench.amazon.next_error = throttled("amazon.quota", "no tokens left", std::chrono::seconds(40));
    bench.extract();
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111"});
    bench.amazon.next_error = throttled("amazon.quota", "no tokens left", std::chrono::seconds(40));
    const plugin_host::ExtractPage page = bench.extract();
    CHECK(page.end.error.code == "amazon.quota");
    bench.run_to_idle();
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111", "DTAX", "DEND"});
}

TEST_CASE("a checkpoint that is not ours is our bug, not a fresh start", "[report_stream]") {
    for (const std::string text : {"nonsense", R"({"US":{"complete_to":"yesterday"}})",
                                   R"({"US":{"document":{"id":"x"}}})"}) {
        ShipmentsBench bench;
        bench.checkpoint = text;
        const plugin_host::ExtractPage page = bench.extract();
        REQUIRE(page.end.status == plugin_host::CallStatus::Failed);
        CHECK(page.end.error.code == "report.state");
    }
}

}  // namespace
}  // namespace carrick::plugins::testing
