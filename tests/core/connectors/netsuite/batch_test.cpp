// SPDX-License-Identifier: Apache-2.0
// Batches: what becomes of each record, whatever happens to the batch.
#include "core/connectors/netsuite/async_job.hpp"
#include "tests/core/connectors/netsuite/fake_jobs.hpp"

#include <catch2/catch.hpp>

#include <iostream>
#include <set>

using namespace carrick;
using namespace carrick::testing;
using connectors::Reply;
using connectors::ReplyStatus;
using connectors::Request;
using connectors::netsuite::WriteMode;
using namespace std::chrono_literals;

namespace {

std::string eid(std::size_t number) {
    return "AMZ-SO-NA1-" + std::to_string(number);
}

std::vector<Request> creates(std::size_t count) {
    std::vector<Request> requests;
    for (std::size_t i = 1; i <= count; ++i)
        requests.push_back(
            {"netsuite.records.create", R"({"record_type":"salesOrder","external_id":")" + eid(i) +
                                            R"(","body":{"entity":{"id":"110"},"memo":"x"}})"});
    return requests;
}

class Replies final : public connectors::ReplyHandler {
public:
    explicit Replies(std::size_t count) : all(count), answers(count) {}
    void on_reply(std::size_t request, Reply reply) override {
        all[request] = std::move(reply);
        ++answers[request];
    }
    std::vector<Reply> all;
    std::vector<int> answers;
};

/// An account, a connection in batch mode, and one call.
struct BatchFixture {
    BatchFixture() {
        erp.options.write_mode = WriteMode::Batch;
        erp.answer([this](const http::HttpRequest& request) { return jobs(request); });
        erp.context.deadline = std::chrono::steady_clock::now() + 10s;
    }

    std::vector<Reply> call(const std::vector<Request>& requests) {
        if (!connection)
            connection = connectors::netsuite::make_netsuite_connection(erp.options, erp.transport,
                                                                        clock, erp.random)
                             .value();
        Replies replies(requests.size());
        connection->call(requests, erp.context, replies);
        for (const int times : replies.answers) CHECK(times == 1);
        return replies.all;
    }
    std::vector<Reply> create(std::size_t count) { return call(creates(count)); }

    NetSuiteFixture erp;
    FakeJobs jobs;
    QuickClock clock;
    std::unique_ptr<connectors::Connection> connection;
};

void check_made(const FakeJobs& jobs, const std::vector<Reply>& replies, std::size_t from = 0) {
    for (std::size_t i = from; i < replies.size(); ++i) {
        INFO(i << " " << replies[i].error.code << " " << replies[i].error.message);
        REQUIRE(replies[i].status == ReplyStatus::Ok);
        CHECK(replies[i].body ==
              R"({"id":")" + jobs.records.at(eid(i + 1)) + R"(","adopted":false})");
    }
}

const http::HttpResult kClosed =
    error_reply(400, "USER_ERROR", "The posting period is locked for Nov 2026");
const http::HttpResult kNoItem =
    error_reply(400, "INVALID_CONTENT",
                "You have entered an Invalid Field Value 9999 for the following field: item");

}  // namespace

TEST_CASE("creates of one call become one batch, and each gets its own id", "[netsuite][batch]") {
    BatchFixture f;
    check_made(f.jobs, f.create(100));
    // Existing ids, batch, one poll, read back: four requests for a hundred orders.
    CHECK(f.erp.sent().size() == 4);
    CHECK(f.jobs.calls["single"] == 0);
    CHECK(f.jobs.calls["result"] == 0);
    const http::HttpRequest sent = f.erp.sent()[1];
    CHECK(sent.method == "POST");
    CHECK(sent.url.ends_with("/record/v1/salesOrder"));
    CHECK(header_in(sent, "Prefer") == "respond-async");
    CHECK(header_in(sent, "Content-Type") ==
          "application/vnd.oracle.resource+json; type=collection");
    CHECK(header_in(sent, "X-NetSuite-PropertyNameValidation") == "Error");
    CHECK_FALSE(sent.safe_to_repeat);
    const Json& first = f.jobs.submitted[0]["items"][0];
    CHECK(first["externalId"].text() == eid(1));
    CHECK(first["entity"]["id"].text() == "110");
    CHECK(header_in(f.erp.sent()[2], "Authorization") == "Bearer token-1");
}

