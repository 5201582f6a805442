// SPDX-License-Identifier: Apache-2.0
// Errors resolved by a person: the record ends, this version of it is not taken up again, a newer
// one is, and the error says who did it and why.
#include "core/engine/requests.hpp"
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kOneResolved = R"({"ok":true,"resolved":1,"released":0})";

store::EngineRequest wish(const std::string& arguments) {
    store::EngineRequest request;
    request.kind = "errors.resolve";
    request.arguments = arguments;
    request.who = "ops";
    return request;
}

/// Asks the engine that runs; empty where it has not answered.
std::string resolve(Bench& bench,
                    const std::string& arguments = R"({"ids":[1],"reason":"booked as SO-12"})") {
    const std::int64_t id = bench.store->post_request(wish(arguments)).value();
    REQUIRE(bench.engine->poll_requests());
    bench.run();
    const auto request = bench.store->request(id).value();
    return request->answered ? request->answer : "";
}

std::string resolve_in_store(
    Bench& bench, const std::string& arguments = R"({"ids":[1],"reason":"booked as SO-12"})") {
    bench.engine.reset();
    const Result<std::string> answer =
        execute_request(*bench.store, wish(arguments), bench.clock.now());
    return answer ? *answer : answer.error().code + ": " + answer.error().message;
}

std::string ids_in_ledger(Bench& bench, const std::string& key) {
    const store::InstanceNumber sink =
        bench.store->load_instance({"sink", "NA1", "US"}).value().number;
    const std::vector<std::string> keys{key};
    const auto ledger = bench.store->ledger(sink, keys).value();
    return ledger[0] ? ledger[0]->target_ids : "none";
}

void refuse_all(Bench& bench) {
    bench.target.answer = [](const std::string&) {
        return reply_failed(rejected("t.closed", "period closed"));
    };
}

}  // namespace

