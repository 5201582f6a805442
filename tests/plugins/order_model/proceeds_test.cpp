// SPDX-License-Identifier: Apache-2.0
// What one order line is made of: every figure here can be added up on paper.
#include "plugins/shared/order_model/proceeds.hpp"
#include "tests/plugins/support/amazon_orders.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Result<LineProceeds> read(const std::string& currency, const std::string& total,
                          const std::vector<Part>& parts) {
    return parse_line_proceeds(proceeds(currency, total, parts), Currency::parse(currency).value(),
                               "order 1, line 2");
}

/// The parts as texts, in the order of the struct; what is zero is left out.
std::string told(const Result<LineProceeds>& line) {
    if (!line) return line.error().code + ": " + line.error().message;
    std::string text;
    const auto add = [&](const char* name, const Money& amount) {
        if (amount.is_zero()) return;
        text += (text.empty() ? "" : ", ") + std::string(name) + " " + amount.amount_text();
    };
    add("item", line->item);
    add("shipping", line->shipping);
    add("gift wrap", line->gift_wrap);
    add("cod", line->cod_fee);
    add("other", line->other);
    add("item discount", line->item_discount);
    add("shipping discount", line->shipping_discount);
    add("tax", line->tax);
    CHECK(line->net().plus(line->tax).value() == line->total);
    return text;
}

}  // namespace

TEST_CASE("tax beside the charges makes them net", "[order_model][proceeds]") {
    // 39.98 + 5.99 + 4.00 = 49.97
    CHECK(told(read("USD", "49.97",
                    {{"ITEM", "39.98"},
                     {"SHIPPING", "5.99"},
                     {"TAX", "4.00", {{"ITEM", "3.50"}, {"SHIPPING", "0.50"}}}})) ==
          "item 39.98, shipping 5.99, tax 4.00");
}

TEST_CASE("tax inside the charges is taken out of each component", "[order_model][proceeds]") {
    // Germany, 19 %: 119.00 holds 19.00, 5.95 holds 0.95, 3.57 holds 0.57; 119 + 5.95 + 3.57 =
    // 128.52
    CHECK(told(read("EUR", "128.52",
                    {{"ITEM", "119.00"},
                     {"SHIPPING", "5.95"},
                     {"GIFT_WRAP", "3.57"},
                     {"TAX",
                      "20.52",
                      {{"ITEM", "19.00"}, {"SHIPPING", "0.95"}, {"GIFT_WRAP", "0.57"}}}})) ==
          "item 100.00, shipping 5.00, gift wrap 3.00, tax 20.52");
}

TEST_CASE("tax inside the charges without parts is split at one rate to the last cent",
          "[order_model][proceeds]") {
    // 12.00 and 5.00 hold 2.83: by largest remainder 12/17 of it is 1.99.. -> 2.00, 5/17 is 0.83.
    CHECK(told(read("GBP", "17.00", {{"ITEM", "12.00"}, {"SHIPPING", "5.00"}, {"TAX", "2.83"}})) ==
          "item 10.00, shipping 4.17, tax 2.83");
    // The discount holds tax as well: 119.00 - 11.90 = 107.10 holds 17.10; 1.90 of the discount.
    CHECK(told(read("EUR", "107.10",
                    {{"ITEM", "119.00"}, {"DISCOUNT", "-11.90"}, {"TAX", "17.10"}})) ==
          "item 100.00, item discount -10.00, tax 17.10");
}

TEST_CASE("a discount takes off, whichever sign it is stated with", "[order_model][proceeds]") {
    const std::string expected = "item 40.00, item discount -4.00, tax 3.60";
    CHECK(told(read("USD", "39.60", {{"ITEM", "40.00"}, {"DISCOUNT", "-4.00"}, {"TAX", "3.60"}})) ==
          expected);
    CHECK(told(read("USD", "39.60", {{"ITEM", "40.00"}, {"DISCOUNT", "4.00"}, {"TAX", "3.60"}})) ==
          expected);
    // The tax is twice the discount: 100.00 - 5.00 + 10.00 = 105.00, and 100.00 + 5.00 = 105.00,
    // too. That a discount would make dearer is no reading.
    CHECK(
        told(read("USD", "105.00", {{"ITEM", "100.00"}, {"DISCOUNT", "5.00"}, {"TAX", "10.00"}})) ==
        "item 100.00, item discount -5.00, tax 10.00");
}

