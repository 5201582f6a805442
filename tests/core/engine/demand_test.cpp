// SPDX-License-Identifier: Apache-2.0
// Streams on demand: a range that is read once more, and records that are fetched by their keys.
#include "core/engine/demand_requests.hpp"
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;
using Catch::Matchers::Contains;

namespace {

const char* const kDemandSource =
    R"(,"roles":["source"],"operations":["fake.lookup"],"streams":[{"name":"api"},
       {"name":"backfill","on_demand":"range"},
       {"name":"sync","on_demand":"keys","noun":"order","key_shape":"order-9"}],
       "output":"test.order/1")";

/// A source whose range has four pages of one order each, and whose keys are what it is told.
struct Archive {
    explicit Archive(const std::string& sink_rest = kSinkRest) : bench(sink_rest) {
        FlowSpec& source = bench.settings.flows[0];
        source.plugin =
            plugin_of(manifest_of("source", kDemandSource), &entry<&ScriptedSource::make>);
        source.roles["source"] = "erp";
        source.start = UtcTime::parse("2026-11-01T00:00:00Z").value();
        const auto polls = scripts()["source"].extract;
        scripts()["source"].extract = [this, polls](sdk::Call& call, std::string_view stream,
                                                    std::string_view checkpoint) {
            order.emplace_back(stream);
            if (stream == "api") return polls(call, stream, checkpoint);
            const Json given = Json::parse(checkpoint).value();
            seen.push_back(given.dump());
            if (throttle) {
                call.fail(throttled("t.quota", "the quota is empty", Milliseconds(360'000)));
                return;
            }
            if (refusal) return call.fail(*refusal);
            stream == "sync" ? fetch(call, given) : page(call, given);
        };
        bench.clock.advance(UtcTime::parse("2026-11-20T12:00:00Z").value() - bench.clock.now());
        bench.run();
        order.clear();
    }

    void page(sdk::Call& call, const Json& given) {
        const std::int64_t number =
            given["at"].text().empty()
                ? 1
                : Json::parse(given["at"].text()).value()["page"].integer_if().value() + 1;
        call.emit_record(
            {.key = "order-" + std::to_string(number), .version = UtcTime(1), .body = "{}"});
        const Json at = Json::object(
            {{"page", Json(number)},
             {"reached", Json("2026-11-0" + std::to_string(number + 1) + "T00:00:00Z")}});
        call.set_checkpoint(at.dump(), number == 4 ? sdk::PageEnd::Idle : sdk::PageEnd::More);
    }

    void fetch(sdk::Call& call, const Json& given) {
        Json refused = Json::object();
        for (const Json& key : given["demand"]["keys"].items())
            if (known.contains(key.text()))
                call.emit_record({.key = key.text(), .version = UtcTime(1), .body = "{}"});
            else
                refused.set(key.text(), Json::object({{"code", Json("t.unknown")},
                                                      {"message", Json("no such order")}}));
        call.set_checkpoint(Json::object({{"refused", refused}}).dump(), sdk::PageEnd::Idle);
    }

    static store::EngineRequest wish(const std::string& kind, const std::string& arguments) {
        store::EngineRequest request;
        request.kind = kind;
        request.arguments = arguments;
        request.who = "ops";
        return request;
    }
    std::int64_t post(const std::string& kind, const std::string& arguments) {
        const std::int64_t id = bench.store->post_request(wish(kind, arguments)).value();
        REQUIRE(bench.engine->poll_requests());
        return id;
    }
    std::int64_t start_backfill() {
        return post("backfill.start", R"({"flow":"source","from":"2026-11-01T00:00:00Z",
                                          "to":"2026-11-05T00:00:00Z","share":40})");
    }
    Json answer(std::int64_t id) {
        const auto request = bench.store->request(id).value();
        REQUIRE(request);
        return request->answered ? Json::parse(request->answer).value() : Json();
    }
    Demand stored() {
        const auto found = stored_backfills(*bench.store, "source").value();
        REQUIRE(found.size() == 1);
        return found.front().second;
    }
    void steps(int count) {
        for (int i = 0; i < count; ++i) REQUIRE(bench.engine->step());
    }
    Json sync(const std::string& keys) {
        const std::int64_t id =
            post("records.sync", R"({"noun":"order","wait_ms":0,"keys":)" + keys + "}");
        bench.run();
        REQUIRE(bench.engine->poll_requests());
        return answer(id);
    }

    Bench bench;
    std::vector<std::string> order;  ///< streams, as they were read
    std::vector<std::string> seen;   ///< checkpoints of the streams on demand
    std::set<std::string> known{"order-1", "order-2"};
    bool throttle = false;
    std::optional<Error> refusal;
};

}  // namespace

TEST_CASE("a stream on demand never runs by itself", "[engine][demand]") {
    Archive world;
    world.bench.run_after(Milliseconds(86'400'000));
    for (const std::string& stream : world.order) CHECK(stream == "api");
    CHECK(stored_backfills(*world.bench.store, "").value().empty());
}

TEST_CASE("a backfill is read page by page to its end, and its state can be looked up",
          "[engine][demand]") {
    Archive world;
    const std::int64_t id = world.start_backfill();
    world.bench.run();
    const Json answer = world.answer(id);
    CHECK(answer["ok"] == Json(true));
    CHECK(answer["backfills"][0]["state"].text() == "running");
    CHECK(answer["backfills"][0]["marketplaces"][0].text() == "US");
    CHECK(world.bench.target.order ==
          std::vector<std::string>{"order-1", "order-2", "order-3", "order-4"});
    const Demand done = world.stored();
    CHECK(done.state == DemandState::Done);
    CHECK(done.pages == 4);
    CHECK(done.records == 4);
    CHECK(done.who == "ops");
    CHECK(done.reached().text() == "2026-11-05T00:00:00Z");
    CHECK(world.seen.front() ==
          R"({"demand":{"from":"2026-11-01T00:00:00Z","to":"2026-11-05T00:00:00Z",)"
          R"("marketplaces":["US"]},"at":""})");
    // Once more: the same orders are duplicates.
    world.start_backfill();
    world.bench.run();
    CHECK(world.bench.target.order.size() == 4);
    CHECK(world.bench.counts("sink").skipped.at("duplicate") == 4);
}

TEST_CASE("a crash between two pages of a backfill repeats nothing and loses nothing",
          "[engine][demand]") {
    Archive world;
    world.start_backfill();
    while (world.seen.size() < 2) REQUIRE(world.bench.engine->step());
    CHECK(world.stored().pages == 2);
    world.bench.start();
    world.bench.run();
    CHECK(world.seen.size() == 4);
    CHECK(world.bench.target.order.size() == 4);
    CHECK(world.stored().state == DemandState::Done);
}

TEST_CASE("a crash between a backfill's start and its answer starts no second one",
          "[engine][demand]") {
    Archive world;
    const std::int64_t id = world.start_backfill();
    while (world.seen.empty()) REQUIRE(world.bench.engine->step());
    // As if the answer had never been stored.
    store::EngineRequest again = Archive::wish(
        "backfill.start",
        R"({"flow":"source","from":"2026-11-01T00:00:00Z","to":"2026-11-05T00:00:00Z"})");
    again.id = id;
    std::string said;
    REQUIRE(world.bench.engine->ask(again, [&](const std::string& text) { said = text; }));
    world.bench.run();
    CHECK_THAT(said, Contains(R"("ok":true)"));
    CHECK(world.seen.size() == 4);
}

TEST_CASE("while a backfill runs a second one is refused, and may come when it is over",
          "[engine][demand]") {
    Archive world;
    world.throttle = true;
    world.start_backfill();
    world.bench.run();
    const std::int64_t second =
        world.post("backfill.start", R"({"flow":"source","from":"2026-11-10T00:00:00Z",
                                         "to":"2026-11-12T00:00:00Z"})");
    world.bench.run();
    const Json refused = world.answer(second);
    CHECK(refused["ok"] == Json(false));
    CHECK(refused["code"].text() == "backfill.running");
    CHECK_THAT(refused["message"].text(), Contains("from 2026-11-01T00:00:00Z"));
    // The same range goes on, for whoever carries his own request out; an end at "now" is the same.
    for (const char* to : {R"("to":"2026-11-05T00:00:00Z",)", ""}) {
        std::string said;
        REQUIRE(world.bench.engine->ask(
            Archive::wish("backfill.start", R"({"flow":"source",)" + std::string(to) +
                                                R"("from":"2026-11-01T00:00:00Z"})"),
            [&](const std::string& text) { said = text; }));
        world.bench.run();
        CHECK_THAT(said, Contains(R"("ok":true)") && Contains(R"("to":"2026-11-05T00:00:00Z")"));
    }
    world.throttle = false;
    world.bench.run_after(Milliseconds(360'000));
    CHECK(world.stored().state == DemandState::Done);
    const std::int64_t third = world.start_backfill();
    world.bench.run();
    CHECK(world.answer(third)["ok"] == Json(true));
}

TEST_CASE("a backfill that waits for the quota says until when, also after a restart",
          "[engine][demand]") {
    Archive world;
    world.throttle = true;
    world.start_backfill();
    world.bench.run();
    const UtcTime due = world.bench.clock.now() + Milliseconds(360'000);
    CHECK(world.stored().next_page == due);
    CHECK(backfill_json({"source", "NA1", "US"}, world.stored())["next_page"].text() == due.text());
    const std::size_t asked = world.seen.size();
    world.bench.start();
    world.bench.run_after(Milliseconds(359'000));
    CHECK(world.seen.size() == asked);
    world.throttle = false;
    world.bench.run_after(Milliseconds(1'000));
    CHECK(world.stored().state == DemandState::Done);
    CHECK_FALSE(backfill_json({"source", "NA1", "US"}, world.stored()).contains("next_page"));
}

TEST_CASE("a stopped backfill reads no further page and keeps what it has read",
          "[engine][demand]") {
    Archive world;
    world.start_backfill();
    while (world.seen.size() < 2) REQUIRE(world.bench.engine->step());
    const std::int64_t stop = world.post("backfill.stop", R"({"flow":"source"})");
    world.bench.run();
    CHECK(world.answer(stop)["backfills"][0]["state"].text() == "stopped");
    CHECK(world.seen.size() == 2);
    CHECK(world.bench.target.order == std::vector<std::string>{"order-1", "order-2"});
    world.bench.start();
    world.bench.run();
    CHECK(world.seen.size() == 2);
    const std::int64_t nothing = world.post("backfill.stop", R"({"flow":"source"})");
    world.bench.run();
    CHECK(world.answer(nothing)["code"].text() == "backfill.none");
}

TEST_CASE("a backfill is stopped in the store where no engine runs", "[engine][demand]") {
    Archive world;
    world.throttle = true;
    world.start_backfill();
    world.bench.run();
    world.bench.engine.reset();
    const store::EngineRequest stop = Archive::wish("backfill.stop", R"({"flow":"source"})");
    const Result<std::string> stopped =
        execute_request(*world.bench.store, stop, world.bench.clock.now());
    REQUIRE(stopped);
    CHECK_THAT(*stopped, Contains(R"("state":"stopped")"));
    CHECK(world.stored().state == DemandState::Stopped);
    CHECK(execute_request(*world.bench.store, stop, world.bench.clock.now()).error().code ==
          "backfill.none");
}

TEST_CASE("polls go before a backfill, and a wait for the quota is no trouble",
          "[engine][demand]") {
    Archive world;
    world.start_backfill();
    world.bench.clock.advance(Milliseconds(300'000));  // the poll is due as well
    world.bench.run();
    REQUIRE(world.order.size() == 5);
    CHECK(world.order.front() == "api");

    world.throttle = true;
    world.start_backfill();
    for (int i = 0; i < 12; ++i) world.bench.run_after(Milliseconds(360'000));
    CHECK(world.bench.errors().empty());
    CHECK_FALSE(world.bench.status("source").trouble);
    CHECK(world.stored().running());
}

TEST_CASE("what the source cannot serve ends a backfill with its reason", "[engine][demand]") {
    Archive world;
    world.refusal = rejected("t.range", "nothing is kept that long");
    world.start_backfill();
    world.bench.run();
    const Demand failed = world.stored();
    CHECK(failed.state == DemandState::Failed);
    CHECK(failed.error.code == "t.range");
    CHECK(failed.error.message == "nothing is kept that long");
    CHECK(world.seen.size() == 1);
}

TEST_CASE("a backfill that cannot be is refused with the way out", "[engine][demand]") {
    Archive world;
    const auto refused = [&](const std::string& arguments) {
        const Result<DemandPlan> plan =
            plan_demand(world.bench.settings, Archive::wish("backfill.start", arguments),
                        world.bench.clock.now());
        return plan ? std::string("planned") : plan.error().code + ": " + plan.error().message;
    };
    CHECK_THAT(
        refused(R"({"flow":"sorce","from":"2026-11-02T00:00:00Z","to":"2026-11-03T00:00:00Z"})"),
        Contains("backfill.flow") && Contains("did you mean \"source\"?"));
    CHECK_THAT(
        refused(R"({"flow":"sink","from":"2026-11-02T00:00:00Z","to":"2026-11-03T00:00:00Z"})"),
        Contains("these can: source"));
    CHECK_THAT(
        refused(R"({"flow":"source","from":"2026-11-03T00:00:00Z","to":"2026-11-03T00:00:00Z"})"),
        Contains("backfill.range"));
    CHECK_THAT(
        refused(R"({"flow":"source","from":"2026-12-03T00:00:00Z","to":"2026-12-05T00:00:00Z"})"),
        Contains("backfill.range"));
    CHECK_THAT(
        refused(R"({"flow":"source","from":"2026-10-03T00:00:00Z","to":"2026-11-05T00:00:00Z"})"),
        Contains("backfill.before_start") && Contains("--before-start"));
    CHECK(
        refused(
            R"({"flow":"source","from":"2026-10-03T00:00:00Z","to":"2026-11-05T00:00:00Z","before_start":true})") ==
        "planned");
    CHECK_THAT(
        refused(
            R"({"flow":"source","from":"2026-11-03T00:00:00Z","to":"2026-11-05T00:00:00Z","marketplaces":["DE"]})"),
        Contains("reads no marketplace \"DE\"; it reads US"));
    CHECK_THAT(refused(R"({"flow":"source","from":"2026-11-03","to":"x"})"),
               Contains("request.arguments"));
    CHECK_THAT(
        refused(
            R"({"flow":"source","from":"2026-11-03T00:00:00Z","to":"2026-11-05T00:00:00Z","share":0})"),
        Contains("request.arguments"));
}

// ---- records by their keys ----

TEST_CASE("a sync fetches records now and says what became of each", "[engine][sync]") {
    Archive world;
    world.bench.target.answer = [](const std::string& id) {
        return id == "order-2" ? reply_failed(rejected("t.closed", "the period is closed"))
                               : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    const Json answer = world.sync(R"(["order-1","order-2","order-3"])");
    CHECK(answer["ok"] == Json(true));
    CHECK(answer["complete"] == Json(true));
    const Json& first = answer["records"][0];
    CHECK(first["state"].text() == "settled");
    CHECK(first["flows"][0]["flow"].text() == "sink");
    CHECK(first["flows"][0]["state"].text() == "done");
    CHECK(first["flows"][0]["ids"]["document"].text() == "1");
    const Json& second = answer["records"][1];
    CHECK(second["state"].text() == "failed");
    CHECK(second["flows"][0]["code"].text() == "t.closed");
    CHECK(second["flows"][0]["message"].text() == "the period is closed");
    CHECK(second["flows"][0]["error"].integer_if() == world.bench.errors().front().id);
    const Json& third = answer["records"][2];
    CHECK(third["state"].text() == "failed");
    CHECK(third["found"] == Json(false));
    CHECK(third["refused"][0]["code"].text() == "t.unknown");
}

TEST_CASE("a sync runs again what failed, and tells what was done earlier from what is new",
          "[engine][sync]") {
    Archive world;
    bool closed = true;
    world.bench.target.answer = [&](const std::string& id) {
        return closed && id == "order-2"
                   ? reply_failed(rejected("t.closed", "the period is closed"))
                   : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    (void)world.sync(R"(["order-1","order-2"])");
    REQUIRE(world.bench.errors().size() == 1);
    closed = false;
    const Json answer = world.sync(R"(["order-1","order-2"])");
    CHECK(answer["records"][0]["flows"][0]["state"].text() == "done");
    CHECK(answer["records"][0]["flows"][0]["earlier"] == Json(true));
    CHECK(answer["records"][0]["flows"][0]["ids"]["document"].text() == "1");
    CHECK(answer["records"][1]["flows"][0]["state"].text() == "done");
    CHECK_FALSE(answer["records"][1]["flows"][0].contains("earlier"));
    CHECK(world.bench.errors().empty());
    CHECK(world.bench.target.written.at("order-1").size() == 1);
}

TEST_CASE("a sync says what a record waits for, and looks again at once", "[engine][sync]") {
    Archive world;
    bool paid = false;
    world.bench.script().map = [&](sdk::Pure& pure, const sdk::Records& records,
                                   const sdk::Lookups&, const sdk::Ledger&) {
        for (const sdk::RecordView record : records)
            if (paid)
                pure.emit_payload(record,
                                  {.write = "document", .external_id = record.key, .body = "{}"});
            else
                pure.waiting(record, {.reason = "the payment"});
    };
    const Json waiting = world.sync(R"(["order-1"])");
    CHECK(waiting["records"][0]["state"].text() == "waiting");
    CHECK(waiting["records"][0]["flows"][0]["reason"].text() == "the payment");
    CHECK(waiting["records"][0]["flows"][0].contains("look_again_at"));
    paid = true;
    const Json done = world.sync(R"(["order-1"])");
    CHECK(done["records"][0]["state"].text() == "settled");
    CHECK(world.bench.target.order == std::vector<std::string>{"order-1"});
}

TEST_CASE("a record that a flow had nothing to write for is decided again when it is asked for",
          "[engine][sync]") {
    Archive world;
    world.bench.script().map = [](sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups&,
                                  const sdk::Ledger&) {
        for (const sdk::RecordView record : records) pure.skipped(record, "cancelled by the buyer");
    };
    (void)world.sync(R"(["order-1"])");
    const Json again = world.sync(R"(["order-1"])");
    CHECK(again["records"][0]["state"].text() == "settled");
    CHECK(again["records"][0]["flows"][0]["state"].text() == "skipped");
    CHECK(again["records"][0]["flows"][0]["reason"].text() == "cancelled by the buyer");
}

TEST_CASE("a sync whose time is up tells how far it is, and a second one waits for its turn",
          "[engine][sync]") {
    Archive world;
    world.throttle = true;
    const std::int64_t first =
        world.post("records.sync", R"({"noun":"order","wait_ms":0,"keys":["order-1"]})");
    const std::int64_t second =
        world.post("records.sync", R"({"noun":"order","wait_ms":0,"keys":["order-2"]})");
    world.bench.run();
    REQUIRE(world.bench.engine->poll_requests());
    const Json answer = world.answer(first);
    CHECK(answer["complete"] == Json(false));
    CHECK(answer["records"][0]["refused"][0]["code"].text() == "sync.no_answer");
    CHECK(world.answer(second).is_null());
    world.throttle = false;
    REQUIRE(world.bench.engine->poll_requests());
    world.bench.run_after(Milliseconds(360'000));
    REQUIRE(world.bench.engine->poll_requests());
    CHECK(world.answer(second)["records"][0]["state"].text() == "settled");
    // What the first had not got by its end came with the second.
    CHECK(world.bench.target.written.contains("order-1"));
}

TEST_CASE("a flow that stands still is told, and not waited for", "[engine][sync]") {
    Archive world;
    world.bench.target.answer = [](const std::string&) {
        return reply_failed(misconfigured("t.forbidden", "the role lacks a permission"));
    };
    const Json answer = world.sync(R"(["order-1"])");
    CHECK(answer["complete"] == Json(true));
    CHECK(answer["records"][0]["state"].text() == "failed");
    CHECK(answer["records"][0]["flows"][0]["state"].text() == "stopped");
    CHECK(answer["records"][0]["flows"][0]["code"].text() == "t.forbidden");
}

TEST_CASE("a sync for what nobody fetches, and of what is no id, is refused", "[engine][sync]") {
    Archive world;
    const auto code = [&](const std::string& arguments) {
        return plan_demand(world.bench.settings, Archive::wish("records.sync", arguments),
                           world.bench.clock.now())
            .error()
            .code;
    };
    CHECK(code(R"({"noun":"parcel","keys":["order-1"]})") == "sync.noun");
    CHECK(code(R"({"noun":"order","flow":"sink","keys":["order-1"]})") == "sync.flow");
    CHECK(code(R"({"noun":"order","keys":["order-x"]})") == "sync.key");
    CHECK(code(R"({"noun":"order","keys":[]})") == "request.arguments");
}