TEST_CASE("the key is a UUID that the content decides", "[netsuite][batch]") {
    using connectors::netsuite::idempotency_key;
    const std::string key = idempotency_key("1234567", "POST\n{}");
    CHECK(key.size() == 36);
    CHECK(key[14] == '5');
    CHECK(std::string("89ab").find(key[19]) != std::string::npos);
    CHECK(key == idempotency_key("1234567", "POST\n{}"));
    CHECK(key != idempotency_key("1234567_SB1", "POST\n{}"));
    CHECK(key != idempotency_key("1234567", "POST\n{ }"));
}

TEST_CASE("250 creates are three batches, in one call", "[netsuite][batch]") {
    BatchFixture f;
    check_made(f.jobs, f.create(250));
    CHECK(f.jobs.calls["submit"] == 3);
    CHECK(std::set<std::string>(f.jobs.keys.begin(), f.jobs.keys.end()).size() == 3);
}

TEST_CASE("relative and missing Locations", "[netsuite][batch]") {
    BatchFixture f;
    SECTION("relative") {
        f.jobs.relative_location = true;
    }
    SECTION("missing: the external ids tell") {
        f.jobs.without_location = true;
    }
    SECTION("a task list of one item a task") {
        f.jobs.separate_task_items = true;
    }
    check_made(f.jobs, f.create(12));
}

TEST_CASE("a job is asked about at our own account, wherever Location points",
          "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.after_batch = [](const http::HttpRequest&) {
        return respond(202, "", {{"Location", "https://evil.test/services/rest/async/v1/job/500"}});
    };
    check_made(f.jobs, f.create(3));
    CHECK(f.erp.transport.count("evil.test") == 0);
}

TEST_CASE("what exists already is a duplicate, and is not sent again", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.records[eid(2)] = "42";
    const std::vector<Reply> replies = f.create(4);
    CHECK(replies[1].status == ReplyStatus::Failed);
    CHECK(replies[1].error.code == "netsuite.duplicate");
    CHECK(replies[1].error.error_class == ErrorClass::Rejected);
    CHECK(replies[0].status == ReplyStatus::Ok);
    CHECK(replies[3].status == ReplyStatus::Ok);
    CHECK(f.jobs.submitted[0]["items"].size() == 3);
    CHECK_FALSE(f.jobs.executions.contains(eid(2)));
}

TEST_CASE("a lost answer to the batch is asked for again with the same key", "[netsuite][batch]") {
    BatchFixture f;
    std::atomic<int> losses = 0;
    const bool arrived = GENERATE(true, false);
    const auto lose = [&](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (request.method != "POST" || request.url.ends_with("/token") ||
            request.url.find("/query/") != std::string::npos || losses++ > 0)
            return std::nullopt;
        return fail(http::HttpFailureKind::Lost);
    };
    (arrived ? f.jobs.after_batch : f.jobs.before) = lose;
    check_made(f.jobs, f.create(5));
    for (std::size_t i = 1; i <= 5; ++i) CHECK(f.jobs.executions[eid(i)] == 1);
    CHECK(f.jobs.keys.size() == (arrived ? 2 : 1));
    CHECK(f.jobs.keys.front() == f.jobs.keys.back());
}

TEST_CASE("keys that are not honoured double nothing", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.honours_keys = false;
    std::atomic<int> losses = 0;
    f.jobs.after_batch = [&](const http::HttpRequest&) -> std::optional<http::HttpResult> {
        if (losses++ > 0) return std::nullopt;
        return respond(504, "");
    };
    check_made(f.jobs, f.create(5));
    CHECK(f.jobs.records.size() == 5);
}

TEST_CASE("a batch that nobody ever answers is unknown, unless its records are found",
          "[netsuite][batch]") {
    BatchFixture f;
    const bool arrived = GENERATE(true, false);
    const auto never = [](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (header_in(request, "Prefer") != "respond-async") return std::nullopt;
        return fail(http::HttpFailureKind::Lost);
    };
    (arrived ? f.jobs.after_batch : f.jobs.before) = never;
    const std::vector<Reply> replies = f.create(3);
    if (arrived) return check_made(f.jobs, replies);
    for (const Reply& reply : replies) {
        CHECK(reply.status == ReplyStatus::Unknown);
        CHECK(reply.error.code == "netsuite.batch_lost");
        CHECK(reply.error.error_class == ErrorClass::Transient);
    }
}

