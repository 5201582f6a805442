// SPDX-License-Identifier: Apache-2.0
// The contract of Store: open records and the attempts to write them.
#pragma once

#include "tests/core/store/contract/store_under_test.hpp"

namespace carrick::store::contract {

// ---- open records ----

TEST_CASE("an open record keeps all that is known about it", "[contract]") {
    const auto under_test = fresh();
    OpenRecord put;
    {
        OrdersAndConsumer world(under_test->store());
        put = world.open(2, OpenState::Waiting);
        put.token = R"({"feed":"F1"})";
        put.awaited_link = "amazon_order.invoice:111-2";
        put.look_again_at = at("2026-11-23T10:10:00Z");
        put.deadline = at("2026-11-24T10:00:00Z");
        put.tries = 3;
        put.in_question = true;
        world.consumer.commit([&](Commit& commit) {
            commit.cursors = {{put.channel, 3}};
            commit.open_put = {put};
        });
    }
    under_test->reopen();
    const InstanceState state = under_test->store().load_instance(kSalesOrders).value();
    REQUIRE(state.open.size() == 1);
    const OpenRecord& got = state.open[0];
    CHECK(got.channel == put.channel);
    CHECK(got.seq == 2);
    CHECK(same(got.record, put.record));
    CHECK(got.state == OpenState::Waiting);
    CHECK(got.stage == "deliver");
    CHECK(got.reason == "HTTP 503");
    CHECK(got.token == put.token);
    CHECK(got.awaited_link == put.awaited_link);
    CHECK(got.since == kMonday);
    CHECK(got.look_again_at == put.look_again_at);
    CHECK(got.deadline == put.deadline);
    CHECK(got.tries == 3);
    CHECK(got.in_question);
}

TEST_CASE("an open record refers to its body in the channel until it is replaced", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    OpenRecord record = world.open(2, OpenState::Failed);
    const auto put = [&] {
        world.consumer.commit([&](Commit& commit) { commit.open_put = {record}; });
    };
    put();
    CHECK(world.body(2) == R"({"orderId":"111-2"})");
    record.record.body = R"({"orderId":"111-2","edited":true})";
    put();
    CHECK(world.body(2) == record.record.body);
    record.record.body.clear();  // only the state changes
    record.state = OpenState::Ready;
    put();
    CHECK(world.body(2) == R"({"orderId":"111-2","edited":true})");
    record.record.body = R"({"edited":"again"})";
    put();
    CHECK(world.body(2) == R"({"edited":"again"})");
    // Replaced for this consumer only.
    CHECK((*world.store.read_channel(world.producer.number(), 1, 1))[0].record.body ==
          R"({"orderId":"111-2"})");
    world.consumer.commit([&](Commit& commit) {
        commit.open_settled = {{record.channel, record.seq}};
    });
    CHECK(world.consumer.state().open.empty());
    CHECK(world.body(2) == R"({"orderId":"111-2"})");
}

TEST_CASE("bodies come in the order asked", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    const InstanceNumber channel = world.producer.number();
    world.consumer.commit([&](Commit& commit) {
        commit.open_put = {world.open(1, OpenState::Ready), world.open(3, OpenState::Ready)};
        commit.open_put[1].record.body = "{\"three\":3}";
    });
    const std::vector<Position> positions{{channel, 3}, {channel, 1}, {channel, 2}};
    CHECK(world.store.bodies(world.consumer.number(), positions).value() ==
          std::vector<std::string>{"{\"three\":3}", R"({"orderId":"111-1"})",
                                   R"({"orderId":"111-2"})"});
    const Position nowhere{channel, 9};
    CHECK(world.store.bodies(world.consumer.number(), {&nowhere, 1}).error().code ==
          "store.unknown_record");
}

TEST_CASE("an open record without a body to refer to is refused", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    const auto refused = world.consumer.try_commit([&](Commit& commit) {
        commit.open_put = {world.open(1, OpenState::Ready), world.open(9, OpenState::Ready)};
    });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "store.unknown_record");
    CHECK(world.consumer.state().open.empty());
}

TEST_CASE("totals count what is open by what it needs", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    world.producer.append(orders(4));  // seq 4..7
    world.consumer.commit([&](Commit& commit) {
        Seq seq = 0;
        for (const OpenState state : {OpenState::Ready, OpenState::Waiting, OpenState::Retrying,
                                      OpenState::Failed, OpenState::Unknown, OpenState::Shadow})
            commit.open_put.push_back(world.open(++seq, state));
    });
    RunTotals totals = world.consumer.totals();
    CHECK(totals.open_ready == 1);
    CHECK(totals.open_waiting == 2);
    CHECK(totals.open_failed == 2);
    CHECK(totals.open_shadow == 1);
    CHECK(totals.last_commit_at == kMonday);
    world.consumer.commit([&](Commit& commit) {
        commit.open_put = {world.open(4, OpenState::Ready), world.open(4, OpenState::Retrying)};
        commit.open_settled = {{world.producer.number(), 1}, {world.producer.number(), 7}};
    });
    totals = world.consumer.totals();
    CHECK(totals.open_ready == 0);
    CHECK(totals.open_waiting == 3);
    CHECK(totals.open_failed == 1);
    CHECK(world.producer.totals().open_waiting == 0);
}

// ---- attempts ----

TEST_CASE("attempts stay until their record settles them", "[contract]") {
    const auto under_test = fresh();
    {
        OrdersAndConsumer world(under_test->store());
        const InstanceNumber channel = world.producer.number();
        world.consumer.commit([&](Commit& commit) {
            commit.attempts_put = {
                {channel, 1, "salesOrder", "AMZ-SO-NA1-111-1", R"({"memo":"one"})", kMonday},
                {channel, 2, "salesOrder", "AMZ-SO-NA1-111-2", R"({"memo":"two"})", kMonday}};
        });
        world.consumer.commit([&](Commit& commit) {
            commit.attempts_settled = {{channel, 1}};
            commit.attempts_put = {
                {channel, 2, "salesOrder", "AMZ-SO-NA1-111-2", R"({"memo":"again"})", kMonday}};
        });
    }
    under_test->reopen();
    const InstanceState state = under_test->store().load_instance(kSalesOrders).value();
    REQUIRE(state.attempts.size() == 1);
    CHECK(state.attempts[0].seq == 2);
    CHECK(state.attempts[0].write == "salesOrder");
    CHECK(state.attempts[0].external_id == "AMZ-SO-NA1-111-2");
    CHECK(state.attempts[0].body == R"({"memo":"again"})");
    CHECK(state.attempts[0].started_at == kMonday);
}

}  // namespace carrick::store::contract
