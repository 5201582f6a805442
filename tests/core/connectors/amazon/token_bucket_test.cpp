// SPDX-License-Identifier: Apache-2.0
// The quota, by hand and by a thousand seeds.
#include "core/connectors/amazon/token_bucket.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <random>

using namespace carrick;
using namespace carrick::amazon;
using namespace std::chrono_literals;
using connectors::Priority;

namespace {
const UtcTime kStart = UtcTime::parse("2026-11-23T10:00:00Z").value();
Decimal tokens(const char* text) {
    return Decimal::parse(text).value();
}
}  // namespace

TEST_CASE("a bucket of unknown level gives one token, then fills at 99 % of the rate", "[bucket]") {
    TokenBucket bucket(500'000, 30, 0ms, kStart);  // one in two seconds
    CHECK(bucket.take(kStart));
    CHECK_FALSE(bucket.take(kStart));
    // 1 / (0.5 × 0.99) = 2.0202 s
    CHECK(bucket.wait_for(1, kStart) == 2021ms);
    CHECK_FALSE(bucket.take(kStart + 2020ms));
    CHECK(bucket.take(kStart + 2021ms));
}

TEST_CASE("a bucket never holds more than its burst", "[bucket]") {
    TokenBucket bucket(500'000, 30, 0ms, kStart);
    const UtcTime later = kStart + 48h;
    CHECK(bucket.tokens(later) == tokens("30"));
    int taken = 0;
    while (bucket.take(later)) ++taken;
    CHECK(taken == 30);
}

TEST_CASE("nothing is rounded: a day of milliseconds gives what one step gives", "[bucket]") {
    TokenBucket fine(5'600, 20, 0ms, kStart);
    TokenBucket coarse(5'600, 20, 0ms, kStart);
    REQUIRE(fine.take(kStart));
    REQUIRE(coarse.take(kStart));
    for (int i = 1; i <= 100'000; ++i) (void)fine.tokens(kStart + Milliseconds(i));
    // 100 s × 0.0056 × 0.99
    CHECK(fine.tokens(kStart + 100s) == tokens("0.5544"));
    CHECK(coarse.tokens(kStart + 100s) == tokens("0.5544"));
}

TEST_CASE("a clock that is set back neither fills nor empties", "[bucket]") {
    TokenBucket bucket(1'000'000, 10, 0ms, kStart);
    REQUIRE(bucket.take(kStart));
    CHECK(bucket.tokens(kStart - 1h) == tokens("0"));
    CHECK(bucket.tokens(kStart - 1h + 1s) == tokens("0.99"));
}

TEST_CASE("after a refusal the bucket is empty, and closed for as long as Amazon says",
          "[bucket]") {
    TokenBucket bucket(1'000'000, 10, 0ms, kStart);
    const UtcTime full = kStart + 1h;
    bucket.drain(0ms, full);
    CHECK(bucket.wait_for(1, full) == 1011ms);
    bucket.drain(7s, full);
    CHECK(bucket.wait_for(1, full) == 7s);
    CHECK_FALSE(bucket.take(full + 6999ms));
    CHECK(bucket.take(full + 7s));
}

TEST_CASE("a level survives a restart, and time in between fills it", "[bucket]") {
    TokenBucket before(500'000, 30, 0ms, kStart);
    const Decimal level = before.tokens(kStart + 10s);  // 1 + 4.95
    CHECK(level == tokens("5.95"));
    TokenBucket after(500'000, 30, 0ms, kStart + 20s);
    after.restore(level, kStart + 10s, kStart + 20s);
    CHECK(after.tokens(kStart + 20s) == tokens("10.9"));
    after.restore(tokens("999"), kStart, kStart + 20s);
    CHECK(after.tokens(kStart + 20s) == tokens("30"));
    // Written by a clock ahead of ours.
    after.restore(tokens("2"), kStart + 1h, kStart + 20s);
    CHECK(after.tokens(kStart + 20s) == tokens("2"));
}

TEST_CASE("a corrected rate counts from the correction on", "[bucket]") {
    TokenBucket bucket(1'000'000, 100, 0ms, kStart);
    REQUIRE(bucket.take(kStart));
    bucket.set_rate(2'000'000, kStart + 10s);
    CHECK(bucket.tokens(kStart + 20s) == tokens("29.7"));  // 9.9 + 19.8
}

TEST_CASE("the more urgent goes first, and among equals who came first", "[queue]") {
    QuotaQueue queue(TokenBucket(1'000'000, 10, 0ms, kStart));
    const auto backfill = queue.join(Priority::Backfill);
    const auto order_1 = queue.join(Priority::Order);
    const auto order_2 = queue.join(Priority::Order);
    const auto confirm = queue.join(Priority::Confirm);
    UtcTime now = kStart;
    for (const auto& ticket : {confirm, order_1, order_2, backfill}) {
        for (const auto& other : {backfill, order_2, order_1, confirm})
            if (other > ticket) CHECK_FALSE(queue.take(other, now));
        CHECK(queue.take(ticket, now));
        now = now + 2s;
    }
}

TEST_CASE("the wait of one in the queue counts those ahead", "[queue]") {
    QuotaQueue queue(TokenBucket(1'000'000, 10, 0ms, kStart));
    const auto first = queue.join(Priority::Order);
    const auto second = queue.join(Priority::Order);
    const auto third = queue.join(Priority::Backfill);
    CHECK(queue.wait_for(first, kStart) == 0ms);
    CHECK(queue.wait_for(second, kStart) == 1011ms);
    CHECK(queue.wait_for(third, kStart) == 2021ms);
    queue.leave(first);
    CHECK(queue.wait_for(second, kStart) == 0ms);
}

// Amazon's bucket, as its documentation describes it, judges what ours lets through: requests
// leave when ours says so and arrive up to `travel` later, each on its own.
TEST_CASE("in a thousand interleavings Amazon never refuses, and 95 % of the quota is used",
          "[queue][property]") {
    struct Plan {
        std::int64_t micro_per_second;
        std::int64_t burst;
    };
    constexpr Plan kPlans[] = {{5'600, 20}, {16'700, 15}, {500'000, 30}, {2'000'000, 10}};
    constexpr Milliseconds kTravel{500};
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        std::mt19937_64 random(seed);
        const Plan plan = kPlans[seed % std::size(kPlans)];
        // Under load for 400 tokens' time.
        const Milliseconds span(std::int64_t{400} * 1'000'000'000 / plan.micro_per_second);
        QuotaQueue queue(TokenBucket(plan.micro_per_second, plan.burst, kTravel, kStart));
        std::vector<QuotaQueue::Ticket> waiting;
        std::vector<UtcTime> arrivals;
        int out_of_turn = 0;
        UtcTime now = kStart;
        while (now < kStart + span) {
            // Always somebody waits; at times many come, and some give up.
            while (waiting.size() < 1 + random() % 6)
                waiting.push_back(queue.join(static_cast<Priority>(random() % 6)));
            if (random() % 20 == 0) {
                queue.leave(waiting.back());
                waiting.pop_back();
                continue;
            }
            const auto urgent = std::min_element(waiting.begin(), waiting.end());
            for (const auto& ticket : waiting)
                if (ticket != *urgent && queue.take(ticket, now)) ++out_of_turn;
            const Milliseconds wait = queue.wait_for(*urgent, now);
            if (wait == 0ms && queue.take(*urgent, now)) {
                arrivals.push_back(now + Milliseconds(static_cast<std::int64_t>(random() % 500)));
                waiting.erase(urgent);
                continue;
            }
            // Threads wake when they can, not when they should.
            now = now + wait + Milliseconds(static_cast<std::int64_t>(random() % 20));
        }
        std::sort(arrivals.begin(), arrivals.end());
        std::int64_t level = plan.burst * TokenBucket::kToken;
        UtcTime at = kStart;
        int refused = 0;
        for (const UtcTime arrival : arrivals) {
            level = std::min(plan.burst * TokenBucket::kToken,
                             level + plan.micro_per_second * (arrival - at).count());
            at = arrival;
            if (level < TokenBucket::kToken)
                ++refused;
            else
                level -= TokenBucket::kToken;
        }
        INFO("seed " << seed);
        REQUIRE(out_of_turn == 0);
        REQUIRE(refused == 0);
        REQUIRE(arrivals.size() >= 380);  // 95 % of 400
    }
}

TEST_CASE("with a known full bucket no window holds more than burst and rate allow",
          "[bucket][property]") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        std::mt19937_64 random(seed);
        constexpr std::int64_t kRate = 500'000;
        constexpr std::int64_t kBurst = 30;
        TokenBucket bucket(kRate, kBurst, 500ms, kStart);
        bucket.restore(tokens("30"), kStart, kStart);
        std::deque<UtcTime> sent;
        UtcTime now = kStart;
        for (int i = 0; i < 2000; ++i) {
            now = now + Milliseconds(
                            static_cast<std::int64_t>(random() % (i % 100 == 0 ? 60'000 : 1'000)));
            while (bucket.take(now)) sent.push_back(now);
        }
        int above = 0;
        for (std::size_t i = 0; i < sent.size(); ++i)
            for (std::size_t j = i; j < std::min(sent.size(), i + 200); ++j) {
                const std::int64_t allowed =
                    kBurst * TokenBucket::kToken + kRate * (sent[j] - sent[i]).count();
                if (static_cast<std::int64_t>(j - i + 1) * TokenBucket::kToken > allowed) ++above;
            }
        INFO("seed " << seed);
        REQUIRE(sent.size() > 400);
        REQUIRE(above == 0);
    }
}

TEST_CASE("a backfill leaves a quarter of the burst to the others at any time", "[queue]") {
    // The bucket of searchOrders, full: 20 tokens.
    UtcTime now(0);
    QuotaQueue queue(TokenBucket(5'600, 20, 500ms, now));
    now = now + std::chrono::hours(2);
    queue.set_backfill_share(100, now);
    now = now + std::chrono::hours(2);
    int taken = 0;
    for (;; ++taken) {
        const QuotaQueue::Ticket ticket = queue.join(connectors::Priority::Backfill);
        if (queue.take(ticket, now)) continue;
        queue.leave(ticket);
        break;
    }
    // 20 tokens, of which 5 and the small reserve for travel stay.
    CHECK(taken == 14);
    for (int i = 0; i < 5; ++i) CHECK(queue.take(queue.join(connectors::Priority::Order), now));
}

TEST_CASE("a backfill gets its share of the rate and no more, even where nobody else wants any",
          "[queue]") {
    UtcTime now(0);
    QuotaQueue queue(TokenBucket(5'600, 20, 500ms, now));
    now = now + std::chrono::hours(2);
    queue.set_backfill_share(50, now);
    int taken = 0;
    // Ten hours: half of 0.0056 a second is 100 in ten hours, at 99 %.
    for (int minute = 0; minute < 600; ++minute) {
        now = now + std::chrono::minutes(1);
        const QuotaQueue::Ticket ticket = queue.join(connectors::Priority::Backfill);
        if (queue.take(ticket, now))
            ++taken;
        else
            queue.leave(ticket);
    }
    CHECK(taken >= 90);
    CHECK(taken <= 101);
}

TEST_CASE("the wait of a backfill is told, and taking follows it", "[queue]") {
    UtcTime now(0);
    QuotaQueue queue(TokenBucket(5'600, 20, 500ms, now));
    queue.set_backfill_share(50, now);
    const QuotaQueue::Ticket ticket = queue.join(connectors::Priority::Backfill);
    // One token is there at a start; five more, at 180 s each, must be before a backfill gets one.
    const Milliseconds wait = queue.wait_for(ticket, now);
    CHECK(wait > std::chrono::minutes(14));
    CHECK(wait < std::chrono::minutes(16));
    CHECK_FALSE(queue.take(ticket, now + wait - Milliseconds(1)));
    CHECK(queue.take(ticket, now + wait));
}

TEST_CASE("a corrected rate corrects the share of a backfill too", "[queue]") {
    UtcTime now(0);
    QuotaQueue queue(TokenBucket(5'600, 20, 500ms, now));
    queue.set_backfill_share(50, now);
    now = now + std::chrono::hours(2);
    const auto next = [&] {
        const QuotaQueue::Ticket ticket = queue.join(connectors::Priority::Backfill);
        if (queue.take(ticket, now)) return Milliseconds(0);
        const Milliseconds wait = queue.wait_for(ticket, now);
        queue.leave(ticket);
        return wait;
    };
    // Down to the last token, for which the small reserve is missing, and a second later that too.
    for (int i = 0; i < 2; ++i) {
        while (next() == Milliseconds(0)) {
        }
        now = now + 1s;
    }
    const Milliseconds slow = next();
    CHECK(slow > std::chrono::minutes(5));
    queue.set_rate(56'000, now);
    CHECK(next() < slow / 9);
}