TEST_CASE("a job that does not complete in time is unknown where nothing is found",
          "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.polls_until_completed = 1'000'000;
    f.jobs.refusals[eid(2)] = kClosed;
    f.erp.context.deadline = std::chrono::steady_clock::now() + 400ms;
    const auto begun = std::chrono::steady_clock::now();
    const std::vector<Reply> replies = f.create(3);
    CHECK(std::chrono::steady_clock::now() - begun < 2s);
    CHECK(replies[0].status == ReplyStatus::Ok);
    CHECK(replies[1].status == ReplyStatus::Unknown);
    CHECK(replies[1].error.code == "netsuite.batch_pending");
    CHECK_THAT(replies[1].error.message, Catch::Contains("job 500"));
    CHECK(replies[2].status == ReplyStatus::Ok);
    // Polls become rarer: 2, 4, 8, 16, 30, 30, … seconds.
    CHECK(f.jobs.calls["poll"] < 30);
}

TEST_CASE("what a batch made after its call gave up is found by the next one",
          "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.polls_until_completed = 1'000'000;
    f.jobs.query_lags = true;  // nothing is visible yet
    f.erp.context.deadline = std::chrono::steady_clock::now() + 300ms;
    for (const Reply& reply : f.create(3)) CHECK(reply.status == ReplyStatus::Unknown);
    f.jobs.query_lags = false;
    f.erp.context.deadline = std::chrono::steady_clock::now() + 10s;
    for (const Reply& reply : f.create(3)) CHECK(reply.error.code == "netsuite.duplicate");
    for (std::size_t i = 1; i <= 3; ++i) CHECK(f.jobs.executions[eid(i)] == 1);
}

TEST_CASE("the same batch adopts its job while that still runs", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.polls_until_completed = 1'000'000;
    f.jobs.query_lags = true;
    f.erp.context.deadline = std::chrono::steady_clock::now() + 300ms;
    for (const Reply& reply : f.create(3)) CHECK(reply.status == ReplyStatus::Unknown);
    f.jobs.polls_until_completed = static_cast<unsigned>(f.jobs.calls["poll"]) + 3;
    f.erp.context.deadline = std::chrono::steady_clock::now() + 10s;
    check_made(f.jobs, f.create(3));
    CHECK(f.jobs.keys.size() == 2);
    CHECK(f.jobs.keys[0] == f.jobs.keys[1]);
    for (std::size_t i = 1; i <= 3; ++i) CHECK(f.jobs.executions[eid(i)] == 1);
}

TEST_CASE("a finished job of the past does not decide: what it refused is tried anew",
          "[netsuite][batch]") {
    BatchFixture f;
    // Yesterday the period was closed; it has been opened since, and the same batch comes again.
    f.jobs.remember_job({kClosed, kClosed, kClosed});
    check_made(f.jobs, f.create(3));
    REQUIRE(f.jobs.keys.size() == 2);
    CHECK(f.jobs.keys[0] != f.jobs.keys[1]);
    CHECK(f.jobs.calls["single"] == 0);
}

TEST_CASE("web pages and refusals between polls do not end the wait", "[netsuite][batch]") {
    BatchFixture f;
    std::atomic<int> polls = 0;
    f.jobs.before = [&](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (request.url.find("/async/") == std::string::npos) return std::nullopt;
        switch (polls++) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4: return respond(503, "<html>maintenance</html>");
            case 5: return fail(http::HttpFailureKind::Lost);
            case 6:
                return error_reply(429, "CONCURRENCY_LIMIT_EXCEEDED",
                                   "Concurrent request limit exceeded.");
            default: return std::nullopt;
        }
    };
    check_made(f.jobs, f.create(4));
}

TEST_CASE("a job that NetSuite no longer knows leaves what is found", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.refusals[eid(3)] = kClosed;
    f.jobs.before = [](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (request.url.find("/async/") == std::string::npos) return std::nullopt;
        return error_reply(404, "NONEXISTENT_ID", "No such job.");
    };
    const std::vector<Reply> replies = f.create(3);
    CHECK(replies[0].status == ReplyStatus::Ok);
    CHECK(replies[2].status == ReplyStatus::Unknown);
    CHECK(replies[2].error.code == "netsuite.batch_pending");
}

