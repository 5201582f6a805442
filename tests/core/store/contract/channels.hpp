// SPDX-License-Identifier: Apache-2.0
// The contract of Store: instances, channels, cursors, and the guard of every commit.
#pragma once

#include "tests/core/store/contract/store_under_test.hpp"

namespace carrick::store::contract {

// ---- instances, channels, cursors ----

TEST_CASE("an instance keeps its number, checkpoints and cursors over a restart", "[contract]") {
    const auto under_test = fresh();
    InstanceNumber number = 0;
    {
        OrdersAndConsumer world(under_test->store());
        number = world.producer.number();
        world.producer.commit([](Commit& commit) {
            commit.checkpoint = Checkpoint{"report", R"({"id":"R1"})", at("2026-11-23T10:05:00Z")};
        });
        world.producer.commit([](Commit& commit) {
            commit.checkpoint = Checkpoint{"api", "A1", {}};
        });
        world.producer.commit([](Commit& commit) {
            commit.checkpoint = Checkpoint{"api", "A2", {}};
        });
        world.consumer.commit([&](Commit& commit) { commit.cursors = {{number, 2}}; });
    }
    under_test->reopen();
    const InstanceState producer = under_test->store().load_instance(kOrders).value();
    CHECK(producer.number == number);
    CHECK(producer.last_commit == 4);
    CHECK(producer.channel_end == 3);
    REQUIRE(producer.checkpoints.size() == 2);
    CHECK(producer.checkpoints[0].stream == "api");
    CHECK(producer.checkpoints[0].text == "A2");
    CHECK(producer.checkpoints[1].text == R"({"id":"R1"})");
    CHECK(producer.checkpoints[1].look_again_at == at("2026-11-23T10:05:00Z"));
    const InstanceState consumer = under_test->store().load_instance(kSalesOrders).value();
    REQUIRE(consumer.cursors.size() == 1);
    CHECK(consumer.cursors[0].channel == number);
    CHECK(consumer.cursors[0].seq == 2);
    CHECK(under_test->store().instances().value() ==
          std::vector<InstanceName>{kOrders, kSalesOrders});
}

TEST_CASE("instances differ by flow, origin and partition", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    const InstanceNumber us = store.load_instance({"orders", "NA1", "US"})->number;
    CHECK(store.load_instance({"orders", "NA1", "CA"})->number != us);
    CHECK(store.load_instance({"orders", "EU1", "US"})->number != us);
    CHECK(store.load_instance({"orders", "NA1", ""})->number != us);
    CHECK(store.load_instance({"orders", "NA1", "US"})->number == us);
}

TEST_CASE("records come back from a channel as they were appended, in order", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance producer(store, kOrders);
    std::vector<Record> sent{order("111-1"), order("Bestellung-ß-注文-🧾"), order("111-3")};
    sent[1].partition = "JP";
    sent[1].body = R"({"buyer":"Søren 山田"})";
    sent[2].due = UtcTime();
    sent[2].value.clear();
    sent[2].preview = true;
    sent[2].stream_rank = -1;
    sent[2].version = UtcTime(-5);
    sent[2].event_time = UtcTime(std::numeric_limits<std::int64_t>::max());
    CHECK(producer.append({sent[0]}).last_appended == 1);
    CHECK(producer.append({sent[1], sent[2]}).last_appended == 3);
    CHECK(store.channel_end(producer.number()).value() == 3);
    const auto read = store.read_channel(producer.number(), 0, 100);
    REQUIRE(read);
    REQUIRE(read->size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK((*read)[i].seq == static_cast<Seq>(i + 1));
        CHECK((*read)[i].channel == producer.number());
        CHECK(same((*read)[i].record, sent[i]));
    }
}

TEST_CASE("a channel can be read from any place in pieces of any size", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance producer(store, kOrders);
    const std::vector<Record> sent = orders(2500);
    producer.append(sent);
    producer.append({order("111-9")});
    for (const std::size_t limit : {1U, 7U, 999U, 1000U, 5000U}) {
        Seq after = limit == 1 ? 2490 : 0;
        while (true) {
            const auto read = store.read_channel(producer.number(), after, limit);
            REQUIRE(read);
            if (read->empty()) break;
            CHECK(read->size() <= limit);
            for (const StoredRecord& stored : *read) {
                REQUIRE(stored.seq == after + 1);
                after = stored.seq;
                if (after <= 2500)
                    REQUIRE(same(stored.record, sent[static_cast<std::size_t>(after - 1)]));
            }
        }
        CHECK(after == 2501);
    }
    CHECK(store.read_channel(producer.number(), 2501, 10)->empty());
    CHECK(store.read_channel(producer.number(), 0, 0)->empty());
}

TEST_CASE("a new consumer starts at the beginning, or at the end when it asks for now",
          "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    Instance late(world.store, {"late", "NA1", "US"});
    CHECK(world.store.subscribe(late.number(), world.producer.number(), true)->seq == 3);
    CHECK(world.store.subscribe(world.consumer.number(), world.producer.number(), true)->seq == 0);
    CHECK(world.store.subscribe(late.number(), 999, true).error().code == "store.unknown_instance");
    CHECK(world.store.subscribe(999, late.number(), true).error().code == "store.unknown_instance");
}

TEST_CASE("a cursor never goes back, past the end, or where nobody subscribed", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    const InstanceNumber channel = world.producer.number();
    world.consumer.commit([&](Commit& commit) { commit.cursors = {{channel, 2}}; });
    for (const Cursor wrong :
         {Cursor{channel, 1}, Cursor{channel, 4}, Cursor{world.consumer.number(), 0}}) {
        const auto refused =
            world.consumer.try_commit([&](Commit& commit) { commit.cursors = {wrong}; });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "store.cursor");
        CHECK(refused.error().error_class == ErrorClass::Bug);
    }
    CHECK(world.consumer.state().cursors[0].seq == 2);
}

