// SPDX-License-Identifier: Apache-2.0
// JSON Schema over our own Json: settings, payloads, manifests, contracts. The one place that
// knows valijson.
#pragma once

#include <carrick/sdk/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace carrick::schema {

struct Violation {
    std::string path;     ///< "item.items[0].quantity"; "" = the whole document
    std::string message;  ///< what was found and what was expected
};

/// A compiled schema (draft-07 as far as valijson covers it, plus OpenAPI 3 / Swagger 2 spellings
/// that the contracts use). Immutable; may be shared between threads.
class Schema {
public:
    /// Errors   Misconfigured `schema.keyword`: a keyword that would not be checked (a schema that
    ///          promises more than we test is worse than none); `schema.syntax`.
    /// `root`: where `$ref: "#/..."` is looked up when that is not the schema itself (a Swagger
    /// document, say); may be null.
    [[nodiscard]] static Result<Schema> compile(const Json& schema, const Json* root = nullptr);

    /// Every violation, in document order; empty = valid. Numbers are compared as exact decimals.
    [[nodiscard]] std::vector<Violation> validate(const Json& document) const;

private:
    struct Compiled;
    explicit Schema(std::shared_ptr<const Compiled> compiled);
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace carrick::schema
