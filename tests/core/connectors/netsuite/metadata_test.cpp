// SPDX-License-Identifier: Apache-2.0
// What the account has: schemas and features.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {

const std::string kOrder = R"({"$schema":"https://json-schema.org/draft-06/hyper-schema#",
    "type":"object","links":[{"rel":"self"}],"x-ns-filterable":["memo"],"properties":{
    "memo":{"type":"string","nullable":true},
    "taxDetailsOverride":{"type":"boolean"},"currency":{"type":"object"},
    "entity":{"$ref":"/services/rest/record/v1/metadata-catalog/customer"},
    "links":{"type":"array","items":{"$ref":"/services/rest/record/v1/metadata-catalog/nsLink"}},
    "item":{"$ref":"/services/rest/record/v1/metadata-catalog/salesOrder-itemCollection"}}})";
const std::string kLines = R"({"type":"object","properties":{"items":{"type":"array","items":
    {"$ref":"https://x.test/services/rest/record/v1/metadata-catalog/salesOrder-itemElement"}}}})";
const std::string kLine = R"({"type":"object","properties":{"quantity":{"type":"number"},
    "parent":{"$ref":"/services/rest/record/v1/metadata-catalog/salesOrder-itemCollection"}}})";

http::HttpResult catalog(const http::HttpRequest& request) {
    if (request.url.ends_with("/salesOrder")) return respond(200, kOrder);
    if (request.url.ends_with("/salesOrder-itemCollection")) return respond(200, kLines);
    if (request.url.ends_with("/salesOrder-itemElement")) return respond(200, kLine);
    if (request.url.ends_with("/itemFulfillment"))
        return respond(200, R"({"properties":{"shipStatus":{"type":"object"}}})");
    return error_reply(404, "NONEXISTENT_ID", "Record type does not exist.");
}

}  // namespace

TEST_CASE("a schema comes whole: own parts inside, other records open", "[netsuite][metadata]") {
    NetSuiteFixture erp;
    erp.answer(catalog);
    const Json schema = erp.connection().schema("salesOrder", erp.context).value();
    const Json& properties = schema["properties"];
    CHECK(properties["memo"]["type"].text() == "string");
    CHECK(properties["entity"].dump() == "{}");
    CHECK(properties["links"]["items"].dump() == "{}");
    CHECK(properties["item"]["$ref"].text() == "#/definitions/salesOrder-itemCollection");
    CHECK(schema["definitions"]["salesOrder-itemCollection"]["properties"]["items"]["items"]["$ref"]
              .text() == "#/definitions/salesOrder-itemElement");
    CHECK(
        schema["definitions"]["salesOrder-itemElement"]["properties"]["quantity"]["type"].text() ==
        "number");
    CHECK_FALSE(schema.contains("$schema"));
    CHECK_FALSE(schema.contains("links"));
    CHECK(erp.sent().size() == 3);
    http::HttpResponse headers;
    headers.headers = erp.sent()[0].headers;
    CHECK(headers.header("Accept") == "application/schema+json");
}

TEST_CASE("a schema is kept for an hour", "[netsuite][metadata]") {
    NetSuiteFixture erp;
    erp.answer(catalog);
    CHECK(erp.connection().schema("salesOrder", erp.context).ok());
    erp.clock.advance(59min);
    CHECK(erp.connection().schema("salesOrder", erp.context).ok());
    CHECK(erp.sent().size() == 3);
    erp.clock.advance(2min);
    CHECK(erp.connection().schema("salesOrder", erp.context).ok());
    CHECK(erp.sent().size() == 6);
}

TEST_CASE("a record type that the account lacks is a matter of settings", "[netsuite][metadata]") {
    NetSuiteFixture erp;
    erp.answer(catalog);
    const auto missing = erp.connection().schema("transferOrder", erp.context);
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == "netsuite.unknown_record_type");
    CHECK(missing.error().error_class == ErrorClass::Misconfigured);
    CHECK_FALSE(erp.connection().schema("../token", erp.context).ok());
}

