// SPDX-License-Identifier: Apache-2.0
// Which day of the books a moment belongs to.
#include "plugins/shared/time/zone_time.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;

namespace {

std::string day(const char* moment, const char* zone) {
    const Result<LocalDate> date = date_in_zone(UtcTime::parse(moment).value(), zone);
    return date ? date->text() : date.error().code;
}

}  // namespace

TEST_CASE("a moment is another day in another zone", "[zone_time]") {
    CHECK(day("2026-11-20T23:30:00Z", "UTC") == "2026-11-20");
    CHECK(day("2026-11-20T23:30:00Z", "Asia/Tokyo") == "2026-11-21");
    CHECK(day("2026-11-20T03:30:00Z", "America/Los_Angeles") == "2026-11-19");
    CHECK(day("2026-12-31T23:30:00Z", "Europe/Berlin") == "2027-01-01");
}

TEST_CASE("summer time moves midnight", "[zone_time]") {
    // Los Angeles is 7 hours behind in summer and 8 in winter; it left summer time on 2026-11-01.
    CHECK(day("2026-10-31T07:00:00Z", "America/Los_Angeles") == "2026-10-31");
    CHECK(day("2026-11-02T07:00:00Z", "America/Los_Angeles") == "2026-11-01");
    CHECK(day("2026-11-02T08:00:00Z", "America/Los_Angeles") == "2026-11-02");
}

TEST_CASE("a zone that nobody knows is a setting to correct", "[zone_time]") {
    for (const char* zone : {"Mars/Olympus", "", "../etc/passwd"}) {
        INFO(zone);
        const Result<LocalDate> date = date_in_zone(UtcTime(), zone);
        REQUIRE_FALSE(date);
        CHECK(date.error().error_class == ErrorClass::Misconfigured);
        CHECK(date.error().code == "time.zone");
        CHECK(date.error().field == "books_zone");
    }
}
