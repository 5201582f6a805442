// SPDX-License-Identifier: Apache-2.0
// CircuitBreaker: stops asking a system that is down, and finds out when it is back.
#pragma once

#include "core/base/clock.hpp"

#include <algorithm>
#include <mutex>

namespace carrick::connectors {

/// Closed: everything passes. After `failures` answers in a row that say "the system is down" it
/// opens: nothing passes for `pause`. Then one request passes as a probe; its success closes the
/// circuit, its failure opens it again for twice as long, up to `longest_pause`.
/// Thread-safe. Time is the Clock's, so a sandbox's fast clock shortens a pause too.
class CircuitBreaker {
public:
    struct Options {
        unsigned failures = 5;
        Milliseconds pause{std::chrono::seconds(10)};
        Milliseconds longest_pause{std::chrono::minutes(5)};
    };

    CircuitBreaker(const Clock& clock, const Options& options)
        : clock_(clock), options_(options), pause_(options.pause) {}
    explicit CircuitBreaker(const Clock& clock) : CircuitBreaker(clock, Options{}) {}

    /// 0: the request may pass (and must be followed by one of succeeded, failed, abandoned).
    /// Else how long to wait.
    [[nodiscard]] Milliseconds blocked_for() {
        const std::lock_guard lock(mutex_);
        if (failures_ < options_.failures) return Milliseconds(0);
        const UtcTime now = clock_.now();
        if (now < open_until_) return open_until_ - now;
        if (probing_) return options_.pause;
        probing_ = true;
        return Milliseconds(0);
    }

    /// The system answered, whatever it said about the request.
    void succeeded() {
        const std::lock_guard lock(mutex_);
        failures_ = 0;
        probing_ = false;
        pause_ = options_.pause;
    }

    /// No answer, or one that says that the system is down.
    void failed() {
        const std::lock_guard lock(mutex_);
        const bool was_open = failures_ >= options_.failures;
        failures_ = std::min(failures_ + 1, options_.failures);
        if (failures_ < options_.failures) return;
        // Requests that were already on their way when the circuit opened say nothing new.
        if (was_open && !probing_) return;
        if (was_open) pause_ = std::min(pause_ * 2, options_.longest_pause);
        probing_ = false;
        open_until_ = clock_.now() + pause_;
    }

    /// The request did not tell: it was cancelled, or never sent for a reason of ours.
    void abandoned() {
        const std::lock_guard lock(mutex_);
        probing_ = false;
    }

    [[nodiscard]] bool is_open() const {
        const std::lock_guard lock(mutex_);
        return failures_ >= options_.failures;
    }

private:
    const Clock& clock_;
    const Options options_;
    mutable std::mutex mutex_;
    unsigned failures_ = 0;
    bool probing_ = false;
    Milliseconds pause_;
    UtcTime open_until_;
};

}  // namespace carrick::connectors
