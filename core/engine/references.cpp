// SPDX-License-Identifier: Apache-2.0
#include "core/engine/references.hpp"

#include "core/plugin_host/flow_instance.hpp"

#include <functional>

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

/// Calls `visit(value)` for what is set at a path; "codes[].code" is set once for each item of a
/// list.
Result<void> each_value(Json& value, std::string_view path,
                        const std::function<Result<void>(Json&)>& visit) {
    if (value.is_null()) return {};
    if (path.empty()) return visit(value);
    const std::size_t dot = path.find('.');
    std::string_view name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    const bool is_list = name.ends_with("[]");
    if (is_list) name.remove_suffix(2);
    Json* member = value.find(name);
    if (member == nullptr) return {};
    if (!is_list) return each_value(*member, path, visit);
    if (member->items_if() == nullptr) return {};
    for (Json& item : *member->items_if())
        if (Result<void> visited = each_value(item, path, visit); !visited) return visited;
    return {};
}

/// Calls `visit(declaration, value)` for each reference that is set, until one fails.
template <class Visit>
Result<void> each_reference(Json& settings, const plugin_host::Manifest& manifest,
                            const Visit& visit) {
    for (const plugin_host::SettingDeclaration& declared : manifest.settings) {
        if (declared.reference.empty()) continue;
        const auto each = [&](Json& value) -> Result<void> {
            if (!declared.reference_map) return visit(declared, value);
            if (value.members_if() == nullptr) return {};
            for (JsonMember& entry : *value.members_if())
                if (Result<void> visited = visit(declared, entry.value); !visited) return visited;
            return {};
        };
        if (Result<void> visited = each_value(settings, declared.path, each); !visited)
            return visited;
    }
    return {};
}

Result<void> resolve(Json& settings, const FlowSpec& flow, const EngineSettings& engine,
                     const connectors::CallContext& context, const std::string& where) {
    return each_reference(
        settings, flow.plugin->manifest(),
        [&](const plugin_host::SettingDeclaration& declared, Json& value) -> Result<void> {
            const ConnectionSpec* target = connection_for(flow, engine, declared.reference);
            if (target == nullptr)
                return misconfigured("engine.reference",
                                     where + ": " + declared.path + " names a " +
                                         declared.reference +
                                         ", but the flow has no connection to look it up in");
            const std::string name =
                value.number_if() != nullptr ? *value.number_if() : value.text();
            Result<std::string> id =
                target->connection->resolve_reference(declared.reference, name, context);
            if (!id) {
                Error error = id.error();
                error.message = where + ": " + declared.path + ": " + error.message;
                return error;
            }
            value = Json(*id);
            return {};
        });
}

}  // namespace

bool has_references(const PartitionSpec& partition, const plugin_host::Manifest& manifest) {
    bool any = false;
    const auto note = [&any](const plugin_host::SettingDeclaration&, Json&) -> Result<void> {
        any = true;
        return {};
    };
    Json settings = partition.settings;
    (void)each_reference(settings, manifest, note);
    for (const JsonMember& marketplace : partition.marketplaces.members()) {
        Json of_marketplace = marketplace.value;
        (void)each_reference(of_marketplace, manifest, note);
    }
    return any;
}

Result<void> resolve_references(PartitionSpec& partition, const FlowSpec& flow,
                                const EngineSettings& engine,
                                const connectors::CallContext& context) {
    const std::string where = "flow " + flow.name + " in " + partition.origin + "/";
    if (Result<void> resolved =
            resolve(partition.settings, flow, engine, context, where + partition.partition);
        !resolved)
        return resolved;
    if (partition.marketplaces.is_null()) return {};
    Json marketplaces = Json::object();
    for (const JsonMember& marketplace : partition.marketplaces.members()) {
        Json settings = marketplace.value;
        if (Result<void> resolved =
                resolve(settings, flow, engine, context, where + marketplace.key);
            !resolved)
            return resolved;
        marketplaces.set(marketplace.key, std::move(settings));
    }
    partition.marketplaces = std::move(marketplaces);
    return {};
}

}  // namespace carrick::engine
