// SPDX-License-Identifier: Apache-2.0
// Look-ups: exact, ambiguous or not there; and who already has this order.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;

namespace {

const std::string kItems =
    R"({"record_type":"item","key_field":"itemid","fields":["id","itemtype"],"active_only":true,)";

Json item(const std::string& id, const std::string& key) {
    return Json::object(
        {{"id", Json(id)}, {"lookupkey", Json(key)}, {"itemtype", Json("InvtPart")}});
}

/// An account with these fields on its sales order; queries are answered by `rows`.
NetSuiteFixture::Account account_with(
    const std::vector<std::string>& fields,
    std::function<std::vector<Json>(const std::string& query, const Json& params)> rows) {
    Json properties = Json::object();
    for (const std::string& field : fields)
        properties.set(field, Json::object({{"type", Json("string")}}));
    const std::string schema =
        Json::object({{"type", Json("object")}, {"properties", properties}}).dump();
    return [schema, rows = std::move(rows)](const http::HttpRequest& request) {
        if (request.url.find("metadata-catalog") != std::string::npos) return respond(200, schema);
        const Json body = Json::parse(request.body).value();
        return rows_reply(rows(body["q"].text(), body["params"]));
    };
}

Json order(const std::string& id, const std::string& type, const std::string& key,
           const std::string& status = "B") {
    return Json::object({{"id", Json(id)},
                         {"type", Json(type)},
                         {"status", Json(status)},
                         {"total", Json("39.98")},
                         {"lookupkey", Json(key)}});
}

bool asks(const std::string& query, std::string_view column) {
    return query.find(std::string(column) + " IN (?") != std::string::npos;
}

}  // namespace

TEST_CASE("keys are found exactly as they are written", "[netsuite][lookup]") {
    NetSuiteFixture erp;
    // The database may not care about case: "sku-1" must not become somebody else's item.
    erp.answer_in_turn({rows_reply({item("98", "SKU-1"), item("99", "sku-2")})});
    const Json reply = erp.ok("netsuite.lookup", kItems + R"("keys":["SKU-1","SKU-2","SKU-3"]})");
    CHECK(reply.dump() == R"({"found":{"SKU-1":{"id":"98","itemtype":"InvtPart"}}})");
    CHECK(erp.last_query()["q"].text() ==
          "SELECT id, itemid AS lookupkey, itemtype FROM item WHERE itemid IN (?, ?, ?) AND "
          "isinactive = 'F' AND id > ? ORDER BY id");
    CHECK(erp.last_query()["params"].dump() == R"(["SKU-1","SKU-2","SKU-3","0"])");
}

TEST_CASE("a key with two records has no id to take by accident", "[netsuite][lookup]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({item("98", "SKU-1"), item("99", "SKU-1")})});
    CHECK(erp.ok("netsuite.lookup", kItems + R"("keys":["SKU-1","SKU-1"]})").dump() ==
          R"({"found":{"SKU-1":{"ambiguous":["98","99"]}}})");
    CHECK(erp.last_query()["params"].size() == 2);  // the key once, and the page's start
}

TEST_CASE("a record type narrows its table, where adds to it", "[netsuite][lookup]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({})});
    erp.ok("netsuite.lookup",
           R"({"record_type":"invoice","key_field":"otherrefnum","keys":["1"],
               "where":"entity = ? OR entity = ?","where_params":["7",8]})");
    CHECK(erp.last_query()["q"].text() ==
          "SELECT id, otherrefnum AS lookupkey FROM transaction WHERE otherrefnum IN (?) AND type "
          "= 'CustInvc' AND (entity = ? OR entity = ?) AND id > ? ORDER BY id");
    CHECK(erp.last_query()["params"].dump() == R"(["1","7","8","0"])");
}

TEST_CASE("a look-up of no keys asks nobody, a bad name is refused", "[netsuite][lookup]") {
    NetSuiteFixture erp;
    CHECK(erp.ok("netsuite.lookup", kItems + R"("keys":[]})").dump() == R"({"found":{}})");
    CHECK(erp.failure("netsuite.lookup", R"({"table":"item; x","key_field":"itemid","keys":["a"]})")
              .error_class == ErrorClass::Bug);
    CHECK(erp.failure("netsuite.lookup", R"({"key_field":"itemid","keys":["a"]})").error_class ==
          ErrorClass::Bug);
    CHECK(erp.sent().empty());
}

