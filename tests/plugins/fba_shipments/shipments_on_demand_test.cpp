// SPDX-License-Identifier: Apache-2.0
// Shipments that somebody asks for: a range of days through the report, and orders by their ids not
// at all.
#include "tests/plugins/fba_shipments/shipments_bench.hpp"

namespace carrick::plugins::testing {
namespace {

using Catch::Matchers::Contains;

constexpr const char* kDays = R"("from":"2026-11-05T00:00:00Z","to":"2026-11-12T00:00:00Z")";

/// A backfill as the engine runs it, beside the scheduled stream of the same instance.
class Backfill {
public:
    explicit Backfill(const std::string& demand, const std::vector<std::string>& stores = {"US"},
                      std::int64_t every_minutes = 60)
        : bench(stores, "seller", "untaxed", every_minutes) {
        Json codes = Json::array();
        for (const std::string& store : stores) codes.push_back(Json(store));
        asked_ = Json::parse("{" + demand + "}").value();
        asked_.set("marketplaces", std::move(codes));
    }
    plugin_host::ExtractPage extract() {
        const std::string given = Json::object({{"demand", asked_}, {"at", Json(at)}}).dump();
        plugin_host::ExtractPage page = bench.extract_of("backfill", given);
        if (page.end.status == plugin_host::CallStatus::Ok && page.checkpoint)
            at = *page.checkpoint;
        for (const store::Record& record : page.records) records.push_back(record);
        return page;
    }
    void run_to_end(bool restart_each_time = false) {
        for (int pages = 0; pages < 1000; ++pages) {
            if (restart_each_time) bench.restart();
            const plugin_host::ExtractPage page = extract();
            INFO(page.end.error.message);
            REQUIRE(page.end.status == plugin_host::CallStatus::Ok);
            if (page.page_end == CARRICK_PAGE_IDLE) return;
            if (page.page_end == CARRICK_PAGE_LOOK_AGAIN) bench.amazon.clock = page.look_again_at;
        }
        FAIL("the backfill never came to its end");
    }
    [[nodiscard]] std::string reached() const { return Json::parse(at).value()["reached"].text(); }
    /// "2026-11-05 to 2026-11-19"
    [[nodiscard]] std::string days(std::size_t report) const {
        const Json& asked = bench.amazon.reports.at(report).asked;
        return asked["start"].text().substr(0, 10) + " to " + asked["end"].text().substr(0, 10);
    }

