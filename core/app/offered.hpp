// SPDX-License-Identifier: Apache-2.0
// Plugins against this engine, before anything of them runs: what they would call, and the file
// that would be loaded.
#pragma once

#include "core/config/config.hpp"
#include "core/plugin_host/flow_instance.hpp"

#include <memory>
#include <vector>

namespace carrick::app {

/// All that connections of this engine can do, Amazon's first.
[[nodiscard]] std::vector<const connectors::Operation*> offered_operations();

/// Errors   Misconfigured `plugin.unknown_operation`: the manifest names operations, its own or a
///          look-up's, that no connection of this engine offers; each with the nearest that one
///          does.
[[nodiscard]] Result<void> check_operations(const plugin_host::Manifest& manifest);

/// plugin_host::load_plugin, behind check_operations.
[[nodiscard]] Result<std::shared_ptr<plugin_host::LoadedPlugin>> load_offered_plugin(
    const plugin_host::Manifest& manifest);

/// The plugins that the enabled flows load: operations, and the library's file, of which nothing
/// is run. Each problem stands at the first flow that uses the plugin.
[[nodiscard]] std::vector<config::Problem> check_plugins(const config::Config& config);

}  // namespace carrick::app
