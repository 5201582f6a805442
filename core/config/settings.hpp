// SPDX-License-Identifier: Apache-2.0
// Settings: the levels of flows.yaml that hold them, checked against what plugins know, merged per
// flow and partition, and validated by the plugin's schema.
#pragma once

#include "core/config/schema_view.hpp"
#include "core/config/yaml_reader.hpp"

#include <string>
#include <string_view>

namespace carrick::config {

/// The settings that the core itself reads, at any level.
inline constexpr std::string_view kCoreSettings[] = {"books_zone"};

/// Notes where each value of a level stands and which of them are secrets, and gives the level as
/// Json: plain true, false and numbers as such (a number as its token), all other scalars as text.
[[nodiscard]] Json read_level(const Node& node, const std::string& key, Config& config);
/// The same for expressions: every scalar is text.
[[nodiscard]] Json read_expressions(const Node& node, const std::string& key, Config& config);

/// Reports keys of a level that no schema in the view knows, with the nearest one that is known.
void check_known_keys(const Node& node, const std::string& key, const SchemaView& view,
                      Problems& problems);

/// Validates every flow's effective settings, partition by partition; a problem points at the
/// place that set the value.
void check_effective_settings(
    const Config& config, const std::map<std::string, std::vector<Config::Partition>>& partitions,
    Problems& problems);

/// `books_zone` as it holds for a flow's own dates; empty where none is set.
[[nodiscard]] std::string books_zone_of(const Config& config, const std::string& flow);

}  // namespace carrick::config