TEST_CASE("of a batch that fails in part, only the missing ones' results are fetched",
          "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.refusals[eid(7)] = kNoItem;
    const std::vector<Reply> replies = f.create(20);
    CHECK(replies[6].status == ReplyStatus::Failed);
    CHECK(replies[6].error.code == "netsuite.invalid_item");
    CHECK(f.jobs.calls["tasks"] == 1);
    CHECK(f.jobs.calls["result"] == 1);
    CHECK(f.jobs.calls["single"] == 0);
    for (std::size_t i = 0; i < 20; ++i)
        if (i != 6) CHECK(replies[i].status == ReplyStatus::Ok);
}

TEST_CASE("different refusals are told apart once the order of tasks is proven",
          "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.refusals[eid(2)] = kNoItem;
    f.jobs.refusals[eid(15)] = kClosed;
    const std::vector<Reply> replies = f.create(20);
    CHECK(replies[1].error.code == "netsuite.invalid_item");
    CHECK(replies[14].error.code == "netsuite.period_locked");
    // Two refusals and three records that were found at their places.
    CHECK(f.jobs.calls["result"] == 5);
    CHECK(f.jobs.calls["single"] == 0);
}

TEST_CASE("tasks in another order blame nobody wrongly", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.reverse_tasks = true;
    const std::size_t count = GENERATE(std::size_t{4}, std::size_t{20}, std::size_t{21});
    f.jobs.refusals[eid(1)] = kNoItem;
    f.jobs.refusals[eid(count)] = kClosed;  // its task stands where that of 1 belongs
    const std::vector<Reply> replies = f.create(count);
    CHECK(replies[0].error.code == "netsuite.invalid_item");
    CHECK(replies[count - 1].error.code == "netsuite.period_locked");
    for (std::size_t i = 1; i + 1 < count; ++i) CHECK(replies[i].status == ReplyStatus::Ok);
    CHECK(f.jobs.calls["single"] == 2);
    CHECK(f.jobs.records.size() == count - 2);
}

TEST_CASE("one refusal in another order is found out", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.reverse_tasks = true;
    f.jobs.refusals[eid(1)] = kNoItem;
    const std::vector<Reply> replies = f.create(20);
    CHECK(replies[0].error.code == "netsuite.invalid_item");
    CHECK(replies[19].status == ReplyStatus::Ok);
}

TEST_CASE("a batch that fails as a whole for one reason says it to each", "[netsuite][batch]") {
    BatchFixture f;
    for (std::size_t i = 1; i <= 8; ++i) f.jobs.refusals[eid(i)] = kClosed;
    for (const Reply& reply : f.create(8)) {
        CHECK(reply.status == ReplyStatus::Failed);
        CHECK(reply.error.code == "netsuite.period_locked");
    }
    CHECK(f.jobs.calls["single"] == 0);
}

TEST_CASE("SuiteQL that lags behind is no failure", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.query_lags = true;
    check_made(f.jobs, f.create(4));
    CHECK(f.jobs.calls["single"] == 0);
}

TEST_CASE("a record that was made and cannot be looked at is unknown, not sent again",
          "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.query_lags = true;
    f.jobs.before = [](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (request.url.find("fields=externalId") == std::string::npos) return std::nullopt;
        return error_reply(403, "INSUFFICIENT_PERMISSION", "Permission Violation");
    };
    for (const Reply& reply : f.create(3)) {
        CHECK(reply.status == ReplyStatus::Unknown);
        CHECK(reply.error.code == "netsuite.batch_result");
    }
    CHECK(f.jobs.calls["single"] == 0);
}

TEST_CASE("a record whose task ended in a 5xx is unknown", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.refusals[eid(2)] = error_reply(500, "UNEXPECTED_ERROR", "An unexpected error occurred.");
    const std::vector<Reply> replies = f.create(3);
    CHECK(replies[1].status == ReplyStatus::Unknown);
    CHECK(replies[1].error.code == "netsuite.batch_result");
    CHECK(replies[2].status == ReplyStatus::Ok);
}

TEST_CASE("results that cannot be had leave the missing ones unknown", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.refusals[eid(2)] = kClosed;
    f.jobs.before = [](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (!request.url.ends_with("/task")) return std::nullopt;
        return respond(503, "");
    };
    const std::vector<Reply> replies = f.create(3);
    CHECK(replies[0].status == ReplyStatus::Ok);
    CHECK(replies[1].status == ReplyStatus::Unknown);
    CHECK(replies[1].error.code == "netsuite.batch_result");
}

