// SPDX-License-Identifier: Apache-2.0
// Amazon's shipments become item fulfilments: of orders that are ours, once, and never of more than
// was ordered.
#include "plugins/fba_fulfillment/fulfillment_flow.hpp"
#include "tests/plugins/support/amazon_orders.hpp"
#include "tests/plugins/support/memory_netsuite.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kOrder = "112-1234567-1234567";

const carrick_plugin* entry() {
    return sdk::plugin_descriptor<&make_fulfillment_flow>("fba_fulfillment", "0.1.0");
}

/// An Amazon and a NetSuite with one order: 3 ROPE, 1 KNOT and a charge for shipping, keys 1, 4, 7.
struct Fulfillments : FlowBench {
    MemoryNetSuite erp;

    explicit Fulfillments(const char* settings = R"({"books_zone":"America/Los_Angeles",
                              "locations":{"fba":"7","centres":{"PHX7":"71"}}})")
        : FlowBench("fba_fulfillment", &entry,
                    config_of("fulfillments", "US", Json::parse(settings).value())) {
        answers[{"item", "ROPE"}] = Json::object({{"id", Json("98")}});
        answers[{"item", "KNOT"}] = Json::object({{"id", Json("99")}});
        target.answer = [this](const std::string& operation, const Json& body) {
            return erp.reply(operation, body);
        };
        look_up = [this](const std::string& name, const std::string& key) {
            return erp.look_up(name, key);
        };
        erp.orders["1000"] = {"1000",
                              "AMZ-SO-NA1-112-1234567-1234567",
                              kOrder,
                              "B",
                              {{1, "98", Decimal(3), Decimal(30)},
                               {4, "99", Decimal(1), Decimal(5)},
                               {7, "11", Decimal(1), Decimal(2)}}};
        link("1000");
    }
    void link(const std::string& id) {
        target.linked[std::string("amazon_order.sales_order:") + kOrder] = {id};
    }
    MemoryNetSuite::SalesOrder& sales_order() { return erp.only_order(); }
    /// Instead of the one order: 1 ROPE in order 1000 of shipment DAAA1, which is linked; 2 ROPE
    /// and 1 KNOT in order 1001 of DBBB2.
    void by_shipment() {
        erp.orders["1000"].external_id += "-DAAA1";
        erp.orders["1000"].lines = {{1, "98", Decimal(1), Decimal(10)}};
        erp.orders["1001"] = {
            "1001",
            "AMZ-SO-NA1-112-1234567-1234567-DBBB2",
            kOrder,
            "B",
            {{1, "98", Decimal(2), Decimal(20)}, {4, "99", Decimal(1), Decimal(5)}}};
    }
    /// The sales order that a shipment's fulfilment was made from.
    [[nodiscard]] std::string source_of(const std::string& shipment) const {
        const auto found = erp.fulfilments.find("AMZ-IF-NA1-112-1234567-1234567-" + shipment);
        REQUIRE(found != erp.fulfilments.end());
        return found->second.order;
    }
    [[nodiscard]] std::size_t writes() const {
        return target.bodies("netsuite.records.transform").size();
    }
    Json fulfilment(const std::string& shipment = "DAAA1") {
        const auto found = erp.fulfilments.find("AMZ-IF-NA1-112-1234567-1234567-" + shipment);
        REQUIRE(found != erp.fulfilments.end());
        return found->second.body;
    }
};

struct Units {
    std::string order_item;
    std::int64_t units = 1;
};

/// What left PHX7 on the evening of 21 November in Los Angeles; order item 1 is ROPE, 2 KNOT.
Json shipment(const std::vector<Units>& rows, const std::string& id = "DAAA1",
              const std::vector<std::string>& tracking = {"1Z999"}) {
    Json json = with_status(amazon_order("US", {{"ROPE", 3}, {"KNOT", 1}}), "SHIPPED");
    json.find("fulfillment")->set("fulfilledBy", Json("AMAZON"));
    Json items = Json::array();
    for (const Units& row : rows)
        items.push_back(
            Json::object({{"orderItemId", Json(row.order_item)}, {"quantity", Json(row.units)}}));
    Json packages = Json::array();
    for (const std::string& number : tracking)
        packages.push_back(
            Json::object({{"carrier", Json("UPS")}, {"trackingNumber", Json(number)}}));
    json.set("shipment", Json::object({{"shipmentId", Json(id)},
                                       {"shipmentDate", Json("2026-11-22T05:00:00Z")},
                                       {"fulfillmentCenterId", Json("PHX7")},
                                       {"items", items},
                                       {"packages", packages}}));
    return json;
}

}  // namespace

