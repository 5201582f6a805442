// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulation.hpp"

#include "core/base/failpoint.hpp"
#include "core/engine/demand_requests.hpp"
#include "core/engine/engine.hpp"
#include "core/store/sqlite/sqlite_store.hpp"
#include "tests/simulation/flows.hpp"
#include "tests/simulation/world.hpp"

#include <unistd.h>
#include <array>
#include <charconv>
#include <filesystem>
#include <memory>

namespace carrick::simulation {

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr Milliseconds kFaultyTime{400 * kMinute};
// Long enough for every wait to reach its deadline and every retry to have been made.
constexpr Milliseconds kQuietTime{5LL * 60 * kMinute};

constexpr std::array kPlaces{"engine.before_extract",
                             "engine.after_extract",
                             "engine.before_page_commit",
                             "engine.after_page_commit",
                             "engine.before_needs",
                             "engine.after_lookups",
                             "engine.after_map",
                             "engine.before_attempt_commit",
                             "engine.after_attempt_commit",
                             "engine.before_deliver",
                             "engine.after_deliver",
                             "engine.before_progress_commit",
                             "engine.after_progress_commit",
                             "engine.before_outcome_commit",
                             "engine.after_outcome_commit",
                             "engine.before_reconcile",
                             "engine.after_reconcile",
                             "store.before_commit",
                             "store.mid_commit",
                             "store.after_commit"};

class Simulation {
public:
    Simulation(std::uint64_t seed, const std::function<void(const std::string&)>& log)
        : chance_(seed * 3 + 1),
          engine_random_(seed * 3 + 2),
          world_(seed * 3, clock_, crash_),
          source_(world_),
          target_(world_) {
        world_.log = log;
        // Most lives keep their store in memory, where a crash loses nothing that was committed;
        // some keep it in a file, and come back as a process does: with a new epoch.
        if (seed % 50 == 0)
            file_ = std::filesystem::temp_directory_path() /
                    ("carrick_simulate_" + std::to_string(::getpid()) + "_" + std::to_string(seed));
        for (const char* place : kPlaces)
            failpoint::arm(place, [this, place] {
                world_.note(place);
                crash_.pass();
            });
        settings_ = make_settings();
    }

    ~Simulation() {
        failpoint::disarm_all();
        engine_.reset();
        store_.reset();
        for (const char* suffix : {"", "-wal", "-shm", ".lock"})
            if (!file_.empty()) std::filesystem::remove(file_.string() + suffix);
    }

