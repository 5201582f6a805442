// SPDX-License-Identifier: Apache-2.0
// Tax of orders: where it stands, under which code, and what happens where Amazon states none.
#include "tests/plugins/mfn_order_import/mapped_orders.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// A German order, 19 % inside: 119.00 holds 19.00, shipping of 5.95 holds 0.95.
Json german_order() {
    return amazon_order("DE",
                        {{"ROPE",
                          1,
                          "124.95",
                          {{"ITEM", "119.00"},
                           {"SHIPPING", "5.95"},
                           {"TAX", "19.95", {{"ITEM", "19.00"}, {"SHIPPING", "0.95"}}}}}},
                        "124.95");
}

/// Tax of 0.80 that Amazon collects, and of 0.40 that we owe.
Json mixed_order() {
    return amazon_order("US",
                        {{"ROPE", 1, "10.80", {{"ITEM", "10.00"}, {"TAX", "0.80"}}, true},
                         {"CLEAT", 1, "5.40", {{"ITEM", "5.00"}, {"TAX", "0.40"}}}},
                        "16.20");
}

Json delivered_to(Json order, const char* country, const char* state = "",
                  const char* postal_code = "1000") {
    Json* address = order.find("recipient")->find("deliveryAddress");
    address->set("countryCode", Json(country));
    address->set("stateOrRegion", Json(state));
    address->set("postalCode", Json(postal_code));
    return order;
}

Json with_vat_id(Json order) {
    order.member("tax").set(
        "taxRegistrations",
        Json::array({Json::object({{"entityType", Json("BUYER")},
                                   {"taxRegistrationType", Json("VAT")},
                                   {"taxRegistrationNumber", Json("ATU12345678")}})}));
    return order;
}

Json with_scheme(Json order, const char* scheme) {
    (*order.find("orderItems")->items_if())[0].member("tax").set(
        "taxCalculationBreakdowns",
        Json::array({Json::object({{"reportingScheme", Json(scheme)}})}));
    return order;
}

/// One line of `net` and `tax`, in the German store.
Json taxed_line(const char* total, const char* net, const char* tax, std::int64_t quantity = 1) {
    return amazon_order("DE", {{"ROPE", quantity, total, {{"ITEM", net}, {"TAX", tax}}}}, total);
}

OrderSettings with_codes(const char* mode, const char* codes, const char* more = "") {
    return order_settings(
        ("{\"tax\":{\"mode\":\"" + std::string(mode) + "\",\"codes\":" + codes + more + "}}")
            .c_str());
}

const char* const kGermanCodes =
    R"([{"ship_to":["DE"],"rate":19,"code":"501"},{"ship_to":["DE"],"rate":7,"code":"502"}])";

/// The code of the order's only line.
std::string code_for(const Json& order, const char* codes) {
    const Result<Json> document = map_order(order, with_codes("suitetax", codes));
    if (!document) return document.error().code;
    return (*document)["taxDetails"]["items"][0]["taxCode"]["id"].text();
}

}  // namespace

TEST_CASE("as tax details, Amazon's tax stands on each line under its code", "[order_tax]") {
    const Json json =
        mapped_order(delivered_to(german_order(), "DE"), with_codes("suitetax", kGermanCodes));
    CHECK(lines_of(json) == Texts{"98 x 1 = 100.00", "11 x 1 = 5.00"});
    CHECK(details_of(json) ==
          Texts{"98: 501, 19 % of 100.00 = 19.00", "11: 501, 19 % of 5.00 = 0.95"});
    CHECK(json["taxDetailsOverride"] == Json(true));
}

TEST_CASE("a promotion lowers what the tax of its line lies on", "[order_tax]") {
    // 100.00 - 10.00 net at 19 %: 17.10
    const Json order = delivered_to(
        amazon_order(
            "DE",
            {{"ROPE", 1, "107.10", {{"ITEM", "100.00"}, {"DISCOUNT", "-10.00"}, {"TAX", "17.10"}}}},
            "107.10"),
        "DE");
    const Json json = mapped_order(order, with_codes("suitetax", kGermanCodes));
    CHECK(lines_of(json) == Texts{"98 x 1 = 100.00", "16 = -10.00"});
    CHECK(details_of(json) == Texts{"98: 501, 19 % of 90.00 = 17.10"});
}