TEST_CASE("a resolved record ends as skipped, and its error says who settled it and why",
          "[engine][resolve]") {
    for (const bool running : {true, false}) {
        INFO(running);
        Bench bench;
        refuse_all(bench);
        bench.emit({{"order-1"}});
        bench.run();
        REQUIRE(bench.status("sink").failed == 1);
        bench.target.answer = {};
        CHECK((running ? resolve(bench) : resolve_in_store(bench)) == kOneResolved);
        const store::ErrorRow error = bench.store->error(1).value().value();
        CHECK(error.state == store::ErrorState::Resolved);
        CHECK(error.resolution == "resolved by ops: booked as SO-12");
        CHECK(error.resolved_at == bench.clock.now());
        bench.start();
        bench.run();
        CHECK(bench.counts("sink").skipped.at("resolved by hand") == 1);
        CHECK(bench.totals("sink").open_failed == 0);
        CHECK(bench.totals("sink").open_ready == 0);
        CHECK(ids_in_ledger(bench, "order-1") == R"({"resolved":"by hand"})");

        // The same version is known; a newer one is taken up.
        bench.emit({{"order-1"}});
        bench.run_after(Milliseconds(300'000));
        CHECK(bench.target.order.empty());
        CHECK(bench.counts("sink").skipped.at("duplicate") == 1);
        bench.emit({{"order-1", 2}});
        bench.run_after(Milliseconds(300'000));
        CHECK(bench.target.order == std::vector<std::string>{"order-1"});
    }
}

TEST_CASE("a record that was written before keeps its ids when a later version is resolved",
          "[engine][resolve]") {
    Bench bench;
    bench.emit({{"order-1", 1}});
    bench.run();
    refuse_all(bench);
    bench.emit({{"order-1", 2}});
    bench.run_after(Milliseconds(300'000));
    CHECK(resolve(bench) == kOneResolved);
    CHECK(ids_in_ledger(bench, "order-1") == R"({"document":"1"})");
}

TEST_CASE("an error of a wait past its deadline is resolved like any other", "[engine][resolve]") {
    for (const bool running : {true, false}) {
        INFO(running);
        Bench bench;
        bench.sink().wait_deadline = Milliseconds(3'600'000);
        bench.script().deliver = [](sdk::Call& call, const sdk::Records& records,
                                    const sdk::Payloads&) -> Result<void> {
            for (const sdk::RecordView record : records)
                call.waiting(record,
                             {.reason = "the order", .awaited_link = "amazon_order.sales_order:1"});
            return {};
        };
        bench.emit({{"order-1"}});
        bench.run();
        bench.run_after(Milliseconds(3'600'000));
        REQUIRE(bench.errors().size() == 1);
        REQUIRE(bench.errors()[0].code == "engine.wait_deadline");
        CHECK((running ? resolve(bench) : resolve_in_store(bench)) == kOneResolved);
        bench.start();
        bench.run_after(Milliseconds(7'200'000));
        CHECK(bench.errors().empty());
        CHECK(bench.status("sink").waiting == 0);
        CHECK(bench.counts("sink").skipped.at("resolved by hand") == 1);
    }
}

TEST_CASE("a lost write ends with its record, and the newer version behind it runs",
          "[engine][resolve]") {
    for (const bool running : {true, false}) {
        INFO(running);
        Bench bench(kUnsafeRest);
        bench.target.answer = [](const std::string&) { return reply_unknown(); };
        bench.script().reconcile = [](sdk::Call& call, const sdk::Records& records,
                                      const sdk::Attempts&) {
            for (const sdk::RecordView record : records) call.unknown(record, "cannot tell");
        };
        bench.emit({{"order-1", 1}});
        bench.run();
        for (int i = 0; i < 20 && bench.errors().empty(); ++i)
            bench.run_after(Milliseconds(3'600'000));
        REQUIRE(bench.totals("sink").open_failed == 1);
        bench.emit({{"order-1", 2}});
        bench.run_after(Milliseconds(300'000));
        REQUIRE(bench.target.order.empty());  // it stands behind

        bench.target.answer = {};
        CHECK((running ? resolve(bench) : resolve_in_store(bench)) == kOneResolved);
        bench.start();
        bench.run();
        CHECK(bench.target.order == std::vector<std::string>{"order-1"});
        CHECK(bench.store->load_instance({"sink", "NA1", "US"}).value().attempts.empty());
        CHECK(bench.totals("sink").open_failed == 0);
        CHECK(bench.totals("sink").open_ready == 0);
    }
}

TEST_CASE("several errors are resolved at once, or none where one of them cannot be",
          "[engine][resolve]") {
    Bench bench;
    refuse_all(bench);
    bench.emit({{"order-1"}, {"order-2"}, {"order-3"}});
    bench.run();
    CHECK_THAT(resolve(bench, R"({"ids":[1,99],"reason":"by hand"})"),
               Contains("request.nothing") && Contains("error 99 does not exist"));
    CHECK(bench.errors().size() == 3);
    CHECK(resolve(bench, R"({"ids":[1,3,1],"reason":"by hand"})") ==
          R"({"ok":true,"resolved":2,"released":0})");
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].key == "order-2");
    CHECK_THAT(resolve(bench, R"({"ids":[1],"reason":"by hand"})"),
               Contains("error 1 is resolved already"));
}

TEST_CASE("an error that stopped an instance has no record to resolve", "[engine][resolve]") {
    Bench bench;
    scripts()["source"].extract = [](sdk::Call& call, std::string_view, std::string_view) {
        call.fail(misconfigured("t.role", "the role was taken away"));
    };
    bench.run();
    REQUIRE(bench.errors().size() == 1);
    const std::string answer = resolve(bench);
    CHECK_THAT(answer, Contains("request.no_record") && Contains("stopped flow source") &&
                           Contains("carrick errors retry 1"));
    CHECK(bench.errors().size() == 1);
}

TEST_CASE("a record whose plugin breaks on it is resolved, and its instance goes on",
          "[engine][resolve]") {
    Bench bench;
    bench.sink().batch = 1;
    bench.target.answer = [](const std::string& id) {
        return id == "order-1" ? reply_failed(bug("t.bug", "a null where there is none"))
                               : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}, {"order-2"}});
    bench.run();
    REQUIRE(bench.status("sink").hold);
    CHECK(resolve(bench) == R"({"ok":true,"resolved":1,"released":1})");
    CHECK(bench.target.order == std::vector<std::string>{"order-2"});
    CHECK(bench.errors().empty());
}

TEST_CASE("nothing is resolved without a reason or ids", "[engine][resolve]") {
    Bench bench;
    for (const char* arguments : {R"({"ids":[1]})", R"({"ids":[1],"reason":"  "})",
                                  R"({"ids":[],"reason":"done"})", R"({"ids":7,"reason":"done"})"})
        CHECK_THAT(resolve_in_store(bench, arguments), Contains("request.arguments"));
}

TEST_CASE("a resolve that a crash cut in two is carried out to its end", "[engine][resolve]") {
    Bench bench;
    refuse_all(bench);
    bench.emit({{"order-1"}, {"order-2"}});
    bench.run();
    const std::string arguments = R"({"ids":[1,2],"reason":"by hand"})";
    const std::int64_t id = bench.store->post_request(wish(arguments)).value();
    RequestPlan half =
        plan_request(*bench.store, wish(R"({"ids":[1],"reason":"by hand"})")).value();
    bench.engine.reset();
    for (const auto& [name, part] : half.parts)
        REQUIRE(
            carry_out_in_store(*bench.store, id, name, part, half.resolution, bench.clock.now()));
    bench.start();
    REQUIRE(bench.engine->poll_requests());
    bench.run();
    CHECK(bench.store->request(id).value()->answer == R"({"ok":true,"resolved":2,"released":0})");
    CHECK(bench.errors().empty());
    CHECK(bench.counts("sink").skipped.at("resolved by hand") == 2);
}
