// SPDX-License-Identifier: Apache-2.0
// SuiteQL: parameters, pages, long lists.
#include "core/connectors/netsuite/suiteql.hpp"
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;

namespace {

const std::string kQuery = "netsuite.suiteql.query";

Json row(int id) {
    return Json::object({{"id", Json(std::to_string(id))}});
}

std::vector<Json> rows(int from, int count) {
    std::vector<Json> out;
    for (int i = 0; i < count; ++i) out.push_back(row(from + i));
    return out;
}

}  // namespace

TEST_CASE("a query sends bound parameters and gives rows of texts", "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    erp.answer_in_turn(
        {rows_reply({Json::object({{"id", Json("766")}, {"tranid", Json("SO1")}})})});
    const Json reply =
        erp.ok(kQuery, R"({"q":"SELECT id, tranid FROM transaction WHERE type = ? AND entity = ?",
                    "params":["SalesOrd",110]})");
    CHECK(reply.dump() == R"({"rows":[{"id":"766","tranid":"SO1"}],"complete":true})");
    const http::HttpRequest sent = erp.sent()[0];
    CHECK(sent.url.ends_with("/services/rest/query/v1/suiteql?limit=1000&offset=0"));
    http::HttpResponse headers;
    headers.headers = sent.headers;
    CHECK(headers.header("Prefer") == "transient");
    CHECK(erp.last_query()["params"].dump() == R"(["SalesOrd","110"])");
}

TEST_CASE("without bound parameters values are quoted and cannot break out",
          "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    erp.options.bound_parameters = false;
    erp.answer_in_turn({rows_reply({})});
    erp.ok(
        kQuery,
        R"({"q":"SELECT id FROM item WHERE itemid = ? AND weight > ? AND x = 'a?b' AND id > :after",
                       "params":["O'Neil' OR '1'='1",5]})");
    CHECK(erp.last_query().dump() ==
          R"({"q":"SELECT id FROM item WHERE itemid = 'O''Neil'' OR ''1''=''1' AND weight > 5 )"
          R"(AND x = 'a?b' AND id > 0"})");
}

TEST_CASE("keyset paging goes on from the last key, always at offset 0", "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply(rows(1, 1000), true), rows_reply(rows(1001, 1000), true),
                        rows_reply(rows(2001, 5))});
    const Json reply = erp.ok(
        kQuery, R"({"q":"SELECT id FROM item WHERE isinactive = ? AND id > :after ORDER BY id",
                    "params":["F"]})");
    CHECK(reply["rows"].size() == 2005);
    CHECK(reply["complete"].bool_if() == true);
    CHECK(reply["after"].text() == "2005");
    const auto sent = erp.sent();
    REQUIRE(sent.size() == 3);
    for (const http::HttpRequest& request : sent) CHECK(request.url.ends_with("offset=0"));
    CHECK(Json::parse(sent[0].body).value()["params"].dump() == R"(["F","0"])");
    CHECK(Json::parse(sent[2].body).value()["params"].dump() == R"(["F","2000"])");
    CHECK(Json::parse(sent[2].body).value()["q"].text() ==
          "SELECT id FROM item WHERE isinactive = ? AND id > ? ORDER BY id");
}

TEST_CASE("keyset rows out of order or without their key are an error, not a loop",
          "[netsuite][suiteql]") {
    const std::vector<Json> page =
        GENERATE(std::vector<Json>{row(2), row(1)}, std::vector<Json>{row(1), row(1)},
                 std::vector<Json>{Json::object({{"name", Json("x")}})});
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply(page, true)});
    CHECK(erp.failure(kQuery, R"({"q":"SELECT id FROM item WHERE id > :after"})").code ==
          "netsuite.suiteql");
}

TEST_CASE("offset paging keeps offsets multiples of the limit, and stops at the limit",
          "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply(rows(1, 1000), true), rows_reply(rows(1001, 1000), true)});
    const Json reply = erp.ok(kQuery, R"({"q":"SELECT id FROM item ORDER BY id","limit":1500})");
    CHECK(reply["rows"].size() == 1500);
    CHECK(reply["complete"].bool_if() == false);
    CHECK(erp.sent()[1].url.ends_with("limit=1000&offset=1000"));
}

TEST_CASE("a long list is asked 500 at a time", "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    erp.answer([](const http::HttpRequest& request) {
        const Json body = Json::parse(request.body).value();
        return rows_reply({Json::object({{"id", body["params"][1]}})});
    });
    Json list = Json::array();
    for (int i = 1; i <= 1201; ++i) list.push_back(Json(std::to_string(i)));
    const auto query_for = [](Json params) {
        return Json::object({{"q", Json("SELECT id FROM item WHERE x = ? AND id IN (?)")},
                             {"params", std::move(params)}})
            .dump();
    };
    const Json reply = erp.ok(kQuery, query_for(Json::array({Json("F"), list})));
    REQUIRE(erp.sent().size() == 3);
    CHECK(Json::parse(erp.sent()[0].body).value()["params"].size() == 501);
    CHECK(Json::parse(erp.sent()[2].body).value()["params"].size() == 202);
    CHECK(reply["rows"].dump() == R"([{"id":"1"},{"id":"501"},{"id":"1001"}])");
    // Nobody to ask for: nothing is asked, and the answer is empty.
    CHECK(erp.ok(kQuery, query_for(Json::array({Json("F"), Json::array()})))["rows"].empty());
    CHECK(erp.sent().size() == 3);
}

TEST_CASE("parameters that do not fit the text are the plugin's mistake", "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    const std::string two_lists =
        R"q({"q":"SELECT 1 FROM x WHERE a IN (?) AND b IN (?)","params":[["1"],["2"]]})q";
    for (const std::string& request :
         {std::string(R"({"q":"SELECT 1 FROM x WHERE a = ?"})"),
          std::string(R"({"q":"SELECT 1 FROM x","params":["a"]})"),
          std::string(R"({"q":"SELECT 1 FROM x WHERE a = ?","params":[true]})"), two_lists,
          std::string(R"({"params":[]})"), std::string(R"({"q":"SELECT 1","limit":0})")})
        CHECK(erp.failure(kQuery, request).error_class == ErrorClass::Bug);
    CHECK(erp.sent().empty());
}

TEST_CASE("a row's own links are not a column, a NULL stays absent", "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(
        200, R"({"items":[{"id":"1","companyname":"Acme","links":[{"rel":"self","href":"x"}]}],
                 "hasMore":false,"offset":0,"totalResults":1})")});
    CHECK(erp.ok(kQuery, R"({"q":"SELECT id, companyname, memo FROM customer"})")["rows"].dump() ==
          R"([{"id":"1","companyname":"Acme"}])");
}

TEST_CASE("an answer that is no page is asked for again by the engine", "[netsuite][suiteql]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(200, R"({"items":[{"id":)")});
    CHECK(erp.failure(kQuery, R"({"q":"SELECT id FROM item"})").error_class ==
          ErrorClass::Transient);
}

TEST_CASE("identifiers are names and nothing else", "[netsuite][suiteql]") {
    using connectors::netsuite::is_identifier;
    for (const std::string good : {"id", "t.lastmodifieddate", "custbody_x1", "_a"})
        CHECK(is_identifier(good));
    for (const std::string bad : {"", "1a", "a b", "a;b", "a'", "a.", ".a", "a..b", "a--", "a(b)"})
        CHECK_FALSE(is_identifier(bad));
}
