// SPDX-License-Identifier: Apache-2.0
// The Swagger check itself: what it lets through and what it does not.
#include "tests/contracts/swagger.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using carrick::testing::SwaggerModel;

namespace {

const SwaggerModel& model() {
    static const SwaggerModel kModel(Json::parse(R"json({
      "swagger": "2.0",
      "paths": {
        "/things": {"get": {
          "parameters": [
            {"name": "since", "in": "query", "type": "string", "format": "date-time"},
            {"name": "kinds", "in": "query", "type": "array", "maxItems": 2,
             "items": {"type": "string", "enum": ["A", "B"]}},
            {"name": "most", "in": "query", "required": true, "type": "integer"}],
          "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/Things"}},
                        "204": {"description": ""}}}},
        "/things/{id}": {"put": {
          "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"},
                         {"name": "body", "in": "body", "required": true,
                          "schema": {"$ref": "#/definitions/Thing"}}],
          "responses": {"200": {"description": ""}}}}
      },
      "definitions": {
        "Thing": {"type": "object", "required": ["name"],
                  "properties": {"name": {"type": "string"}}},
        "Things": {"type": "object", "required": ["things"], "properties": {
                   "things": {"type": "array", "items": {"$ref": "#/definitions/Thing"}}}}
      }})json")
                                         .value());
    return kModel;
}

bool fine(std::string_view method, std::string_view url, std::string_view body = {}) {
    return model().check_request(method, url, body).empty();
}

}  // namespace

TEST_CASE("a request that the model allows has no violations", "[swagger]") {
    CHECK(fine("GET", "/things?most=5"));
    CHECK(
        fine("GET", "https://a.example/things?most=5&kinds=A%2CB&since=2026-11-23T10%3A00%3A00Z"));
    CHECK(fine("PUT", "/things/a%2Fb", R"({"name":"x"})"));
}

TEST_CASE("every departure of a request is found", "[swagger]") {
    CHECK_FALSE(fine("GET", "/nothing"));
    CHECK_FALSE(fine("DELETE", "/things"));
    CHECK_FALSE(fine("GET", "/things"));
    CHECK_FALSE(fine("GET", "/things?most=many"));
    CHECK_FALSE(fine("GET", "/things?most=5&most=6"));
    CHECK_FALSE(fine("GET", "/things?most=5&kinds=A,C"));
    CHECK_FALSE(fine("GET", "/things?most=5&kinds=A,B,A"));
    CHECK_FALSE(fine("GET", "/things?most=5&since=yesterday"));
    CHECK_FALSE(fine("GET", "/things?most=5&Most=5"));
    CHECK_FALSE(fine("GET", "/things?most=5", "{}"));
    CHECK_FALSE(fine("PUT", "/things/1"));
    CHECK_FALSE(fine("PUT", "/things/1", "{"));
    CHECK_FALSE(fine("PUT", "/things/1", R"({"name":5})"));
}

TEST_CASE("responses are judged by their status's schema", "[swagger]") {
    const auto check = [](int status, std::string_view body) {
        return model().check_response("GET", "/things?most=5", status, body).empty();
    };
    CHECK(check(200, R"({"things":[{"name":"x"}]})"));
    CHECK(check(204, ""));
    CHECK_FALSE(check(200, R"({"things":[{}]})"));
    CHECK_FALSE(check(200, "{}"));
    CHECK_FALSE(check(200, ""));
    CHECK_FALSE(check(204, "{}"));
    CHECK_FALSE(check(500, "{}"));
}
