// SPDX-License-Identifier: Apache-2.0
// Preparation: makes the plugin's instance and compiles filter, mapping and look-ups. Where
// settings refer to things of the target this is the first step's work, not the start's.
#include "core/base/log.hpp"
#include "core/engine/call_scope.hpp"
#include "core/engine/instance.hpp"
#include "core/engine/references.hpp"

namespace carrick::engine {

Json Instance::create_config() const {
    Json connections = Json::object();
    for (const auto& [role, name] : flow_.roles)
        if (const ConnectionSpec* spec = connection(role))
            connections.set(
                role, Json::object({{"id", Json(spec->id)}, {"connector", Json(spec->connector)}}));
    Json config = Json::object({{"flow", Json(name_.flow)},
                                {"origin", Json(name_.origin)},
                                {"partition", Json(name_.partition)},
                                {"connections", std::move(connections)}});
    config.set("settings", partition_.settings.is_null() ? Json::object() : partition_.settings);
    if (name_.partition.empty() && !partition_.marketplaces.is_null())
        config.set("marketplaces", partition_.marketplaces);
    if (flow_.start) config.set("start", Json(flow_.start->text()));
    // The installation's key for hashes of personal data; the same over every start.
    if (Result<std::string> key = services_.store.identity_key())
        config.set("identity_key", Json(*key));
    return config;
}

Result<void> Instance::prepare() {
    // Set until it has succeeded: a hold that is released prepares once more.
    prepare_at_ = now();
    if (has_references(partition_, manifest_)) return {};
    if (Result<void> made = make_plugin(); !made) return made;
    prepare_at_ = {};
    settle_earlier_hold();
    return {};
}

void Instance::prepare_with_references() {
    Result<void> prepared;
    PartitionSpec resolved = partition_;
    {
        CallGateway gateway(gateway_context());
        const CallScope scope(*this);
        prepared = resolve_references(resolved, flow_, services_.settings, gateway.call_context());
    }
    if (call_was_abandoned() || stopping()) return;
    if (!prepared &&
        errors::remedy_for(prepared.error().error_class) == errors::Remedy::RetryLater) {
        end_.trouble = prepared.error();
        prepare_at_ = now() + flow_.retry.delay_without_end(++prepare_tries_, prepared.error(),
                                                            services_.random);
        if (services_.said.first("settings not resolved yet", name_, prepared.error(), now()))
            log::warning("settings not resolved yet",
                         {{"flow", Json(name_.flow)},
                          {"partition", Json(name_.partition)},
                          {"code", Json(prepared.error().code)},
                          {"message", Json(prepared.error().message)}});
        return;
    }
    if (prepared) {
        std::swap(partition_, resolved);
        prepared = make_plugin();
        if (prepared) {
            prepare_at_ = {};
            prepare_tries_ = 0;
            end_.progressed = true;
            return settle_earlier_hold();
        }
        std::swap(partition_, resolved);
    }
    record_hold(prepared.error(), "create");
    end_.hold_instance = prepared.error();
}

Result<void> Instance::make_plugin() {
    if (Result<void> compiled = compile(); !compiled) return compiled;
    Result<std::unique_ptr<plugin_host::FlowInstance>> made = flow_.plugin->create(create_config());
    if (!made) return made.error();
    plugin_ = std::move(*made);
    return {};
}

Result<void> Instance::compile() {
    compiled_ = {};
    if (!flow_.where.empty()) {
        Result<Filter> filter = Filter::compile(flow_.where);
        if (!filter) return filter.error();
        compiled_.where = std::move(*filter);
    }
    for (const JsonMember& write : partition_.mapping.members()) {
        const plugin_host::WriteDeclaration* declared = manifest_.write(write.key);
        if (declared == nullptr)
            return misconfigured("engine.unknown_write", "mapping." + write.key + ": plugin " +
                                                             manifest_.name +
                                                             " writes nothing of this name");
        Result<Overlay> overlay = Overlay::compile(write.value, declared->identity_fields);
        if (!overlay) return overlay.error();
        if (!overlay->empty()) compiled_.overlays.emplace(write.key, std::move(*overlay));
    }
    for (const plugin_host::LookupDeclaration& lookup : manifest_.lookups) {
        const ConnectionSpec* spec = connection(lookup.role);
        if (spec == nullptr)
            return misconfigured("engine.no_connection",
                                 "flow " + name_.flow + ": look-up \"" + lookup.name +
                                     "\" needs a connection as \"" + lookup.role + "\"");
        CompiledLookup compiled{lookup, flow_.roles.at(lookup.role),
                                spec,   fill_settings(lookup.request, partition_.settings),
                                {},     services_.settings.dry_run || !spec->live};
        if (compiled.request.is_null()) compiled.request = Json::object();
        compiled.cache_key = compiled.connection_name + '\n' + lookup.operation + '\n' +
                             compiled.request.dump() + '\n';
        compiled_.lookups.push_back(std::move(compiled));
    }
    return {};
}

void Instance::settle_earlier_hold() {
    if (error_keys_.erase("") > 0) draft_.resolve_key_errors.emplace_back("", "started again");
}

}  // namespace carrick::engine
