// SPDX-License-Identifier: Apache-2.0
// Exact judgements: where a double would lie.
#include "core/schema/exact.hpp"

#include <catch2/catch.hpp>

namespace carrick::schema {
namespace {

TEST_CASE("numbers compare by value whatever their spelling or length", "[schema]") {
    CHECK(compare_numbers("1.0", "1") == std::strong_ordering::equal);
    CHECK(compare_numbers("1e2", "100") == std::strong_ordering::equal);
    CHECK(compare_numbers("-0.0", "0") == std::strong_ordering::equal);
    // Both are 9007199254740992 as doubles.
    CHECK(compare_numbers("9007199254740993", "9007199254740992") == std::strong_ordering::greater);
    CHECK(compare_numbers("1234567890123456.78", "1234567890123456.77") ==
          std::strong_ordering::greater);
    CHECK(compare_numbers("0.30000000000000004", "0.3") == std::strong_ordering::greater);
    CHECK(compare_numbers("-2", "-1.9") == std::strong_ordering::less);
    CHECK(compare_numbers("-1", "0.001") == std::strong_ordering::less);
    CHECK(compare_numbers("1e400", "1e399") == std::strong_ordering::greater);
    CHECK(compare_numbers("1e99999999999999999999", "1") == std::strong_ordering::greater);
    CHECK(compare_numbers("1e-99999999999999999999", "1") == std::strong_ordering::less);
}

TEST_CASE("a whole number is known by its value, not by its spelling", "[schema]") {
    CHECK(is_whole("5"));
    CHECK(is_whole("5.00"));
    CHECK(is_whole("0.5e1"));
    CHECK(is_whole("1234567890123456789"));
    CHECK_FALSE(is_whole("5.01"));
    CHECK_FALSE(is_whole("1e-1"));
}

TEST_CASE("cents are multiples of 0.01 although no double says so", "[schema]") {
    CHECK(is_multiple("0.30", "0.1") == true);
    CHECK(is_multiple("25.98", "0.01") == true);
    CHECK(is_multiple("25.985", "0.01") == false);
    CHECK(is_multiple("9007199254740993", "2") == false);
    CHECK_FALSE(is_multiple("1e40", "3").has_value());
}

TEST_CASE("length counts characters, not bytes", "[schema]") {
    CHECK(count_characters("Größe") == 5);
    CHECK(count_characters("注文") == 2);
}

TEST_CASE("a pattern that makes other matchers run for ever ends at once", "[schema]") {
    const Result<std::regex> evil = compile_pattern("^(a+)+$");
    REQUIRE(evil);
    CHECK(contains_pattern(std::string(5000, 'a') + "!", *evil) == false);
    CHECK_FALSE(contains_pattern(std::string(100'000, 'a'), *evil).has_value());
    CHECK_FALSE(compile_pattern("(").ok());
    CHECK_FALSE(compile_pattern("(a)\\1").ok());
}

TEST_CASE("dates, times, decimals and durations are checked formats", "[schema]") {
    CHECK(has_format("2026-02-28", "date"));
    CHECK_FALSE(has_format("2026-02-30", "date"));
    CHECK(has_format("2026-11-23T17:32:28Z", "date-time"));
    CHECK(has_format("2026-11-23T17:32:28.5+09:00", "date-time"));
    CHECK_FALSE(has_format("2026-11-23T17:32:28+0900", "date-time"));
    CHECK_FALSE(has_format("2026-11-23 17:32:28Z", "date-time"));
    CHECK(has_format("12.50", "decimal"));
    CHECK_FALSE(has_format("12,50", "decimal"));
    CHECK(has_format("5m", "duration"));
    CHECK_FALSE(has_format("5 min", "duration"));
    CHECK(format_support("int64") == FormatSupport::Annotation);
    CHECK(format_support("phone") == FormatSupport::Unknown);
}

}  // namespace
}  // namespace carrick::schema
