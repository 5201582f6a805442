// SPDX-License-Identifier: Apache-2.0
// SchemaView: what the settings schemas of one or more plugins say about one place in the
// settings: which keys are known there, and of which types a value may be.
#pragma once

#include <carrick/sdk/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace carrick::config {

/// Borrows the schemas. An object schema that lists `properties` knows only these, unless it says
/// `additionalProperties` itself; one that lists none knows every key.
class SchemaView {
public:
    /// A plugin's settings as a whole. One that lists none knows none.
    void add(const Json& schema);

    [[nodiscard]] bool known() const { return !spots_.empty(); }
    [[nodiscard]] SchemaView child(std::string_view key) const;
    [[nodiscard]] SchemaView item() const;
    /// The keys that `properties` list here, for "did you mean".
    [[nodiscard]] std::vector<std::string> names() const;
    /// True where some schema here allows the JSON Schema type, or says nothing about types.
    [[nodiscard]] bool allows(std::string_view type) const;

    /// `raw` with the keys known here only, its scalars typed: a number or a truth value that was
    /// written without quotes is a text where only a text is allowed.
    [[nodiscard]] Json shape(const Json& raw) const;

    /// The defaults that the schemas give. An inner object is made for its defaults only where
    /// these already make it complete.
    [[nodiscard]] Json defaults() const;

private:
    struct Spot {
        const Json* schema;
        const Json* root;
    };
    void expand(const Json& schema, const Json& root, int depth);

    std::vector<Spot> spots_;
};

}  // namespace carrick::config