TEST_CASE("a shipment becomes a fulfilment of its units, dated and placed by the shipment",
          "[fulfillment]") {
    Fulfillments flow;
    const Passed passed = flow.run({shipment({{"1", 2}})});
    INFO(passed.message());
    REQUIRE(passed.of(0).kind == OutcomeKind::Done);
    const Json request = flow.target.bodies("netsuite.records.transform").at(0);
    CHECK(request["source_type"].text() == "salesOrder");
    CHECK(request["source_id"].text() == "1000");
    CHECK(request["target_type"].text() == "itemFulfillment");
    CHECK(request["external_id"].text() == "AMZ-IF-NA1-112-1234567-1234567-DAAA1");
    // In Los Angeles it was still the 21st. The KNOT stays behind; the charge never leaves.
    CHECK(flow.fulfilment().dump() ==
          R"({"externalId":"AMZ-IF-NA1-112-1234567-1234567-DAAA1","tranDate":"2026-11-21",)"
          R"("shipStatus":{"id":"C"},"item":{"items":[)"
          R"({"orderLine":1,"itemReceive":true,"quantity":2,"location":{"id":"71"}},)"
          R"({"orderLine":4,"itemReceive":false}]},"package":{"items":[)"
          R"({"packageDescr":"UPS","packageTrackingNumber":"1Z999","packageWeight":1}]}})");
    CHECK(flow.sales_order().lines.at(0).fulfilled == Decimal(2));
    CHECK(flow.sales_order().lines.at(1).fulfilled.is_zero());
    REQUIRE(passed.links.size() == 2);
    CHECK(passed.links[0].second.kind == "amazon_order.item_fulfillment");
    CHECK(passed.links[0].second.from == kOrder);
    CHECK(passed.links[1].second.kind == "amazon_shipment.item_fulfillment");
    CHECK(passed.links[1].second.from == "DAAA1");
    CHECK(passed.learnt()["itemFulfillment"]["id"].text() == "1001");
}

TEST_CASE("an order leaves in several shipments, one item spread over them", "[fulfillment]") {
    Fulfillments flow;
    CHECK(flow.run({shipment({{"1", 1}}, "DAAA1")}).of(0).kind == OutcomeKind::Done);
    CHECK(flow.sales_order().status() == "D");
    // Two rows of one item, as the report writes units that were packed apart.
    CHECK(flow.run({shipment({{"1", 1}, {"1", 1}, {"2", 1}}, "DBBB2", {"T1", "T2"})}).of(0).kind ==
          OutcomeKind::Done);
    CHECK(flow.erp.fulfilments.size() == 2);
    CHECK(flow.sales_order().lines.at(0).fulfilled == Decimal(3));
    CHECK(flow.sales_order().lines.at(1).fulfilled == Decimal(1));
    CHECK(flow.fulfilment("DBBB2")["package"]["items"].size() == 2);
}

TEST_CASE("the same shipment once more adopts its own fulfilment", "[fulfillment]") {
    Fulfillments flow;
    flow.run({shipment({{"1", 3}})});
    // A new store knows nothing of it; the order has nothing left.
    const Passed again = flow.run({shipment({{"1", 3}})});
    CHECK(again.of(0).kind == OutcomeKind::Done);
    CHECK(again.payloads.at(0).action == plugin_host::WriteAction::Adopt);
    CHECK(flow.writes() == 1);
    CHECK(flow.erp.fulfilments.size() == 1);
}

