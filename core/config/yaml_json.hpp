// SPDX-License-Identifier: Apache-2.0
// YAML as JSON, for readers that are not the engine's own: the files of plugins' commands.
#pragma once

#include "core/config/yaml_reader.hpp"

#include <carrick/sdk/json.hpp>

namespace carrick::config {

/// Unquoted, what looks like a number, a boolean or nothing is one; all else is text.
[[nodiscard]] Json scalar_value(const Node& node);

/// {"file", "value", "marks"} as sdk::CommandCall describes it.
/// Errors   Misconfigured `config.yaml`: all problems, one a line, each with its place.
[[nodiscard]] Result<Json> yaml_with_marks(const std::string& file, const std::string& text);

}  // namespace carrick::config
