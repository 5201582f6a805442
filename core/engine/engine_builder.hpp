// SPDX-License-Identifier: Apache-2.0
// From flows.yaml to EngineSettings.
#pragma once

#include "core/config/config.hpp"
#include "core/engine/settings.hpp"

#include <functional>
#include <map>
#include <string>

namespace carrick::engine {

/// Loads a plugin; the application passes plugin_host::load_plugin.
using PluginLoader =
    std::function<Result<std::shared_ptr<plugin_host::LoadedPlugin>>(const plugin_host::Manifest&)>;

/// Builds the settings of every enabled flow. `connections`: name -> connection, borrowed; all that
/// the configuration names must be there. Settings that the manifest marks as references
/// (`netsuite.location`) are resolved to ids through the flow's connections.
/// Errors   a plugin's or a reference's, Misconfigured with the flow and the key. A flow whose
///          plugin does not load does not stop the others: it is left out and named in `left_out`.
struct Built {
    EngineSettings settings;
    std::vector<std::pair<std::string, Error>> left_out;  ///< flow -> why
};
[[nodiscard]] Result<Built> build_engine_settings(
    const config::Config& config, const std::map<std::string, connectors::Connection*>& connections,
    const PluginLoader& load);

}  // namespace carrick::engine
