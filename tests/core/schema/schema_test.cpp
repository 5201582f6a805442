// SPDX-License-Identifier: Apache-2.0
// Schemas: every keyword that Carrick checks, with the path and the words of its violation; and
// everything that makes a schema unusable.
#include "core/schema/schema.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace carrick::schema {
namespace {

Json json(std::string_view text) {
    Result<Json> parsed = Json::parse(text);
    REQUIRE(parsed);
    return *parsed;
}

Schema compiled(std::string_view text) {
    Result<Schema> schema = Schema::compile(json(text));
    INFO((schema ? std::string() : schema.error().message));
    REQUIRE(schema);
    return *schema;
}

/// "path: message" a violation, joined by newlines.
std::string judged(const Schema& schema, std::string_view document) {
    std::string text;
    for (const Violation& violation : schema.validate(json(document)))
        text += (text.empty() ? "" : "\n") + violation.path + ": " + violation.message;
    return text;
}

std::string judged(std::string_view schema, std::string_view document) {
    return judged(compiled(schema), document);
}

std::string refused(std::string_view schema) {
    Result<Schema> result = Schema::compile(json(schema));
    REQUIRE_FALSE(result);
    CHECK(result.error().error_class == ErrorClass::Misconfigured);
    return result.error().code + " " + result.error().field;
}

TEST_CASE("a violation carries the path of the value in the document", "[schema]") {
    const char* schema = R"({"type":"object","properties":{"item":{"type":"object","properties":{
        "items":{"type":"array","items":{"type":"object","required":["item"],
          "properties":{"quantity":{"type":"number","minimum":1}}}}}}}})";
    CHECK(judged(schema, R"({"item":{"items":[{"item":1,"quantity":2},{"quantity":0}]}})") ==
          "item.items[1].quantity: expected at least 1, found the number 0\n"
          "item.items[1].item: is required and missing");
    CHECK(judged(schema, R"({"item":{"items":[]}})").empty());
    CHECK(judged(schema, "7") == ": expected an object, found the number 7");
}

TEST_CASE("violations come in the order of the document", "[schema]") {
    const char* schema = R"({"properties":{"a":{"type":"string"},"b":{"type":"string"}},
                             "additionalProperties":false})";
    CHECK(judged(schema, R"({"b":1,"z":2,"a":3})") ==
          "b: expected a text, found the number 1\n"
          "z: is not a known property\n"
          "a: expected a text, found the number 3");
}

TEST_CASE("a text is described by its length, for payloads hold personal data", "[schema]") {
    CHECK(judged(R"({"type":"integer"})", R"("Erika Mustermann")") ==
          ": expected a whole number, found a text of 16 characters");
    CHECK(judged(R"({"enum":["a","b"]})", R"("c")") ==
          ": expected one of \"a\", \"b\", found a text of 1 character");
}

TEST_CASE("numbers are judged on their tokens", "[schema]") {
    CHECK(judged(R"({"multipleOf":0.01})", "19.99").empty());
    CHECK(judged(R"({"multipleOf":0.01})", "19.999") ==
          ": expected a multiple of 0.01, found the number 19.999");
    CHECK(judged(R"({"maximum":9007199254740992})", "9007199254740993") ==
          ": expected at most 9007199254740992, found the number 9007199254740993");
    CHECK(judged(R"({"exclusiveMinimum":0})", "0.00") ==
          ": expected more than 0, found the number 0.00");
    CHECK(judged(R"({"exclusiveMaximum":0.3})", "0.30") ==
          ": expected less than 0.3, found the number 0.30");
    CHECK(judged(R"({"enum":[1.5]})", "1.50").empty());
    CHECK(judged(R"({"const":1234567890123456789})", "1234567890123456788") ==
          ": expected 1234567890123456789, found the number 1234567890123456788");
    CHECK(judged(R"({"type":"integer"})", "5.0").empty());
    CHECK(judged(R"({"type":"integer"})", "5.5") ==
          ": expected a whole number, found the number 5.5");
    CHECK(judged(R"({"uniqueItems":true})", "[1, 2, 1.0]") ==
          ": items 0 and 2 are equal; each may stand there once");
    CHECK(judged(R"({"type":"number"})", R"("5")") ==
          ": expected a number, found a text of 1 character");
}

