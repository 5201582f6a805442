// SPDX-License-Identifier: Apache-2.0
// Countries: from the spellings that orders carry to the two-letter ids that NetSuite knows.
#pragma once

#include <string>
#include <string_view>

namespace carrick::plugins {

/// The ISO 3166-1 code, which is NetSuite's id: "us" and "USA" are US, "UK" and "XI" (Northern
/// Ireland in VAT matters) are GB, "EL" (Greece in VAT matters) is GR. A name that is not known
/// comes back as it is.
[[nodiscard]] std::string country_code(std::string_view text);

/// Whether the text is a spelling of this country: "United Kingdom" as the state of a British
/// address says nothing that its country does not. Not "XI" and "México", which are also parts of
/// their countries.
[[nodiscard]] bool names_country(std::string_view text, std::string_view country);

/// What makes a territory a country of its own in an address.
enum class TerritoryRule {
    /// Guernsey, Jersey and Isle of Man under GB; Guam and others as a US state, of which
    /// NetSuite's list of US states has none: always.
    Always,
    /// Also parts of a country that are outside its VAT area: Åland (FI), the Canary Islands, Ceuta
    /// and Melilla (ES), the French departments overseas.
    AlsoOutsideVat,
};

/// NetSuite's id of the territory in which a state or postal code of this country lies; the country
/// itself where it is none. Puerto Rico is the one that changes the other way: as country PR it
/// becomes US with the state PR, because NetSuite knows both and taxes and postage are those of a
/// state.
[[nodiscard]] std::string territory_of(std::string_view country, std::string_view state,
                                       std::string_view postal_code, TerritoryRule rule);

}  // namespace carrick::plugins