TEST_CASE("the tax engine is what the sales order shows of it", "[netsuite][metadata]") {
    struct Row {
        std::string properties;
        std::string engine;
        bool suitetax;
        bool legacy;
    };
    const std::vector<Row> rows{
        {R"({"taxDetailsOverride":{"type":"boolean"}})", "suitetax", true, false},
        // A SuiteTax account's schema may still list fields of the legacy engine.
        {R"({"taxDetailsOverride":{"type":"boolean"},"taxItem":{}})", "suitetax", true, false},
        {R"({"taxItem":{}})", "legacy", false, true},
        {R"({"isTaxable":{"type":"boolean"}})", "legacy", false, true},
        // A role that sees neither proves nothing.
        {R"({"memo":{"type":"string"}})", "unknown", false, false},
    };
    for (const Row& row : rows) {
        INFO(row.properties);
        NetSuiteFixture erp;
        erp.answer([&](const http::HttpRequest&) {
            return respond(200, R"({"type":"object","properties":)" + row.properties + "}");
        });
        const Json features = erp.ok("netsuite.features", "{}");
        CHECK(features["tax_engine"].text() == row.engine);
        CHECK(features["suitetax"].bool_if() == row.suitetax);
        CHECK(features["legacy_tax"].bool_if() == row.legacy);
    }
}

TEST_CASE("features show in the metadata", "[netsuite][metadata]") {
    NetSuiteFixture erp;
    erp.answer(catalog);
    const Json features = erp.ok("netsuite.features", "{}");
    CHECK(features["suitetax"].bool_if() == true);
    CHECK(features["oneworld"].bool_if() == false);
    CHECK(features["multi_currency"].bool_if() == true);
    CHECK(features["pick_pack_ship"].bool_if() == true);
    CHECK(erp.ok("netsuite.metadata", R"({"record_type":"salesOrder"})")["schema"]["properties"]
              .contains("taxDetailsOverride"));
}

TEST_CASE("the tax engine of the settings is compared with the account's", "[netsuite][tax]") {
    // What the sales order of an account shows.
    constexpr const char* kSuiteTax = R"({"taxDetailsOverride":{},"taxItem":{},"isTaxable":{}})";
    constexpr const char* kLegacy = R"({"taxItem":{},"isTaxable":{}})";
    constexpr const char* kNothing = R"({"memo":{}})";
    const auto confirm = [](const std::string& properties, const std::string& setting) {
        NetSuiteFixture erp;
        erp.answer([&](const http::HttpRequest&) {
            return respond(200, R"({"type":"object","properties":)" + properties + "}");
        });
        return erp.connection().resolve_reference("netsuite.tax_engine", setting, erp.context);
    };
    CHECK(confirm(kSuiteTax, "suitetax").value() == "suitetax");
    // Where nothing is taxed, the fields of legacy tax are there all the same; a role that sees
    // neither proves nothing.
    for (const char* account : {kLegacy, kNothing})
        for (const char* setting : {"legacy", "none"})
            CHECK(confirm(account, setting).value() == setting);

    struct Contradiction {
        const char* account;
        const char* setting;
        const char* message;
    };
    for (const Contradiction& row :
         {Contradiction{kSuiteTax, "legacy", "says legacy, but the account has SuiteTax"},
          Contradiction{kSuiteTax, "none", "says none, but the account has SuiteTax"},
          Contradiction{kLegacy, "suitetax",
                        "says suitetax, but the account has legacy tax (its sales order has "
                        "taxItem or isTaxable"},
          Contradiction{kNothing, "suitetax",
                        "says suitetax, but the account has no SuiteTax that this role can see"},
          Contradiction{kSuiteTax, "avalara", "\"avalara\" is no tax engine"}}) {
        INFO(row.account << " " << row.setting);
        const Result<std::string> contradicted = confirm(row.account, row.setting);
        REQUIRE_FALSE(contradicted);
        CHECK(contradicted.error().code == "netsuite.tax_engine");
        CHECK(contradicted.error().error_class == ErrorClass::Misconfigured);
        INFO(contradicted.error().message);
        CHECK(contradicted.error().message.find(row.message) == 0);
    }
}

TEST_CASE("an account that cannot be asked for its tax engine is asked again later",
          "[netsuite][tax]") {
    NetSuiteFixture erp;
    erp.answer([](const http::HttpRequest&) {
        return error_reply(503, "UNEXPECTED_ERROR", "Try again.");
    });
    const auto unknown =
        erp.connection().resolve_reference("netsuite.tax_engine", "suitetax", erp.context);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().error_class == ErrorClass::Transient);
}
