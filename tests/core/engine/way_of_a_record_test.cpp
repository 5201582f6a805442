// SPDX-License-Identifier: Apache-2.0
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

TEST_CASE("a record goes from the source through the channel into the target, once", "[engine]") {
    Bench bench;
    bench.emit({{"order-1", 1, R"({"total":"12.50"})"}, {"order-2"}});
    bench.run();
    CHECK(bench.target.written["order-1"] == std::vector<std::string>{R"({"total":"12.50"})"});
    CHECK(bench.target.written["order-2"].size() == 1);
    CHECK(bench.counts("source").seen == 2);
    CHECK(bench.counts("sink").done == 2);
    CHECK(bench.counts("sink").written == 2);
}

TEST_CASE("after a restart nothing is written again", "[engine]") {
    Bench bench;
    bench.emit({{"order-1"}, {"order-2"}});
    bench.run();
    bench.start();
    bench.emit({{"order-1"}, {"order-2"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.target.order.size() == 2);
    CHECK(bench.counts("sink").skipped.at("duplicate") == 2);
}

TEST_CASE("a newer version is written, an older one is skipped with the reason", "[engine]") {
    Bench bench;
    bench.emit({{"order-1", 5, R"({"v":5})"}});
    bench.run();
    bench.emit({{"order-1", 4, R"({"v":4})"}});
    bench.run_after(Milliseconds(300'000));
    bench.emit({{"order-1", 6, R"({"v":6})"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.target.written["order-1"] == std::vector<std::string>{R"({"v":5})", R"({"v":6})"});
    CHECK(bench.counts("sink").skipped.at("older version") == 1);
}

TEST_CASE("ready records run by due date, earliest first, those without one last", "[engine]") {
    Bench bench;
    bench.sink().batch = 1;
    bench.emit({{"none"}, {"late", 1, "{}", 2'000}, {"soon", 1, "{}", 1'000}, {"none-2"}});
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"soon", "late", "none", "none-2"});
    CHECK(bench.counts("sink").seen == 4);
}

TEST_CASE(
    "a delivery is as large as the target wants it, however long it takes, unless told otherwise",
    "[engine]") {
    const auto deliveries = [](std::size_t preferred, std::size_t told) {
        Bench bench;
        bench.target.batch = preferred;
        bench.sink().batch = told;
        // A job of minutes: by time a delivery would be one record.
        bench.target.before_reply = [&bench] { bench.clock.advance(Milliseconds(3'000)); };
        std::vector<Emitted> records;
        for (int i = 0; i < 250; ++i) records.push_back({"order-" + std::to_string(i)});
        bench.emit(std::move(records));
        bench.run();
        CHECK(bench.target.order.size() == 250);
        return bench.script().deliveries;
    };
    CHECK(deliveries(100, 0) == 3);
    CHECK(deliveries(100, 50) == 5);
    CHECK(deliveries(0, 50) == 5);
    CHECK(deliveries(0, 0) > 100);
}

TEST_CASE("where: lets matching records through and ends the others as filtered", "[engine]") {
    Bench bench;
    bench.sink().where = R"(r.by == "MERCHANT")";
    bench.emit({{"mfn", 1, R"({"by":"MERCHANT"})"}, {"fba", 1, R"({"by":"AMAZON"})"}});
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"mfn"});
    CHECK(bench.counts("sink").skipped.at("filtered") == 1);
}

TEST_CASE("the overlay of flows.yaml changes the payload before it is written", "[engine]") {
    Bench bench;
    bench.sink().partitions[0].mapping =
        Json::parse(R"j({"document":{"memo":"upper(r.id)"}})j").value();
    bench.emit({{"order-1", 1, R"({"id":"abc","memo":"x"})"}});
    bench.run();
    CHECK(bench.target.written["order-1"].at(0) == R"({"id":"abc","memo":"ABC"})");
}

TEST_CASE("a payload that breaks the target's schema is rejected with the path, and others go on",
          "[engine]") {
    Bench bench;
    bench.target.schema_text =
        Json::parse(R"({"type":"object","properties":{"memo":{"type":"string"}}})").value();
    bench.emit({{"bad", 1, R"({"memo":5})"}, {"good", 1, R"({"memo":"x"})"}});
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"good"});
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].code == "engine.schema");
    CHECK(bench.errors()[0].field == "memo");
    CHECK(bench.errors()[0].error_class == ErrorClass::Rejected);
    CHECK(bench.target.schema_calls == 1);
}

TEST_CASE("verify fails a record and names the difference", "[engine]") {
    Bench bench;
    bench.script().verify = [](sdk::Pure& pure, const sdk::Records& records, const sdk::Payloads&) {
        for (const sdk::RecordView record : records)
            if (record.key == "bad")
                pure.failed(record, rejected("test.total", "lines 10.00, order 10.01"));
    };
    bench.emit({{"bad"}, {"good"}});
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"good"});
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].stage == "verify");
}

