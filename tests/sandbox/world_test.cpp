// SPDX-License-Identifier: Apache-2.0
// The world: the same from the same seed, complete, and with truths that can be checked by hand.
#include "tests/sandbox/sandbox_fixture.hpp"

#include "examples/sandbox/world/order_maker.hpp"

#include <carrick/sdk/sha256.hpp>

#include <map>
#include <set>

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

/// Everything that the world's Amazon says to a fixed row of questions.
std::string voice_of(const SandboxOptions& options) {
    Sandbox sandbox(options, {});
    std::string text;
    for (const SellerAccount& seller : seller_accounts()) {
        Caller caller(sandbox, std::string(seller.account));
        std::string token;
        do {
            const Response page = caller.get(Caller::search(
                std::string("createdAfter=2026-09-01T00:00:00Z") + Caller::kEverything +
                (token.empty() ? "" : "&paginationToken=" + token)));
            for (const auto& [name, value] : page.headers) text += name + ": " + value + "\n";
            text += page.body;
            token = body_of(page)["pagination"]["nextToken"].text();
        } while (!token.empty());
    }
    return text;
}

}  // namespace

TEST_CASE("the same seed is the same world, byte for byte", "[world]") {
    const SandboxOptions options = small_world();
    const std::string first = voice_of(options);
    CHECK(first.size() > 500'000);
    CHECK(first == voice_of(options));
    SandboxOptions other = options;
    other.world.seed = 8;
    CHECK(first != voice_of(other));
}

TEST_CASE("a larger world begins like a smaller one", "[world]") {
    Sandbox small(small_world(50), {});
    Sandbox large(small_world(200), {});
    for (std::size_t i = 0; i < 50; ++i) {
        CHECK(small.world().orders()[i]->id == large.world().orders()[i]->id);
        CHECK(small.world().orders()[i]->events.size() == large.world().orders()[i]->events.size());
    }
}

TEST_CASE("500 orders hold every recipe in every store", "[world]") {
    Sandbox sandbox(small_world(), {});
    std::set<std::pair<std::string, std::string>> seen;
    std::set<std::string> ids;
    for (const Order* order : sandbox.world().orders()) {
        seen.emplace(order->recipe, order->marketplace->code);
        CHECK(ids.insert(order->id).second);
    }
    CHECK(ids.size() == 500);
    CHECK(seen.size() == recipe_names().size() * marketplaces().size());
}

TEST_CASE("the world has what the flows must cope with", "[world]") {
    Sandbox sandbox(small_world(), {});
    std::map<std::string, int> count;
    for (const Order* order : sandbox.world().orders()) {
        const ImportRule rule =
            import_rule(*order, sandbox.clock().now(), sandbox.world().options().go_live,
                        sandbox.world().options().start);
        ++count[rule.import == Import::Required ? "importable" : rule.reason];
        for (const OrderLine& line : order->lines) {
            if (line.facilitator && line.principal.tax > 0)
                ++count["facilitator " + std::string(order->marketplace->code)];
            if (line.item->sku != line.item->item) ++count["alias"];
            if (line.quantity == 0) ++count["zero line"];
            if (line.points > 0) ++count["points"];
        }
        if (!order->replacement_of.empty()) ++count["replacement"];
        if (!order->vat_number.empty()) ++count["vat number"];
        if (order->preexisting != Preexisting::No) ++count["preexisting"];
    }
    for (const char* each :
         {"importable", "pending", "amazon_fulfilled", "before_start", "cancelled_unpaid",
          "cancelled_before_import", "nothing_left", "alias", "zero line", "points", "replacement",
          "vat number", "preexisting", "facilitator US", "facilitator CA", "facilitator DE",
          "facilitator UK", "facilitator AU"}) {
        INFO(each);
        CHECK(count[each] > 0);
    }
    CHECK(count["facilitator JP"] == 0);
    CHECK(count["unknown_sku"] == 0);
    CHECK(count["importable"] > 250);
}

TEST_CASE("what the buyer pays is the price on the page, in stores with tax inside", "[world]") {
    Sandbox sandbox(small_world(), {});
    int checked = 0;
    for (const Order* order : sandbox.world().orders()) {
        if (!order->replacement_of.empty()) continue;
        for (const OrderLine& line : order->lines) {
            if (line.quantity == 0) continue;
            const std::int64_t shown = line.unit_price * line.quantity;
            CHECK((order->marketplace->prices_include_tax ? line.principal.gross()
                                                          : line.principal.net) == shown);
            ++checked;
        }
    }
    CHECK(checked > 600);
}

TEST_CASE("the expected receivable leaves out the facilitator's tax and the tip", "[truth]") {
    Order order;
    order.id = "111-0000001-0000001";
    order.marketplace = marketplace_by_code("US");
    order.delivery_tip = 300;
    OrderLine taxed;  // 25.98 + 2.60 tax that Amazon keeps
    taxed.item = &items()[0];
    taxed.principal = {2598, 260};
    taxed.facilitator = true;
    OrderLine ours;  // 10.00 + 0.80 tax that we owe, 4.99 shipping, 1.00 off
    ours.item = &items()[4];
    ours.quantity = 2;
    ours.principal = {1000, 80};
    ours.shipping = {499, 0};
    ours.item_discount = {100, 8};
    OrderLine dropped;
    dropped.item = &items()[5];
    dropped.quantity = 0;
    order.lines = {taxed, ours, dropped};
    const Truth truth = truth_of(order);
    CHECK(truth.grand_total.text() == "46.29");  // 28.58 + 10.80 + 4.99 - 1.08 + 3.00
    CHECK(truth.facilitator_tax.text() == "2.60");
    CHECK(truth.receivable.text() == "40.69");  // 46.29 - 2.60 - 3.00
    CHECK(truth.tax_owed.text() == "0.72");
    REQUIRE(truth.lines.size() == 2);
    CHECK(truth.lines[0].net.text() == "25.98");
    CHECK(truth.lines[0].tax.text() == "0.00");
    CHECK(truth.lines[1].quantity == 2);
}

TEST_CASE("what must be imported depends on what has happened by now", "[truth]") {
    Order order;
    order.marketplace = marketplace_by_code("US");
    order.lines.emplace_back().item = &items()[0];
    order.events = {{at("2026-11-20T00:00:00Z"), Happening::Placed},
                    {at("2026-11-21T00:00:00Z"), Happening::Confirmed},
                    {at("2026-11-24T00:00:00Z"), Happening::Cancelled}};
    const UtcTime go_live = at("2026-11-01T00:00:00Z");
    const UtcTime start = at("2026-11-23T00:00:00Z");
    const auto rule = [&](const char* now) { return import_rule(order, at(now), go_live, start); };
    CHECK(rule("2026-11-20T12:00:00Z").reason == "pending");
    CHECK(rule("2026-11-22T00:00:00Z").import == Import::Required);
    CHECK(*rule("2026-11-22T00:00:00Z").since == at("2026-11-21T00:00:00Z"));
    CHECK(rule("2026-11-25T00:00:00Z").import == Import::Allowed);
    CHECK(import_rule(order, at("2026-11-25T00:00:00Z"), go_live, at("2026-11-24T12:00:00Z"))
              .reason == "cancelled_before_import");
    CHECK(
        import_rule(order, at("2026-11-22T00:00:00Z"), at("2026-11-20T00:00:01Z"), start).reason ==
        "before_start");
    order.amazon_fulfilled = true;
    CHECK(rule("2026-11-22T00:00:00Z").reason == "amazon_fulfilled");
    order.amazon_fulfilled = false;
    order.lines[0].quantity = 0;
    CHECK(rule("2026-11-22T00:00:00Z").reason == "nothing_left");
    order.lines[0].quantity = 1;
    order.lines[0].item = &unknown_items()[0];
    CHECK(rule("2026-11-22T00:00:00Z").reason == "unknown_sku");
}

TEST_CASE("nothing happens close to the start, so a slow first run sees what a fast one sees",
          "[world]") {
    Sandbox sandbox(small_world(), {});
    const UtcTime start = sandbox.world().options().start;
    for (const Order* order : sandbox.world().orders())
        for (const Event& event : order->events)
            CHECK((event.time <= start - 45min || event.time >= start + 45min));
}

TEST_CASE("the running clock brings new orders at their rate", "[world]") {
    SandboxOptions options = small_world(10);
    options.world.orders_per_hour = 6;
    Sandbox sandbox(options, {});
    CHECK(sandbox.world().orders().size() == 10);
    sandbox.clock().advance(9min);
    CHECK(sandbox.world().orders().size() == 10);
    sandbox.clock().advance(1min);
    REQUIRE(sandbox.world().orders().size() == 11);
    CHECK(sandbox.world().orders()[10]->created() == at("2026-11-23T12:10:00Z"));
    sandbox.clock().advance(24h);
    CHECK(sandbox.world().orders().size() == 10 + 145);
    for (std::size_t i = 10; i < 155; ++i) {
        const Order& order = *sandbox.world().orders()[i];
        INFO(order.recipe);
        CHECK(order.created() == at("2026-11-23T12:00:00Z") + (i - 9) * 10min);
        CHECK(order.events.front().what == Happening::Placed);
    }
    // However late somebody looks, the orders are the same.
    Sandbox late(options, {});
    late.clock().advance(24h + 10min);
    for (std::size_t i = 0; i < 155; ++i)
        CHECK(late.world().orders()[i]->id == sandbox.world().orders()[i]->id);
}

TEST_CASE("unknown SKUs are as many as were asked for", "[world]") {
    SandboxOptions options = small_world(100);
    options.world.unknown_skus = 3;
    Sandbox sandbox(options, {});
    std::set<std::string> codes;
    int count = 0;
    for (const Order* order : sandbox.world().orders())
        if (order->lines[0].item->sku == "OLD-ROPE-1997" ||
            order->lines[0].item->sku == "rope 10m blu")
            ++count;
    CHECK(count == 3);
}

TEST_CASE("the catalogue's tables fit together", "[catalogue]") {
    std::set<std::string_view> skus, names, asins;
    for (const Item& item : items()) {
        CHECK(skus.insert(item.sku).second);
        CHECK(names.insert(item.item).second);
        CHECK(asins.insert(item.asin).second);
        CHECK(item.asin.size() == 10);
    }
    std::set<std::string_view> ids;
    for (const Subsidiary& each : subsidiaries()) CHECK(ids.insert(each.id).second);
    for (const Marketplace& each : marketplaces()) {
        CHECK(ids.contains(each.subsidiary));
        CHECK(marketplace_by_id(each.id) == &each);
        CHECK(marketplace_by_code(each.code) == &each);
        CHECK(seller_of_region(each.region).region == each.region);
        for (const Subsidiary& subsidiary : subsidiaries())
            if (subsidiary.id == each.subsidiary) CHECK(subsidiary.currency == each.currency);
    }
}
