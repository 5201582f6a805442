// SPDX-License-Identifier: Apache-2.0
// Orders with their lines: signs as on the document, progress told, nothing that is no line.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;

namespace {

struct Account {
    std::vector<Json> orders;
    std::vector<Json> lines;
    bool fulfilments_visible = true;
    bool picks = true;
    std::vector<std::string> asked{};

    NetSuiteFixture::Account answers() {
        return [this](const http::HttpRequest& request) {
            if (request.url.find("metadata-catalog/itemFulfillment") != std::string::npos) {
                if (!fulfilments_visible)
                    return error_reply(403, "INSUFFICIENT_PERMISSION", "Permission Violation");
                return respond(200, picks ? R"({"type":"object","properties":{"shipStatus":{}}})"
                                          : R"({"type":"object","properties":{"memo":{}}})");
            }
            if (request.url.find("metadata-catalog") != std::string::npos)
                return respond(200, R"({"type":"object","properties":{"otherRefNum":{}}})");
            const Json body = Json::parse(request.body).value();
            asked.push_back(body["q"].text());
            return rows_reply(
                asked.back().find("FROM transactionline") == std::string::npos ? orders : lines);
        };
    }
};

Json order(const std::string& id, const std::string& key, const std::string& type = "SalesOrd") {
    return Json::parse(R"({"id":")" + id + R"(","type":")" + type +
                       R"(","status":"B","total":"35.98","lookupkey":")" + key + R"("})")
        .value();
}

Json row(const std::string& text) {
    return Json::parse(text).value();
}

const std::string kKeys = R"({"keys":["111-1"]})";

}  // namespace

TEST_CASE("an order comes with its lines, in the signs of the document",
          "[netsuite][order_lines]") {
    Account account{
        {order("700", "111-1")},
        {row(R"({"transaction":"700","id":"1","item":"98","itemtype":"InvtPart","quantity":"-2",
                "foreignamount":"-39.98","isclosed":"F","fulfillable":"T","quantityshiprecv":"1","quantitybilled":"1",
                "quantitypicked":"2","location":"6"})"),
         row(R"({"transaction":"700","id":"2","item":"16","itemtype":"Discount",
                "foreignamount":"4.00","isclosed":"F"})"),
         row(R"({"transaction":"700","id":"4","item":"18","itemtype":"NonInvtPart","quantity":"-1",
                "foreignamount":"0","isclosed":"T"})")}};
    NetSuiteFixture erp;
    erp.answer(account.answers());
    const Json hit = erp.ok("netsuite.lookup.order_lines", kKeys)["found"]["111-1"];
    CHECK(hit["id"].text() == "700");
    CHECK(hit["matched_by"].text() == "otherrefnum");
    REQUIRE(hit["lines"].size() == 3);
    CHECK(
        hit["lines"].items()[0].dump() ==
        R"({"line":"1","item":"98","item_type":"InvtPart","amount":"39.98","closed":false,"fulfillable":true,)"
        R"("fulfilled":"1","billed":"1","quantity":"2","picked":"1","location":"6"})");
    CHECK(
        hit["lines"].items()[1].dump() ==
        R"({"line":"2","item":"16","item_type":"Discount","amount":"-4.00","closed":false,"fulfillable":false,)"
        R"("fulfilled":"0","billed":"0","picked":"0"})");
    CHECK(hit["lines"].items()[2]["closed"] == Json(true));
    CHECK(hit["lines"].items()[2]["amount"].text() == "0");
    CHECK_FALSE(hit.contains("header_discount"));
}

