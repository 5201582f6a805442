// SPDX-License-Identifier: Apache-2.0
// Commands that only look: validate, plan, flows, runs, operations, plugins.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"

#include <algorithm>
#include <cstdio>

namespace carrick::app {

namespace {

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
}
void print_json(const Json& json) {
    print(json.pretty() + "\n");
}

std::string_view kind_name(plugin_host::PluginKind kind) {
    switch (kind) {
        case plugin_host::PluginKind::Source: return "source";
        case plugin_host::PluginKind::Transform: return "transform";
        case plugin_host::PluginKind::Sink: return "sink";
        case plugin_host::PluginKind::Command: return "command";
    }
    return "command";
}

Json problem_json(const config::Problem& problem) {
    return Json::object({{"file", Json(problem.file)},
                         {"line", Json(problem.mark.line)},
                         {"column", Json(problem.mark.column)},
                         {"key", Json(problem.key)},
                         {"code", Json(problem.code)},
                         {"message", Json(problem.message)},
                         {"nearest", Json(problem.nearest)}});
}

}  // namespace

int validate(Application& app) {
    const config::Config* config = app.configuration();
    if (app.options().json) {
        Json list = Json::array();
        for (const config::Problem& problem : app.problems()) list.push_back(problem_json(problem));
        print_json(
            Json::object({{"valid", Json(config != nullptr)}, {"problems", std::move(list)}}));
    } else if (config != nullptr) {
        print(app.options().config.string() + ": " + std::to_string(config->flows.size()) +
              " flows on " + std::to_string(config->connections.size()) +
              " connections, no problems\n");
    } else {
        const std::size_t count = app.problems().size();
        print(std::to_string(count) + (count == 1 ? " problem\n" : " problems\n"));
    }
    return config != nullptr ? kOk : kMisconfigured;
}

int list_flows(Application& app) {
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    Result<std::unique_ptr<store::Store>> store = app.open_store(StoreUse::Peer);
    if (!store) return report(store.error());
    Result<std::vector<store::RunTotals>> totals = (*store)->totals(0);
    if (!totals) return report(totals.error());
    if (app.options().json)
        print_json(totals_json(*totals, config->order));
    else
        print(totals_table(*totals, config->order));
    return kOk;
}

int list_runs(Application& app, std::size_t limit) {
    if (app.configuration() == nullptr) return kMisconfigured;
    Result<std::unique_ptr<store::Store>> store = app.open_store(StoreUse::Peer);
    if (!store) return report(store.error());
    Result<std::vector<store::Run>> runs = (*store)->runs(limit);
    if (!runs) return report(runs.error());
    Json list = Json::array();
    Table table({"run", "flow", "origin", "partition", "trigger", "started", "ended", "seen",
                 "done", "failed"},
                {true, false, false, false, false, false, false, true, true, true});
    for (const store::Run& run : *runs) {
        const std::string ended = run.ended_at == UtcTime() ? "" : run.ended_at.text();
        table.add({std::to_string(run.id), run.instance.flow, run.instance.origin,
                   run.instance.partition, run.trigger, run.started_at.text(), ended,
                   std::to_string(run.counts.seen), std::to_string(run.counts.done),
                   std::to_string(run.counts.failed)});
        list.push_back(Json::object({{"run", Json(run.id)},
                                     {"flow", Json(run.instance.flow)},
                                     {"origin", Json(run.instance.origin)},
                                     {"partition", Json(run.instance.partition)},
                                     {"trigger", Json(run.trigger)},
                                     {"started_at", Json(run.started_at.text())},
                                     {"ended_at", Json(ended)},
                                     {"seen", Json(run.counts.seen)},
                                     {"done", Json(run.counts.done)},
                                     {"failed", Json(run.counts.failed)}}));
    }
    if (app.options().json)
        print_json(list);
    else
        print(table.text());
    return kOk;
}

int list_operations(Application& app) {
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    Result<std::unique_ptr<Connections>> connections = Connections::make(*config, app.options());
    if (!connections) return report(connections.error());
    Json list = Json::array();
    Table table({"operation", "kind", "what it does"}, {false, false, false});
    std::vector<std::string> seen;
    for (const auto& [name, connection] : (*connections)->by_name()) {
        for (const connectors::Operation& operation : connection->operations()) {
            if (std::find(seen.begin(), seen.end(), operation.name) != seen.end()) continue;
            seen.push_back(operation.name);
            const char* kind = operation.kind == connectors::OperationKind::Write      ? "write"
                               : operation.kind == connectors::OperationKind::Lookup   ? "lookup"
                               : operation.kind == connectors::OperationKind::Document ? "document"
                                                                                       : "read";
            table.add({operation.name, kind, operation.summary});
            list.push_back(Json::object({{"operation", Json(operation.name)},
                                         {"kind", Json(kind)},
                                         {"summary", Json(operation.summary)},
                                         {"request", operation.request_schema},
                                         {"response", operation.response_schema}}));
        }
    }
    if (app.options().json)
        print_json(list);
    else
        print(table.text());
    return kOk;
}

int list_plugins(Application& app) {
    const plugin_host::ManifestSet& plugins = app.manifests();
    for (const Error& problem : plugins.problems)
        std::fprintf(stderr, "warning: %s (%s)\n", problem.message.c_str(), problem.code.c_str());
    Json list = Json::array();
    Table table({"plugin", "version", "kind", "what it does"}, {false, false, false, false});
    for (const plugin_host::Manifest& plugin : plugins.manifests) {
        table.add(
            {plugin.name, plugin.version, std::string(kind_name(plugin.kind)), plugin.summary});
        list.push_back(Json::object({{"name", Json(plugin.name)},
                                     {"version", Json(plugin.version)},
                                     {"kind", Json(kind_name(plugin.kind))},
                                     {"summary", Json(plugin.summary)},
                                     {"library", Json(plugin.library.string())}}));
    }
    if (app.options().json)
        print_json(list);
    else
        print(table.text());
    return plugins.problems.empty() ? kOk : kMisconfigured;
}

int inspect_plugin(Application& app, const std::string& name) {
    const plugin_host::Manifest* plugin = app.manifests().find(name);
    if (plugin == nullptr)
        return report(
            misconfigured("plugin.unknown",
                          "no plugin \"" + name +
                              "\" on the plugin path; `carrick plugin list` shows those that are"));
    Table table({"setting", "type", "default", "what it does"}, {false, false, false, false});
    for (const plugin_host::SettingDeclaration& setting : plugin->settings)
        table.add({setting.path, setting.reference.empty() ? setting.type : setting.reference,
                   setting.default_value.is_null() ? "" : setting.default_value.dump(),
                   setting.help});
    print(plugin->name + " " + plugin->version + ": " + plugin->summary + "\n");
    print("vendor " + plugin->vendor + ", licence " + plugin->licence + ", ABI " +
          std::to_string(plugin->abi_major) + "." + std::to_string(plugin->abi_minor) + "\n");
    for (const std::string& type : plugin->input_types) print("reads    " + type + "\n");
    if (!plugin->output_type.empty()) print("emits    " + plugin->output_type + "\n");
    for (const plugin_host::WriteDeclaration& write : plugin->writes)
        print("writes   " + write.record_type +
              (write.repeat_safe ? " (safe to repeat)\n" : " (reconciled)\n"));
    for (const std::string& operation : plugin->operations) print("may call " + operation + "\n");
    if (!plugin->settings.empty()) print("\n" + table.text());
    return kOk;
}

}  // namespace carrick::app