TEST_CASE("a batch that is refused as a whole goes record by record", "[netsuite][batch]") {
    BatchFixture f;
    const http::HttpResult refusal =
        GENERATE(error_reply(400, "INVALID_CONTENT", "Unknown property \"mmeo\"."),
                 error_reply(400, "INVALID_HEADER", "Prefer is not supported."), respond(415, ""));
    f.jobs.before = [&](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (header_in(request, "Prefer") != "respond-async") return std::nullopt;
        return refusal;
    };
    f.jobs.refusals[eid(3)] = kNoItem;
    const std::vector<Reply> replies = f.create(5);
    CHECK(f.jobs.calls["single"] == 5);
    CHECK(replies[2].error.code == "netsuite.invalid_item");
    CHECK(replies[4].status == ReplyStatus::Ok);
}

TEST_CASE("what stops the whole account stops the batch, and nothing was sent",
          "[netsuite][batch]") {
    struct Row {
        http::HttpResult answer;
        std::string code;
    };
    for (const Row& row : {Row{error_reply(429, "CONCURRENCY_LIMIT_EXCEEDED", "Blocked."),
                               "netsuite.concurrency_limit"},
                           Row{error_reply(403, "INSUFFICIENT_PERMISSION", "Sales Order"),
                               "netsuite.insufficient_permission"},
                           Row{fail(http::HttpFailureKind::NotSent), "netsuite.unreachable"}}) {
        BatchFixture f;
        f.jobs.before = [&](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
            if (header_in(request, "Prefer") != "respond-async") return std::nullopt;
            return row.answer;
        };
        for (const Reply& reply : f.create(3)) {
            CHECK(reply.status == ReplyStatus::Failed);
            CHECK(reply.error.code == row.code);
        }
        CHECK(f.jobs.records.empty());
    }
}

TEST_CASE("a type that SuiteQL does not know is written one by one", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.before = [](const http::HttpRequest& request) -> std::optional<http::HttpResult> {
        if (request.url.find("/query/") == std::string::npos) return std::nullopt;
        return error_reply(400, "INVALID_PARAMETER",
                           "Invalid search query. Search error occurred: Record 'x' was not "
                           "found.");
    };
    check_made(f.jobs, f.create(3));
    CHECK(f.jobs.calls["submit"] == 0);
    CHECK(f.jobs.calls["single"] == 3);
}

TEST_CASE("a stop while a batch runs leaves its records unknown, never cancelled",
          "[netsuite][batch]") {
    BatchFixture f;
    std::atomic<bool> stop = false;
    f.erp.context.cancelled = &stop;
    f.jobs.after_batch = [&](const http::HttpRequest&) -> std::optional<http::HttpResult> {
        stop = true;
        return std::nullopt;
    };
    for (const Reply& reply : f.create(3)) CHECK(reply.status == ReplyStatus::Unknown);
}

TEST_CASE("upserts are believed by their results only", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.records[eid(1)] = "42";
    f.jobs.refusals[eid(3)] = kNoItem;
    std::vector<Request> upserts;
    for (std::size_t i = 1; i <= 5; ++i)
        upserts.push_back(
            {"netsuite.records.upsert", R"({"record_type":"salesOrder","external_id":")" + eid(i) +
                                            R"(","body":{"memo":"x"}})"});
    f.jobs.reverse_tasks = GENERATE(false, true);
    const std::vector<Reply> replies = f.call(upserts);
    CHECK(replies[0].body == R"({"id":"42"})");
    CHECK(replies[2].error.code == "netsuite.invalid_item");
    CHECK(replies[4].status == ReplyStatus::Ok);
    CHECK(f.jobs.calls["single"] == (f.jobs.reverse_tasks ? 5 : 0));
    CHECK(header_in(f.erp.sent()[0], "Prefer") == "respond-async");
    CHECK(f.erp.sent()[0].method == "PUT");
}

TEST_CASE("netsuite.records.batch tells each record's fate in one reply", "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.refusals["B"] = kNoItem;
    const std::vector<Reply> replies =
        f.call({{"netsuite.records.batch",
                 R"({"record_type":"salesOrder","verb":"create","parallel":true,"records":[
            {"external_id":"A","body":{}},{"external_id":"B","body":{}},
            {"external_id":"C","body":{}}]})"}});
    REQUIRE(replies[0].status == ReplyStatus::Ok);
    const Json results = Json::parse(replies[0].body).value()["results"];
    CHECK(results[0].dump() == R"({"status":"ok","id":"1000"})");
    CHECK(results[1]["status"].text() == "failed");
    CHECK(results[1]["error"]["code"].text() == "netsuite.invalid_item");
    CHECK(results[1]["error"]["class"].text() == "rejected");
    CHECK(results[2]["id"].text() == "1001");
    CHECK(header_in(f.erp.sent()[1], "Prefer") == "respond-async, batch-processing=\"parallel\"");
}