TEST_CASE("a discount that only adds up as it stands is left as Amazon states it",
          "[order_model][proceeds]") {
    // The documented rule is the plain sum: 10.00 + 1.00 + 0.50 = 11.50.
    CHECK(told(read("USD", "11.50", {{"ITEM", "10.00"}, {"DISCOUNT", "1.00"}, {"TAX", "0.50"}})) ==
          "item 10.00, item discount 1.00, tax 0.50");
}

TEST_CASE("the shipping part of a discount is kept apart", "[order_model][proceeds]") {
    CHECK(told(read("USD", "39.98",
                    {{"ITEM", "39.98"},
                     {"SHIPPING", "5.99"},
                     {"DISCOUNT", "-5.99", {{"SHIPPING", "-5.99"}}}})) ==
          "item 39.98, shipping 5.99, shipping discount -5.99");
    CHECK(told(read("USD", "35.98",
                    {{"ITEM", "39.98"},
                     {"SHIPPING", "5.99"},
                     {"DISCOUNT", "9.99", {{"ITEM", "4.00"}, {"SHIPPING", "5.99"}}}})) ==
          "item 39.98, shipping 5.99, item discount -4.00, shipping discount -5.99");
    // More than the whole discount cannot be shipping's.
    CHECK(told(read("USD", "38.00",
                    {{"ITEM", "40.00"}, {"DISCOUNT", "-2.00", {{"SHIPPING", "-5.00"}}}})) ==
          "item 40.00, shipping discount -2.00");
}

TEST_CASE("a gross discount is netted for goods and shipping alike", "[order_model][proceeds]") {
    // 19 %: free shipping of 5.95 gross, nothing off the goods. No part of it may fall to the
    // goods.
    CHECK(told(read("EUR", "119.00",
                    {{"ITEM", "119.00"},
                     {"SHIPPING", "5.95"},
                     {"DISCOUNT", "-5.95", {{"SHIPPING", "-5.95"}}},
                     {"TAX",
                      "19.00",
                      {{"ITEM", "19.00"}, {"SHIPPING", "0.95"}, {"DISCOUNT", "-0.95"}}}})) ==
          "item 100.00, shipping 5.00, shipping discount -5.00, tax 19.00");
    // 11.90 off the goods and 5.95 off shipping hold 1.90 and 0.95; the tax of the discount is
    // stated with the other sign here.
    CHECK(
        told(read(
            "EUR", "107.10",
            {{"ITEM", "119.00"},
             {"SHIPPING", "5.95"},
             {"DISCOUNT", "17.85", {{"ITEM", "11.90"}, {"SHIPPING", "5.95"}}},
             {"TAX", "17.10", {{"ITEM", "19.00"}, {"SHIPPING", "0.95"}, {"DISCOUNT", "2.85"}}}})) ==
        "item 100.00, shipping 5.00, item discount -10.00, shipping discount -5.00, tax 17.10");
}

TEST_CASE("yen have no cents", "[order_model][proceeds]") {
    // 10 %: 2,750 holds 250.
    CHECK(told(read("JPY", "2750", {{"ITEM", "2750"}, {"TAX", "250"}})) == "item 2500, tax 250");
    // 8 % of 1,000 gross is 74.07..: Amazon rounds to 74, the net is what is left.
    CHECK(told(read("JPY", "1500",
                    {{"ITEM", "1000"}, {"COD_FEE", "500"}, {"TAX", "74", {{"ITEM", "74"}}}})) ==
          "item 926, cod 500, tax 74");
    const auto fraction = read("JPY", "2750.50", {});
    REQUIRE_FALSE(fraction);
    CHECK(fraction.error().code == "money.precision");
    CHECK_THAT(fraction.error().message, StartsWith("order 1, line 2, proceedsTotal: "));
}

TEST_CASE("a total alone is the price of the goods", "[order_model][proceeds]") {
    CHECK(told(read("USD", "12.50", {})) == "item 12.50");
    CHECK(told(read("USD", "0.00", {})).empty());
}

TEST_CASE("a type that we do not know, or none, is part of the total", "[order_model][proceeds]") {
    CHECK(told(read("USD", "12.50", {{"ITEM", "10.00"}, {"IMPORT_FEE", "1.50"}, {"", "1.00"}})) ==
          "item 10.00, other 2.50");
    CHECK(told(read("EUR", "13.09",
                    {{"ITEM", "11.90"},
                     {"", "1.19"},
                     {"TAX", "2.09", {{"ITEM", "1.90"}, {"", "0.19"}}}})) ==
          "item 10.00, other 1.00, tax 2.09");
}

