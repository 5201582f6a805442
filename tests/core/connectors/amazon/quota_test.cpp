// SPDX-License-Identifier: Apache-2.0
// The quota among threads.
#include "core/connectors/amazon/quota.hpp"

#include "tests/core/connectors/amazon/amazon_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using namespace carrick::amazon;
using namespace carrick::testing;
using namespace std::chrono_literals;
using connectors::CallContext;
using connectors::Priority;

namespace {

const UsagePlan& search() {
    return *usage_plan("orders.searchOrders");
}
const UsagePlan& get() {
    return *usage_plan("orders.getOrder");
}

CallContext within(std::chrono::milliseconds span, Priority priority = Priority::Order) {
    CallContext context;
    context.deadline = std::chrono::steady_clock::now() + span;
    context.priority = priority;
    return context;
}

}  // namespace

TEST_CASE("a wait beyond the deadline is told at once, with when to come again", "[quota]") {
    StandingClock clock;
    Quota quota(clock);
    REQUIRE(quota.take(search(), within(20s)));
    const auto begin = std::chrono::steady_clock::now();
    const Result<void> second = quota.take(search(), within(20s));
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    REQUIRE_FALSE(second);
    CHECK(second.error().error_class == ErrorClass::Throttled);
    CHECK(second.error().code == "amazon.quota");
    // 1 / (0.0056 × 0.99) = 180.4 s
    CHECK(second.error().retry_after > 179s);
    CHECK(second.error().retry_after < 182s);
}

TEST_CASE("each operation has its own bucket", "[quota]") {
    StandingClock clock;
    Quota quota(clock);
    REQUIRE(quota.take(search(), within(20s)));
    CHECK(quota.take(get(), within(20s)));
}

TEST_CASE("waiting threads get their tokens as the clock moves, the urgent ones first", "[quota]") {
    VirtualClock clock;
    Quota quota(clock);
    REQUIRE(quota.take(search(), within(20s)));
    std::mutex mutex;
    std::vector<Priority> order;
    std::vector<std::thread> threads;
    std::atomic<std::size_t> begun{0};
    for (const Priority priority : {Priority::Backfill, Priority::Stock, Priority::Confirm}) {
        threads.emplace_back([&, priority] {
            ++begun;
            const Result<void> taken = quota.take(search(), within(60s, priority));
            const std::lock_guard lock(mutex);
            if (taken) order.push_back(priority);
        });
    }
    // All have begun; a tenth of a second later they wait, also on a busy machine.
    while (begun < 3) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(100ms);
    for (std::size_t expected = 1; expected <= 3; ++expected) {
        // The backfill's has to leave five tokens to others.
        clock.advance(expected < 3 ? 181s : 6 * 181s);
        for (int i = 0; i < 10'000; ++i) {
            {
                const std::lock_guard lock(mutex);
                if (order.size() >= expected) break;
            }
            std::this_thread::sleep_for(1ms);
        }
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(order == std::vector{Priority::Confirm, Priority::Stock, Priority::Backfill});
}

TEST_CASE("a cancelled wait ends within a moment and leaves its place", "[quota]") {
    StandingClock clock;
    Quota quota(clock);
    REQUIRE(quota.take(search(), within(20s)));
    std::atomic<bool> cancelled{false};
    CallContext context;
    context.cancelled = &cancelled;
    std::thread canceller([&] {
        std::this_thread::sleep_for(50ms);
        cancelled = true;
    });
    const auto begin = std::chrono::steady_clock::now();
    const Result<void> taken = quota.take(search(), context);
    canceller.join();
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == "amazon.cancelled");
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    quota.give_back(search());
    CHECK(quota.take(search(), within(20s)));
}

TEST_CASE("levels come back after a restart, a damaged or strange one is unknown", "[quota]") {
    StandingClock clock;
    Quota before(clock);
    REQUIRE(before.take(search(), within(20s)));
    clock.advance(10min);
    const std::vector<connectors::BucketLevel> levels = before.levels();
    REQUIRE(levels.size() == 1);
    CHECK(levels[0].bucket == "orders.searchOrders");
    // 0.0028 of reserve and 600 s × 0.0056 × 0.99 = 3.3264
    CHECK(levels[0].tokens == "3.329200000");

    Quota after(clock);
    const std::vector<connectors::BucketLevel> stored{
        levels[0], {"orders.getOrder", "many", clock.now()}, {"gone.operation", "5", clock.now()}};
    after.restore(stored);
    for (int i = 0; i < 3; ++i) CHECK(after.take(search(), within(20s)));
    CHECK_FALSE(after.take(search(), within(20s)));
    CHECK(after.take(get(), within(20s)));
    CHECK_FALSE(after.take(get(), within(20s)));
}

TEST_CASE("Amazon's own rate replaces the table's, unless it is nonsense", "[quota]") {
    StandingClock clock;
    Quota quota(clock);
    REQUIRE(quota.take(search(), within(20s)));
    for (const char* nonsense : {"", "0", "-1", "fast", "1e99", "99999"})
        quota.correct(search(), nonsense);
    CHECK(quota.take(search(), within(20s)).error().retry_after > 179s);
    quota.correct(search(), "0.1");
    CHECK(quota.take(search(), within(20s)).error().retry_after < 11s);
}

TEST_CASE("many threads together never get more than the bucket holds", "[quota]") {
    StandingClock clock;
    Quota quota(clock);
    const std::vector<connectors::BucketLevel> full{{"orders.getOrder", "30", clock.now()}};
    quota.restore(full);
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i)
                if (quota.take(get(), within(20s))) ++taken;
        });
    for (std::thread& thread : threads) thread.join();
    // The reserve of 0.25 tokens keeps the thirtieth back.
    CHECK(taken == 29);
}