TEST_CASE("external ids are found in their family", "[netsuite][lookup]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({Json::object({{"id", Json("766")},
                                                  {"externalid", Json("AMZ-SO-1")},
                                                  {"record_type", Json("salesorder")},
                                                  {"type", Json("SalesOrd")},
                                                  {"total", Json("39.98")}})})});
    const Json reply = erp.ok("netsuite.lookup.external_id",
                              R"({"family":"transaction","keys":["AMZ-SO-1","AMZ-SO-2"]})");
    CHECK(reply["found"].size() == 1);
    CHECK(reply["found"]["AMZ-SO-1"]["id"].text() == "766");
    CHECK(reply["found"]["AMZ-SO-1"]["total"].text() == "39.98");
    erp.ok("netsuite.lookup.external_id", R"({"family":"entity","keys":["AMZ-C-1"]})");
    CHECK_THAT(erp.last_query()["q"].text(), Catch::Contains("FROM customer WHERE externalid IN"));
    erp.ok("netsuite.lookup.external_id", R"({"family":"item","keys":["X"]})");
    CHECK_THAT(erp.last_query()["q"].text(), Catch::Contains("FROM item WHERE externalid IN"));
    CHECK(erp.failure("netsuite.lookup.external_id", R"({"family":"vendor","keys":["X"]})")
              .error_class == ErrorClass::Bug);
}

TEST_CASE("an order is recognised by what other tools leave behind", "[netsuite][adoption]") {
    NetSuiteFixture erp;
    std::vector<std::string> asked;
    erp.answer(account_with({"custbody_celigo_etail_order_id", "otherRefNum"},
                            [&](const std::string& query, const Json&) -> std::vector<Json> {
                                // Whether the cash sale was made from an order of ours.
                                if (query.find("FROM transactionline") != std::string::npos)
                                    return {};
                                asked.push_back(query);
                                if (asks(query, "custbody_celigo_etail_order_id"))
                                    return {order("700", "SalesOrd", "111-1")};
                                if (asks(query, "otherrefnum"))
                                    return {order("800", "CashSale", "111-2")};
                                return {};
                            }));
    const Json reply = erp.ok("netsuite.lookup.order",
                              R"({"keys":["111-1","111-2","111-3"],"custom_field":null})");
    const Json& found = reply["found"];
    CHECK(found.size() == 2);
    CHECK(found["111-1"]["id"].text() == "700");
    CHECK(found["111-1"]["matched_by"].text() == "custbody_celigo_etail_order_id");
    CHECK(found["111-2"]["matched_by"].text() == "otherrefnum");
    CHECK(found["111-2"]["type"].text() == "CashSale");
    // The field of the tool that was never here is not asked for: it would fail the query.
    REQUIRE(asked.size() == 2);
    for (const std::string& query : asked)
        CHECK(query.find("custbody_fa_channel_order") == std::string::npos);
    // What one trace has found, the next is not asked for.
    CHECK(asks(asked[1], "otherrefnum"));
    CHECK(erp.last_query()["params"].dump() == R"(["800"])");
}

TEST_CASE("our own external id comes before any other trace", "[netsuite][adoption]") {
    NetSuiteFixture erp;
    erp.answer(account_with({"otherRefNum"}, [](const std::string& query, const Json&) {
        if (asks(query, "externalid"))
            return std::vector<Json>{order("900", "SalesOrd", "AMZ-SO-111-1")};
        return std::vector<Json>{order("800", "SalesOrd", "111-1")};
    }));
    const Json reply = erp.ok("netsuite.lookup.order",
                              R"({"keys":["111-1"],"external_ids":{"111-1":"AMZ-SO-111-1"}})");
    CHECK(reply["found"]["111-1"]["id"].text() == "900");
    CHECK(reply["found"]["111-1"]["matched_by"].text() == "externalid");
}

TEST_CASE("our own order is found by its external id when its reference was overwritten",
          "[netsuite][adoption]") {
    NetSuiteFixture erp;
    std::vector<std::string> asked;
    erp.answer(account_with({"otherRefNum", "custbody_celigo_etail_order_id"},
                            [&](const std::string& query, const Json&) -> std::vector<Json> {
                                asked.push_back(query);
                                return {order("900", "SalesOrd", "AMZ-SO-111-1")};
                            }));
    const Json reply =
        erp.ok("netsuite.lookup.order", R"({"keys":["AMZ-SO-111-1"],"by":"external_id"})");
    CHECK(reply["found"]["AMZ-SO-111-1"]["id"].text() == "900");
    // No trace of another tool is looked for, and no field of the account asked about.
    REQUIRE(asked.size() == 1);
    CHECK(asks(asked[0], "externalid"));

    const Error wrong = erp.failure("netsuite.lookup.order", R"({"keys":["1"],"by":"buyer"})");
    CHECK(wrong.message.find("\"buyer\" is neither order nor external_id") != std::string::npos);
}

