// SPDX-License-Identifier: Apache-2.0
// The simulation's flows, written with the SDK as any partner would write them: a source, a
// pass-through transform, a sink whose target enforces external ids, and one whose target does not.
#pragma once

#include "core/plugin_host/flow_instance.hpp"

#include <memory>

namespace carrick::simulation {

[[nodiscard]] std::shared_ptr<plugin_host::LoadedPlugin> source_plugin();
[[nodiscard]] std::shared_ptr<plugin_host::LoadedPlugin> pass_plugin();
[[nodiscard]] std::shared_ptr<plugin_host::LoadedPlugin> safe_sink_plugin();
[[nodiscard]] std::shared_ptr<plugin_host::LoadedPlugin> unsafe_sink_plugin();

}  // namespace carrick::simulation