TEST_CASE("texts, lists and objects have their limits checked", "[schema]") {
    CHECK(judged(R"({"minLength":2})", R"("é")") == ": expected at least 2 characters, found 1");
    CHECK(judged(R"({"maxLength":1})", R"("注文")") == ": expected at most 1 character, found 2");
    CHECK(judged(R"({"minItems":1})", "[]") == ": expected at least 1 item, found 0");
    CHECK(judged(R"({"maxItems":1})", "[1,2]") == ": expected at most 1 item, found 2");
    CHECK(judged(R"({"minProperties":1})", "{}") == ": expected at least 1 member, found 0");
    CHECK(judged(R"({"maxProperties":0})", R"({"a":1})") ==
          ": expected at most 0 members, found 1");
    CHECK(judged(R"({"pattern":"^[A-Z]{2}$"})", R"("de")") ==
          ": expected the pattern ^[A-Z]{2}$, found a text of 2 characters");
    CHECK(judged(R"({"format":"date"})", R"("2026-13-01")") ==
          ": expected the format date, found a text of 10 characters");
    CHECK(judged(R"({"contains":{"const":1}})", "[2]") ==
          ": has no item of the form that at least one must have");
    CHECK(judged(R"({"items":[{"type":"string"}],"additionalItems":false})", R"(["a",1])") ==
          ": expected at most 1 items, found a list of 2 items");
    CHECK(judged(R"({"items":[{"type":"string"}],"additionalItems":{"type":"null"}})",
                 R"(["a",1])") == "[1]: expected null, found the number 1");
}

TEST_CASE("objects are judged by names, patterns, the rest and dependencies", "[schema]") {
    CHECK(judged(R"({"patternProperties":{"^cust":{"type":"string"}},"additionalProperties":
                    {"type":"boolean"}})",
                 R"({"custbody_a":1,"other":2})") ==
          "custbody_a: expected a text, found the number 1\n"
          "other: expected true or false, found the number 2");
    CHECK(judged(R"({"propertyNames":{"pattern":"^[a-z]+$"}})", R"({"Ab":1})") ==
          "Ab: is not an allowed property name");
    CHECK(judged(R"({"dependencies":{"a":["b"],"c":{"required":["d"]}}})", R"({"a":1,"c":1})") ==
          "b: is required beside a and missing\nd: is required and missing");
}

TEST_CASE("schemas combine", "[schema]") {
    CHECK(judged(R"({"allOf":[{"minimum":1},{"maximum":3}]})", "5") ==
          ": expected at most 3, found the number 5");
    CHECK(judged(R"({"not":{"type":"null"}})", "null") ==
          ": found null, which is not allowed here");
    CHECK(judged(R"({"oneOf":[{"minimum":1},{"minimum":2}]})", "3") ==
          ": fits 2 of the allowed forms where exactly one must fit");
    CHECK(judged(R"({"anyOf":[{"type":"string"},{"properties":{"id":{"type":"string"}},
                    "required":["id"]}]})",
                 R"({"id":5})") ==
          ": fits none of the 2 allowed forms\nid: expected a text, found the number 5");
    const char* conditional = R"({"if":{"properties":{"kind":{"const":"a"}}},
        "then":{"required":["x"]},"else":{"required":["y"]}})";
    CHECK(judged(conditional, R"({"kind":"a"})") == "x: is required and missing");
    CHECK(judged(conditional, R"({"kind":"b"})") == "y: is required and missing");
    CHECK(judged(R"({"properties":{"a":false,"b":true}})", R"({"a":1,"b":2})") ==
          "a: found the number 1, which is not allowed here");
}

