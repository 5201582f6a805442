// SPDX-License-Identifier: Apache-2.0
// Hostile files: each ends in a problem, never in a crash or a hang. ctest's time limit is the
// stop-watch.
#include "tests/core/config/config_fixture.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

namespace carrick::config {
namespace {

std::string repeated(std::string_view piece, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += piece;
    return text;
}

bool has(std::string_view text, std::string_view code) {
    const Loaded loaded = parsed(text);
    CHECK_FALSE(loaded.config.has_value());
    return problems_of(loaded).find(code) != std::string::npos;
}

TEST_CASE("a hundred thousand brackets are too deep", "[config][hostile]") {
    CHECK(has("a: " + repeated("[", 100'000), "config."));
    CHECK(has("a: " + repeated("{a: ", 100'000), "config."));
    CHECK(has(repeated("- ", 100'000), "config."));
    CHECK(has("a: " + repeated("[", 65) + repeated("]", 65), "config.too_deep"));
    std::string indented;
    for (int i = 0; i < 300; ++i) indented += repeated(" ", i) + "a:\n";
    CHECK(has(indented, "config.too_deep"));
}

TEST_CASE("an alias bomb ends at its first alias", "[config][hostile]") {
    std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c < 'j'; ++c) {
        const std::string before = std::string("*") + static_cast<char>(c - 1);
        bomb += std::string(1, c) + ": &" + c + " [" + before + repeated("," + before, 8) + "]\n";
    }
    CHECK(has(bomb, "config.alias"));
}

TEST_CASE("files that are too large are refused before they are read", "[config][hostile]") {
    CHECK(has("a: " + repeated("x", 5 * 1024 * 1024), "config.too_large"));
    CHECK(has(repeated("- a\n", 200'000), "config.too_large"));
    std::string keys;
    for (int i = 0; i < 20'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
    CHECK(has(keys, "config.too_large"));

    const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                       ("carrick-huge-" + std::to_string(::getpid()) + ".yaml");
    std::ofstream(file) << "a: 1\n";
    std::filesystem::resize_file(file, 100 * 1024 * 1024);  // sparse: no disk is filled
    const Loaded loaded = load_config(file, test_plugins(), test_options());
    std::filesystem::remove(file);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].code == "config.too_large");
}

TEST_CASE("a file that is not there is a problem", "[config][hostile]") {
    const Loaded loaded = load_config("/nonexistent/flows.yaml", test_plugins(), test_options());
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].text() == "/nonexistent/flows.yaml: there is no such file");
}

TEST_CASE("every value may be of a wrong kind, alone and everywhere", "[config][hostile]") {
    for (const char* wrong :
         {"5", "[]", "{}", "null", "\"\"", "[[1]]", "{ a: { b: c } }", "text"}) {
        const std::string& file = valid_file();
        for (std::size_t at = file.find(": "); at != std::string::npos;
             at = file.find(": ", at + 1)) {
            const std::size_t end = file.find_first_of(",}]\n", at + 2);
            (void)parsed(file.substr(0, at + 2) + wrong + file.substr(end));
        }
        for (const char* key : {"version", "store", "secrets", "engine", "connections", "defaults",
                                "marketplaces", "flows"})
            (void)parsed(std::string(key) + ": " + wrong + "\n");
    }
    SUCCEED("nothing crashed");
}

TEST_CASE("a file cut off at any byte, or with any byte broken, is survived", "[config][hostile]") {
    const std::string& file = valid_file();
    for (std::size_t at = 0; at < file.size(); at += 3) {
        (void)parsed(file.substr(0, at));
        std::string broken = file;
        broken[at] = static_cast<char>("\0\xFF:{[&*\t"[at % 8]);
        (void)parsed(broken);
    }
    SUCCEED("nothing crashed");
}

TEST_CASE("unknown keys in thousands give problems in hundreds", "[config][hostile]") {
    std::string text = "version: 1\ndefaults:\n";
    for (int i = 0; i < 9'000; ++i) text += "  subsidiar" + std::to_string(i) + ": 1\n";
    const Loaded loaded = parsed(text + "connections: {}\nflows: {}\n");
    CHECK(loaded.problems.size() == 500);
}

TEST_CASE("a thousand flows load", "[config]") {
    std::string text = valid_file();
    for (int i = 0; i < 1'000; ++i)
        text += "  f" + std::to_string(i) + ": { plugin: mfn_customer_import, from: " +
                (i == 0 ? std::string("customers") : "f" + std::to_string(i - 1)) +
                ", target: erp }\n";
    const Loaded loaded = parsed(text);
    CHECK(problems_of(loaded) == "");
    REQUIRE(loaded.config);
    CHECK(loaded.config->order.size() == 1'003);
}

}  // namespace
}  // namespace carrick::config
