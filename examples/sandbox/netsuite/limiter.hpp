// SPDX-License-Identifier: Apache-2.0
// Concurrency governance: so many requests in flight, the rest is rejected at once.
#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string_view>

namespace carrick::sandbox::netsuite {

/// A request holds its slot while it is handled and for the delay its answer is given (wall time).
/// Thread-safe.
class ConcurrencyLimiter {
public:
    using Instant = std::chrono::steady_clock::time_point;

    /// Takes a slot; false when `limit` are taken.
    [[nodiscard]] bool enter(std::size_t limit, Instant now);
    /// The handling has ended; the slot stays taken until `free_at`.
    void leave(Instant free_at);
    [[nodiscard]] std::size_t rejected() const;
    [[nodiscard]] std::size_t highest() const;

private:
    mutable std::mutex mutex_;
    std::size_t handling_ = 0;
    std::multiset<Instant> held_;
    std::size_t rejected_ = 0;
    std::size_t highest_ = 0;
};

/// What an operation typically takes ("salesOrder.create": 2500 ms), scaled in percent.
/// Source: netsuite.md e.3, all uncertain.
[[nodiscard]] std::chrono::milliseconds typical_latency(std::string_view operation,
                                                        std::int64_t percent);

}  // namespace carrick::sandbox::netsuite
