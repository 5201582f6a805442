// SPDX-License-Identifier: Apache-2.0
// Part of the store contract: what has been settled is forgotten after its time.
#pragma once

#include "tests/core/store/contract/store_under_test.hpp"
#include "tests/core/store/store_world.hpp"

namespace carrick::store::contract {

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
