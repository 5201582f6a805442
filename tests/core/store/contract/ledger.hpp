// SPDX-License-Identifier: Apache-2.0
// The contract of Store: the ledger, and the links that records wait for.
#pragma once

#include "tests/core/store/contract/store_under_test.hpp"

namespace carrick::store::contract {

// ---- ledger and links ----

TEST_CASE("the ledger says what a key became, the newest entry only", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    Instance other(store, {"mfn_orders", "NA1", "CA"});
    const LedgerEntry first{"111-1", kMonday, {1, 2, 3}, 1, R"({"salesOrder":"101"})"};
    LedgerEntry second = first;
    second.version = kMonday + Milliseconds(1);
    second.target_ids = R"({"salesOrder":"101","invoice":"7"})";
    sales.commit([&](Commit& commit) {
        commit.ledger = {first, {"注文-β", kMonday, {}, 0, "{}"}};
    });
    sales.commit([&](Commit& commit) { commit.ledger = {second}; });
    const std::vector<std::string> keys{"注文-β", "111-2", "111-1", ""};
    const auto entries = store.ledger(sales.number(), keys).value();
    REQUIRE(entries.size() == 4);
    REQUIRE(entries[0]);
    CHECK(entries[0]->target_ids == "{}");
    CHECK_FALSE(entries[1]);
    REQUIRE(entries[2]);
    CHECK(entries[2]->key == "111-1");
    CHECK(entries[2]->version == second.version);
    CHECK(entries[2]->content_hash == first.content_hash);
    CHECK(entries[2]->stream_rank == 1);
    CHECK(entries[2]->target_ids == second.target_ids);
    CHECK_FALSE(entries[3]);
    CHECK_FALSE(store.ledger(other.number(), keys)->at(2));
}

TEST_CASE("of two ledger entries for one key in one commit the later wins", "[contract]") {
    const auto under_test = fresh();
    Instance sales(under_test->store(), kSalesOrders);
    sales.commit([&](Commit& commit) {
        commit.ledger = {{"k", kMonday, {}, 0, R"({"a":"1"})"},
                         {"k", kMonday, {}, 0, R"({"a":"2"})"}};
    });
    const std::vector<std::string> keys{"k"};
    CHECK(under_test->store().ledger(sales.number(), keys)->front()->target_ids == R"({"a":"2"})");
}

TEST_CASE("links are found by kind and source, and a repeated one stays one", "[contract]") {
    const auto under_test = fresh();
    Instance sales(under_test->store(), kSalesOrders);
    for (int twice = 0; twice < 2; ++twice)
        sales.commit([](Commit& commit) {
            commit.links = {{"amazon_order.fulfillment", "111-1", "302"},
                            {"amazon_order.fulfillment", "111-1", "301"},
                            {"amazon_order.sales_order", "111-1", "101"}};
        });
    Store& store = under_test->store();
    CHECK(store.links("amazon_order.fulfillment", "111-1").value() ==
          std::vector<std::string>{"301", "302"});
    CHECK(store.links("amazon_order.sales_order", "111-1")->size() == 1);
    CHECK(store.links("amazon_order.sales_order", "111-2")->empty());
}

TEST_CASE("a link wakes the records that wait for it, in every instance", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    const InstanceNumber channel = world.producer.number();
    OpenRecord waiting = world.open(1, OpenState::Waiting);
    waiting.awaited_link = "amazon_order.invoice:111-1";
    waiting.look_again_at = at("2026-11-24T00:00:00Z");
    OpenRecord failed = world.open(2, OpenState::Failed);
    failed.awaited_link = waiting.awaited_link;
    OpenRecord other = world.open(3, OpenState::Waiting);
    other.awaited_link = "amazon_order.invoice:111-3";
    world.consumer.commit([&](Commit& commit) { commit.open_put = {waiting, failed, other}; });
    Instance invoices(world.store, {"invoices", "NA1", "US"});
    const Receipt receipt = invoices.commit([](Commit& commit) {
        commit.links = {{"amazon_order.invoice", "111-1", "9"}};
    });
    REQUIRE(receipt.woken.size() == 1);
    CHECK(receipt.woken[0] == std::pair(world.consumer.number(), Position{channel, 1}));
    const InstanceState state = world.consumer.state();
    CHECK(state.open[0].state == OpenState::Ready);
    CHECK(state.open[0].look_again_at == UtcTime());
    CHECK(state.open[1].state == OpenState::Failed);
    CHECK(state.open[2].state == OpenState::Waiting);
    CHECK(world.consumer.totals().open_ready == 1);
    CHECK(world.consumer.totals().open_waiting == 1);
}

TEST_CASE(
    "a record that waits for a link that came meanwhile is woken, until it knows and names a time",
    "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    Instance invoices(world.store, {"invoices", "NA1", "US"});
    invoices.commit([](Commit& commit) {
        commit.links = {{"amazon_order.invoice", "111-1", "9"}};
    });
    OpenRecord waiting = world.open(1, OpenState::Waiting);
    waiting.awaited_link = "amazon_order.invoice:111-1";
    const auto put = [&] {
        return world.consumer.commit([&](Commit& commit) { commit.open_put = {waiting}; });
    };
    CHECK(put().woken.size() == 1);
    CHECK(world.consumer.state().open[0].state == OpenState::Ready);
    // It may have been looking when the link came: once more, unless it says when to look again.
    CHECK(put().woken.size() == 1);
    waiting.look_again_at = at("2026-11-24T00:00:00Z");
    CHECK(put().woken.empty());
    CHECK(world.consumer.state().open[0].state == OpenState::Waiting);
    CHECK(world.consumer.state().open[0].look_again_at == waiting.look_again_at);
    // Of another link that is there it cannot know.
    invoices.commit([](Commit& commit) {
        commit.links = {{"amazon_order.invoice", "111-2", "9"}};
    });
    waiting.awaited_link = "amazon_order.invoice:111-2";
    CHECK(put().woken.size() == 1);
}

}  // namespace carrick::store::contract
