// SPDX-License-Identifier: Apache-2.0
// A write whose answer is missing is in question, also where it is safe to repeat: no newer version
// of its record runs before it has its answer. The story of all of these: version 1 makes an order,
// its answer is lost while the target still works on it, and version 2 cancels it. Whoever looks
// for the order too early finds none, skips the cancellation, and the order stays open for ever.
#include "core/base/failpoint.hpp"
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

namespace {

constexpr const char* kCreate = R"({"v":1})";
constexpr const char* kCancel = R"({"v":2,"cancelled":true})";

connectors::Reply reply_ok() {
    return {connectors::ReplyStatus::Ok, "{}", {}};
}

/// A sink that skips the cancellation of an order which it does not find.
struct Orders : Bench {
    Orders() {
        settings.flows.front().every = Milliseconds(1'000);
        script().map = [this](sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups&,
                              const sdk::Ledger&) {
            for (const sdk::RecordView record : records)
                if (record.json().value()["cancelled"].bool_if().value_or(false) &&
                    !target.written.contains(std::string(record.key)))
                    pure.skipped(record, "cancelled before import");
                else
                    pure.emit_payload(record, {.write = "document",
                                               .external_id = record.key,
                                               .body = std::string(record.body)});
        };
        target.answer = [this](const std::string&) {
            ++calls;
            if (answers.empty()) return reply_ok();
            connectors::Reply next = std::move(answers.front());
            answers.pop_front();
            return next;
        };
    }
    void version_1() {
        emit({{"order-1", 1, kCreate}});
        run();
    }
    /// Comes while nothing but the next poll is due.
    void version_2() {
        emit({{"order-1", 2, kCancel}});
        run_after(Milliseconds(1'000));
    }
    void later() {
        for (int second = 0; second < 600; ++second) run_after(Milliseconds(1'000));
    }
    [[nodiscard]] std::vector<std::string> history() { return target.written["order-1"]; }
    [[nodiscard]] bool is_skipped(const std::string& reason) {
        return counts("sink").skipped.contains(reason);
    }

    std::deque<connectors::Reply> answers;
    int calls = 0;
};

struct Killed {};

}  // namespace

TEST_CASE("a cancellation waits for the answer of the create that it cancels",
          "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    bench.answers = {reply_unknown()};
    bench.version_1();
    bench.version_2();
    CHECK(bench.calls == 1);
    CHECK_FALSE(bench.is_skipped("cancelled before import"));
    bench.later();
    CHECK(bench.history() == std::vector<std::string>{kCreate, kCancel});
    CHECK(bench.counts("sink").done == 2);
    CHECK(bench.counts("sink").skipped.empty());
}

TEST_CASE("a retry that is turned away before it is sent answers nothing", "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(60'000);
    bench.answers = {reply_unknown(), reply_failed(transient("t.down", "HTTP 503")),
                     reply_failed(throttled("t.busy", "slow down", Milliseconds(5'000)))};
    bench.version_1();
    while (bench.calls < 3) bench.run_after(Milliseconds(1'000));
    bench.version_2();
    CHECK(bench.calls == 3);
    bench.later();
    CHECK(bench.history() == std::vector<std::string>{kCreate, kCancel});
}

TEST_CASE("a first try that is turned away leaves no question: the newer version runs at once",
          "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(3'600'000);
    bench.answers = {reply_failed(transient("t.down", "HTTP 503"))};
    bench.version_1();
    bench.version_2();
    CHECK(bench.is_skipped("superseded"));
    CHECK(bench.is_skipped("cancelled before import"));
    CHECK(bench.history().empty());
}

TEST_CASE("a record whose retry is refused makes way", "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    bench.answers = {reply_unknown(), reply_failed(rejected("t.closed", "period closed"))};
    bench.version_1();
    bench.version_2();
    bench.later();
    CHECK(bench.calls == 2);
    CHECK(bench.is_skipped("superseded"));
    CHECK(bench.is_skipped("cancelled before import"));
    CHECK(bench.errors().empty());
}

TEST_CASE("who is tried no more makes way, and stands in the queue no longer",
          "[engine][question]") {
    Orders bench;
    bench.sink().retry.attempts = 2;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    bench.answers = {reply_unknown(), reply_unknown()};
    bench.version_1();
    bench.version_2();
    bench.later();
    CHECK(bench.calls == 2);
    CHECK(bench.is_skipped("cancelled before import"));
    CHECK(bench.errors().empty());
    CHECK(bench.status("sink").failed == 0);
}

TEST_CASE("a retry that has to wait for something makes way", "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    bench.answers = {reply_unknown()};
    bench.script().needs = [&](sdk::Pure& pure, const sdk::Records& records) {
        for (const sdk::RecordView record : records)
            if (bench.calls > 0 && record.body == kCreate)
                pure.waiting(record, {.reason = "its item is gone"});
    };
    bench.version_1();
    bench.version_2();
    bench.later();
    CHECK(bench.calls == 1);
    CHECK(bench.is_skipped("superseded"));
    CHECK(bench.is_skipped("cancelled before import"));
}

TEST_CASE("only the newest version stands behind a question", "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    bench.answers = {reply_unknown()};
    bench.version_1();
    bench.emit({{"order-1", 2, R"({"v":2})"}});
    bench.run_after(Milliseconds(1'000));
    bench.emit({{"order-1", 3, R"({"v":3})"}});
    bench.run_after(Milliseconds(1'000));
    CHECK(bench.calls == 1);
    bench.later();
    CHECK(bench.history() == std::vector<std::string>{kCreate, R"({"v":3})"});
    CHECK(bench.counts("sink").skipped.at("superseded") == 1);
}

TEST_CASE("a call that fails as a whole leaves its writes in question", "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    bool first = true;
    bench.script().deliver = [&](sdk::Call& call, const sdk::Records& records,
                                 const sdk::Payloads& payloads) -> Result<void> {
        if (std::exchange(first, false)) return transient("t.lost", "the connection broke");
        for (const sdk::PayloadView payload : payloads) {
            bench.target.written[std::string(payload.external_id)].emplace_back(payload.body);
            call.done(payload.record);
        }
        (void)records;
        return {};
    };
    bench.version_1();
    bench.version_2();
    CHECK(bench.history().empty());
    bench.later();
    CHECK(bench.history() == std::vector<std::string>{kCreate, kCancel});
}

TEST_CASE("a process that dies while it writes knows afterwards that it may have written",
          "[engine][question]") {
    const auto* const place =
        GENERATE("engine.before_deliver", "engine.after_deliver", "engine.before_outcome_commit");
    CAPTURE(place);
    Orders bench;
    bench.run();
    bench.answers = {reply_unknown()};
    {
        // The source's own commits pass the last place too, so version 1 is on its way first.
        bench.emit({{"order-1", 1, kCreate}});
        bench.clock.advance(Milliseconds(1'000));
        bench.script().needs = [&](sdk::Pure&, const sdk::Records&) {
            failpoint::arm(place, [] { throw Killed{}; });
        };
        CHECK_THROWS_AS(bench.run(), Killed);
        failpoint::disarm_all();
        bench.script().needs = {};
    }
    // Version 2 is there before the new process begins, and before version 1 has been read again.
    bench.answers = {reply_failed(transient("t.down", "HTTP 503"))};
    bench.emit({{"order-1", 2, kCancel}});
    bench.start();
    bench.run();
    CHECK_FALSE(bench.is_skipped("cancelled before import"));
    bench.start();
    bench.later();
    CHECK(bench.history() == std::vector<std::string>{kCreate, kCancel});
    CHECK(bench.counts("sink").skipped.empty());
}

TEST_CASE("a question survives a restart while it waits for its retry", "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    bench.answers = {reply_unknown()};
    bench.version_1();
    bench.start();
    bench.version_2();
    CHECK_FALSE(bench.is_skipped("cancelled before import"));
    bench.start();
    bench.later();
    CHECK(bench.history() == std::vector<std::string>{kCreate, kCancel});
}

TEST_CASE("a broken call that stops its flow leaves all its records in question",
          "[engine][question]") {
    Orders bench;
    bench.sink().retry.base_delay = Milliseconds(600'000);
    int calls = 0;
    bench.script().deliver = [&](sdk::Call& call, const sdk::Records&,
                                 const sdk::Payloads& payloads) -> Result<void> {
        if (++calls == 1) return misconfigured("t.role", "the role was taken away half-way");
        for (const sdk::PayloadView payload : payloads) {
            if (calls == 2) {
                call.failed(payload.record, transient("t.down", "HTTP 503"));
                continue;
            }
            bench.target.written[std::string(payload.external_id)].emplace_back(payload.body);
            call.done(payload.record);
        }
        return {};
    };
    bench.emit({{"order-1", 1, kCreate}, {"order-2", 1, kCreate}});
    bench.run();
    REQUIRE(bench.status("sink").hold);
    store::EngineRequest request;
    request.kind = "errors.retry";
    request.arguments = R"({"flow":"sink"})";
    request.who = "ops";
    REQUIRE(bench.store->post_request(request));
    REQUIRE(bench.engine->poll_requests());
    bench.run();
    CHECK(calls == 2);
    bench.emit({{"order-1", 2, kCancel}, {"order-2", 2, kCancel}});
    bench.later();
    for (const char* order : {"order-1", "order-2"})
        CHECK(bench.target.written[order] == std::vector<std::string>{kCreate, kCancel});
    CHECK(bench.counts("sink").skipped.empty());
}
