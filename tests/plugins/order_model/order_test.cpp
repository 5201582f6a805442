// SPDX-License-Identifier: Apache-2.0
// An order as the flows read it, and what its customer owes in each kind of store.
#include "plugins/shared/order_model/order.hpp"
#include "tests/plugins/support/amazon_orders.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

Order read(const Json& json) {
    Result<Order> order = parse_order(json, true);
    INFO((order ? std::string() : order.error().message));
    REQUIRE(order);
    return *order;
}

std::string owed(const Json& json, bool tip_is_ours = false) {
    const Result<Money> expected = expected_receivable(read(json), tip_is_ours);
    return expected ? expected->text() : expected.error().code;
}

std::string refusal(const Json& json, bool with_amounts = true) {
    const Result<Order> order = parse_order(json, with_amounts);
    return order ? "read" : order.error().code;
}

Json us_order() {
    return amazon_order(
        "US", {{"ROPE", 2, "47.97", {{"ITEM", "39.98"}, {"SHIPPING", "3.99"}, {"TAX", "4.00"}}}},
        "47.97");
}

}  // namespace

TEST_CASE("identity, status, parties and times are read", "[order_model]") {
    Json json = us_order();
    json.set("programs", Json::array({Json("PRIME"), Json("AMAZON_BUSINESS")}));
    json.find("buyer")->set("buyerCompanyName", Json("Knots Ltd"));
    json.find("buyer")->set("buyerPurchaseOrderNumber", Json("PO-7"));
    json.find("fulfillment")
        ->set("shipByWindow", Json::object({{"latestDateTime", Json("2026-11-22T07:59:59Z")}}));
    const Order order = read(json);
    CHECK(order.id.text == "112-1234567-1234567");
    CHECK(order.marketplace == "US");
    CHECK(order.status == FulfillmentStatus::Unshipped);
    CHECK(order.merchant_fulfilled);
    CHECK(order.amazon_channel);
    CHECK(order.business);
    CHECK(order.created.text() == "2026-11-20T03:30:00Z");
    CHECK(order.updated.text() == "2026-11-20T11:00:00Z");
    CHECK(order.ship_by.text() == "2026-11-22T07:59:59Z");
    CHECK(order.buyer_name == "Ann Buyer");
    CHECK(order.buyer_email == "ann@marketplace.amazon.com");
    CHECK(order.buyer_company == "Knots Ltd");
    CHECK(order.purchase_order_number == "PO-7");
    CHECK(order.replaces.empty());
    CHECK(order.grand_total.text() == "47.97 USD");
    REQUIRE(order.lines.size() == 1);
    CHECK(order.lines[0].id.text == "1");
    CHECK(order.lines[0].sku.text == "ROPE");
    CHECK(order.lines[0].quantity == 2);
    CHECK(order.lines[0].title == "Title ROPE");
}

TEST_CASE("each of Amazon's statuses is known, and a new one is no crash", "[order_model]") {
    const auto status = [](const char* text) {
        return parse_order(with_status(us_order(), text), false).value().status;
    };
    CHECK(status("PENDING_AVAILABILITY") == FulfillmentStatus::PendingAvailability);
    CHECK(status("PENDING") == FulfillmentStatus::Pending);
    CHECK(status("UNSHIPPED") == FulfillmentStatus::Unshipped);
    CHECK(status("PARTIALLY_SHIPPED") == FulfillmentStatus::PartiallyShipped);
    CHECK(status("SHIPPED") == FulfillmentStatus::Shipped);
    CHECK(status("CANCELLED") == FulfillmentStatus::Cancelled);
    CHECK(status("UNFULFILLABLE") == FulfillmentStatus::Unfulfillable);
    CHECK(status("ON_THE_MOON") == FulfillmentStatus::Unknown);
}

TEST_CASE("a pending order without amounts, address or lines is read", "[order_model]") {
    Json json = with_status(us_order(), "PENDING");
    json.erase("proceeds");
    json.erase("recipient");
    json.erase("orderItems");
    const Result<Order> order = parse_order(json, false);
    REQUIRE(order);
    CHECK_FALSE(order->is_open_or_shipped());
    CHECK_FALSE(order->is_cancelled());
    CHECK(order->ship_to.empty());
}

TEST_CASE("cancelled is an order as a whole, or one with nothing left of any line",
          "[order_model]") {
    const auto cancelled = [](const Json& json) {
        return parse_order(json, false)->is_cancelled();
    };
    CHECK(cancelled(with_status(us_order(), "CANCELLED")));
    CHECK(cancelled(amazon_order("US", {{"A", 0}, {"B", 0}})));
    CHECK_FALSE(cancelled(amazon_order("US", {{"A", 0}, {"B", 1}})));
}