TEST_CASE("a lost answer that comes to light at the second try is adopted", "[fulfillment]") {
    Fulfillments flow;
    flow.run({shipment({{"1", 1}})});
    // Queries do not show it yet; NetSuite itself refuses the second one.
    flow.look_up = [&](const std::string& name, const std::string& key) {
        return name == "fulfillment" ? std::nullopt : flow.erp.look_up(name, key);
    };
    const Passed again = flow.run({shipment({{"1", 1}})});
    CHECK(again.of(0).kind == OutcomeKind::Done);
    CHECK(flow.writes() == 2);
    CHECK(flow.erp.fulfilments.size() == 1);
    CHECK(flow.sales_order().lines.at(0).fulfilled == Decimal(1));
}

TEST_CASE("the order is asked for before the fulfilment", "[fulfillment]") {
    // The host asks in the order of the manifest; the other way round a write that arrives in
    // between would make the order look overshipped.
    const plugin_host::Manifest manifest = manifest_of("fba_fulfillment");
    std::vector<std::string> names;
    for (const plugin_host::LookupDeclaration& each : manifest.lookups) names.push_back(each.name);
    CHECK(names == std::vector<std::string>{"any_order", "own_order", "order_of_others",
                                            "fulfillment", "item"});
    Fulfillments flow;
    for (const plugin_host::LookupRequest& request : flow.run({shipment({{"1"}})}).lookups)
        CHECK(request.fresh == (request.name != "item"));
}

TEST_CASE("a shipment waits for its sales order, and for the import's word on it",
          "[fulfillment]") {
    Fulfillments early;
    early.erp.orders.clear();
    const Passed missing = early.run({shipment({{"1"}})});
    CHECK(missing.of(0).kind == OutcomeKind::Waiting);
    CHECK(missing.of(0).details().awaited_link ==
          std::string("amazon_order.sales_order:") + kOrder);
    // Somebody else's order of before our time: not ours to fulfil.
    Fulfillments unlinked;
    unlinked.target.linked.clear();
    const Passed strange = unlinked.run({shipment({{"1"}})});
    CHECK(strange.of(0).kind == OutcomeKind::Waiting);
    CHECK(strange.of(0).details().awaited_link ==
          std::string("amazon_order.sales_order:") + kOrder);
    CHECK(unlinked.writes() == 0);
    // One that the import adopted is linked, and counts as ours.
    Fulfillments adopted;
    adopted.sales_order().external_id = "celigo-1";
    CHECK(adopted.run({shipment({{"1"}})}).of(0).kind == OutcomeKind::Done);
    Fulfillments pending;
    pending.sales_order().approval = "A";
    const Passed held = pending.run({shipment({{"1"}})});
    CHECK(held.of(0).kind == OutcomeKind::Waiting);
    CHECK(held.reason() == "its sales order awaits approval");
}

TEST_CASE("a sales order that is made while it is asked for is one to wait for", "[fulfillment]") {
    // Whichever question it arrives after: its link wakes the shipment, whose own order would not
    // come where one order stands for all shipments.
    for (const char* after : {"any_order", "own_order", "order_of_others"}) {
        Fulfillments flow;
        flow.target.linked.clear();
        bool made = false;
        flow.look_up = [&](const std::string& name, const std::string& key) {
            std::optional<Json> hit = made ? flow.erp.look_up(name, key) : std::nullopt;
            // The whole order is the second that own_order asks for.
            if (name == after && key.find("-DAAA1") == std::string::npos) made = true;
            return hit;
        };
        const Passed passed = flow.run({shipment({{"1"}})});
        INFO(after);
        CHECK(made);
        CHECK(passed.of(0).kind == OutcomeKind::Waiting);
        CHECK(passed.of(0).details().awaited_link ==
              std::string("amazon_order.sales_order:") + kOrder);
    }
}

