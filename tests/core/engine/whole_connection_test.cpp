// SPDX-License-Identifier: Apache-2.0
// A source that reads all marketplaces of a connection at once: each consumer takes its own rows.
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

namespace {

const char* const kWholeSource =
    R"(,"streams":[{"name":"api"}],"output":"test.order/1","instance_per":"connection")";

/// A source of US and CA, and a sink that runs once for each.
struct TwoMarketplaces {
    Bench bench;
    std::vector<std::pair<std::string, std::string>> next;  ///< key, marketplace
    std::map<std::string, std::vector<std::string>> seen;   ///< marketplace -> keys, as delivered

    TwoMarketplaces() {
        FlowSpec source;
        source.name = "source";
        source.plugin =
            plugin_of(manifest_of("source", kWholeSource), &entry<&ScriptedSource::make>);
        source.every = Milliseconds(300'000);
        const Json none = Json::object();
        source.partitions.push_back(
            {"NA1", "", none, Json::object({{"US", none}, {"CA", none}}), Json::object()});
        bench.settings.flows[0] = source;
        bench.sink().partitions.push_back({"NA1", "CA", none, Json(), Json::object()});
        scripts()["source"].extract = [this](sdk::Call& call, std::string_view, std::string_view) {
            for (const auto& [key, marketplace] : next)
                call.emit_record(
                    {.key = key, .version = UtcTime(1), .body = "{}", .partition = marketplace});
            next.clear();
            call.set_checkpoint("x", sdk::PageEnd::Idle);
        };
        bench.script().deliver = [this](sdk::Call& call, const sdk::Records& records,
                                        const sdk::Payloads&) {
            for (const sdk::RecordView record : records) {
                seen[std::string(record.partition)].push_back(std::string(record.key));
                call.done(record);
            }
            return Result<void>();
        };
    }
    void poll(std::vector<std::pair<std::string, std::string>> orders) {
        next = std::move(orders);
        bench.run_after(Milliseconds(300'000));
    }
    [[nodiscard]] std::map<std::string, std::int64_t> counted() {
        std::map<std::string, std::int64_t> seen_by;
        for (const store::RunTotals& totals : bench.store->totals(0).value())
            if (totals.instance.flow == "sink")
                seen_by[totals.instance.partition] = totals.counts.seen;
        return seen_by;
    }
};

}  // namespace

TEST_CASE("each consumer takes its own marketplace's records, in order, and counts no others",
          "[engine][partitions]") {
    TwoMarketplaces world;
    world.poll({{"us-1", "US"}, {"ca-1", "CA"}, {"us-2", "US"}, {"us-3", "US"}, {"ca-2", "CA"}});
    CHECK(world.seen["US"] == std::vector<std::string>{"us-1", "us-2", "us-3"});
    CHECK(world.seen["CA"] == std::vector<std::string>{"ca-1", "ca-2"});
    CHECK(world.counted() == std::map<std::string, std::int64_t>{{"CA", 2}, {"US", 3}});
}

TEST_CASE("a restart in between loses and repeats nothing of either marketplace",
          "[engine][partitions]") {
    TwoMarketplaces world;
    world.poll({{"us-1", "US"}, {"ca-1", "CA"}});
    world.bench.start();
    world.poll({{"us-2", "US"}});
    world.bench.start();
    world.poll({{"ca-2", "CA"}, {"us-3", "US"}});
    CHECK(world.seen["US"] == std::vector<std::string>{"us-1", "us-2", "us-3"});
    CHECK(world.seen["CA"] == std::vector<std::string>{"ca-1", "ca-2"});
    CHECK(world.counted() == std::map<std::string, std::int64_t>{{"CA", 2}, {"US", 3}});
}

TEST_CASE("a quiet marketplace does not keep the rows of a busy one from being freed",
          "[engine][partitions]") {
    TwoMarketplaces world;
    std::vector<std::pair<std::string, std::string>> many;
    for (int i = 0; i < 1'500; ++i) many.emplace_back("us-" + std::to_string(i), "US");
    world.poll(many);
    REQUIRE(world.seen["US"].size() == 1'500);
    // CA's cursor has gone by as many rows as are worth a commit.
    const store::InstanceState canada =
        world.bench.store->load_instance({"sink", "NA1", "CA"}).value();
    REQUIRE(canada.cursors.size() == 1);
    CHECK(canada.cursors[0].seq >= 1'000);
    CHECK(world.counted()["CA"] == 0);
}

TEST_CASE("a record of a marketplace that the source was not given is the plugin's bug",
          "[engine][partitions]") {
    TwoMarketplaces world;
    world.poll({{"br-1", "BR"}});
    CHECK(world.seen.empty());
    REQUIRE(world.bench.errors().size() == 1);
    CHECK(world.bench.errors()[0].code == "engine.foreign_record");
    CHECK(world.bench.status("source").hold.has_value());
}

TEST_CASE("only a source may read a whole connection", "[plugin_host][manifest]") {
    const Result<plugin_host::Manifest> manifest = plugin_host::parse_manifest(
        R"({"name":"a","version":"1.0.0","summary":"s","vendor":"v","licence":"l","abi":"0.1",
            "kind":"sink","input":["test.order/1"],"instance_per":"connection"})",
        "a.json");
    REQUIRE_FALSE(manifest);
    CHECK(manifest.error().message.find("instance_per: only a source") != std::string::npos);
}