TEST_CASE("what makes an order unreadable has its own code", "[order_model]") {
    const auto without = [](const char* member) {
        Json json = us_order();
        json.erase(member);
        return refusal(json);
    };
    CHECK(without("orderId") == "order.id");
    CHECK(without("createdTime") == "order.time");
    CHECK(without("lastUpdatedTime") == "order.time");
    CHECK(without("orderItems") == "order.no_lines");

    Json no_number = us_order();
    no_number.find("orderItems")->items_if()->front().set("quantityOrdered", Json("two"));
    CHECK(refusal(no_number) == "order.line");
    Json negative = us_order();
    negative.find("orderItems")->items_if()->front().set("quantityOrdered", Json(-1));
    CHECK(refusal(negative) == "order.line");
    Json no_id = us_order();
    no_id.find("orderItems")->items_if()->front().erase("orderItemId");
    CHECK(refusal(no_id) == "order.line");

    CHECK(refusal(amazon_order("US", {{"ROPE"}})) == "order.proceeds_missing");
    Json odd = us_order();
    odd.set("proceeds", Json::object({{"grandTotal", amount("1.00", "usd")}}));
    CHECK(refusal(odd) == "money.currency");
    Json mixed = us_order();
    mixed.set("proceeds", Json::object({{"grandTotal", amount("47.97", "CAD")}}));
    CHECK(refusal(mixed) == "order.currency");
    CHECK(refusal(amazon_order("US", {{"ROPE", 1, "5.00", {{"ITEM", "4.00"}}}}, "5.00")) ==
          "order.proceeds_unbalanced");
}

TEST_CASE("an open order must say who fulfils it, or it would be taken for Amazon's own",
          "[order_model]") {
    Json json = us_order();
    json.find("fulfillment")->erase("fulfilledBy");
    const Result<Order> order = parse_order(json, false);
    REQUIRE_FALSE(order);
    CHECK(order.error().code == "order.fulfilled_by");
    CHECK_THAT(order.error().message, Contains("orders.included_data"));
    CHECK(refusal(with_status(json, "PENDING"), false) == "read");
    json.find("fulfillment")->set("fulfilledBy", Json("AMAZON"));
    CHECK_FALSE(parse_order(json, false)->merchant_fulfilled);
}

TEST_CASE("an order is kept out of another marketplace's books", "[order_model]") {
    Order order = read(us_order());
    CHECK(belongs_to(order, "US"));
    CHECK(belongs_to(order, ""));
    const Result<void> refused = belongs_to(order, "CA");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "order.marketplace");
    CHECK_THAT(refused.error().message, Contains("it is of US, and this instance keeps CA"));
    order.marketplace.clear();
    CHECK_FALSE(belongs_to(order, "US"));
}

// ---- the expected receivable, by hand, for each kind of store
// ------------------------------------

TEST_CASE("US: tax that Amazon collects and pays is not ours to receive",
          "[order_model][receivable]") {
    // 39.98 + 3.99 + 4.00 tax = 47.97, of which Amazon keeps 4.00.
    const Line taxed{
        "ROPE", 2, "47.97", {{"ITEM", "39.98"}, {"SHIPPING", "3.99"}, {"TAX", "4.00"}}, true};
    CHECK(owed(amazon_order("US", {taxed}, "47.97")) == "43.97 USD");
    // Per item, not per store: the second line's 0.80 we owe ourselves. 47.97 + 10.80 - 4.00
    // = 54.77
    const Line ours{"CLEAT", 1, "10.80", {{"ITEM", "10.00"}, {"TAX", "0.80"}}};
    CHECK(owed(amazon_order("US", {taxed, ours}, "58.77")) == "54.77 USD");
}

TEST_CASE("CA: GST on one line is ours, provincial tax on the other is Amazon's",
          "[order_model][receivable]") {
    // 20.00 + 1.00 + 30.00 + 3.90 = 54.90; without the 3.90: 51.00
    CHECK(owed(amazon_order("CA",
                            {{"A", 1, "21.00", {{"ITEM", "20.00"}, {"TAX", "1.00"}}},
                             {"B", 1, "33.90", {{"ITEM", "30.00"}, {"TAX", "3.90"}}, true}},
                            "54.90")) == "51.00 CAD");
}

TEST_CASE("MX: prices hold 16 % of tax, which is ours", "[order_model][receivable]") {
    // 1,160.00 holds 160.00; the customer owes the whole.
    const Json order = amazon_order(
        "MX", {{"A", 1, "1160.00", {{"ITEM", "1160.00"}, {"TAX", "160.00", {{"ITEM", "160.00"}}}}}},
        "1160.00");
    CHECK(owed(order) == "1160.00 MXN");
    CHECK(read(order).lines[0].proceeds.item.text() == "1000.00 MXN");
}

TEST_CASE("UK: of a price that holds VAT we receive the net where Amazon pays the VAT",
          "[order_model][receivable]") {
    // 24.00 holds 4.00. Ours: 24.00. Amazon's (a seller from abroad): 20.00.
    const std::vector<Part> parts{{"ITEM", "24.00"}, {"TAX", "4.00"}};
    CHECK(owed(amazon_order("UK", {{"A", 1, "24.00", parts}}, "24.00")) == "24.00 GBP");
    CHECK(owed(amazon_order("UK", {{"A", 1, "24.00", parts, true}}, "24.00")) == "20.00 GBP");
    // The same, with the tax stated beside the net price.
    CHECK(owed(amazon_order("UK", {{"A", 1, "24.00", {{"ITEM", "20.00"}, {"TAX", "4.00"}}, true}},
                            "24.00")) == "20.00 GBP");
}