TEST_CASE("a shipment that has a sales order of its own is fulfilled from that one",
          "[fulfillment]") {
    Fulfillments flow;
    flow.by_shipment();
    // The import has made both, of 1 ROPE and of 2 ROPE and 1 KNOT.
    flow.target.linked[std::string("amazon_order.sales_order:") + kOrder] = {"1000", "1001"};
    REQUIRE(flow.run({shipment({{"1", 2}, {"2", 1}}, "DBBB2")}).of(0).kind == OutcomeKind::Done);
    REQUIRE(flow.run({shipment({{"1", 1}}, "DAAA1")}).of(0).kind == OutcomeKind::Done);
    CHECK(flow.source_of("DAAA1") == "1000");
    CHECK(flow.source_of("DBBB2") == "1001");
    CHECK(flow.erp.orders.at("1000").status() == "F");
    CHECK(flow.erp.orders.at("1001").status() == "F");
    // No order has more than its shipment.
    CHECK(flow.run({shipment({{"1", 1}}, "DAAA1")}).of(0).kind == OutcomeKind::Done);
    CHECK(flow.writes() == 2);
}

TEST_CASE("a shipment whose own sales order is not there yet waits, whatever the others have",
          "[fulfillment]") {
    Fulfillments flow;
    flow.by_shipment();
    const Passed third = flow.run({shipment({{"1", 1}}, "DCCC3")});
    CHECK(third.of(0).kind == OutcomeKind::Waiting);
    // The order's link is there already, by the others: it would wake nobody.
    CHECK(third.of(0).details().awaited_link == "amazon_shipment.sales_order:DCCC3");
    CHECK(flow.writes() == 0);
    // Made a moment ago, and the import has yet to say so.
    const Passed made = flow.run({shipment({{"1", 2}}, "DBBB2")});
    CHECK(made.of(0).kind == OutcomeKind::Waiting);
    CHECK(made.of(0).details().awaited_link == "amazon_shipment.sales_order:DBBB2");
    CHECK(flow.writes() == 0);
    flow.target.answer = [](const std::string&, const Json&) {
        return refused(transient("netsuite.unavailable", "try again"));
    };
    CHECK(flow.run({shipment({{"1", 2}}, "DBBB2")}).of(0).kind != OutcomeKind::Waiting);
}

TEST_CASE("the whole order's sales order is taken where the shipment has none of its own",
          "[fulfillment]") {
    Fulfillments flow;
    // A person has written something else where Amazon's order id was.
    flow.sales_order().reference = "PO 4711";
    CHECK(flow.run({shipment({{"1"}})}).of(0).kind == OutcomeKind::Done);
    CHECK(flow.source_of("DAAA1") == "1000");
}

TEST_CASE("never more is fulfilled than was ordered", "[fulfillment]") {
    Fulfillments flow;
    const Passed too_many = flow.run({shipment({{"1", 4}})});
    CHECK(too_many.code() == "fulfillment.more_than_ordered");
    CHECK_THAT(too_many.message(), Contains("4 of SKU \"ROPE\"") && Contains("sales order 1000") &&
                                       Contains("has 3 of it, of which 0"));
    flow.run({shipment({{"1", 2}}, "DAAA1")});
    const Passed rest = flow.run({shipment({{"1", 2}}, "DBBB2")});
    CHECK(rest.code() == "fulfillment.more_than_ordered");
    CHECK_THAT(rest.message(), Contains("has 3 of it, of which 2"));
    CHECK(flow.writes() == 1);
    // What is being picked in a warehouse, or closed, is not Amazon's to ship.
    Fulfillments picked;
    picked.sales_order().lines.at(0).picked = Decimal(3);
    CHECK(picked.run({shipment({{"1", 1}})}).code() == "fulfillment.more_than_ordered");
    Fulfillments closed;
    closed.sales_order().lines.at(0).closed = true;
    CHECK(closed.run({shipment({{"1", 1}})}).code() == "fulfillment.more_than_ordered");
}

