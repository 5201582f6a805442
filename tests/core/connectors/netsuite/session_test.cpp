// SPDX-License-Identifier: Apache-2.0
// What is repeated, what is unknown, and what is said about it.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;
using connectors::ReplyStatus;
using http::HttpFailureKind;
using namespace std::chrono_literals;

namespace {

const std::string kGet = R"({"record_type":"salesOrder","id":"766"})";
const std::string kCreate =
    R"({"record_type":"salesOrder","external_id":"AMZ-SO-NA1-112","body":{"memo":"x"}})";
const http::HttpResult kCreated = respond(204, "", {{"Location", "/record/v1/salesOrder/766"}});
const http::HttpResult kBusy =
    error_reply(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded.");

}  // namespace

TEST_CASE("a write whose answer is lost is unknown and not sent again", "[netsuite][session]") {
    const auto [answer, code] = GENERATE(table<http::HttpResult, std::string>(
        {{fail(HttpFailureKind::Lost), "netsuite.answer_lost"},
         {fail(HttpFailureKind::Refused), "netsuite.answer_lost"},
         {error_reply(500, "UNEXPECTED_ERROR", "An unexpected error occurred."),
          "netsuite.unexpected_error"},
         {respond(502, ""), "netsuite.unavailable"},
         {respond(503, "<html>maintenance</html>"), "netsuite.maintenance"},
         {respond(504, ""), "netsuite.unavailable"},
         {respond(200, "<html>maintenance</html>"), "netsuite.maintenance"},
         {respond(302, "", {{"Location", "https://system.netsuite.com/pages/down.html"}}),
          "netsuite.maintenance"}}));
    NetSuiteFixture erp;
    erp.answer_in_turn({answer});
    const connectors::Reply reply = erp.call("netsuite.records.create", kCreate);
    CHECK(reply.status == ReplyStatus::Unknown);
    CHECK(reply.error.code == code);
    CHECK(reply.error.error_class == ErrorClass::Transient);
    CHECK(erp.sent().size() == 1);
    CHECK_FALSE(erp.sent()[0].safe_to_repeat);
}

TEST_CASE("a write proven unsent is repeated at most three times", "[netsuite][session]") {
    struct Row {
        http::HttpResult answer;
        ErrorClass error_class;
        std::string code;
    };
    const std::vector<Row> rows{
        {kBusy, ErrorClass::Throttled, "netsuite.concurrency_limit"},
        {error_reply(400, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded."),
         ErrorClass::Throttled, "netsuite.concurrency_limit"},
        {fail(HttpFailureKind::NotSent), ErrorClass::Transient, "netsuite.unreachable"},
    };
    for (const Row& row : rows) {
        NetSuiteFixture again;
        again.answer_in_turn({row.answer, row.answer, kCreated});
        CHECK(again.ok("netsuite.records.create", kCreate)["id"].text() == "766");
        CHECK(again.sent().size() == 3);

        NetSuiteFixture never;
        never.answer_in_turn({row.answer});
        const connectors::Reply reply = never.call("netsuite.records.create", kCreate);
        CHECK(reply.status == ReplyStatus::Failed);
        CHECK(reply.error.error_class == row.error_class);
        CHECK(reply.error.code == row.code);
        CHECK(never.sent().size() == 4);
    }
}

TEST_CASE("a refused write is not repeated", "[netsuite][session]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({error_reply(400, "USER_ERROR",
                                    "This record has been locked by a user "
                                    "defined workflow.")});
    const connectors::Reply reply = erp.call("netsuite.records.create", kCreate);
    CHECK(reply.status == ReplyStatus::Failed);
    CHECK(reply.error.code == "netsuite.record_locked");
    CHECK(erp.sent().size() == 1);
}

TEST_CASE("a read is repeated after anything that heals, and never unknown",
          "[netsuite][session]") {
    NetSuiteFixture erp;
    erp.answer_in_turn(
        {fail(HttpFailureKind::Lost), respond(503, ""), kBusy, respond(200, R"({"id":"766"})")});
    erp.ok("netsuite.records.get", kGet);
    CHECK(erp.sent().size() == 4);
    CHECK(erp.sent()[0].safe_to_repeat);

    NetSuiteFixture down;
    down.answer_in_turn({respond(503, "")});
    const connectors::Reply reply = down.call("netsuite.records.get", kGet);
    CHECK(reply.status == ReplyStatus::Failed);
    CHECK(reply.error.code == "netsuite.unavailable");
    CHECK(down.sent().size() == 4);
}