namespace {
const char* const kLookupRest =
    R"(,"roles":["target"],"input":["test.order/1"],"operations":["fake.write"],
       "writes":[{"name":"document","record_type":"test.document","repeat":"safe"}],
       "lookups":[{"name":"item","role":"target","operation":"fake.lookup","missing":"waiting"},
                  {"name":"account","role":"target","operation":"fake.lookup"},
                  {"name":"existing","role":"target","operation":"fake.lookup","missing":"fine"}])";
void need(Bench& bench, const std::string& name, const std::string& key, bool fresh = false) {
    bench.script().needs = [=](sdk::Pure& pure, const sdk::Records& records) {
        for (const sdk::RecordView record : records) pure.emit_lookup(record, name, key, fresh);
    };
}
}  // namespace

TEST_CASE("look-ups go out once a key for all records, and found answers are remembered",
          "[engine][lookups]") {
    Bench bench(kLookupRest);
    bench.target.documents["SKU-1"] = R"({"id":"7"})";
    need(bench, "item", "SKU-1");
    std::string seen;
    bench.script().map = [&](sdk::Pure& pure, const sdk::Records& records,
                             const sdk::Lookups& lookups, const sdk::Ledger&) {
        for (const sdk::RecordView record : records) {
            seen = lookups.find(record, "item")->body;
            pure.emit_payload(record,
                              {.write = "document", .external_id = record.key, .body = "{}"});
        }
    };
    bench.emit({{"order-1"}, {"order-2"}, {"order-3"}});
    bench.run();
    bench.emit({{"order-4"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(seen == R"({"id":"7"})");
    CHECK(bench.target.looked_up == std::vector<std::string>{"SKU-1"});
    bench.emit({{"order-5"}});
    bench.run_after(Milliseconds(600'000));
    CHECK(bench.target.looked_up.size() == 2);
}

TEST_CASE("a fresh look-up asks the target every time", "[engine][lookups]") {
    Bench bench(kLookupRest);
    bench.target.documents["A"] = "{}";
    need(bench, "existing", "A", true);
    bench.emit({{"order-1"}});
    bench.run();
    bench.emit({{"order-2"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.target.looked_up.size() == 2);
}

TEST_CASE("a missing look-up that waits is asked again and goes on when it appears",
          "[engine][lookups]") {
    Bench bench(kLookupRest);
    need(bench, "item", "SKU-9");
    bench.emit({{"order-1"}});
    bench.run();
    CHECK(bench.target.order.empty());
    CHECK(bench.status("sink").waiting == 1);
    CHECK(bench.errors().empty());
    bench.target.documents["SKU-9"] = "{}";
    bench.run_after(Milliseconds(299'999));
    CHECK(bench.target.order.empty());
    bench.run_after(Milliseconds(1));
    CHECK(bench.target.order == std::vector<std::string>{"order-1"});
}

TEST_CASE("a wait becomes an error at its deadline", "[engine][lookups]") {
    Bench bench(kLookupRest);
    bench.sink().wait_deadline = Milliseconds(3'600'000);
    need(bench, "item", "SKU-9");
    bench.emit({{"order-1"}});
    bench.run();
    for (int minutes = 0; minutes < 120; minutes += 5) bench.run_after(Milliseconds(300'000));
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].code == "engine.wait_deadline");
    CHECK(bench.status("sink").failed == 1);
}

TEST_CASE("a missing look-up is rejected or fine where the manifest says so", "[engine][lookups]") {
    Bench bench(kLookupRest);
    need(bench, "account", "1100");
    bench.emit({{"order-1"}});
    bench.run();
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].code == "engine.lookup_missing");
    need(bench, "existing", "1100");
    bench.emit({{"order-2"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.target.order == std::vector<std::string>{"order-2"});
}

TEST_CASE("a dry run stops after the schema and tells what would be written", "[engine][dry-run]") {
    Bench bench;
    std::vector<std::string> planned;
    bench.settings.dry_run = true;
    bench.settings.on_planned = [&](const PlannedWrite& write) {
        planned.push_back(write.key + " " + write.payload.body);
    };
    bench.emit({{"order-1", 1, R"({"a":1})"}});
    bench.run();
    CHECK(planned == std::vector<std::string>{R"(order-1 {"a":1})"});
    CHECK(bench.target.order.empty());
}
