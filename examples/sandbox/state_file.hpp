// SPDX-License-Identifier: Apache-2.0
// --state DIR: what the sandbox keeps over a restart, as one JSON file.
#pragma once

#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>

namespace carrick::sandbox {

/// DIR/sandbox.json, or nothing when there is none yet. Errors: `sandbox.state` for a broken one.
[[nodiscard]] Result<std::optional<Json>> load_state(const std::string& directory);
/// Written beside and renamed, so that a kill leaves the old file or the new one.
[[nodiscard]] Result<void> save_state(const std::string& directory, const Json& state);
/// The same way for any small file.
[[nodiscard]] Result<void> write_whole_file(const std::string& path, const std::string& text);

}  // namespace carrick::sandbox