TEST_CASE("what was picked and has left is not picked any more", "[netsuite][order_lines]") {
    struct Figures {
        std::string picked, packed, left, in_hand;
    };
    // One of three has left, as cumulative columns tell it and as others would; nothing, one and
    // two more are picked, the last of them packed.
    for (const Figures& each :
         {Figures{"1", "1", "1", "0"}, Figures{"0", "0", "1", "0"}, Figures{"2", "1", "1", "1"},
          Figures{"3", "2", "1", "2"}, Figures{"0", "2", "0", "2"}, Figures{"1", "0", "0", "1"}}) {
        Account account{{order("700", "111-1")},
                        {row(R"({"transaction":"700","id":"1","item":"98","itemtype":"InvtPart",
                                "quantity":"-3","quantitypicked":")" +
                             each.picked + R"(","quantitypacked":")" + each.packed +
                             R"(","quantityshiprecv":")" + each.left + R"("})")}};
        NetSuiteFixture erp;
        erp.answer(account.answers());
        const Json hit = erp.ok("netsuite.lookup.order_lines", kKeys)["found"]["111-1"];
        CHECK(hit["lines"].items()[0]["picked"].text() == each.in_hand);
        CHECK(hit["lines"].items()[0]["fulfilled"].text() == each.left);
    }
}

TEST_CASE("shipping, tax, members of kits and the order's own discount are no lines",
          "[netsuite][order_lines]") {
    Account account{
        {order("700", "111-1")},
        {row(R"({"transaction":"700","id":"1","item":"50","itemtype":"Kit","quantity":"-1"})"),
         row(R"({"transaction":"700","id":"2","item":"98","itemtype":"InvtPart","quantity":"-3",
                "kitmemberof":"1"})"),
         row(R"({"transaction":"700","id":"3","item":"5","itemtype":"ShipItem"})"),
         row(R"({"transaction":"700","id":"4","item":"6","itemtype":"TaxItem"})"),
         row(R"({"transaction":"700","id":"5","item":"16","itemtype":"Discount",
                "foreignamount":"4","transactiondiscount":"T"})")}};
    NetSuiteFixture erp;
    erp.answer(account.answers());
    const Json hit = erp.ok("netsuite.lookup.order_lines", kKeys)["found"]["111-1"];
    REQUIRE(hit["lines"].size() == 1);
    CHECK(hit["lines"].items()[0]["item"].text() == "50");
    CHECK(hit["header_discount"].text() == "-4");
}

TEST_CASE("a custom column field is read along", "[netsuite][order_lines]") {
    Account account{{order("700", "111-1")},
                    {row(R"({"transaction":"700","id":"1","item":"98","itemtype":"InvtPart",
                            "quantity":"-1","custcol_amz_item":"123"})")}};
    NetSuiteFixture erp;
    erp.answer(account.answers());
    const Json reply = erp.ok("netsuite.lookup.order_lines",
                              R"({"keys":["111-1"],"line_field":"custcol_amz_item"})");
    CHECK(reply["found"]["111-1"]["lines"].items()[0]["field"].text() == "123");
    CHECK(account.asked.back().find(", custcol_amz_item FROM") != std::string::npos);
    CHECK(erp.failure("netsuite.lookup.order_lines", R"({"keys":["1"],"line_field":"a b"})")
              .error_class == ErrorClass::Bug);
}

TEST_CASE("an account without picking is not asked for it, nor is a role without fulfilments",
          "[netsuite][order_lines]") {
    for (const bool visible : {true, false}) {
        Account account{{order("700", "111-1")},
                        {row(R"({"transaction":"700","id":"1","item":"98","itemtype":"InvtPart",
                                "quantity":"-1"})")}};
        account.fulfilments_visible = visible;
        account.picks = false;
        NetSuiteFixture erp;
        erp.answer(account.answers());
        const Json hit = erp.ok("netsuite.lookup.order_lines", kKeys)["found"]["111-1"];
        CHECK_FALSE(hit["lines"].items()[0].contains("picked"));
        CHECK(account.asked.back().find("quantitypicked") == std::string::npos);
    }
}

TEST_CASE("lines are asked for once, and only of what is one sales order",
          "[netsuite][order_lines]") {
    Account none{{}, {}};
    Account doubled{{order("700", "111-1"), order("701", "111-1")}, {}};
    Account cash{{order("800", "111-1", "CashSale")}, {}};
    for (Account* account : {&none, &doubled, &cash}) {
        NetSuiteFixture erp;
        erp.answer(account->answers());
        const Json reply = erp.ok("netsuite.lookup.order_lines", kKeys);
        CHECK_FALSE(reply["found"]["111-1"].contains("lines"));
        // Of the cash sale it is asked whether it was made from an order of ours.
        CHECK(account->asked.size() == (account == &cash ? 2 : 1));
    }
    Account two{{order("700", "111-1"), order("701", "111-2")},
                {row(R"({"transaction":"701","id":"1","item":"98","itemtype":"InvtPart"})")}};
    NetSuiteFixture erp;
    erp.answer(two.answers());
    const Json found =
        erp.ok("netsuite.lookup.order_lines", R"({"keys":["111-1","111-2"]})")["found"];
    CHECK(two.asked.size() == 2);
    CHECK(found["111-1"]["lines"].size() == 0);
    CHECK(found["111-2"]["lines"].size() == 1);
}
