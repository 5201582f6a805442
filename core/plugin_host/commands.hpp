// SPDX-License-Identifier: Apache-2.0
// Commands that plugins bring: `carrick <noun> <verb>`, found in the manifests, helped and
// completed from them, run by the plugin. No flows.yaml and no store is needed.
#pragma once

#include "core/plugin_host/manifest.hpp"

#include <atomic>
#include <functional>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugin_host {

/// Takes out every plugin that claims one of the program's own nouns; a problem names it.
void refuse_reserved_nouns(ManifestSet& plugins, std::span<const std::string_view> nouns);

struct CommandStreams {
    std::istream& in;  ///< what a file argument "-" reads
    std::ostream& out;
    std::ostream& err;
    const std::atomic<bool>* cancelled = nullptr;
    /// Opens a file argument; null where it cannot. Nothing: as it lies on the disk.
    std::function<std::unique_ptr<std::istream>(const std::string& path)> open{};
    /// The text of a file that is declared YAML, as a plugin gets it (sdk::CommandCall).
    std::function<Result<Json>(const std::string& path, const std::string& text)> read_yaml{};
};

enum CommandExit : int {
    kCommandOk = 0,
    kCommandFailed = 1,  ///< the plugin failed, or could not be loaded
    kCommandUsage = 2,   ///< wrong arguments, no such command, a file that cannot be read
};

/// Loads the plugin that claims the pair and runs it. `words`: what stands behind the verb;
/// `--help` prints the help.
/// Returns  the plugin's exit code (0 to 255), or one of CommandExit; what is wrong stands on
/// `err`.
[[nodiscard]] int run_plugin_command(const ManifestSet& plugins, std::string_view noun,
                                     std::string_view verb, std::span<const std::string> words,
                                     const CommandStreams& streams);

/// The help of one command; with an empty verb the verbs of a noun; with an empty noun all
/// commands. Empty where there is none.
[[nodiscard]] std::string command_help(const ManifestSet& plugins, std::string_view noun = {},
                                       std::string_view verb = {});

/// What may stand where the last word is being typed, one candidate a line of bash's completion.
/// `words`: everything behind `carrick`, the last one unfinished (perhaps empty). An empty answer
/// for a file argument leaves completion to the shell.
[[nodiscard]] std::vector<std::string> complete_command(const ManifestSet& plugins,
                                                        std::span<const std::string> words);

}  // namespace carrick::plugin_host
