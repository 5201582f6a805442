// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine_builder.hpp"

#include "core/config/section.hpp"

#include <algorithm>

namespace carrick::engine {

namespace {

/// The connection that knows references of this kind: "netsuite.location" -> the NetSuite one.
const ConnectionSpec* connection_for(const FlowSpec& flow, const EngineSettings& settings,
                                     const std::string& kind) {
    const std::string connector = kind.substr(0, kind.find('.'));
    for (const auto& [role, name] : flow.roles)
        if (const auto found = settings.connections.find(name);
            found != settings.connections.end() && found->second.connector == connector)
            return &found->second;
    return nullptr;
}

Json* value_at(Json& settings, std::string_view path) {
    Json* value = &settings;
    while (value != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        value = value->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return value;
}

/// Puts ids in the place of names, so that a plugin never has to look a setting up.
Result<void> resolve_references(Json& settings, const plugin_host::Manifest& manifest,
                                const FlowSpec& flow, const EngineSettings& engine,
                                const std::string& where) {
    for (const plugin_host::SettingDeclaration& declared : manifest.settings) {
        if (declared.reference.empty()) continue;
        Json* value = value_at(settings, declared.path);
        if (value == nullptr || value->is_null()) continue;
        const ConnectionSpec* target = connection_for(flow, engine, declared.reference);
        if (target == nullptr)
            return misconfigured("engine.reference", where + ": " + declared.path + " names a " +
                                                         declared.reference +
                                                         ", but the flow has no connection to "
                                                         "look it up in");
        connectors::CallContext context;
        context.flow = flow.name;
        context.deadline = std::chrono::steady_clock::now() + flow.timeout;
        const std::string name =
            value->number_if() != nullptr ? *value->number_if() : value->text();
        Result<std::string> id =
            target->connection->resolve_reference(declared.reference, name, context);
        if (!id) {
            Error error = id.error();
            error.message = where + ": " + declared.path + ": " + error.message;
            return error;
        }
        *value = Json(*id);
    }
    return {};
}

/// One partition without a marketplace for each origin.
std::vector<config::Config::Partition> whole_connections(
    std::vector<config::Config::Partition> partitions) {
    std::vector<config::Config::Partition> whole;
    for (config::Config::Partition& partition : partitions) {
        partition.marketplace.clear();
        if (std::none_of(whole.begin(), whole.end(),
                         [&](const auto& one) { return one.origin == partition.origin; }))
            whole.push_back(std::move(partition));
    }
    return whole;
}

Result<PartitionSpec> partition_of(const config::Config& config, const FlowSpec& flow,
                                   const config::FlowConfig& from,
                                   const config::Config::Partition& partition,
                                   const plugin_host::Manifest& manifest,
                                   const EngineSettings& engine) {
    PartitionSpec spec;
    spec.origin = partition.origin;
    spec.partition = partition.marketplace;
    config::EffectiveSettings effective = config.effective(flow.name, partition);
    spec.settings = std::move(effective.settings);
    spec.mapping = std::move(effective.mapping);
    const std::string where =
        "flow " + flow.name + " in " + partition.origin + "/" + partition.marketplace;
    if (Result<void> resolved = resolve_references(spec.settings, manifest, flow, engine, where);
        !resolved)
        return resolved.error();
    if (!partition.marketplace.empty()) return spec;
    // An instance without a partition meets records of every marketplace.
    spec.marketplaces = Json::object();
    for (const config::Config::Partition& of_code : config.partitions(from.name)) {
        if (of_code.origin != partition.origin) continue;
        const std::string& code = of_code.marketplace;
        Json settings = config.effective(flow.name, of_code).settings;
        if (Result<void> resolved =
                resolve_references(settings, manifest, flow, engine,
                                   "flow " + flow.name + " in " + of_code.origin + "/" + code);
            !resolved)
            return resolved.error();
        spec.marketplaces.set(code, std::move(settings));
    }
    return spec;
}

Result<FlowSpec> flow_of(const config::Config& config, const config::FlowConfig& from,
                         const EngineSettings& engine, const PluginLoader& load) {
    const plugin_host::Manifest& manifest = *config.plugins.at(from.name);
    Result<std::shared_ptr<plugin_host::LoadedPlugin>> plugin = load(manifest);
    if (!plugin) return plugin.error();
    FlowSpec flow;
    flow.name = from.name;
    flow.plugin = std::move(*plugin);
    if (!from.source.empty()) flow.roles["source"] = from.source;
    if (!from.target.empty()) flow.roles["target"] = from.target;
    for (const std::string& producer : from.from) flow.from.push_back(producer);
    flow.read_from_now = from.read_from_now;
    flow.where = from.where;
    flow.start = from.start;
    flow.every = from.every ? from.every : config::parse_duration(manifest.default_schedule);
    flow.retry.attempts = from.retry.attempts;
    flow.retry.max_delay = from.retry.max_delay;
    flow.wait_deadline = from.wait_deadline;
    flow.max_open = from.max_open;
    flow.batch = from.batch;
    flow.first_run_limit = from.first_run_limit;
    flow.timeout = from.timeout;
    std::vector<config::Config::Partition> partitions = config.partitions(from.name);
    if (manifest.instance_per_connection) partitions = whole_connections(std::move(partitions));
    for (const config::Config::Partition& partition : partitions) {
        Result<PartitionSpec> spec = partition_of(config, flow, from, partition, manifest, engine);
        if (!spec) return spec.error();
        flow.partitions.push_back(std::move(*spec));
    }
    return flow;
}

}  // namespace

Result<Built> build_engine_settings(
    const config::Config& config, const std::map<std::string, connectors::Connection*>& connections,
    const PluginLoader& load) {
    Built built;
    const auto read = [&config](const char* key, auto& setting) {
        if (const auto value = config.engine[key].integer_if())
            setting = std::remove_reference_t<decltype(setting)>(*value);
    };
    read("page", built.settings.page);
    read("lookup_ttl", built.settings.lookup_ttl);
    read("schema_ttl", built.settings.schema_ttl);
    read("lookup_wait", built.settings.lookup_wait);
    for (const auto& [name, from] : config.connections) {
        const auto found = connections.find(name);
        if (found == connections.end()) continue;  // no enabled flow uses it
        built.settings.connections[name] = {
            found->second, from.id,
            from.connector == config::ConnectorKind::Amazon ? "amazon" : "netsuite",
            from.mode == config::Mode::Live};
    }
    for (const std::string& name : config.order) {
        const config::FlowConfig& from = config.flows.at(name);
        if (!from.enabled) continue;
        for (const std::string& used : {from.source, from.target})
            if (!used.empty() && !built.settings.connections.contains(used))
                return bug("engine.no_connection",
                           "flow " + name + " uses connection " + used + ", which was not opened");
        Result<FlowSpec> flow = flow_of(config, from, built.settings, load);
        if (flow)
            built.settings.flows.push_back(std::move(*flow));
        else
            built.left_out.emplace_back(name, flow.error());
    }
    return built;
}

}  // namespace carrick::engine