TEST_CASE("documents of a part of an order can be left out, the whole order's not",
          "[netsuite][adoption]") {
    const auto look_up = [](const std::string& external_id, bool ignore_parts) {
        NetSuiteFixture erp;
        erp.answer(account_with({"otherRefNum"}, [&](const std::string&, const Json&) {
            Json row = order("900", "CustInvc", "111-1");
            row.set("externalid", Json(external_id));
            return std::vector<Json>{row};
        }));
        return erp
            .ok("netsuite.lookup.order", std::string(R"({"keys":["111-1"],"ignore_parts":)") +
                                             (ignore_parts ? "true}" : "false}"))["found"]
            .size();
    };
    CHECK(look_up("AMZ-IV-NA1-111-1-DAAA1", true) == 0);
    CHECK(look_up("AMZ-IV-NA1-111-1-DAAA1", false) == 1);
    CHECK(look_up("AMZ-IV-NA1-111-1", true) == 1);
    CHECK(look_up("OTHER-1", true) == 1);
}

namespace {

/// What the account answers where `bill` was made from the order with this external id.
std::vector<Json> made_from(const std::string& bill, const std::string& external_id,
                            const std::string& id = "900") {
    return {Json::object({{"bill", Json(bill)},
                          {"id", Json(id)},
                          {"type", Json("SalesOrd")},
                          {"record_type", Json("salesorder")},
                          {"status", Json("G")},
                          {"externalid", Json(external_id)}})};
}

/// What is found of order 111-1 in an account of these rows.
Json found_of(const std::vector<Json>& rows, const std::vector<Json>& sources, bool ignore_parts,
              int* asked_for_sources = nullptr) {
    NetSuiteFixture erp;
    erp.answer(account_with({"otherRefNum"}, [&](const std::string& query, const Json&) {
        if (query.find("FROM transactionline l JOIN") == std::string::npos) return rows;
        if (asked_for_sources != nullptr) ++*asked_for_sources;
        return sources;
    }));
    return erp.ok("netsuite.lookup.order", std::string(R"({"keys":["111-1"],"ignore_parts":)") +
                                               (ignore_parts ? "true}" : "false}"))["found"];
}

}  // namespace

TEST_CASE("the invoice that a person made from a shipment's sales order is no other tool's",
          "[netsuite][adoption]") {
    Json part = order("900", "SalesOrd", "111-1", "G");
    part.set("externalid", Json("AMZ-SO-NA1-111-1-DAAA1"));
    const std::vector<Json> billed{part, order("950", "CustInvc", "111-1", "A")};
    CHECK(found_of(billed, made_from("950", "AMZ-SO-NA1-111-1-DAAA1"), true).size() == 0);
    // Of another tool's order, or of none, it stays what it is.
    for (const std::vector<Json>& sources : {made_from("950", "OTHER-1"), std::vector<Json>{}})
        CHECK(found_of({order("950", "CustInvc", "111-1", "A")}, sources, true)["111-1"]["id"]
                  .text() == "950");
}

TEST_CASE("a bill of our own sales order is that order, whatever its reference says now",
          "[netsuite][adoption]") {
    // The order's reference was overwritten by hand; two bills of it still have it.
    std::vector<Json> sources = made_from("950", "AMZ-SO-NA1-111-1");
    sources.push_back(made_from("951", "AMZ-SO-NA1-111-1")[0]);
    for (const bool ignore_parts : {false, true}) {
        const Json hit =
            found_of({order("950", "CustInvc", "111-1", "A"), order("951", "CashSale", "111-1")},
                     sources, ignore_parts)["111-1"];
        CHECK(hit["id"].text() == "900");
        CHECK(hit["type"].text() == "SalesOrd");
        CHECK(hit["externalid"].text() == "AMZ-SO-NA1-111-1");
        CHECK(hit["matched_by"].text() == "otherrefnum");
        CHECK_FALSE(hit.contains("bill"));
        CHECK_FALSE(hit.contains("lookupkey"));
    }
}