TEST_CASE("no repetition is awaited beyond the deadline", "[netsuite][session]") {
    // Its pauses last longer than any deadline, however busy this machine is.
    class LongPauses final : public Clock {
    public:
        [[nodiscard]] UtcTime now() const override { return UtcTime(1795428000000); }
        [[nodiscard]] Milliseconds real_time_for(Milliseconds span) const override {
            return span * 100'000;
        }
    };
    NetSuiteFixture erp;
    erp.answer_in_turn({kBusy});
    const LongPauses clock;
    auto connection = connectors::netsuite::make_netsuite_connection(erp.options, erp.transport,
                                                                     clock, erp.random)
                          .value();
    erp.context.deadline = std::chrono::steady_clock::now() + 20s;
    const auto begun = std::chrono::steady_clock::now();
    const connectors::Reply reply =
        connectors::call_one(*connection, {"netsuite.records.create", kCreate}, erp.context);
    CHECK(reply.error.error_class == ErrorClass::Throttled);
    CHECK(reply.error.retry_after.count() > 0);
    CHECK(erp.sent().size() == 1);
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

TEST_CASE("Retry-After is passed on", "[netsuite][session]") {
    NetSuiteFixture erp;
    http::HttpResult busy = kBusy;
    busy.response.headers.emplace_back("Retry-After", "17");
    erp.answer_in_turn({busy});
    CHECK(erp.failure("netsuite.records.create", kCreate).retry_after == 17s);
}

TEST_CASE("what was cancelled was not sent", "[netsuite][session]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({kCreated});
    std::atomic<bool> cancelled = true;
    erp.context.cancelled = &cancelled;
    CHECK(erp.call("netsuite.records.create", kCreate).status == ReplyStatus::Cancelled);
    CHECK(erp.sent().empty());
    cancelled = false;
    erp.answer_in_turn({fail(HttpFailureKind::Cancelled)});
    CHECK(erp.call("netsuite.records.create", kCreate).status == ReplyStatus::Cancelled);
}

TEST_CASE("a system that is down is left alone, then asked by one request", "[netsuite][session]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(503, "")});
    for (int i = 0; i < 5; ++i) erp.call("netsuite.records.create", kCreate);
    CHECK(erp.sent().size() == 5);
    const connectors::Reply blocked = erp.call("netsuite.records.create", kCreate);
    // Not sent at all, so it is no unknown outcome.
    CHECK(blocked.status == ReplyStatus::Failed);
    CHECK(blocked.error.code == "netsuite.circuit_open");
    CHECK(blocked.error.retry_after.count() > 0);
    CHECK(erp.sent().size() == 5);
    erp.clock.advance(11s);
    erp.answer_in_turn({kCreated});
    erp.ok("netsuite.records.create", kCreate);
    erp.ok("netsuite.records.create", kCreate);
}

TEST_CASE("a call of many requests answers each", "[netsuite][session]") {
    NetSuiteFixture erp;
    erp.answer([](const http::HttpRequest& request) {
        const std::string id = request.url.substr(request.url.rfind('/') + 1);
        return respond(200, R"({"id":")" + id + R"("})");
    });
    class Collect final : public connectors::ReplyHandler {
    public:
        void on_reply(std::size_t request, connectors::Reply reply) override {
            ids.at(request) = Json::parse(reply.body).value()["id"].text();
        }
        std::vector<std::string> ids = std::vector<std::string>(20);
    };
    std::vector<connectors::Request> requests;
    for (int i = 0; i < 20; ++i)
        requests.push_back({"netsuite.records.get", R"({"record_type":"customer","id":")" +
                                                        std::to_string(100 + i) + R"("})"});
    Collect collect;
    erp.connection().call(requests, erp.context, collect);
    for (std::size_t i = 0; i < 20; ++i) CHECK(collect.ids[i] == std::to_string(100 + i));
}

TEST_CASE("an unknown operation and a body that is no JSON are the plugin's mistakes",
          "[netsuite][session]") {
    NetSuiteFixture erp;
    CHECK(erp.failure("netsuite.records.delete", "{}").code == "netsuite.unknown_operation");
    CHECK(erp.failure("netsuite.records.get", "{").error_class == ErrorClass::Bug);
    CHECK(erp.failure("netsuite.records.get", R"({"record_type":"../x","id":"1"})").code ==
          "netsuite.request");
    CHECK(erp.sent().empty());
}
