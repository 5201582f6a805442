// SPDX-License-Identifier: Apache-2.0
// An Amazon order as the sales order NetSuite will see: the lines can be added up by hand.
#include "plugins/shared/order_import/order_mapping.hpp"
#include "tests/plugins/support/amazon_orders.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

/// Items by their role: shipping 11, gift wrap 12, ...
Json all_items() {
    return Json::parse(R"({"shipping":"11","gift_wrap":"12","cod_fee":"13","other":"14",
        "delivery_tip":"15","discount":"16","ship_discount":"17","tax":"18","facilitator_tax":"19"})")
        .value();
}

OrderSettings settings(const char* more = "{}") {
    Json json = Json::object({{"items", all_items()}, {"books_zone", Json("America/Los_Angeles")}});
    const Json added = Json::parse(more).value();
    for (const JsonMember& member : added.members()) json.set(member.key, member.value);
    return OrderSettings::parse(json);
}

OrderSettings without_item(const char* item) {
    Json items = all_items();
    items.erase(item);
    return OrderSettings::parse(Json::object({{"items", items}}));
}

const OrderReferences kReferences{"110", {{"ROPE", "98"}, {"CLEAT", "99"}}};

Result<Json> map(const Json& order, const OrderSettings& with = settings()) {
    return to_document(parse_order(order, true).value(), kReferences, with, "AMZ-SO-NA1-1");
}

Json mapped(const Json& order, const OrderSettings& with = settings()) {
    const Result<Json> sales_order = map(order, with);
    INFO((sales_order ? std::string() : sales_order.error().message));
    REQUIRE(sales_order);
    // Whatever the settings: what we would write is what the customer owes.
    const Order read = parse_order(order, true).value();
    CHECK(document_total(*sales_order, read.currency).value() ==
          expected_receivable(read, with.tip_is_ours).value());
    return *sales_order;
}

/// "item x quantity = amount" of each line.
std::vector<std::string> lines(const Json& sales_order) {
    std::vector<std::string> told;
    for (const Json& line : sales_order["item"]["items"].items()) {
        const std::string* quantity = line["quantity"].number_if();
        told.push_back(line["item"]["id"].text() + (quantity ? " x " + *quantity : "") + " = " +
                       *line["amount"].number_if());
    }
    return told;
}
using Lines = std::vector<std::string>;

Json everything() {
    // 40.00 - 4.00 + 5.99 - 5.99 + 3.00 + 3.60 = 42.60
    return amazon_order("US",
                        {{"ROPE",
                          2,
                          "42.60",
                          {{"ITEM", "40.00"},
                           {"SHIPPING", "5.99"},
                           {"GIFT_WRAP", "3.00"},
                           {"TAX", "3.60"},
                           {"DISCOUNT", "-9.99", {{"ITEM", "-4.00"}, {"SHIPPING", "-5.99"}}}},
                          false,
                          {"SUMMER", "FREESHIP"}}},
                        "42.60");
}

}  // namespace

TEST_CASE("the head: customer, day in the books' zone, Amazon's order id, status",
          "[sales_order]") {
    const Json json = mapped(everything(), settings(R"({"subsidiary":"1","locations":{"mfn":"6"},
        "fields":{"order_id":"custbody_amz","order_item_id":"custcol_amz"}})"));
    CHECK(json["externalId"].text() == "AMZ-SO-NA1-1");
    CHECK(json["entity"]["id"].text() == "110");
    CHECK(json["tranDate"].text() ==
          "2026-11-19");  // 03:30 UTC is the evening before in California
    CHECK(json["otherRefNum"].text() == "112-1234567-1234567");
    CHECK(json["custbody_amz"].text() == "112-1234567-1234567");
    CHECK(json["orderStatus"]["id"].text() == "B");
    CHECK(json["subsidiary"]["id"].text() == "1");
    CHECK(json["location"]["id"].text() == "6");
    CHECK(json["taxDetailsOverride"] == Json(true));
    CHECK(json["shippingAddress"]["state"].text() == "WA");
    CHECK(json["item"]["items"][0]["custcol_amz"].text() == "1");
    CHECK(json["item"]["items"][0]["description"].text() == "Title ROPE");
    CHECK(mapped(everything(),
                 settings(R"({"order_status":"pending_approval"})"))["orderStatus"]["id"]
              .text() == "A");
    CHECK_FALSE(mapped(everything(), settings(R"({"tax":{"engine":"legacy"}})"))
                    .contains("taxDetailsOverride"));
}

TEST_CASE("an order without an address is mapped without one", "[sales_order]") {
    Json order = everything();
    order.erase("recipient");
    CHECK_FALSE(mapped(order).contains("shippingAddress"));
}

