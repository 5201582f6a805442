// SPDX-License-Identifier: Apache-2.0
// A manifest's `settings`: a JSON Schema, checked and flattened into one declaration a setting.
#pragma once

#include "core/plugin_host/manifest.hpp"
#include "core/plugin_host/manifest_reader.hpp"

namespace carrick::plugin_host {

struct SettingsSchema {
    Json schema;  ///< without our own annotation `secret`, so that it is plain JSON Schema
    std::vector<SettingDeclaration> settings;
};

/// Problems: a keyword that is not checked, a default that its own schema refuses.
[[nodiscard]] SettingsSchema read_settings_schema(const Json& schema, Problems& problems);

}  // namespace carrick::plugin_host
