// SPDX-License-Identifier: Apache-2.0
// The words of violations: what was found, what was expected.
#pragma once

#include <carrick/sdk/json.hpp>

#include <valijson/constraints/concrete_constraints.hpp>

#include <string>

namespace carrick::schema {

namespace vj = valijson::constraints;

/// What was found, without the text itself: a payload's texts are personal data.
[[nodiscard]] std::string describe(const Json& value);
/// The first 200 bytes.
[[nodiscard]] std::string shortened(std::string text);
[[nodiscard]] std::string type_text(vj::TypeConstraint::JsonType type);

}  // namespace carrick::schema
