// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/quota.hpp"

#include <algorithm>

namespace carrick::amazon {
namespace {

using Steady = std::chrono::steady_clock;

constexpr Milliseconds kPoll{50};
constexpr std::int64_t kHighestRate = 10'000'000'000;  // 10,000 requests a second: not a rate

/// Half a second for the internet; on a clock that runs faster than the wall's, also what 20 ms of
/// this machine's time are on it.
Milliseconds travel_time(const Clock& clock) {
    constexpr Milliseconds kInternet{500};
    constexpr std::int64_t kMachine = 20;
    const Milliseconds hour = std::chrono::hours(1);
    const Milliseconds real_hour = clock.real_time_for(hour);
    if (real_hour.count() == 0) return kInternet;
    return std::max(kInternet, Milliseconds(kMachine * hour.count() / real_hour.count()));
}

}  // namespace

Quota::Quota(const Clock& clock) : clock_(clock), travel_(travel_time(clock)) {}

QuotaQueue& Quota::queue(const UsagePlan& plan) {
    const auto found = queues_.find(plan.operation);
    if (found != queues_.end()) return found->second;
    return queues_
        .emplace(plan.operation,
                 QuotaQueue(TokenBucket(plan.micro_per_second, plan.burst, travel_, clock_.now())))
        .first->second;
}

Result<void> Quota::take(const UsagePlan& plan, const connectors::CallContext& context) {
    std::unique_lock lock(mutex_);
    QuotaQueue& line = queue(plan);
    if (context.priority == connectors::Priority::Backfill)
        line.set_backfill_share(context.share, clock_.now());
    const QuotaQueue::Ticket ticket = line.join(context.priority);
    for (;;) {
        if (context.is_cancelled()) {
            line.leave(ticket);
            changed_.notify_all();
            return transient("amazon.cancelled", "stopped while waiting for Amazon's quota");
        }
        if (line.take(ticket, clock_.now())) {
            // Whoever is first now may have a token too.
            changed_.notify_all();
            return {};
        }
        const Milliseconds wait = line.wait_for(ticket, clock_.now());
        const auto now = Steady::now();
        const Milliseconds real = clock_.real_time_for(wait);
        if (now >= context.deadline || real > context.deadline - now) {
            line.leave(ticket);
            changed_.notify_all();
            return throttled("amazon.quota",
                             "Amazon's quota for " + std::string(plan.operation) + " is free in " +
                                 std::to_string((wait.count() + 999) / 1000) +
                                 " s, which is after this call's deadline; tried again then",
                             std::max(wait, Milliseconds(1)));
        }
        // Woken when the line moves; a clock driven by hand is looked at every millisecond.
        changed_.wait_for(lock, std::clamp(real, Milliseconds(1), kPoll));
    }
}

void Quota::give_back(const UsagePlan& plan) {
    const std::lock_guard lock(mutex_);
    queue(plan).bucket().give_back(clock_.now());
    changed_.notify_all();
}

Milliseconds Quota::drain(const UsagePlan& plan, Milliseconds retry_after) {
    const std::lock_guard lock(mutex_);
    const UtcTime now = clock_.now();
    TokenBucket& bucket = queue(plan).bucket();
    bucket.drain(retry_after, now);
    return bucket.wait_for(1, now);
}

void Quota::correct(const UsagePlan& plan, std::string_view rate_header) {
    if (rate_header.empty()) return;
    const Result<Decimal> rate = Decimal::parse_number_token(rate_header);
    if (!rate) return;
    const Result<Decimal> micro = rate->times(Decimal(1'000'000));
    if (!micro) return;
    const Result<Decimal> whole = micro->rounded(0);
    if (!whole || whole->coefficient() < 1 || whole->coefficient() > kHighestRate) return;
    const std::lock_guard lock(mutex_);
    QuotaQueue& line = queue(plan);
    const auto micro_per_second = static_cast<std::int64_t>(whole->coefficient());
    if (line.bucket().rate() == micro_per_second) return;
    line.set_rate(micro_per_second, clock_.now());
    changed_.notify_all();
}

std::vector<connectors::BucketLevel> Quota::levels() {
    const std::lock_guard lock(mutex_);
    const UtcTime now = clock_.now();
    std::vector<connectors::BucketLevel> levels;
    for (auto& [operation, line] : queues_)
        levels.push_back({std::string(operation), line.bucket().tokens(now).text(), now});
    return levels;
}

void Quota::restore(std::span<const connectors::BucketLevel> levels) {
    const std::lock_guard lock(mutex_);
    const UtcTime now = clock_.now();
    for (const connectors::BucketLevel& level : levels) {
        const UsagePlan* plan = usage_plan(level.bucket);
        const Result<Decimal> tokens = Decimal::parse(level.tokens);
        // A bucket of another version, or a damaged level: unknown, hence one token.
        if (plan == nullptr || !tokens) continue;
        queue(*plan).bucket().restore(*tokens, level.at, now);
    }
    changed_.notify_all();
}

}  // namespace carrick::amazon
