// SPDX-License-Identifier: Apache-2.0
// Refusal: why NetSuite does not do what a request asks, and how its error body says so.
#pragma once

#include "examples/sandbox/service.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox::netsuite {

/// Thrown by rules deep inside a write and turned into a response at the service's edge; it never
/// leaves this module.
struct Refusal {
    int status = 400;
    std::string code = "USER_ERROR";
    std::string detail;
    std::string path{};         ///< o:errorPath, such as item.items[0].item
    std::string query_param{};  ///< o:errorQueryParam
    std::string header{};       ///< o:errorHeader
};

/// "Error while accessing a resource. <text>": how business rules are worded.
[[nodiscard]] Refusal user_error(std::string_view text, std::string path = {});
/// "You have entered an Invalid Field Value <value> for the following field: <field>"
[[nodiscard]] Refusal invalid_value(std::string_view value, std::string_view field,
                                    std::string path = {});
/// Something the request's body must not hold.
[[nodiscard]] Refusal invalid_content(std::string text, std::string path = {});
/// "Please enter value(s) for: <labels>"
[[nodiscard]] Refusal missing_values(const std::vector<std::string>& labels);

/// The error body of the REST services. `rfc9110` picks the newer spelling of `type`.
[[nodiscard]] Response to_response(const Refusal& refusal, bool rfc9110);

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

}  // namespace carrick::sandbox::netsuite