    ShipmentsBench bench;  // its clock stands at 2026-11-23T12:00:00Z, its start is 2026-11-01
    std::string at;
    std::vector<store::Record> records;

private:
    Json asked_;
};

std::string three_days() {
    return shipment_header() +
           shipment_row({{"shipment-id", "D04"}, {"shipment-date", "2026-11-04T23:59:59+00:00"}}) +
           shipment_row({{"shipment-id", "D05"}, {"shipment-date", "2026-11-05T00:00:00+00:00"}}) +
           shipment_row({{"shipment-id", "D11"}, {"shipment-date", "2026-11-11T23:59:59+00:00"}}) +
           shipment_row({{"shipment-id", "D12"}, {"shipment-date", "2026-11-12T00:00:00+00:00"}});
}

TEST_CASE("a backfill passes on what was shipped in its days, also where it was reported late",
          "[shipments_backfill]") {
    Backfill backfill(kDays);
    backfill.bench.report() = three_days();
    backfill.run_to_end();
    REQUIRE(backfill.records.size() == 2);
    CHECK(backfill.records[0].key == "D05");
    CHECK(backfill.records[1].key == "D11");
    REQUIRE(backfill.bench.amazon.reports.size() == 1);
    CHECK(backfill.days(0) == "2026-11-05 to 2026-11-19");  // seven days for late rows
    CHECK(backfill.reached() == "2026-11-12T00:00:00Z");
}

TEST_CASE("a shipment has the same record by a backfill and by the scheduled report",
          "[shipments_backfill]") {
    Backfill backfill(kDays);
    backfill.bench.report() = shipment_header() + shipment_row({});
    backfill.run_to_end();
    ShipmentsBench scheduled;
    scheduled.report() = backfill.bench.report();
    scheduled.run_to_idle();
    REQUIRE(backfill.records.size() == 1);
    REQUIRE(scheduled.records.size() == 1);
    CHECK(backfill.records[0].key == scheduled.records[0].key);
    CHECK(backfill.records[0].version == scheduled.records[0].version);
    CHECK(backfill.records[0].content_hash == scheduled.records[0].content_hash);
    CHECK(backfill.records[0].stream_rank == scheduled.records[0].stream_rank);
}

TEST_CASE("a backfill of months asks for one month after the other, half an hour apart",
          "[shipments_backfill]") {
    Backfill backfill(
        R"("from":"2026-08-01T00:00:00Z","to":"2026-10-01T00:00:00Z","before_start":true)");
    backfill.bench.report() =
        shipment_header() + shipment_row({{"shipment-date", "2026-08-15T10:00:00+00:00"}});
    backfill.run_to_end(/*restart_each_time=*/true);
    const auto& reports = backfill.bench.amazon.reports;
    REQUIRE(reports.size() == 3);
    CHECK(backfill.days(0) == "2026-08-01 to 2026-08-31");
    // Each reaches back a week, as the scheduled ones do: no parcel falls apart between two months.
    CHECK(backfill.days(1) == "2026-08-24 to 2026-09-23");
    CHECK(backfill.days(2) == "2026-09-16 to 2026-10-08");
    for (std::size_t i = 1; i < reports.size(); ++i)
        CHECK(reports[i].made - reports[i - 1].made >= std::chrono::minutes(30));
    CHECK(backfill.reached() == "2026-10-01T00:00:00Z");
}

TEST_CASE("a backfill of several stores ends when all of them are read", "[shipments_backfill]") {
    Backfill backfill(kDays, {"CA", "US"});
    backfill.bench.report() = three_days();
    backfill.run_to_end();
    CHECK(backfill.bench.amazon.reports.size() == 2);
}

TEST_CASE("days before the start stay out unless that is said", "[shipments_backfill]") {
    const bool said = GENERATE(false, true);
    Backfill backfill(std::string(R"("from":"2026-10-20T00:00:00Z","to":"2026-11-12T00:00:00Z")") +
                      (said ? R"(,"before_start":true)" : ""));
    backfill.bench.report() =
        shipment_header() + shipment_row({{"shipment-date", "2026-10-25T10:00:00+00:00"}});
    backfill.run_to_end();
    CHECK(backfill.records.size() == (said ? 1 : 0));
    CHECK(backfill.days(0) == (said ? "2026-10-20 to 2026-11-19" : "2026-11-01 to 2026-11-19"));
}

TEST_CASE("a report without data ends a range too", "[shipments_backfill]") {
    Backfill backfill(kDays);
    for (int i = 0; i < 1000; ++i) {
        backfill.bench.amazon.next_status = "CANCELLED";
        const plugin_host::ExtractPage page = backfill.extract();
        REQUIRE(page.end.status == plugin_host::CallStatus::Ok);
        if (page.page_end == CARRICK_PAGE_IDLE) break;
        if (page.page_end == CARRICK_PAGE_LOOK_AGAIN)
            backfill.bench.amazon.clock = page.look_again_at;
    }
    CHECK(backfill.reached() == "2026-11-12T00:00:00Z");
    // One that is cancelled may only have come too soon; three in a row have no data.
    CHECK(backfill.bench.amazon.reports.size() == 3);
}

// Amazon would cancel it, and three cancelled ones look like a range without shipments.
TEST_CASE("a backfill leaves half an hour between the scheduled report and its own",
          "[shipments_backfill]") {
    Backfill backfill(kDays);
    backfill.bench.report() = three_days();
    backfill.bench.extract();
    backfill.bench.extract();  // asks
    REQUIRE(backfill.bench.amazon.reports.size() == 1);
    const UtcTime first = backfill.bench.amazon.clock;
    backfill.run_to_end();
    REQUIRE(backfill.bench.amazon.reports.size() == 2);
    CHECK(backfill.bench.amazon.reports[1].made - first >= std::chrono::minutes(30));
    CHECK(backfill.bench.amazon.reports[1].made - first < std::chrono::minutes(31));
}

TEST_CASE("a report that is scheduled every half hour lets a backfill go before it",
          "[shipments_backfill]") {
    Backfill backfill(kDays, {"US"}, 30);
    backfill.bench.report() = three_days();
    UtcTime report_at = backfill.bench.amazon.clock;
    UtcTime backfill_at = report_at;
    bool done = false;
    // As the engine: what has a schedule goes first.
    for (int i = 0; i < 5000 && !done; ++i) {
        const bool scheduled = report_at <= backfill_at;
        UtcTime& at = scheduled ? report_at : backfill_at;
        backfill.bench.amazon.clock = std::max(backfill.bench.amazon.clock, at);
        const plugin_host::ExtractPage page =
            scheduled ? backfill.bench.extract() : backfill.extract();
        REQUIRE(page.end.status == plugin_host::CallStatus::Ok);
        done = !scheduled && page.page_end == CARRICK_PAGE_IDLE;
        at = page.page_end == CARRICK_PAGE_LOOK_AGAIN ? page.look_again_at
             : page.page_end == CARRICK_PAGE_IDLE
                 ? backfill.bench.amazon.clock + std::chrono::seconds(10)
                 : backfill.bench.amazon.clock;
    }
    CHECK(done);
    CHECK(backfill.records.size() == 2);
    CHECK(backfill.bench.amazon.clock < UtcTime::parse("2026-11-23T15:00:00Z").value());
}

TEST_CASE("shipments that Amazon no longer reports are refused with the first day that it does",
          "[shipments_backfill]") {
    Backfill backfill(
        R"("from":"2025-01-01T00:00:00Z","to":"2025-02-01T00:00:00Z","before_start":true)");
    const plugin_host::ExtractPage page = backfill.extract();
    CHECK(page.end.error.code == "fba_shipments.too_old");
    CHECK(page.end.error.error_class == ErrorClass::Rejected);
    CHECK_THAT(page.end.error.message, Contains("2025-06-01"));
}

TEST_CASE("a checkpoint of a backfill that nobody wrote is our own fault", "[shipments_backfill]") {
    ShipmentsBench bench;
    for (const char* text : {"", "{}", "[]", R"({"demand":{"from":"x","to":"y"}})"})
        CHECK(bench.extract_of("backfill", text).end.error.code == "report.state");
    CHECK(bench.extract_of("sync", "{}").end.error.code == "report.state");
}

TEST_CASE("shipments of one order cannot be fetched, and that is said with the way to them",
          "[shipments_sync]") {
    ShipmentsBench bench;
    const plugin_host::ExtractPage page =
        bench.extract_of("sync", R"({"demand":{"keys":["111-1111111-1111111"]},"at":""})");
    REQUIRE(page.end.status == plugin_host::CallStatus::Ok);
    CHECK(page.page_end == CARRICK_PAGE_IDLE);
    const Json refused = Json::parse(*page.checkpoint).value()["refused"]["111-1111111-1111111"];
    CHECK(refused["code"].text() == "shipment.by_report");
    CHECK_THAT(refused["message"].text(), Contains("carrick backfill shipments --from DAY"));
    CHECK(bench.amazon.operations.empty());
}

}  // namespace
}  // namespace carrick::plugins::testing
