// SPDX-License-Identifier: Apache-2.0
// Settings that name a thing of the target ("Main", a location) become its internal id before a
// plugin sees them, so that no plugin ever looks a setting up.
#pragma once

#include "core/engine/settings.hpp"

namespace carrick::engine {

/// Does any setting of this partition refer to something?
[[nodiscard]] bool has_references(const PartitionSpec& partition,
                                  const plugin_host::Manifest& manifest);

/// Puts ids in the place of names, in the settings of the partition and of its marketplaces.
/// Errors   Misconfigured `engine.reference`: the flow has no connection that knows the kind.
///          The connection's: Misconfigured for a name that it does not know, Transient or
///          Throttled where it could not be asked. Each begins with flow, partition and key.
[[nodiscard]] Result<void> resolve_references(PartitionSpec& partition, const FlowSpec& flow,
                                              const EngineSettings& engine,
                                              const connectors::CallContext& context);

}  // namespace carrick::engine
