// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.hpp"

#include <random>

namespace carrick {

UtcTime SystemClock::now() const {
    return UtcTime(std::chrono::duration_cast<Milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count());
}

Milliseconds SystemClock::real_time_for(Milliseconds span) const {
    return span.count() < 0 ? Milliseconds(0) : span;
}

std::uint64_t SystemRandom::next() {
    thread_local std::mt19937_64 engine{std::random_device{}()};
    return engine();
}

}  // namespace carrick
