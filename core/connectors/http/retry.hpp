// SPDX-License-Identifier: Apache-2.0
// How long to wait before a request is repeated.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/http/http_transport.hpp"

#include <optional>

namespace carrick::http {

/// Exponential with full jitter: uniform in [0, min(cap, base × 2^attempt)], attempt from 0. Full
/// jitter spreads callers that failed together better than a jitter around the mean does.
[[nodiscard]] Milliseconds full_jitter(Random& random, int attempt, Milliseconds base,
                                       Milliseconds cap);

/// The Retry-After header: seconds, or a moment (RFC 9110 10.2.3), at most one hour; nothing where
/// the header is missing or unreadable.
[[nodiscard]] std::optional<Milliseconds> retry_after(const HttpResponse& response, UtcTime now);

/// "Sun, 06 Nov 1994 08:49:37 GMT", the only form servers may send today.
[[nodiscard]] std::optional<UtcTime> parse_http_date(std::string_view text);

}  // namespace carrick::http