    Verdict run() {
        const UtcTime end_of_faults = clock_.now() + kFaultyTime;
        arm_next_crash();
        live_until(end_of_faults);
        crash_.arm(0);
        world_.heal();
        live_until(clock_.now() + kQuietTime);
        nobody_is_held();
        ask_for_retries();
        live_until(clock_.now() + kQuietTime);
        judge();
        verdict_.trace = world_.trace();
        verdict_.documents = static_cast<std::int64_t>(world_.documents().size());
        verdict_.orders = static_cast<std::int64_t>(world_.orders().size());
        return std::move(verdict_);
    }

private:
    engine::EngineSettings make_settings() {
        engine::EngineSettings settings;
        settings.shuffle = true;
        settings.connections["seller"] = {&source_, "NA1", "amazon", true};
        settings.connections["erp"] = {&target_, "ERP", "netsuite", true};
        settings.lookup_ttl = Milliseconds(10 * kMinute);
        const auto add = [&](const std::string& name, auto plugin,
                             const std::string& from) -> engine::FlowSpec& {
            engine::FlowSpec flow;
            flow.name = name;
            flow.plugin = std::move(plugin);
            if (!from.empty()) flow.from = {from};
            for (const char* partition : {"US", "DE"})
                flow.partitions.push_back({"NA1", partition, Json::object(), Json(), Json()});
            // Where retries are slow, newer versions come while an answer is still missing.
            flow.retry.base_delay = Milliseconds(chance_.below(2) == 0 ? 2'000 : 4 * kMinute);
            flow.retry.max_delay = Milliseconds(10 * kMinute);
            flow.wait_deadline = Milliseconds(3LL * 60 * kMinute);
            flow.max_open = 5 + static_cast<std::size_t>(chance_.below(40));
            flow.batch = static_cast<std::size_t>(chance_.below(6));
            settings.flows.push_back(std::move(flow));
            return settings.flows.back();
        };
        engine::FlowSpec& source = add("orders", source_plugin(), "");
        source.roles["source"] = "seller";
        source.every = Milliseconds((chance_.below(2) == 0 ? 1 : 20) * kMinute);
        add("pass", pass_plugin(), "orders");
        for (const bool unsafe : {false, true}) {
            engine::FlowSpec& sink =
                add(unsafe ? "unsafe" : "safe", unsafe ? unsafe_sink_plugin() : safe_sink_plugin(),
                    "pass");
            sink.roles["target"] = "erp";
            sink.where = std::string("r.target == \"") + (unsafe ? "unsafe" : "safe") + "\"";
        }
        return settings;
    }

    void arm_next_crash() { crash_.arm(1 + chance_.below(400)); }

    // A process starts: opens the store and the engine, and may die while it does.
    bool begin() {
        try {
            if (!store_) {
                store::SqliteOptions options;
                options.path = file_.empty() ? std::filesystem::path(":memory:") : file_;
                Result<std::unique_ptr<store::Store>> opened = store::open_sqlite_store(options);
                if (!opened) return problem("the store does not open: " + opened.error().message);
                store_ = std::move(*opened);
            }
            engine_ = std::make_unique<engine::Engine>(*store_, clock_, engine_random_, settings_);
            if (Result<void> opened = engine_->open(); !opened)
                return problem("the engine does not open: " + opened.error().message);
            if (!engine_->poll_requests()) problem("requests cannot be read");
            return true;
        } catch (const SimulatedCrash&) {
            die();
            return true;
        }
    }

    void die() {
        ++verdict_.crashes;
        world_.note("crash");
        engine_.reset();
        if (!file_.empty()) store_.reset();
        arm_next_crash();
    }

    void live_until(UtcTime end) {
        while (clock_.now() < end && verdict_.problems.empty()) {
            if (!engine_ && !begin()) return;
            if (!engine_) continue;
            try {
                advance(end);
            } catch (const SimulatedCrash&) {
                die();
            }
        }
    }

    void advance(UtcTime end) {
        // A life takes about 3,000 steps; many more mean that something runs without getting
        // anywhere.
        if (++verdict_.steps > 100'000) {
            problem("it spins: work is runnable that never gets done");
            return;
        }
        if (engine_->step()) {
            clock_.advance(Milliseconds(static_cast<std::int64_t>(chance_.below(300))));
            if (const auto fatal = engine_->fatal()) problem("fatal: " + fatal->message);
            if (verdict_.steps % 50 == 0) check_checkpoints();
            if (verdict_.steps % 700 == 350) fill_back();
            return;
        }
        std::optional<UtcTime> next = engine_->next_wakeup();
        if (const auto event = world_.next_event(); event && (!next || *event < *next))
            next = event;
        clock_.advance_to(next ? std::min(std::max(*next, clock_.now() + Milliseconds(1)), end)
                               : end);
    }

    // Everything there is by then once more; while one runs, another is refused.
    void fill_back() {
        store::EngineRequest request;
        request.kind = "backfill.start";
        asked_to_fill_back_ = true;
        request.arguments = Json::object({{"flow", Json("orders")},
                                          {"from", Json((clock_.now() - kFaultyTime).text())},
                                          {"to", Json(clock_.now().text())}})
                                .dump();
        request.who = "simulation";
        requests_.push_back(store_->post_request(request).value());
        if (!engine_->poll_requests()) problem("requests cannot be read");
    }

    // What ops does when the systems are well again: everything in the queue once more.
    void ask_for_retries() {
        if (!engine_ && !begin()) return;
        for (const engine::FlowSpec& flow : settings_.flows) {
            store::EngineRequest request;
            request.kind = "errors.retry";
            request.arguments = Json::object({{"flow", Json(flow.name)}}).dump();
            request.who = "simulation";
            requests_.push_back(store_->post_request(request).value());
        }
        if (!engine_->poll_requests()) problem("requests cannot be read");
    }

    // ---- the verdict ----

    bool problem(std::string text) {
        verdict_.problems.push_back(std::move(text));
        return false;
    }

    // No fault of this world is a misconfiguration or a bug.
    void nobody_is_held() {
        if (!engine_) return;
        for (const engine::InstanceStatus& status : engine_->status())
            if (status.hold) problem(status.name.flow + " is held: " + status.hold->message);
    }

    void check_checkpoints() {
        for (const char* partition : {"US", "DE"}) {
            Result<store::InstanceState> state =
                store_->load_instance({"orders", "NA1", partition});
            if (!state) continue;
            for (const store::Checkpoint& checkpoint : state->checkpoints) {
                if (checkpoint.stream != "api") continue;
                const std::string& text = checkpoint.text;
                std::int64_t at = 0;
                std::from_chars(text.data(), text.data() + text.size(), at);
                if (at < checkpoints_[partition]) problem("a checkpoint went back");
                checkpoints_[partition] = at;
            }
        }
    }

    void judge() {
        if (!verdict_.problems.empty()) return;
        check_checkpoints();
        nobody_is_held();
        for (const std::int64_t id : requests_) {
            const auto request = store_->request(id).value();
            if (!request->answered) problem("a request was not answered");
            world_.note(request->arguments + " -> " + request->answer);
        }
        const auto backfills = engine::stored_backfills(*store_, "orders").value();
        if (backfills.empty() && asked_to_fill_back_) problem("nothing was filled back");
        for (const auto& [name, demand] : backfills)
            if (demand.state != engine::DemandState::Done)
                problem("a backfill of " + name.partition + " ends as " +
                        std::string(engine::to_string(demand.state)));
        judge_documents();
        judge_errors();
        judge_counts();
    }

    // Exactly once, and as the last version says.
    void judge_documents() {
        for (const auto& [key, versions] : world_.orders()) {
            const OrderVersion& last = versions.back();
            const auto found = world_.documents().find(World::document_id(key));
            const bool written = found != world_.documents().end() && found->second.creations > 0;
            if (written && found->second.creations > 1) problem(key + " was created twice");
            if (world_.refuses(last)) continue;
            if (!written) {
                if (!last.cancelled) problem(key + " is lost");
                continue;
            }
            const Json body = Json::parse(found->second.body).value();
            if (body["version"] != Json(last.version))
                problem(key + " ends as " + found->second.body + ", not as version " +
                        std::to_string(last.version));
            if (body["passed"].text() != key) problem(key + " lost what was learnt on the way");
        }
    }

    // In the error queue stand exactly the poisoned orders and those whose item never came.
    void judge_errors() {
        std::set<std::string> expected;
        for (const auto& [key, versions] : world_.orders())
            if (world_.refuses(versions.back())) expected.insert(key);
        std::set<std::string> queued;
        store::ErrorFilter filter;
        filter.limit = 10'000;
        for (const store::ErrorRow& row : store_->errors(filter).value()) {
            queued.insert(row.key);
            world_.note(row.at.text() + " " + row.key + " " + row.code);
        }
        for (const std::string& key : expected)
            if (!queued.contains(key)) problem(key + " should stand in the error queue");
        for (const std::string& key : queued)
            if (!expected.contains(key)) problem(key + " stands in the error queue without cause");
    }

    // fetched = done + skipped + open, for every instance; nothing is left half done.
    void judge_counts() {
        for (const store::RunTotals& totals : store_->totals(0).value()) {
            std::int64_t accounted = totals.counts.done;
            for (const auto& [reason, count] : totals.counts.skipped) accounted += count;
            const std::int64_t open =
                totals.open_ready + totals.open_waiting + totals.open_failed + totals.open_shadow;
            const std::string name = totals.instance.flow + "/" + totals.instance.partition;
            if (totals.counts.seen != accounted + open)
                problem(name + ": " + std::to_string(totals.counts.seen) + " seen, but " +
                        std::to_string(accounted) + " settled and " + std::to_string(open) +
                        " open");
            if (totals.open_ready + totals.open_waiting > 0)
                problem(name + ": " + std::to_string(totals.open_ready) + " ready and " +
                        std::to_string(totals.open_waiting) + " waiting at the end");
            world_.note(name + std::to_string(totals.counts.seen) + "/" +
                        std::to_string(totals.counts.done));
        }
    }

    VirtualClock clock_;
    CrashPlan crash_;
    SeededRandom chance_;  // of the driver: steps, crashes, sizes
    SeededRandom engine_random_;
    World world_;
    WorldConnection source_;
    WorldConnection target_;
    std::filesystem::path file_;
    engine::EngineSettings settings_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<engine::Engine> engine_;
    std::map<std::string, std::int64_t> checkpoints_;
    std::vector<std::int64_t> requests_;
    bool asked_to_fill_back_ = false;
    Verdict verdict_;
};

}  // namespace

Verdict simulate(std::uint64_t seed, const std::function<void(const std::string&)>& log) {
    return Simulation(seed, log).run();
}

}  // namespace carrick::simulation