TEST_CASE("tax of a component that the line does not have falls to the goods",
          "[order_model][proceeds]") {
    // Shipping was free and is not stated, its tax is: 11.90 holds 1.90 in all.
    CHECK(told(read(
              "EUR", "11.90",
              {{"ITEM", "11.90"}, {"TAX", "1.90", {{"ITEM", "1.50"}, {"SHIPPING", "0.40"}}}})) ==
          "item 10.00, tax 1.90");
    CHECK(told(read("EUR", "11.90",
                    {{"ITEM", "11.90"},
                     {"SHIPPING", "0.00"},
                     {"TAX", "1.90", {{"SHIPPING", "1.90"}}}})) == "item 10.00, tax 1.90");
    CHECK(
        told(read("EUR", "11.90", {{"ITEM", "11.90"}, {"TAX", "1.90", {{"DISCOUNT", "1.90"}}}})) ==
        "item 10.00, tax 1.90");
    // Nothing to be a part of: that would be a guess.
    CHECK_THAT(
        told(read("EUR", "5.95", {{"SHIPPING", "5.95"}, {"TAX", "0.95", {{"ITEM", "0.95"}}}})),
        StartsWith("order.proceeds_unbalanced: order 1, line 2: "));
}

TEST_CASE("tax beside the charges need not be explained in parts", "[order_model][proceeds]") {
    CHECK(told(read("USD", "11.00", {{"ITEM", "10.00"}, {"TAX", "1.00", {{"ITEM", "0.70"}}}})) ==
          "item 10.00, tax 1.00");
}

TEST_CASE("a line that no reading explains is refused with its figures",
          "[order_model][proceeds]") {
    const auto line =
        read("USD", "50.00", {{"ITEM", "40.00"}, {"TAX", "3.00"}, {"DISCOUNT", "-2.00"}});
    REQUIRE_FALSE(line);
    CHECK(line.error().error_class == ErrorClass::Rejected);
    CHECK(line.error().code == "order.proceeds_unbalanced");
    CHECK(
        line.error().message ==
        "order 1, line 2: charges 40.00 USD, tax 3.00 USD, discount -2.00 USD, proceedsTotal 50.00 "
        "USD: no reading adds up; compare the order with Seller Central and retry");
}

TEST_CASE("tax that cannot be inside its amount is refused, not moved", "[order_model][proceeds]") {
    const auto code = [](const Result<LineProceeds>& line) {
        return line ? told(line) : line.error().code;
    };
    // Parts that do not add up to the tax.
    CHECK(code(read("EUR", "11.90", {{"ITEM", "11.90"}, {"TAX", "1.90", {{"ITEM", "1.00"}}}})) ==
          "order.proceeds_unbalanced");
    // More tax than charge.
    CHECK(code(read(
              "EUR", "7.00",
              {{"ITEM", "6.00"}, {"SHIPPING", "1.00"}, {"TAX", "2.00", {{"SHIPPING", "2.00"}}}})) ==
          "order.proceeds_unbalanced");
    CHECK(code(read("EUR", "1.00", {{"ITEM", "1.00"}, {"TAX", "2.00"}})) ==
          "order.proceeds_unbalanced");
    // More tax off than discount.
    CHECK(code(read("EUR", "9.00",
                    {{"ITEM", "10.00"},
                     {"DISCOUNT", "-1.00"},
                     {"TAX", "0.50", {{"ITEM", "2.00"}, {"DISCOUNT", "-1.50"}}}})) ==
          "order.proceeds_unbalanced");
    // Charges that cancel each other, and a tax inside nothing.
    CHECK(code(read("EUR", "0.00", {{"ITEM", "5.00"}, {"OTHER", "-5.00"}, {"TAX", "1.00"}})) ==
          "order.proceeds_unbalanced");
}

