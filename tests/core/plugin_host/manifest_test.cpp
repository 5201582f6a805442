// SPDX-License-Identifier: Apache-2.0
// Manifests: what is accepted, what is refused, and in which words.
#include "core/plugin_host/nearest.hpp"
#include "tests/core/plugin_host/support.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;

namespace {

const std::string kSink = R"(,"roles":["target"],"input":["amazon.order/1"])";

std::string problem_of(const std::string& text) {
    const Result<Manifest> manifest = parse_manifest(text, "flow.json");
    if (manifest) return "";
    CHECK(manifest.error().error_class == ErrorClass::Misconfigured);
    CHECK(manifest.error().code == "plugin.manifest");
    return manifest.error().message;
}
std::string sink_problem(const std::string& rest) {
    return problem_of(manifest_text("flow", "sink", kSink + rest));
}

}  // namespace

TEST_CASE("a whole manifest is read into types") {
    const Result<Manifest> read = parse_manifest(manifest_text("orders", "transform", R"(,
        "roles":["source","target"],"input":["amazon.order/1","amazon.order/2"],"output":"amazon.order/1","pass_skipped":true,
        "writes":[{"name":"salesOrder","record_type":"netsuite.salesOrder","repeat":"safe","identity_fields":["externalId"]},
                  {"name":"payment","record_type":"netsuite.customerPayment"}],
        "operations":["netsuite.records.create"],
        "lookups":[{"name":"item","role":"target","operation":"netsuite.lookup","request":{"recordType":"item"},"missing":"waiting"},
                   {"name":"order","role":"target","operation":"netsuite.lookup","missing":"fine","made_by_write":"salesOrder"}],
        "settings":{"type":"object","additionalProperties":false,"properties":{
          "customer":{"type":"object","properties":{"policy":{"type":"string","enum":["consolidated","individual"],"default":"consolidated","description":"Who is billed."}}},
          "location":{"type":["string","null"],"reference":"netsuite.location"},
          "key":{"type":"string","secret":true}}},
        "mapping":{"salesOrder":{"memo":"r.orderId"}},"schedule":"5m","pii":["recipient.name"])"),
                                                 "/opt/plugins/orders.json");
    REQUIRE(read);
    CHECK(read->library == "/opt/plugins/orders.so");
    CHECK(read->kind == PluginKind::Transform);
    CHECK(read->abi_minor == 1);
    CHECK(read->input_types.size() == 2);
    CHECK(read->pass_skipped);
    REQUIRE(read->write("salesOrder") != nullptr);
    CHECK(read->write("salesOrder")->repeat_safe);
    CHECK_FALSE(read->write("payment")->repeat_safe);
    CHECK(read->write("invoice") == nullptr);
    REQUIRE(read->lookup("item") != nullptr);
    CHECK(read->lookup("item")->missing_waits);
    CHECK(read->lookup("item")->request["recordType"].text() == "item");
    CHECK(read->lookup("order")->missing_is_fine);
    CHECK(read->lookup("order")->made_by_write == "salesOrder");
    REQUIRE(read->settings.size() == 3);
    CHECK(read->settings[0].path == "customer.policy");
    CHECK(read->settings[0].help == "Who is billed.");
    CHECK(read->settings[0].default_value == Json("consolidated"));
    CHECK(read->settings[1].type == "string|null");
    CHECK(read->settings[1].reference == "netsuite.location");
    CHECK(read->settings[2].secret);
    CHECK_FALSE(read->settings_schema["properties"]["key"].contains("secret"));
    CHECK(read->default_mapping["salesOrder"]["memo"].text() == "r.orderId");
    CHECK(read->personal_paths == std::vector<std::string>{"recipient.name"});
}

TEST_CASE("an unknown key is refused with the nearest known one") {
    CHECK_THAT(sink_problem(R"(,"lookup":[])"),
               Contains("unknown key \"lookup\"; did you mean \"lookups\"?"));
    CHECK_THAT(sink_problem(R"(,"writes":[{"name":"a","recordtype":"netsuite.x"}])"),
               Contains("writes[0]") && Contains("did you mean \"record_type\"?"));
    CHECK_THAT(sink_problem(R"(,"zzzzzzzzz":1)"),
               Contains("unknown key \"zzzzzzzzz\"") && !Contains("did you mean"));
}

TEST_CASE("all problems of a file are reported at once, each with its place") {
    CHECK_THAT(problem_of(R"({"name":"Orders","version":"1","abi":"0.1","kind":"sinc"})"),
               Contains("name: \"Orders\"") && Contains("version: \"1\"") &&
                   Contains("the key \"summary\" is missing") &&
                   Contains("kind: \"sinc\" is not one of source, transform, sink, command; did "
                            "you mean \"sink\"?"));
}

