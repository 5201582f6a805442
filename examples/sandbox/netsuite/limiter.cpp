// SPDX-License-Identifier: Apache-2.0
// Slots and latencies.
#include "examples/sandbox/netsuite/limiter.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite {

bool ConcurrencyLimiter::enter(std::size_t limit, Instant now) {
    const std::lock_guard lock(mutex_);
    held_.erase(held_.begin(), held_.upper_bound(now));
    if (handling_ + held_.size() >= limit) {
        ++rejected_;
        return false;
    }
    ++handling_;
    highest_ = std::max(highest_, handling_ + held_.size());
    return true;
}

void ConcurrencyLimiter::leave(Instant free_at) {
    const std::lock_guard lock(mutex_);
    --handling_;
    held_.insert(free_at);
}

std::size_t ConcurrencyLimiter::rejected() const {
    const std::lock_guard lock(mutex_);
    return rejected_;
}

std::size_t ConcurrencyLimiter::highest() const {
    const std::lock_guard lock(mutex_);
    return highest_;
}

std::chrono::milliseconds typical_latency(std::string_view operation, std::int64_t percent) {
    struct Row {
        std::string_view suffix;
        std::int64_t milliseconds;
    };
    constexpr Row kRows[] = {{"token", 400},
                             {"suiteql", 600},
                             {"salesOrder.create", 2500},
                             {"salesOrder.upsert", 2500},
                             {"salesOrder.update", 2500},
                             {"customer.create", 1400},
                             {"customer.upsert", 1400}};
    std::int64_t milliseconds = 600;
    for (const Row& row : kRows)
        if (row.suffix == operation) milliseconds = row.milliseconds;
    return std::chrono::milliseconds(milliseconds * percent / 100);
}

}  // namespace carrick::sandbox::netsuite
