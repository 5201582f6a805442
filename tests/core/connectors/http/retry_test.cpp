// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/retry.hpp"

#include "tests/support/virtual_clock.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::http;
using namespace std::chrono_literals;

TEST_CASE("jitter is full: from nothing to the doubled base, never above the cap", "[retry]") {
    testing::SeededRandom random(1);
    for (int attempt = 0; attempt < 70; ++attempt) {
        const Milliseconds ceiling = attempt < 6 ? 1000ms * (1 << attempt) : 60000ms;
        Milliseconds least = 1h;
        Milliseconds most = 0ms;
        for (int i = 0; i < 300; ++i) {
            const Milliseconds wait = full_jitter(random, attempt, 1s, 60s);
            least = std::min(least, wait);
            most = std::max(most, wait);
        }
        CHECK(most <= std::min<Milliseconds>(ceiling, 60s));
        CHECK(most > ceiling / 2);
        CHECK(least < ceiling / 2);
    }
}

TEST_CASE("Retry-After is read as seconds or as a moment", "[retry]") {
    const UtcTime now = UtcTime::parse("2026-11-23T10:00:00Z").value();
    const auto wait = [&](std::string text) {
        return retry_after(HttpResponse{429, {{"retry-after", std::move(text)}}, {}}, now);
    };
    CHECK(wait("7") == 7s);
    CHECK(wait("0") == 0s);
    CHECK(wait("Mon, 23 Nov 2026 10:00:30 GMT") == 30s);
    CHECK(wait("Mon, 23 Nov 2026 09:59:30 GMT") == 0s);
    CHECK(wait("999999999") == 1h);
    CHECK_FALSE(wait("soon"));
    CHECK_FALSE(wait("-1"));
    CHECK_FALSE(wait("Mon, 23 Foo 2026 10:00:30 GMT"));
    CHECK_FALSE(retry_after(HttpResponse{429, {}, {}}, now));
}
