// SPDX-License-Identifier: Apache-2.0
// Reading: what the parts of the reader share while one flows.yaml becomes a Config.
#pragma once

#include "core/config/section.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace carrick::config {

/// Outline: what stands in secrets and files is left out, and settings are not judged without it.
enum class Depth { Whole, Outline };

struct Reading {
    const plugin_host::ManifestSet& plugins;
    const LoadOptions& options;
    Problems& problems;
    Config& config;
    /// `start` of each flow, read last: a day needs books_zone. Borrowed from the document.
    std::map<std::string, const Node*> starts{};
    /// Of every flow, found once the graph is known.
    std::map<std::string, std::vector<Config::Partition>> partitions{};
    Depth depth = Depth::Whole;

    /// Reports a marketplace code that does not exist; gives it normalised.
    [[nodiscard]] std::string marketplace(const NamedMark& code, const std::string& key);
    /// The manifest of a name; null where there is none.
    [[nodiscard]] const plugin_host::Manifest* plugin(std::string_view name) const;
    /// `path` beside flows.yaml.
    [[nodiscard]] std::string beside(const std::string& path) const;
};

/// The bytes of a flows.yaml, or why it cannot be read.
struct FileText {
    std::optional<std::string> text;
    Problem problem;
};
[[nodiscard]] FileText read_file(const std::filesystem::path& file);

/// What could be read, whatever is wrong with it; nothing where the text is no YAML at all.
[[nodiscard]] std::optional<Config> read_config(std::string_view text,
                                                const std::filesystem::path& file,
                                                const plugin_host::ManifestSet& plugins,
                                                const LoadOptions& options, Depth depth,
                                                Problems& problems);

/// A copy of a map whose keys are marketplace codes, normalised and checked.
[[nodiscard]] Node by_marketplace(const Node& node, const std::string& key, Reading& reading);

/// Names stand in dotted keys, store tables and logs: letters, digits, _ and -, at most 64.
void check_name(const NodeEntry& entry, const std::string& key, Problems& problems);

void read_connections(const Node& node, Reading& reading);
void read_flows(const Node& node, Reading& reading);
/// Everything that needs all flows and connections: wiring, order, cycles, regions, dates.
void check_graph(Reading& reading);

}  // namespace carrick::config