TEST_CASE("shipping of goods at two rates has a detail for each", "[order_tax]") {
    // 100.00 + 2.00 shipping at 19 %, 50.00 + 1.00 shipping at 7 %
    const Json order =
        delivered_to(amazon_order("DE",
                                  {{"ROPE",
                                    1,
                                    "121.38",
                                    {{"ITEM", "100.00"},
                                     {"SHIPPING", "2.00"},
                                     {"TAX", "19.38", {{"ITEM", "19.00"}, {"SHIPPING", "0.38"}}}}},
                                   {"CLEAT",
                                    1,
                                    "54.57",
                                    {{"ITEM", "50.00"},
                                     {"SHIPPING", "1.00"},
                                     {"TAX", "3.57", {{"ITEM", "3.50"}, {"SHIPPING", "0.07"}}}}}},
                                  "175.95"),
                     "DE");
    CHECK(details_of(mapped_order(order, with_codes("suitetax", kGermanCodes))) ==
          Texts{"98: 501, 19 % of 100.00 = 19.00", "99: 502, 7 % of 50.00 = 3.50",
                "11: 501, 19 % of 2.00 = 0.38", "11: 502, 7 % of 1.00 = 0.07"});
    // As lines of their own: one for each rule, with what it was computed from.
    const Json json =
        mapped_order(order, with_codes("line_item", R"([{"rate":19,"item":"31"},{"rate":7}])"));
    CHECK(lines_of(json) == Texts{"98 x 1 = 100.00", "99 x 1 = 50.00", "11 x 1 = 3.00",
                                  "31 x 1 = 19.38", "18 x 1 = 3.57"});
    CHECK(json["item"]["items"][3]["description"].text() == "19 % of 102.00 EUR, DE to DE");
    CHECK_FALSE(json.contains("taxDetails"));
}

TEST_CASE("the first rule that fits a sale gives its code", "[order_tax]") {
    const char* const codes = R"([
        {"scheme":"ioss","code":"1"}, {"scheme":"uoss","ship_to":["AT"],"rate":20,"code":"2"},
        {"vat_id":"yes","rate":0,"code":"3"}, {"ship_to":["CH","IC"],"rate":0,"code":"4"},
        {"ship_to":["XI"],"code":"5"}, {"ship_to":["US-WA"],"code":"6"},
        {"ship_from":["DE"],"ship_to":["DE"],"rate":19,"vat_id":"no","scheme":"none","code":"7"}])";
    const Json at_19 = taxed_line("119.00", "100.00", "19.00");
    const Json at_20 = taxed_line("120.00", "100.00", "20.00");
    const Json untaxed = taxed_line("100.00", "100.00", "0.00");
    CHECK(code_for(delivered_to(at_19, "DE"), codes) == "7");
    CHECK(code_for(with_scheme(delivered_to(at_20, "SE"), "IOSS"), codes) == "1");
    CHECK(code_for(with_scheme(delivered_to(at_20, "AT"), "UOSS"), codes) == "2");
    CHECK(code_for(with_vat_id(delivered_to(untaxed, "AT")), codes) == "3");
    CHECK(code_for(delivered_to(untaxed, "CH"), codes) == "4");
    // The Canary Islands are Spain, but not for value-added tax.
    CHECK(code_for(delivered_to(untaxed, "ES", "Las Palmas", "35001"), codes) == "4");
    // Northern Ireland is the United Kingdom, and for goods the EU.
    CHECK(code_for(delivered_to(at_20, "GB", "", "BT1 1AA"), codes) == "5");
    CHECK(code_for(delivered_to(at_20, "US", "Washington"), codes) == "6");
    // Taxed at 19 % with a VAT id: neither reverse charge nor the private buyer's rule.
    CHECK(code_for(with_vat_id(delivered_to(at_19, "DE")), codes) == "order.tax_code");
    CHECK(code_for(delivered_to(at_20, "AT"), codes) == "order.tax_code");
}

