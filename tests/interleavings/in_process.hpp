// SPDX-License-Identifier: Apache-2.0
// The sandbox without a wire: its services as a transport, its clock as the engine's. Thousands of
// orders then live through weeks in seconds.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/http/http_transport.hpp"
#include "examples/sandbox/sandbox.hpp"

namespace carrick::interleavings {

inline constexpr std::string_view kHost = "http://127.0.0.1:9";

/// Every address below kHost reaches the sandbox. What a fault does to the wire comes out as the
/// failure that cpprestsdk's transport would report.
class InProcessTransport final : public http::HttpTransport {
public:
    explicit InProcessTransport(sandbox::Sandbox& sandbox) : sandbox_(sandbox) {}
    [[nodiscard]] http::HttpResult send(const http::HttpRequest& request) override;

private:
    sandbox::Sandbox& sandbox_;
};

/// The sandbox's clock, which moves only when told to. No connector may wait for it inside a call:
/// every span is longer than any deadline, so that what has to wait goes back to the engine.
class FollowedClock final : public Clock {
public:
    explicit FollowedClock(const sandbox::SandboxClock& clock) : clock_(clock) {}
    [[nodiscard]] UtcTime now() const override { return clock_.now(); }
    [[nodiscard]] Milliseconds real_time_for(Milliseconds span) const override {
        return span * 1'000'000;
    }

private:
    const sandbox::SandboxClock& clock_;
};

}  // namespace carrick::interleavings
