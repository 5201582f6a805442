// SPDX-License-Identifier: Apache-2.0
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

namespace {
constexpr Milliseconds kHour{3'600'000};

std::string post(Bench& bench, const std::string& kind, const std::string& arguments) {
    store::EngineRequest wish;
    wish.kind = kind;
    wish.arguments = arguments;
    wish.who = "ops";
    const std::int64_t id = bench.store->post_request(wish).value();
    REQUIRE(bench.engine->poll_requests());
    bench.run();
    const auto request = bench.store->request(id).value();
    REQUIRE(request->answered);
    return request->answer;
}
}  // namespace

TEST_CASE("transient: retried over time until it succeeds, no error is left",
          "[engine][outcomes]") {
    Bench bench;
    int calls = 0;
    bench.target.answer = [&](const std::string&) {
        return ++calls < 4 ? reply_failed(transient("net.reset", "reset"))
                           : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}});
    bench.run();
    CHECK(bench.status("sink").retrying == 1);
    for (int i = 0; i < 10; ++i) bench.run_after(Milliseconds(60'000));
    CHECK(calls == 4);
    CHECK(bench.target.order.size() == 1);
    CHECK(bench.errors().empty());
}

TEST_CASE("transient: when the tries end it is in the error queue, and a retry resolves it",
          "[engine][outcomes]") {
    Bench bench;
    bench.sink().retry.attempts = 3;
    bool down = true;
    bench.target.answer = [&](const std::string&) {
        return down ? reply_failed(transient("net.reset", "reset"))
                    : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}});
    bench.run();
    for (int i = 0; i < 5; ++i) bench.run_after(kHour);
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].tries == 3);
    CHECK(bench.status("sink").failed == 1);
    down = false;
    CHECK(post(bench, "errors.retry", R"({"flow":"sink"})") ==
          R"({"ok":true,"retried":1,"released":0})");
    CHECK(bench.target.order.size() == 1);
    CHECK(bench.errors().empty());
    const auto row = bench.store->error(1).value();
    CHECK(row->state == store::ErrorState::Resolved);
    CHECK(row->resolution == "retried by ops");
}

TEST_CASE("throttled: never before the time that was told", "[engine][outcomes]") {
    Bench bench;
    int calls = 0;
    bench.target.answer = [&](const std::string&) {
        return ++calls == 1 ? reply_failed(throttled("a.quota", "slow down", Milliseconds(90'000)))
                            : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}});
    bench.run();
    bench.run_after(Milliseconds(89'999));
    CHECK(calls == 1);
    bench.run_after(Milliseconds(1'001));
    CHECK(calls == 2);
}

TEST_CASE("rejected: one record in the error queue, the others go on, a later version resolves it",
          "[engine][outcomes]") {
    Bench bench;
    bench.target.answer = [&](const std::string& id) {
        return id == "bad" && bench.target.written.count("good") == 0
                   ? reply_failed(rejected("t.closed", "period closed", "tranDate"))
                   : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"bad", 1}, {"good", 1}});
    bench.run();
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].field == "tranDate");
    CHECK(bench.errors()[0].key == "bad");
    bench.emit({{"bad", 2, R"({"fixed":true})"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.errors().empty());
    CHECK(bench.store->error(1).value()->resolution == "succeeded later");
    CHECK(bench.counts("sink").skipped.at("superseded") == 1);
}

TEST_CASE(
    "misconfigured: the flow stops with its key named, the source goes on, a retry releases it",
    "[engine][outcomes]") {
    Bench bench;
    bool broken = true;
    bench.target.answer = [&](const std::string&) {
        return broken ? reply_failed(misconfigured("t.permission", "role lacks Sales Order"))
                      : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}, {"order-2"}});
    bench.run();
    REQUIRE(bench.status("sink").hold);
    CHECK(bench.status("sink").hold->code == "t.permission");
    CHECK_FALSE(bench.status("source").hold);
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.status("sink").ready == 2);
    broken = false;
    post(bench, "errors.retry", R"({"flow":"sink"})");
    CHECK_FALSE(bench.status("sink").hold);
    CHECK(bench.target.order.size() == 2);
    CHECK(bench.errors().empty());
}

