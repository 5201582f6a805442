// SPDX-License-Identifier: Apache-2.0
// Transactions per customer, so that a pooled customer is followed by the next in time.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;

namespace {

const std::string kName = "netsuite.lookup.customer_transactions";

Json customer(const char* id, const char* external_id, const char* inactive = "F") {
    return Json::object(
        {{"id", Json(id)}, {"externalid", Json(external_id)}, {"isinactive", Json(inactive)}});
}
Json count(const char* entity, const char* transactions) {
    return Json::object({{"entity", Json(entity)}, {"transactions", Json(transactions)}});
}

}  // namespace

TEST_CASE("customers of a prefix come with the number of their transactions",
          "[netsuite][rotation]") {
    NetSuiteFixture erp;
    erp.answer_in_turn(
        {rows_reply({customer("110", "AMZ-C-NA1-US-1", "T"), customer("311", "AMZ-C-NA1-US-2"),
                     customer("412", "AMZ-C-NA1-US-3")}),
         rows_reply({count("110", "9990"), count("311", "17")})});
    const Json found = erp.ok(kName, R"({"keys":["AMZ-C-NA1-US-"]})")["found"];
    CHECK(found.dump() ==
          R"({"AMZ-C-NA1-US-":{"customers":[)"
          R"({"id":"110","external_id":"AMZ-C-NA1-US-1","inactive":true,"transactions":9990},)"
          R"({"id":"311","external_id":"AMZ-C-NA1-US-2","inactive":false,"transactions":17},)"
          R"({"id":"412","external_id":"AMZ-C-NA1-US-3","inactive":false,"transactions":0}]}})");
    CHECK(erp.sent().size() == 2);
    CHECK_THAT(erp.last_query()["q"].text(), Catch::Contains("GROUP BY entity ORDER BY entity"));
    CHECK(erp.last_query()["params"].dump() == R"(["110","311","412","0"])");
}

TEST_CASE("an underscore in a prefix is an underscore", "[netsuite][rotation]") {
    NetSuiteFixture erp;
    erp.answer_in_turn(
        {rows_reply({customer("1", "AMZ_C1"), customer("2", "AMZ-C1")}), rows_reply({})});
    const Json found = erp.ok(kName, R"({"keys":["AMZ_C"]})")["found"];
    CHECK(found["AMZ_C"]["customers"].size() == 1);
    CHECK(found["AMZ_C"]["customers"][0]["id"].text() == "1");
}

TEST_CASE("a prefix that nobody has is not found, and nothing is counted", "[netsuite][rotation]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({})});
    CHECK(erp.ok(kName, R"({"keys":["AMZ-C-","AMZ-C-"]})").dump() == R"({"found":{}})");
    CHECK(erp.sent().size() == 1);
    CHECK(erp.ok(kName, R"({"keys":[]})").dump() == R"({"found":{}})");
}

TEST_CASE("a percent sign would match everything, and is refused", "[netsuite][rotation]") {
    NetSuiteFixture erp;
    CHECK(erp.failure(kName, R"({"keys":["%"]})").code == "netsuite.request");
    CHECK(erp.failure(kName, R"({"keys":[""]})").code == "netsuite.request");
    CHECK(erp.sent().empty());
}

TEST_CASE("a count that cannot be had is an error, not a zero", "[netsuite][rotation]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({customer("110", "AMZ-C-1")}),
                        error_reply(403, "INSUFFICIENT_PERMISSION", "Permission Violation")});
    CHECK(erp.failure(kName, R"({"keys":["AMZ-C-"]})").code == "netsuite.insufficient_permission");
}
