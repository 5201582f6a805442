// SPDX-License-Identifier: Apache-2.0
// The sandbox's time.
#include "examples/sandbox/clock.hpp"

namespace carrick::sandbox {

SandboxClock::SandboxClock(UtcTime start, std::int64_t speed_percent)
    : base_(start), base_real_(std::chrono::steady_clock::now()), speed_percent_(speed_percent) {}

UtcTime SandboxClock::now_locked() const {
    const auto real = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - base_real_);
    return base_ + Milliseconds(real.count() * speed_percent_ / 100);
}

UtcTime SandboxClock::now() const {
    const std::lock_guard lock(mutex_);
    return now_locked();
}

std::int64_t SandboxClock::speed_percent() const {
    const std::lock_guard lock(mutex_);
    return speed_percent_;
}

void SandboxClock::set_speed_percent(std::int64_t percent) {
    const std::lock_guard lock(mutex_);
    base_ = now_locked();
    base_real_ = std::chrono::steady_clock::now();
    speed_percent_ = percent;
}

void SandboxClock::advance(Milliseconds span) {
    const std::lock_guard lock(mutex_);
    base_ = base_ + span;
}

void SandboxClock::set(UtcTime time) {
    const std::lock_guard lock(mutex_);
    base_ = time;
    base_real_ = std::chrono::steady_clock::now();
}

}  // namespace carrick::sandbox
