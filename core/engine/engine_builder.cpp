// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine_builder.hpp"

#include "core/config/section.hpp"

#include <algorithm>

namespace carrick::engine {

namespace {

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

PartitionSpec partition_of(const config::Config& config, const std::string& flow,
                           const config::Config::Partition& partition) {
    PartitionSpec spec;
    spec.origin = partition.origin;
    spec.partition = partition.marketplace;
    config::EffectiveSettings effective = config.effective(flow, partition);
    spec.settings = std::move(effective.settings);
    spec.mapping = std::move(effective.mapping);
    if (!partition.marketplace.empty()) return spec;
    // An instance without a partition meets records of every marketplace.
    spec.marketplaces = Json::object();
    for (const config::Config::Partition& of_code : config.partitions(flow)) {
        if (of_code.origin != partition.origin) continue;
        spec.marketplaces.set(of_code.marketplace, config.effective(flow, of_code).settings);
    }
    return spec;
}

Result<FlowSpec> flow_of(const config::Config& config, const config::FlowConfig& from,
                         const PluginLoader& load) {
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
    for (const config::Config::Partition& partition : partitions)
        flow.partitions.push_back(partition_of(config, from.name, partition));
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
        Result<FlowSpec> flow = flow_of(config, from, load);
        if (flow)
            built.settings.flows.push_back(std::move(*flow));
        else
            built.left_out.emplace_back(name, flow.error());
    }
    return built;
}

}  // namespace carrick::engine
