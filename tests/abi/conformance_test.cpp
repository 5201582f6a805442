// SPDX-License-Identifier: Apache-2.0
// One test for every way to build a plugin: another compiler, another C++ library, none at all.
#include "tests/core/plugin_host/support.hpp"

#include <catch2/catch.hpp>

#include <iostream>

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;

namespace {

Result<std::unique_ptr<FlowInstance>> instance_of(const std::string& plugin, const Json& config) {
    const std::filesystem::path folder = TEST_PLUGINS;
    const Result<Manifest> manifest = read_manifest(folder / (plugin + ".json"));
    if (!manifest) return manifest.error();
    Result<std::shared_ptr<LoadedPlugin>> loaded = load_plugin(*manifest);
    if (!loaded) return loaded.error();
    return (*loaded)->create(config);
}

struct TestPage {
    explicit TestPage(const std::vector<std::string>& keys) : records(keys.size()) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            records[i].type = "test.record/1";
            records[i].key = keys[i];
            records[i].body = R"({"n":)" + std::to_string(i) + "}";
            page.push_back(&records[i]);
        }
    }
    std::vector<store::Record> records;
    std::vector<const store::Record*> page;
};

void conforms(const std::string& plugin) {
    if (!std::filesystem::exists(std::filesystem::path(TEST_PLUGINS) / (plugin + ".so"))) {
        std::cout << "SKIPPED: " << plugin << " was not built, its compiler is not installed\n";
        return;
    }
    Json refused = config_of("flow");
    refused.member("settings").set("refuse", true);
    const auto none = instance_of(plugin, refused);
    REQUIRE_FALSE(none);
    CHECK(none.error() ==
          misconfigured("test.refused", "settings.refuse is set", "settings.refuse"));

    auto made = instance_of(plugin, config_of("flow"));
    REQUIRE(made);
    FlowInstance& flow = **made;
    CHECK_FALSE(flow.offers(Stage::Extract));
    FakeGateway gateway;
    gateway.offer("test.create", connectors::OperationKind::Write);

    const TestPage page({"A", "B", "C"});
    const NeedsResult needs = flow.needs(page.page);
    REQUIRE(needs.end.status == CallStatus::Ok);
    REQUIRE(needs.lookups.size() == 3);
    CHECK(needs.lookups[2].key == "C");
    CHECK(needs.lookups[2].fresh);

    const std::vector<LookupResult> found{{0, "item", "A", true, "{}"},
                                          {1, "item", "B", false, ""}};
    const std::vector<carrick::plugin_host::LedgerView> ledger{
        {2, UtcTime(5), R"({"document":"9"})"}};
    MapResult map = flow.map(page.page, found, ledger);
    REQUIRE(map.end.status == CallStatus::Ok);
    REQUIRE(map.payloads.size() == 2);
    CHECK(map.payloads[0].external_id == "AMZ-SO-NA1-A");
    CHECK(map.payloads[0].body == R"({"n":0})");
    CHECK(map.payloads[1].action == WriteAction::Adopt);
    CHECK(map.payloads[1].target_id == R"({"document":"9"})");
    CHECK(map.outcomes[1]->kind == OutcomeKind::Skipped);
    CHECK(map.outcomes[1]->details().reason == "no item");

    map.payloads[0].body = "{}";
    const VerifyResult verified = flow.verify(page.page, map.payloads);
    REQUIRE(verified.end.status == CallStatus::Ok);
    CHECK(*verified.outcomes[0]->details().error ==
          rejected("test.empty", "the document is empty", "body"));

    const TestPage two({"A", "B"});
    const std::vector<Payload> payloads{
        {0, "document", WriteAction::Create, "X", "", R"({"n":0})"},
        {1, "document", WriteAction::Create, "Y", "", R"({"n":1})"}};
    DeliverBoard board;
    REQUIRE(flow.deliver(gateway, board, two.page, payloads, {}).status == CallStatus::Ok);
    CHECK(gateway.sent.size() == 2);
    CHECK(board.outcomes[1]->details().target_ids == R"({"document":"17"})");
    REQUIRE(board.links.size() == 2);
    CHECK(board.links[1].second.from == "B");

    gateway.answer = {connectors::ReplyStatus::Unknown, "", transient("http.reset", "reset")};
    board = {};
    CHECK(flow.deliver(gateway, board, two.page, payloads, {}).status == CallStatus::Ok);
    CHECK(board.outcomes[0]->kind == OutcomeKind::Unknown);
    gateway.answer = {connectors::ReplyStatus::Failed, "",
                      throttled("netsuite.busy", "wait", Milliseconds(70))};
    board = {};
    CHECK(flow.deliver(gateway, board, two.page, payloads, {}).status == CallStatus::Ok);
    CHECK(*board.outcomes[0]->details().error ==
          throttled("netsuite.busy", "wait", Milliseconds(70)));

    const std::vector<AttemptView> attempts{{0, "document", "X", "{}", UtcTime(1)},
                                            {1, "document", "Y", "{}", UtcTime(1)}};
    board = {};
    CHECK(flow.reconcile(gateway, board, two.page, attempts).status == CallStatus::Ok);
    CHECK(board.outcomes[1]->kind == OutcomeKind::Absent);
    const std::vector<WaitView> waits{{0, "t0", UtcTime(10), UtcTime(99)},
                                      {1, "t1", UtcTime(20), UtcTime(99)}};
    board = {};
    CHECK(flow.resume(gateway, board, two.page, waits).status == CallStatus::Ok);
    CHECK(board.outcomes[1]->details().token == "t1");
    CHECK(board.outcomes[1]->details().look_again_at == UtcTime(21));

    const TestPage thrower({"throw"});
    const CallEnd thrown = flow.needs(thrower.page).end;
    CHECK(thrown.status == CallStatus::Failed);
    CHECK(thrown.error == bug("plugin.exception", "told to throw"));
    CHECK(flow.needs(page.page).lookups.size() == 3);  // and the instance lives on
}

}  // namespace

TEST_CASE("a plugin of the engine's own compiler conforms") {
    conforms("same_compiler");
}
TEST_CASE("a plugin in plain C by gcc conforms") {
    conforms("plain_c");
}
TEST_CASE("a plugin in plain C by clang conforms") {
    conforms("clang_c");
}
TEST_CASE("a plugin by clang against libc++ conforms") {
    conforms("clang_libcxx");
}
TEST_CASE("a plugin with libstdc++ linked statically conforms") {
    conforms("static_libstdcxx");
}

TEST_CASE("two versions of one static library are kept apart") {
    FakeGateway gateway;
    const TestPage page({"A"});
    const auto answer = [&](const std::string& plugin) {
        const auto flow = instance_of(plugin, config_of(plugin));
        REQUIRE(flow);
        DeliverBoard board;
        REQUIRE((*flow)->deliver(gateway, board, page.page, {}, {}).status == CallStatus::Ok);
        return board.outcomes[0]->details().learnt;
    };
    CHECK(answer("library_1") == R"({"n":101})");
    CHECK(answer("library_2") == R"({"n":201})");
    CHECK(answer("library_1") == R"({"n":102})");
}
