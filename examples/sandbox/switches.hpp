// SPDX-License-Identifier: Apache-2.0
// Switches: one for every fact about the real systems that is not certain. The suite must pass in
// each position; FIDELITY.md names them with their source.
#pragma once

#include <carrick/sdk/json.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox {

/// Named settings with a default and, mostly, a closed set of values. Thread-safe.
class Switches {
public:
    /// `allowed` empty: any text. Services declare theirs in their constructor, named after the
    /// system: "amazon.item_price", "netsuite.tax_engine".
    void declare(std::string name, std::string default_value, std::vector<std::string> allowed,
                 std::string meaning);

    /// The position; asking for an undeclared switch is our bug (asserted).
    [[nodiscard]] std::string get(std::string_view name) const;
    [[nodiscard]] bool is(std::string_view name, std::string_view value) const {
        return get(name) == value;
    }
    /// The position as a whole number; 0 where it is none.
    [[nodiscard]] std::int64_t number(std::string_view name) const;
    /// Errors: `sandbox.switch` for an unknown name or a value outside the allowed ones.
    [[nodiscard]] Result<void> set(std::string_view name, std::string_view value);
    void reset();

    /// [{name, value, default, allowed, meaning}]
    [[nodiscard]] Json describe() const;
    /// {name: value}
    [[nodiscard]] Json values() const;

private:
    struct Entry {
        std::string value;
        std::string default_value;
        std::vector<std::string> allowed;
        std::string meaning;
    };
    mutable std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace carrick::sandbox
