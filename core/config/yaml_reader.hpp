// SPDX-License-Identifier: Apache-2.0
// YAML as flows.yaml uses it: maps, lists and scalars as text, each with its place. The one place
// that knows yaml-cpp, and where hostile YAML ends.
#pragma once

#include "core/config/problems.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::config {

struct NodeEntry;

/// One value of the file. A scalar is its text; what it means is for the reader to say.
struct Node {
    enum class Kind { Null, Scalar, List, Map };
    Kind kind = Kind::Null;
    Mark mark;
    std::string text;
    bool quoted = false;    ///< written in quotes or as a block: a text whatever it looks like
    bool resolved = false;  ///< came from a reference; never shown
    bool secret = false;    ///< came from a secret or a file
    bool broken = false;    ///< already reported; readers pass over it in silence
    std::vector<Node> items;
    std::vector<NodeEntry> entries;

    [[nodiscard]] bool is_map() const { return kind == Kind::Map; }
    [[nodiscard]] bool is_list() const { return kind == Kind::List; }
    [[nodiscard]] bool is_scalar() const { return kind == Kind::Scalar; }
    [[nodiscard]] bool is_null() const { return kind == Kind::Null; }
    [[nodiscard]] const NodeEntry* find(std::string_view key) const;
    /// For messages: `the text "abc"`, `a list`. Never a resolved value.
    [[nodiscard]] std::string found() const;
};

struct NodeEntry {
    std::string key;
    Mark mark;  ///< of the key
    Node value;
};

struct YamlLimits {
    std::size_t bytes = std::size_t{4} * 1024 * 1024;
    std::size_t nodes = 100'000;
    std::size_t depth = 64;
    std::size_t entries = 10'000;  ///< of one map: look-ups in it are linear
};

/// The document, or nothing where it cannot be read at all; problems say why. Refused, each with
/// its place: duplicate keys, anchors and aliases, merge keys, tags, a second document, tabs that
/// indent, invalid UTF-8, NUL bytes, unquoted numbers that begin with 0, anything over the limits.
[[nodiscard]] std::optional<Node> read_yaml(std::string_view text, Problems& problems,
                                            const YamlLimits& limits = {});

}  // namespace carrick::config
