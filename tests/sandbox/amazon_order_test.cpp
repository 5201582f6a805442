// SPDX-License-Identifier: Apache-2.0
// What Amazon says about an order: sums in each position of the switches, and who may see what.
#include "tests/sandbox/sandbox_fixture.hpp"

#include "examples/sandbox/amazon/order_json.hpp"
#include "examples/sandbox/amazon/proceeds.hpp"

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

OrderView everything() {
    OrderView view;
    for (const char* each :
         {"BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT",
          "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS"})
        view.included.insert(each);
    view.now = at("2026-11-23T12:00:00Z");
    return view;
}

/// A German line: 2 ropes at 24.99 with 19 % inside, 4.99 shipping, 10 % off the goods.
OrderLine german_line() {
    OrderLine line;
    line.order_item_id = "10000000000101";
    line.item = &items()[0];
    line.quantity = 2;
    line.unit_price = 2499;
    line.tax_rate = 1900;
    line.principal = {4200, 798};    // 49.98 = 42.00 + 7.98
    line.shipping = {419, 80};       // 4.99 = 4.19 + 0.80
    line.item_discount = {420, 80};  // 5.00 = 4.20 + 0.80
    line.promotion_ids = {"PAWS-1"};
    return line;
}

Order german_order() {
    Order order;
    order.id = "302-0000001-0000001";
    order.marketplace = marketplace_by_code("DE");
    order.lines = {german_line()};
    order.events = {{at("2026-11-20T08:00:00Z"), Happening::Placed},
                    {at("2026-11-20T08:30:00Z"), Happening::Confirmed},
                    {at("2026-11-21T10:00:00Z"), Happening::Shipped}};
    order.buyer_name = "Käthe Groß";
    order.buyer_email = "abc@marketplace.amazon.de";
    order.address = {"Käthe Groß",    "",           "Große Gasse 3", "",      "",
                     "Görlitz",       "",           "Sachsen",       "02826", "DE",
                     "030 23125 001", "RESIDENTIAL"};
    order.payment_method = "CreditCard";
    return order;
}

Decimal amount(const Json& money) {
    return Decimal::parse(money["amount"].text()).value();
}

Decimal subtotal(const Json& proceeds, std::string_view type) {
    for (const Json& each : proceeds["breakdowns"].items())
        if (each["type"].text() == type) return amount(each["subtotal"]);
    return Decimal();
}

Decimal dec(std::string_view text) {
    return Decimal::parse(text).value();
}
Decimal operator+(const Decimal& a, const Decimal& b) {
    return a.plus(b).value();
}

Json at_time(const Order& order, const char* time, const OrderView& view = everything()) {
    return order_json(order, *order.at(at(time)), view);
}

}  // namespace

TEST_CASE("net: every subtotal counts, and they add up to proceedsTotal", "[proceeds]") {
    const Json proceeds =
        item_proceeds_json(german_line(), *marketplace_by_code("DE"), everything());
    CHECK(subtotal(proceeds, "ITEM") == dec("42.00"));
    CHECK(subtotal(proceeds, "SHIPPING") == dec("4.19"));
    CHECK(subtotal(proceeds, "TAX") == dec("7.98"));  // 7.98 + 0.80 - 0.80
    CHECK(subtotal(proceeds, "DISCOUNT") == dec("-4.20"));
    CHECK(amount(proceeds["proceedsTotal"]) == dec("49.97"));  // 49.98 + 4.99 - 5.00
}

TEST_CASE("gross: the tax is inside, stated, and not added again", "[proceeds]") {
    OrderView view = everything();
    view.item_price_gross = true;
    const Json proceeds = item_proceeds_json(german_line(), *marketplace_by_code("DE"), view);
    CHECK(subtotal(proceeds, "ITEM") == dec("49.98"));
    CHECK(subtotal(proceeds, "SHIPPING") == dec("4.99"));
    CHECK(subtotal(proceeds, "DISCOUNT") == dec("-5.00"));
    CHECK(subtotal(proceeds, "TAX") == dec("7.98"));
    CHECK(amount(proceeds["proceedsTotal"]) == dec("49.97"));
    // In a store whose prices hold no tax the switch changes nothing.
    const Json american = item_proceeds_json(german_line(), *marketplace_by_code("US"), view);
    CHECK(subtotal(american, "ITEM") == dec("42.00"));
}

