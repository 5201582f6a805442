// SPDX-License-Identifier: Apache-2.0
// How fast records pass through the real engine and the SQLite store: a source emits pages, a flow
// passes every record on, the last one takes it. No network: what is measured is the house itself.
// Beside it, run for run, a bare SQLite program that keeps the same rows in the same transactions.
//   engine_bench [--quick] [folder]   the databases lie in that folder; its disk decides much
#include "core/engine/engine.hpp"
#include "core/store/sqlite/sqlite_store.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/figures.hpp"
#include "tests/support/virtual_clock.hpp"

#include <carrick/sdk/flow.hpp>
#include <carrick/sdk/plugin.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace {

using namespace carrick;
using namespace carrick::bench;

template <class T>
T must(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "%s: %s\n", result.error().code.c_str(), result.error().message.c_str());
    std::exit(1);
}

[[noreturn]] void wrong(const char* what) {
    std::fprintf(stderr, "engine_bench: wrong result: %s\n", what);
    std::exit(1);
}

/// What one run is about.
struct Job {
    std::size_t records = 0;
    std::size_t page = 0;
    bool with_ledger = false;       ///< the last flow keeps one
    std::uint64_t first_key = 0;    ///< keys from here on
    std::int64_t version = 2;       ///< of the records; what fills the ledger beforehand has 1
    std::uint64_t ledger_keys = 0;  ///< in the ledger before the run
};

Job job;  // a factory of the ABI carries no state of its own
const std::string kBody =
    R"({"orderId":"113-1234567-1234567","text":")" + std::string(256, 'x') + "\"}";

/// Amazon's shape, scattered: neighbours in time are strangers in any index.
std::string key_of(std::uint64_t number) {
    const std::uint64_t mixed = number * 0x9e3779b97f4a7c15;
    char text[32];
    std::snprintf(text, sizeof text, "%03u-%07u-%07u", static_cast<unsigned>(mixed % 1000),
                  static_cast<unsigned>((mixed >> 10) % 10'000'000),
                  static_cast<unsigned>(number % 10'000'000));
    return text;
}

struct Source {
    std::size_t emitted = 0;
    void extract(sdk::Call& call, std::string_view, std::string_view) {
        for (std::size_t i = 0; i < job.page; ++i) {
            const std::string key = key_of(job.first_key + emitted++);
            call.emit_record({.key = key, .version = UtcTime(job.version), .body = kBody});
        }
        call.set_checkpoint(std::to_string(emitted),
                            emitted < job.records ? sdk::PageEnd::More : sdk::PageEnd::Idle);
    }
    static Result<std::unique_ptr<Source>> make(const sdk::FlowConfig&) {
        return std::make_unique<Source>();
    }
};

struct Pass {
    void deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads&,
                 const sdk::Ledger&) {
        const auto count = static_cast<std::uint32_t>(records.size());
        for (std::uint32_t record = 0; record < count; ++record) call.done(record);
    }
    static Result<std::unique_ptr<Pass>> make(const sdk::FlowConfig&) {
        return std::make_unique<Pass>();
    }
};

/// Keeps a ledger, as every flow that writes does; the write itself is the target's time, not ours.
struct Keeper {
    void map(sdk::Pure&, const sdk::Records&, const sdk::Lookups&, const sdk::Ledger&) {}
    void deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads&,
                 const sdk::Ledger&) {
        const auto count = static_cast<std::uint32_t>(records.size());
        for (std::uint32_t record = 0; record < count; ++record)
            call.done(record, R"({"salesOrder":"1234567"})");
    }
    static Result<std::unique_ptr<Keeper>> make(const sdk::FlowConfig&) {
        return std::make_unique<Keeper>();
    }
};

class NoTarget final : public connectors::Connection {
public:
    std::span<const connectors::Operation> operations() const override { return operations_; }
    void call(std::span<const connectors::Request>, const connectors::CallContext&,
              connectors::ReplyHandler&) override {
        wrong("nothing should be sent");
    }
    Result<Json> schema(std::string_view, const connectors::CallContext&) override {
        return Json();
    }
    Result<std::string> resolve_reference(std::string_view, std::string_view name,
                                          const connectors::CallContext&) override {
        return std::string(name);
    }
    Result<void> check(const connectors::CallContext&) override { return {}; }

private:
    std::vector<connectors::Operation> operations_{
        {"bench.write", connectors::OperationKind::Write, "", {}, {}}};
};

template <auto make>
const carrick_plugin* entry() {
    return sdk::plugin_descriptor<make>("bench", "1.0.0");
}

