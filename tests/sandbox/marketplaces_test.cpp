// SPDX-License-Identifier: Apache-2.0
// Worlds of other stores, and of orders that change between payment and shipment.
#include "tests/sandbox/report_fixture.hpp"

#include "examples/sandbox/world/order_maker.hpp"
#include "examples/sandbox/world/people.hpp"

#include <set>

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

SandboxOptions every_store(std::uint64_t orders = 1000) {
    SandboxOptions options = small_world(orders);
    for (const Marketplace& each : all_marketplaces()) options.world.stores.push_back(&each);
    return options;
}

SandboxOptions changing_world() {
    SandboxOptions options = small_world(600);
    options.world.changes = true;
    return options;
}

const Order* example_of(Sandbox& sandbox, std::string_view recipe) {
    for (const Order* order : sandbox.world().orders())
        if (order->recipe == recipe) return order;
    return nullptr;
}

}  // namespace

TEST_CASE("the table of all stores fits together", "[catalogue]") {
    std::set<std::string_view> ids;
    CHECK(all_marketplaces().size() == 23);
    for (const Marketplace& each : all_marketplaces()) {
        INFO(each.code);
        CHECK(ids.insert(each.id).second);
        CHECK(seller_of(each).account == each.account);
        CHECK(seller_of(each).region == each.region);
        CHECK(marketplace_by_code(each.code) == &each);
        CHECK((each.code == "US" || names_in(each.code).data() != names_in("US").data()));
        for (const Place& place : places_in(each.code)) CHECK_FALSE(place.country.empty());
    }
}

TEST_CASE("a world of all stores sells in each, in its own money", "[world][marketplaces]") {
    Sandbox sandbox(every_store(), {});
    std::map<std::string_view, std::size_t> orders;
    for (const Order* order : sandbox.world().orders()) {
        ++orders[order->marketplace->code];
        CHECK(order->account == order->marketplace->account);
        const Truth truth = truth_of(*order);
        CHECK(truth.currency == order->marketplace->currency);
        // Within what the store displays: prices hold the tax in all of them but two.
        if (!order->marketplace->prices_include_tax) continue;
        for (const OrderLine& line : order->lines)
            if (line.quantity > 0 && order->replacement_of.empty() && line.tax_rate > 0 &&
                !line.principal.is_zero())
                CHECK(line.principal.gross() == line.unit_price * line.quantity);
    }
    CHECK(orders.size() == 23);
    for (const auto& [code, count] : orders) CHECK(count >= 43);
}

TEST_CASE("each separate account sees its own stores and nobody else's", "[marketplaces]") {
    Sandbox sandbox(every_store(100), {});
    Caller brazil(sandbox, "BR1");
    const std::vector<Json> seen = brazil.all_orders("createdAfter=2026-09-01T00:00:00Z");
    CHECK(seen.size() == 4);
    for (const Json& order : seen)
        CHECK(order["salesChannel"]["marketplaceName"].text() == "Amazon.com.br");
    CHECK(
        brazil.get(Caller::search("createdAfter=2026-09-01T00:00:00Z&marketplaceIds=ATVPDKIKX0DER"))
            .status == 403);
    const Json stores = body_of(brazil.get("/sellers/v1/marketplaceParticipations"))["payload"];
    REQUIRE(stores.size() == 1);
    CHECK(stores[0]["marketplace"]["defaultCurrencyCode"].text() == "BRL");
}

TEST_CASE("linked accounts: one account of the region has all of its stores", "[marketplaces]") {
    SandboxOptions options = every_store(100);
    options.world.linked = true;
    Sandbox sandbox(options, {});
    Caller america(sandbox, "NA1");
    std::set<std::string> names;
    for (const Json& order : america.all_orders("createdAfter=2026-09-01T00:00:00Z"))
        names.insert(order["salesChannel"]["marketplaceName"].text());
    CHECK(names.contains("Amazon.com.br"));
    CHECK(Caller(sandbox, "BR1").all_orders("createdAfter=2026-09-01T00:00:00Z").empty());
}