TEST_CASE("each discount stands directly below what it is taken off", "[sales_order]") {
    const Json json = mapped(everything());
    CHECK(lines(json) == Lines{"98 x 2 = 40.00", "16 = -4.00", "11 x 1 = 5.99", "17 = -5.99",
                               "12 x 1 = 3.00", "18 x 1 = 3.60"});
    CHECK(json["item"]["items"][1]["description"].text() == "SUMMER, FREESHIP");
    CHECK_FALSE(json.contains("discountItem"));
}

TEST_CASE("as one discount of the order, lines have none", "[sales_order]") {
    const Json json = mapped(everything(), settings(R"({"discount":"order"})"));
    CHECK(lines(json) ==
          Lines{"98 x 2 = 40.00", "11 x 1 = 5.99", "12 x 1 = 3.00", "18 x 1 = 3.60"});
    CHECK(json["discountItem"]["id"].text() == "16");
    CHECK(*json["discountRate"].number_if() == "-9.99");
    const Json plain = amazon_order("US", {{"ROPE", 1, "10.00", {{"ITEM", "10.00"}}}}, "10.00");
    CHECK_FALSE(mapped(plain, settings(R"({"discount":"order"})")).contains("discountItem"));
}

TEST_CASE("shipping promotions use the discount item where they have none of their own",
          "[sales_order]") {
    CHECK(lines(mapped(everything(), without_item("ship_discount")))[3] == "16 = -5.99");
}

TEST_CASE("each line has the custom price level, its amount, and its own location",
          "[sales_order]") {
    const Json json = mapped(everything(), settings(R"({"locations":{"mfn":"6"}})"));
    for (const Json& line : json["item"]["items"].items()) {
        INFO(line.dump());
        CHECK(line["price"]["id"].text() == "-1");
        CHECK(line["amount"].is_number());
        // A discount applies to the line above and lies nowhere.
        CHECK(line["location"]["id"].text() == (line.contains("quantity") ? "6" : ""));
    }
}

TEST_CASE("a rate is sent only where it gives the amount to the cent", "[sales_order]") {
    // 10.00 / 3 is no price; 30.00 / 3 is.
    const Json order = amazon_order(
        "US",
        {{"ROPE", 3, "10.00", {{"ITEM", "10.00"}}}, {"CLEAT", 3, "30.00", {{"ITEM", "30.00"}}}},
        "40.00");
    const Json json = mapped(order);
    CHECK_FALSE(json["item"]["items"][0].contains("rate"));
    CHECK(*json["item"]["items"][1]["rate"].number_if() == "10.00");
    const Json yen = amazon_order("JP", {{"ROPE", 2, "2501", {{"ITEM", "2501"}}}}, "2501");
    CHECK_FALSE(mapped(yen)["item"]["items"][0].contains("rate"));
    CHECK(*mapped(yen)["item"]["items"][0]["amount"].number_if() == "2501");
}

TEST_CASE("prices that hold tax are sent net, with the tax as a line", "[sales_order]") {
    const Json order =
        amazon_order("DE",
                     {{"ROPE",
                       1,
                       "124.95",
                       {{"ITEM", "119.00"},
                        {"SHIPPING", "5.95"},
                        {"TAX", "19.95", {{"ITEM", "19.00"}, {"SHIPPING", "0.95"}}}}}},
                     "124.95");
    CHECK(lines(mapped(order)) == Lines{"98 x 1 = 100.00", "11 x 1 = 5.00", "18 x 1 = 19.95"});
}

TEST_CASE("tax that Amazon pays itself is left out, and may stand in a field", "[sales_order]") {
    const Json order = amazon_order(
        "US", {{"ROPE", 1, "10.80", {{"ITEM", "10.00"}, {"TAX", "0.80"}}, true}}, "10.80");
    const Json json =
        mapped(order, settings(R"({"fields":{"facilitator_tax":"custbody_withheld"}})"));
    CHECK(lines(json) == Lines{"98 x 1 = 10.00"});
    CHECK(*json["custbody_withheld"].number_if() == "0.80");
}

TEST_CASE("tax that Amazon pays itself can come in and go out again", "[sales_order]") {
    const Json order =
        amazon_order("US",
                     {{"ROPE", 1, "10.80", {{"ITEM", "10.00"}, {"TAX", "0.80"}}, true},
                      {"CLEAT", 1, "5.40", {{"ITEM", "5.00"}, {"TAX", "0.40"}}}},
                     "16.20");
    CHECK(lines(mapped(order, settings(R"({"tax":{"facilitator":"in_and_out"}})"))) ==
          Lines{"98 x 1 = 10.00", "99 x 1 = 5.00", "18 x 1 = 0.40", "19 x 1 = 0.80",
                "19 x 1 = -0.80"});
}

