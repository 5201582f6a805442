// SPDX-License-Identifier: Apache-2.0
#include "core/app/offered.hpp"

#include "core/connectors/amazon/operations.hpp"
#include "core/connectors/netsuite/operations.hpp"
#include "core/plugin_host/library_file.hpp"
#include "core/plugin_host/nearest.hpp"

#include <set>
#include <string>
#include <string_view>

namespace carrick::app {

namespace {

const std::set<std::string_view>& offered_names() {
    static const std::set<std::string_view> kNames = [] {
        std::set<std::string_view> names;
        for (const connectors::Operation* one : offered_operations()) names.insert(one->name);
        return names;
    }();
    return kNames;
}

}  // namespace

std::vector<const connectors::Operation*> offered_operations() {
    std::vector<const connectors::Operation*> all;
    for (const connectors::Operation& one : amazon::described_operations()) all.push_back(&one);
    for (const connectors::Operation& one : connectors::netsuite::operation_table())
        all.push_back(&one);
    return all;
}

Result<void> check_operations(const plugin_host::Manifest& manifest) {
    std::set<std::string> named(manifest.operations.begin(), manifest.operations.end());
    for (const plugin_host::LookupDeclaration& lookup : manifest.lookups)
        named.insert(lookup.operation);
    std::string unknown;
    for (const std::string& name : named)
        if (!offered_names().contains(name)) {
            const std::string near = plugin_host::nearest(name, offered_names());
            unknown += (unknown.empty() ? "" : ", ") + name +
                       (near.empty() ? std::string() : " (did you mean " + near + "?)");
        }
    if (unknown.empty()) return {};
    return misconfigured("plugin.unknown_operation",
                         "plugin " + manifest.name + " calls what this engine does not offer: " +
                             unknown + "; `carrick operations` lists what it does");
}

Result<std::shared_ptr<plugin_host::LoadedPlugin>> load_offered_plugin(
    const plugin_host::Manifest& manifest) {
    if (Result<void> known = check_operations(manifest); !known) return known.error();
    return plugin_host::load_plugin(manifest);
}

std::vector<config::Problem> check_plugins(const config::Config& config) {
    std::vector<config::Problem> problems;
    std::set<std::string> seen;
    for (const std::string& name : config.order) {
        const config::FlowConfig& flow = config.flows.at(name);
        const plugin_host::Manifest* manifest = config.plugins.at(name);
        if (!flow.enabled || manifest == nullptr || !seen.insert(manifest->name).second) continue;
        const std::string key = "flows." + name + ".plugin";
        const auto mark = config.marks.find(key);
        for (const Result<void>& checked :
             {check_operations(*manifest), plugin_host::check_library_file(manifest->library)})
            if (!checked)
                problems.push_back({config.file.string(),
                                    mark == config.marks.end() ? flow.mark : mark->second, key,
                                    checked.error().code, checked.error().message, ""});
    }
    return problems;
}

}  // namespace carrick::app