void add_flow(engine::EngineSettings& settings, const std::string& name,
              const std::string& kind_and_more, carrick_plugin_entry plugin_entry,
              std::vector<std::string> from) {
    const plugin_host::Manifest manifest = must(plugin_host::parse_manifest(
        R"({"name":"bench","version":"1.0.0","summary":"s","vendor":"v","licence":"l","abi":"0.1","kind":)" +
            kind_and_more + "}",
        "bench.json"));
    engine::FlowSpec flow;
    flow.name = name;
    flow.plugin = must(plugin_host::adopt_plugin(manifest, plugin_entry));
    flow.partitions.push_back({"NA1", "US", Json::object(), Json(), Json::object()});
    flow.from = std::move(from);
    flow.batch = job.page;
    if (name == "last" && job.with_ledger) flow.roles["target"] = "erp";
    settings.flows.push_back(std::move(flow));
}

engine::EngineSettings settings_for(NoTarget& target) {
    engine::EngineSettings settings;
    settings.page = job.page;
    settings.once = true;
    settings.connections["erp"] = {&target, "ERP", "netsuite", true};
    add_flow(settings, "source", R"("source","streams":[{"name":"api"}],"output":"bench.record/1")",
             entry<&Source::make>, {});
    add_flow(settings, "pass",
             R"("transform","input":["bench.record/1"],"output":"bench.record/1")",
             entry<&Pass::make>, {"source"});
    if (job.with_ledger)
        add_flow(
            settings, "last",
            R"("sink","input":["bench.record/1"],"roles":["target"],"operations":["bench.write"],
                    "writes":[{"name":"document","record_type":"bench.document","repeat":"safe"}])",
            entry<&Keeper::make>, {"pass"});
    else
        add_flow(settings, "last", R"("sink","input":["bench.record/1"])", entry<&Pass::make>,
                 {"pass"});
    return settings;
}

