// SPDX-License-Identifier: Apache-2.0
// What every Store must do, whatever database lies under it. An implementation's test program
// defines `contract::make_store_under_test` and includes this header in exactly one source file.
#pragma once

#include "tests/core/store/store_world.hpp"

#include <array>
#include <memory>

namespace carrick::store::contract {

/// A store that can be closed and opened again on the same data.
class StoreUnderTest {
public:
    virtual ~StoreUnderTest() = default;
    [[nodiscard]] virtual Store& store() = 0;
    virtual void reopen() = 0;
};
[[nodiscard]] std::unique_ptr<StoreUnderTest> make_store_under_test();

inline std::unique_ptr<StoreUnderTest> fresh() {
    return make_store_under_test();
}

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

TEST_CASE("a record that waits for a link that came meanwhile is woken at once, but only once",
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
    CHECK(put().woken.empty());
    CHECK(world.consumer.state().open[0].state == OpenState::Waiting);
}

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

// ---- runs ----

TEST_CASE("a run adds up what its commits did", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    const std::int64_t run = store.begin_run(sales.number(), "schedule", kMonday).value();
    const auto work = [&](std::int64_t of, bool ended) {
        sales.commit([&](Commit& commit) {
            commit.run = of;
            commit.run_ended = ended;
            commit.now = at("2026-11-23T10:01:00Z");
            commit.counts = {10, 4, {{"older", 2}, {"filtered", 1}}, 1, 1, 1, 5};
        });
    };
    work(run, false);
    Run got = store.runs(10)->front();
    CHECK(got.ended_at == UtcTime());
    work(run, true);
    got = store.runs(10)->front();
    CHECK(got.id == run);
    CHECK(got.instance == kSalesOrders);
    CHECK(got.trigger == "schedule");
    CHECK(got.started_at == kMonday);
    CHECK(got.ended_at == at("2026-11-23T10:01:00Z"));
    CHECK(got.counts.seen == 20);
    CHECK(got.counts.done == 8);
    CHECK(got.counts.skipped == std::map<std::string, std::int64_t>{{"filtered", 2}, {"older", 4}});
    CHECK(got.counts.waiting == 2);
    CHECK(got.counts.failed == 2);
    CHECK(got.counts.unknown == 2);
    CHECK(got.counts.written == 10);

    const std::int64_t second = store.begin_run(sales.number(), "once", kMonday).value();
    work(second, true);
    CHECK(store.runs(1)->size() == 1);
    CHECK(store.runs(1)->front().id == second);  // newest first
    CHECK(sales.totals().counts.done == 12);
    CHECK(sales.totals().counts.skipped.at("older") == 6);
    const auto since = store.totals(run).value();
    CHECK(since.front().counts.done == 4);
    CHECK(since.front().counts.skipped.at("filtered") == 1);
    CHECK(store.begin_run(99, "once", kMonday).error().code == "store.unknown_instance");
}

// ---- requests and small things ----

TEST_CASE("a request waits until it is answered, once", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    EngineRequest wish;
    wish.kind = "errors.retry";
    wish.arguments = R"({"id":7})";
    wish.who = "ops";
    wish.at = kMonday;
    const std::int64_t first = store.post_request(wish).value();
    const std::int64_t second = store.post_request(wish).value();
    REQUIRE(store.pending_requests()->size() == 2);
    const EngineRequest pending = store.pending_requests()->front();
    CHECK(pending.id == first);
    CHECK(pending.kind == "errors.retry");
    CHECK(pending.arguments == R"({"id":7})");
    CHECK(pending.who == "ops");
    CHECK(pending.at == kMonday);
    CHECK_FALSE(pending.answered);
    CHECK(store.answer_request(first, R"({"ok":true})"));
    CHECK(store.pending_requests()->front().id == second);
    CHECK(store.request(first).value()->answered);
    CHECK(store.request(first).value()->answer == R"({"ok":true})");
    CHECK(store.answer_request(first, "{}").error().code == "store.unknown_request");
    CHECK(store.answer_request(99, "{}").error().code == "store.unknown_request");
    CHECK_FALSE(store.request(99).value());
}

TEST_CASE("what a commit carries out of a request is counted in the request's row with it",
          "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    const std::int64_t id = store.post_request(retry_at(kMonday)).value();
    CHECK(store.pending_requests()->front().retried == 0);
    const Result<Receipt> refused = sales.try_commit([&](Commit& commit) {
        commit.expected_commit = 99;
        commit.requests = {{id, 5, 5}};
    });
    CHECK(refused.error().code == "store.fenced");
    sales.commit([&](Commit& commit) { commit.requests = {{id, 3, 0}}; });
    sales.commit([&](Commit& commit) { commit.requests = {{id, 1, 1}}; });
    under_test->reopen();
    const EngineRequest pending = under_test->store().pending_requests()->front();
    CHECK(pending.retried == 4);
    CHECK(pending.released == 1);
    REQUIRE(under_test->store().answer_request(id, "{}"));
    CHECK(under_test->store().request(id).value()->retried == 4);
}

TEST_CASE("a try to write changes nothing that anybody reads", "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    REQUIRE(world.store.try_write());
    REQUIRE(world.store.try_write());
    CHECK(world.store.channel_end(world.producer.number()).value() == 3);
    CHECK(world.consumer.commit([](Commit&) {}).commit == 1);
}

TEST_CASE("the id and account of a connection may not change", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    CHECK(store.bind_connection("seller-na", "NA1", "amazon", "A1SELLER"));
    CHECK(store.bind_connection("seller-na", "NA1", "amazon", "A1SELLER"));
    CHECK(store.bind_connection("erp", "ERP", "netsuite", "TSTDRV1"));
    for (const auto& [name, id, connector, account] :
         {std::array{"seller-na", "NA2", "amazon", "A1SELLER"},
          std::array{"seller-na", "NA1", "amazon", "A2OTHER"},
          std::array{"seller-na", "NA1", "netsuite", "A1SELLER"},
          std::array{"seller-eu", "NA1", "amazon", "A3THIRD"}}) {
        const Result<void> refused = store.bind_connection(name, id, connector, account);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "store.connection_changed");
        CHECK(refused.error().error_class == ErrorClass::Misconfigured);
    }
    CHECK(store.bind_connection("seller-renamed", "NA1", "amazon", "A1SELLER"));
}

