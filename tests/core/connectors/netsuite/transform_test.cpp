// SPDX-License-Identifier: Apache-2.0
// Transforms: a record made from another, once.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;
using connectors::ReplyStatus;

namespace {

const std::string kTransform = R"({"source_type":"salesOrder","source_id":"766",
    "target_type":"itemFulfillment","external_id":"AMZ-IF-NA1-112-1","body":{
    "shipStatus":{"id":"C"},"item":{"items":[
    {"orderLine":1,"location":{"id":"6"},"quantity":1,"itemReceive":true},
    {"orderLine":4,"itemReceive":false}]}}})";

http::HttpResult made(const std::string& location) {
    return respond(204, "", {{"Location", location}});
}

}  // namespace

TEST_CASE("a fulfilment is made from its order under its own external id",
          "[netsuite][transform]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({made("https://x.test/services/rest/record/v1/itemFulfillment/5001")});
    CHECK(erp.ok("netsuite.records.transform", kTransform).dump() ==
          R"({"id":"5001","adopted":false})");
    const http::HttpRequest sent = erp.sent()[0];
    CHECK(sent.method == "POST");
    CHECK(sent.url.ends_with("/record/v1/salesOrder/766/!transform/itemFulfillment"));
    CHECK_FALSE(sent.safe_to_repeat);
    const Json body = Json::parse(sent.body).value();
    CHECK(body["externalId"].text() == "AMZ-IF-NA1-112-1");
    CHECK(body["item"]["items"][1]["itemReceive"].bool_if() == false);
}

TEST_CASE("the source may be named by its external id, and overrides are optional",
          "[netsuite][transform]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({made("/services/rest/record/v1/invoice/5002")});
    CHECK(erp.ok("netsuite.records.transform",
                 R"({"source_type":"salesOrder","source_external_id":"AMZ-SO-NA1-112",
                     "target_type":"invoice","external_id":"AMZ-INV-NA1-112"})")["id"]
              .text() == "5002");
    CHECK(
        erp.sent()[0].url.ends_with("/record/v1/salesOrder/eid:AMZ-SO-NA1-112/!transform/invoice"));
    CHECK(erp.sent()[0].body == R"({"externalId":"AMZ-INV-NA1-112"})");
}

TEST_CASE("a lost answer to a transform is unknown, and nothing is sent twice",
          "[netsuite][transform]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({fail(http::HttpFailureKind::Lost)});
    const connectors::Reply reply = erp.call("netsuite.records.transform", kTransform);
    CHECK(reply.status == ReplyStatus::Unknown);
    CHECK(reply.error.code == "netsuite.answer_lost");
    CHECK(erp.sent().size() == 1);
}

TEST_CASE("a target whose id the answer keeps is looked up, as the target's type",
          "[netsuite][transform]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(204, ""), respond(200, R"({"id":"5001"})")});
    CHECK(erp.ok("netsuite.records.transform", kTransform)["id"].text() == "5001");
    CHECK(erp.sent()[1].url.ends_with("/record/v1/itemFulfillment/eid:AMZ-IF-NA1-112-1"));
}

TEST_CASE("each refusal of a transform tells what to do", "[netsuite][transform]") {
    struct Row {
        http::HttpResult answer;
        std::string code;
    };
    const std::vector<Row> rows{
        {error_reply(400, "USER_ERROR", "This record already exists"), "netsuite.duplicate"},
        {error_reply(400, "INVALID_INITIALIZE_REF",
                     "You can not initialize itemfulfillment: invalid reference 766."),
         "netsuite.not_transformable"},
        {error_reply(400, "USER_ERROR",
                     "You must have at least one valid line item for this transaction."),
         "netsuite.no_lines"},
        {error_reply(404, "NONEXISTENT_ID", "Record does not exist."), "netsuite.nonexistent_id"},
        {error_reply(400, "USER_ERROR", "Please enter value(s) for: Location"),
         "netsuite.missing_location"},
    };
    for (const Row& row : rows) {
        NetSuiteFixture erp;
        erp.answer_in_turn({row.answer});
        const connectors::Reply reply = erp.call("netsuite.records.transform", kTransform);
        CHECK(reply.status == ReplyStatus::Failed);
        CHECK(reply.error.code == row.code);
        CHECK(reply.error.error_class == ErrorClass::Rejected);
    }
}

TEST_CASE("a transform without source, target or external id is a mistake of the plugin",
          "[netsuite][transform]") {
    const std::string body =
        GENERATE(as<std::string>(), R"({"source_type":"salesOrder","target_type":"invoice",
            "external_id":"X"})",
                 R"({"source_type":"salesOrder","source_id":"1","target_type":"invoice"})",
                 R"({"source_type":"sales/Order","source_id":"1","target_type":"invoice",
            "external_id":"X"})",
                 R"({"source_type":"salesOrder","source_id":"eid:1","target_type":"invoice",
            "external_id":"X"})",
                 R"({"source_type":"salesOrder","source_id":"1","target_type":"invoice",
            "external_id":"X","body":{"externalId":"Y"}})",
                 R"({"source_type":"salesOrder","source_id":"1","target_type":"invoice",
            "external_id":"X","body":[]})");
    NetSuiteFixture erp;
    const Error error = erp.failure("netsuite.records.transform", body);
    CHECK((error.code == "netsuite.request" || error.code == "netsuite.external_id"));
    CHECK(erp.sent().empty());
}