/// As many keys as a year of orders leaves behind.
void fill_ledger(store::Store& store) {
    constexpr std::uint64_t kPage = 1'000;
    store::InstanceState state = must(store.load_instance({"last", "NA1", "US"}));
    for (std::uint64_t next = 0; next < job.ledger_keys; next += kPage) {
        store::Commit change;
        change.instance = state.number;
        change.epoch = store.epoch();
        change.expected_commit = state.last_commit;
        change.now = UtcTime(1);
        for (std::uint64_t i = next; i < next + kPage; ++i) {
            store::LedgerEntry entry;
            entry.key = key_of(i);
            entry.version = UtcTime(1);
            entry.target_ids = R"({"salesOrder":"1234567"})";
            change.ledger.push_back(std::move(entry));
        }
        state.last_commit = must(store.commit(change)).commit;
    }
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What a piece of work took. A busy machine lengthens the wall's time, hardly the processor's.
struct Seconds {
    double core = 0;       ///< of the wall, or of the processor where a second thread helped
    double processor = 0;  ///< of all threads; does not see the disk
};

template <class Work>
Seconds seconds_of(Work&& work) {
    const double cpu = cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    work();
    const double wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const double processor = cpu_seconds() - cpu;
    return {std::max(wall, processor), processor};
}

void check_counts(store::Store& store) {
    const auto expected = static_cast<std::int64_t>(job.records);
    int flows = 0;
    for (const store::RunTotals& totals : must(store.totals(0))) {
        if (totals.counts.done != expected || totals.open_ready + totals.open_waiting != 0 ||
            totals.open_failed != 0)
            wrong("a flow did not take every record exactly once");
        ++flows;
    }
    if (flows != 3) wrong("not every flow ran");
    if (!must(store.errors({})).empty()) wrong("there are errors");
}

Seconds engine_run(const std::filesystem::path& file) {
    const std::unique_ptr<store::Store> store = must(store::open_sqlite_store({.path = file}));
    if (job.ledger_keys != 0) fill_ledger(*store);
    carrick::testing::VirtualClock clock;
    carrick::testing::SeededRandom random{7};
    NoTarget target;
    engine::Engine engine(*store, clock, random, settings_for(target));
    if (Result<void> opened = engine.open(); !opened) wrong(opened.error().message.c_str());
    const Seconds seconds = seconds_of([&] {
        while (engine.step()) {
        }
    });
    if (engine.fatal()) wrong(engine.fatal()->message.c_str());
    check_counts(*store);
    return seconds;
}

Seconds bare_run(const std::filesystem::path& file) {
    BareSqlite bare(file);
    if (job.ledger_keys != 0) {
        std::vector<std::string> keys;
        for (std::uint64_t i = 0; i < job.ledger_keys; ++i) keys.push_back(key_of(i));
        std::sort(keys.begin(), keys.end());
        bare.fill_ledger(keys);
    }
    std::size_t arrived = 0;
    const Seconds seconds = seconds_of([&] {
        for (std::size_t at = 0; at < job.records; at += job.page) {
            std::vector<BareRow> rows;
            rows.reserve(job.page);
            for (std::size_t i = 0; i < job.page; ++i)
                rows.push_back({key_of(job.first_key + at + i), job.version, kBody});
            bare.append(1, rows);
            bare.pass(1, 2, job.page, false);
            arrived += bare.pass(2, 0, job.page, job.with_ledger);
        }
    });
    if (arrived != job.records) wrong("the bare program lost records");
    return seconds;
}

struct Measured {
    std::vector<Seconds> engine;
    std::vector<Seconds> bare;
};

Measured measure(const std::filesystem::path& folder, int runs) {
    Measured measured;
    for (int run = 0; run < runs; ++run) {
        // In turns, so that what else the machine does meets both.
        for (const bool bare : {false, true}) {
            const std::filesystem::path here = folder / "run";
            std::filesystem::create_directory(here);
            (bare ? measured.bare : measured.engine)
                .push_back(bare ? bare_run(here / "bare.db") : engine_run(here / "carrick.db"));
            std::filesystem::remove_all(here);
        }
    }
    return measured;
}

enum class Unit { RecordsASecond, MicrosecondsARecord };

Sample sample(const std::vector<Seconds>& runs, double Seconds::*of, Unit unit) {
    const auto records = static_cast<double>(job.records);
    std::vector<double> figures;
    for (const Seconds& run : runs)
        figures.push_back(unit == Unit::RecordsASecond ? records / (run.*of)
                                                       : run.*of * 1e6 / records);
    return sample_of(std::move(figures));
}

void report(const std::string& name, const Measured& measured, Unit unit, const Target& target) {
    const char* word = unit == Unit::RecordsASecond ? "records/s/core" : "us/record";
    print({name, sample(measured.engine, &Seconds::core, unit), word,
           Baseline{"bare SQLite", sample(measured.bare, &Seconds::core, unit)}, target});
    print({name + ", processor time", sample(measured.engine, &Seconds::processor, unit), word,
           Baseline{"bare SQLite", sample(measured.bare, &Seconds::processor, unit)}, target});
}

void bench_all(const std::filesystem::path& folder, bool quick) {
    const int runs = quick ? 3 : 5;
    job = {.records = quick ? std::size_t{100'000} : std::size_t{300'000}, .page = 1'000};
    report("pass-through, page 1,000", measure(folder, runs), Unit::RecordsASecond,
           at_least(150'000));

    job = {.records = quick ? std::size_t{20'000} : std::size_t{50'000}, .page = 100};
    report("pass-through, page 100", measure(folder, runs), Unit::MicrosecondsARecord, at_most(25));

    const std::uint64_t ledger = quick ? 200'000 : 1'000'000;
    const std::string keys = quick ? "ledger of 200,000 keys" : "ledger of 1,000,000 keys";
    job = {.records = 100'000,
           .page = 1'000,
           .with_ledger = true,
           .first_key = ledger,
           .ledger_keys = ledger};
    report("pass-through, new ones, " + keys, measure(folder, quick ? 1 : 3), Unit::RecordsASecond,
           at_least(40'000));
    if (!quick) {
        job.first_key = 400'000;
        report("pass-through, known ones, " + keys, measure(folder, 3), Unit::RecordsASecond,
               at_least(40'000));
    }
    note(
        "pass-through: source -> flow that passes on -> last flow, one thread, bodies of 300 "
        "bytes; each record is appended twice and read twice.");
    note("Published for comparison, not run here: Node-RED 6,200 messages/s, n8n 2,400-3,200.");
}

}  // namespace

int main(int argc, char** argv) {
    bool quick = false;
    std::filesystem::path parent = std::filesystem::temp_directory_path();
    for (int i = 1; i < argc; ++i)
        if (std::strcmp(argv[i], "--quick") == 0)
            quick = true;
        else
            parent = argv[i];
    std::string folder = (parent / "carrick-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        std::perror(folder.c_str());
        return 1;
    }
    bench_all(folder, quick);
    std::filesystem::remove_all(folder);
    return 0;
}
