// SPDX-License-Identifier: Apache-2.0
// Which orders become sales orders, when, and what is asked of NetSuite before.
#include "tests/plugins/mfn_order_import/order_bench.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

TEST_CASE("orders that are not ours to import are skipped with the reason", "[order_flow]") {
    Orders flow;
    Json fba = order();
    fba.find("fulfillment")->set("fulfilledBy", Json("AMAZON"));
    Json nothing_left = order();
    nothing_left.find("orderItems")->items_if()->front().set("quantityOrdered", Json(0));
    const Passed passed = flow.run({fba, with_status(order(), "CANCELLED"), nothing_left,
                                    with_status(order(), "UNFULFILLABLE")});
    CHECK(passed.reason(0) == "fulfilled by Amazon");
    CHECK(passed.reason(1) == "cancelled");
    CHECK(passed.reason(2) == "cancelled");
    CHECK(passed.reason(3) == "unfulfillable");
    CHECK(flow.target.asked.empty());
}

TEST_CASE("a pending order waits for Amazon's next version, for so many days", "[order_flow]") {
    Orders flow(R"({"pending_days":10})");
    for (const char* status : {"PENDING", "PENDING_AVAILABILITY"}) {
        INFO(status);
        const Passed passed = flow.run({with_status(order(), status)});
        CHECK(passed.of(0).kind == OutcomeKind::Waiting);
        CHECK(passed.reason() == "pending at Amazon");
        CHECK(passed.of(0).details().deadline.text() == "2026-11-30T11:00:00Z");
        CHECK(passed.of(0).details().look_again_at == UtcTime());
    }
}

TEST_CASE("open, part shipped and shipped orders are imported alike", "[order_flow]") {
    for (const char* status : {"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"}) {
        INFO(status);
        Orders flow;
        const Passed passed = flow.run({with_status(order(), status)});
        CHECK(passed.of(0).kind == OutcomeKind::Done);
        CHECK(flow.totals["AMZ-SO-NA1-112-1234567-1234567"] == "12.96");
    }
}

TEST_CASE("a status that we do not know is for a person, not a skip", "[order_flow]") {
    Orders flow;
    const Passed passed = flow.run({with_status(order(), "ON_THE_MOON")});
    CHECK(passed.code() == "order.status");
    CHECK_THAT(passed.message(), Contains("\"ON_THE_MOON\""));
}

TEST_CASE("an order that came without a customer points to the wiring", "[order_flow]") {
    Orders flow;
    Json lonely = order();
    lonely.erase("carrick");
    const Passed passed = flow.run({lonely});
    CHECK(passed.code() == "order.customer_missing");
    CHECK(passed.of(0).details().error->error_class == ErrorClass::Misconfigured);
    CHECK(passed.of(0).details().error->field == "from");
}

TEST_CASE("an order of another store does not land in these books", "[order_flow]") {
    Orders flow;
    Json canadian = order();
    canadian.find("salesChannel")->set("marketplaceId", Json("A2EUQ1WTGCTBG2"));
    CHECK(flow.run({canadian}).code() == "order.marketplace");
}

TEST_CASE("NetSuite is asked freshly for the order, and once for each item", "[order_flow]") {
    Orders flow(R"({"sku_aliases":{"R2":"ROPE"}})");
    Json json = amazon_order("US", {{"ROPE", 1, "1.00"}, {"R2", 1, "1.00"}, {"GONE", 0}}, "2.00");
    json.set("carrick", order()["carrick"]);
    const Passed passed = flow.run({json});
    REQUIRE(passed.lookups.size() == 2);
    CHECK(passed.lookups[0].name == "order");
    CHECK(passed.lookups[0].key == "112-1234567-1234567");
    CHECK(passed.lookups[0].fresh);
    CHECK(passed.lookups[1].name == "item");
    CHECK(passed.lookups[1].key == "ROPE");
    CHECK(passed.of(0).kind == OutcomeKind::Done);
}

TEST_CASE("a sales order is made in the marketplace's currency, not in the customer's",
          "[order_flow]") {
    Orders flow(R"({"currency":"USD"})");
    flow.answers[{"currency", "USD"}] = Json::object({{"id", Json("3")}});
    CHECK(flow.run({order()}).body()["currency"]["id"].text() == "3");
    flow.answers[{"currency", "USD"}] =
        Json::object({{"ambiguous", Json::array({Json("3"), Json("4")})}});
    CHECK(flow.run({order("112-2")}).code() == "order.currency");
    // An account with one currency needs no setting.
    Orders single;
    CHECK_FALSE(single.run({order()}).body().contains("currency"));
}

