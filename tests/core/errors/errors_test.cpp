// SPDX-License-Identifier: Apache-2.0
#include "core/errors/fingerprint.hpp"
#include "core/errors/retry_policy.hpp"
#include "tests/support/virtual_clock.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::errors;

namespace {
/// Chance that always gives the same number: the bounds of the jitter can be read off.
struct FixedRandom final : Random {
    explicit FixedRandom(std::uint64_t value) : value_(value) {}
    std::uint64_t next() override { return value_; }
    std::uint64_t value_;
};
}  // namespace

TEST_CASE("each error class has its own remedy", "[errors]") {
    CHECK(remedy_for(ErrorClass::Transient) == Remedy::RetryLater);
    CHECK(remedy_for(ErrorClass::Throttled) == Remedy::RetryLater);
    CHECK(remedy_for(ErrorClass::Rejected) == Remedy::Queue);
    CHECK(remedy_for(ErrorClass::Misconfigured) == Remedy::StopFlow);
    CHECK(remedy_for(ErrorClass::Bug) == Remedy::StopInstance);
}

TEST_CASE("a transient error is retried with exponential delays under full jitter", "[errors]") {
    const RetryPolicy policy{8, Milliseconds(1'000), Milliseconds(60'000)};
    const Error error = transient("net.reset", "connection reset");
    testing::SeededRandom random(7);
    for (int tries = 1; tries < 8; ++tries) {
        const std::int64_t ceiling = std::min<std::int64_t>(60'000, 1'000LL << (tries - 1));
        std::int64_t largest = 0;
        for (int i = 0; i < 200; ++i) {
            const auto delay = policy.delay_after(tries, error, random);
            REQUIRE(delay);
            REQUIRE(delay->count() >= 0);
            REQUIRE(delay->count() <= ceiling);
            largest = std::max(largest, static_cast<std::int64_t>(delay->count()));
        }
        CHECK(largest > ceiling * 8 / 10);
    }
}

TEST_CASE("when the tries are used up a person decides", "[errors]") {
    const RetryPolicy policy{3, Milliseconds(1'000), Milliseconds(60'000)};
    FixedRandom random(0);
    CHECK(policy.delay_after(2, transient("a.b", "c"), random));
    CHECK_FALSE(policy.delay_after(3, transient("a.b", "c"), random));
}

TEST_CASE("a throttled record never comes back before the time it was told", "[errors]") {
    const RetryPolicy policy;
    FixedRandom low(0);
    CHECK(policy.delay_after(1, throttled("amazon.quota", "wait", Milliseconds(180'000)), low) ==
          Milliseconds(180'000));
    FixedRandom high(1'000);
    CHECK(policy.delay_after(1, throttled("amazon.quota", "wait", Milliseconds(180'000)), high) ==
          Milliseconds(181'000));
}

TEST_CASE("time does not heal rejected, misconfigured or bug", "[errors]") {
    const RetryPolicy policy;
    FixedRandom random(0);
    CHECK_FALSE(policy.delay_after(1, rejected("a.b", "c"), random));
    CHECK_FALSE(policy.delay_after(1, misconfigured("a.b", "c"), random));
    CHECK_FALSE(policy.delay_after(1, bug("a.b", "c"), random));
}

TEST_CASE("a source's stream is retried for ever, at most max_delay apart", "[errors]") {
    const RetryPolicy policy{2, Milliseconds(1'000), Milliseconds(60'000)};
    FixedRandom random(60'000);
    CHECK(policy.delay_without_end(1'000, transient("a.b", "c"), random) == Milliseconds(60'000));
}

TEST_CASE("errors that differ only in ids, amounts and quoted values share a fingerprint",
          "[errors]") {
    const Error first =
        rejected("netsuite.nonexistent_item", "order 111-1: item \"SKU-9\" is not in NetSuite");
    const Error second =
        rejected("netsuite.nonexistent_item", "order 222-2: item \"B 77\" is not in NetSuite");
    CHECK(fingerprint("mfn_order_import", first) == fingerprint("mfn_order_import", second));
    CHECK(fingerprint("mfn_order_import", first).size() == 16);
    CHECK(normalised_message(first.message) == "order #: item \"*\" is not in NetSuite");
}

TEST_CASE("another plugin, code or wording is another fingerprint", "[errors]") {
    const Error error = rejected("a.b", "period closed");
    CHECK(fingerprint("one", error) != fingerprint("two", error));
    CHECK(fingerprint("one", error) != fingerprint("one", rejected("a.c", "period closed")));
    CHECK(fingerprint("one", error) != fingerprint("one", rejected("a.b", "period locked")));
}
