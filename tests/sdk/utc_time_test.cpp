// SPDX-License-Identifier: Apache-2.0
#include <carrick/sdk/utc_time.hpp>

#include <catch2/catch.hpp>

using carrick::LocalDate;
using carrick::UtcTime;

TEST_CASE("a time with a zone is read into UTC", "[time]") {
    const auto utc = [](const char* text) { return UtcTime::parse(text)->text(); };
    CHECK(utc("2026-11-23T17:32:28Z") == "2026-11-23T17:32:28Z");
    CHECK(utc("2026-11-23T17:32:28.123Z") == "2026-11-23T17:32:28.123Z");
    CHECK(utc("2026-11-23T17:32:28.123456789Z") == "2026-11-23T17:32:28.123Z");
    CHECK(utc("2026-11-23T17:32:28+09:00") == "2026-11-23T08:32:28Z");
    CHECK(utc("2026-11-23T17:32:28-0700") == "2026-11-24T00:32:28Z");
    CHECK(utc("2026-11-23T17:32:28+05:30") == "2026-11-23T12:02:28Z");
    CHECK(utc("1969-12-31T23:59:59.500Z") == "1969-12-31T23:59:59.500Z");
    CHECK(utc("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00Z");
    CHECK(UtcTime::parse("1970-01-01T00:00:01Z")->milliseconds() == 1000);
}

TEST_CASE("a time without a zone, or no time at all, is refused", "[time]") {
    for (const char* text :
         {"", "2026-11-23", "2026-11-23T17:32:28", "2026-11-23T17:32Z", "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T17:60:00Z",
          "23.11.2026 17:32:28 UTC", "2026-11-23T17:32:28.Z", "2026-11-23T17:32:28+9",
          "2026-11-23T17:32:28Zx"}) {
        INFO(text);
        CHECK(UtcTime::parse(text).error().code == "time.syntax");
    }
}

TEST_CASE("dates are calendar days", "[time]") {
    CHECK(LocalDate::parse("2026-11-23")->text() == "2026-11-23");
    CHECK(LocalDate::parse("2026-02-29").error().code == "time.date");
    CHECK(LocalDate::parse("2026-1-1").error().code == "time.date");
    CHECK(UtcTime::from_date(LocalDate{2026, 11, 23}).text() == "2026-11-23T00:00:00Z");
    CHECK(UtcTime::parse("2026-11-23T23:59:59Z")->utc_date() == LocalDate{2026, 11, 23});
    CHECK(LocalDate{2026, 11, 23} < LocalDate{2026, 12, 1});
}

TEST_CASE("spans are milliseconds", "[time]") {
    using namespace std::chrono_literals;
    const UtcTime noon = UtcTime::parse("2026-11-23T12:00:00Z").value();
    CHECK((noon + 90min).text() == "2026-11-23T13:30:00Z");
    CHECK((noon - 24h).text() == "2026-11-22T12:00:00Z");
    CHECK(((noon + 5s) - noon).count() == 5000);
}