TEST_CASE("DE: goods, shipping and a coupon, all with VAT inside", "[order_model][receivable]") {
    // 119.00 + 5.95 - 11.90 = 113.05, holding 19.00 + 0.95 - 1.90 = 18.05
    const Json order = amazon_order(
        "DE",
        {{"A",
          1,
          "113.05",
          {{"ITEM", "119.00"},
           {"SHIPPING", "5.95"},
           {"DISCOUNT", "-11.90", {{"ITEM", "-11.90"}}},
           {"TAX", "18.05", {{"ITEM", "19.00"}, {"SHIPPING", "0.95"}, {"DISCOUNT", "-1.90"}}}}}},
        "113.05");
    CHECK(owed(order) == "113.05 EUR");
    CHECK(read(order).lines[0].proceeds.net().text() == "95.00 EUR");
    // Without any tax stated the price is all there is.
    CHECK(owed(amazon_order("DE", {{"A", 1, "119.00", {{"ITEM", "119.00"}}}}, "119.00")) ==
          "119.00 EUR");
}

TEST_CASE("JP: yen, cash on delivery, a coupon", "[order_model][receivable]") {
    // 2,750 + 330 - 275 = 2,805
    CHECK(
        owed(amazon_order(
            "JP", {{"A", 1, "2805", {{"ITEM", "2750"}, {"COD_FEE", "330"}, {"DISCOUNT", "-275"}}}},
            "2805")) == "2805 JPY");
}

TEST_CASE("AU: GST inside, collected by Amazon on goods from abroad", "[order_model][receivable]") {
    // 11.00 holds 1.00, ours; 22.00 holds 2.00, Amazon's: 33.00 - 2.00
    CHECK(owed(amazon_order("AU",
                            {{"A", 1, "11.00", {{"ITEM", "11.00"}, {"TAX", "1.00"}}},
                             {"B", 2, "22.00", {{"ITEM", "22.00"}, {"TAX", "2.00"}}, true}},
                            "33.00")) == "31.00 AUD");
}

TEST_CASE("a delivery tip is not ours unless the settings say so", "[order_model][receivable]") {
    const Json order =
        with_tip(amazon_order("US", {{"A", 1, "10.00", {{"ITEM", "10.00"}}}}, "15.00"), "5.00");
    CHECK(owed(order) == "10.00 USD");
    CHECK(owed(order, true) == "15.00 USD");
    // Where Amazon states no grand total it is the lines and the tip.
    Json untold = order;
    untold.find("proceeds")->erase("grandTotal");
    CHECK(owed(untold) == "10.00 USD");
}

TEST_CASE("cancelled lines are not owed, whether Amazon took them off the grand total or not",
          "[order_model][receivable]") {
    const Line kept{"A", 1, "10.00", {{"ITEM", "10.00"}}};
    const Line cancelled{"B", 0, "7.00", {{"ITEM", "6.00"}, {"TAX", "1.00"}}, true};
    CHECK(owed(amazon_order("US", {kept, cancelled}, "10.00")) == "10.00 USD");
    CHECK(owed(amazon_order("US", {kept, cancelled}, "17.00")) == "10.00 USD");
    CHECK(owed(amazon_order("US", {kept, {"B", 0}}, "10.00")) == "10.00 USD");
}

TEST_CASE("a grand total that the lines do not explain is refused with both figures",
          "[order_model][receivable]") {
    const Order order = read(amazon_order("US", {{"A", 1, "10.00", {{"ITEM", "10.00"}}}}, "12.00"));
    const Result<Money> expected = expected_receivable(order);
    REQUIRE_FALSE(expected);
    CHECK(expected.error().code == "order.total_unexplained");
    CHECK_THAT(expected.error().message,
               Contains("the lines add up to 10.00 USD, the grand total is 12.00 USD"));
}

TEST_CASE("a replacement is free, with amounts of zero or with none at all",
          "[order_model][receivable]") {
    Json stated = amazon_order("US", {{"A", 1, "0.00", {{"ITEM", "0.00"}}}}, "0.00");
    stated.set("associatedOrders",
               Json::array({Json::object({{"orderId", Json("111-0000000-0000000")},
                                          {"associationType", Json("REPLACEMENT_ORIGINAL_ID")}})}));
    CHECK(owed(stated) == "0.00 USD");
    CHECK(read(stated).replaces == "111-0000000-0000000");
    Json silent = amazon_order("JP", {{"A", 1}});
    silent.set("associatedOrders", stated["associatedOrders"]);
    CHECK(owed(silent) == "0 JPY");
}
