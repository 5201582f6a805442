// SPDX-License-Identifier: Apache-2.0
// Waiting that a caller's deadline and cancellation bound.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/connection.hpp"

#include <algorithm>
#include <thread>

namespace carrick::connectors::netsuite {

inline constexpr std::string_view kCancelledCode = "connector.cancelled";

[[nodiscard]] inline Error cancelled_error() {
    return transient(std::string(kCancelledCode), "stopped before it was sent");
}

/// Sleeps for `span` of the clock. False, at once, where that would pass the deadline; false, soon,
/// when the caller cancels.
[[nodiscard]] inline bool pause_for(const Clock& clock, Milliseconds span,
                                    const CallContext& context) {
    constexpr Milliseconds kGlance{50};  // how late a cancellation may be noticed
    const auto until = std::chrono::steady_clock::now() + clock.real_time_for(span);
    if (until > context.deadline) return false;
    for (;;) {
        if (context.is_cancelled()) return false;
        const auto now = std::chrono::steady_clock::now();
        if (now >= until) return true;
        std::this_thread::sleep_for(
            std::min<std::chrono::steady_clock::duration>(until - now, kGlance));
    }
}

/// A random span in [span/2, span]: callers that were refused together do not return together.
[[nodiscard]] inline Milliseconds jittered(Milliseconds span, Random& random) {
    const auto half = static_cast<std::uint64_t>(span.count() / 2);
    return span - Milliseconds(static_cast<std::int64_t>(random.below(half + 1)));
}

}  // namespace carrick::connectors::netsuite
