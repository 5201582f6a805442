// SPDX-License-Identifier: Apache-2.0
// How many at once, who first, and how the window breathes.
#include "core/connectors/netsuite/concurrency_budget.hpp"
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using namespace carrick::connectors;
using carrick::connectors::netsuite::ConcurrencyBudget;
using namespace std::chrono_literals;
using Kind = ConcurrencyBudget::Kind;
using Answer = ConcurrencyBudget::Answer;

namespace {

/// A steady clock that a test moves.
std::atomic<std::int64_t> steady_ms{1'000'000};
ConcurrencyBudget::SteadyTime steady_now() {
    return ConcurrencyBudget::SteadyTime(std::chrono::milliseconds(steady_ms.load()));
}

CallContext context_of(std::string flow, Priority priority = Priority::Order) {
    CallContext context;
    context.flow = std::move(flow);
    context.priority = priority;
    context.deadline = std::chrono::steady_clock::now() + 60s;
    return context;
}

void answer(ConcurrencyBudget& budget, Answer how, std::int64_t took_ms = 100,
            Kind kind = Kind::Read) {
    const CallContext context = context_of("flow");
    auto slot = budget.acquire(context, kind);
    REQUIRE(slot.ok());
    steady_ms += took_ms;
    slot->finish(how);
}

/// Starts a waiter and returns when it waits.
std::thread waiter(ConcurrencyBudget& budget, const CallContext& context,
                   std::vector<std::string>& order, std::mutex& mutex) {
    const std::size_t before = budget.waiting();
    std::thread thread([&budget, context, &order, &mutex] {
        auto slot = budget.acquire(context, Kind::Write);
        const std::lock_guard lock(mutex);
        order.push_back(slot ? context.flow : "none");
    });
    while (budget.waiting() == before) std::this_thread::sleep_for(1ms);
    return thread;
}

}  // namespace

TEST_CASE("a refusal halves the window, good answers win it back slot by slot",
          "[netsuite][budget]") {
    ConcurrencyBudget budget(8, steady_now);
    CHECK(budget.window() == 8);
    answer(budget, Answer::Refused);
    CHECK(budget.window() == 4);
    answer(budget, Answer::Refused);
    CHECK(budget.window() == 2);
    for (int i = 0; i < 10; ++i) answer(budget, Answer::Refused);
    CHECK(budget.window() == 1);
    // From 1: the first good answer adds a whole slot, then about as many as the window is wide.
    answer(budget, Answer::Good);
    CHECK(budget.window() == 2);
    answer(budget, Answer::Good);
    answer(budget, Answer::Good);
    answer(budget, Answer::Good);
    CHECK(budget.window() == 3);
    for (int i = 0; i < 200; ++i) answer(budget, Answer::Good);
    CHECK(budget.window() == 8);
}

TEST_CASE("a burst of refusals is one refusal", "[netsuite][budget]") {
    ConcurrencyBudget budget(8, steady_now);
    const CallContext context = context_of("flow");
    std::vector<ConcurrencyBudget::Slot> slots;
    for (int i = 0; i < 8; ++i)
        slots.push_back(std::move(budget.acquire(context, Kind::Read)).value());
    steady_ms += 100;
    for (ConcurrencyBudget::Slot& slot : slots) slot.finish(Answer::Refused);
    CHECK(budget.window() == 4);
}

TEST_CASE("answers that become much slower narrow the window, each kind by its own measure",
          "[netsuite][budget]") {
    ConcurrencyBudget budget(8, steady_now);
    for (int i = 0; i < 20; ++i) answer(budget, Answer::Good, 800);
    // A write of five seconds is an ordinary write, however quick reads are.
    answer(budget, Answer::Good, 5000, Kind::Write);
    CHECK(budget.window() == 8);
    answer(budget, Answer::Good, 5000, Kind::Read);
    CHECK(budget.window() == 7);
    // Four times 100 ms is not slow: nobody minds 400 ms.
    ConcurrencyBudget quick(4, steady_now);
    for (int i = 0; i < 20; ++i) answer(quick, Answer::Good, 100);
    answer(quick, Answer::Good, 1500);
    CHECK(quick.window() == 4);
}

TEST_CASE("what tells nothing about the load changes nothing", "[netsuite][budget]") {
    ConcurrencyBudget budget(4, steady_now);
    answer(budget, Answer::Refused);
    for (int i = 0; i < 50; ++i) answer(budget, Answer::None);
    CHECK(budget.window() == 2);
    {
        const CallContext context = context_of("flow");
        auto forgotten = budget.acquire(context, Kind::Read);
        CHECK(budget.in_flight() == 1);
    }
    CHECK(budget.in_flight() == 0);
}

TEST_CASE("the more urgent goes first, then the flow with fewer slots, then who came first",
          "[netsuite][budget]") {
    ConcurrencyBudget budget(2);
    const CallContext busy = context_of("busy");
    auto first = std::move(budget.acquire(busy, Kind::Write)).value();
    auto second = std::move(budget.acquire(busy, Kind::Write)).value();
    std::vector<std::string> order;
    std::mutex mutex;
    std::vector<std::thread> waiters;
    waiters.push_back(waiter(budget, context_of("backfill", Priority::Backfill), order, mutex));
    waiters.push_back(waiter(budget, context_of("busy"), order, mutex));
    waiters.push_back(waiter(budget, context_of("idle-1"), order, mutex));
    waiters.push_back(waiter(budget, context_of("idle-2"), order, mutex));
    waiters.push_back(waiter(budget, context_of("confirm", Priority::Confirm), order, mutex));
    // One slot changes hands after the other; the second stays, so that "busy" holds one.
    first.finish(Answer::None);
    for (std::thread& thread : waiters) thread.join();
    CHECK(order == std::vector<std::string>{"confirm", "idle-1", "idle-2", "busy", "backfill"});
}

