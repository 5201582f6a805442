// SPDX-License-Identifier: Apache-2.0
// Records: created once, found again, and no line doubled.
#include "core/connectors/netsuite/url_text.hpp"
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;
using connectors::ReplyStatus;

namespace {

const std::string kCreate =
    R"({"record_type":"salesOrder","external_id":"AMZ-SO-NA1-112-1234567-1234567",
        "body":{"entity":{"id":"110"},"item":{"items":[{"item":{"id":"98"},"quantity":2,
        "price":{"id":"-1"},"amount":39.98}]}}})";

std::string header_of(const http::HttpRequest& request, std::string_view name) {
    http::HttpResponse as_response;
    as_response.headers = request.headers;
    return std::string(as_response.header(name));
}

}  // namespace

TEST_CASE("a record is created under its external id", "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(204, "",
                                {{"Location",
                                  "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/"
                                  "record/v1/salesOrder/766"}})});
    const Json reply = erp.ok("netsuite.records.create", kCreate);
    CHECK(reply.dump() == R"({"id":"766","adopted":false})");
    const http::HttpRequest sent = erp.sent()[0];
    CHECK(sent.method == "POST");
    CHECK(sent.url ==
          "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/salesOrder");
    CHECK(header_of(sent, "X-NetSuite-PropertyNameValidation") == "Error");
    CHECK(header_of(sent, "Content-Type") == "application/json");
    CHECK(header_of(sent, "Cookie").empty());
    const Json body = Json::parse(sent.body).value();
    CHECK(body["externalId"].text() == "AMZ-SO-NA1-112-1234567-1234567");
    // The amount goes out as the token that came in.
    CHECK(*body["item"]["items"][0]["amount"].number_if() == "39.98");
}

TEST_CASE("200, 201 and 204, absolute and relative Location, or an id in the body",
          "[netsuite][records]") {
    const http::HttpResult answer =
        GENERATE(respond(200, "", {{"Location", "/services/rest/record/v1/salesOrder/766"}}),
                 respond(201, "", {{"location", "https://x.test/record/v1/salesOrder/766/"}}),
                 respond(204, "", {{"LOCATION", "https://x.test/record/v1/salesOrder/766?a=b"}}),
                 respond(200, R"({"id":"766"})"), respond(201, R"({"id":766})"));
    NetSuiteFixture erp;
    erp.answer_in_turn({answer});
    CHECK(erp.ok("netsuite.records.create", kCreate)["id"].text() == "766");
    CHECK(erp.sent().size() == 1);
}

TEST_CASE("a success without Location is looked up by external id", "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(204, ""), respond(200, R"({"id":"766"})")});
    CHECK(erp.ok("netsuite.records.create", kCreate)["id"].text() == "766");
    CHECK(erp.sent()[1].method == "GET");
    CHECK(erp.sent()[1].url.ends_with("/record/v1/salesOrder/eid:AMZ-SO-NA1-112-1234567-1234567"));
}

TEST_CASE("a success that nobody can name is unknown, never failed", "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(204, ""), error_reply(404, "NONEXISTENT_ID", "Not yet.")});
    const connectors::Reply reply = erp.call("netsuite.records.create", kCreate);
    CHECK(reply.status == ReplyStatus::Unknown);
    CHECK(reply.error.code == "netsuite.id_unknown");
}

TEST_CASE("a duplicate is rejected so that the flow can adopt", "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({error_reply(
        400, "USER_ERROR", "Error while accessing a resource. This record already exists")});
    const connectors::Reply reply = erp.call("netsuite.records.create", kCreate);
    CHECK(reply.status == ReplyStatus::Failed);
    CHECK(reply.error.code == "netsuite.duplicate");
    CHECK(reply.error.error_class == ErrorClass::Rejected);
}

TEST_CASE("a body that names another external id is refused", "[netsuite][records]") {
    NetSuiteFixture erp;
    CHECK(erp.failure("netsuite.records.create",
                      R"({"record_type":"customer","external_id":"A","body":{"externalId":"B"}})")
              .error_class == ErrorClass::Bug);
    CHECK(erp.failure("netsuite.records.create",
                      R"({"record_type":"customer","external_id":"A|B","body":{}})")
              .code == "netsuite.external_id");
    CHECK(erp.sent().empty());
}

TEST_CASE("a record is read by either id, with its sublists or chosen fields",
          "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer([](const http::HttpRequest&) {
        return respond(200, R"({"id":"766","total":39.98,"memo":"x"})");
    });
    const Json reply =
        erp.ok("netsuite.records.get", R"({"record_type":"salesOrder","id":"766","expand":true})");
    CHECK(reply["id"].text() == "766");
    CHECK(*reply["record"]["total"].number_if() == "39.98");
    erp.ok("netsuite.records.get",
           R"({"record_type":"salesOrder","external_id":"AMZ-1","fields":["total","memo"]})");
    erp.ok("netsuite.records.get", R"({"record_type":"salesOrder","external_id":"test 5"})");
    const auto sent = erp.sent();
    CHECK(sent[0].url.ends_with("/record/v1/salesOrder/766?expandSubResources=true"));
    CHECK(sent[1].url.ends_with("/record/v1/salesOrder/eid:AMZ-1?fields=total,memo"));
    CHECK(sent[2].url.ends_with("/record/v1/salesOrder/eid:%27test%205%27"));
}

