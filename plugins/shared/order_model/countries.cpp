// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/countries.hpp"

#include "plugins/shared/order_model/address_text.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

struct Spelling {
    std::string_view folded;
    std::string_view code;
};

// Of the countries that Amazon has a store in, and the codes that are not ISO's.
constexpr std::array<Spelling, 51> kSpellings{{
    {"UK", "GB"},
    {"XI", "GB"},
    {"UNITEDKINGDOM", "GB"},
    {"GREATBRITAIN", "GB"},
    {"GBR", "GB"},
    {"EL", "GR"},
    {"GREECE", "GR"},
    {"USA", "US"},
    {"UNITEDSTATES", "US"},
    {"UNITEDSTATESOFAMERICA", "US"},
    {"CANADA", "CA"},
    {"CAN", "CA"},
    {"MEX", "MX"},
    {"MEXICO", "MX"},
    {"BRAZIL", "BR"},
    {"BRASIL", "BR"},
    {"GERMANY", "DE"},
    {"DEUTSCHLAND", "DE"},
    {"FRANCE", "FR"},
    {"ITALY", "IT"},
    {"ITALIA", "IT"},
    {"SPAIN", "ES"},
    {"ESPANA", "ES"},
    {"NETHERLANDS", "NL"},
    {"NEDERLAND", "NL"},
    {"SWEDEN", "SE"},
    {"SVERIGE", "SE"},
    {"POLAND", "PL"},
    {"POLSKA", "PL"},
    {"BELGIUM", "BE"},
    {"IRELAND", "IE"},
    {"TURKEY", "TR"},
    {"TURKIYE", "TR"},
    {"UNITEDARABEMIRATES", "AE"},
    {"UAE", "AE"},
    {"الاماراتالعربيهالمتحده", "AE"},
    {"SAUDIARABIA", "SA"},
    {"KSA", "SA"},
    {"KINGDOMOFSAUDIARABIA", "SA"},
    {"السعوديه", "SA"},
    {"EGYPT", "EG"},
    {"مصر", "EG"},
    {"INDIA", "IN"},
    {"SOUTHAFRICA", "ZA"},
    {"JAPAN", "JP"},
    {"JPN", "JP"},
    {"日本", "JP"},
    {"AUSTRALIA", "AU"},
    {"AUS", "AU"},
    {"SINGAPORE", "SG"},
    {"SGP", "SG"},
}};

struct Territory {
    std::string_view country;
    std::string_view state;   ///< folded; empty = told by the postal code
    std::string_view postal;  ///< how the postal code begins
    std::string_view own;     ///< NetSuite's id
    TerritoryRule rule;
};

// Sources: USPS publication 28 (states), Royal Mail postcode areas, Posti and Correos and La Poste
// postal codes; NetSuite's list of country ids has each `own`, IC and EA (Canary Islands; Ceuta and
// Melilla) beside ISO's.
constexpr std::array<Territory, 30> kTerritories{{
    {"US", "GU", "", "GU", TerritoryRule::Always},
    {"US", "GUAM", "", "GU", TerritoryRule::Always},
    {"US", "VI", "", "VI", TerritoryRule::Always},
    {"US", "VIRGINISLANDS", "", "VI", TerritoryRule::Always},
    {"US", "USVIRGINISLANDS", "", "VI", TerritoryRule::Always},
    {"US", "AS", "", "AS", TerritoryRule::Always},
    {"US", "AMERICANSAMOA", "", "AS", TerritoryRule::Always},
    {"US", "MP", "", "MP", TerritoryRule::Always},
    {"US", "NORTHERNMARIANAISLANDS", "", "MP", TerritoryRule::Always},
    {"US", "FM", "", "FM", TerritoryRule::Always},
    {"US", "FEDERATEDSTATESOFMICRONESIA", "", "FM", TerritoryRule::Always},
    {"US", "MH", "", "MH", TerritoryRule::Always},
    {"US", "MARSHALLISLANDS", "", "MH", TerritoryRule::Always},
    {"US", "PW", "", "PW", TerritoryRule::Always},
    {"US", "PALAU", "", "PW", TerritoryRule::Always},
    {"PR", "", "", "US", TerritoryRule::Always},
    {"GB", "", "IM", "IM", TerritoryRule::Always},
    {"GB", "", "JE", "JE", TerritoryRule::Always},
    {"GB", "", "GY", "GG", TerritoryRule::Always},
    {"FI", "", "22", "AX", TerritoryRule::AlsoOutsideVat},
    {"ES", "", "35", "IC", TerritoryRule::AlsoOutsideVat},
    {"ES", "", "38", "IC", TerritoryRule::AlsoOutsideVat},
    {"ES", "", "51", "EA", TerritoryRule::AlsoOutsideVat},
    {"ES", "", "52", "EA", TerritoryRule::AlsoOutsideVat},
    {"FR", "", "971", "GP", TerritoryRule::AlsoOutsideVat},
    {"FR", "", "972", "MQ", TerritoryRule::AlsoOutsideVat},
    {"FR", "", "973", "GF", TerritoryRule::AlsoOutsideVat},
    {"FR", "", "974", "RE", TerritoryRule::AlsoOutsideVat},
    {"FR", "", "976", "YT", TerritoryRule::AlsoOutsideVat},
    {"FR", "", "975", "PM", TerritoryRule::AlsoOutsideVat},
}};

}  // namespace

std::string country_code(std::string_view text) {
    const std::string wanted = folded(text);
    const auto* known = std::find_if(kSpellings.begin(), kSpellings.end(),
                                     [&](const Spelling& s) { return s.folded == wanted; });
    if (known != kSpellings.end()) return std::string(known->code);
    return wanted.size() == 2 ? wanted : std::string(text);
}

bool names_country(std::string_view text, std::string_view country) {
    const std::string name = folded(text);
    return country_code(text) == country && name != "XI" && name != "MEXICO";
}

std::string territory_of(std::string_view country, std::string_view state,
                         std::string_view postal_code, TerritoryRule rule) {
    const std::string name = folded(state);
    const auto* found =
        std::find_if(kTerritories.begin(), kTerritories.end(), [&](const Territory& t) {
            const bool counts = t.rule == TerritoryRule::Always || rule == t.rule;
            return counts && t.country == country && (t.state.empty() || t.state == name) &&
                   postal_code.substr(0, t.postal.size()) == t.postal;
        });
    return std::string(found == kTerritories.end() ? country : found->own);
}

}  // namespace carrick::plugins
