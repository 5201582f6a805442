// SPDX-License-Identifier: Apache-2.0
// Part of the store contract: several writes that become true together.
#pragma once

#include "tests/core/store/contract/store_under_test.hpp"
#include "tests/core/store/store_world.hpp"

namespace carrick::store::contract {

TEST_CASE("what is written together becomes true together, and is seen within before",
          "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    const Result<void> done = store.together([&]() -> Result<void> {
        const InstanceNumber orders = store.load_instance(kOrders)->number;
        const InstanceNumber sales = store.load_instance(kSalesOrders)->number;
        CHECK(store.instances()->size() == 2);
        CHECK(store.subscribe(sales, orders, false));
        return {};
    });
    CHECK(done);
    under_test->reopen();
    CHECK(under_test->store().instances()->size() == 2);
    CHECK(under_test->store().load_instance(kSalesOrders)->cursors.size() == 1);
}

TEST_CASE("nothing of what is written together stays when it ends in an error", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    const Result<void> done = store.together([&]() -> Result<void> {
        CHECK(store.load_instance(kOrders));
        return rejected("test.no", "no");
    });
    CHECK(done.error().code == "test.no");
    CHECK(store.instances()->empty());
    CHECK(store.load_instance(kOrders));  // and the store goes on
}

TEST_CASE("what fails among things written together is left out alone", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    OrdersAndConsumer world(store);
    const Result<void> done = store.together([&]() -> Result<void> {
        const auto refused = world.consumer.try_commit([&](Commit& commit) {
            commit.ledger = {{"lost", kMonday, {}, 0, "{}"}};
            commit.run = 99;  // is not there: found out when the ledger is written already
        });
        CHECK(refused.error().code == "store.unknown_run");
        world.consumer.commit([&](Commit& commit) {
            commit.ledger = {{"kept", kMonday, {}, 0, "{}"}};
        });
        return {};
    });
    CHECK(done);
    const std::vector<std::string> keys{"lost", "kept"};
    const auto ledger = store.ledger(world.consumer.number(), keys).value();
    CHECK_FALSE(ledger[0]);
    CHECK(ledger[1]);
}

}  // namespace carrick::store::contract
