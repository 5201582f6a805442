// SPDX-License-Identifier: Apache-2.0
// Asynchronous requests and batches: jobs, tasks, results, order, idempotency, and what is refused.
#include "tests/sandbox/netsuite/account_fixture.hpp"

namespace carrick::sandbox::testing {

using namespace std::chrono_literals;

namespace {

class Batches : public AccountFixture {
public:
    Response batch(const std::string& method, const std::string& target, const Json& body,
                   const std::string& prefer = "respond-async", const std::string& key = "") {
        Request request;
        request.method = method;
        request.path = "/services/rest/record/v1/" + target.substr(0, target.find('?'));
        if (const std::size_t mark = target.find('?'); mark != std::string::npos)
            request.query = parse_query(target.substr(mark + 1));
        request.base_url = "http://127.0.0.1:1/netsuite";
        request.time = clock.now();
        if (!prefer.empty()) request.headers.emplace_back("Prefer", prefer);
        if (!key.empty()) request.headers.emplace_back("X-NetSuite-Idempotency-Key", key);
        if (!body.is_null()) {
            request.body = body.dump();
            request.headers.emplace_back("Content-Type",
                                         "application/vnd.oracle.resource+json; type=collection");
        }
        return account().handle(request);
    }
    static std::string job_of(const Response& response) {
        INFO(response.body);
        REQUIRE(response.status == 202);
        CHECK(response.header("Preference-Applied") == "respond-async");
        const std::string location(response.header("Location"));
        return location.substr(location.find("/services"));
    }
    Json read(const std::string& path) { return parsed(call("GET", path)); }
    Response result(const std::string& job, int task) {
        return call("GET", job + "/task/" + std::to_string(task) + "/result");
    }
    Json orders(int count, const std::string& prefix) {
        std::vector<Json> items;
        for (int i = 1; i <= count; ++i)
            items.push_back(order({line("SHACKLE-6", "1", "10.00")}, prefix + std::to_string(i)));
        return lines(std::move(items));
    }
    std::size_t there(const std::string& prefix) {
        return rows("SELECT id FROM transaction WHERE externalid LIKE '" + prefix + "%'").size();
    }
};

}  // namespace

TEST_CASE_METHOD(Batches, "a batch is accepted, worked off one by one, and answered task by task") {
    Json body = orders(3, "AMZ-SO-NA1-B-");
    (*body.find("items")->items_if())[1].set("entity", ref("999999"));
    const std::string job = job_of(batch("POST", "salesOrder", body));
    CHECK(read(job)["completed"].bool_if() == false);
    CHECK(read(job)["progress"].text() == "pending");
    CHECK(result(job, 1).status == 404);
    clock.advance(1000ms);  // the first
    CHECK(read(job)["progress"].text() == "processing");
    CHECK(result(job, 1).status == 204);
    CHECK(there("AMZ-SO-NA1-B-") == 1);
    clock.advance(100ms);  // 50 ms each
    const Json done = read(job);
    CHECK(done["completed"].bool_if() == true);
    CHECK(read(job + "/task")["items"][0]["links"].size() == 3);
    CHECK(read(job + "/task/2")["progress"].text() == "failed");
    const Response failed = result(job, 2);
    CHECK(failed.status == 400);
    CHECK(error_path(failed) == "entity");
    const Response made = result(job, 3);
    CHECK(made.status == 204);
    CHECK(get("salesOrder/" + AccountFixture::made(made))["externalId"].text() == "AMZ-SO-NA1-B-3");
    CHECK(there("AMZ-SO-NA1-B-") == 2);  // the others went on
}

TEST_CASE_METHOD(Batches, "whether a failure stops a sequential batch is a switch") {
    REQUIRE(switches.set("netsuite.batch_failure", "stop"));
    Json body = orders(3, "AMZ-SO-NA1-S-");
    (*body.find("items")->items_if())[1].set("entity", ref("999999"));
    const std::string job = job_of(batch("POST", "salesOrder", body));
    clock.advance(2s);
    CHECK(result(job, 1).status == 204);
    CHECK(result(job, 3).status == 400);
    CHECK(there("AMZ-SO-NA1-S-") == 1);
}

TEST_CASE_METHOD(Batches, "2026.2 goes in the order of the items, 2026.1 and parallel do not") {
    const auto first_at_work = [&](const std::string& prefix, const std::string& prefer) {
        (void)job_of(batch("POST", "salesOrder", orders(10, prefix), prefer));
        clock.advance(1000ms);
        const std::vector<Json> found =
            rows("SELECT externalid FROM transaction WHERE externalid LIKE '" + prefix + "%'");
        REQUIRE(found.size() == 1);
        clock.advance(1000ms);
        CHECK(there(prefix) == 10);
        return found[0]["externalid"].text();
    };
    CHECK(first_at_work("AMZ-A-", "respond-async") == "AMZ-A-1");
    const std::string parallel =
        first_at_work("AMZ-B-", "respond-async, batch-processing=\"parallel\"");
    const Json third = orders(10, "AMZ-C-");
    REQUIRE(switches.set("netsuite.release", "2026.1"));
    const auto old = batch("POST", "salesOrder", third);
    CHECK(old.status == 202);
    clock.advance(1000ms);
    REQUIRE(switches.set("netsuite.release", "2026.2"));
    CHECK((parallel != "AMZ-B-1" ||
           rows("SELECT id FROM transaction WHERE externalid = 'AMZ-C-1'").empty()));
}

TEST_CASE_METHOD(Batches, "at most a hundred, asynchronous, as a collection") {
    CHECK(batch("POST", "salesOrder", orders(101, "AMZ-X-")).status == 400);
    CHECK(batch("POST", "salesOrder", lines({})).status == 400);
    const Response synchronous = batch("POST", "salesOrder", orders(2, "AMZ-X-"), "");
    CHECK(synchronous.status == 400);
    CHECK(code(synchronous) == "INVALID_HEADER");
    const Response undeclared = record("POST", "salesOrder", orders(2, "AMZ-X-"));
    CHECK(code(undeclared) == "INVALID_CONTENT");
    CHECK(batch("PUT", "salesOrder", lines({Json::object({{"memo", "x"}})})).status == 400);
}

TEST_CASE_METHOD(Batches, "updates, upserts, reads and deletes go by id or external id") {
    const std::string a =
        made(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "10.00")}, "AMZ-1")));
    const std::string b =
        made(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "10.00")}, "AMZ-2")));
    const std::string patch =
        job_of(batch("PATCH", "salesOrder",
                     lines({Json::object({{"id", a}, {"memo", "one"}}),
                            Json::object({{"externalId", "AMZ-2"}, {"memo", "two"}})})));
    clock.advance(2s);
    CHECK(result(patch, 2).status == 204);
    CHECK(get("salesOrder/" + a)["memo"].text() == "one");
    CHECK(get("salesOrder/" + b)["memo"].text() == "two");
    const std::string reading =
        job_of(batch("GET", "salesOrder?expandRecords=true&ids=" + a + ",eid:AMZ-2", {}));
    clock.advance(2s);
    CHECK(parsed(result(reading, 2))["memo"].text() == "two");
    const std::string erasing = job_of(batch("DELETE", "salesOrder?ids=" + a, {}));
    clock.advance(2s);
    CHECK(result(erasing, 1).status == 204);
    CHECK(record("GET", "salesOrder/" + a).status == 404);
}