TEST_CASE("an order that no rule fits says what was looked for", "[order_tax]") {
    const std::string told =
        refusal(with_vat_id(delivered_to(taxed_line("120.00", "100.00", "20.00"), "AT")),
                with_codes("suitetax", kGermanCodes));
    CHECK_THAT(told, StartsWith("order.tax_code: order 112-1234567-1234567, line 1, goods: no rule "
                                "of tax.codes fits ship_from DE, ship_to AT, vat_id yes, scheme "
                                "none, rate 20 (20.00 EUR on 100.00 EUR)"));
    Json nowhere = taxed_line("120.00", "100.00", "20.00");
    nowhere.erase("recipient");
    CHECK_THAT(refusal(nowhere, with_codes("suitetax", kGermanCodes)), Contains("ship_to unknown"));
}

TEST_CASE("a rate fits to one cent for each unit, and none but 0 where there is no tax",
          "[order_tax]") {
    const char* const codes = R"([{"rate":19,"code":"19"},{"rate":0,"code":"0"}])";
    // 3 x 3.35 = 10.05; 19 % of it 1.91; of each unit, rounded, 3 x 0.64 = 1.92
    CHECK(code_for(taxed_line("11.97", "10.05", "1.92", 3), codes) == "19");
    CHECK(code_for(taxed_line("11.99", "10.05", "1.94", 3), codes) == "19");
    CHECK(code_for(taxed_line("12.00", "10.05", "1.95", 3), codes) == "order.tax_code");
    CHECK(code_for(taxed_line("10.05", "10.05", "0.00"), codes) == "0");
    CHECK(code_for(taxed_line("10.06", "10.05", "0.01"), codes) == "order.tax_code");
    // 0.02 at 19 % is 0.00: too small to say anything.
    CHECK(code_for(taxed_line("0.02", "0.02", "0.00"), codes) == "19");
}

TEST_CASE("goods may leave from another country than the store's", "[order_tax]") {
    const char* const codes = R"([{"ship_from":["PL"],"code":"48"},{"code":"49"}])";
    const Json order = delivered_to(taxed_line("119.00", "100.00", "19.00"), "DE");
    CHECK(code_for(order, codes) == "49");
    CHECK(mapped_order(
              order, with_codes("suitetax", codes,
                                R"(,"ship_from":"PL")"))["taxDetails"]["items"][0]["taxCode"]["id"]
              .text() == "48");
}

TEST_CASE("an order of which Amazon taxes one line is exact in every way to state tax",
          "[order_tax]") {
    CHECK(lines_of(mapped_order(mixed_order(), order_settings())) ==
          Texts{"98 x 1 = 10.00", "99 x 1 = 5.00", "18 x 1 = 0.40"});
    CHECK(lines_of(mapped_order(mixed_order(),
                                order_settings(R"({"tax":{"facilitator":"in_and_out"}})"))) ==
          Texts{"98 x 1 = 10.00", "99 x 1 = 5.00", "18 x 1 = 0.40", "19 x 1 = 0.80",
                "19 x 1 = -0.80"});
    const char* const codes =
        R"([{"scheme":"facilitator","code":"8"},{"scheme":"none","code":"9"}])";
    const Json details = mapped_order(mixed_order(), with_codes("suitetax", codes));
    CHECK(lines_of(details) == Texts{"98 x 1 = 10.00", "99 x 1 = 5.00"});
    CHECK(details_of(details) == Texts{"98: 8, 0 % of 10.00 = 0.00", "99: 9, 8 % of 5.00 = 0.40"});
    const Json both = mapped_order(mixed_order(),
                                   with_codes("suitetax", codes, R"(,"facilitator":"in_and_out")"));
    CHECK(lines_of(both) ==
          Texts{"98 x 1 = 10.00", "99 x 1 = 5.00", "19 x 1 = 0.80", "19 x 1 = -0.80"});
    // In none mode, the 0.40 are ours and nobody said where to.
    CHECK_THAT(refusal(mixed_order(), order_settings(R"({"tax":{"mode":"none"}})")),
               StartsWith("order.tax_not_configured: order 112-1234567-1234567: it has 0.40 USD"));
}