TEST_CASE("another ABI is refused with both versions and the side to upgrade") {
    const auto with_abi = [](const std::string& abi) {
        std::string text = manifest_text("flow", "sink", kSink);
        text.replace(text.find("\"0.1\""), 5, "\"" + abi + "\"");
        return problem_of(text);
    };
    CHECK_THAT(with_abi("0.2"),
               Contains("made for ABI 0.2, this engine offers 0.1; upgrade the engine"));
    CHECK_THAT(with_abi("1.0"), Contains("upgrade the engine"));
    CHECK_THAT(with_abi("0.0"), Contains("upgrade the plugin"));
    CHECK_THAT(with_abi("new"), Contains("expected major.minor"));
    CHECK_THAT(with_abi("99999999999.1"), Contains("expected major.minor"));
}

TEST_CASE("what a manifest promises must fit together") {
    CHECK(sink_problem("").empty());
    CHECK_THAT(sink_problem(R"(,"output":"amazon.order/1")"), Contains("a sink passes nothing on"));
    CHECK_THAT(sink_problem(R"(,"streams":[{"name":"api"}])"),
               Contains("only a source has streams"));
    CHECK_THAT(sink_problem(R"(,"pass_skipped":true)"), Contains("nothing can pass"));
    CHECK_THAT(sink_problem(R"(,"mapping":{"salesOrder":{"memo":"1"}})"),
               Contains("there is no such write"));
    CHECK_THAT(sink_problem(R"(,"lookups":[{"name":"a","role":"source","operation":"x.y"}])"),
               Contains("\"source\" is not among the plugin's \"roles\""));
    CHECK_THAT(sink_problem(R"(,"operations":["a.b","a.b"])"), Contains("stands there twice"));
    CHECK_THAT(sink_problem(R"(,"schedule":"5 minutes")"), Contains("expected a duration"));
    CHECK_THAT(problem_of(manifest_text("flow", "source", R"(,"output":"a.b/1")")),
               Contains("a source has at least one stream"));
    CHECK_THAT(problem_of(manifest_text("flow", "transform", kSink)),
               Contains("a transform has one"));
    CHECK_THAT(problem_of(manifest_text("flow", "command", "")), Contains("at least one"));
}

TEST_CASE("a stream on demand says what it is asked by") {
    const auto problem = [](const std::string& streams) {
        return problem_of(manifest_text(
            "flow", "source", R"(,"output":"a.b/1","streams":[{"name":"api"},)" + streams + "]"));
    };
    const std::string range = R"({"name":"backfill","on_demand":"range"})";
    const std::string keys =
        R"({"name":"sync","on_demand":"keys","noun":"order","key_shape":"999-AX"})";
    CHECK(problem(range + "," + keys).empty());
    CHECK_THAT(problem(R"({"name":"sync","on_demand":"keys"})"), Contains("noun"));
    CHECK_THAT(problem(R"({"name":"sync","on_demand":"keys","noun":"An Order"})"),
               Contains("expected a small letter"));
    CHECK_THAT(problem(R"({"name":"a","noun":"order"})"),
               Contains("only a stream of \"keys\" has a noun"));
    CHECK_THAT(problem(range + R"(,{"name":"again","on_demand":"range"})"),
               Contains("there is a stream of this kind already"));
    CHECK_THAT(problem(R"({"name":"a","on_demand":"ranges"})"),
               Contains("did you mean \"range\"?"));

    StreamDeclaration stream;
    stream.key_shape = "999-AX";
    CHECK(stream.is_key("123-BC"));
    CHECK(stream.is_key("123-B7"));
    for (const char* no : {"", "12-BC", "123-b7", "123-77", "123-BCD", "123_BC"})
        CHECK_FALSE(stream.is_key(no));
    stream.key_shape.clear();
    CHECK(stream.is_key("anything"));
}

TEST_CASE("a settings schema is checked for what it promises") {
    const auto property = [](const std::string& schema) {
        return sink_problem(R"(,"settings":{"type":"object","properties":{"a":)" + schema + "}}");
    };
    CHECK(property(R"({"type":"integer","minimum":1,"default":1})").empty());
    CHECK_THAT(property(R"({"type":"integer","minimum":1,"default":0})"),
               Contains("settings.a: its own schema refuses the default"));
    CHECK_THAT(property(R"({"type":"string","minLenght":1})"), Contains("minLenght"));
    CHECK_THAT(property(R"({"type":"string","secret":true,"default":"x"})"),
               Contains("a secret has no default"));
}

TEST_CASE("a command's arguments must be told apart") {
    const auto with = [](const std::string& arguments) {
        return problem_of(manifest_text(
            "flow", "command",
            R"(,"commands":[{"noun":"text","verb":"count","summary":"s","arguments":[)" +
                arguments + "]}]"));
    };
    CHECK(with(R"({"name":"a","help":"h","flag":true})").empty());
    CHECK_THAT(
        with(
            R"({"name":"a","help":"h","positional":true,"repeated":true},{"name":"b","help":"h","positional":true})"),
        Contains("nothing positional can follow a repeated one"));
    CHECK_THAT(with(R"({"name":"a","help":"h","flag":true,"file":true})"),
               Contains("a flag is neither"));
    CHECK_THAT(with(R"({"name":"help","help":"h"})"), Contains("the host's own option"));
}

