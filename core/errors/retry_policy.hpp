// SPDX-License-Identifier: Apache-2.0
// RetryPolicy: when a record that met trouble runs again, and when a person has to decide. Only
// the engine retries over time; connectors and plugins do not.
#pragma once

#include "core/base/clock.hpp"

#include <carrick/sdk/result.hpp>

#include <optional>

namespace carrick::errors {

/// What the engine does about an error of this class.
enum class Remedy {
    RetryLater,    ///< transient, throttled: the same record, on its own, after a delay
    Queue,         ///< rejected: the error queue; others go on
    StopFlow,      ///< misconfigured: nothing of this flow can succeed
    StopInstance,  ///< bug: this instance stops, the evidence is kept
};
[[nodiscard]] Remedy remedy_for(ErrorClass error_class);

struct RetryPolicy {
    int attempts = 8;  ///< tries in all, the first one included
    Milliseconds base_delay{1'000};
    Milliseconds max_delay{3'600'000};

    /// How long to wait after the `tries`-th failure; nothing when the tries are used up or the
    /// class is not one that time heals. Throttled is never used up: it is a wait, not a failure.
    /// Transient: full jitter, uniform in [0, min(max_delay, base_delay * 2^(tries-1))], so that
    /// records which failed together do not come back together. Throttled: never before
    /// `retry_after`, with the jitter on top.
    [[nodiscard]] std::optional<Milliseconds> delay_after(int tries, const Error& error,
                                                          Random& random) const;
    /// The same without an end: for a source's stream, which must never give up.
    [[nodiscard]] Milliseconds delay_without_end(int tries, const Error& error,
                                                 Random& random) const;
};

}  // namespace carrick::errors
