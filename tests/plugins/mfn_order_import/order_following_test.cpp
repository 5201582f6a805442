// SPDX-License-Identifier: Apache-2.0
// What becomes of a sales order when its Amazon order changes or is cancelled after the import.
#include "tests/plugins/mfn_order_import/living_orders.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kUpdate = R"({"changes":"update"})";
constexpr const char* kClose = R"({"cancellations":"close"})";
constexpr const char* kCareful = R"({"cancellations":"close_unless_picking"})";
constexpr const char* kTask = R"({"cancellations":"task"})";

Json moved(Json order, const char* city) {
    order.find("recipient")->find("deliveryAddress")->set("city", Json(city));
    return order;
}

std::size_t patches(LivingOrders& flow) {
    return flow.erp.only_order().patches.size();
}

}  // namespace

TEST_CASE("without settings an order stays as it was imported", "[order_following]") {
    LivingOrders flow;
    REQUIRE(flow.see(rich_order()).of(0).kind == OutcomeKind::Done);
    for (const Json& later :
         {cut_order(), order_without_rope(), with_status(rich_order(), "CANCELLED")})
        CHECK(flow.see(later).reason() == "imported before");
    CHECK(patches(flow) == 0);
    CHECK(flow.erp.only_order().total().text() == "38.20");
}

TEST_CASE("a cut quantity lowers its line, its discount and the tax", "[order_following]") {
    for (const char* settings : {kUpdate, kClose}) {
        INFO(settings);
        LivingOrders flow(settings);
        flow.see(rich_order());
        CHECK(flow.lines() == "98x3=30.00 16=-3.00 99x1=5.00 11x1=3.00 18x1=3.20");
        const Passed passed = flow.see(cut_order());
        CHECK(passed.of(0).kind == OutcomeKind::Done);
        CHECK(flow.lines() == "98x2=20.00 16=-2.00 99x1=5.00 11x1=3.00 18x1=2.30");
        CHECK(flow.erp.only_order().total().text() == "28.30");
        // Each line by its key, in NetSuite's order; what did not change is not named.
        CHECK(flow.erp.only_order().patches.at(0)["item"]["items"].dump() ==
              R"([{"line":1,"price":{"id":"-1"},"quantity":2,"amount":20.00,"rate":10.00},)"
              R"({"line":4,"price":{"id":"-1"},"rate":-2.00,"amount":-2.00},)"
              R"({"line":13,"price":{"id":"-1"},"quantity":1,"amount":2.30,"rate":2.30}])");
    }
}

TEST_CASE("a cancelled line is closed and worth nothing, its discount with it",
          "[order_following]") {
    LivingOrders flow(kClose);
    flow.see(rich_order());
    CHECK(flow.see(order_without_rope()).of(0).kind == OutcomeKind::Done);
    CHECK(flow.lines() == "[98x3=0] 16=0 99x1=5.00 11x1=1.00 18x1=0.50");
    CHECK(flow.erp.only_order().total() == Decimal::parse("6.50").value());
}

TEST_CASE("a charge that is gone is closed, and opened again when it is back",
          "[order_following]") {
    const auto version = [](const char* shipping, const char* total) {
        Json json = amazon_order(
            "US", {{"ROPE", 1, total, {{"ITEM", "10.00"}, {"SHIPPING", shipping}}}}, total);
        json.set("carrick", order()["carrick"]);
        return json;
    };
    LivingOrders flow(kUpdate);
    flow.see(version("2.00", "12.00"));
    flow.see(version("0.00", "10.00"));
    CHECK(flow.lines() == "98x1=10.00 [11x1=0]");
    flow.see(version("1.50", "11.50"));
    CHECK(flow.lines() == "98x1=10.00 11x1=1.50");
}

TEST_CASE("one discount of the whole order changes on its header", "[order_following]") {
    LivingOrders flow(R"({"changes":"update","discount":"order"})");
    flow.see(rich_order());
    CHECK(flow.erp.only_order().discount.text() == "-3.00");
    CHECK(flow.see(cut_order()).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().discount.text() == "-2.00");
    CHECK(flow.erp.only_order().total().text() == "28.30");
}

