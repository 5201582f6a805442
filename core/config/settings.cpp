// SPDX-License-Identifier: Apache-2.0
// Merging settings: maps merge, scalars and lists replace, null removes; every value remembers the
// level that set it.
#include "core/config/settings.hpp"

#include "core/config/yaml_json.hpp"
#include "core/schema/schema.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace carrick::config {

namespace {

Json read(const Node& node, const std::string& key, Config& config, bool expressions) {
    config.marks[key] = node.mark;
    if (node.secret) config.secret_keys.insert(key);
    switch (node.kind) {
        case Node::Kind::Null: return Json();
        case Node::Kind::Scalar: return expressions ? Json(node.text) : scalar_value(node);
        case Node::Kind::List: {
            Json list = Json::array();
            for (std::size_t i = 0; i < node.items.size(); ++i)
                list.push_back(
                    read(node.items[i], key + "[" + std::to_string(i) + "]", config, expressions));
            return list;
        }
        case Node::Kind::Map: break;
    }
    Json map = Json::object();
    for (const NodeEntry& entry : node.entries)
        if (!entry.value.broken)
            map.members_if()->push_back(
                {entry.key, read(entry.value, join_key(key, entry.key), config, expressions)});
    return map;
}

/// One level of the merge: what it is called, where it stands in the file, what it says.
struct Level {
    std::string name;
    std::string key;
    Json value;
};

class Merge {
public:
    Merge(const Config& config, std::string root, std::map<std::string, Origin>& origins)
        : config_(config), root_(std::move(root)), origins_(origins) {}

    void put(Json& target, const Level& level) {
        put(target, level.value, level, root_, level.key);
    }

private:
    void put(Json& target, const Json& value, const Level& level, const std::string& path,
             const std::string& key) {
        if (!value.is_object()) {
            forget(path);
            target = value;
            origins_[path] = origin(level, key);
            return;
        }
        if (!target.is_object()) {
            forget(path);
            target = Json::object();
        }
        for (const JsonMember& member : value.members()) {
            const std::string inner = join_key(path, member.key);
            if (member.value.is_null()) {
                forget(inner);
                target.erase(member.key);
            } else {
                put(target.member(member.key), member.value, level, inner,
                    join_key(key, member.key));
            }
        }
    }

    Origin origin(const Level& level, const std::string& key) const {
        const auto mark = config_.marks.find(key);
        return {level.name, mark == config_.marks.end() ? Mark{} : mark->second, key};
    }

    /// A value that is replaced takes the origins of all that was in it along.
    void forget(const std::string& path) {
        for (auto at = origins_.lower_bound(path); at != origins_.end();) {
            const std::string& other = at->first;
            if (!other.starts_with(path)) break;
            const bool inside = other.size() == path.size() || other[path.size()] == '.';
            at = inside ? origins_.erase(at) : std::next(at);
        }
    }

