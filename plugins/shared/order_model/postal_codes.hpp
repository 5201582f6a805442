// SPDX-License-Identifier: Apache-2.0
// Postal codes: one spelling for each, where a country's pattern leaves no doubt.
#pragma once

#include <string>
#include <string_view>

namespace carrick::plugins {

/// "1000001" in JP is "100-0001", "ec1a1bb" in GB is "EC1A 1BB", "04538133" in BR is "04538-133".
/// Full-width digits and the mark 〒 are understood. A text that fits no pattern of its country
/// comes back as it is, clean; zeros alone are empty in the Emirates, which have no postal codes.
[[nodiscard]] std::string postal_code(std::string_view country, std::string_view text);

}  // namespace carrick::plugins
