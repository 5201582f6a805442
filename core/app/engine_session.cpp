// SPDX-License-Identifier: Apache-2.0
#include "core/app/engine_session.hpp"

#include "core/app/offered.hpp"

#include "core/engine/dry_run.hpp"
#include "core/engine/engine_builder.hpp"
#include "core/engine/said.hpp"

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

std::int64_t last_run(store::Store& store) {
    Result<std::vector<store::Run>> runs = store.runs(1);
    return runs && !runs->empty() ? runs->front().id : 0;
}

/// "mfn_orders" where every instance of a flow shares it, else "mfn_orders NA1/US, NA1/CA".
std::string who(const std::string& flow, const std::vector<std::string>& places,
                std::size_t instances) {
    if (places.size() > 1 && places.size() == instances) return flow;
    std::string text = flow;
    for (const std::string& place : places) text += (&place == places.data() ? " " : ", ") + place;
    return text;
}

}  // namespace

void install_signal_handlers() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
}

bool stop_requested() {
    return stop_signal != 0;
}

Result<std::unique_ptr<EngineSession>> EngineSession::open(
    Application& app, const config::Config& config, bool dry_run,
    const std::function<void(engine::EngineSettings&)>& adjust) {
    std::unique_ptr<EngineSession> session(new EngineSession());
    session->config_ = &config;
    Result<std::unique_ptr<store::Store>> opened =
        app.open_store(dry_run ? StoreUse::DryRun : StoreUse::Engine);
    if (!opened) return opened.error();
    session->store_ = std::move(*opened);
    if (dry_run) session->overlay_ = engine::make_dry_run_store(*session->store_);
    store::Store& store = session->store();

    Result<std::unique_ptr<archive::Archive>> documents =
        archive::Archive::open({.folder = config.archive["path"].text()});
    if (!documents) return documents.error();
    session->documents_ = std::move(*documents);
    Result<std::unique_ptr<Connections>> connections = Connections::make(config, app.options());
    if (!connections) return connections.error();
    session->connections_ = std::move(*connections);
    if (Result<void> bound = store.together([&] { return bind_connections(store, config); });
        !bound)
        return bound.error();
    Result<engine::Built> built = engine::build_engine_settings(
        config, session->connections_->by_name(), &load_offered_plugin);
    if (!built) return built.error();
    for (const auto& [flow, error] : built->left_out)
        std::fprintf(stderr, "error: flow %s is left out: %s (%s)\n", flow.c_str(),
                     error.message.c_str(), error.code.c_str());
    session->left_out_ = !built->left_out.empty();

    built->settings.dry_run = dry_run;
    built->settings.archive = session->documents_.get();
    adjust(built->settings);
    session->runs_before_ = last_run(store);
    session->engine_ = std::make_unique<engine::Engine>(store, session->connections_->clock(),
                                                        session->connections_->random(),
                                                        std::move(built->settings));
    if (Result<void> ready = session->engine_->open(); !ready) return ready.error();
    return session;
}

void EngineSession::start(int workers) {
    engine::RunnerSettings settings;
    const Json& keys = config_->engine;
    settings.workers =
        workers != 0 ? workers : static_cast<int>(keys["workers"].integer_if().value_or(8));
    if (const auto retention = keys["retention"].integer_if())
        settings.retention = Milliseconds(*retention);
    if (const auto history = keys["history"].integer_if())
        settings.history = Milliseconds(*history);
    settings.archive = documents_.get();
    runner_ =
        std::make_unique<engine::EngineRunner>(*engine_, store(), connections_->clock(), settings);
    runner_->start();
}

Result<std::vector<store::RunTotals>> EngineSession::totals() {
    return store().totals(runs_before_);
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

}  // namespace carrick::app