TEST_CASE("hostile manifests end in an error") {
    CHECK_THAT(problem_of(""), Contains("not a JSON object"));
    CHECK_THAT(problem_of("[]"), Contains("expected an object, found array"));
    CHECK_THAT(problem_of(R"({"name":"a","name":"b"})"), Contains("appears twice"));
    CHECK_THAT(problem_of(std::string(100, '[')), Contains("nested deeper"));
    CHECK_THAT(problem_of(std::string((1 << 20) + 1, ' ')), Contains("longer than 1 MiB"));
    CHECK_THAT(problem_of(std::string("{\0}", 3)), Contains("NUL"));
    CHECK_THAT(problem_of(R"({"name":{"name":[]},"version":1,"streams":{}})"),
               Contains("name: expected a text, found object"));
    CHECK_THAT(sink_problem(R"(,"writes":[7])"),
               Contains("writes[0]: expected an object, found number"));
}

TEST_CASE("the plugin path is scanned in order and every misfit is named") {
    const TempFolder one;
    const TempFolder two;
    const auto put = [](const TempFolder& folder, const std::string& name,
                        const std::string& text) {
        folder.write(name + ".so", "");
        return folder.write(name + ".json", text);
    };
    put(one, "good", manifest_text("good", "sink", kSink));
    put(one, "renamed", manifest_text("original", "sink", kSink));
    put(one, "broken", "{");
    one.write("alone.json", "no library beside it");
    const auto first = put(one, "twice", manifest_text("twice", "sink", kSink));
    const auto second = put(two, "twice", manifest_text("twice", "sink", kSink));
    const std::vector folders{one.path, two.path, one.path, one.path / "missing"};
    const ManifestSet set = scan_plugins(folders);
    REQUIRE(set.manifests.size() == 1);
    CHECK(set.find("good") != nullptr);
    CHECK(set.find("twice") == nullptr);
    std::map<std::string, std::string> problems;
    for (const Error& problem : set.problems) problems[problem.code] += problem.message;
    CHECK(set.problems.size() == 4);
    CHECK_THAT(problems["plugin.manifest"], Contains("broken.json"));
    CHECK_THAT(problems["plugin.name"], Contains("names the plugin \"original\""));
    CHECK_THAT(problems["plugin.folder"], Contains("missing"));
    CHECK_THAT(problems["plugin.duplicate_name"],
               Contains(first.string()) && Contains(second.string()));
}

TEST_CASE("links that lead nowhere are named, not passed over") {
    const TempFolder folder;
    const auto link = [&](const std::string& name, const std::string& to) {
        std::filesystem::create_symlink(to, folder.path / name);
    };
    link("loop.json", "loop.json");
    folder.write("loop.so", "");
    link("gone.json", "nowhere.json");
    folder.write("gone.so", "");
    folder.write("half.json", manifest_text("half", "sink", kSink));
    link("half.so", "half.so");
    folder.write("notes.json", "no library beside it");
    link("deep", "deep");
    const ManifestSet set = scan_plugins(std::vector{folder.path, folder.path / "deep"});
    CHECK(set.manifests.empty());
    std::string problems;
    for (const Error& problem : set.problems) problems += problem.message + "\n";
    CHECK(set.problems.size() == 4);
    CHECK_THAT(problems, Contains("loop.json: Too many levels of symbolic links; repair it"));
    CHECK_THAT(problems, Contains("gone.json: the link points to nothing"));
    CHECK_THAT(problems, Contains("half.so: Too many levels of symbolic links"));
    CHECK_THAT(problems,
               Contains("deep: Too many levels of symbolic links; check the plugin path"));
}

TEST_CASE("two claimants of one command are named and neither is used") {
    const TempFolder folder;
    const std::string commands =
        R"(,"commands":[{"noun":"text","verb":"count","summary":"s","arguments":[]}])";
    for (const std::string name : {"one", "two"}) {
        folder.write(name + ".so", "");
        folder.write(name + ".json", manifest_text(name, "command", commands));
    }
    const ManifestSet set = scan_plugins(std::vector{folder.path});
    CHECK(set.manifests.empty());
    REQUIRE(set.problems.size() == 1);
    CHECK(set.problems[0].code == "plugin.duplicate_command");
    CHECK_THAT(set.problems[0].message, Contains("one.json") && Contains("two.json"));
}

TEST_CASE("nearness counts slips, not luck") {
    CHECK(edit_distance("evry", "every") == 1);
    CHECK(edit_distance("recieve", "receive") == 1);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(nearest("pluign", std::vector<std::string>{"plugin", "plug"}) == "plugin");
    CHECK(nearest("zebra", std::vector<std::string>{"plugin"}).empty());
}