TEST_CASE("a positive discount is to be taken off, and the total stays what it is", "[proceeds]") {
    OrderView view = everything();
    view.discount_positive = true;
    const Json proceeds = item_proceeds_json(german_line(), *marketplace_by_code("DE"), view);
    CHECK(subtotal(proceeds, "DISCOUNT") == dec("4.20"));
    CHECK(amount(proceeds["breakdowns"][2]["detailedBreakdowns"][0]["value"]) == dec("4.20"));
    CHECK(amount(proceeds["proceedsTotal"]) == dec("49.97"));
}

TEST_CASE("without stated tax only gross amounts remain, except where Amazon collects it",
          "[proceeds]") {
    OrderView view = everything();
    view.vat_tax_absent = true;
    OrderLine line = german_line();
    const Json proceeds = item_proceeds_json(line, *marketplace_by_code("DE"), view);
    CHECK(subtotal(proceeds, "ITEM") == dec("49.98"));
    CHECK(subtotal(proceeds, "TAX").is_zero());
    CHECK(amount(proceeds["proceedsTotal"]) == dec("49.97"));
    line.facilitator = true;
    CHECK(subtotal(item_proceeds_json(line, *marketplace_by_code("DE"), view), "TAX") ==
          dec("7.98"));
}

TEST_CASE("yen have no decimals", "[proceeds]") {
    CHECK(money_json(2598, "JPY").dump() == R"({"amount":"2598","currencyCode":"JPY"})");
    CHECK(money_json(2598, "USD").dump() == R"({"amount":"25.98","currencyCode":"USD"})");
    CHECK(money_json(-5, "EUR").dump() == R"({"amount":"-0.05","currencyCode":"EUR"})");
}

TEST_CASE("in every position of the switches the whole world adds up", "[proceeds][world]") {
    Sandbox sandbox(small_world(), {});
    for (const bool gross : {false, true})
        for (const bool positive : {false, true})
            for (const bool absent : {false, true}) {
                OrderView view = everything();
                view.item_price_gross = gross;
                view.discount_positive = positive;
                view.vat_tax_absent = absent;
                int checked = 0;
                for (const Order* order : sandbox.world().orders()) {
                    const Json json = order_json(*order, *order->at(sandbox.clock().now()), view);
                    if (!json.contains("proceeds")) continue;
                    INFO(order->id << " " << order->recipe);
                    Decimal items = subtotal(json["proceeds"], "DELIVERY_TIP");
                    for (const Json& item : json["orderItems"].items()) {
                        if (!item.contains("proceeds")) continue;
                        const Json& proceeds = item["proceeds"];
                        const Decimal total = amount(proceeds["proceedsTotal"]);
                        items = items + total;
                        const Decimal discount = subtotal(proceeds, "DISCOUNT");
                        const Decimal charges =
                            subtotal(proceeds, "ITEM") + subtotal(proceeds, "SHIPPING") +
                            subtotal(proceeds, "GIFT_WRAP") + subtotal(proceeds, "COD_FEE") +
                            (positive ? discount.negated() : discount);
                        const bool net_fits = charges + subtotal(proceeds, "TAX") == total;
                        const bool gross_fits = charges == total;
                        CHECK((gross && order->marketplace->prices_include_tax ? gross_fits
                                                                               : net_fits));
                    }
                    CHECK(items == amount(json["proceeds"]["grandTotal"]));
                    CHECK(items == truth_of(*order).grand_total);
                    ++checked;
                }
                CHECK(checked > 400);
            }
}

TEST_CASE("a pending order has no people and, outside Japan, no prices", "[order]") {
    Order order = german_order();
    Json pending = at_time(order, "2026-11-20T08:10:00Z");
    CHECK(pending["fulfillment"]["fulfillmentStatus"] == Json("PENDING"));
    for (const char* absent : {"buyer", "recipient", "proceeds", "payment", "packages"})
        CHECK_FALSE(pending.contains(absent));
    CHECK_FALSE(pending["orderItems"][0]["product"].contains("price"));
    CHECK(pending["orderItems"][0]["quantityOrdered"] == Json(2));
    order.marketplace = marketplace_by_code("JP");
    CHECK(at_time(order, "2026-11-20T08:10:00Z").contains("proceeds"));
}

