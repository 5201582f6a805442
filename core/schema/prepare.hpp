// SPDX-License-Identifier: Apache-2.0
// Turns a schema as people and systems write it (draft-04 to draft-07, Swagger 2, OpenAPI 3) into
// the one plain form that is compiled: known keywords only, its references inside.
#pragma once

#include <carrick/sdk/json.hpp>

#include <map>
#include <regex>
#include <string>
#include <string_view>

namespace carrick::schema {

/// Keywords that are judged exactly stand under this prefix in the plain form, so that valijson,
/// which would read numbers as doubles, leaves them to us.
inline constexpr std::string_view kExactPrefix = "exact:";
inline constexpr std::string_view kExactKeywords[] = {
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "enum",    "const",   "pattern",          "format",           "uniqueItems"};

struct Prepared {
    Json schema;
    std::map<std::string, std::regex> patterns;  ///< of `pattern` and `patternProperties`
};

/// Errors: as Schema::compile says.
[[nodiscard]] Result<Prepared> prepare(const Json& schema, const Json* root);

}  // namespace carrick::schema