TEST_CASE("a line without a readable SKU fails its order and not the flow", "[order_flow]") {
    Orders flow;
    for (const std::string& sku : {std::string(), std::string(600, 'x')}) {
        Json json = amazon_order("US", {{sku, 1, "1.00"}}, "1.00");
        json.set("carrick", order()["carrick"]);
        CHECK(flow.run({json}).code() == "order.unknown_sku");
    }
}

TEST_CASE("an order that was imported stays as people there have edited it", "[order_flow]") {
    Orders flow;
    flow.ledger = {{0, UtcTime(1), R"({"salesOrder":"1000"})"}};
    const Passed passed = flow.run({with_status(order(), "SHIPPED")});
    CHECK(passed.reason() == "imported before");
    CHECK(flow.target.asked.empty());
    // Whatever becomes of it at Amazon after that: no second document, and no error for nothing.
    for (const char* status : {"CANCELLED", "ON_THE_MOON", "PENDING"}) {
        INFO(status);
        CHECK(flow.run({with_status(order(), status)}).reason() == "imported before");
    }
    Json odd = order();
    odd.set("proceeds", Json::object({{"grandTotal", amount("0.00", "EUR")}}));
    CHECK(flow.run({odd}).reason() == "imported before");
}

TEST_CASE("an order that another tool made is linked and left", "[order_flow]") {
    Orders flow;
    flow.answers[{"order", "112-1234567-1234567"}] = Json::object(
        {{"id", Json("555")}, {"externalid", Json("celigo-1")}, {"total", Json("99.00")}});
    const Passed passed = flow.run({order()});
    CHECK(passed.of(0).kind == OutcomeKind::Done);
    CHECK(Json::parse(passed.of(0).details().target_ids).value()["salesOrder"].text() == "555");
    REQUIRE(passed.links.size() == 1);
    CHECK(passed.links[0].second.kind == "amazon_order.sales_order");
    CHECK(passed.links[0].second.from == "112-1234567-1234567");
    CHECK(passed.links[0].second.to == "555");
    CHECK(flow.target.asked.empty());
}

TEST_CASE("several documents for one order are never chosen between", "[order_flow]") {
    Orders flow;
    flow.answers[{"order", "112-1234567-1234567"}] =
        Json::object({{"ambiguous", Json::array({Json("555"), Json("556")})}});
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "order.ambiguous");
    CHECK_THAT(passed.message(), Contains("555, 556"));
    CHECK(flow.target.asked.empty());
}

TEST_CASE("several items of one name are never chosen between", "[order_flow]") {
    Orders flow;
    flow.answers[{"item", "ROPE"}] =
        Json::object({{"ambiguous", Json::array({Json("98"), Json("97")})}});
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "order.ambiguous_item");
    CHECK_THAT(passed.message(), Contains("98, 97"));
}

TEST_CASE("an item that is missing fails its order and leaves the others", "[order_flow]") {
    Orders flow;
    Json lost = amazon_order("US", {{"LOST", 1, "1.00"}}, "1.00");
    lost.set("carrick", order()["carrick"]);
    const Passed passed = flow.run({lost, order()});
    CHECK(passed.code(0) == "order.unknown_sku");
    CHECK(passed.of(1).kind == OutcomeKind::Done);
}

TEST_CASE("totals are checked before anything is written", "[order_flow]") {
    Orders flow;
    // A mapping of the customer's own that changes an amount.
    flow.overlay = [](Json& body) { body.set("shippingCost", Json::number_token("5.00")); };
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "order.total_mismatch");
    CHECK_THAT(passed.message(),
               Contains("would add up to 17.96 USD, the customer owes 12.96 USD"));
    CHECK(flow.target.asked.empty());

    flow.overlay = [](Json& body) {
        body.find("item")->find("items")->items_if()->front().erase("amount");
    };
    CHECK(flow.run({order()}).code() == "order.amount");
}

TEST_CASE("an order whose amounts do not add up is not written", "[order_flow]") {
    Orders flow;
    Json json = order();
    json.set("proceeds", Json::object({{"grandTotal", amount("20.00", "USD")}}));
    CHECK(flow.run({json}).code() == "order.total_unexplained");
    CHECK(flow.target.asked.empty());
}

TEST_CASE("a setting that is missing is named with the order that needs it", "[order_flow]") {
    Orders flow(R"({"items":{"tax":"18"}})");
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "order.item_setting");
    CHECK(passed.of(0).details().error->error_class ==
          ErrorClass::Rejected);  // other orders do without
    CHECK_THAT(passed.message(), Contains("2.00 USD need the setting items.shipping"));
}
