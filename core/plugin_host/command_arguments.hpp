// SPDX-License-Identifier: Apache-2.0
// The words behind a command, read as its manifest declares them.
#pragma once

#include "core/plugin_host/manifest.hpp"

#include <carrick/sdk/result.hpp>

namespace carrick::plugin_host {

struct CommandArguments {
    Json values;  ///< name -> text, boolean, file number, or an array of them (repeated)
    std::vector<std::string> files;                         ///< paths, by file number
    std::vector<std::pair<std::string, std::string>> yaml;  ///< argument, and its file's path
    bool help = false;
};

/// `--name value`, `--name=value`, `--flag`, positionals; `--` ends the options.
/// Errors   Misconfigured `command.usage`: an unknown option (the nearest is named), a missing or
///          surplus value, an option given twice that is not repeated.
[[nodiscard]] Result<CommandArguments> parse_arguments(const CommandDeclaration& command,
                                                       std::span<const std::string> words);

}  // namespace carrick::plugin_host