TEST_CASE("who has waited long enough overtakes", "[netsuite][budget]") {
    ConcurrencyBudget budget(1, steady_now);
    const CallContext busy = context_of("busy");
    auto held = std::move(budget.acquire(busy, Kind::Write)).value();
    std::vector<std::string> order;
    std::mutex mutex;
    std::thread old = waiter(budget, context_of("backfill", Priority::Backfill), order, mutex);
    steady_ms += 41'000;  // four priorities
    std::thread fresh = waiter(budget, context_of("order", Priority::Order), order, mutex);
    held.finish(Answer::None);
    old.join();
    fresh.join();
    CHECK(order == std::vector<std::string>{"backfill", "order"});
}

TEST_CASE("a waiter is throttled at its deadline and leaves when cancelled", "[netsuite][budget]") {
    ConcurrencyBudget budget(1);
    const CallContext busy = context_of("busy");
    auto held = budget.acquire(busy, Kind::Write);
    CallContext hurried = context_of("hurried");
    hurried.deadline = std::chrono::steady_clock::now() + 30ms;
    const auto late = budget.acquire(hurried, Kind::Write);
    REQUIRE_FALSE(late.ok());
    CHECK(late.error().error_class == ErrorClass::Throttled);
    CHECK(late.error().code == "netsuite.budget");
    CHECK(late.error().retry_after.count() > 0);

    std::atomic<bool> cancelled = false;
    CallContext stopped = context_of("stopped");
    stopped.cancelled = &cancelled;
    std::thread stop([&] {
        while (budget.waiting() == 0) std::this_thread::sleep_for(1ms);
        cancelled = true;
    });
    const auto gone = budget.acquire(stopped, Kind::Write);
    stop.join();
    REQUIRE_FALSE(gone.ok());
    CHECK(gone.error().code == "connector.cancelled");
}

TEST_CASE("many threads never exceed the window and all get their turn", "[netsuite][budget]") {
    ConcurrencyBudget budget(4);
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                const CallContext context =
                    context_of("flow-" + std::to_string(t % 3), static_cast<Priority>(t % 6));
                auto slot = budget.acquire(context, static_cast<Kind>(i % 3));
                if (!slot) continue;
                const int now = ++inside;
                int seen = most.load();
                while (now > seen && !most.compare_exchange_weak(seen, now)) {
                }
                std::this_thread::yield();
                --inside;
                slot->finish(i % 17 == 0 ? Answer::Refused : Answer::Good);
                ++done;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(done == 400);
    CHECK(most <= 4);
    CHECK(budget.in_flight() == 0);
}

TEST_CASE("the connection keeps to its window over all flows", "[netsuite][budget]") {
    using namespace carrick::testing;
    NetSuiteFixture erp;
    erp.options.concurrency = 2;
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    erp.answer([&](const http::HttpRequest&) {
        most = std::max<int>(most, ++inside);
        std::this_thread::sleep_for(2ms);
        --inside;
        return respond(200, R"({"id":"1"})");
    });
    erp.connection();
    const auto flow = [&](const std::string& name) {
        class Ignore final : public ReplyHandler {
        public:
            void on_reply(std::size_t, Reply) override {}
        } ignore;
        CallContext context = context_of(name);
        const std::vector<Request> requests(
            10, {"netsuite.records.get", R"({"record_type":"customer","id":"1"})"});
        erp.connection().call(requests, context, ignore);
    };
    std::thread one(flow, "orders");
    std::thread two(flow, "customers");
    one.join();
    two.join();
    CHECK(most <= 2);
    CHECK(erp.sent().size() == 20);
}

TEST_CASE("without a setting the account's own limit decides, less one for people",
          "[netsuite][budget]") {
    using namespace carrick::testing;
    NetSuiteFixture erp;
    erp.options.concurrency = 0;
    erp.answer([](const http::HttpRequest& request) {
        if (request.url.ends_with("/serverTime"))
            return respond(200, R"({"serverTime":"2026-11-23T10:00:00.000Z"})");
        return respond(200, R"({"accountConcurrencyLimit":5,"accountUnallocatedConcurrencyLimit":3,
            "integrationConcurrencyLimit":2,"integrationLimitType":"integrationSpecific"})");
    });
    REQUIRE(erp.connection().check(erp.context).ok());
    CHECK(erp.transport.count("/governanceLimits") == 1);
    // Who may not ask goes on with the default.
    NetSuiteFixture user;
    user.options.concurrency = 0;
    user.answer([](const http::HttpRequest& request) {
        if (request.url.ends_with("/serverTime"))
            return respond(200, R"({"serverTime":"2026-11-23T10:00:00.000Z"})");
        return error_reply(403, "INSUFFICIENT_PERMISSION", "Permission Violation");
    });
    CHECK(user.connection().check(user.context).ok());
}
