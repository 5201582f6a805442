// SPDX-License-Identifier: Apache-2.0
// The seams through which the engine meets time and chance, so that a test can be both.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <cstdint>

namespace carrick {

/// Business time: schedules, quotas, token lives. Socket deadlines use the steady clock instead.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UtcTime now() const = 0;
    /// How long a thread must really sleep for `span` of this clock to pass (a sandbox's clock may
    /// run faster than the wall's). Never negative.
    [[nodiscard]] virtual Milliseconds real_time_for(Milliseconds span) const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    [[nodiscard]] UtcTime now() const override;
    [[nodiscard]] Milliseconds real_time_for(Milliseconds span) const override;
};

/// A source of chance (jitter, nonces of no secrecy). Thread-safe.
class Random {
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual std::uint64_t next() = 0;
    /// Uniform in [0, bound); 0 for a bound of 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) {
        return bound == 0 ? 0 : next() % bound;
    }
};

/// Seeded from the system.
class SystemRandom final : public Random {
public:
    [[nodiscard]] std::uint64_t next() override;
};

}  // namespace carrick