TEST_CASE("the identity key is made once and kept", "[contract]") {
    const auto under_test = fresh();
    const std::string key = under_test->store().identity_key().value();
    CHECK(key.size() == 64);
    CHECK(key.find_first_not_of("0123456789abcdef") == std::string::npos);
    under_test->reopen();
    CHECK(under_test->store().identity_key().value() == key);
    CHECK(fresh()->store().identity_key().value() != key);
}

TEST_CASE("cached values and bucket levels survive a restart", "[contract]") {
    const auto under_test = fresh();
    REQUIRE(under_test->store().cache_put("catalog", "erp/salesOrder", "{1}", kMonday));
    REQUIRE(under_test->store().cache_put("catalog", "erp/salesOrder", "{2}", kMonday));
    Instance(under_test->store(), kOrders).commit([](Commit& commit) {
        commit.bucket_levels = {{"NA1/getOrders", "3.5"}, {"NA1/getOrders", "2.5"}};
    });
    under_test->reopen();
    const auto cached = under_test->store().cache_get("catalog", "erp/salesOrder").value();
    REQUIRE(cached);
    CHECK(cached->value == "{2}");
    CHECK(cached->at == kMonday);
    CHECK_FALSE(under_test->store().cache_get("catalog", "erp/invoice").value());
    CHECK(under_test->store().bucket_levels().value() ==
          std::vector<std::pair<std::string, std::string>>{{"NA1/getOrders", "2.5"}});
}

// ---- garbage ----

TEST_CASE("a page is freed when every consumer has settled it and retention has passed",
          "[contract]") {
    const auto under_test = fresh();
    OrdersAndConsumer world(under_test->store());
    Instance second(world.store, {"second", "NA1", "US"});
    const InstanceNumber channel = world.producer.number();
    REQUIRE(world.store.subscribe(second.number(), channel, false));
    const Milliseconds day(86'400'000);
    const UtcTime later = kMonday + 3 * day;
    const auto collect = [&] { return world.store.collect_garbage(later, 2 * day).value(); };
    world.consumer.commit([&](Commit& commit) { commit.cursors = {{channel, 3}}; });
    CHECK(collect() == 0);  // the second consumer has not read it
    second.commit([&](Commit& commit) {
        commit.cursors = {{channel, 3}};
        commit.open_put = {world.open(2, OpenState::Failed)};
    });
    CHECK(collect() == 0);  // one record is still open
    second.commit([&](Commit& commit) { commit.open_settled = {{channel, 2}}; });
    CHECK(world.store.collect_garbage(later, 4 * day).value() == 0);  // too young
    CHECK(collect() == 3);
    CHECK(world.store.read_channel(channel, 0, 10)->empty());
    CHECK(world.store.channel_end(channel).value() == 3);
    CHECK(world.producer.append({order("111-4")}).last_appended == 4);
    CHECK(world.store.read_channel(channel, 0, 10)->front().seq == 4);
}

TEST_CASE("a channel that nobody reads obeys retention too", "[contract]") {
    const auto under_test = fresh();
    Instance producer(under_test->store(), kOrders);
    producer.append(orders(1500));
    const Milliseconds hour(3'600'000);
    CHECK(under_test->store().collect_garbage(kMonday + hour, 2 * hour).value() == 0);
    CHECK(under_test->store().collect_garbage(kMonday + 3 * hour, 2 * hour).value() == 1500);
}

// ---- settled history ----