TEST_CASE("a version that changes nothing for NetSuite writes nothing", "[order_following]") {
    LivingOrders flow(R"({"changes":"update","cancellations":"close"})");
    flow.see(rich_order());
    // What people edit meanwhile stays theirs.
    flow.erp.only_order().lines.front().amount = Decimal::parse("29.00").value();
    for (const char* status : {"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"})
        CHECK(flow.see(with_status(rich_order(), status)).reason() == "nothing to change");
    CHECK(patches(flow) == 0);
}

TEST_CASE("a change that was carried out already is remembered, not written again",
          "[order_following]") {
    LivingOrders flow(kUpdate);
    flow.see(rich_order());
    const auto before = flow.kept;
    flow.see(cut_order());
    const std::string lines = flow.lines();
    flow.kept = before;  // the answer was lost before it was committed
    CHECK(flow.see(cut_order()).of(0).kind == OutcomeKind::Done);
    CHECK(patches(flow) == 1);
    CHECK(flow.lines() == lines);
    CHECK(flow.see(cut_order()).reason() == "nothing to change");
}

TEST_CASE("a change that is sent twice changes nothing more", "[order_following]") {
    LivingOrders flow(kUpdate);
    flow.see(rich_order());
    flow.see(cut_order());
    const std::string lines = flow.lines();
    const Json again = Json::object(
        {{"id", Json(flow.erp.only_order().id)}, {"body", flow.erp.only_order().patches.at(0)}});
    REQUIRE(flow.erp.reply("netsuite.records.patch", again).status == connectors::ReplyStatus::Ok);
    CHECK(flow.lines() == lines);
}

