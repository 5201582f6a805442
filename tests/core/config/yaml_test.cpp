// SPDX-License-Identifier: Apache-2.0
// YAML itself: what is refused before any key is understood, each with its place.
#include "core/config/yaml_json.hpp"
#include "tests/core/config/config_fixture.hpp"

#include <catch2/catch.hpp>

namespace carrick::config {
namespace {

TEST_CASE("a complete file has no problems", "[config]") {
    const Loaded loaded = parsed(valid_file());
    CHECK(problems_of(loaded) == "");
    REQUIRE(loaded.config);
    CHECK(loaded.config->order == std::vector<std::string>{"orders", "customers", "sales"});
}

TEST_CASE("a problem reads as file, line, column, key, message and nearest spelling", "[config]") {
    const Loaded loaded = parsed(with("every: 5m", "evry: 5m"));
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].text() ==
          "/etc/carrick/flows.yaml:20:79: flows.orders.evry: unknown key; did you mean \"every\"?");
    CHECK_FALSE(loaded.config.has_value());
}

TEST_CASE("all problems come at once, in the order of the file", "[config]") {
    std::string text = with("version: 1", "version: 2");
    text.replace(text.find("region: na"), 10, "region: nn");
    text.replace(text.find("plugin: mfn_order_import"), 24, "plugin: mfn_oder_import");
    CHECK(problems_of(text) ==
          "1:10 config.value version: expected 1, found \"2\" (1)\n"
          "6:13 config.value connections.seller-na.region: expected na or eu or fe, found \"nn\" "
          "(na)\n"
          "22:20 config.unknown_plugin flows.sales.plugin: there is no plugin \"mfn_oder_import\" "
          "(mfn_order_import)");
}

TEST_CASE("a key that stands twice in one map is refused", "[config]") {
    CHECK(problems_of(with("    mode: live\n", "    mode: live\n    mode: shadow\n")) ==
          "9:5 config.duplicate_key connections.seller-na.mode: this key appears twice in one "
          "place; keep one");
}

TEST_CASE("an unquoted number that begins with 0 is refused, a quoted one is a text", "[config]") {
    CHECK(problems_of(with("seller_id: A1SELLER", "seller_id: 0123")) ==
          "7:16 config.octal connections.seller-na.seller_id: found 0123, which YAML reads as an "
          "octal number; put it in quotes: \"0123\"");
    const Loaded quoted = parsed(with("seller_id: A1SELLER", "seller_id: \"0123\""));
    REQUIRE(quoted.config);
    CHECK(quoted.config->connections.at("seller-na").options["seller_id"] == Json("0123"));
}

TEST_CASE("yes, no, on and off are texts, a truth value is true or false", "[config]") {
    CHECK(problems_of(with("target: erp }\n  sales", "target: erp, enabled: yes }\n  sales")) ==
          "21:81 config.value flows.customers.enabled: expected true or false, found \"yes\"");
    const Loaded loaded = parsed(with("client_id: app", "client_id: off"));
    REQUIRE(loaded.config);
    CHECK(loaded.config->connections.at("seller-na").auth.at("client_id").reveal() == "off");
}

TEST_CASE("anchors, aliases, merge keys, tags and second documents are refused", "[config]") {
    CHECK(problems_of("a: &x 1\n").find("1:4 config.anchor a: ") != std::string::npos);
    CHECK(problems_of("a: &x 1\nb: *x\n").find("2:4 config.alias b: ") != std::string::npos);
    CHECK(problems_of("a:\n  <<: { b: 1 }\n").starts_with("1:1 config.unknown_key"));
    CHECK(problems_of("a:\n  <<: { b: 1 }\n").find("2:3 config.merge_key") != std::string::npos);
    CHECK(problems_of("a: !!int 5\n").find("config.tag a: ") != std::string::npos);
    CHECK(problems_of("a: 1\n---\nb: 2\n").find("config.documents") != std::string::npos);
}

TEST_CASE("tabs, NUL bytes and invalid UTF-8 are refused with their place", "[config]") {
    CHECK(problems_of("a:\n\tb: 1\n") == "2:1 config.tab : a tab indents this line; use blanks");
    CHECK(problems_of(std::string_view("ab: c\0d", 7)) ==
          "1:6 config.encoding : a NUL byte; expected text");
    CHECK(problems_of("ok: 1\nab: \xC3\x28\n") ==
          "2:5 config.encoding : not valid UTF-8; save the file as UTF-8");
    CHECK(problems_of("\xEF\xBB\xBFversion: 1\n").find("encoding") == std::string::npos);
}

TEST_CASE("text that is not YAML is refused with its place", "[config]") {
    CHECK(problems_of("a: [1, 2\n").find("config.yaml : not valid YAML") != std::string::npos);
    CHECK(problems_of("a: 'b\n") == "1:4 config.yaml : the quote that opens here is never closed");
    CHECK(problems_of("a: \"b\\\"\n").find("never closed") != std::string::npos);
    CHECK(problems_of("a: \"b\"\n").find("never closed") == std::string::npos);
    CHECK(problems_of("? [a]\n: 1\n").find("config.key") != std::string::npos);
}

TEST_CASE("an empty file lacks everything", "[config]") {
    CHECK(problems_of("") ==
          "0:0 config.missing version: is missing; expected version: 1\n"
          "0:0 config.missing connections: is missing; expected the connections by name\n"
          "0:0 config.missing flows: is missing; expected the flows by name");
}

TEST_CASE("a documented key that is not built yet says so", "[config]") {
    CHECK(problems_of(valid_file() + "admin: {}\n") ==
          "23:1 config.not_in_this_version admin: is documented, but not in this version");
    CHECK(problems_of(valid_file() + "store: { driver: postgres }\n") ==
          "23:18 config.not_in_this_version store.driver: postgres is documented, but not in this "
          "version; use sqlite");
}

}  // namespace
}  // namespace carrick::config

TEST_CASE("YAML for a command is JSON with the place of each key and item") {
    const carrick::Result<carrick::Json> read =
        carrick::config::yaml_with_marks("map.yaml",
                                         "rules:\n"
                                         "  - class: fee\n"
                                         "    priority: 10\n"
                                         "    from: 2026-07-01\n"
                                         "    text: \"10\"\n"
                                         "a/b: true\n"
                                         "none:\n");
    REQUIRE(read);
    CHECK((*read)["file"].text() == "map.yaml");
    CHECK((*read)["value"].dump() ==
          R"({"rules":[{"class":"fee","priority":10,"from":"2026-07-01","text":"10"}],)"
          R"("a/b":true,"none":null})");
    const carrick::Json& marks = (*read)["marks"];
    CHECK(marks["/rules"].text() == "map.yaml:1:1");
    CHECK(marks["/rules/0"].text() == "map.yaml:2:5");
    CHECK(marks["/rules/0/class"].text() == "map.yaml:2:5");
    CHECK(marks["/rules/0/priority"].text() == "map.yaml:3:5");
    CHECK(marks["/a~1b"].text() == "map.yaml:6:1");
    const carrick::Result<carrick::Json> wrong =
        carrick::config::yaml_with_marks("map.yaml", "a: 1\na: 2\nb: 007\n");
    REQUIRE_FALSE(wrong);
    CHECK_THAT(wrong.error().message, Catch::Matchers::Contains("map.yaml:2:1") &&
                                          Catch::Matchers::Contains("map.yaml:3:4") &&
                                          Catch::Matchers::Contains("octal"));
    const carrick::Result<carrick::Json> empty = carrick::config::yaml_with_marks("map.yaml", "");
    REQUIRE(empty);
    CHECK((*empty)["value"].is_null());
}
