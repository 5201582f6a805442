// SPDX-License-Identifier: Apache-2.0
// What a file claims to be, read before the dynamic loader runs anything of it.
#pragma once

#include <carrick/sdk/result.hpp>

#include <filesystem>

namespace carrick::plugin_host {

/// Errors   Misconfigured `plugin.not_a_library`: no ELF shared object, or not readable;
///          `plugin.wrong_architecture`: built for another machine (both are named).
[[nodiscard]] Result<void> check_library_file(const std::filesystem::path& file);

}  // namespace carrick::plugin_host
