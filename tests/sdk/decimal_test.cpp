// SPDX-License-Identifier: Apache-2.0
#include <carrick/sdk/decimal.hpp>

#include <catch2/catch.hpp>

#include <random>

using carrick::Decimal;

namespace {

Decimal decimal(std::string_view text) {
    return Decimal::parse(text).value();
}

}  // namespace

TEST_CASE("a decimal keeps the text it was read from", "[decimal]") {
    for (const char* text : {"0", "0.00", "12.50", "-12.50", "0.05", "-0.05", "7",
                             "100000000000000000.01", "999999999999999999999999999999999999"})
        CHECK(decimal(text).text() == text);
    CHECK(decimal("+5").text() == "5");
    CHECK(decimal("-0").text() == "0");
    CHECK(decimal("007.10").text() == "7.10");
}

TEST_CASE("what is not a plain decimal number is refused, with the text in the message",
          "[decimal]") {
    for (const char* text : {"", "-", ".", "1.", ".5", "1,000.00", "1e5", " 1", "1 ", "1.2.3",
                             "--1", "0x10", "NaN", "Infinity", "12,50", "\xd9\xa1"}) {
        INFO(text);
        const auto result = Decimal::parse(text);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == "decimal.syntax");
        CHECK(result.error().error_class == carrick::ErrorClass::Rejected);
    }
    CHECK(Decimal::parse("12,50").error().message.find("\"12,50\"") != std::string::npos);
}

TEST_CASE("a number token of JSON may carry an exponent", "[decimal]") {
    CHECK(Decimal::parse_number_token("1.5e3")->text() == "1500");
    CHECK(Decimal::parse_number_token("1e-2")->text() == "0.01");
    CHECK(Decimal::parse_number_token("12.50E+1")->text() == "125.0");
    CHECK(Decimal::parse_number_token("0e999")->text() == "0");
    CHECK(Decimal::parse_number_token("19.99")->text() == "19.99");
    CHECK(Decimal::parse_number_token("1e99").error().code == "decimal.range");
    CHECK(Decimal::parse_number_token("1e").error().code == "decimal.syntax");
    CHECK(Decimal::parse_number_token("1e-30").error().code == "decimal.range");
    CHECK(Decimal::parse_number_token("99999999999999999999999999999999999999e1").error().code ==
          "decimal.syntax");
}

TEST_CASE("decimals add, multiply and divide exactly", "[decimal]") {
    CHECK(decimal("0.1").plus(decimal("0.2"))->text() == "0.3");
    CHECK(decimal("19.99").minus(decimal("20"))->text() == "-0.01");
    CHECK(decimal("19.99").times(decimal("3"))->text() == "59.97");
    CHECK(decimal("10").divided_by(decimal("3"), 2)->text() == "3.33");
    CHECK(decimal("-10").divided_by(decimal("3"), 0)->text() == "-3");
    CHECK(decimal("1").divided_by(decimal("0.5"), 1)->text() == "2.0");
    CHECK(decimal("1").divided_by(decimal("0"), 2).error().code == "decimal.division_by_zero");
}

TEST_CASE("rounding goes half away from zero", "[decimal]") {
    CHECK(decimal("2.345").rounded(2)->text() == "2.35");
    CHECK(decimal("-2.345").rounded(2)->text() == "-2.35");
    CHECK(decimal("2.344").rounded(2)->text() == "2.34");
    CHECK(decimal("0.5").rounded(0)->text() == "1");
    CHECK(decimal("-0.4").rounded(0)->text() == "0");
    CHECK(decimal("1.5").rounded(4)->text() == "1.5");
    CHECK(decimal("2").divided_by(decimal("3"), 2)->text() == "0.67");
    CHECK(decimal("-2").divided_by(decimal("3"), 2)->text() == "-0.67");
}

TEST_CASE("a scale can be forced only where no digit is lost", "[decimal]") {
    CHECK(decimal("12.5").with_scale(2)->text() == "12.50");
    CHECK(decimal("12.50").with_scale(1)->text() == "12.5");
    CHECK(decimal("12.55").with_scale(1).error().code == "decimal.precision");
    CHECK(decimal("12.500").normalized().text() == "12.5");
    CHECK(decimal("1200").normalized().text() == "1200");
}

TEST_CASE("decimals compare by value, whatever their scale", "[decimal]") {
    CHECK(decimal("12.5") == decimal("12.50"));
    CHECK(decimal("-0.00") == decimal("0"));
    CHECK(decimal("0.1") < decimal("0.11"));
    CHECK(decimal("-1.5") < decimal("-1.49"));
    CHECK(decimal("-0.5") < decimal("0.5"));
    CHECK(decimal("999999999999999999999999999999999999") > decimal("0.000000000000000001"));
}

TEST_CASE("what leaves the range is an error, not a wrong number", "[decimal]") {
    const Decimal huge = decimal("999999999999999999999999999999999999");
    CHECK(huge.plus(decimal("1")).error().code == "decimal.range");
    CHECK(huge.times(huge).error().code == "decimal.range");
    CHECK(huge.with_scale(2).error().code == "decimal.range");
    CHECK(Decimal::parse("1000000000000000000000000000000000000").error().code == "decimal.range");
    CHECK(Decimal::parse("0.0000000000000000001").error().code == "decimal.range");
    CHECK(decimal("0.000000000000000001").times(decimal("0.1")).error().code == "decimal.range");
}

TEST_CASE("sums do not depend on order or grouping", "[decimal][property]") {
    std::mt19937_64 random(20261123);
    const auto any = [&] {
        const auto cents = static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
        return Decimal::from_parts(cents, static_cast<int>(random() % 5)).value();
    };
    for (int round = 0; round < 100'000; ++round) {
        const Decimal a = any();
        const Decimal b = any();
        const Decimal c = any();
        const Decimal left = a.plus(b)->plus(c).value();
        const Decimal right = c.plus(b)->plus(a).value();
        if (left != right || Decimal::parse(a.text()).value() != a ||
            a.minus(a).value() != Decimal(0))
            FAIL("a=" << a.text() << " b=" << b.text() << " c=" << c.text());
    }
}