TEST_CASE("bug: an exception stops its instance, keeps the evidence, and others go on",
          "[engine][outcomes]") {
    Bench bench;
    bench.add_flow("other", "sink", kSinkRest, entry<&ScriptedSink::make>).from = {"source"};
    bench.settings.flows.back().roles["target"] = "erp";
    bench.script().deliver = [](sdk::Call&, const sdk::Records&,
                                const sdk::Payloads&) -> Result<void> {
        throw std::runtime_error("boom");
    };
    bench.emit({{"order-1"}});
    bench.run();
    REQUIRE(bench.status("sink").hold);
    CHECK(bench.status("sink").hold->error_class == ErrorClass::Bug);
    CHECK(bench.errors().size() == 1);
    CHECK(bench.counts("other").done == 1);
}

TEST_CASE("a record without an outcome after a normal end is the plugin's bug",
          "[engine][outcomes]") {
    Bench bench;
    bench.script().deliver = [](sdk::Call&, const sdk::Records&, const sdk::Payloads&) {
        return Result<void>();
    };
    bench.emit({{"order-1"}});
    bench.run();
    REQUIRE(bench.status("sink").hold);
    CHECK(bench.status("sink").hold->error_class == ErrorClass::Bug);
}

TEST_CASE("unknown: a repeat-safe write is delivered again", "[engine][outcomes]") {
    Bench bench;
    int calls = 0;
    bench.target.answer = [&](const std::string&) {
        return ++calls == 1 ? reply_unknown()
                            : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}});
    bench.run();
    bench.run_after(Milliseconds(5'000));
    CHECK(calls == 2);
    CHECK(bench.script().reconciliations == 0);
    CHECK(bench.counts("sink").done == 1);
}

TEST_CASE("unknown: an unsafe write goes to reconcile, never straight to deliver",
          "[engine][outcomes]") {
    Bench bench(kUnsafeRest);
    bench.target.answer = [&](const std::string&) { return reply_unknown(); };
    std::string attempted;
    bench.script().reconcile = [&](sdk::Call& call, const sdk::Records&,
                                   const sdk::Attempts& attempts) {
        for (const sdk::AttemptView attempt : attempts) {
            attempted = std::string(attempt.external_id) + " " + std::string(attempt.body);
            call.done(attempt.record, R"({"document":"9"})");
        }
    };
    bench.emit({{"order-1", 1, R"({"a":1})"}});
    bench.run();
    bench.run_after(Milliseconds(5'000));
    CHECK(bench.script().deliveries == 1);
    CHECK(attempted == R"(order-1 {"a":1})");
    CHECK(bench.counts("sink").done == 1);
}

TEST_CASE("absent: what reconcile did not find is sent again", "[engine][outcomes]") {
    Bench bench(kUnsafeRest);
    int calls = 0;
    bench.target.answer = [&](const std::string&) {
        return ++calls == 1 ? reply_unknown()
                            : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}});
    bench.run();
    bench.run_after(Milliseconds(5'000));
    CHECK(bench.script().reconciliations == 1);
    CHECK(bench.target.order.size() == 1);
}

TEST_CASE("where reconcile cannot tell, a person decides", "[engine][outcomes]") {
    Bench bench(kUnsafeRest);
    bench.target.answer = [&](const std::string&) { return reply_unknown(); };
    bench.script().reconcile = [](sdk::Call& call, const sdk::Records& records,
                                  const sdk::Attempts&) {
        for (const sdk::RecordView record : records) call.unknown(record, "two candidates");
    };
    bench.emit({{"order-1"}});
    bench.run();
    bench.run_after(Milliseconds(5'000));
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].code == "engine.unknown_outcome");
    CHECK(bench.totals("sink").open_failed == 1);
}

TEST_CASE("a newer version waits behind an open attempt and runs after its answer",
          "[engine][outcomes]") {
    Bench bench(kUnsafeRest);
    int calls = 0;
    bench.target.answer = [&](const std::string&) {
        return ++calls == 1 ? reply_unknown()
                            : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bool early = true;
    bench.script().reconcile = [&](sdk::Call& call, const sdk::Records& records,
                                   const sdk::Attempts&) {
        for (const sdk::RecordView record : records) {
            if (early)
                call.waiting(record, {.reason = "too early to say",
                                      .look_again_at = call.now() + Milliseconds(600'000)});
            else
                call.done(record, R"({"document":"1"})");
        }
    };
    bench.emit({{"order-1", 1, R"({"v":1})"}});
    bench.run();
    bench.emit({{"order-1", 2, R"({"v":2})"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(calls == 1);
    early = false;
    bench.run_after(Milliseconds(600'000));
    CHECK(bench.target.written["order-1"] == std::vector<std::string>{R"({"v":2})"});
    CHECK(bench.counts("sink").done == 2);
}

TEST_CASE("waiting with a token is resumed on time, a link wakes it earlier",
          "[engine][outcomes]") {
    Bench bench;
    std::string token;
    bench.script().deliver = [](sdk::Call& call, const sdk::Records& records,
                                const sdk::Payloads&) {
        for (const sdk::RecordView record : records) {
            if (record.key == "invoice") {
                call.link_put(record, "order.invoice", "order-1", "INV7");
                call.done(record);
            } else {
                call.waiting(record, {.reason = "invoice not there yet",
                                      .look_again_at = call.now() + Milliseconds(86'400'000),
                                      .token = "job-7",
                                      .awaited_link = "order.invoice:order-1"});
            }
        }
        return Result<void>();
    };
    bench.script().resume = [&](sdk::Call& call, const sdk::Records& records,
                                const sdk::Waits& waits) {
        for (const sdk::WaitView wait : waits) token = wait.token;
        for (const sdk::RecordView record : records) call.done(record);
    };
    bench.emit({{"payment"}});
    bench.run();
    CHECK(bench.status("sink").waiting == 1);
    bench.emit({{"invoice"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(token == "job-7");
    CHECK(bench.counts("sink").done == 2);
}

TEST_CASE("a record that its link has woken too early looks again soon, after a restart too",
          "[engine][outcomes]") {
    const bool link_first = GENERATE(false, true);
    const bool restarted = GENERATE(false, true);
    INFO(link_first << restarted);
    Bench bench;
    bool shown = false;  // the target's search lags behind what was written
    int looks = 0;
    bench.script().deliver = [&](sdk::Call& call, const sdk::Records& records,
                                 const sdk::Payloads&) {
        for (const sdk::RecordView record : records) {
            if (record.key == "order") {
                call.link_put(record, "order.sales_order", "order-1", "7");
                call.done(record);
            } else if (++looks; shown) {
                call.done(record);
            } else {
                call.waiting(record, {.reason = "no sales order yet",
                                      .awaited_link = "order.sales_order:order-1"});
            }
        }
        return Result<void>();
    };
    bench.sink().batch = 1;
    bench.emit({{link_first ? "order" : "shipment"}});
    bench.run();
    bench.emit({{link_first ? "shipment" : "order"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(looks == 2);  // when it came, and when the link was there
    CHECK(bench.status("sink").waiting == 1);
    bench.run_after(Milliseconds(1'000));
    CHECK(looks == 2);
    bench.run_after(Milliseconds(299'000));
    CHECK(looks == 3);
    CHECK(bench.status("sink").waiting == 1);
    shown = true;
    if (restarted) bench.start();
    bench.run_after(Milliseconds(300'000));
    CHECK(looks == 4);
    CHECK(bench.status("sink").waiting == 0);
    CHECK(bench.counts("sink").done == 2);
}

TEST_CASE("a record that waits for a link that is not there is not looked at meanwhile",
          "[engine][outcomes]") {
    Bench bench;
    bench.script().deliver = [](sdk::Call& call, const sdk::Records& records,
                                const sdk::Payloads&) {
        for (const sdk::RecordView record : records)
            call.waiting(record, {.reason = "no sales order yet",
                                  .awaited_link = "order.sales_order:order-1"});
        return Result<void>();
    };
    bench.emit({{"shipment"}});
    bench.run();
    for (int days = 0; days < 10; ++days) bench.run_after(std::chrono::hours(24));
    CHECK(bench.script().deliveries == 1);
}

TEST_CASE("a wait with a deadline and no time to look again ends with a newer version, or then",
          "[engine][outcomes]") {
    Bench bench;
    const UtcTime deadline = bench.clock.now() + std::chrono::hours(48);
    bench.script().deliver = [&](sdk::Call& call, const sdk::Records& records,
                                 const sdk::Payloads&) {
        for (const sdk::RecordView record : records) {
            if (record.version == UtcTime(1))
                call.waiting(record, {.reason = "pending", .deadline = deadline});
            else
                call.done(record);
        }
        return Result<void>();
    };
    bench.emit({{"paid-later", 1}, {"never-paid", 1}});
    bench.run();
    bench.run_after(std::chrono::hours(24));
    CHECK(bench.script().deliveries == 1);  // nobody looked in vain
    bench.emit({{"paid-later", 2}});
    bench.run_after(std::chrono::hours(1));
    CHECK(bench.counts("sink").done == 1);
    CHECK(bench.status("sink").waiting == 1);
    bench.run_after(std::chrono::hours(24));
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].code == "engine.wait_deadline");
    CHECK(bench.errors()[0].key == "never-paid");
}

TEST_CASE("finished records are committed while slower ones still run", "[engine][outcomes]") {
    Bench bench;
    std::vector<std::int64_t> done;
    bench.target.before_reply = [&] {
        done.push_back(bench.counts("sink").done);
        bench.clock.advance(Milliseconds(200));
    };
    bench.emit({{"a"}, {"b"}, {"c"}, {"d"}, {"e"}});
    bench.run();
    // A reply every 200 ms, a commit once 250 ms have passed since the last.
    REQUIRE(done.size() == 5);
    CHECK(done.front() == 0);
    CHECK(done.back() >= 2);
    CHECK(bench.counts("sink").done == 5);
}

TEST_CASE("a full error queue never stops the intake, ready records do",
          "[engine][back-pressure]") {
    Bench bench;
    bench.sink().max_open = 3;
    bench.sink().batch = 1;
    bench.target.answer = [&](const std::string&) {
        return reply_failed(rejected("t.no", "never"));
    };
    for (int page = 0; page < 5; ++page) {
        std::vector<Emitted> records;
        for (int i = 0; i < 10; ++i) records.push_back({std::to_string(page * 10 + i)});
        bench.emit(records);
    }
    bench.run();
    CHECK(bench.errors().size() == 50);
    // Held, its ready records pile up to the limit; then the producer pauses.
    bench.target.answer = [&](const std::string&) {
        return reply_failed(misconfigured("t.role", "no permission"));
    };
    for (int page = 0; page < 5; ++page)
        bench.emit({{"x" + std::to_string(page)}, {"y" + std::to_string(page)}});
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.status("sink").ready == 4);
    CHECK(bench.pages.size() == 3);
}

TEST_CASE("shadow writes nothing, going live runs the records again and drops previews",
          "[engine][shadow]") {
    Bench bench;
    bench.settings.connections["erp"].live = false;
    bench.emit({{"order-1"}});
    bench.run();
    CHECK(bench.target.order.empty());
    CHECK(bench.status("sink").shadow == 1);
    bench.settings.connections["erp"].live = true;
    bench.start();
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"order-1"});
    CHECK(bench.status("sink").shadow == 0);
}

TEST_CASE("a first run stops before it writes more than its limit, and goes on when allowed",
          "[engine]") {
    Bench bench;
    bench.sink().first_run_limit = 2;
    bench.sink().batch = 1;
    bench.emit({{"a"}, {"b"}, {"c"}, {"d"}});
    bench.run();
    CHECK(bench.target.order.size() == 2);
    REQUIRE(bench.status("sink").hold);
    CHECK(bench.status("sink").hold->code == "engine.first_run_limit");
    post(bench, "flows.allow", R"({"flow":"sink"})");
    CHECK(bench.target.order.size() == 4);
    CHECK(bench.errors().empty());
}

TEST_CASE("a first run writes up to its limit where a delivery has room for more",
          "[engine][first-run]") {
    Bench bench;
    bench.sink().first_run_limit = 3;
    bench.target.batch = 100;
    std::vector<Emitted> records;
    for (char name = 'a'; name < 'k'; ++name) records.push_back({std::string(1, name)});
    bench.emit(records);
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"a", "b", "c"});
    REQUIRE(bench.status("sink").hold);
    CHECK(bench.counts("sink").written == 3);
    CHECK(bench.errors().size() == 1);
    // A restart does not give it another three.
    bench.start();
    bench.run();
    CHECK(bench.target.order.size() == 3);
    post(bench, "flows.allow", R"({"flow":"sink"})");
    CHECK(bench.target.order.size() == 10);
    CHECK(bench.errors().empty());
}

TEST_CASE("a first run does not send half of a record's documents", "[engine][first-run]") {
    Bench bench;
    bench.sink().first_run_limit = 3;
    bench.target.batch = 100;
    bench.script().map = [](sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups&,
                            const sdk::Ledger&) {
        for (const sdk::RecordView record : records)
            for (const char* half : {"/1", "/2"})
                pure.emit_payload(record, {.write = "document",
                                           .external_id = std::string(record.key) + half,
                                           .body = "{}"});
    };
    bench.emit({{"a"}, {"b"}});
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"a/1", "a/2"});
    CHECK(bench.status("sink").hold);
}

TEST_CASE("an engine whose store was taken over commits nothing and ends", "[engine][fencing]") {
    Bench bench;
    bench.emit({{"order-1"}});
    bench.start();
    // Somebody else commits for the sink and the source: every sequence we know is stale.
    const auto intrude = [&] {
        for (const auto& name : bench.store->instances().value()) {
            const auto state = bench.store->load_instance(name).value();
            store::Commit commit;
            commit.instance = state.number;
            commit.epoch = bench.store->epoch();
            commit.expected_commit = state.last_commit;
            REQUIRE(bench.store->commit(commit));
        }
    };
    intrude();
    while (bench.engine->step()) {
    }
    CHECK(bench.target.order.empty());
    // Once fenced it loads again; fenced a second time it gives the store up.
    bench.clock.advance(Milliseconds(1'000));
    bench.engine->step();
    intrude();
    while (bench.engine->step()) {
    }
    CHECK(bench.engine->fatal());
}

TEST_CASE("an unknown request and one without a match are answered with the way out",
          "[engine][requests]") {
    Bench bench;
    bench.start();
    CHECK(post(bench, "errors.explode", "{}").find("request.kind") != std::string::npos);
    CHECK(post(bench, "errors.retry", "{}").find("request.arguments") != std::string::npos);
    CHECK(post(bench, "errors.retry", R"({"id":99})").find("request.nothing") != std::string::npos);
}

TEST_CASE("with no engine running a retry changes the store directly", "[engine][requests]") {
    Bench bench;
    bench.target.answer = [](const std::string&) { return reply_failed(rejected("t.no", "no")); };
    bench.emit({{"order-1"}});
    bench.run();
    bench.engine.reset();
    bench.target.answer = {};
    store::EngineRequest wish;
    wish.kind = "errors.retry";
    wish.arguments = R"({"id":1})";
    wish.who = "ops";
    const auto answer = execute_request(*bench.store, wish, bench.clock.now());
    REQUIRE(answer);
    CHECK(*answer == R"({"ok":true,"retried":1,"released":0})");
    bench.start();
    bench.run();
    CHECK(bench.target.order.size() == 1);
}

TEST_CASE("a failed record makes way for the newer version that stood behind its open attempt",
          "[engine][outcomes]") {
    Bench bench(kUnsafeRest);
    int calls = 0;
    bench.target.answer = [&](const std::string&) {
        ++calls;
        if (calls == 1) return reply_unknown();
        if (calls == 2) return reply_failed(rejected("t.closed", "period closed"));
        return connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.script().reconcile = [&](sdk::Call& call, const sdk::Records& records,
                                   const sdk::Attempts& attempts) {
        const bool early = call.now() < attempts[0].started_at + Milliseconds(600'000);
        for (const sdk::RecordView record : records) {
            if (early)
                call.waiting(record, {.reason = "too early to say",
                                      .look_again_at = call.now() + Milliseconds(600'000)});
            else
                call.absent(record);
        }
    };
    bench.emit({{"order-1", 1, R"({"v":1})"}});
    bench.run();
    bench.emit({{"order-1", 2, R"({"v":2})"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(calls == 1);
    for (int i = 0; i < 8; ++i) bench.run_after(Milliseconds(300'000));
    // Version 1 never arrived; version 2 took its place, was refused, and stands in the queue.
    CHECK(calls == 2);
    CHECK(bench.counts("sink").skipped.at("superseded") == 1);
    CHECK(bench.status("sink").failed == 1);
    bench.emit({{"order-1", 3, R"({"v":3})"}});
    bench.run_after(Milliseconds(300'000));
    CHECK(bench.target.written["order-1"] == std::vector<std::string>{R"({"v":3})"});
    CHECK(bench.errors().empty());
}