TEST_CASE("references reach definitions, also from inside themselves", "[schema]") {
    const char* schema = R"({"$ref":"#/definitions/Node","definitions":{"Node":{"type":"object",
        "required":["id"],"properties":{"children":{"items":{"$ref":"#/definitions/Node"}}}}}})";
    CHECK(judged(schema, R"({"id":1,"children":[{"id":2,"children":[{}]}]})") ==
          "children[0].children[0].id: is required and missing");
}

TEST_CASE("Swagger 2 and OpenAPI 3 documents serve as the root of references", "[schema]") {
    const Json swagger = json(R"({"swagger":"2.0","paths":{"/orders":{"get":{}}},"definitions":{
        "Money":{"type":"object","required":["amount"],"properties":{"amount":{"type":"string"}}},
        "Order":{"properties":{"total":{"$ref":"#/definitions/Money"}}}}})");
    Result<Schema> order = Schema::compile(json(R"({"$ref":"#/definitions/Order"})"), &swagger);
    REQUIRE(order);
    CHECK(judged(*order, R"({"total":{}})") == "total.amount: is required and missing");

    const Json openapi = json(R"({"openapi":"3.0.1","components":{"schemas":{
        "A/B":{"type":"string","nullable":true,"enum":["x"]}}}})");
    Result<Schema> escaped =
        Schema::compile(json(R"({"$ref":"#/components/schemas/A~1B"})"), &openapi);
    REQUIRE(escaped);
    CHECK(judged(*escaped, "null").empty());
    CHECK(judged(*escaped, "5") ==
          ": expected null or a text, found the number 5\n"
          ": expected one of \"x\", null, found the number 5");
}

TEST_CASE("draft-04 spells an exclusive bound as true beside the bound", "[schema]") {
    CHECK(judged(R"({"minimum":1,"exclusiveMinimum":true})", "1") ==
          ": expected more than 1, found the number 1");
    CHECK(judged(R"({"minimum":1,"exclusiveMinimum":false})", "1").empty());
}

TEST_CASE("a metadata catalog as NetSuite writes it can be compiled", "[schema]") {
    const char* catalog = R"({"$schema":"http://json-schema.org/draft-06/hyper-schema#",
      "type":"object","properties":{
        "id":{"title":"Internal ID","type":"string"},
        "tranDate":{"type":"string","format":"date","nullable":true},
        "total":{"type":"number","format":"double","readOnly":true},
        "entity":{"type":"object","properties":{"id":{"type":"string"},"links":{"type":"array",
           "items":{"$ref":"#/components/schemas/nsLink"}}},"x-ns-name":"Customer"}},
      "x-ns-filterable":["id"],
      "components":{"schemas":{"nsLink":{"type":"object","properties":{"rel":{"type":"string"}}}}}})";
    // `components` stands beside the keywords only where the document is passed as the root.
    const Json document = json(catalog);
    Json schema = document;
    schema.erase("components");
    Result<Schema> salesorder = Schema::compile(schema, &document);
    REQUIRE(salesorder);
    CHECK(judged(*salesorder, R"({"tranDate":null,"custbody_x":"y"})").empty());
    CHECK(judged(*salesorder, R"({"entity":{"links":[{"rel":1}]}})") ==
          "entity.links[0].rel: expected a text, found the number 1");
}