TEST_CASE_METHOD(Batches, "one record asynchronously; the same key leads to the first job") {
    Headers headers{{"Prefer", "respond-async"}, {"X-NetSuite-Idempotency-Key", "k-1"}};
    const Json body = order({line("SHACKLE-6", "1", "10.00")}, "AMZ-I-1");
    const Response first = record("POST", "salesOrder", body, headers);
    const std::string job = job_of(first);
    const Response again = record("POST", "salesOrder", body, headers);
    CHECK(again.status == 400);
    CHECK(code(again) == "IDEMPOTENCY_ERROR");
    CHECK(parsed(again)["title"].text() == "Conflict");
    CHECK(again.header("Location") == first.header("Location"));
    clock.advance(2s);
    CHECK(result(job, 1).status == 204);
    CHECK(there("AMZ-I-") == 1);
    CHECK(call("GET", "/services/rest/async/v1/job/1").status == 404);
}

TEST_CASE_METHOD(Batches, "jobs outlive a restart") {
    const std::string job = job_of(batch("POST", "salesOrder", orders(2, "AMZ-R-")));
    const Json saved = account().snapshot();
    account().reset();
    CHECK(call("GET", job).status == 404);
    REQUIRE(account().restore(saved));
    clock.advance(2s);
    CHECK(result(job, 2).status == 204);
    CHECK(there("AMZ-R-") == 2);
}

}  // namespace carrick::sandbox::testing