TEST_CASE("where NetSuite computes the tax, the document has none and does not keep it out",
          "[order_tax]") {
    const OrderSettings netsuite = order_settings(R"({"tax":{"mode":"netsuite"}})");
    const Json json = mapped_order(german_order(), netsuite);
    CHECK(lines_of(json) == Texts{"98 x 1 = 100.00", "11 x 1 = 5.00"});
    CHECK_FALSE(json.contains("taxDetailsOverride"));
    CHECK(tax_left_to_netsuite(parse_order(german_order(), true).value(), netsuite).text() ==
          "19.95 EUR");
    // With a rounding item, its line is there from the start.
    CHECK(lines_of(
              mapped_order(german_order(),
                           order_settings(R"({"tax":{"mode":"netsuite","max_rounding":0.02}})"))) ==
          Texts{"98 x 1 = 100.00", "11 x 1 = 5.00", "20 x 1 = 0.00"});
}

TEST_CASE("NetSuite does not tax once more what Amazon has collected", "[order_tax]") {
    const OrderSettings netsuite = order_settings(R"({"tax":{"mode":"netsuite"}})");
    const Json amazons = amazon_order(
        "US", {{"ROPE", 1, "10.80", {{"ITEM", "10.00"}, {"TAX", "0.80"}}, true}}, "10.80");
    const Json json = mapped_order(amazons, netsuite);
    CHECK(lines_of(json) == Texts{"98 x 1 = 10.00"});
    CHECK(json["taxDetailsOverride"] == Json(true));
    // An engine can be kept out of a whole document only.
    CHECK_THAT(refusal(mixed_order(), netsuite), StartsWith("order.tax_mixed"));
    const Json mixed = mapped_order(
        mixed_order(),
        with_codes("netsuite", R"([{"scheme":"facilitator","code":"8"},{"code":"9"}])"));
    CHECK(mixed["taxDetailsOverride"] == Json(true));
    CHECK(details_of(mixed) == Texts{"98: 8, 0 % of 10.00 = 0.00", "99: 9, 8 % of 5.00 = 0.40"});
}

TEST_CASE("tax that a gross price holds and Amazon does not state", "[order_tax]") {
    const Json order = delivered_to(
        amazon_order("DE", {{"ROPE", 1, "124.95", {{"ITEM", "119.00"}, {"SHIPPING", "5.95"}}}},
                     "124.95"),
        "DE");
    const char* const codes = R"([{"vat_id":"yes","rate":0,"code":"3"},
        {"ship_to":["CH"],"rate":0,"code":"4"},{"ship_to":["DE"],"rate":19,"code":"501"}])";
    const auto with = [&](const char* policy) {
        return with_codes("line_item", codes,
                          (",\"when_missing\":\"" + std::string(policy) + "\"").c_str());
    };
    const Texts untaxed{"98 x 1 = 119.00", "11 x 1 = 5.95"};
    CHECK(lines_of(mapped_order(order, with("none"))) == untaxed);

    // 119.00 / 1.19 = 100.00, 5.95 / 1.19 = 5.00; 124.95 - 105.00 = 19.95
    CHECK(lines_of(mapped_order(order, with("rate"))) ==
          Texts{"98 x 1 = 100.00", "11 x 1 = 5.00", "18 x 1 = 19.95"});
    CHECK_THAT(refusal(order, with("refuse")),
               StartsWith("order.tax_missing: order 112-1234567-1234567, line 1: prices of DE "
                          "include tax, and Amazon states none for 124.95 EUR"));
    // Exports and reverse charge are the policy's own: nobody misses a tax.
    for (const char* policy : {"rate", "refuse"}) {
        CHECK(lines_of(mapped_order(delivered_to(order, "CH"), with(policy))) == untaxed);
        CHECK(lines_of(mapped_order(with_vat_id(order), with(policy))) == untaxed);
    }
    CHECK_THAT(refusal(delivered_to(order, "FR"), with("rate")),
               Contains("no rule of tax.codes fits ship_from DE, ship_to FR, vat_id no, scheme "
                        "none and has a rate"));
    // A store whose prices are net misses nothing.
    const Json american = amazon_order("US", {{"ROPE", 1, "10.00", {{"ITEM", "10.00"}}}}, "10.00");
    CHECK(lines_of(mapped_order(american, with("refuse"))) == Texts{"98 x 1 = 10.00"});
}

