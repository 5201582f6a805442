// SPDX-License-Identifier: Apache-2.0
// `carrick run`: everything together, until it is finished or told to stop.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"
#include "core/app/offered.hpp"

#include "core/archive/archive.hpp"
#include "core/base/log.hpp"
#include "core/engine/dry_run.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/engine_builder.hpp"
#include "core/engine/runner.hpp"
#include "core/engine/said.hpp"
#include "core/plugin_host/flow_instance.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace carrick::app {

namespace {

volatile std::sig_atomic_t stop_signal = 0;

void on_signal(int signal) {
    // A second signal does not wait for anything.
    if (stop_signal != 0) std::_Exit(128 + signal);
    stop_signal = signal;
}

void install_signal_handlers() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
}

/// The id of a connection stands in every external id made so far, so the store holds it fast.
Result<void> bind_connections(store::Store& store, const config::Config& config) {
    for (const auto& [name, connection] : config.connections) {
        const bool amazon = connection.connector == config::ConnectorKind::Amazon;
        const std::string& account = connection.options[amazon ? "seller_id" : "account"].text();
        if (Result<void> bound =
                store.bind_connection(name, connection.id, amazon ? "amazon" : "netsuite", account);
            !bound)
            return bound;
    }
    return {};
}

std::string progress_line(const engine::Progress& progress) {
    const store::RunCounts& counts = progress.counts;
    std::string text = progress.instance.flow + " " + progress.instance.origin + "/" +
                       progress.instance.partition + ":";
    const auto add = [&text](std::int64_t count, const char* what) {
        if (count != 0) text += " " + std::to_string(count) + " " + what;
    };
    add(counts.written, "written");
    add(counts.done, "done");
    add(counts.waiting, "waiting");
    add(counts.failed, "failed");
    add(counts.unknown, "unknown");
    return text;
}

Json planned_json(const engine::PlannedWrite& planned) {
    static constexpr const char* kActions[] = {"", "create", "update", "adopt"};
    Result<Json> body = Json::parse(planned.payload.body);
    return Json::object({{"flow", Json(planned.instance.flow)},
                         {"origin", Json(planned.instance.origin)},
                         {"partition", Json(planned.instance.partition)},
                         {"key", Json(planned.key)},
                         {"write", Json(planned.payload.write)},
                         {"action", Json(kActions[static_cast<int>(planned.payload.action)])},
                         {"external_id", Json(planned.payload.external_id)},
                         {"target_id", Json(planned.payload.target_id)},
                         {"body", body ? *body : Json()}});
}

void observe(engine::EngineSettings& settings, const RunOptions& options) {
    settings.once = options.once || options.dry_run;
    settings.dry_run = options.dry_run;
    if (options.dry_run)
        settings.on_planned = [](const engine::PlannedWrite& planned) {
            print_line(planned_json(planned).dump());
        };
    if (options.progress)
        settings.on_progress = [](const engine::Progress& progress) {
            const store::RunCounts& counts = progress.counts;
            if (counts.written + counts.failed + counts.unknown + counts.waiting > 0)
                print_line(progress_line(progress));
        };
}

/// "mfn_orders" where every instance of a flow shares it, else "mfn_orders NA1/US, NA1/CA".
std::string who(const std::string& flow, const std::vector<std::string>& places,
                std::size_t instances) {
    if (places.size() > 1 && places.size() == instances) return flow;
    std::string text = flow;
    for (const std::string& place : places) text += (&place == places.data() ? " " : ", ") + place;
    return text;
}

/// Holds that keep flows from running, printed, one line for what the instances of a flow share;
/// true when there are any.
bool report_holds(engine::Engine& engine) {
    std::map<std::string, std::size_t> instances;
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> holds;
    for (const engine::InstanceStatus& status : engine.status()) {
        ++instances[status.name.flow];
        if (!status.hold) continue;
        const std::string message = engine::without_place(status.name, status.hold->message) +
                                    " (" + status.hold->code + ")";
        holds[{status.name.flow, message}].push_back(status.name.origin + "/" +
                                                     status.name.partition);
    }
    for (const auto& [what, places] : holds)
        std::fprintf(stderr, "error: %s stands still: %s\n",
                     who(what.first, places, instances[what.first]).c_str(), what.second.c_str());
    return !holds.empty();
}

