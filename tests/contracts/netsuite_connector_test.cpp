// SPDX-License-Identifier: Apache-2.0
// What the NetSuite connector sends, held against the record contract.
#include "tests/contracts/netsuite_contract.hpp"
#include "tests/core/connectors/netsuite/fake_jobs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace carrick;
using namespace carrick::testing;

namespace {

bool skipped() {
    if (!netsuite_contract_dir().empty()) return false;
    std::cout << "SKIPPED: CARRICK_CONTRACTS is not set\n";
    return true;
}

/// The targets that the contract knows for a source type.
std::vector<std::string> transforms_of(const std::string& type) {
    std::ifstream file(netsuite_contract_dir() + "/records/" + type + ".json");
    std::stringstream text;
    text << file.rdbuf();
    std::vector<std::string> targets;
    const Json contract = Json::parse(text.str()).value();
    for (const Json& target : contract["transforms"].items()) targets.push_back(target.text());
    return targets;
}

std::vector<std::string> problems_of(const std::string& type, const Json& body) {
    return check_payload(type, body);
}

}  // namespace

TEST_CASE("every record of a batch is a record that may be written", "[contract][netsuite]") {
    if (skipped()) return;
    NetSuiteFixture erp;
    FakeJobs jobs;
    erp.answer([&](const http::HttpRequest& request) { return jobs(request); });
    erp.ok("netsuite.records.batch", R"({"record_type":"salesOrder","verb":"create","records":[
        {"external_id":"AMZ-SO-NA1-1","body":{"entity":{"id":"110"},"tranDate":"2026-11-22",
            "item":{"items":[{"item":{"id":"98"},"quantity":1,"price":{"id":"-1"},
            "amount":19.99}]}}},
        {"external_id":"AMZ-SO-NA1-2","body":{"entity":{"id":"110"},"memo":"x"}}]})");
    REQUIRE(jobs.submitted.size() == 1);
    CHECK(jobs.submitted[0].size() == 1);
    const Json::Array& items = jobs.submitted[0]["items"].items();
    REQUIRE(items.size() == 2);
    for (const Json& item : items)
        CHECK(problems_of("salesOrder", item) == std::vector<std::string>{});
}

TEST_CASE("a transform sends its target's fields, for a pair that the contract knows",
          "[contract][netsuite]") {
    if (skipped()) return;
    struct Row {
        std::string source;
        std::string target;
        std::string body;
    };
    const std::vector<Row> rows{
        {"salesOrder", "itemFulfillment",
         R"({"shipStatus":{"id":"C"},"tranDate":"2026-11-23","item":{"items":[
            {"orderLine":1,"location":{"id":"6"},"quantity":1,"itemReceive":true},
            {"orderLine":4,"itemReceive":false}]},"package":{"items":[
            {"packageDescr":"Box 1","packageTrackingNumber":"1Z999","packageWeight":1.2}]}})"},
        {"salesOrder", "invoice", R"({"tranDate":"2026-11-23","memo":"x"})"},
        {"salesOrder", "cashSale", R"({"memo":"x"})"},
        {"invoice", "creditMemo", R"({"memo":"x"})"},
    };
    for (const Row& row : rows) {
        INFO(row.source << " -> " << row.target);
        const std::vector<std::string> targets = transforms_of(row.source);
        CHECK(std::find(targets.begin(), targets.end(), row.target) != targets.end());
        NetSuiteFixture erp;
        erp.answer_in_turn({respond(204, "", {{"Location", "/record/v1/" + row.target + "/9"}})});
        erp.ok("netsuite.records.transform",
               R"({"source_type":")" + row.source + R"(","source_id":"7","target_type":")" +
                   row.target + R"(","external_id":"AMZ-X-NA1-1","body":)" + row.body + "}");
        CHECK(problems_of(row.target, Json::parse(erp.sent()[0].body).value()) ==
              std::vector<std::string>{});
    }
}
