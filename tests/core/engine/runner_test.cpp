// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runner.hpp"

#include "tests/core/engine/kit.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;
using std::chrono::milliseconds;

namespace {

/// A door that a plugin waits behind, deaf to every cancellation.
class Door {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        waiting_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void await_visitor() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool waiting_ = false;
    bool open_ = false;
};

RunnerSettings quick() {
    RunnerSettings settings;
    settings.workers = 2;
    settings.request_poll = milliseconds(10);
    settings.watch = milliseconds(10);
    settings.grace = milliseconds(30);
    settings.stop_limit = milliseconds(20'000);
    settings.housekeeping = Milliseconds(0);
    return settings;
}

template <class Condition>
bool within_seconds(int seconds, Condition&& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(milliseconds(5));
    }
    return true;
}

}  // namespace

TEST_CASE("run --once ends by itself when all is settled", "[engine][runner]") {
    Bench bench;
    SystemClock clock;
    bench.settings.once = true;
    bench.emit({{"order-1"}, {"order-2"}});
    Engine engine(*bench.store, clock, bench.random, bench.settings);
    REQUIRE(engine.open());
    EngineRunner runner(engine, *bench.store, clock, quick());
    runner.start();
    REQUIRE(runner.wait_for(milliseconds(20'000)));
    const RunnerEnd end = runner.stop();
    CHECK(end.hung_calls == 0);
    CHECK_FALSE(end.fatal);
    CHECK(bench.target.order.size() == 2);
    for (const store::Run& run : bench.store->runs(10).value()) {
        CHECK(run.ended_at != UtcTime());
        CHECK(run.trigger == "once");
    }
}

TEST_CASE(
    "a hung plugin is held with an error, the other flows go on, a late answer is thrown away",
    "[engine][runner]") {
    Bench bench;
    SystemClock clock;
    Door door;
    bench.sink().timeout = Milliseconds(1'000);
    bench.script().deliver = [&](sdk::Call& call, const sdk::Records& records,
                                 const sdk::Payloads&) {
        door.pass();
        for (const sdk::RecordView record : records) call.done(record);
        return Result<void>();
    };
    bench.add_flow("other", "sink", kSinkRest, entry<&ScriptedSink::make>).from = {"source"};
    bench.settings.flows.back().roles["target"] = "erp";
    bench.emit({{"order-1"}});
    Engine engine(*bench.store, clock, bench.random, bench.settings);
    REQUIRE(engine.open());
    RunnerSettings settings = quick();
    settings.workers = 1;  // the only worker hangs: a replacement must do the rest
    EngineRunner runner(engine, *bench.store, clock, settings);
    runner.start();
    door.await_visitor();
    const auto held = [&] {
        for (const InstanceStatus& status : engine.status())
            if (status.name.flow == "sink" && status.hung) return true;
        return false;
    };
    REQUIRE(within_seconds(30, held));
    CHECK(within_seconds(30, [&] { return bench.counts("other").done == 1; }));
    REQUIRE(bench.errors().size() == 1);
    CHECK(bench.errors()[0].code == "engine.hung_plugin");
    door.open();
    CHECK(runner.stop().hung_calls == 0);
    CHECK(bench.counts("sink").done == 0);
}

TEST_CASE("stop cancels running calls, commits what is known and leaves the rest where it was",
          "[engine][runner]") {
    Bench bench;
    SystemClock clock;
    bench.sink().batch = 2;
    std::atomic<bool> begun{false};
    bench.script().deliver = [&](sdk::Call& call, const sdk::Records&, const sdk::Payloads&) {
        call.done(0U);
        begun = true;
        while (!call.cancelled()) std::this_thread::sleep_for(milliseconds(1));
        return Result<void>();
    };
    bench.emit({{"finished"}, {"not attempted"}});
    Engine engine(*bench.store, clock, bench.random, bench.settings);
    REQUIRE(engine.open());
    EngineRunner runner(engine, *bench.store, clock, quick());
    runner.start();
    REQUIRE(within_seconds(30, [&] { return begun.load(); }));
    const auto before = std::chrono::steady_clock::now();
    CHECK(runner.stop().hung_calls == 0);
    CHECK(std::chrono::steady_clock::now() - before < milliseconds(10'000));
    CHECK(bench.counts("sink").done == 1);
    CHECK(bench.counts("sink").failed == 0);

    bench.script().deliver = {};
    bench.start();
    bench.run();
    CHECK(bench.target.order == std::vector<std::string>{"not attempted"});
}

TEST_CASE("requests are taken up between pages while workers run", "[engine][runner][requests]") {
    Bench bench;
    SystemClock clock;
    std::atomic<bool> closed{true};
    bench.target.answer = [&](const std::string&) {
        return closed ? reply_failed(rejected("t.closed", "period closed"))
                      : connectors::Reply{connectors::ReplyStatus::Ok, "{}", {}};
    };
    bench.emit({{"order-1"}});
    Engine engine(*bench.store, clock, bench.random, bench.settings);
    REQUIRE(engine.open());
    EngineRunner runner(engine, *bench.store, clock, quick());
    runner.start();
    REQUIRE(within_seconds(30, [&] { return bench.errors().size() == 1; }));
    closed = false;
    store::EngineRequest wish;
    wish.kind = "errors.retry";
    wish.arguments = R"({"id":1})";
    wish.who = "ops";
    const std::int64_t id = bench.store->post_request(wish).value();
    CHECK(within_seconds(30, [&] { return bench.store->request(id).value()->answered; }));
    CHECK(within_seconds(30, [&] { return bench.counts("sink").done == 1; }));
    CHECK(runner.stop().hung_calls == 0);
}
