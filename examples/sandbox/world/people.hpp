// SPDX-License-Identifier: Apache-2.0
// Buyers and their addresses: invented, but as awkward as real ones are (scripts, missing cities,
// text in the wrong line, extensions in phone numbers).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace carrick::sandbox {

/// Where somebody lives. `tax_rate` in hundredths of a percent where it depends on the place (US,
/// CA); -1 where the country decides.
struct Place {
    std::string_view line1, line2, line3, city, district, state, postal_code, country, phone;
    std::int64_t tax_rate = -1;
};

[[nodiscard]] std::span<const std::string_view> names_in(std::string_view marketplace_code);
[[nodiscard]] std::span<const Place> places_in(std::string_view marketplace_code);
[[nodiscard]] std::span<const std::string_view> companies_in(std::string_view marketplace_code);

}  // namespace carrick::sandbox
