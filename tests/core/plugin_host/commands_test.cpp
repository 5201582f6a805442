// SPDX-License-Identifier: Apache-2.0
// Commands that plugins bring: dispatch, files, help, completion, exit codes.
#include "core/plugin_host/commands.hpp"
#include "tests/core/plugin_host/support.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;

namespace {

struct Ran {
    int code = -1;
    std::string out;
    std::string err;
};

ManifestSet test_plugins() {
    return scan_plugins(std::vector<std::filesystem::path>{TEST_PLUGINS});
}

Ran run(const std::string& noun, const std::string& verb, const std::vector<std::string>& words,
        const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int code = run_plugin_command(test_plugins(), noun, verb, words, {in, out, err});
    return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("a command gets its arguments, and its files as streams") {
    const TempFolder folder;
    const std::string big = folder.write("big.txt", std::string(10'000, '\n')).string();
    const Ran ran =
        run("text", "count", {"--label=rows", big, "--tag", "a", "--tag", "b", "-", "--", "-"},
            "1\n2\n");
    CHECK(ran.code == 0);
    CHECK(ran.out == "rows 10000 " + big + "\nrows 2 -\nrows 0 -\n" +
                         R"({"label":"rows","file":[0,1,2],"tag":["a","b"]})" + "\n");
    CHECK(run("text", "count", {"-", "--strict"}).code == 7);
}

TEST_CASE("a file that is declared YAML comes as what it says, and is no stream") {
    const TempFolder folder;
    const std::string map = folder.write("map.yaml", "rows: 3\n").string();
    const auto read = [](const std::string& file, const std::string& text) -> Result<Json> {
        if (text == "bad") return misconfigured("config.yaml", file + ":1:1: bad");
        return Json::object({{"file", Json(file)}, {"value", Json(text)}});
    };
    const auto ran = [&](const std::vector<std::string>& words, const std::string& input) {
        std::istringstream in(input);
        std::ostringstream out;
        std::ostringstream err;
        const int code = run_plugin_command(test_plugins(), "text", "count", words,
                                            {in, out, err, nullptr, {}, read});
        return Ran{code, out.str(), err.str()};
    };
    const Ran good = ran({"--map", map, "-"}, "1\n2\n");
    CHECK(good.code == 0);
    CHECK(good.out ==
          "lines 2 -\n"
          R"({"map":{"file":")" +
              map + R"(","value":"rows: 3\n"},"file":[0]})" + "\n");
    const Ran bad = ran({"--map", folder.write("bad.yaml", "bad").string(), "-"}, "");
    CHECK(bad.code == 2);
    CHECK_THAT(bad.err, Contains("bad.yaml:1:1: bad [config.yaml]"));
    CHECK(bad.out.empty());
    CHECK_THAT(ran({"--map", "/nowhere", "-"}, "").err, Contains("/nowhere: cannot be read"));
    const std::string long_one =
        folder.write("long.yaml", std::string((std::size_t{4} << 20) + 1, ' ')).string();
    CHECK_THAT(ran({"--map", long_one, "-"}, "").err, Contains("longer than 4 MiB"));
}

TEST_CASE("words that do not fit are explained and end with 2") {
    const Ran unknown = run("text", "count", {"--lable", "x", "-"});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err,
               Contains("did you mean \"--label\"?") && Contains("usage: carrick text count"));
    CHECK_THAT(run("text", "count", {}).err, Contains("<file> is missing"));
    CHECK_THAT(run("text", "count", {"-", "--label"}).err, Contains("--label needs a value"));
    CHECK_THAT(run("text", "count", {"-", "--strict=1"}).err, Contains("takes no value"));
    CHECK_THAT(run("text", "count", {"-", "--label", "a", "--label", "b"}).err,
               Contains("given twice"));
    CHECK_THAT(run("text", "fail", {"code", "more"}).err,
               Contains("nothing is expected at \"more\""));
    CHECK_THAT(run("text", "cuont", {}).err, Contains("did you mean \"text count\"?"));
    CHECK(run("text", "cuont", {}).code == 2);
    const Ran missing = run("text", "count", {"/nowhere/at/all"});
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, Contains("/nowhere/at/all: cannot be read"));
    CHECK(missing.out.empty());
}

TEST_CASE("a command that fails ends with 1 and its reason") {
    const Ran failed = run("text", "fail", {});
    CHECK(failed.code == 1);
    CHECK_THAT(failed.err, Contains("it was told to fail [text.fail]"));
    CHECK_THAT(run("text", "fail", {"throw"}).err, Contains("thrown from a command"));
    CHECK_THAT(run("text", "fail", {"code"}).err, Contains("exit code 4711"));
}

TEST_CASE("help comes from the manifest, without loading anything") {
    CHECK_THAT(run("text", "count", {"--help"}).out,
               Contains("usage: carrick text count [--label VALUE] [--strict] [--map FILE]") &&
                   Contains("<file>...") && Contains("Stands before each figure.") &&
                   Contains("From plugin word_count 1.0.0 (Carrick)."));
    CHECK_THAT(command_help(test_plugins()),
               Contains("carrick text count") && Contains("carrick text fail"));
    CHECK(command_help(test_plugins(), "nothing").empty());
}

TEST_CASE("completion offers nouns, verbs and the options not yet given") {
    const ManifestSet plugins = test_plugins();
    const auto complete = [&](std::vector<std::string> words) {
        return complete_command(plugins, words);
    };
    using Words = std::vector<std::string>;
    CHECK(complete({"te"}) == Words{"text"});
    CHECK(complete({"text", ""}) == Words{"count", "fail"});
    CHECK(complete({"text", "count", "--l"}) == Words{"--label"});
    CHECK(complete({"text", "count", "--strict", "--"}) ==
          Words{"--also", "--help", "--label", "--map", "--tag"});
    CHECK(complete({"text", "count", "--also", ""}).empty());
    CHECK(complete({"text", "count", "rep"}).empty());
    CHECK(complete({"none", "none", ""}).empty());
}

TEST_CASE("a plugin that claims one of the engine's nouns is not used") {
    ManifestSet plugins = test_plugins();
    const std::string_view reserved[] = {"run", "text"};
    refuse_reserved_nouns(plugins, reserved);
    CHECK(plugins.find("word_count") == nullptr);
    REQUIRE_FALSE(plugins.problems.empty());
    CHECK_THAT(plugins.problems.back().message, Contains("claims the command \"text count\""));
}

TEST_CASE("a command with two claimants names both files") {
    const TempFolder one;
    const TempFolder two;
    const std::string commands = R"(,"commands":[{"noun":"x","verb":"y","summary":"s"}])";
    for (const TempFolder* folder : {&one, &two}) {
        const std::string name = folder == &one ? "one" : "two";
        folder->write(name + ".so", "");
        folder->write(name + ".json", manifest_text(name, "command", commands));
    }
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const ManifestSet plugins = scan_plugins(std::vector{one.path, two.path});
    CHECK(run_plugin_command(plugins, "x", "y", {}, {in, out, err}) == 2);
    CHECK_THAT(err.str(), Contains("one.json") && Contains("two.json"));
}
