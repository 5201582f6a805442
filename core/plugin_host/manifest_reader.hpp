// SPDX-License-Identifier: Apache-2.0
// Reads the members of one JSON object against the keys it may have, and collects every problem
// with its place, so that an author sees all of them at once.
#pragma once

#include <carrick/sdk/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugin_host {

class Problems {
public:
    void add(std::string_view place, std::string_view what);
    [[nodiscard]] bool empty() const { return texts_.empty(); }
    [[nodiscard]] std::size_t size() const { return texts_.size(); }
    /// The first eight in one line, and how many more there are.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::string> texts_;
};

/// The value between quotes, cut to what fits a message.
[[nodiscard]] std::string in_quotes(std::string_view value);

enum class Presence { Optional, Required };

class ObjectReader {
public:
    /// Reports a value that is no object, and members that are not among `keys`.
    ObjectReader(const Json& json, std::string place, std::span<const std::string_view> keys,
                 Problems& problems);

    [[nodiscard]] std::string text(std::string_view key, Presence presence) const;
    /// One of `choices`, as its index; the first where absent or wrong.
    [[nodiscard]] std::size_t choice(std::string_view key, Presence presence,
                                     std::span<const std::string_view> choices) const;
    [[nodiscard]] bool flag(std::string_view key) const;
    [[nodiscard]] int integer(std::string_view key, int fallback, int low, int high) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
    /// The member where it is an object; an empty object where it is absent or wrong.
    [[nodiscard]] Json object(std::string_view key) const;
    /// The items of an array member.
    [[nodiscard]] std::span<const Json> items(std::string_view key) const;

    [[nodiscard]] std::string place(std::string_view key) const;
    void problem(std::string_view key, std::string_view what) const;
    [[nodiscard]] bool has(std::string_view key) const { return json_.contains(key); }

private:
    [[nodiscard]] const Json* member(std::string_view key, Presence presence) const;
    void wrong_type(std::string_view key, const Json& value, std::string_view expected) const;

    const Json& json_;
    std::string place_;
    Problems& problems_;
};

}  // namespace carrick::plugin_host