TEST_CASE("resolved errors are forgotten after their time, open ones never", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    const Milliseconds day(86'400'000);
    sales.commit([](Commit& commit) {
        commit.errors = {error_row("111-1"), error_row("111-2"), error_row("111-3")};
    });
    sales.commit([&](Commit& commit) {
        commit.now = kMonday + day;
        commit.resolve_key_errors = {{"111-1", "succeeded later"}};
    });
    sales.commit([&](Commit& commit) {
        commit.now = kMonday + 2 * day;
        commit.resolve_key_errors = {{"111-2", "retried by ops"}};
    });
    const auto keys = [&] {
        ErrorFilter all;
        all.open_only = false;
        std::vector<std::string> found;
        for (const ErrorRow& row : store.errors(all).value()) found.push_back(row.key);
        return found;
    };
    // What counts is when it was resolved: to the day, not a millisecond before.
    CHECK(store.forget_history(kMonday + day, 100).value() == 0);
    CHECK(store.forget_history(kMonday + day + Milliseconds(1), 100).value() == 1);
    CHECK(keys() == std::vector<std::string>{"111-2", "111-3"});
    CHECK(store.forget_history(kMonday + 1000 * day, 100).value() == 1);
    CHECK(keys() == std::vector<std::string>{"111-3"});
    CHECK(store.errors({})->size() == 1);
    // Numbers of forgotten errors are never given again.
    CHECK(sales.commit([](Commit& commit) { commit.errors = {error_row("111-4")}; })
              .error_ids.front() == 4);
}

TEST_CASE("runs are forgotten when they have ended, and what they did stays in the totals",
          "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    const Milliseconds day(86'400'000);
    const auto run = [&](UtcTime started, std::optional<UtcTime> ended) {
        const std::int64_t id = store.begin_run(sales.number(), "schedule", started).value();
        sales.commit([&](Commit& commit) {
            commit.run = id;
            commit.run_ended = ended.has_value();
            commit.now = ended.value_or(started);
            commit.counts = {10, 4, {{"older", 2}, {"filtered", 1}}, 1, 1, 1, 5};
        });
        return id;
    };
    run(kMonday, kMonday + day);
    const std::int64_t cut_off = run(kMonday + day, std::nullopt);  // by a crash
    const std::int64_t lasting = run(kMonday + day, kMonday + 10 * day);
    const std::int64_t last = run(kMonday + 2 * day, std::nullopt);  // it still runs
    CHECK(store.forget_history(kMonday + day, 100).value() == 0);
    CHECK(store.forget_history(kMonday + 5 * day, 100).value() == 2);
    std::vector<std::int64_t> left;
    for (const Run& one : store.runs(10).value()) left.push_back(one.id);
    CHECK(left == std::vector<std::int64_t>{last, lasting});
    CHECK(sales.totals().counts.seen == 40);
    CHECK(sales.totals().counts.written == 20);
    CHECK(sales.totals().counts.skipped ==
          std::map<std::string, std::int64_t>{{"filtered", 4}, {"older", 8}});
    CHECK(store.forget_history(kMonday + 50 * day, 100).value() == 1);
    CHECK(store.forget_history(kMonday + 50 * day, 100).value() == 0);
    CHECK(store.runs(10)->front().id == last);
    CHECK(sales.totals().counts.done == 16);
    CHECK(sales.totals().counts.skipped.at("older") == 8);
    CHECK(store.totals(lasting)->front().counts.done == 4);
    CHECK(store.totals(cut_off)->front().counts.skipped.at("older") == 2);
}

TEST_CASE("answered requests are forgotten, unanswered ones never", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    const std::int64_t answered = store.post_request(retry_at(kMonday)).value();
    const std::int64_t waiting = store.post_request(retry_at(kMonday)).value();
    REQUIRE(store.answer_request(answered, "{}"));
    CHECK(store.forget_history(kMonday, 100).value() == 0);
    CHECK(store.forget_history(kMonday + Milliseconds(1), 100).value() == 1);
    CHECK_FALSE(store.request(answered).value());
    CHECK(store.request(waiting).value());
}

TEST_CASE("history goes in batches of the size that was asked for", "[contract]") {
    const auto under_test = fresh();
    Store& store = under_test->store();
    Instance sales(store, kSalesOrders);
    sales.commit([](Commit& commit) {
        for (int i = 0; i < 25; ++i) commit.errors.push_back(error_row("111-" + std::to_string(i)));
    });
    sales.commit([](Commit& commit) {
        for (int i = 0; i < 25; ++i)
            commit.resolve_key_errors.emplace_back("111-" + std::to_string(i), "resolved by ops");
    });
    const UtcTime later = kMonday + Milliseconds(1);
    CHECK(store.forget_history(later, 10).value() == 10);
    CHECK(store.forget_history(later, 10).value() == 10);
    CHECK(store.forget_history(later, 10).value() == 5);
    CHECK(store.forget_history(later, 10).value() == 0);
}

}  // namespace carrick::store::contract