TEST_CASE("a record that is not there says so", "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({error_reply(404, "NONEXISTENT_ID", "Record does not exist.")});
    CHECK(erp.failure("netsuite.records.get", R"({"record_type":"salesOrder","id":"1"})").code ==
          "netsuite.nonexistent_id");
    CHECK(erp.failure("netsuite.records.get", R"({"record_type":"salesOrder"})").code ==
          "netsuite.external_id");
}

TEST_CASE("an upsert replaces the sublists that it names", "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(204, "", {{"Location", "/record/v1/salesOrder/766"}})});
    const std::string lines = R"({"item":{"items":[{"item":{"id":"98"}}]}})";
    erp.ok("netsuite.records.upsert", R"({"record_type":"salesOrder","external_id":"AMZ-1",
        "replace":["item","salesTeam"],"body":)" +
                                          lines + "}");
    CHECK(erp.sent()[0].method == "PUT");
    CHECK(erp.sent()[0].url.ends_with("/record/v1/salesOrder/eid:AMZ-1?replace=item,salesTeam"));
    // Without it a repeat would append the line again.
    CHECK(erp.failure("netsuite.records.upsert",
                      R"({"record_type":"salesOrder","external_id":"AMZ-1","body":)" + lines + "}")
              .code == "netsuite.unkeyed_lines");
    CHECK(erp.sent().size() == 1);
}

TEST_CASE("a patch never doubles a line", "[netsuite][records]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(204, "")});
    const auto patch = [](const std::string& body, const std::string& more = "") {
        return R"({"record_type":"salesOrder","id":"766","body":)" + body + more + "}";
    };
    const std::string op = "netsuite.records.patch";
    CHECK(
        erp.failure(op, patch(R"({"item":{"items":[{"item":{"id":"98"},"quantity":1}]}})")).code ==
        "netsuite.unkeyed_lines");
    CHECK(erp.failure(op, patch(R"({"item":{"items":[{"line":1},{"quantity":2}]}})")).code ==
          "netsuite.unkeyed_lines");
    CHECK(erp.failure(op, patch(R"({"apply":{"items":[{"line":0,"apply":true}]}})")).code ==
          "netsuite.unkeyed_lines");
    CHECK(erp.sent().empty());

    erp.ok(op, patch(R"({"memo":"y"})"));
    erp.ok(op, patch(R"({"item":{"items":[{"line":1,"isClosed":true}]}})"));
    erp.ok(op, patch(R"({"item":{"items":[{"quantity":2}]}})", R"(,"replace":["item"])"));
    erp.ok(op, patch(R"({"apply":{"items":[{"doc":{"id":"60"},"apply":true}]}})"));
    // A multi-select looks like a sublist; its items are references.
    erp.ok(op, patch(R"({"subsidiary":{"items":[{"id":"1"},{"id":"3"}]}})"));
    const auto sent = erp.sent();
    REQUIRE(sent.size() == 5);
    CHECK(sent[0].method == "PATCH");
    CHECK(sent[0].url.ends_with("/record/v1/salesOrder/766"));
    CHECK(sent[2].url.ends_with("/record/v1/salesOrder/766?replace=item"));
}

TEST_CASE("a patch finds its lines by a field of theirs", "[netsuite][records]") {
    const std::string request = R"({"record_type":"salesOrder","external_id":"AMZ-1",
        "match_lines":{"item":"custcol_amz_order_item_id"},
        "body":{"item":{"items":[{"custcol_amz_order_item_id":"OI-2","isClosed":true}]}}})";
    NetSuiteFixture erp;
    erp.answer_in_turn({respond(200, R"({"id":"766","item":{"items":[
        {"line":1,"custcol_amz_order_item_id":"OI-1"},
        {"line":4,"custcol_amz_order_item_id":"OI-2"}]}})"),
                        respond(204, "")});
    CHECK(erp.ok("netsuite.records.patch", request)["id"].text() == "766");
    CHECK(erp.sent()[1].url.ends_with("/record/v1/salesOrder/766"));
    CHECK(erp.sent()[0].url.ends_with("eid:AMZ-1?expandSubResources=true"));
    CHECK(*Json::parse(erp.sent()[1].body).value()["item"]["items"][0]["line"].number_if() == "4");

    for (const std::string lines : {R"([])", R"([{"line":1,"custcol_amz_order_item_id":"OI-1"}])",
                                    R"([{"line":1,"custcol_amz_order_item_id":"OI-2"},
              {"line":2,"custcol_amz_order_item_id":"OI-2"}])"}) {
        NetSuiteFixture other;
        other.answer_in_turn(
            {respond(200, R"({"id":"766","item":{"items":)" + lines + "}}"), respond(204, "")});
        CHECK(other.failure("netsuite.records.patch", request).code == "netsuite.line_not_found");
        CHECK(other.sent().size() == 1);
    }
}

TEST_CASE("external ids that break addresses are refused", "[netsuite][records]") {
    using connectors::netsuite::eid_segment;
    CHECK(eid_segment("AMZ-SO_1").value() == "eid:AMZ-SO_1");
    for (const std::string bad : {"", "a|b", "a/b", "a:b", "it's", "a,b", "a\nb"})
        CHECK(eid_segment(bad).error().code == "netsuite.external_id");
    using connectors::netsuite::id_in_location;
    CHECK(id_in_location("") == "");
    CHECK(id_in_location("https://x/record/v1/salesOrder/eid:AMZ-1") == "");
}
