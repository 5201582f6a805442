// SPDX-License-Identifier: Apache-2.0
// RequestReader: takes an operation's request apart. What it refuses is the plugin's mistake.
#pragma once

#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::connectors::netsuite {

/// Reads members one by one and keeps the first problem; ask `problem` once at the end.
/// Every problem is Bug `netsuite.request` and names the operation and the member.
class RequestReader {
public:
    RequestReader(std::string_view operation, const Json& request);

    std::string text(std::string_view key);           ///< must be there and not empty
    std::string optional_text(std::string_view key);  ///< "" where absent
    std::string record_type(std::string_view key);    ///< a text fit for a path
    bool flag(std::string_view key, bool fallback);
    std::size_t count(std::string_view key, std::size_t fallback);
    std::vector<std::string> texts(std::string_view key);  ///< of an array; empty where absent
    /// A table, column or field name; "" where absent, unless `required`.
    std::string identifier(std::string_view key, bool required);
    std::vector<std::string> identifiers(std::string_view key);
    const Json& object(std::string_view key);  ///< must be an object

    void complain(std::string what);
    [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }

private:
    const std::string operation_;
    const Json& request_;
    std::optional<Error> problem_;
};

}  // namespace carrick::connectors::netsuite