// ---- the guard ----

TEST_CASE("a commit with a stale epoch or sequence changes nothing", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    Commit stale = world.producer.next();
    stale.append = {order("111-4")};
    stale.ledger = {{"111-4", kMonday, {}, 0, "{}"}};
    SECTION("an older sequence") {
        stale.expected_commit -= 1;
    }
    SECTION("a sequence from the future") {
        stale.expected_commit += 1;
    }
    SECTION("another epoch") {
        stale.epoch += 1;
    }
    SECTION("an older epoch") {
        stale.epoch -= 1;
    }
    const Result<Receipt> refused = world.store.commit(stale);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "store.fenced");
    CHECK(refused.error().error_class == ErrorClass::Bug);
    CHECK(world.store.channel_end(world.producer.number()).value() == 3);
    const std::vector<std::string> keys{"111-4"};
    CHECK_FALSE(world.store.ledger(world.producer.number(), keys)->front());
    CHECK(world.producer.state().last_commit == 1);
}

TEST_CASE("each opening gets a higher epoch", "[contract]") {
    const auto under_test = fresh();
    const std::uint64_t first = under_test->store().epoch();
    under_test->reopen();
    CHECK(under_test->store().epoch() > first);
}

TEST_CASE("a commit for an instance or a run that is not there is refused whole", "[contract]") {
    const auto under_test = fresh();
    Instance producer(under_test->store(), kOrders);
    Commit commit = producer.next();
    commit.append = {order("111-1")};
    SECTION("instance") {
        commit.instance = 77;
        CHECK(under_test->store().commit(commit).error().code == "store.unknown_instance");
    }
    SECTION("run") {
        commit.run = 77;
        CHECK(under_test->store().commit(commit).error().code == "store.unknown_run");
    }
    CHECK(under_test->store().channel_end(producer.number()).value() == 0);
}

}  // namespace carrick::store::contract
