// SPDX-License-Identifier: Apache-2.0
// Requests: what the user is told has happened, whatever the store does meanwhile.
#include "core/engine/requests.hpp"

#include "core/base/failpoint.hpp"
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

namespace {

constexpr const char* kOneRetried = R"({"ok":true,"retried":1,"released":0})";

/// One order stands in the error queue, and the period that it failed on is open again.
struct FailedOrder {
    FailedOrder() {
        bench.target.answer = [this](const std::string&) {
            return closed ? reply_failed(rejected("t.closed", "period closed"))
                          : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
        };
        bench.emit({{"order-1"}});
        bench.run();
        REQUIRE(bench.errors().size() == 1);
        closed = false;
    }
    ~FailedOrder() { failpoint::disarm_all(); }
    FailedOrder(const FailedOrder&) = delete;
    FailedOrder& operator=(const FailedOrder&) = delete;

    std::int64_t post(const std::string& arguments = R"({"id":1})") {
        store::EngineRequest wish;
        wish.kind = "errors.retry";
        wish.arguments = arguments;
        wish.who = "ops";
        wish.at = bench.clock.now();
        return bench.store->post_request(wish).value();
    }
    void poll() {
        REQUIRE(bench.engine->poll_requests());
        bench.run();
    }
    [[nodiscard]] std::string answer(std::int64_t id) {
        const auto request = bench.store->request(id).value();
        REQUIRE(request);
        return request->answered ? request->answer : "";
    }

    Bench bench;
    bool closed = true;
};

store::InstanceState sink_of(Bench& bench) {
    return bench.store->load_instance({"sink", "NA1", "US"}).value();
}

}  // namespace

TEST_CASE("a retry that the store refuses is not answered, and is carried out when it may be",
          "[engine][requests]") {
    FailedOrder world;
    bool refuse = true;
    failpoint::arm("store.before_commit", [&] {
        if (refuse) throw std::bad_alloc();
    });
    failpoint::arm("store.before_try", [&] {
        if (refuse) throw std::bad_alloc();
    });
    const std::int64_t id = world.post();
    world.poll();
    CHECK(world.bench.engine->store_outage()->code == "store.memory");
    CHECK(world.answer(id).empty());
    world.bench.clock.advance(Milliseconds(600'000));
    world.poll();
    CHECK(world.answer(id).empty());
    CHECK(world.bench.errors().size() == 1);

    refuse = false;
    world.bench.run_after(Milliseconds(60'000));
    world.poll();
    CHECK(world.answer(id) == kOneRetried);
    CHECK(world.bench.target.order == std::vector<std::string>{"order-1"});
    CHECK(world.bench.errors().empty());
}

TEST_CASE(
    "a retry that meets an instance about to be loaded again is not forgotten with its memory",
    "[engine][requests]") {
    FailedOrder world;
    Bench& bench = world.bench;
    // As after a commit whose answer was lost: the store stands one commit further than memory.
    const store::InstanceState state = sink_of(bench);
    store::Commit lost;
    lost.instance = state.number;
    lost.epoch = bench.store->epoch();
    lost.expected_commit = state.last_commit;
    REQUIRE(bench.store->commit(lost));
    bench.emit({{"order-2"}});
    bench.run_after(Milliseconds(300'000));  // the sink's commit is refused; it loads in a second

    const std::int64_t id = world.post();
    world.poll();
    CHECK(world.answer(id) == kOneRetried);
    bench.run_after(Milliseconds(2'000));
    CHECK(bench.target.written.at("order-1").size() == 1);
    CHECK(bench.errors().empty());
    CHECK(bench.counts("sink").done == 2);
}

TEST_CASE("a crash between a retry and its answer answers with what was done, not with \"nothing\"",
          "[engine][requests]") {
    FailedOrder world;
    Bench& bench = world.bench;
    const std::int64_t id = world.post();
    const RequestPlan plan =
        plan_request(*bench.store, bench.store->request(id).value().value()).value();
    bench.engine.reset();
    for (const auto& [name, part] : plan.parts)
        REQUIRE(
            carry_out_in_store(*bench.store, id, name, part, plan.resolution, bench.clock.now()));
    CHECK(bench.errors().empty());
    CHECK(world.answer(id).empty());

    bench.start();
    world.poll();
    CHECK(world.answer(id) == kOneRetried);
    CHECK(bench.target.order == std::vector<std::string>{"order-1"});
}

TEST_CASE(
    "two retries of one error: the first has released it, the second says that nothing is left",
    "[engine][requests]") {
    FailedOrder world;
    const std::int64_t first = world.post();
    const std::int64_t second = world.post();
    world.poll();
    CHECK(world.answer(first) == kOneRetried);
    CHECK(world.answer(second).find("request.nothing") != std::string::npos);
    CHECK(world.bench.target.order.size() == 1);
}

TEST_CASE("a retry of an error whose order has a newer version on its way says so",
          "[engine][requests]") {
    FailedOrder world;
    Bench& bench = world.bench;
    bench.target.answer = [](const std::string&) {
        return reply_failed(transient("t.away", "the target is away"));
    };
    bench.emit({{"order-1", 2}});
    bench.run_after(Milliseconds(300'000));
    REQUIRE(bench.status("sink").retrying == 1);
    REQUIRE(bench.errors().size() == 1);
    const std::int64_t id = world.post();
    world.poll();
    const Json answer = Json::parse(world.answer(id)).value();
    CHECK(answer["ok"] == Json(false));
    CHECK(answer["code"].text() == "request.nothing");
    CHECK(answer["message"].text().find("a newer version") != std::string::npos);
    // With no engine running it is the same.
    bench.engine.reset();
    store::EngineRequest wish;
    wish.kind = "errors.retry";
    wish.arguments = R"({"id":1})";
    CHECK(execute_request(*bench.store, wish, bench.clock.now())->find("request.nothing") !=
          std::string::npos);
}

TEST_CASE("a retry reaches records of a flow that this engine does not run", "[engine][requests]") {
    FailedOrder world;
    Bench& bench = world.bench;
    bench.engine.reset();
    const std::vector<FlowSpec> flows = bench.settings.flows;
    bench.settings.flows.pop_back();
    bench.start();
    const std::int64_t id = world.post();
    world.poll();
    CHECK(world.answer(id) == kOneRetried);
    bench.settings.flows = flows;
    bench.start();
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"order-1"});
}

TEST_CASE("a retry that releases a stopped flow counts it, though no record stood in the queue",
          "[engine][requests]") {
    Bench bench;
    bool allowed = false;
    bench.target.answer = [&](const std::string&) {
        return allowed ? connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}}
                       : reply_failed(misconfigured("t.forbidden", "the role lacks a permission"));
    };
    bench.emit({{"order-1"}});
    bench.run();
    REQUIRE(bench.status("sink").hold);
    allowed = true;
    store::EngineRequest wish;
    wish.kind = "errors.retry";
    wish.arguments = R"({"flow":"sink"})";
    const std::int64_t id = bench.store->post_request(wish).value();
    REQUIRE(bench.engine->poll_requests());
    bench.run();
    CHECK(bench.store->request(id).value()->answer == R"({"ok":true,"retried":0,"released":1})");
    CHECK(bench.counts("sink").done == 1);
}