TEST_CASE("an order that is closed, lacks the item or is another one is for a person",
          "[fulfillment]") {
    Fulfillments closed;
    for (MemoryNetSuite::Line& line : closed.sales_order().lines) line.closed = true;
    CHECK(closed.run({shipment({{"1"}})}).code() == "fulfillment.order_closed");
    Fulfillments without;
    without.answers.erase({"item", "ROPE"});
    const Passed passed = without.run({shipment({{"1"}})});
    CHECK(passed.code() == "fulfillment.line_not_found");
    CHECK_THAT(passed.message(), Contains("SKU \"ROPE\"") && Contains("sku_aliases"));
    Fulfillments other;
    other.link("999");
    const Passed strange = other.run({shipment({{"1"}})});
    CHECK(strange.code() == "fulfillment.other_order");
    CHECK_THAT(strange.message(), Contains("sales order 999") && Contains("1000"));
    Fulfillments twice;
    twice.sales_order().external_id = "celigo-1";
    twice.erp.orders["1001"] = twice.sales_order();
    twice.erp.orders["1001"].id = "1001";
    CHECK(twice.run({shipment({{"1"}})}).code() == "order.ambiguous");
    Fulfillments items;
    items.answers[{"item", "ROPE"}] =
        Json::object({{"ambiguous", Json::array({Json("97"), Json("98")})}});
    CHECK(items.run({shipment({{"1"}})}).code() == "order.ambiguous_item");
    Fulfillments taken;
    taken.look_up = [&](const std::string& name, const std::string& key) {
        return name == "fulfillment"
                   ? std::optional(Json::object({{"id", Json("5")}, {"type", Json("CustInvc")}}))
                   : taken.erp.look_up(name, key);
    };
    CHECK(taken.run({shipment({{"1"}})}).code() == "fulfillment.external_id");
}

TEST_CASE("lines of one item are told apart by Amazon's own id, else filled in their order",
          "[fulfillment]") {
    const auto split = [](Fulfillments& flow) {
        flow.sales_order().lines = {{1, "98", Decimal(1), Decimal(10)},
                                    {4, "98", Decimal(2), Decimal(20)}};
    };
    Fulfillments by_place;
    split(by_place);
    CHECK(by_place.run({shipment({{"1", 2}})}).of(0).kind == OutcomeKind::Done);
    CHECK(by_place.sales_order().lines.at(0).fulfilled == Decimal(1));
    CHECK(by_place.sales_order().lines.at(1).fulfilled == Decimal(1));
    Fulfillments by_id(R"({"fields":{"order_item_id":"custcol_item"}})");
    split(by_id);
    by_id.sales_order().lines.at(0).order_item = "2";
    by_id.sales_order().lines.at(1).order_item = "1";
    CHECK(by_id.run({shipment({{"1", 2}})}).of(0).kind == OutcomeKind::Done);
    CHECK(by_id.sales_order().lines.at(0).fulfilled.is_zero());
    CHECK(by_id.sales_order().lines.at(1).fulfilled == Decimal(2));
}

TEST_CASE("units come from the centre's location, the marketplace's, or the line's",
          "[fulfillment]") {
    const auto location = [](const char* settings) {
        Fulfillments flow(settings);
        const auto plain = flow.look_up;
        flow.look_up = [plain](const std::string& name, const std::string& key) {
            std::optional<Json> hit = plain(name, key);
            if (hit && hit->contains("lines"))
                for (Json& line : *hit->find("lines")->items_if()) line.set("location", Json("6"));
            return hit;
        };
        REQUIRE(flow.run({shipment({{"1"}})}).of(0).kind == OutcomeKind::Done);
        return flow.fulfilment()["item"]["items"].items()[0]["location"]["id"].text();
    };
    CHECK(location(R"({"locations":{"fba":"7","centres":{"PHX7":"71"}}})") == "71");
    CHECK(location(R"({"locations":{"fba":"7","centres":{"ONT8":"72"}}})") == "7");
    CHECK(location("{}") == "6");
}

TEST_CASE("what was fulfilled before is left, and told when it has become more", "[fulfillment]") {
    Fulfillments flow;
    const Passed first = flow.run({shipment({{"1", 2}})});
    flow.ledger = {{0, UtcTime(1), first.of(0).details().target_ids}};
    CHECK(flow.run({shipment({{"1", 2}})}).reason() == "fulfilled before");
    const Passed grown = flow.run({shipment({{"1", 2}, {"2", 1}})});
    CHECK(grown.code() == "fulfillment.shipment_changed");
    CHECK_THAT(grown.message(), Contains("has 3 units") && Contains("fulfilment 1001 has 2"));
    CHECK(flow.writes() == 1);
}