TEST_CASE("letters of every store survive its report files", "[marketplaces][reports]") {
    Sandbox sandbox(every_store(), {});
    const Json month = Reporter::range("2026-11-01T00:00:00Z", "2026-11-23T12:00:00Z");
    for (const char* code : {"BR", "SE", "PL", "TR", "SA", "EG", "IN"}) {
        INFO(code);
        Reporter reporter(sandbox, std::string(marketplace_by_code(code)->account));
        const std::string file = reporter.bytes(Reporter::request(kByUpdate, code, month));
        CHECK(file.find('?') == std::string::npos);
    }
}

TEST_CASE("the ten stores' world is not changed by what can be added", "[world]") {
    Sandbox plain(small_world(200), {});
    SandboxOptions named = small_world(200);
    for (const Marketplace& each : marketplaces()) named.world.stores.push_back(&each);
    Sandbox same(named, {});
    for (std::size_t i = 0; i < 200; ++i)
        CHECK(plain.world().orders()[i]->id == same.world().orders()[i]->id);
    CHECK(recipe_names().size() == 36);
    CHECK(recipe_names(true).size() > 36);
}

TEST_CASE("a quantity is cut after payment: fewer units for less money, seen as an update",
          "[world][changes]") {
    Sandbox sandbox(changing_world(), {});
    const Order* order = example_of(sandbox, "quantity_cut");
    REQUIRE(order != nullptr);
    REQUIRE(order->revisions.size() == 1);
    const UtcTime changed = order->revisions[0].time;
    CHECK(order->at(changed)->last_updated == changed);
    CHECK(order->at(changed)->status == Status::Unshipped);
    const Order before = revised(*order, changed - 1ms);
    const Order after = revised(*order, changed);
    CHECK(after.lines[0].quantity == std::max<std::int64_t>(1, before.lines[0].quantity / 2));
    CHECK(after.lines[0].order_item_id == before.lines[0].order_item_id);
    CHECK(truth_of(after).receivable < truth_of(before).receivable);

    sandbox.clock().set(changed);
    Caller caller(sandbox, std::string(order->account));
    const Json seen = body_of(caller.get("/orders/2026-01-01/orders/" + order->id +
                                         "?includedData=PROCEEDS,FULFILLMENT"))["order"];
    CHECK(seen["orderItems"][0]["quantityOrdered"].integer_if() == after.lines[0].quantity);
    CHECK(seen["proceeds"]["grandTotal"]["amount"].text() == truth_of(after).grand_total.text());
}

TEST_CASE("an address changes, or a line is cancelled, before shipment", "[world][changes]") {
    Sandbox sandbox(changing_world(), {});
    const Order* moved = example_of(sandbox, "address_changed");
    REQUIRE(moved != nullptr);
    const UtcTime then = moved->revisions[0].time;
    CHECK(revised(*moved, then).address.line2 == "c/o the harbour master");
    CHECK(revised(*moved, then - 1ms).address.line2 != "c/o the harbour master");
    CHECK(truth_of(revised(*moved, then)).receivable == truth_of(*moved).receivable);

    const Order* shorter = example_of(sandbox, "line_cancelled_late");
    REQUIRE(shorter != nullptr);
    const Order after = revised(*shorter, shorter->revisions[0].time);
    CHECK(after.lines[1].cancelled);
    CHECK(truth_of(after).lines.size() == 2);
}

TEST_CASE("an FBA order that loses a line ships the rest", "[world][changes][fba]") {
    Sandbox sandbox(changing_world(), {});
    const Order* order = example_of(sandbox, "fba_line_cancelled");
    REQUIRE(order != nullptr);
    REQUIRE_FALSE(order->shipments.empty());
    CHECK(order->shipments.back().shipped > sandbox.clock().now());
    for (const Shipment& shipment : order->shipments)
        for (const ShippedPart& part : shipment.parts) CHECK(part.line != 1);
    Decimal total;
    for (const Shipment& shipment : order->shipments)
        total = total.plus(truth_of(*order, shipment).receivable).value();
    CHECK(total == truth_of(revised(*order, order->shipments.back().shipped)).receivable);
}

TEST_CASE("a saved state is not taken into a world of other stores", "[state]") {
    Sandbox before(small_world(20), {});
    SandboxOptions other = every_store(20);
    Sandbox after(other, {});
    CHECK_FALSE(after.restore(before.snapshot()));
    Sandbox changed(changing_world(), {});
    CHECK_FALSE(changed.restore(before.snapshot()));
}