TEST_CASE("an amount that is missing, malformed, foreign or absurd is refused",
          "[order_model][proceeds]") {
    const Currency usd = Currency::parse("USD").value();
    const auto code = [&](const Json& json) {
        const auto line = parse_line_proceeds(json, usd, "order 1");
        return line ? std::string("read") : line.error().code;
    };
    CHECK(code(Json()) == "order.proceeds_missing");
    CHECK(code(Json::object({{"proceedsTotal", Json::object({{"amount", Json(5)}})}})) ==
          "order.amount");
    CHECK(code(proceeds("EUR", "1.00", {})) == "order.currency");
    CHECK(code(proceeds("USD", "1,00", {})) == "decimal.syntax");
    CHECK(code(proceeds("USD", "1.005", {})) == "money.precision");
    CHECK(code(proceeds("USD", "9999999999.99", {})) == "read");
    CHECK(code(proceeds("USD", "10000000000.00", {})) == "order.amount");
    CHECK(code(proceeds("USD", "1.00", {{"TAX", "0.10", {{"ITEM", "x"}}}})) == "decimal.syntax");
}

namespace {

/// The tax of goods, shipping and gift wrap.
std::string taxes(const Result<LineProceeds>& line) {
    if (!line) return line.error().code;
    return line->tax_parts.item.amount_text() + " + " + line->tax_parts.shipping.amount_text() +
           " + " + line->tax_parts.gift_wrap.amount_text();
}

}  // namespace

TEST_CASE("tax has the parts that Amazon states, less what a promotion took off them",
          "[order_model][proceeds]") {
    // Net: 3.50 + 0.50 beside the charges.
    CHECK(taxes(read("USD", "49.97",
                     {{"ITEM", "39.98"},
                      {"SHIPPING", "5.99"},
                      {"TAX", "4.00", {{"ITEM", "3.50"}, {"SHIPPING", "0.50"}}}})) ==
          "3.50 + 0.50 + 0.00");
    // Gross, 19 %: 119.00 holds 19.00; the free shipping of 5.95 holds 0.95 and gives it back.
    CHECK(taxes(read("EUR", "119.00",
                     {{"ITEM", "119.00"},
                      {"SHIPPING", "5.95"},
                      {"DISCOUNT", "-5.95", {{"SHIPPING", "-5.95"}}},
                      {"TAX",
                       "19.00",
                       {{"ITEM", "19.00"}, {"SHIPPING", "0.95"}, {"DISCOUNT", "-0.95"}}}})) ==
          "19.00 + 0.00 + 0.00");
}

TEST_CASE("tax without parts is spread at one rate", "[order_model][proceeds]") {
    // 1.20 on 10.00 + 2.00
    CHECK(taxes(read("USD", "13.20", {{"ITEM", "10.00"}, {"SHIPPING", "2.00"}, {"TAX", "1.20"}})) ==
          "1.00 + 0.20 + 0.00");
    // Parts that do not add up cost no order where the tax stands beside the charges.
    CHECK(taxes(read(
              "USD", "13.20",
              {{"ITEM", "10.00"}, {"SHIPPING", "2.00"}, {"TAX", "1.20", {{"ITEM", "0.50"}}}})) ==
          "1.00 + 0.20 + 0.00");
    // Tax of a line that is free for all that stays with its goods.
    CHECK(
        taxes(read("USD", "0.10", {{"ITEM", "10.00"}, {"DISCOUNT", "-10.00"}, {"TAX", "0.10"}})) ==
        "0.10 + 0.00 + 0.00");
}

TEST_CASE("a residue within the tolerance is told, a larger one is refused",
          "[order_model][proceeds]") {
    // 10.00 + 0.83 = 10.83, and Amazon says 10.84.
    const Json json = proceeds("USD", "10.84", {{"ITEM", "10.00"}, {"TAX", "0.83"}});
    const Currency usd = Currency::parse("USD").value();
    const auto within = [&](const char* tolerance) {
        const Result<LineProceeds> line =
            parse_line_proceeds(json, usd, "line", Decimal::parse(tolerance).value());
        return line ? line->item.amount_text() + " " + line->tax.amount_text() + " " +
                          line->rounding.amount_text()
                    : line.error().code;
    };
    CHECK(within("0.01") == "10.00 0.83 0.01");
    CHECK(within("0") == "order.proceeds_unbalanced");
    const Json far = proceeds("USD", "10.86", {{"ITEM", "10.00"}, {"TAX", "0.83"}});
    CHECK(parse_line_proceeds(far, usd, "line", Decimal::parse("0.02").value()).error().code ==
          "order.proceeds_unbalanced");
}