TEST_CASE("a delivery tip is a line only where it is ours", "[sales_order]") {
    const Json order =
        with_tip(amazon_order("US", {{"ROPE", 1, "10.00", {{"ITEM", "10.00"}}}}, "15.00"), "5.00");
    CHECK(lines(mapped(order)) == Lines{"98 x 1 = 10.00"});
    CHECK(lines(mapped(order, settings(R"({"tip":"line"})"))) ==
          Lines{"98 x 1 = 10.00", "15 x 1 = 5.00"});
}

TEST_CASE("fees and charges that we do not know have items of their own", "[sales_order]") {
    const Json order = amazon_order(
        "JP", {{"ROPE", 1, "3130", {{"ITEM", "2750"}, {"COD_FEE", "330"}, {"IMPORT", "50"}}}},
        "3130");
    CHECK(lines(mapped(order)) == Lines{"98 x 1 = 2750", "13 x 1 = 330", "14 x 1 = 50"});
}

TEST_CASE("cancelled lines drop out with everything of theirs", "[sales_order]") {
    const Json order = amazon_order(
        "US",
        {{"ROPE", 1, "10.00", {{"ITEM", "10.00"}}},
         {"GONE", 0, "9.00", {{"ITEM", "5.00"}, {"SHIPPING", "3.00"}, {"TAX", "1.00"}}}},
        "19.00");
    CHECK(lines(mapped(order)) == Lines{"98 x 1 = 10.00"});
}

TEST_CASE("a free replacement is an order of nothing but goods", "[sales_order]") {
    Json order = amazon_order("US", {{"ROPE", 2}});
    order.set("associatedOrders",
              Json::array({Json::object({{"orderId", Json("111-1")},
                                         {"associationType", Json("REPLACEMENT_ORIGINAL_ID")}})}));
    const Json json = mapped(order);
    CHECK(lines(json) == Lines{"98 x 2 = 0.00"});
    CHECK(*json["item"]["items"][0]["rate"].number_if() == "0.00");
}

TEST_CASE("an SKU may stand for an item of another name", "[sales_order]") {
    const OrderSettings with = settings(R"({"sku_aliases":{"rope 10m/grn":"ROPE-10M"}})");
    CHECK(with.item_name("rope 10m/grn") == "ROPE-10M");
    CHECK(with.item_name("CLEAT") == "CLEAT");
}

TEST_CASE("an SKU without an item is refused with the name that was looked for", "[sales_order]") {
    const Result<Json> json = map(amazon_order("US", {{"LOST", 1, "1.00"}}, "1.00"),
                                  settings(R"({"sku_aliases":{"LOST":"LOST-AND-FOUND"}})"));
    REQUIRE_FALSE(json);
    CHECK(json.error().error_class == ErrorClass::Rejected);
    CHECK(json.error().code == "order.unknown_sku");
    CHECK_THAT(json.error().message, Contains("\"LOST-AND-FOUND\" for SKU \"LOST\""));
}

TEST_CASE("an amount without an item fails its order and names the setting", "[sales_order]") {
    struct Row {
        const char* item;
        Json order;
    };
    const auto with = [](const char* store, const char* total, const std::vector<Part>& parts) {
        return amazon_order(store, {{"ROPE", 1, total, parts}}, total);
    };
    const std::vector<Row> rows{
        {"shipping", with("US", "12.00", {{"ITEM", "10.00"}, {"SHIPPING", "2.00"}})},
        {"gift_wrap", with("US", "12.00", {{"ITEM", "10.00"}, {"GIFT_WRAP", "2.00"}})},
        {"cod_fee", with("JP", "1200", {{"ITEM", "1000"}, {"COD_FEE", "200"}})},
        {"other", with("US", "12.00", {{"ITEM", "10.00"}, {"NEW_FEE", "2.00"}})},
        {"tax", with("US", "12.00", {{"ITEM", "10.00"}, {"TAX", "2.00"}})},
        {"discount", with("US", "8.00", {{"ITEM", "10.00"}, {"DISCOUNT", "-2.00"}})},
    };
    for (const Row& row : rows) {
        INFO(row.item);
        const Result<Json> json = map(row.order, without_item(row.item));
        REQUIRE_FALSE(json);
        CHECK(json.error().error_class == ErrorClass::Rejected);
        CHECK(json.error().code == "order.item_setting");
        CHECK(json.error().field == std::string("items.") + row.item);
    }
    const auto key = [](const Json& order, const char* text) {
        const Result<Json> json = map(order, OrderSettings::parse(Json::parse(text).value()));
        return json ? std::string() : json.error().code + " " + json.error().field;
    };
    const Json discounted = with("US", "8.00", {{"ITEM", "10.00"}, {"DISCOUNT", "-2.00"}});
    CHECK(key(discounted, R"({"discount":"order"})") == "order.item_setting items.discount");
    const Json tipped = with_tip(with("US", "10.00", {}), "0.00");
    CHECK(key(tipped, R"({"tip":"line"})").empty());
    const Json tip =
        with_tip(amazon_order("US", {{"ROPE", 1, "10.00", {{"ITEM", "10.00"}}}}, "11.00"), "1.00");
    CHECK(key(tip, R"({"tip":"line"})") == "order.item_setting items.delivery_tip");
    const Json facilitated = amazon_order(
        "US", {{"ROPE", 1, "10.80", {{"ITEM", "10.00"}, {"TAX", "0.80"}}, true}}, "10.80");
    CHECK(key(facilitated, R"({"tax":{"facilitator":"in_and_out"}})") ==
          "order.item_setting items.facilitator_tax");
}

