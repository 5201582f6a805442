// SPDX-License-Identifier: Apache-2.0
// The contract of Store: the error queue.
#pragma once

#include "tests/core/store/contract/store_under_test.hpp"

namespace carrick::store::contract {

// ---- the error queue ----

TEST_CASE("an error row keeps all that a person needs to decide", "[contract]") {
    const auto under_test = fresh();
    Instance sales(under_test->store(), kSalesOrders);
    const Receipt receipt = sales.commit([](Commit& commit) {
        commit.errors = {error_row("111-1", "25.98 USD", kMonday), error_row("111-2")};
    });
    REQUIRE(receipt.error_ids.size() == 2);
    CHECK(receipt.error_ids[0] < receipt.error_ids[1]);
    const auto got = under_test->store().error(receipt.error_ids[0]).value();
    REQUIRE(got);
    CHECK(got->id == receipt.error_ids[0]);
    CHECK(got->instance == kSalesOrders);
    CHECK(got->channel == 1);
    CHECK(got->seq == 2);
    CHECK(got->key == "111-1");
    CHECK(got->stage == "deliver");
    CHECK(got->error_class == ErrorClass::Rejected);
    CHECK(got->code == "netsuite.nonexistent_item");
    CHECK(got->message == "item SKU-1 does not exist");
    CHECK(got->field == "item.items[0].item");
    CHECK(got->fingerprint == "mfn_orders/deliver/netsuite.nonexistent_item/SKU-1");
    CHECK(got->value == "25.98 USD");
    CHECK(got->due == kMonday);
    CHECK(got->at == kMonday);
    CHECK(got->tries == 2);
    CHECK(got->state == ErrorState::Open);
    CHECK_FALSE(under_test->store().error(999).value());
}

TEST_CASE("an open record learns the number of the error written with it", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    const Receipt receipt = world.consumer.commit([&](Commit& commit) {
        commit.open_put = {world.open(2, OpenState::Failed)};
        ErrorRow row = error_row("111-2");
        row.channel = world.producer.number();
        commit.errors = {row};
    });
    CHECK(world.consumer.state().open[0].error_id == receipt.error_ids[0]);
}

TEST_CASE("a later success resolves all open errors of its key and no others", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    Instance other(store, {"mfn_orders", "NA1", "CA"});
    sales.commit([](Commit& commit) {
        commit.errors = {error_row("111-1"), error_row("111-1"), error_row("111-2")};
    });
    other.commit([](Commit& commit) { commit.errors = {error_row("111-1")}; });
    sales.commit([](Commit& commit) {
        commit.now = at("2026-11-23T11:00:00Z");
        commit.resolve_key_errors = {{"111-1", "succeeded later"}};
        commit.errors = {error_row("111-1")};  // a new one stays open
    });
    const auto resolved = store.error(1).value();
    CHECK(resolved->state == ErrorState::Resolved);
    CHECK(resolved->resolution == "succeeded later");
    CHECK(resolved->resolved_at == at("2026-11-23T11:00:00Z"));
    std::vector<std::int64_t> open;
    for (const ErrorRow& row : *store.errors({})) open.push_back(row.id);
    CHECK(open == std::vector<std::int64_t>{3, 4, 5});
    sales.commit([](Commit& commit) {
        commit.resolve_key_errors = {{"111-1", "resolved by ops"}};
    });
    CHECK(store.error(1).value()->resolution == "succeeded later");  // never edited silently
    ErrorFilter all;
    all.open_only = false;
    CHECK(store.errors(all)->size() == 5);
}

TEST_CASE("the error queue can be filtered, ranked and paged", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    Instance stock(store, {"stock", "NA1", "US"});
    const auto hour = [](int hours) { return kMonday + Milliseconds(3'600'000 * hours); };
    sales.commit([&](Commit& commit) {
        commit.errors = {error_row("a", "9.99 USD", hour(3)), error_row("b", "104.25 USD"),
                         error_row("c", "", hour(1)), error_row("d", "-5 USD", hour(2)),
                         error_row("e", "9.990 USD", hour(1))};
        commit.errors[1].fingerprint = "other";
    });
    stock.commit([](Commit& commit) { commit.errors = {error_row("f", "1000.00 EUR")}; });
    const auto keys = [&](ErrorFilter filter) {
        std::string found;
        filter.limit = 2;  // each page ends where the next begins
        while (true) {
            const auto page = store.errors(filter).value();
            for (const ErrorRow& row : page) found += row.key;
            if (page.size() < 2) return found;
            filter.after_id = page.back().id;
        }
    };
    ErrorFilter filter;
    CHECK(keys(filter) == "abcdef");
    filter.order = ErrorFilter::Order::ByValue;
    CHECK(keys(filter) == "fbaecd");
    filter.order = ErrorFilter::Order::ByDue;
    CHECK(keys(filter) == "cedabf");
    filter.flow = "mfn_orders";
    CHECK(keys(filter) == "cedab");
    filter.fingerprint = "other";
    CHECK(keys(filter) == "b");
    filter.flow = "stock";
    CHECK(keys(filter).empty());
}

}  // namespace carrick::store::contract