TEST_CASE("patches go by internal id", "[netsuite][batch]") {
    BatchFixture f;
    const std::vector<Reply> replies =
        f.call({{"netsuite.records.batch",
                 R"({"record_type":"salesOrder","verb":"patch","records":[
            {"id":"7","body":{"memo":"x"}},{"id":"8","body":{"memo":"y"}}]})"}});
    CHECK(replies[0].body == R"({"results":[{"status":"ok","id":"7"},{"status":"ok","id":"8"}]})");
    CHECK(f.jobs.submitted[0].dump() ==
          R"({"items":[{"memo":"x","id":"7"},{"memo":"y","id":"8"}]})");
}

TEST_CASE("a batch with unknown fates is unknown as a whole, and keeps its results",
          "[netsuite][batch]") {
    BatchFixture f;
    f.jobs.refusals["B"] = error_reply(500, "UNEXPECTED_ERROR", "An unexpected error occurred.");
    const Reply reply = f.call({{"netsuite.records.batch",
                                 R"({"record_type":"salesOrder","verb":"create","records":[
            {"external_id":"A","body":{}},{"external_id":"B","body":{}}]})"}})[0];
    CHECK(reply.status == ReplyStatus::Unknown);
    const Json results = Json::parse(reply.body).value()["results"];
    CHECK(results[0]["status"].text() == "ok");
    CHECK(results[1]["status"].text() == "unknown");
}

TEST_CASE("a wrong batch is a mistake of the plugin, and nothing is sent", "[netsuite][batch]") {
    const std::string rest = R"("records":[{"external_id":"A","body":{}}]})";
    std::string many = R"({"record_type":"salesOrder","verb":"create","records":[)";
    for (int i = 0; i <= 100; ++i)
        many += std::string(i == 0 ? "" : ",") + R"({"external_id":"A)" + std::to_string(i) +
                R"(","body":{}})";
    const std::string body = GENERATE_COPY(
        many + "]}", R"({"record_type":"salesOrder","verb":"delete",)" + rest,
        R"({"record_type":"sales/Order","verb":"create",)" + rest,
        R"({"record_type":"salesOrder","verb":"create","records":[]})",
        R"({"record_type":"salesOrder","verb":"create","records":[{"body":{}}]})",
        R"({"record_type":"salesOrder","verb":"create","records":[
            {"external_id":"A","body":{}},{"external_id":"A","body":{}}]})",
        R"({"record_type":"salesOrder","verb":"upsert","records":[
            {"external_id":"A","replace":["item"],"body":{"item":{"items":[{"quantity":1}]}}}]})",
        R"({"record_type":"salesOrder","verb":"patch","records":[
            {"id":"7","body":{"item":{"items":[{"quantity":1}]}}}]})",
        R"({"record_type":"salesOrder","verb":"patch","records":[{"id":"x","body":{}}]})");
    BatchFixture f;
    const Reply reply = f.call({{"netsuite.records.batch", body}})[0];
    CHECK(reply.status == ReplyStatus::Failed);
    CHECK(reply.error.error_class == ErrorClass::Bug);
    CHECK(f.erp.sent().empty());
}

TEST_CASE("requests for a thousand orders, by write mode", "[netsuite][batch][governance]") {
    BatchFixture batch;
    // A job of 100 orders, one after the other, at 3 s: the polls of five minutes.
    Milliseconds waited{0};
    while (waited < 300s)
        waited += connectors::netsuite::poll_pause(batch.jobs.polls_until_completed++ - 1);
    --batch.jobs.polls_until_completed;
    CHECK(batch.jobs.polls_until_completed == 13);
    check_made(batch.jobs, batch.create(1000));
    // Ten batches: a look, the batch, 13 polls, a look.
    CHECK(batch.erp.sent().size() == 160);

    BatchFixture single;
    single.erp.options.write_mode = WriteMode::Single;
    check_made(single.jobs, single.create(1000));
    CHECK(single.erp.sent().size() == 1000);
    std::cout << "NetSuite requests for 1000 creates: single 1000, batch "
              << batch.erp.sent().size() << "\n";
}
