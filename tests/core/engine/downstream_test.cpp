// SPDX-License-Identifier: Apache-2.0
#include "core/engine/dry_run.hpp"
#include "core/engine/requests.hpp"

#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

namespace {

/// source -> enrich -> sink; what the sink writes is what came downstream.
struct Chain : Bench {
    explicit Chain(const std::string& rest = "") {
        add_flow("enrich", "transform",
                 R"(,"input":["test.order/1"],"output":"test.order/1")" + rest,
                 entry<&ScriptedSink::make>)
            .from = {"source"};
        sink().from = {"enrich"};
        // Producers before consumers.
        std::swap(settings.flows[1], settings.flows[2]);
    }
};

}  // namespace

TEST_CASE("what a flow learnt passes downstream in the body's carrick member",
          "[engine][channels]") {
    Chain chain;
    scripts()["enrich"].map = [](sdk::Pure&, const sdk::Records&, const sdk::Lookups&,
                                 const sdk::Ledger&) {};
    scripts()["enrich"].deliver = [](sdk::Call& call, const sdk::Records& records,
                                     const sdk::Payloads&) {
        for (const sdk::RecordView record : records) {
            if (record.key == "plain")
                call.done(record);
            else
                call.done(record, {}, R"({"customer":"C-7"})");
        }
        return Result<void>();
    };
    chain.emit({{"plain", 1, R"({"a": 1.50})"},
                {"first", 1, R"({"a":1})"},
                {"again", 1, R"({"carrick":{"buyer":"x","customer":"old"}})"},
                {"empty", 1, "{}"},
                {"named", 1, R"({"note":"a carrick bend"})"},
                {"escaped", 1, R"({"\u0063arrick":{"buyer":"x"}})"}});
    chain.run();
    // Nothing learnt: the same bytes, blank and all.
    CHECK(chain.target.written["plain"].at(0) == R"({"a": 1.50})");
    CHECK(chain.target.written["first"].at(0) == R"({"a":1,"carrick":{"customer":"C-7"}})");
    CHECK(chain.target.written["again"].at(0) == R"({"carrick":{"buyer":"x","customer":"C-7"}})");
    CHECK(chain.target.written["empty"].at(0) == R"({"carrick":{"customer":"C-7"}})");
    CHECK(chain.target.written["named"].at(0) ==
          R"({"note":"a carrick bend","carrick":{"customer":"C-7"}})");
    // One member, however its name was written.
    CHECK(chain.target.written["escaped"].at(0) == R"({"carrick":{"buyer":"x","customer":"C-7"}})");
}

TEST_CASE("skipped passes on only where the manifest says so, and never a where: miss",
          "[engine][channels]") {
    const bool passes = GENERATE(false, true);
    Chain chain(passes ? R"(,"pass_skipped":true)" : "");
    chain.settings.flows[1].where = R"(r.kind ~= "other")";
    scripts()["enrich"].map = [](sdk::Pure&, const sdk::Records&, const sdk::Lookups&,
                                 const sdk::Ledger&) {};
    scripts()["enrich"].deliver = [](sdk::Call& call, const sdk::Records& records,
                                     const sdk::Payloads&) {
        for (const sdk::RecordView record : records) call.skipped(record, "nothing to write");
        return Result<void>();
    };
    chain.emit({{"order-1", 1, R"({"kind":"order"})"}, {"order-2", 1, R"({"kind":"other"})"}});
    chain.run();
    CHECK(chain.counts("enrich").skipped.at("nothing to write") == 1);
    CHECK(chain.counts("enrich").skipped.at("filtered") == 1);
    CHECK(chain.target.order.size() == (passes ? 1U : 0U));
}

TEST_CASE("a record that a person has settled passes on like a skip, with its content",
          "[engine][channels][resolve]") {
    const bool passes = GENERATE(false, true);
    Chain chain(passes ? R"(,"pass_skipped":true)" : "");
    scripts()["enrich"].map = [](sdk::Pure&, const sdk::Records&, const sdk::Lookups&,
                                 const sdk::Ledger&) {};
    scripts()["enrich"].deliver = [](sdk::Call& call, const sdk::Records& records,
                                     const sdk::Payloads&) {
        for (const sdk::RecordView record : records)
            call.failed(record, rejected("t.no", "no customer can be made"));
        return Result<void>();
    };
    chain.emit({{"order-1", 1, R"({"kind":"order"})"}});
    chain.run();
    REQUIRE(chain.errors().size() == 1);
    chain.engine.reset();
    store::EngineRequest wish;
    wish.kind = "errors.resolve";
    wish.arguments = R"({"ids":[1],"reason":"made in NetSuite"})";
    REQUIRE(execute_request(*chain.store, wish, chain.clock.now()));
    chain.start();
    chain.run();
    CHECK(chain.counts("enrich").skipped.at("resolved by hand") == 1);
    if (passes)
        CHECK(chain.target.written.at("order-1").at(0) == R"({"kind":"order"})");
    else
        CHECK(chain.target.order.empty());
}

TEST_CASE("a dry run over a real store changes nothing in it and does not plan what is done",
          "[engine][dry-run]") {
    Bench bench;
    bench.emit({{"done already"}});
    bench.run();
    bench.engine.reset();
    const std::int64_t runs = static_cast<std::int64_t>(bench.store->runs(100).value().size());

    const std::unique_ptr<store::Store> scratch = make_dry_run_store(*bench.store);
    EngineSettings settings = bench.settings;
    settings.dry_run = true;
    settings.once = true;
    std::vector<std::string> planned;
    settings.on_planned = [&](const PlannedWrite& write) { planned.push_back(write.key); };
    bench.emit({{"done already"}, {"new"}});
    Engine engine(*scratch, bench.clock, bench.random, settings);
    REQUIRE(engine.open());
    while (engine.step()) {
    }
    CHECK(planned == std::vector<std::string>{"new"});
    CHECK(engine.finished());
    CHECK(bench.target.order.size() == 1);
    CHECK(static_cast<std::int64_t>(bench.store->runs(100).value().size()) == runs);
    CHECK(bench.counts("source").seen == 1);
    CHECK(bench.totals("sink").open_shadow == 0);
}

TEST_CASE("an undeclared write operation to a connection in shadow is never sent",
          "[engine][shadow]") {
    // The manifest names no writes, so the engine keeps no ledger and runs deliver; the gateway
    // still refuses.
    Bench bench(R"(,"roles":["target"],"input":["test.order/1"],"operations":["fake.write"])");
    bench.settings.connections["erp"].live = false;
    bench.script().map = [](sdk::Pure&, const sdk::Records&, const sdk::Lookups&,
                            const sdk::Ledger&) {};
    bench.script().deliver = [](sdk::Call& call, const sdk::Records& records,
                                const sdk::Payloads&) {
        for (const sdk::RecordView record : records) {
            const sdk::Reply reply = call.call_one(
                "target", sdk::Request::write(record, "fake.write", R"({"id":"x","body":"y"})"));
            if (!call.settle_failure(record, reply)) call.done(record);
        }
        return Result<void>();
    };
    bench.emit({{"order-1"}});
    bench.run();
    CHECK(bench.target.order.empty());
    REQUIRE(bench.status("sink").hold);
    CHECK(bench.status("sink").hold->code == "engine.shadow_write");
}
