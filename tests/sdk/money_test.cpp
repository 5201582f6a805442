// SPDX-License-Identifier: Apache-2.0
#include <carrick/sdk/money.hpp>

#include <catch2/catch.hpp>

#include <random>

using carrick::Currency;
using carrick::Money;

namespace {

Money usd(std::string_view amount) {
    return Money::parse(amount, "USD").value();
}

std::vector<std::string> texts(const std::vector<Money>& parts) {
    std::vector<std::string> result;
    for (const Money& part : parts) result.push_back(part.amount_text());
    return result;
}

}  // namespace

TEST_CASE("money is read at its currency's digits", "[money]") {
    CHECK(usd("19.99").text() == "19.99 USD");
    CHECK(usd("5").amount_text() == "5.00");
    CHECK(Money::parse("2500", "JPY")->text() == "2500 JPY");
    CHECK(Money::parse("2500.00", "JPY")->amount_text() == "2500");
    CHECK(Money::parse("1.234", "KWD")->amount_text() == "1.234");
    CHECK(Money::parse("10.5", "JPY").error().code == "money.precision");
    CHECK(Money::parse("1.005", "USD").error().code == "money.precision");
    CHECK(Money::parse("1.00", "usd").error().code == "money.currency");
    CHECK(Money::parse("1.00", "").error().code == "money.currency");
    CHECK(Money::parse("1,00", "EUR").error().code == "decimal.syntax");
}

TEST_CASE("each currency of Amazon's marketplaces has its ISO 4217 digits", "[money]") {
    for (const char* code : {"USD", "CAD", "MXN", "BRL", "GBP", "EUR", "SEK", "PLN", "TRY", "AED",
                             "SAR", "EGP", "INR", "ZAR", "AUD", "SGD"})
        CHECK(Currency::parse(code)->exponent() == 2);
    CHECK(Currency::parse("JPY")->exponent() == 0);
    CHECK(Currency::parse("BHD")->exponent() == 3);
    CHECK(Currency::parse("XPF")->exponent() == 0);
}

TEST_CASE("two currencies cannot be added", "[money]") {
    const auto sum = usd("1.00").plus(Money::parse("1.00", "EUR").value());
    CHECK(sum.error().code == "money.currency_mismatch");
    CHECK(usd("1.10").plus(usd("2.20"))->text() == "3.30 USD");
    CHECK(usd("19.99").times(3)->text() == "59.97 USD");
    CHECK(usd("1.00").minus(usd("1.01"))->text() == "-0.01 USD");
}

TEST_CASE("a computed amount is rounded half away from zero to the currency's digits", "[money]") {
    const Currency eur = Currency::parse("EUR").value();
    CHECK(Money::rounded(carrick::Decimal::parse("3.1949").value(), eur)->text() == "3.19 EUR");
    CHECK(Money::rounded(carrick::Decimal::parse("3.195").value(), eur)->text() == "3.20 EUR");
}

TEST_CASE("a split adds up to the whole, the largest remainders first", "[money]") {
    CHECK(texts(usd("100.00").allocate(std::vector<std::int64_t>{1, 1, 1}).value()) ==
          std::vector<std::string>{"33.34", "33.33", "33.33"});
    CHECK(texts(usd("0.05").allocate(std::vector<std::int64_t>{3, 7}).value()) ==
          std::vector<std::string>{"0.02", "0.03"});
    CHECK(texts(usd("-1.00").allocate(std::vector<std::int64_t>{1, 1, 1}).value()) ==
          std::vector<std::string>{"-0.34", "-0.33", "-0.33"});
    CHECK(texts(Money::parse("1000", "JPY")->allocate(std::vector<std::int64_t>{1, 2}).value()) ==
          std::vector<std::string>{"333", "667"});
    CHECK(texts(usd("5.00").allocate(std::vector<std::int64_t>{0, 1}).value()) ==
          std::vector<std::string>{"0.00", "5.00"});
    CHECK(usd("1.00").allocate({}).error().code == "money.weights");
    CHECK(usd("1.00").allocate(std::vector<std::int64_t>{0, 0}).error().code == "money.weights");
    CHECK(usd("1.00").allocate(std::vector<std::int64_t>{1, -1}).error().code == "money.weights");
}

TEST_CASE("no split ever gains or loses a cent", "[money][property]") {
    std::mt19937_64 random(7);
    for (int round = 0; round < 20'000; ++round) {
        const Money whole =
            usd(std::to_string(random() % 100'000) + "." + std::to_string(10 + random() % 90));
        std::vector<std::int64_t> weights(1 + random() % 12);
        for (std::int64_t& weight : weights) weight = static_cast<std::int64_t>(random() % 1000);
        weights.front() += 1;
        Money sum = Money::zero(whole.currency());
        for (const Money& part : whole.allocate(weights).value()) sum = sum.plus(part).value();
        if (!(sum == whole)) FAIL(whole.text() << " became " << sum.text());
    }
}