TEST_CASE("where bills come from is asked of those that may be of ours", "[netsuite][adoption]") {
    int asked = 0;
    CHECK(found_of({order("900", "SalesOrd", "111-1")}, {}, true, &asked).size() == 1);
    Json own = order("960", "CashSale", "111-1");
    own.set("externalid", Json("AMZ-CS-NA1-111-1"));
    CHECK(found_of({own}, {}, true, &asked).size() == 1);
    CHECK(asked == 0);
    CHECK(found_of({order("950", "CustInvc", "111-1", "A")}, {}, false, &asked).size() == 1);
    CHECK(asked == 1);

    NetSuiteFixture erp;
    erp.answer_in_turn({respond(200, R"({"type":"object","properties":{}})"),
                        rows_reply({order("950", "CustInvc", "111-1", "A")}),
                        error_reply(400, "INVALID_PARAMETER", "Invalid search query")});
    CHECK_FALSE(erp.failure("netsuite.lookup.order", R"({"keys":["111-1"]})").code.empty());
}

TEST_CASE("the order stands before its invoice, the living before the cancelled",
          "[netsuite][adoption]") {
    struct Row {
        std::vector<Json> rows;
        std::string expected;
    };
    const std::vector<Row> cases{
        {{order("1", "CustInvc", "111-1"), order("2", "SalesOrd", "111-1")}, R"("2")"},
        {{order("1", "SalesOrd", "111-1", "C"), order("2", "SalesOrd", "111-1", "G")}, R"("2")"},
        {{order("1", "SalesOrd", "111-1", "C")}, R"("1")"},
        {{order("1", "SalesOrd", "111-1"), order("2", "SalesOrd", "111-1")}, R"(["1","2"])"},
    };
    for (const Row& row : cases) {
        NetSuiteFixture erp;
        erp.answer(account_with({}, [&](const std::string&, const Json&) { return row.rows; }));
        const Json reply = erp.ok("netsuite.lookup.order", R"({"keys":["111-1"]})");
        const Json& hit = reply["found"]["111-1"];
        CHECK((hit.contains("id") ? hit["id"] : hit["ambiguous"]).dump() == row.expected);
    }
}

TEST_CASE("a field that a flow names must be there, a well-known one only if its tool was",
          "[netsuite][adoption]") {
    const auto account = [](const std::vector<std::string>& fields) {
        return account_with(fields, [](const std::string& query, const Json&) {
            return asks(query, "custbody_amz_order_id")
                       ? std::vector<Json>{order("5", "SalesOrd", "111-1")}
                       : std::vector<Json>{};
        });
    };
    const char* const unnamed = R"({"keys":["111-1"]})";
    const char* const named = R"({"keys":["111-1"],"custom_field":"custbody_amz_order_id"})";
    NetSuiteFixture with;
    with.answer(account({"custbody_amz_order_id", "otherRefNum"}));
    for (const char* request : {unnamed, named})
        CHECK(with.ok("netsuite.lookup.order", request)["found"]["111-1"]["matched_by"].text() ==
              "custbody_amz_order_id");
    NetSuiteFixture without;
    without.answer(account({"otherRefNum"}));
    CHECK(without.ok("netsuite.lookup.order", unnamed)["found"].size() == 0);
    const Error error = without.failure("netsuite.lookup.order", named);
    CHECK(error.code == "netsuite.unknown_field");
    CHECK(error.error_class == ErrorClass::Misconfigured);
    CHECK_THAT(error.message,
               Catch::Contains("custbody_amz_order_id") && Catch::Contains("adopt.custom_field"));
}

TEST_CASE("a configured order field that the account lacks stops the flow",
          "[netsuite][adoption]") {
    NetSuiteFixture erp;
    erp.options.order_field = "custbody_shop_order";
    erp.answer(account_with({"otherRefNum"},
                            [](const std::string&, const Json&) { return std::vector<Json>{}; }));
    const Error error = erp.failure("netsuite.lookup.order", R"({"keys":["111-1"]})");
    CHECK(error.code == "netsuite.unknown_field");
    CHECK(error.error_class == ErrorClass::Misconfigured);
    NetSuiteFixture right;
    right.options.order_field = "custbody_shop_order";
    right.answer(account_with({"custbody_shop_order"}, [](const std::string& query, const Json&) {
        return asks(query, "custbody_shop_order")
                   ? std::vector<Json>{order("5", "SalesOrd", "111-1")}
                   : std::vector<Json>{};
    }));
    CHECK(right.ok("netsuite.lookup.order", R"({"keys":["111-1"]})")["found"]["111-1"]["matched_by"]
              .text() == "custbody_shop_order");
}

TEST_CASE("an account that cannot be asked about its fields adopts nothing silently",
          "[netsuite][adoption]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({error_reply(403, "INSUFFICIENT_PERMISSION", "Permission Violation")});
    CHECK(erp.failure("netsuite.lookup.order", R"({"keys":["111-1"]})").code ==
          "netsuite.insufficient_permission");
}
