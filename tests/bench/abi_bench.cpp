// SPDX-License-Identifier: Apache-2.0
// What the boundary costs, glue on both sides included: ns for each operation, median of many
// rounds. Beside each the least that the same work could cost without a boundary.
#include "core/plugin_host/flow_instance.hpp"
#include "tests/bench/figures.hpp"

#include <carrick/sdk/plugin.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern "C" const carrick_plugin* bench_entry();

namespace {

using namespace carrick;

constexpr int kRounds = 500;
std::size_t page_size = 0;

/// Clock readings that the plugin takes itself, so that a stage can be told from its loop.
std::chrono::nanoseconds inside{0};
std::string body = "{\"text\":\"" + std::string(1200 - 11, 'x') + "\"}";

struct BenchFlow {
    void extract(sdk::Call& call, std::string_view, std::string_view) {
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < page_size; ++i)
            call.emit_record({.key = "113-1234567-1234567", .version = UtcTime(1), .body = body});
        inside = std::chrono::steady_clock::now() - begin;
        call.set_checkpoint("1", sdk::PageEnd::Idle);
    }
    void deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads&,
                 const sdk::Ledger&) {
        const auto begin = std::chrono::steady_clock::now();
        const auto count = static_cast<std::uint32_t>(records.size());
        for (std::uint32_t record = 0; record < count; ++record) call.done(record);
        inside = std::chrono::steady_clock::now() - begin;
    }
};

Result<std::unique_ptr<BenchFlow>> make_bench(const sdk::FlowConfig&) {
    return std::make_unique<BenchFlow>();
}

class BenchGateway final : public plugin_host::Gateway {
public:
    void call(std::string_view, std::span<const connectors::Request>, std::span<const std::int64_t>,
              connectors::ReplyHandler&) override {}
    const connectors::Operation* operation(std::string_view, std::string_view) override {
        return nullptr;
    }
    Result<std::vector<std::string>> links(std::string_view, std::string_view) override {
        return std::vector<std::string>{};
    }
    bool cancelled() override { return false; }
    UtcTime now() override { return UtcTime(1); }
    UtcTime deadline() override { return UtcTime(2); }
    void log(int, std::string_view) override {}
};

std::unique_ptr<plugin_host::FlowInstance> instance(const std::string& kind_and_more) {
    const Result<plugin_host::Manifest> manifest = plugin_host::parse_manifest(
        R"({"name":"bench","version":"1.0.0","summary":"s","vendor":"v","licence":"l","abi":"0.1","kind":)" +
            kind_and_more + "}",
        "bench.json");
    Result<std::shared_ptr<plugin_host::LoadedPlugin>> plugin =
        plugin_host::adopt_plugin(*manifest, &bench_entry);
    return *(*plugin)->create(
        Json::object({{"flow", "bench"}, {"origin", "NA1"}, {"partition", "US"}}));
}

struct Rounds {
    bench::Sample inside;  ///< nanoseconds a record, in the plugin's loop
    bench::Sample whole;   ///< with the host's work for the page
};

template <class Round>
Rounds measure(Round&& round) {
    const auto per_page = static_cast<double>(page_size);
    std::vector<double> inner;
    std::vector<double> whole;
    for (int i = 0; i < kRounds; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        round();
        const std::chrono::nanoseconds spent = std::chrono::steady_clock::now() - begin;
        inner.push_back(static_cast<double>(inside.count()) / per_page);
        whole.push_back(static_cast<double>(spent.count()) / per_page);
    }
    return {bench::sample_of(std::move(inner)), bench::sample_of(std::move(whole))};
}

/// What a record costs that is only copied, into memory that is there already.
void copy_bodies(std::vector<char>& page) {
    for (std::size_t i = 0; i < page_size; ++i) {
        std::memcpy(page.data() + i * body.size(), body.data(), body.size());
        asm volatile("" : : "r"(page.data()) : "memory");
    }
}

void store_outcome(void* host, std::uint32_t record, const carrick_outcome* outcome) {
    static_cast<std::int32_t*>(host)[record] = outcome->kind;
}

/// What an outcome costs that only goes through a pointer to a function into an array.
void call_through_pointer(std::vector<std::int32_t>& kinds) {
    void (*volatile target)(void*, std::uint32_t, const carrick_outcome*) = &store_outcome;
    carrick_outcome outcome{};
    outcome.struct_size = sizeof outcome;
    for (std::uint32_t record = 0; record < page_size; ++record) {
        outcome.kind = CARRICK_OUTCOME_DONE;
        target(kinds.data(), record, &outcome);
    }
}

void print(const std::string& name, const Rounds& rounds, const char* baseline, const Rounds& least,
           double target) {
    const std::string page = ", page " + std::to_string(page_size);
    bench::print({name + page, rounds.inside, "ns", bench::Baseline{baseline, least.whole},
                  bench::below(target)});
    bench::print({name + page + ", with the host's page work", rounds.whole, "ns",
                  bench::Baseline{baseline, least.whole}, std::nullopt});
}

void bench_emit(BenchGateway& gateway) {
    const auto source =
        instance(R"("source","streams":[{"name":"api"}],"output":"bench.record/1")");
    const Rounds rounds = measure([&] {
        if (source->extract(gateway, "api", "").records.size() != page_size) std::abort();
    });
    std::vector<char> page(page_size * body.size());
    print("emit a record of 1.2 KB", rounds, "memcpy", measure([&] { copy_bodies(page); }), 150);
}

void bench_outcome(BenchGateway& gateway) {
    const auto sink = instance(R"("sink","input":["bench.record/1"])");
    std::vector<store::Record> records(page_size);
    std::vector<const store::Record*> page;
    for (store::Record& record : records) {
        record.key = "113-1234567-1234567";
        record.body = body;
        page.push_back(&record);
    }
    plugin_host::DeliverBoard board;
    board.outcomes.resize(page_size);
    const Rounds rounds = measure([&] {
        for (auto& outcome : board.outcomes) outcome.reset();
        if (sink->deliver(gateway, board, page, {}, {}).status != plugin_host::CallStatus::Ok)
            std::abort();
    });
    for (const auto& outcome : board.outcomes)
        if (!outcome || outcome->kind != plugin_host::OutcomeKind::Done) std::abort();
    std::vector<std::int32_t> kinds(page_size);
    print("set_outcome(done)", rounds, "indirect call",
          measure([&] { call_through_pointer(kinds); }), 10);
}

}  // namespace

CARRICK_PLUGIN("bench", "1.0.0", make_bench)

int main() {
    for (const std::size_t size : {std::size_t{100}, std::size_t{1000}}) {
        page_size = size;
        BenchGateway gateway;
        bench_outcome(gateway);
        bench_emit(gateway);
    }
    return 0;
}
