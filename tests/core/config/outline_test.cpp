// SPDX-License-Identifier: Apache-2.0
// As much of a flows.yaml as the commands on the store need, and what a valid file leaves open.
#include "tests/core/config/config_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::config;

namespace {

Outline outline_of(const std::string& text) {
    return parse_outline(text, "/etc/carrick/flows.yaml", test_plugins(), test_options());
}

std::string store_of(const Outline& outline) {
    return outline.store ? outline.store->string() : "none";
}

const std::vector<std::string> kFlows{"orders", "customers", "sales"};

}  // namespace

TEST_CASE("the outline is the store and the flows, producers first", "[config][outline]") {
    const Outline outline = outline_of(valid_file());
    CHECK(store_of(outline) == "/etc/carrick/var/carrick.db");
    CHECK(outline.flows == kFlows);
    CHECK(outline.problems.empty());
}

TEST_CASE("the outline asks for no secret, no file and no variable of other sections",
          "[config][outline]") {
    for (const char* reference : {"\"${secret:s1}\"", "\"${file:s1}\"", "\"${env:S1}\""}) {
        INFO(reference);
        const Outline outline =
            outline_of(with("client_secret: s1", std::string("client_secret: ") + reference));
        CHECK(outline.store.has_value());
        CHECK(outline.problems.empty());
    }
    // Nor does a setting behind a reference look as if it were missing.
    const Outline outline = outline_of(with("subsidiary: 1", "subsidiary: \"${env:SUB}\""));
    CHECK(outline.problems.empty());
}

TEST_CASE("the store's own path may be a reference, and must then be there", "[config][outline]") {
    const std::string text = "store: { path: \"${env:STORE}\" }\n" + valid_file();
    test_environment().clear();
    const Outline missing = outline_of(text);
    CHECK_FALSE(missing.store.has_value());
    REQUIRE(missing.problems.size() == 1);
    CHECK(missing.problems[0].key == "store.path");
    test_environment()["STORE"] = "/srv/carrick.db";
    CHECK(store_of(outline_of(text)) == "/srv/carrick.db");
    test_environment().clear();
}

TEST_CASE("one section's broken YAML leaves the others readable", "[config][outline]") {
    const std::string store = "store: { path: mine.db }\n";
    for (const auto& [right, wrong] :
         {std::pair{"id: NA1", "id: [NA1"}, std::pair{"region: na", "\tregion: na"},
          std::pair{"books_zone:", "books_zone: \"America"}}) {
        INFO(wrong);
        const Outline outline = outline_of(store + with(right, wrong));
        CHECK(store_of(outline) == "/etc/carrick/mine.db");
        CHECK(outline.flows == kFlows);
        REQUIRE(outline.problems.size() == 1);
        CHECK(outline.problems[0].mark.line > 1);
    }
    // Without the flows' names the store's remain.
    const Outline outline = outline_of(store + with("start: 2026-11-01 }", "start: 2026-11-01"));
    CHECK(store_of(outline) == "/etc/carrick/mine.db");
    CHECK(outline.flows.empty());
}

TEST_CASE("whatever makes it doubtful which store is meant stops", "[config][outline]") {
    for (const char* store :
         {"store: { path: [mine.db }\n", "store: { pth: mine.db }\n", "stor: { path: mine.db }\n",
          "store: mine.db\n", "store: { path: a }\nstore: { path: b }\n",
          "store: { driver: postgres }\n"}) {
        INFO(store);
        const Outline outline = outline_of(store + valid_file());
        CHECK_FALSE(outline.store.has_value());
        CHECK_FALSE(outline.problems.empty());
        // Also where the YAML of another section cannot be read.
        CHECK_FALSE(outline_of(store + with("id: NA1", "id: [NA1")).store.has_value());
    }
}

TEST_CASE("a marketplace that is read and described nowhere is a warning", "[config][warnings]") {
    CHECK(warnings_of(*parsed(valid_file()).config).empty());
    const Loaded loaded = parsed(with("[US, CA], every", "[US, MX], every"));
    INFO(problems_of(loaded));
    if (loaded.config) {
        const std::vector<Problem> warnings = warnings_of(*loaded.config);
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].key == "flows.orders.marketplaces");
        CHECK(warnings[0].mark.line == 19);
    }
    const std::string in_connection = with("    auth: { client_id: app",
                                           "    marketplaces: { MX: { subsidiary: 3 } }\n"
                                           "    auth: { client_id: app");
    std::string text = in_connection;
    text.replace(text.find("[US, CA], every"), 15, "[US, MX], every");
    const Loaded described = parsed(text);
    INFO(problems_of(described));
    REQUIRE(described.config);
    CHECK(warnings_of(*described.config).empty());
}
