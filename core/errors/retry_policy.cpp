// SPDX-License-Identifier: Apache-2.0
#include "core/errors/retry_policy.hpp"

#include <algorithm>

namespace carrick::errors {

Remedy remedy_for(ErrorClass error_class) {
    switch (error_class) {
        case ErrorClass::Transient:
        case ErrorClass::Throttled: return Remedy::RetryLater;
        case ErrorClass::Rejected: return Remedy::Queue;
        case ErrorClass::Misconfigured: return Remedy::StopFlow;
        case ErrorClass::Bug: return Remedy::StopInstance;
    }
    return Remedy::StopInstance;
}

std::optional<Milliseconds> RetryPolicy::delay_after(int tries, const Error& error,
                                                     Random& random) const {
    if (remedy_for(error.error_class) != Remedy::RetryLater) return std::nullopt;
    // Who is told when to come back has not been refused, however often.
    if (error.error_class != ErrorClass::Throttled && tries >= attempts) return std::nullopt;
    return delay_without_end(tries, error, random);
}

Milliseconds RetryPolicy::delay_without_end(int tries, const Error& error, Random& random) const {
    // 2^30 base delays are beyond any max_delay; the cap keeps the shift defined.
    const int doublings = std::clamp(tries - 1, 0, 30);
    const std::int64_t ceiling =
        std::min(max_delay.count(), base_delay.count() * (std::int64_t{1} << doublings));
    const auto jitter = static_cast<std::int64_t>(
        random.below(static_cast<std::uint64_t>(std::max<std::int64_t>(ceiling, 0)) + 1));
    return Milliseconds(jitter) + error.retry_after;
}

}  // namespace carrick::errors
