// SPDX-License-Identifier: Apache-2.0
// The contract checker itself: what it lets through and what it does not.
#include "tests/contracts/netsuite_contract.hpp"

#include <catch2/catch.hpp>

#include <iostream>

using namespace carrick;
using carrick::testing::check_payload;

namespace {

bool skipped() {
    if (!carrick::testing::netsuite_contract_dir().empty()) return false;
    std::cout << "SKIPPED: CARRICK_CONTRACTS is not set\n";
    return true;
}

std::vector<std::string> check(std::string_view type, const std::string& body) {
    return check_payload(type, Json::parse(body).value());
}

}  // namespace

TEST_CASE("a sales order as the flows write it fits the contract", "[contract][netsuite]") {
    if (skipped()) return;
    CHECK(check("salesOrder", R"({"externalId":"AMZ-SO-NA1-112-1234567-1234567",
        "entity":{"id":"110"},"tranDate":"2026-11-22","otherRefNum":"112-1234567-1234567",
        "orderStatus":{"id":"B"},"location":{"id":"6"},"memo":null,"shippingCost":5.99,
        "shippingAddress":{"addressee":"A","addr1":"1 Main St","city":"Seattle","state":"WA",
            "zip":"98101","country":{"id":"US"}},
        "custbody_amz_order_id":"112-1234567-1234567",
        "item":{"items":[{"item":{"id":"98"},"quantity":2,"price":{"id":"-1"},"rate":19.99,
            "amount":39.98,"location":{"id":"6"},"custcol_amz_order_item_id":"123"}]}})")
              .empty());
    CHECK(check("customer", R"({"companyName":"Amazon US","isPerson":false,
        "subsidiary":{"externalId":"US"},"addressBook":{"items":[{"defaultShipping":true,
        "addressBookAddress":{"addr1":"x","country":{"id":"GB"}}}]}})")
              .empty());
}

TEST_CASE("each kind of mistake is found where it is", "[contract][netsuite]") {
    if (skipped()) return;
    struct Row {
        std::string body;
        std::string problem;
    };
    const std::vector<Row> rows{
        {R"({"otherrefnum":"1"})", "otherrefnum: no such field; is \"otherRefNum\" meant?"},
        {R"({"Custbody_x":"1"})", "Custbody_x: no such field"},
        {R"({"total":5})", "total: is read-only"},
        {R"({"memo":5})", "memo: a text is expected, found number"},
        {R"({"shippingCost":"5.99"})", "shippingCost: a number is expected, found string"},
        {R"({"tranDate":"11/22/2026"})", "tranDate: a date is expected (YYYY-MM-DD)"},
        {R"({"entity":"110"})", "entity: a reference object is expected, found string"},
        {R"({"entity":{"id":110}})", "entity: a reference needs an id or an externalId, as text"},
        {R"({"entity":{"id":"1","name":"x"}})", "entity.name: does not belong into a reference"},
        {R"({"orderStatus":{"id":"Z"}})", "orderStatus: \"Z\" is none of its values"},
        {R"({"orderStatus":"B"})", "orderStatus: {\"id\": …} is expected"},
        {R"({"item":[]})", "item: {\"items\": [...]} is expected"},
        {R"({"item":{"items":[{"qty":1}]}})", "item.items[0].qty: no such field"},
        {R"({"shippingAddress":{"street":"x"}})", "shippingAddress.street: no such field"},
        {R"({"shippingAddress":{"country":{"id":"UK"}}})",
         "shippingAddress.country: \"UK\" is none of its values"},
    };
    for (const Row& row : rows) {
        INFO(row.body);
        CHECK(check("salesOrder", row.body) == std::vector<std::string>{row.problem});
    }
    CHECK(check("../salesOrder", "{}").size() == 1);
    CHECK(check("vendorBill", "{}").size() == 1);
}