TEST_CASE("includedData decides which parts come", "[order]") {
    const Order order = german_order();
    OrderView view = everything();
    view.included.clear();
    const Json bare = at_time(order, "2026-11-22T00:00:00Z", view);
    std::vector<std::string> keys;
    for (const JsonMember& member : bare.members()) keys.push_back(member.key);
    CHECK(keys == std::vector<std::string>{"orderId", "createdTime", "lastUpdatedTime",
                                           "salesChannel", "orderItems"});
    view.included = {"PACKAGES"};
    CHECK(at_time(order, "2026-11-22T00:00:00Z", view).contains("packages"));
    view.included = {"PROMOTION"};
    const Json promotion = at_time(order, "2026-11-22T00:00:00Z", view);
    CHECK(promotion["orderItems"][0]["promotion"]["breakdowns"][0]["promotionId"] ==
          Json("PAWS-1"));
    CHECK_FALSE(promotion["orderItems"][0].contains("proceeds"));
}

TEST_CASE("personal data needs the role, and shrinks with time and channel", "[order][pii]") {
    Order order = german_order();
    const Json whole = at_time(order, "2026-11-22T00:00:00Z");
    CHECK(whole["buyer"]["buyerEmail"] == Json("abc@marketplace.amazon.de"));
    CHECK(whole["recipient"]["deliveryAddress"]["phone"] == Json("030 23125 001"));

    OrderView view = everything();
    view.now = at("2026-12-24T00:00:00Z");  // long after the latest delivery date
    CHECK_FALSE(
        at_time(order, "2026-12-24T00:00:00Z", view)["recipient"]["deliveryAddress"].contains(
            "phone"));

    view = everything();
    view.may_see_pii = false;
    const Json masked = at_time(order, "2026-11-22T00:00:00Z", view);
    CHECK_FALSE(masked.contains("buyer"));
    CHECK(masked["recipient"]["deliveryAddress"].dump() ==
          R"({"city":"Görlitz","stateOrRegion":"Sachsen","countryCode":"DE"})");

    order.amazon_fulfilled = true;
    const Json fba = at_time(order, "2026-11-22T00:00:00Z");
    CHECK_FALSE(fba["buyer"].contains("buyerEmail"));
    CHECK(
        fba["recipient"]["deliveryAddress"].dump() ==
        R"({"city":"Görlitz","stateOrRegion":"Sachsen","postalCode":"02826","countryCode":"DE"})");
    CHECK_FALSE(fba.contains("packages"));
}

TEST_CASE("a facilitator's line says who collects the tax", "[order]") {
    Order order = german_order();
    CHECK_FALSE(at_time(order, "2026-11-22T00:00:00Z")["orderItems"][0].contains("tax"));
    order.lines[0].facilitator = true;
    CHECK(at_time(order,
                  "2026-11-22T00:00:00Z")["orderItems"][0]["tax"]["taxCollections"][0]["model"] ==
          Json("MARKETPLACE_FACILITATOR"));
}

TEST_CASE("a replacement costs nothing and names its original", "[order]") {
    Order order = german_order();
    order.replacement_of = "302-0000009-0000009";
    order.lines[0].principal = order.lines[0].shipping = order.lines[0].item_discount = {};
    const Json json = at_time(order, "2026-11-22T00:00:00Z");
    CHECK(json["associatedOrders"][0]["orderId"] == Json("302-0000009-0000009"));
    CHECK(json["proceeds"]["grandTotal"]["amount"] == Json("0.00"));
    CHECK(json["orderItems"][0]["product"]["price"]["unitPrice"]["amount"] == Json("0.00"));
}

TEST_CASE("words that are in no enumeration come only when asked for", "[order]") {
    Sandbox sandbox(small_world(100), {});
    const auto text = [&](bool unknown) {
        std::string all;
        OrderView view = everything();
        view.unknown_values = unknown;
        for (const Order* order : sandbox.world().orders())
            all += order_json(*order, *order->at(sandbox.clock().now()), view).dump();
        return all;
    };
    CHECK(text(false).find("MOONLIGHT") == std::string::npos);
    CHECK(text(true).find("MOONLIGHT") != std::string::npos);
    CHECK(text(true).find("AMAZON_TOMORROW") != std::string::npos);
}
