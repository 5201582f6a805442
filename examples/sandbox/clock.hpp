// SPDX-License-Identifier: Apache-2.0
// The sandbox's time: starts where the world says, runs at a chosen speed, can be pushed forward.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <chrono>
#include <mutex>

namespace carrick::sandbox {

/// A virtual clock. Quotas, token lives, order changes and visibility follow it; sockets do not.
/// Thread-safe. Speed 0 stands still (and is what a deterministic test wants).
class SandboxClock {
public:
    /// `speed_percent`: 100 is real time, 6000 is a minute a second. No double anywhere near time.
    explicit SandboxClock(UtcTime start, std::int64_t speed_percent = 100);

    [[nodiscard]] UtcTime now() const;
    [[nodiscard]] std::int64_t speed_percent() const;
    void set_speed_percent(std::int64_t percent);
    void advance(Milliseconds span);
    void set(UtcTime time);

private:
    [[nodiscard]] UtcTime now_locked() const;

    mutable std::mutex mutex_;
    UtcTime base_;
    std::chrono::steady_clock::time_point base_real_;
    std::int64_t speed_percent_;
};

}  // namespace carrick::sandbox