TEST_CASE("what Amazon's own rounding leaves over goes onto a line, up to a limit", "[order_tax]") {
    const OrderSettings two_cents = order_settings(R"({"tax":{"max_rounding":0.02}})");
    // The line: 10.00 + 0.83, and Amazon says 10.84.
    const Json line =
        amazon_order("US", {{"ROPE", 1, "10.84", {{"ITEM", "10.00"}, {"TAX", "0.83"}}}}, "10.84");
    CHECK(lines_of(mapped_order(line, two_cents)) ==
          Texts{"98 x 1 = 10.00", "18 x 1 = 0.83", "20 x 1 = 0.01"});
    // The order: a line of 10.83, and a grand total of 10.82.
    const Json order =
        amazon_order("US", {{"ROPE", 1, "10.83", {{"ITEM", "10.00"}, {"TAX", "0.83"}}}}, "10.82");
    CHECK(lines_of(mapped_order(order, two_cents)) ==
          Texts{"98 x 1 = 10.00", "18 x 1 = 0.83", "20 x 1 = -0.01"});
    CHECK_THAT(refusal(line, order_settings()), StartsWith("order.proceeds_unbalanced"));
    CHECK_THAT(refusal(order, order_settings(R"({"tax":{"max_rounding":0.005}})")),
               StartsWith("order.total_unexplained"));
    // Three lines of 0.01 are 0.03 for the order.
    const Line cent{"ROPE", 1, "10.84", {{"ITEM", "10.00"}, {"TAX", "0.83"}}};
    CHECK_THAT(refusal(amazon_order("US", {cent, cent, cent}, "32.52"), two_cents),
               StartsWith("order.rounding"));
    Json no_item = Json::parse(R"({"tax":"18"})").value();
    OrderSettings without = OrderSettings::parse(Json::object(
        {{"items", no_item}, {"tax", Json::parse(R"({"max_rounding":0.02})").value()}}));
    CHECK_THAT(refusal(line, without),
               StartsWith("order.item_setting") && Contains("items.rounding"));
}

TEST_CASE("whatever the order and the way to state its tax, the document is worth what is owed",
          "[order_tax]") {
    // The same numbers in each run: a failure can be looked at again.
    std::uint64_t state = 20261123;
    const auto below = [&state](std::uint64_t bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::int64_t>((state >> 33U) % bound);
    };
    const auto cents = [](std::int64_t value) {
        return Money::of(Decimal::from_parts(value, 2).value(), Currency::parse("EUR").value())
            ->amount_text();
    };
    const char* const codes = R"([{"scheme":"facilitator","code":"8"},{"code":"9"}])";
    const std::vector<OrderSettings> ways{
        order_settings(),
        order_settings(R"({"discount":"order"})"),
        with_codes("line_item", codes, R"(,"facilitator":"in_and_out")"),
        with_codes("suitetax", codes),
        with_codes("suitetax", codes, R"(,"facilitator":"in_and_out")"),
        with_codes("netsuite", codes, R"(,"max_rounding":0.02)")};
    for (int round = 0; round < 300; ++round) {
        std::vector<Line> lines;
        std::int64_t grand_total = 0;
        for (std::int64_t count = 1 + below(3); count > 0; --count) {
            const std::int64_t item = 100 + below(9'000);
            const std::int64_t shipping = below(600);
            const std::int64_t off = below(static_cast<std::uint64_t>(item));
            const std::int64_t tax = (item + shipping - off) * 19 / 100;
            const std::int64_t total = item + shipping - off + tax;
            grand_total += total;
            lines.push_back({below(2) == 0 ? "ROPE" : "CLEAT",
                             1 + below(4),
                             cents(total),
                             {{"ITEM", cents(item)},
                              {"SHIPPING", cents(shipping)},
                              {"DISCOUNT", cents(-off)},
                              {"TAX", cents(tax)}},
                             below(3) == 0});
        }
        const Json order = delivered_to(amazon_order("DE", lines, cents(grand_total)), "DE");
        for (const OrderSettings& way : ways) {
            INFO(order.dump());
            const Json document = mapped_order(order, way);
            // Each tax detail belongs to a line.
            for (const std::string& detail : details_of(document))
                REQUIRE(detail.find("no line") == std::string::npos);
        }
    }
}