    const Config& config_;
    std::string root_;
    std::map<std::string, Origin>& origins_;
};

/// Defaults of objects that the file made, where the plugin's own defaults did not reach.
void fill_inner_defaults(Json& value, const SchemaView& view, const std::string& path,
                         const std::set<std::string>& removed,
                         std::map<std::string, Origin>& origins) {
    const Json defaults = view.defaults();
    for (const JsonMember& member : defaults.members()) {
        const std::string inner = join_key(path, member.key);
        if (removed.contains(inner) || value.contains(member.key) || member.value.is_object())
            continue;
        value.set(member.key, member.value);
        origins[inner] = {"plugin default", {}, ""};
    }
    for (JsonMember& member : *value.members_if())
        if (member.value.is_object())
            fill_inner_defaults(member.value, view.child(member.key), join_key(path, member.key),
                                removed, origins);
}

void note_removed(const Json& level, const std::string& path, std::set<std::string>& removed) {
    for (const JsonMember& member : level.members()) {
        const std::string inner = join_key(path, member.key);
        if (member.value.is_null())
            removed.insert(inner);
        else
            removed.erase(inner);
        note_removed(member.value, inner, removed);
    }
}

std::vector<Level> settings_levels(const Config& config, const std::string& flow,
                                   const Config::Partition& partition) {
    const std::string& code = partition.marketplace;
    std::vector<Level> levels{{"defaults", "defaults", config.defaults}};
    const auto connection = config.connections.find(partition.origin_connection);
    const std::string connection_key = "connections." + partition.origin_connection;
    if (connection != config.connections.end())
        levels.push_back({connection_key + ".settings", connection_key + ".settings",
                          connection->second.settings});
    levels.push_back({"marketplaces." + code, "marketplaces." + code, config.marketplaces[code]});
    if (connection != config.connections.end()) {
        const std::string key = connection_key + ".marketplaces." + code;
        levels.push_back({key, key, connection->second.marketplaces[code]});
    }
    const std::string flow_key = "flows." + flow;
    if (const auto own = config.flow_settings.find(flow); own != config.flow_settings.end())
        levels.push_back({flow_key + ".settings", flow_key + ".settings", own->second});
    if (const auto own = config.flow_per_marketplace.find(flow);
        own != config.flow_per_marketplace.end()) {
        const std::string key = flow_key + ".per_marketplace." + code + ".settings";
        levels.push_back({key, key, own->second[code]["settings"]});
    }
    return levels;
}

Json merge_mapping(const Config& config, const std::string& flow, const std::string& code,
                   const plugin_host::Manifest& manifest, std::map<std::string, Origin>& origins) {
    const std::string flow_key = "flows." + flow;
    Json mapping = Json::object();
    Merge merge(config, "mapping", origins);
    std::vector<Level> levels{{"plugin default", "", manifest.default_mapping}};
    if (const auto own = config.flow_mapping.find(flow); own != config.flow_mapping.end())
        levels.push_back({flow_key + ".mapping", flow_key + ".mapping", own->second});
    if (const auto own = config.flow_per_marketplace.find(flow);
        own != config.flow_per_marketplace.end()) {
        const std::string key = flow_key + ".per_marketplace." + code + ".mapping";
        levels.push_back({key, key, own->second[code]["mapping"]});
    }
    for (const Level& level : levels)
        if (level.value.is_object()) merge.put(mapping, level);
    return mapping;
}

/// The place that set a value, or the nearest one around it.
const Origin* origin_of(const EffectiveSettings& effective, std::string path) {
    for (;;) {
        if (const auto at = effective.origins.find(path); at != effective.origins.end())
            return &at->second;
        const std::size_t cut = path.find_last_of(".[");
        if (cut == std::string::npos) return nullptr;
        path.resize(cut);
    }
}

const Json* value_at(const Json& settings, std::string_view path) {
    const Json* at = &settings;
    while (at != nullptr && !path.empty()) {
        if (path.front() == '[') {
            const std::size_t end = std::min(path.find(']'), path.size() - 1);
            const std::string digits(path.substr(1, end - 1));
            // A key may hold brackets of its own; then the value is simply not shown.
            if (digits.empty() || digits.size() > 6 ||
                digits.find_first_not_of("0123456789") != std::string::npos)
                return nullptr;
            at = &(*at)[static_cast<std::size_t>(std::stoul(digits))];
            path.remove_prefix(end + 1);
            if (path.starts_with('.')) path.remove_prefix(1);
            continue;
        }
        const std::size_t end = std::min(path.find_first_of(".["), path.size());
        at = at->find(path.substr(0, end));
        path.remove_prefix(end);
        if (path.starts_with('.')) path.remove_prefix(1);
    }
    return at;
}

}  // namespace

Json read_level(const Node& node, const std::string& key, Config& config) {
    return read(node, key, config, false);
}

Json read_expressions(const Node& node, const std::string& key, Config& config) {
    return read(node, key, config, true);
}

void check_known_keys(const Node& node, const std::string& key, const SchemaView& view,
                      Problems& problems) {
    for (const Node& item : node.items) check_known_keys(item, key, view.item(), problems);
    for (const NodeEntry& entry : node.entries) {
        const SchemaView child = view.child(entry.key);
        const std::string inner = join_key(key, entry.key);
        if (child.known())
            check_known_keys(entry.value, inner, child, problems);
        else
            problems.add(entry.mark, inner, "config.unknown_setting",
                         "no plugin here knows this setting",
                         problems.nearest(entry.key, view.names()));
    }
}

