// SPDX-License-Identifier: Apache-2.0
// `carrick plan`: the graph of flows and what each will run with, value by value with its origin.
#include "core/config/config.hpp"

#include "core/config/problems.hpp"

#include <algorithm>

namespace carrick::config {

namespace {

/// Whether a value must not be shown: it came from a secret, or its plugin says it is one.
bool is_hidden(const Config& config, const plugin_host::Manifest* manifest, const std::string& path,
               const Origin& origin) {
    const auto covers = [&](const std::string& secret) {
        // A list is one value: a secret inside hides it whole.
        return secret == origin.key ||
               (!origin.key.empty() && secret.starts_with(origin.key + "["));
    };
    if (std::any_of(config.secret_keys.begin(), config.secret_keys.end(), covers)) return true;
    return manifest != nullptr && std::any_of(manifest->settings.begin(), manifest->settings.end(),
                                              [&](const plugin_host::SettingDeclaration& setting) {
                                                  return setting.secret &&
                                                         path == "settings." + setting.path;
                                              });
}

struct PlanLine {
    std::string path;
    Json value;
    const Origin* origin;
};

/// Leaves in the order of their paths.
void collect(const Json& value, const std::string& path, const Config& config,
             const plugin_host::Manifest* manifest, const EffectiveSettings& effective,
             std::vector<PlanLine>& lines) {
    const auto origin = effective.origins.find(path);
    if (origin != effective.origins.end()) {
        const bool hidden = is_hidden(config, manifest, path, origin->second);
        lines.push_back({path, hidden ? Json("(secret)") : value, &origin->second});
        return;
    }
    for (const JsonMember& member : value.members())
        collect(member.value, join_key(path, member.key), config, manifest, effective, lines);
}

std::vector<PlanLine> lines_of(const Config& config, const std::string& flow,
                               const EffectiveSettings& effective) {
    const plugin_host::Manifest* manifest = config.plugins.at(flow);
    std::vector<PlanLine> lines;
    collect(effective.settings, "settings", config, manifest, effective, lines);
    collect(effective.mapping, "mapping", config, manifest, effective, lines);
    std::stable_sort(lines.begin(), lines.end(),
                     [](const PlanLine& a, const PlanLine& b) { return a.path < b.path; });
    return lines;
}

std::string origin_text(const Origin& origin) {
    if (origin.mark.line == 0) return origin.level;
    return origin.level + ", " + std::to_string(origin.mark.line) + ":" +
           std::to_string(origin.mark.column);
}

std::string duration_text(Milliseconds span) {
    struct Unit {
        std::int64_t size;
        const char* name;
    };
    static constexpr Unit kUnits[] = {
        {86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}, {1, "ms"}};
    for (const Unit& unit : kUnits)
        if (span.count() % unit.size == 0)
            return std::to_string(span.count() / unit.size) + unit.name;
    return "0s";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string connection_text(const Config& config, const std::string& name) {
    const ConnectionConfig& connection = config.connections.at(name);
    return name + " (" + connection.id + ", " +
           (connection.mode == Mode::Live ? "live" : "shadow") + ")";
}

/// "seller-na (NA1, live) -> amazon_orders", "amazon_orders -> mfn_orders -> erp (ERP, shadow)".
std::string arrows(const Config& config, const FlowConfig& flow) {
    std::string text;
    if (!flow.source.empty())
        text = connection_text(config, flow.source) + " -> ";
    else if (!flow.from.empty())
        text = joined(flow.from) + " -> ";
    text += flow.name;
    if (!flow.target.empty()) text += " -> " + connection_text(config, flow.target);
    return text;
}

std::string schedule_text(const FlowConfig& flow) {
    std::string text;
    if (!flow.enabled) text += ", disabled";
    if (flow.every) text += ", every " + duration_text(*flow.every);
    if (flow.start) text += ", from " + flow.start->text();
    if (flow.read_from_now) text += ", reads from now";
    if (!flow.where.empty()) text += ", where " + flow.where;
    return text;
}

}  // namespace

std::string describe_plan(const Config& config) {
    std::string text = "connections\n";
    for (const auto& [name, connection] : config.connections)
        text += "  " + name + ": " +
                (connection.connector == ConnectorKind::Amazon ? "amazon" : "netsuite") + ", id " +
                connection.id + ", " + (connection.mode == Mode::Live ? "live" : "shadow") + "\n";
    text += "\nflows\n";
    for (const std::string& name : config.order)
        text += "  " + arrows(config, config.flows.at(name)) + "\n";
    for (const std::string& name : config.order) {
        const FlowConfig& flow = config.flows.at(name);
        text += "\n" + name + ": plugin " + flow.plugin + schedule_text(flow) + "\n";
        for (const Config::Partition& partition : config.partitions(name)) {
            text += "  " + partition.marketplace +
                    (partition.origin.empty() ? "" : " of " + partition.origin) + "\n";
            const EffectiveSettings effective = config.effective(name, partition);
            for (const PlanLine& line : lines_of(config, name, effective))
                text += "    " + line.path + " = " + line.value.dump() + "   [" +
                        origin_text(*line.origin) + "]\n";
        }
    }
    return text;
}

Json plan_json(const Config& config) {
    Json connections = Json::array();
    for (const auto& [name, connection] : config.connections)
        connections.push_back(Json::object(
            {{"name", Json(name)},
             {"id", Json(connection.id)},
             {"connector",
              Json(connection.connector == ConnectorKind::Amazon ? "amazon" : "netsuite")},
             {"mode", Json(connection.mode == Mode::Live ? "live" : "shadow")}}));
    const auto list = [](const std::vector<std::string>& words) {
        Json json = Json::array();
        for (const std::string& word : words) json.push_back(Json(word));
        return json;
    };
    Json flows = Json::array();
    for (const std::string& name : config.order) {
        const FlowConfig& flow = config.flows.at(name);
        Json partitions = Json::array();
        for (const Config::Partition& partition : config.partitions(name)) {
            const EffectiveSettings effective = config.effective(name, partition);
            Json values = Json::array();
            for (const PlanLine& line : lines_of(config, name, effective)) {
                Json value = Json::object({{"path", Json(line.path)},
                                           {"value", line.value},
                                           {"level", Json(line.origin->level)}});
                if (line.origin->mark.line > 0)
                    value.set("line", Json(line.origin->mark.line))
                        .set("column", Json(line.origin->mark.column));
                values.push_back(std::move(value));
            }
            partitions.push_back(Json::object({{"origin", Json(partition.origin)},
                                               {"marketplace", Json(partition.marketplace)},
                                               {"values", std::move(values)}}));
        }
        Json one = Json::object({{"name", Json(name)},
                                 {"plugin", Json(flow.plugin)},
                                 {"enabled", Json(flow.enabled)},
                                 {"from", list(flow.from)}});
        if (!flow.source.empty()) one.set("source", Json(flow.source));
        if (!flow.target.empty()) one.set("target", Json(flow.target));
        if (flow.every) one.set("every_ms", Json(std::int64_t{flow.every->count()}));
        if (flow.start) one.set("start", Json(flow.start->text()));
        if (!flow.where.empty()) one.set("where", Json(flow.where));
        one.set("partitions", std::move(partitions));
        flows.push_back(std::move(one));
    }
    return Json::object({{"connections", std::move(connections)}, {"flows", std::move(flows)}});
}

}  // namespace carrick::config
