// SPDX-License-Identifier: Apache-2.0
// Sections of flows.yaml, read with a place and an expectation for everything that is wrong.
#include "core/config/section.hpp"

#include <algorithm>
#include <charconv>

namespace carrick::config {

std::optional<Milliseconds> parse_duration(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::int64_t milliseconds;
    };
    static constexpr Unit kUnits[] = {
        {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    const std::string_view name(rest, static_cast<std::size_t>(end - rest));
    // A thousand years fit with room to spare, and no product below can overflow.
    constexpr std::int64_t kMost = 1'000'000'000;
    if (error != std::errc() || number < 0 || number > kMost) return std::nullopt;
    for (const Unit& unit : kUnits)
        if (unit.name == name) return Milliseconds(number * unit.milliseconds);
    return std::nullopt;
}

Section::Section(const Node& node, std::string key, std::span<const KeySpec> keys,
                 Problems& problems)
    : node_(node), key_(std::move(key)), problems_(problems) {
    if (!node.is_map()) {
        if (!node.broken)
            problems.add(node.mark, key_, "config.type",
                         "expected a map of keys, found " + node.found());
        return;
    }
    std::vector<std::string_view> built;
    for (const KeySpec& spec : keys)
        if (spec.built) built.push_back(spec.name);
    for (const NodeEntry& entry : node.entries) {
        const auto spec = std::find_if(keys.begin(), keys.end(),
                                       [&](const KeySpec& k) { return k.name == entry.key; });
        if (spec == keys.end())
            problems.add(entry.mark, join_key(key_, entry.key), "config.unknown_key", "unknown key",
                         problems.nearest(entry.key, built));
        else if (!spec->built)
            problems.add(entry.mark, join_key(key_, entry.key), "config.not_in_this_version",
                         "is documented, but not in this version");
    }
}

const Node* Section::value(std::string_view name) const {
    const NodeEntry* entry = node_.find(name);
    return entry == nullptr || entry->value.is_null() || entry->value.broken ? nullptr
                                                                             : &entry->value;
}

Mark Section::mark_of(std::string_view name) const {
    const NodeEntry* entry = node_.find(name);
    if (entry == nullptr) return node_.mark;
    return entry->value.mark.line > 0 ? entry->value.mark : entry->mark;
}

void Section::wrong(std::string_view name, const Node& found, std::string_view expected,
                    std::string nearest) {
    problems_.add(found.mark, key_of(name), "config.value",
                  "expected " + std::string(expected) + ", found " + found.found(),
                  std::move(nearest));
}

const Node* Section::scalar(std::string_view name, std::string_view expected) {
    const NodeEntry* entry = node_.find(name);
    if (entry == nullptr || entry->value.broken) return nullptr;
    if (!entry->value.is_scalar()) {
        wrong(name, entry->value, expected);
        return nullptr;
    }
    return &entry->value;
}

std::optional<std::string> Section::text(std::string_view name) {
    const Node* node = scalar(name, "a text");
    if (node == nullptr) return std::nullopt;
    if (node->text.empty()) {
        wrong(name, *node, "a text");
        return std::nullopt;
    }
    return node->text;
}

std::optional<bool> Section::flag(std::string_view name) {
    const Node* node = scalar(name, "true or false");
    if (node == nullptr) return std::nullopt;
    if (!node->quoted && (node->text == "true" || node->text == "false"))
        return node->text == "true";
    wrong(name, *node, "true or false");
    return std::nullopt;
}

std::optional<std::int64_t> Section::count(std::string_view name, std::int64_t least,
                                           std::int64_t most) {
    const std::string expected =
        "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const Node* node = scalar(name, expected);
    if (node == nullptr) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = node->text.data() + node->text.size();
    const auto [rest, error] = std::from_chars(node->text.data(), end, number);
    if (error == std::errc() && rest == end && !node->quoted && number >= least && number <= most)
        return number;
    wrong(name, *node, expected);
    return std::nullopt;
}

std::optional<Milliseconds> Section::duration(std::string_view name) {
    constexpr std::string_view kExpected = "a duration such as 500ms, 30s, 5m, 1h or 1d";
    const Node* node = scalar(name, kExpected);
    if (node == nullptr) return std::nullopt;
    const std::optional<Milliseconds> duration = parse_duration(node->text);
    if (!duration || duration->count() == 0) {
        wrong(name, *node, kExpected);
        return std::nullopt;
    }
    return duration;
}

std::optional<std::string> Section::choice(std::string_view name,
                                           std::initializer_list<std::string_view> words) {
    std::string expected;
    for (const std::string_view word : words)
        expected += (expected.empty() ? "" : " or ") + std::string(word);
    const Node* node = scalar(name, expected);
    if (node == nullptr) return std::nullopt;
    if (std::find(words.begin(), words.end(), node->text) != words.end()) return node->text;
    wrong(name, *node, expected,
          node->resolved ? std::string() : problems_.nearest(node->text, words));
    return std::nullopt;
}

std::vector<NamedMark> Section::words(std::string_view name) {
    const Node* node = value(name);
    if (node == nullptr) return {};
    if (node->is_scalar()) return {{node->text, node->mark}};
    std::vector<NamedMark> words;
    if (!node->is_list()) wrong(name, *node, "a list of words");
    for (const Node& item : node->items) {
        if (item.broken) continue;
        if (item.is_scalar() && !item.text.empty())
            words.push_back({item.text, item.mark});
        else
            wrong(name, item, "a list of words");
    }
    return words;
}

const Node* Section::map(std::string_view name) {
    const Node* node = value(name);
    if (node == nullptr || node->is_map()) return node;
    wrong(name, *node, "a map of keys");
    return nullptr;
}

bool Section::require(std::string_view name, std::string_view what) {
    if (has(name)) return true;
    if (node_.is_map())
        problems_.add(node_.mark, key_of(name), "config.missing",
                      "is missing; expected " + std::string(what));
    return false;
}

}  // namespace carrick::config