TEST_CASE("a keyword that would not be checked makes the schema unusable", "[schema]") {
    CHECK(refused(R"({"unevaluatedProperties":false})") ==
          "schema.keyword #/unevaluatedProperties");
    CHECK(refused(R"({"properties":{"a":{"minimun":1}}})") ==
          "schema.keyword #/properties/a/minimun");
    CHECK(refused(R"({"format":"phone"})") == "schema.keyword #/format");
    CHECK(refused(R"({"$ref":"#/definitions/A","definitions":{"A":{"prefixItems":[]}}})") ==
          "schema.keyword #/definitions/A/prefixItems");
}

TEST_CASE("a keyword with a value of the wrong kind makes the schema unusable", "[schema]") {
    CHECK(refused(R"([])") == "schema.syntax #");
    CHECK(refused(R"({"type":"text"})") == "schema.syntax #/type");
    CHECK(refused(R"({"required":true})") == "schema.syntax #/required");
    CHECK(refused(R"({"minLength":-1})") == "schema.syntax #/minLength");
    CHECK(refused(R"({"minimum":"1"})") == "schema.syntax #/minimum");
    CHECK(refused(R"({"multipleOf":0})") == "schema.syntax #/multipleOf");
    CHECK(refused(R"({"enum":[]})") == "schema.syntax #/enum");
    CHECK(refused(R"({"pattern":"("})") == "schema.syntax #/pattern");
    CHECK(refused(R"({"properties":[]})") == "schema.syntax #/properties");
    CHECK(refused(R"({"anyOf":[]})") == "schema.syntax #/anyOf");
    CHECK(refused(R"({"uniqueItems":1})") == "schema.syntax #/uniqueItems");
    CHECK(refused(R"({"$ref":5})") == "schema.syntax #/$ref");
    CHECK(refused(R"({"$ref":"#/definitions/Gone"})") == "schema.syntax #/definitions/Gone");
    CHECK(refused(R"({"$ref":"http://example.com/schema.json"})") ==
          "schema.syntax http://example.com/schema.json");
}

TEST_CASE("references that lead in a ring end in an error, not in a hang", "[schema]") {
    CHECK(refused(R"({"$ref":"#/definitions/A","definitions":{"A":{"$ref":"#/definitions/B"},
                      "B":{"$ref":"#/definitions/A"}}})") == "schema.syntax #/definitions/A");
    const char* endless = R"({"$ref":"#/definitions/A",
                              "definitions":{"A":{"allOf":[{"$ref":"#/definitions/A"}]}}})";
    CHECK(judged(endless, "1") == ": this schema refers to itself too often to be judged here");
}

TEST_CASE("alternatives that multiply end in a violation, not in a hang", "[schema]") {
    std::string definitions = R"("D40":{"type":"string"})";
    for (int i = 0; i < 40; ++i) {
        const std::string next = R"({"$ref":"#/definitions/D)" + std::to_string(i + 1) + "\"}";
        definitions += ",\"D" + std::to_string(i) + "\":{\"anyOf\":[" + next + "," + next + "]}";
    }
    const Schema schema =
        compiled(R"({"$ref":"#/definitions/D0","definitions":{)" + definitions + "}}");
    CHECK_FALSE(schema.validate(json("1")).empty());
}

TEST_CASE("every model in Amazon's orders contract compiles, and its examples fit", "[contract]") {
    const char* folder = std::getenv("CARRICK_CONTRACTS");
    if (folder == nullptr) {
        WARN("SKIPPED: CARRICK_CONTRACTS is not set");
        return;
    }
    std::ifstream file(std::string(folder) + "/amazon/orders_2026-01-01.json");
    std::stringstream text;
    text << file.rdbuf();
    const Json document = json(text.str());
    REQUIRE(document["definitions"].size() > 50);
    for (const JsonMember& model : document["definitions"].members()) {
        INFO(model.key);
        CHECK(
            Schema::compile(Json::object({{"$ref", Json("#/definitions/" + model.key)}}), &document)
                .ok());
    }
    std::size_t examples = 0;
    for (const JsonMember& path : document["paths"].members())
        for (const JsonMember& method : path.value.members())
            for (const JsonMember& response : method.value["responses"].members()) {
                if (!response.value["schema"].is_object()) continue;
                Result<Schema> schema = Schema::compile(response.value["schema"], &document);
                INFO(path.key << " " << response.key);
                REQUIRE(schema);
                for (const Json& stub : response.value["x-amzn-api-sandbox"]["static"].items()) {
                    ++examples;
                    std::string problems;
                    for (const Violation& violation : schema->validate(stub["response"]))
                        problems += violation.path + ": " + violation.message + "\n";
                    CHECK(problems.empty());
                    INFO(problems);
                }
            }
    CHECK(examples > 0);
}

}  // namespace
}  // namespace carrick::schema
