// SPDX-License-Identifier: Apache-2.0
// Which requests of one call travel together.
#include "core/connectors/netsuite/batch_plan.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using connectors::Request;
using connectors::netsuite::Batch;
using connectors::netsuite::BatchPlan;
using connectors::netsuite::plan_batches;
using connectors::netsuite::WriteMode;

namespace {

Request create(const std::string& type, std::size_t number, const std::string& memo = "x") {
    return {"netsuite.records.create", R"({"record_type":")" + type + R"(","external_id":"E)" +
                                           std::to_string(number) + R"(","body":{"memo":")" + memo +
                                           R"("}})"};
}
Request upsert(std::size_t number, const std::string& more = "") {
    return {"netsuite.records.upsert", R"({"record_type":"customer","external_id":"U)" +
                                           std::to_string(number) + R"(","body":{})" + more + "}"};
}
std::vector<Request> many(std::size_t count) {
    std::vector<Request> requests;
    for (std::size_t i = 0; i < count; ++i) requests.push_back(create("salesOrder", i));
    return requests;
}

}  // namespace

TEST_CASE("single writes stay single", "[netsuite][batch]") {
    const BatchPlan plan = plan_batches(many(50), WriteMode::Single);
    CHECK(plan.batches.empty());
    CHECK(plan.singles.size() == 50);
}

TEST_CASE("auto waits for twenty creates of one type", "[netsuite][batch]") {
    CHECK(plan_batches(many(19), WriteMode::Auto).batches.empty());
    CHECK(plan_batches(many(19), WriteMode::Auto).singles.size() == 19);
    CHECK(plan_batches(many(20), WriteMode::Auto).batches.size() == 1);
    std::vector<Request> upserts;
    for (std::size_t i = 0; i < 30; ++i) upserts.push_back(upsert(i));
    CHECK(plan_batches(upserts, WriteMode::Auto).batches.empty());
    CHECK(plan_batches(upserts, WriteMode::Batch).batches.size() == 1);
}

TEST_CASE("a batch holds a hundred records of one type and one verb", "[netsuite][batch]") {
    std::vector<Request> requests = many(201);
    requests.push_back(create("cashSale", 900));
    requests.push_back(create("cashSale", 901));
    requests.push_back(upsert(1));
    requests.push_back({"netsuite.records.get", R"({"record_type":"salesOrder","id":"1"})"});
    const BatchPlan plan = plan_batches(requests, WriteMode::Batch);
    REQUIRE(plan.batches.size() == 3);
    CHECK(plan.batches[0].items.size() + plan.batches[1].items.size() +
              plan.batches[2].items.size() ==
          202);
    // The 201st order, the only upsert and the read.
    CHECK(plan.singles == std::vector<std::size_t>{200, 203, 204});
    for (std::size_t i = 0; i < plan.batches.size(); ++i)
        CHECK(plan.members[i].size() == plan.batches[i].items.size());
}

TEST_CASE("replacing upserts, wrong requests and repeated external ids stay by themselves",
          "[netsuite][batch]") {
    const BatchPlan plan = plan_batches(
        std::vector<Request>{
            create("salesOrder", 1),
            create("salesOrder", 2),
            create("salesOrder", 1),
            {"netsuite.records.create", R"({"record_type":"salesOrder","body":{}})"},
            {"netsuite.records.create", "no JSON"},
            upsert(1, R"(,"replace":["addressBook"])"),
            upsert(2, R"(,"replace":["addressBook"])"),
        },
        WriteMode::Batch);
    REQUIRE(plan.batches.size() == 1);
    CHECK(plan.members[0] == std::vector<std::size_t>{0, 1});
    CHECK(plan.singles == std::vector<std::size_t>{2, 3, 4, 5, 6});
    CHECK(plan.batches[0].verb == Batch::Verb::Create);
}

TEST_CASE("a batch stays far below what NetSuite takes in one request", "[netsuite][batch]") {
    std::vector<Request> requests;
    const std::string megabyte(1024 * 1024, 'm');
    for (std::size_t i = 0; i < 20; ++i) requests.push_back(create("salesOrder", i, megabyte));
    for (const Batch& batch : plan_batches(requests, WriteMode::Batch).batches)
        CHECK(batch.items.size() <= 8);
}
