// SPDX-License-Identifier: Apache-2.0
// Section: one map of flows.yaml with a closed table of keys, read key by key into types.
#pragma once

#include "core/config/yaml_reader.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::config {

/// One key that a section may hold.
struct KeySpec {
    std::string_view name;
    bool built = true;  ///< false: documented, and refused as "not in this version"
};

struct NamedMark {
    std::string text;
    Mark mark;
};

/// Reads "500ms", "30s", "5m", "1h", "1d". Nothing for anything else.
[[nodiscard]] std::optional<Milliseconds> parse_duration(std::string_view text);

class Section {
public:
    /// Reports keys that are not in the table. A node that is no map is reported once and then
    /// reads as an empty one.
    Section(const Node& node, std::string key, std::span<const KeySpec> keys, Problems& problems);

    [[nodiscard]] const std::string& key() const { return key_; }
    [[nodiscard]] Mark mark() const { return node_.mark; }
    /// The value; null where absent, null or already reported.
    [[nodiscard]] const Node* value(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return node_.find(name) != nullptr; }
    [[nodiscard]] Mark mark_of(std::string_view name) const;
    [[nodiscard]] std::string key_of(std::string_view name) const { return join_key(key_, name); }

    // Each answers nothing when the key is absent, and reports when it is there and wrong.
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::optional<bool> flag(std::string_view name);
    [[nodiscard]] std::optional<std::int64_t> count(std::string_view name, std::int64_t least,
                                                    std::int64_t most);
    [[nodiscard]] std::optional<Milliseconds> duration(std::string_view name);
    [[nodiscard]] std::optional<std::string> choice(std::string_view name,
                                                    std::initializer_list<std::string_view> words);
    /// A list of words, or one word.
    [[nodiscard]] std::vector<NamedMark> words(std::string_view name);
    [[nodiscard]] const Node* map(std::string_view name);
    /// Reports `name` as missing when it is; true when it is there.
    bool require(std::string_view name, std::string_view what);

    void wrong(std::string_view name, const Node& found, std::string_view expected,
               std::string nearest = {});

private:
    [[nodiscard]] const Node* scalar(std::string_view name, std::string_view expected);

    const Node& node_;
    std::string key_;
    Problems& problems_;
};

}  // namespace carrick::config
