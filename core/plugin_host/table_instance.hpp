// SPDX-License-Identifier: Apache-2.0
// A FlowInstance on a plugin's C table: the host glue.
#pragma once

#include "core/plugin_host/call_context.hpp"
#include "core/plugin_host/page_builder.hpp"
#include "core/plugin_host/pure_context.hpp"

#include <memory>

namespace carrick::plugin_host {

/// Makes instances from a descriptor that passed the handshake. Errors: as LoadedPlugin::create.
[[nodiscard]] Result<std::unique_ptr<FlowInstance>> create_instance(
    std::shared_ptr<const LoadedPlugin> plugin, const carrick_plugin& descriptor,
    const Json& config);

}  // namespace carrick::plugin_host
