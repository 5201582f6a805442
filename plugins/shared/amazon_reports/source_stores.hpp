// SPDX-License-Identifier: Apache-2.0
// What every source of an Amazon account is configured by: where it begins and which stores it
// reads.
#pragma once

#include <carrick/sdk/flow.hpp>

#include <string>
#include <vector>

namespace carrick::plugins {

struct SourceStores {
    UtcTime start;
    std::vector<std::string> codes;  ///< at least one
    Json settings;                   ///< the same for all of them
};

/// `section`: the plugin's own part of the settings, for messages.
/// Errors   Misconfigured `<plugin>.start`: none is set; `<plugin>.marketplaces`: none is named;
///          `<plugin>.settings`: two stores differ in them, which one instance cannot serve.
[[nodiscard]] Result<SourceStores> read_source_stores(const sdk::FlowConfig& config,
                                                      const std::string& plugin,
                                                      const std::string& section);

}  // namespace carrick::plugins