EffectiveSettings Config::effective(const std::string& flow, const Partition& partition) const {
    EffectiveSettings effective;
    effective.settings = Json::object();
    effective.mapping = Json::object();
    const auto plugin = plugins.find(flow);
    if (plugin == plugins.end() || plugin->second == nullptr) return effective;
    SchemaView view;
    view.add(plugin->second->settings_schema);

    Merge merge(*this, "settings", effective.origins);
    std::set<std::string> removed;
    merge.put(effective.settings, {"plugin default", "", view.defaults()});
    for (Level& level : settings_levels(*this, flow, partition)) {
        if (!level.value.is_object()) continue;
        level.value = view.shape(level.value);
        note_removed(level.value, "settings", removed);
        merge.put(effective.settings, level);
    }
    fill_inner_defaults(effective.settings, view, "settings", removed, effective.origins);
    effective.mapping =
        merge_mapping(*this, flow, partition.marketplace, *plugin->second, effective.origins);
    return effective;
}

void check_effective_settings(
    const Config& config, const std::map<std::string, std::vector<Config::Partition>>& partitions,
    Problems& problems) {
    // Every flow and marketplace merges the shared levels anew: many of both would take hours.
    constexpr std::size_t kMostWork = 5'000'000;
    std::size_t instances = 0;
    for (const auto& [flow, of_flow] : partitions) instances += of_flow.size();
    const auto shared = static_cast<std::size_t>(
        std::count_if(config.marks.begin(), config.marks.end(),
                      [](const auto& mark) { return !mark.first.starts_with("flows."); }));
    if (shared * instances > kMostWork)
        return problems.add({}, "flows", "config.too_large",
                            std::to_string(instances) + " flow instances with " +
                                std::to_string(shared) +
                                " shared values are more than one engine can hold; split the file");

    std::map<const plugin_host::Manifest*, std::optional<schema::Schema>> compiled;
    for (const std::string& flow : config.order) {
        const plugin_host::Manifest* manifest = config.plugins.at(flow);
        if (manifest == nullptr || !manifest->settings_schema.is_object()) continue;
        if (!compiled.contains(manifest)) {
            Result<schema::Schema> result = schema::Schema::compile(manifest->settings_schema);
            if (!result)
                problems.add(config.flows.at(flow).mark, "flows." + flow + ".plugin",
                             "config.plugin_schema",
                             "the settings schema of plugin " + manifest->name +
                                 " cannot be used: " + result.error().message);
            compiled.emplace(manifest, result ? std::optional(*result) : std::nullopt);
        }
        if (!compiled[manifest]) continue;

        // The same trouble in several marketplaces is one problem that names them.
        std::map<std::tuple<int, int, std::string, std::string>, std::vector<std::string>> found;
        std::vector<std::tuple<int, int, std::string, std::string>> order;
        for (const Config::Partition& partition : partitions.at(flow)) {
            const EffectiveSettings effective = config.effective(flow, partition);
            for (const schema::Violation& violation :
                 compiled[manifest]->validate(effective.settings)) {
                const std::string path = join_key("settings", violation.path);
                const Origin* origin = origin_of(effective, path);
                const bool placed = origin != nullptr && origin->mark.line > 0;
                const Mark mark = placed ? origin->mark : config.flows.at(flow).mark;
                std::string message = violation.message;
                const Json* value = value_at(effective.settings, violation.path);
                const bool secret = placed && config.secret_keys.contains(origin->key);
                if (value != nullptr && value->is_string() && !secret && value->text().size() < 60)
                    message += " (" + value->dump() + ")";
                const auto id =
                    std::make_tuple(mark.line, mark.column,
                                    placed ? origin->key : "flows." + flow + "." + path, message);
                if (found[id].empty()) order.push_back(id);
                found[id].push_back(partition.marketplace);
            }
        }
        for (const auto& id : order) {
            std::string codes;
            for (const std::string& code : found[id]) codes += (codes.empty() ? "" : ", ") + code;
            problems.add({std::get<0>(id), std::get<1>(id)}, std::get<2>(id), "config.setting",
                         std::get<3>(id) + "; wanted by flow " + flow +
                             (codes.empty() ? "" : " in " + codes));
        }
    }
}

std::string books_zone_of(const Config& config, const std::string& flow) {
    std::string zone = config.defaults["books_zone"].text();
    const auto wired = config.flows.find(flow);
    if (wired != config.flows.end())
        for (const std::string& name : {wired->second.source, wired->second.target})
            if (const auto at = config.connections.find(name); at != config.connections.end())
                zone = at->second.settings["books_zone"].text_or(zone);
    if (const auto own = config.flow_settings.find(flow); own != config.flow_settings.end())
        zone = own->second["books_zone"].text_or(zone);
    return zone;
}

}  // namespace carrick::config
