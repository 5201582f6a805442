// SPDX-License-Identifier: Apache-2.0
// The circuit breaker that connections share.
#include "core/connectors/circuit_breaker.hpp"
#include "tests/support/virtual_clock.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace std::chrono_literals;
using carrick::connectors::CircuitBreaker;

namespace {

CircuitBreaker::Options two_failures() {
    return {2, 10s, 30s};
}

}  // namespace

TEST_CASE("a circuit opens after failures in a row, not after failures in all", "[breaker]") {
    testing::VirtualClock clock;
    CircuitBreaker breaker(clock, two_failures());
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    CHECK(breaker.blocked_for() == 0ms);
    breaker.failed();
    CHECK(breaker.is_open());
    CHECK(breaker.blocked_for() == 10s);
}

TEST_CASE("after the pause one request probes, the others wait for its answer", "[breaker]") {
    testing::VirtualClock clock;
    CircuitBreaker breaker(clock, two_failures());
    breaker.failed();
    breaker.failed();
    clock.advance(10s);
    CHECK(breaker.blocked_for() == 0ms);
    CHECK(breaker.blocked_for() > 0ms);
    breaker.succeeded();
    CHECK(breaker.blocked_for() == 0ms);
    CHECK_FALSE(breaker.is_open());
}

TEST_CASE("each failed probe doubles the pause up to its limit", "[breaker]") {
    testing::VirtualClock clock;
    CircuitBreaker breaker(clock, two_failures());
    breaker.failed();
    breaker.failed();
    for (const Milliseconds expected : {20'000ms, 30'000ms, 30'000ms}) {
        clock.advance(breaker.blocked_for());
        REQUIRE(breaker.blocked_for() == 0ms);
        breaker.failed();
        CHECK(breaker.blocked_for() == expected);
    }
}

TEST_CASE("late failures of requests sent before do not prolong the pause", "[breaker]") {
    testing::VirtualClock clock;
    CircuitBreaker breaker(clock, two_failures());
    breaker.failed();
    breaker.failed();
    clock.advance(4s);
    breaker.failed();
    CHECK(breaker.blocked_for() == 6s);
}

TEST_CASE("a probe that tells nothing lets the next one probe", "[breaker]") {
    testing::VirtualClock clock;
    CircuitBreaker breaker(clock, two_failures());
    breaker.failed();
    breaker.failed();
    clock.advance(10s);
    REQUIRE(breaker.blocked_for() == 0ms);
    breaker.abandoned();
    CHECK(breaker.blocked_for() == 0ms);
}
