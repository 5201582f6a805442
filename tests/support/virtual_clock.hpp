// SPDX-License-Identifier: Apache-2.0
// Time and chance in the hands of a test.
#pragma once

#include "core/base/clock.hpp"

#include <atomic>
#include <mutex>
#include <random>

namespace carrick::testing {

/// A clock that moves only when told to.
class VirtualClock final : public Clock {
public:
    explicit VirtualClock(std::string_view start = "2026-11-23T10:00:00Z")
        : now_(UtcTime::parse(start).value().milliseconds()) {}

    [[nodiscard]] UtcTime now() const override { return UtcTime(now_.load()); }
    [[nodiscard]] Milliseconds real_time_for(Milliseconds) const override {
        return Milliseconds(0);
    }
    void advance(Milliseconds span) { now_ += span.count(); }
    void advance_to(UtcTime time) {
        if (time > now()) now_ = time.milliseconds();
    }

private:
    std::atomic<std::int64_t> now_;
};

/// The same seed gives the same numbers, on every machine.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    [[nodiscard]] std::uint64_t next() override {
        const std::lock_guard lock(mutex_);
        return engine_();
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

}  // namespace carrick::testing