/// What kept a run that is to end from getting to its end, one line for each message; true when
/// there is any. What is due within minutes was waited for; this is not.
bool report_troubles(engine::Engine& engine) {
    const std::optional<Error> outage = engine.store_outage();
    if (outage)
        std::fprintf(stderr, "error: no flow got on, because nothing can be stored: %s (%s)\n",
                     outage->message.c_str(), outage->code.c_str());
    std::map<std::string, std::string> flows;  // message -> flows
    for (const engine::InstanceStatus& status : engine.status()) {
        if (!status.trouble || status.hold) continue;
        std::string& names = flows[status.trouble->message + " (" + status.trouble->code + ")"];
        const std::string name =
            status.name.flow + " " + status.name.origin +
            (status.name.partition.empty() ? std::string() : "/" + status.name.partition);
        names += (names.empty() ? "" : ", ") + name;
    }
    for (const auto& [message, names] : flows)
        std::fprintf(stderr, "error: %s did not get on: %s\n", names.c_str(), message.c_str());
    return outage || !flows.empty();
}

std::int64_t last_run(store::Store& store) {
    Result<std::vector<store::Run>> runs = store.runs(1);
    return runs && !runs->empty() ? runs->front().id : 0;
}

}  // namespace

int run(Application& app, const RunOptions& options) {
    install_signal_handlers();
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    Result<std::unique_ptr<store::Store>> opened =
        app.open_store(options.dry_run ? StoreUse::DryRun : StoreUse::Engine);
    if (!opened) return report(opened.error());
    std::unique_ptr<store::Store> overlay;
    if (options.dry_run) overlay = engine::make_dry_run_store(**opened);
    store::Store& store = overlay ? *overlay : **opened;

    Result<std::unique_ptr<archive::Archive>> documents =
        archive::Archive::open({.folder = config->archive["path"].text()});
    if (!documents) return report(documents.error());

    Result<std::unique_ptr<Connections>> connections = Connections::make(*config, app.options());
    if (!connections) return report(connections.error());
    if (Result<void> bound = store.together([&] { return bind_connections(store, *config); });
        !bound)
        return report(bound.error());
    Result<engine::Built> built =
        engine::build_engine_settings(*config, (*connections)->by_name(), &load_offered_plugin);
    if (!built) return report(built.error());
    for (const auto& [flow, error] : built->left_out)
        std::fprintf(stderr, "error: flow %s is left out: %s (%s)\n", flow.c_str(),
                     error.message.c_str(), error.code.c_str());

    observe(built->settings, options);
    built->settings.archive = documents->get();
    const std::int64_t before = last_run(store);
    const bool left_out = !built->left_out.empty();
    Clock& clock = (*connections)->clock();
    engine::Engine engine(store, clock, (*connections)->random(), std::move(built->settings));
    if (Result<void> ready = engine.open(); !ready) return report(ready.error());

    engine::RunnerSettings runner_settings;
    const Json& engine_keys = config->engine;
    runner_settings.workers =
        options.workers != 0 ? options.workers
                             : static_cast<int>(engine_keys["workers"].integer_if().value_or(8));
    if (const auto retention = engine_keys["retention"].integer_if())
        runner_settings.retention = Milliseconds(*retention);
    if (const auto history = engine_keys["history"].integer_if())
        runner_settings.history = Milliseconds(*history);
    runner_settings.archive = documents->get();
    engine::EngineRunner runner(engine, store, clock, runner_settings);
    runner.start();
    log::info("engine started", {{"flows", Json(static_cast<std::int64_t>(config->flows.size()))}});
    while (stop_signal == 0 && !runner.wait_for(std::chrono::milliseconds(200))) {
    }
    const bool finished = stop_signal == 0;
    const engine::RunnerEnd end = runner.stop();
    log::info("engine stopped", {{"finished", Json(finished)}});

    if (end.fatal) return report(*end.fatal);
    const bool held = report_holds(engine);
    const bool troubled = options.once && finished && report_troubles(engine);
    if (!options.dry_run) {
        Result<std::vector<store::RunTotals>> totals = store.totals(before);
        if (!totals) return report(totals.error());
        print_line(app.options().json ? totals_json(*totals, config->order).pretty()
                                      : "\n" + totals_table(*totals, config->order));
    }
    const int code = held || left_out || troubled ? kFailed : kOk;
    // Threads are still inside a hung plugin; nothing that they use may be destroyed.
    if (end.hung_calls > 0) std::_Exit(finish_output(kFailed));
    return code;
}

}  // namespace carrick::app
