// SPDX-License-Identifier: Apache-2.0
// Commands that only look: validate, plan, flows, runs, operations, plugins.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"
#include "core/app/offered.hpp"
#include "core/engine/demand_requests.hpp"
#include "core/plugin_host/nearest.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace carrick::app {

namespace {

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

std::vector<std::string_view> names_of(const plugin_host::ManifestSet& plugins) {
    std::vector<std::string_view> names;
    for (const plugin_host::Manifest& plugin : plugins.manifests) names.push_back(plugin.name);
    return names;
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
    bool valid = app.configuration() != nullptr;
    const config::Config* config = app.read();
    std::vector<config::Problem> problems = app.problems();
    std::vector<config::Problem> warnings;
    if (config != nullptr) {
        for (config::Problem& problem : check_plugins(*config)) {
            std::fprintf(stderr, "%s\n", problem.text().c_str());
            problems.push_back(std::move(problem));
            valid = false;
        }
        warnings = config::warnings_of(*config);
        for (const config::Problem& warning : warnings)
            std::fprintf(stderr, "warning: %s\n", warning.text().c_str());
    }
    if (app.options().json) {
        const auto list = [](const std::vector<config::Problem>& of) {
            Json json = Json::array();
            for (const config::Problem& problem : of) json.push_back(problem_json(problem));
            return json;
        };
        print_json(Json::object(
            {{"valid", Json(valid)}, {"problems", list(problems)}, {"warnings", list(warnings)}}));
    } else if (valid) {
        print(app.options().config.string() + ": " + std::to_string(config->flows.size()) +
              " flows on " + std::to_string(config->connections.size()) +
              " connections, no problems\n");
    } else {
        print(std::to_string(problems.size()) +
              (problems.size() == 1 ? " problem\n" : " problems\n"));
    }
    return valid ? kOk : kMisconfigured;
}

int list_flows(Application& app) {
    const config::Outline* outline = app.outline();
    if (outline == nullptr) return kMisconfigured;
    std::vector<store::RunTotals> totals;
    std::map<std::string, Json> backfills;  // flow -> those under way
    if (app.store_exists()) {
        Result<std::unique_ptr<store::Store>> store = app.open_store(StoreUse::Peer);
        if (!store) return report(store.error());
        Result<std::vector<store::RunTotals>> read = (*store)->totals(0);
        if (!read) return report(read.error());
        totals = std::move(*read);
        const auto found = engine::stored_backfills(**store, "");
        if (!found) return report(found.error());
        for (const auto& [name, demand] : *found)
            if (demand.running())
                backfills.try_emplace(name.flow, Json::array())
                    .first->second.push_back(engine::backfill_json(name, demand));
    } else {
        say_nothing_yet(app);
    }
    std::vector<std::string> flows = outline->flows;
    // Where flows.yaml does not tell, those that the store remembers.
    if (flows.empty())
        for (const store::RunTotals& one : totals)
            if (std::find(flows.begin(), flows.end(), one.instance.flow) == flows.end())
                flows.push_back(one.instance.flow);
    if (app.options().json) {
        const Json all = totals_json(totals, flows);
        Json list = Json::array();
        for (const Json& one : all.items()) {
            Json flow = one;
            if (const auto own = backfills.find(flow["flow"].text()); own != backfills.end())
                flow.set("backfills", own->second);
            list.push_back(std::move(flow));
        }
        print_json(list);
        return kOk;
    }
    print(totals_table(totals, flows));
    for (const auto& [flow, own] : backfills)
        for (const Json& one : own.items()) print("backfill of " + backfill_line(one) + "\n");
    return kOk;
}

int list_runs(Application& app, std::size_t limit) {
    if (app.outline() == nullptr) return kMisconfigured;
    std::vector<store::Run> runs;
    if (app.store_exists()) {
        Result<std::unique_ptr<store::Store>> store = app.open_store(StoreUse::Peer);
        if (!store) return report(store.error());
        Result<std::vector<store::Run>> read = (*store)->runs(limit);
        if (!read) return report(read.error());
        runs = std::move(*read);
    } else {
        say_nothing_yet(app);
    }
    Json list = Json::array();
    Table table({"run", "flow", "origin", "partition", "trigger", "started", "ended", "seen",
                 "done", "failed"},
                {true, false, false, false, false, false, false, true, true, true});
    for (const store::Run& run : runs) {
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
    Json list = Json::array();
    Table table({"operation", "kind", "what it does"}, {false, false, false});
    for (const connectors::Operation* operation : offered_operations()) {
        const char* kind = operation->kind == connectors::OperationKind::Write      ? "write"
                           : operation->kind == connectors::OperationKind::Lookup   ? "lookup"
                           : operation->kind == connectors::OperationKind::Document ? "document"
                                                                                    : "read";
        table.add({operation->name, kind, operation->summary});
        list.push_back(Json::object({{"operation", Json(operation->name)},
                                     {"kind", Json(kind)},
                                     {"summary", Json(operation->summary)},
                                     {"request", operation->request_schema},
                                     {"response", operation->response_schema}}));
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
    if (plugin == nullptr) {
        const std::string near = plugin_host::did_you_mean(name, names_of(app.manifests()));
        return report(misconfigured(
            "plugin.unknown",
            "no plugin \"" + name + "\" on the plugin path" +
                (near.empty() ? "; `carrick plugin list` shows those that are" : near)));
    }
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
