// SPDX-License-Identifier: Apache-2.0
// FollowingClock: the sandbox's clock, for `--test-clock sandbox`. Schedules, quotas and token
// lives follow it; socket deadlines stay on the machine's own clock.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/http/http_transport.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

namespace carrick::app {

/// Reads GET <url> = {"now": ISO time, "speed_percent": n} once a second and runs on in between.
/// Time never goes back, because stored schedules would.
class FollowingClock final : public Clock {
public:
    FollowingClock(http::HttpTransport& transport, std::string url);
    ~FollowingClock() override;
    FollowingClock(const FollowingClock&) = delete;
    FollowingClock& operator=(const FollowingClock&) = delete;

    /// The first reading. Errors: Misconfigured `clock.sandbox` where nothing answers.
    [[nodiscard]] Result<void> start();

    [[nodiscard]] UtcTime now() const override;
    [[nodiscard]] Milliseconds real_time_for(Milliseconds span) const override;

private:
    using Steady = std::chrono::steady_clock;
    [[nodiscard]] Result<void> read();
    void follow();

    http::HttpTransport& transport_;
    std::string url_;
    mutable std::mutex mutex_;
    UtcTime base_;
    Steady::time_point base_real_;
    std::int64_t speed_percent_ = 100;
    mutable UtcTime latest_;
    std::atomic<bool> stopping_{false};
    std::thread follower_;
};

}  // namespace carrick::app