TEST_CASE("tax that we owe is not left out because nobody configured it", "[sales_order]") {
    const OrderSettings none = settings(R"({"tax":{"mode":"none"}})");
    const std::vector<Part> parts{{"ITEM", "10.00"}, {"TAX", "0.80"}};
    const Result<Json> json = map(amazon_order("US", {{"ROPE", 1, "10.80", parts}}, "10.80"), none);
    REQUIRE_FALSE(json);
    CHECK(json.error().code == "order.tax_not_configured");
    CHECK(json.error().field == "tax.mode");
    // Amazon's own tax is none of ours.
    CHECK(map(amazon_order("US", {{"ROPE", 1, "10.80", parts, true}}, "10.80"), none));
}

TEST_CASE("an order in another currency than the marketplace's is refused", "[sales_order]") {
    const Result<Json> json =
        map(amazon_order("CA", {{"ROPE", 1, "1.00"}}, "1.00"), settings(R"({"currency":"USD"})"));
    REQUIRE_FALSE(json);
    CHECK(json.error().code == "order.currency");
    CHECK(json.error().field == "currency");
}

TEST_CASE("a zone or an address that cannot be used is told", "[sales_order]") {
    const auto code = [](const Result<Json>& json) { return json ? "mapped" : json.error().code; };
    const Json order = amazon_order("US", {{"ROPE", 1, "1.00"}}, "1.00");
    CHECK(code(map(order, settings(R"({"books_zone":"Mars/Olympus"})"))) == "time.zone");
    Json far = order;
    far.find("recipient")
        ->find("deliveryAddress")
        ->set("addressLine1", Json(std::string(500, 'x')));
    CHECK(code(map(far)) == "order.address_length");
}

TEST_CASE("our own total adds lines, order discount and shipping cost", "[sales_order]") {
    const Currency usd = Currency::parse("USD").value();
    const auto total = [&](const char* text) {
        const Result<Money> sum = document_total(Json::parse(text).value(), usd);
        return sum ? sum->text() : sum.error().code;
    };
    CHECK(
        total(
            R"({"item":{"items":[{"amount":10.00},{"amount":-1.5}]},"discountRate":-2.00,"shippingCost":4})") ==
        "10.50 USD");
    CHECK(total("{}") == "0.00 USD");
    CHECK(total(R"({"item":{"items":[{"amount":"10.00"}]}})") == "order.amount");
    CHECK(total(R"({"item":{"items":[{"rate":5,"quantity":2}]}})") == "order.amount");
    CHECK(total(R"({"item":{"items":[]},"discountRate":"10%"})") == "order.amount");
    CHECK(total(R"({"item":{"items":[{"amount":10.005}]}})") == "money.precision");
}

TEST_CASE("settings that are left out have the defaults of the manifest", "[sales_order]") {
    const OrderSettings none = OrderSettings::parse(Json());
    CHECK(none.books_zone == "UTC");
    CHECK_FALSE(none.pending_approval);
    CHECK_FALSE(none.discount_per_order);
    CHECK_FALSE(none.tip_is_ours);
    CHECK(none.tax.mode == TaxMode::LineItem);
    CHECK(none.tax.engine_is_suitetax);
    CHECK_FALSE(none.tax.facilitator_in_and_out);
    CHECK(none.pending_days == 30);
}
