// SPDX-License-Identifier: Apache-2.0
// The contract of Store: runs, requests, small things that are kept, and what is freed.
#pragma once

#include "tests/core/store/contract/store_under_test.hpp"

#include <array>

namespace carrick::store::contract {

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

}  // namespace carrick::store::contract