TEST_CASE("a shipment that grew is done when its fulfilment was corrected, or deleted",
          "[fulfillment]") {
    const auto grown = [] { return shipment({{"1", 2}, {"2", 1}}); };
    Fulfillments corrected;
    const Passed first = corrected.run({shipment({{"1", 2}})});
    corrected.ledger = {{0, UtcTime(1), first.of(0).details().target_ids}};
    REQUIRE(corrected.run({grown()}).code() == "fulfillment.shipment_changed");
    Json* lines = corrected.erp.fulfilments.begin()->second.body.find("item")->find("items");
    (*lines->items_if())[1] = Json::object({{"orderLine", Json(std::int64_t{4})},
                                            {"itemReceive", Json(true)},
                                            {"quantity", Json(std::int64_t{1})}});
    const Passed after = corrected.run({grown()});
    REQUIRE(after.of(0).kind == OutcomeKind::Done);
    CHECK(corrected.writes() == 1);
    // And stays so.
    corrected.ledger = {{0, UtcTime(1), after.of(0).details().target_ids}};
    CHECK(corrected.run({grown()}).reason() == "fulfilled before");

    Fulfillments deleted;
    const Passed earlier = deleted.run({shipment({{"1", 2}})});
    deleted.ledger = {{0, UtcTime(1), earlier.of(0).details().target_ids}};
    deleted.erp.fulfilments.clear();
    for (MemoryNetSuite::Line& line : deleted.sales_order().lines) line.fulfilled = Decimal();
    REQUIRE(deleted.run({grown()}).of(0).kind == OutcomeKind::Done);
    CHECK(deleted.sales_order().lines.at(0).fulfilled == Decimal(2));
    CHECK(deleted.sales_order().lines.at(1).fulfilled == Decimal(1));
}

TEST_CASE("a fulfilment whose answer was lost is not taken for a shipment that has grown since",
          "[fulfillment]") {
    Fulfillments flow;
    flow.run({shipment({{"1", 2}})});
    // Nobody remembers it.
    const Passed grown = flow.run({shipment({{"1", 3}})});
    CHECK(grown.code() == "fulfillment.shipment_changed");
    CHECK(flow.writes() == 1);
}

TEST_CASE("what is no shipment of Amazon's centres is skipped or told", "[fulfillment]") {
    Fulfillments flow;
    Json merchants = shipment({{"1"}});
    merchants.find("fulfillment")->set("fulfilledBy", Json("MERCHANT"));
    CHECK(flow.run({merchants}).reason() == "fulfilled by the merchant");
    Json elsewhere = shipment({{"1"}});
    elsewhere.find("salesChannel")->set("channelName", Json("NON_AMAZON"));
    CHECK(flow.run({elsewhere}).reason() == "not sold on Amazon");
    CHECK(flow.run({shipment({{"1", 0}})}).reason() == "nothing was shipped");
    Json canadian = shipment({{"1"}});
    canadian.find("salesChannel")->set("marketplaceId", Json("A2EUQ1WTGCTBG2"));
    CHECK(flow.run({canadian}).code() == "order.marketplace");
    Json plain = shipment({{"1"}});
    plain.erase("shipment");
    CHECK(flow.run({plain}).code() == "fulfillment.shipment");
    const Json unreadable =
        Json::object({{"unreadable", Json("line 7: quantity-shipped")}, {"orderId", Json("1")}});
    const Passed told = flow.run({unreadable});
    CHECK(told.code() == "report.row");
    CHECK_THAT(told.message(), Contains("line 7"));
    CHECK(flow.writes() == 0);
}

TEST_CASE("a fulfilment that NetSuite refuses is told in its own words", "[fulfillment]") {
    Fulfillments flow;
    flow.target.answer = [](const std::string&, const Json&) {
        return refused(rejected("netsuite.period_closed", "The period is closed"));
    };
    CHECK(flow.run({shipment({{"1"}})}).code() == "netsuite.period_closed");
}