TEST_CASE("an order whose import got no answer is changed, not made twice", "[order_following]") {
    LivingOrders flow(R"({"changes":"update","cancellations":"close"})");
    flow.see(rich_order());
    flow.kept.clear();
    CHECK(flow.see(cut_order()).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().total().text() == "28.30");
    flow.kept.clear();
    CHECK(flow.see(with_status(cut_order(), "CANCELLED")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().status() == "H");
}

TEST_CASE("a new address replaces the whole old one, until something has left",
          "[order_following]") {
    LivingOrders flow(kUpdate);
    Json first = rich_order();
    first.find("recipient")->find("deliveryAddress")->set("addressLine2", Json("Flat 7"));
    flow.see(first);
    REQUIRE(flow.erp.only_order().address["addr2"].text() == "Flat 7");
    CHECK(flow.see(moved(rich_order(), "Tacoma")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().address["city"].text() == "Tacoma");
    // The flat belonged to the old address.
    CHECK_FALSE(flow.erp.only_order().address.contains("addr2"));
    CHECK_FALSE(flow.erp.only_order().patches.at(0).contains("item"));

    CHECK(flow.see(with_status(moved(rich_order(), "Olympia"), "SHIPPED")).of(0).kind ==
          OutcomeKind::Done);
    // Somebody packs it for the old address, and must know.
    flow.erp.only_order().lines.front().picked = Decimal(1);
    const Passed late = flow.see(moved(rich_order(), "Spokane"));
    CHECK(late.code() == "order.address_too_late");
    CHECK_THAT(late.message(), Contains("set the address there as Amazon shows it, and retry"));
    CHECK(patches(flow) == 1);
    CHECK(flow.erp.only_order().address["city"].text() == "Tacoma");
    // Whoever sets it by hand has done what was to be done.
    flow.erp.only_order().address.set("city", Json("spokane "));
    CHECK(flow.see(moved(rich_order(), "Spokane")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.see(moved(rich_order(), "Spokane")).reason() == "nothing to change");
    CHECK(patches(flow) == 1);
    // Whether an order of which nobody remembers anything had another address, nobody knows.
    flow.kept.clear();
    CHECK(flow.see(moved(rich_order(), "Yakima")).of(0).kind == OutcomeKind::Done);
    CHECK(patches(flow) == 1);
}

TEST_CASE("an address that comes too late holds up no cancellation", "[order_following]") {
    LivingOrders flow(R"({"changes":"update","cancellations":"close"})");
    flow.see(rich_order());
    flow.erp.only_order().lines.at(2).picked = Decimal(1);  // KNOT
    const Passed both = flow.see(moved(cut_order(), "Tacoma"));
    CHECK(both.code() == "order.address_too_late");
    CHECK(flow.erp.only_order().total().text() == "28.30");
    CHECK(patches(flow) == 1);
}

TEST_CASE("an address that Amazon takes back is no new one", "[order_following]") {
    LivingOrders flow(kUpdate);
    flow.see(rich_order());
    Json forgotten = rich_order();
    forgotten.erase("recipient");
    CHECK(flow.see(forgotten).reason() == "nothing to change");
}

TEST_CASE("an address alone is a change, not a cancellation", "[order_following]") {
    LivingOrders flow(kClose);
    flow.see(rich_order());
    CHECK(flow.see(moved(rich_order(), "Tacoma")).reason() == "nothing to change");
    CHECK(flow.erp.only_order().address["city"].text() == "Seattle");
}

TEST_CASE("the ledger keeps too little of an address to tell whose it is", "[order_following]") {
    LivingOrders flow;
    flow.see(rich_order());
    const std::string seen = Json::parse(flow.kept.begin()->second).value()["seen"].text();
    CHECK(seen.size() == 16 + 1 + 4);
}

TEST_CASE("an order that is cancelled as a whole is closed line by line", "[order_following]") {
    for (const char* settings : {kClose, kCareful}) {
        LivingOrders flow(settings);
        flow.see(rich_order());
        const Passed passed = flow.see(with_status(rich_order(), "CANCELLED"));
        CHECK(passed.of(0).kind == OutcomeKind::Done);
        CHECK(passed.learnt()["salesOrder"]["closed"] == Json(true));
        // A closed order tells what it was: amounts stay, and are not billed.
        CHECK(flow.lines() == "[98x3=30.00] 16=-3.00 [99x1=5.00] [11x1=3.00] [18x1=3.20]");
        CHECK(flow.erp.only_order().status() == "H");
        CHECK(flow.see(with_status(rich_order(), "CANCELLED")).reason() ==
              "cancelled after the import; closed in NetSuite");
        CHECK(patches(flow) == 1);
    }
}

TEST_CASE("an order whose lines are all cancelled is cancelled as a whole", "[order_following]") {
    LivingOrders flow(kClose);
    flow.see(rich_order());
    Json nothing_left = rich_order();
    for (Json& item : *nothing_left.find("orderItems")->items_if())
        item.set("quantityOrdered", Json(0));
    CHECK(flow.see(nothing_left).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().status() == "H");
}

TEST_CASE("what somebody is picking is closed or left, as the setting says", "[order_following]") {
    const auto cancelled_while_picking = [](const char* settings) {
        LivingOrders flow(settings);
        flow.see(rich_order());
        flow.erp.only_order().lines.front().picked = Decimal(1);
        return flow.see(with_status(rich_order(), "CANCELLED")).code();
    };
    CHECK(cancelled_while_picking(kCareful) == "order.cancelled_while_picking");
    CHECK(cancelled_while_picking(kClose).empty());

    LivingOrders partly(kCareful);
    partly.see(rich_order());
    partly.erp.only_order().lines.front().picked = Decimal(1);
    const Passed passed = partly.see(order_without_rope());
    CHECK(passed.code() == "order.cancelled_while_picking");
    CHECK_THAT(passed.message(), Contains("sales order 1000") && Contains("stop the picking"));
    CHECK(patches(partly) == 0);
}

TEST_CASE("what has been shipped or billed is for a person", "[order_following]") {
    for (Decimal MemoryNetSuite::Line::*moved_by :
         {&MemoryNetSuite::Line::fulfilled, &MemoryNetSuite::Line::billed}) {
        LivingOrders flow(R"({"changes":"update","cancellations":"close"})");
        flow.see(rich_order());
        flow.erp.only_order().lines.front().*moved_by = Decimal(1);
        for (const Json& later :
             {cut_order(), order_without_rope(), with_status(rich_order(), "CANCELLED")}) {
            const Passed passed = flow.see(later);
            CHECK(passed.code() == "order.change_after_fulfilment");
            CHECK(passed.of(0).details().error->error_class == ErrorClass::Rejected);
            CHECK_THAT(passed.message(), Contains("sales order 1000"));
        }
        CHECK(patches(flow) == 0);
    }
}

TEST_CASE("what a person has settled in NetSuite passes at the next try", "[order_following]") {
    LivingOrders flow(kClose);
    flow.see(rich_order());
    flow.erp.only_order().lines.front().fulfilled = Decimal(1);
    const Json cancelled = with_status(rich_order(), "CANCELLED");
    CHECK(flow.see(cancelled).code() == "order.change_after_fulfilment");
    for (MemoryNetSuite::Line& line : flow.erp.only_order().lines) line.closed = true;
    CHECK(flow.see(cancelled).reason() == "cancelled after the import; closed in NetSuite");
}

TEST_CASE("a line is cancelled beside one that has been shipped", "[order_following]") {
    LivingOrders flow(kClose);
    flow.see(rich_order());
    flow.erp.only_order().lines.at(2).fulfilled = Decimal(1);  // the KNOT
    CHECK(flow.see(with_status(order_without_rope(), "PARTIALLY_SHIPPED")).of(0).kind ==
          OutcomeKind::Done);
    CHECK(flow.lines() == "[98x3=0] 16=0 99x1=5.00 11x1=1.00 18x1=0.50");
}

TEST_CASE("a task says what a person should do, until it is done", "[order_following]") {
    LivingOrders flow(kTask);
    flow.see(rich_order());
    const Passed whole = flow.see(with_status(rich_order(), "CANCELLED"));
    CHECK(whole.code() == "order.cancelled_after_import");
    CHECK(whole.of(0).details().error->error_class == ErrorClass::Rejected);
    CHECK_THAT(whole.message(), Contains("do not ship it") && Contains("sales order 1000"));
    const Passed partly = flow.see(order_without_rope());
    CHECK(partly.code() == "order.cancelled_after_import");
    CHECK_THAT(partly.message(), Contains("partly"));
    CHECK(flow.see(cut_order()).code() == "order.cancelled_after_import");
    CHECK(patches(flow) == 0);

    for (MemoryNetSuite::Line& line : flow.erp.only_order().lines) line.closed = true;
    CHECK(flow.see(with_status(rich_order(), "CANCELLED")).reason() ==
          "cancelled after the import; closed in NetSuite");
}

TEST_CASE("amounts alone change only where changes are followed", "[order_following]") {
    Json dearer = amazon_order(
        "US", {{"ROPE", 1, "13.96", {{"ITEM", "11.00"}, {"SHIPPING", "2.00"}, {"TAX", "0.96"}}}},
        "13.96");
    dearer.set("carrick", order()["carrick"]);
    LivingOrders closing(kClose);
    closing.see(order());
    CHECK(closing.see(dearer).reason() == "changed at Amazon; left as it is");
    LivingOrders updating(kUpdate);
    updating.see(order());
    CHECK(updating.see(dearer).of(0).kind == OutcomeKind::Done);
    CHECK(updating.erp.only_order().total().text() == "13.96");
    // And a whole line that is cancelled is no mere change.
    LivingOrders only_updating(kUpdate);
    only_updating.see(rich_order());
    CHECK(only_updating.see(order_without_rope()).reason() == "changed at Amazon; left as it is");
}

TEST_CASE("orders that another tool made are left, unless a setting says otherwise",
          "[order_following]") {
    const auto with_other_tool = [](const char* settings) {
        auto flow = std::make_unique<LivingOrders>(settings);
        flow->see(rich_order());
        flow->erp.only_order().external_id = "celigo-1";
        return flow;
    };
    const auto left = with_other_tool(R"({"changes":"update","cancellations":"close"})");
    CHECK(left->see(cut_order()).reason() == "imported before; made by another tool or a person");
    CHECK(left->see(with_status(rich_order(), "CANCELLED")).reason() ==
          "cancelled after the import; made by another tool or a person");
    CHECK(patches(*left) == 0);
    const auto edited =
        with_other_tool(R"({"changes":"update","cancellations":"close","adopt":{"edit":true}})");
    CHECK(edited->see(cut_order()).of(0).kind == OutcomeKind::Done);
    CHECK(edited->see(with_status(rich_order(), "CANCELLED")).of(0).kind == OutcomeKind::Done);
    CHECK(edited->erp.only_order().status() == "H");
}

TEST_CASE("an order that was never imported is skipped when it is cancelled", "[order_following]") {
    for (const char* settings : {"{}", kClose, kTask}) {
        LivingOrders flow(settings);
        CHECK(flow.see(with_status(rich_order(), "CANCELLED")).reason() == "cancelled");
        // Also after it failed or waited, and where another tool has it.
        LivingOrders failed(settings);
        failed.answers.erase({"item", "ROPE"});
        CHECK(failed.see(rich_order()).code() == "order.unknown_sku");
        CHECK(failed.see(with_status(rich_order(), "CANCELLED")).reason() == "cancelled");
        LivingOrders waited(settings);
        CHECK(waited.see(with_status(rich_order(), "PENDING")).reason() == "pending at Amazon");
        CHECK(waited.see(with_status(rich_order(), "CANCELLED")).reason() == "cancelled");
    }
    LivingOrders others(kClose);
    others.see(rich_order());
    others.erp.only_order().external_id = "celigo-1";
    others.kept.clear();
    CHECK(others.see(with_status(rich_order(), "CANCELLED")).reason() == "cancelled");
}

TEST_CASE("a pending order that is paid for becomes a sales order", "[order_following]") {
    LivingOrders flow(R"({"changes":"update","cancellations":"close"})");
    CHECK(flow.see(with_status(rich_order(), "PENDING")).of(0).kind == OutcomeKind::Waiting);
    CHECK(flow.see(rich_order()).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().total().text() == "38.20");
}

TEST_CASE("an order that people have changed or removed is not forced into shape",
          "[order_following]") {
    LivingOrders flow(R"({"changes":"update","cancellations":"close"})");
    flow.see(rich_order());
    // A line of theirs: the sum would not be what the customer owes.
    flow.erp.only_order().lines.push_back({100, "97", Decimal(1), Decimal::parse("1.00").value()});
    const Passed passed = flow.see(cut_order());
    CHECK(passed.code() == "order.change_unfit");
    CHECK_THAT(passed.message(), Contains("29.30") && Contains("28.30 USD"));
    CHECK(patches(flow) == 0);

    flow.erp.only_order().approval = "C";
    flow.erp.only_order().lines.pop_back();
    CHECK(flow.see(cut_order()).code() == "order.change_closed");
    flow.erp.orders.clear();
    CHECK(flow.see(cut_order()).reason() == "imported before; not in NetSuite any more");
}

TEST_CASE("an order is found by our own name when a person has overwritten its reference",
          "[order_following]") {
    LivingOrders flow(R"({"changes":"update","cancellations":"close"})");
    flow.see(rich_order());
    flow.erp.only_order().reference = "phoned the buyer";
    CHECK(flow.see(cut_order()).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().total().text() == "28.30");
    CHECK(flow.see(with_status(cut_order(), "CANCELLED")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().status() == "H");
}

TEST_CASE("an order that queries do not show yet is closed at a later try, not passed over",
          "[order_following]") {
    LivingOrders flow(kClose);
    flow.see(rich_order());
    flow.erp.queries_lag = true;
    const Passed early = flow.see(with_status(rich_order(), "CANCELLED"));
    CHECK(early.code() == "order.not_shown");
    CHECK(early.of(0).details().error->error_class == ErrorClass::Transient);
    flow.erp.queries_lag = false;
    CHECK(flow.see(with_status(rich_order(), "CANCELLED")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().status() == "H");
    // One that a person has removed is nobody's concern any more.
    flow.erp.orders.clear();
    CHECK(flow.see(with_status(rich_order(), "CANCELLED")).reason() ==
          "imported before; not in NetSuite any more");
}

TEST_CASE("a version that meets an earlier one of which nobody knew is decided anew",
          "[order_following]") {
    LivingOrders flow(kUpdate);
    flow.see(rich_order());
    flow.kept.clear();  // the answer to its import was lost, and queries lag
    flow.erp.queries_lag = true;
    const Passed met = flow.see(moved(rich_order(), "Tacoma"));
    CHECK(met.code() == "order.there_already");
    CHECK(met.of(0).details().error->error_class == ErrorClass::Transient);
    flow.erp.queries_lag = false;
    CHECK(flow.see(moved(rich_order(), "Tacoma")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().address["city"].text() == "Tacoma");
    CHECK(flow.see(moved(rich_order(), "Tacoma")).reason() == "nothing to change");
}

TEST_CASE("a later version that cannot be read is an error, not an order left as it is",
          "[order_following]") {
    LivingOrders flow(kClose);
    flow.see(rich_order());
    Json broken = cut_order();
    broken.find("proceeds")->find("grandTotal")->set("amount", Json("99.99"));
    CHECK(flow.see(broken).code() == "order.total_unexplained");
    CHECK(flow.see(with_status(cut_order(), "SHIPPING_SOON")).code() == "order.status");
    // Where nobody follows it, nothing of it matters.
    LivingOrders left;
    left.see(rich_order());
    CHECK(left.see(broken).reason() == "imported before");
}

TEST_CASE("an order that was imported in time is followed past the statuses that are imported",
          "[order_following]") {
    LivingOrders flow(R"({"cancellations":"close","statuses":["unshipped"]})");
    flow.see(rich_order());
    CHECK(flow.see(with_status(cut_order(), "PARTIALLY_SHIPPED")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().total().text() == "28.30");
    LivingOrders late(R"({"cancellations":"close","statuses":["unshipped"]})");
    CHECK(late.see(with_status(rich_order(), "SHIPPED")).reason() ==
          "past the statuses that are imported");
    CHECK(late.erp.orders.empty());
}

TEST_CASE("a total that was never seen to be right is not settled by a later version",
          "[order_following]") {
    // A price level has put 5.00 on the order; its import failed for that, and is not remembered.
    LivingOrders flow(kClose);
    flow.see(rich_order());
    flow.kept.clear();
    Decimal& amount = flow.erp.only_order().lines.front().amount;
    amount = amount.plus(Decimal(5)).value();
    const Passed passed = flow.see(with_status(rich_order(), "SHIPPED"));
    CHECK(passed.code() == "order.total_read_back");
    CHECK_THAT(passed.message(), Contains("says 43.20, the customer owes 38.20 USD"));
    CHECK(patches(flow) == 0);
    amount = amount.minus(Decimal(5)).value();
    CHECK(flow.see(with_status(rich_order(), "SHIPPED")).of(0).kind == OutcomeKind::Done);
}

TEST_CASE("an order that a person has settled is not imported by a later version",
          "[order_following]") {
    LivingOrders flow(kUpdate);
    flow.kept[rich_order()["orderId"].text()] = R"({"resolved":"by hand"})";
    CHECK(flow.see(rich_order()).reason() == "settled by hand");
    CHECK(flow.erp.orders.empty());
}

TEST_CASE("a change that would need a new line is for a person", "[order_following]") {
    LivingOrders flow(kUpdate);
    flow.see(order());
    const Passed passed = flow.see(rich_order());
    CHECK(passed.code() == "order.change_unfit");
    CHECK(patches(flow) == 0);
}

TEST_CASE("lines of one item are told apart by Amazon's own id, else by their place",
          "[order_following]") {
    const auto twice = [](std::int64_t first, std::int64_t second) {
        const auto line = [](std::int64_t quantity) {
            const std::string total = std::to_string(quantity * 10) + ".00";
            return quantity == 0 ? Line{"ROPE", 0}
                                 : Line{"ROPE", quantity, total, {{"ITEM", total}}};
        };
        Json json = amazon_order("US", {line(first), line(second)},
                                 std::to_string((first + second) * 10) + ".00");
        json.set("carrick", order()["carrick"]);
        return json;
    };
    LivingOrders by_place(R"({"changes":"update","cancellations":"close"})");
    by_place.see(twice(1, 2));
    by_place.see(twice(1, 0));
    CHECK(by_place.lines() == "98x1=10.00 [98x2=0]");

    LivingOrders by_id(
        R"({"changes":"update","cancellations":"close","fields":{"order_item_id":"custcol_item"}})");
    by_id.see(twice(1, 2));
    std::swap(by_id.erp.only_order().lines.at(0), by_id.erp.only_order().lines.at(1));
    CHECK(by_id.see(twice(0, 2)).of(0).kind == OutcomeKind::Done);
    CHECK(by_id.lines() == "98x2=20.00 [98x1=0]");

    // One was cancelled before the import, and the other afterwards: only one line is there.
    LivingOrders late(R"({"changes":"update","cancellations":"close"})");
    late.see(twice(0, 2));
    CHECK(late.see(twice(0, 1)).of(0).kind == OutcomeKind::Done);
    CHECK(late.lines() == "98x1=10.00");
}

TEST_CASE("a change that NetSuite refuses is told in its own words", "[order_following]") {
    LivingOrders flow(kUpdate);
    flow.see(rich_order());
    flow.target.answer = [&](const std::string& operation, const Json& body) {
        if (operation == "netsuite.records.patch")
            return refused(rejected("netsuite.user_error", "locked by a workflow"));
        return flow.erp.reply(operation, body);
    };
    const Passed passed = flow.see(cut_order());
    CHECK(passed.code() == "netsuite.user_error");
    CHECK(passed.message() == "locked by a workflow");
}

TEST_CASE("totals and closing are read back after the write", "[order_following]") {
    const auto deaf = [](LivingOrders& flow) {
        // Answers well, and does something else: a script, a price level.
        flow.target.answer = [&flow](const std::string& operation, const Json& body) {
            return operation == "netsuite.records.patch" ? ok(Json::object({{"id", Json("1000")}}))
                                                         : flow.erp.reply(operation, body);
        };
    };
    LivingOrders changed(kUpdate);
    changed.see(rich_order());
    deaf(changed);
    const Passed passed = changed.see(cut_order());
    CHECK(passed.code() == "order.total_read_back");
    CHECK_THAT(passed.message(), Contains("says 38.20, the customer owes 28.30 USD"));
    LivingOrders closed(kClose);
    closed.see(rich_order());
    deaf(closed);
    CHECK(closed.see(with_status(rich_order(), "CANCELLED")).code() == "order.close_read_back");
}

TEST_CASE("tax that stands in tax details is changed by a person, an address all the same",
          "[order_following]") {
    LivingOrders flow(R"({"changes":"update","cancellations":"close",
        "tax":{"mode":"suitetax","codes":[{"code":"7"}]},
        "items":{"shipping":"11","discount":"16"}})");
    REQUIRE(flow.see(rich_order()).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().tax.text() == "3.20");
    CHECK(flow.see(moved(rich_order(), "Tacoma")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().address["city"].text() == "Tacoma");
    const Passed cut = flow.see(cut_order());
    CHECK(cut.code() == "order.change_unfit");
    CHECK_THAT(cut.message(), Contains("tax details"));
    CHECK(patches(flow) == 1);
    CHECK(flow.see(with_status(rich_order(), "CANCELLED")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.erp.only_order().status() == "H");
}

TEST_CASE("tax that NetSuite computes is NetSuite's to compute again", "[order_following]") {
    LivingOrders flow(R"({"changes":"update","tax":{"mode":"netsuite"}})");
    // 10 % of the goods, their discount and the shipping, as Amazon has it.
    const auto taxed = [&] {
        Decimal net = flow.erp.only_order().total().minus(flow.erp.only_order().tax).value();
        flow.erp.only_order().tax =
            net.times(Decimal::parse("0.1").value()).value().rounded(2).value();
    };
    flow.target.answer = [&](const std::string& operation, const Json& body) {
        connectors::Reply reply = flow.erp.reply(operation, body);
        if (operation == "netsuite.records.create" || operation == "netsuite.records.patch")
            taxed();
        return reply;
    };
    const auto version = [](std::int64_t units, const char* net, const char* tax,
                            const char* total) {
        Json json =
            amazon_order("US", {{"ROPE", units, total, {{"ITEM", net}, {"TAX", tax}}}}, total);
        json.set("carrick", order()["carrick"]);
        return json;
    };
    REQUIRE(flow.see(version(3, "30.00", "3.00", "33.00")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.lines() == "98x3=30.00");
    CHECK(flow.see(version(2, "20.00", "2.00", "22.00")).of(0).kind == OutcomeKind::Done);
    CHECK(flow.lines() == "98x2=20.00");
    CHECK(flow.erp.only_order().total().text() == "22.00");
}
