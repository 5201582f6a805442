// SPDX-License-Identifier: Apache-2.0
// Countries by id and the state lists of the countries that have one.
#include "examples/sandbox/netsuite/address.hpp"

#include "examples/sandbox/netsuite/refusal.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace carrick::sandbox::netsuite {

namespace {

// ISO 3166 plus NetSuite's own AB (Abkhazia), EA (Ceuta and Melilla), IC (Canary Islands) and XK.
constexpr std::string_view kCountries =
    "AB AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO "
    "DZ EA EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT "
    "GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP "
    "KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS "
    "PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC "
    "TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK "
    "YE YT ZA ZM ZW";

struct Named {
    std::string_view id;
    std::string_view name;
};

constexpr Named kCountryNames[] = {
    {"AU", "Australia"},    {"AT", "Austria"}, {"BE", "Belgium"},     {"CA", "Canada"},
    {"DE", "Germany"},      {"ES", "Spain"},   {"FR", "France"},      {"GB", "United Kingdom"},
    {"IE", "Ireland"},      {"IT", "Italy"},   {"JP", "Japan"},       {"MX", "Mexico"},
    {"NL", "Netherlands"},  {"PL", "Poland"},  {"PR", "Puerto Rico"}, {"SE", "Sweden"},
    {"US", "United States"}};

constexpr Named kUsStates[] = {{"AL", "Alabama"},
                               {"AK", "Alaska"},
                               {"AZ", "Arizona"},
                               {"AR", "Arkansas"},
                               {"CA", "California"},
                               {"CO", "Colorado"},
                               {"CT", "Connecticut"},
                               {"DE", "Delaware"},
                               {"DC", "District of Columbia"},
                               {"FL", "Florida"},
                               {"GA", "Georgia"},
                               {"HI", "Hawaii"},
                               {"ID", "Idaho"},
                               {"IL", "Illinois"},
                               {"IN", "Indiana"},
                               {"IA", "Iowa"},
                               {"KS", "Kansas"},
                               {"KY", "Kentucky"},
                               {"LA", "Louisiana"},
                               {"ME", "Maine"},
                               {"MD", "Maryland"},
                               {"MA", "Massachusetts"},
                               {"MI", "Michigan"},
                               {"MN", "Minnesota"},
                               {"MS", "Mississippi"},
                               {"MO", "Missouri"},
                               {"MT", "Montana"},
                               {"NE", "Nebraska"},
                               {"NV", "Nevada"},
                               {"NH", "New Hampshire"},
                               {"NJ", "New Jersey"},
                               {"NM", "New Mexico"},
                               {"NY", "New York"},
                               {"NC", "North Carolina"},
                               {"ND", "North Dakota"},
                               {"OH", "Ohio"},
                               {"OK", "Oklahoma"},
                               {"OR", "Oregon"},
                               {"PA", "Pennsylvania"},
                               {"PR", "Puerto Rico"},
                               {"RI", "Rhode Island"},
                               {"SC", "South Carolina"},
                               {"SD", "South Dakota"},
                               {"TN", "Tennessee"},
                               {"TX", "Texas"},
                               {"UT", "Utah"},
                               {"VT", "Vermont"},
                               {"VA", "Virginia"},
                               {"WA", "Washington"},
                               {"WV", "West Virginia"},
                               {"WI", "Wisconsin"},
                               {"WY", "Wyoming"},
                               {"AA", "Armed Forces Americas"},
                               {"AE", "Armed Forces Europe"},
                               {"AP", "Armed Forces Pacific"}};

constexpr Named kCanadianProvinces[] = {{"AB", "Alberta"},
                                        {"BC", "British Columbia"},
                                        {"MB", "Manitoba"},
                                        {"NB", "New Brunswick"},
                                        {"NL", "Newfoundland and Labrador"},
                                        {"NS", "Nova Scotia"},
                                        {"NT", "Northwest Territories"},
                                        {"NU", "Nunavut"},
                                        {"ON", "Ontario"},
                                        {"PE", "Prince Edward Island"},
                                        {"QC", "Quebec"},
                                        {"SK", "Saskatchewan"},
                                        {"YT", "Yukon"}};

constexpr Named kAustralianStates[] = {{"ACT", "Australian Capital Territory"},
                                       {"NSW", "New South Wales"},
                                       {"NT", "Northern Territory"},
                                       {"QLD", "Queensland"},
                                       {"SA", "South Australia"},
                                       {"TAS", "Tasmania"},
                                       {"VIC", "Victoria"},
                                       {"WA", "Western Australia"}};

std::span<const Named> states_of(std::string_view country) {
    if (country == "US") return kUsStates;
    if (country == "CA") return kCanadianProvinces;
    if (country == "AU") return kAustralianStates;
    return {};
}

bool is_country(std::string_view id) {
    if (id.size() != 2 || id.find(' ') != std::string_view::npos) return false;
    for (std::size_t at = 0; at < kCountries.size(); at += 3)
        if (kCountries.substr(at, 2) == id) return true;
    return false;
}

}  // namespace

Json check_address(Json address, const std::string& path) {
    const std::string country = address["country"].text();
    if (!country.empty()) {
        if (!is_country(country)) throw invalid_value(country, "country", path + ".country");
        address.set("country", Json::object({{"id", country}}));
    }
    const std::string state = address["state"].text();
    const std::span<const Named> states = states_of(country);
    if (state.empty() || states.empty()) return address;
    const auto known = std::find_if(states.begin(), states.end(), [&](const Named& row) {
        return same_name(row.id, state) || same_name(row.name, state);
    });
    if (known == states.end()) {
        Refusal refusal = user_error("The country \"" + country_name(country) +
                                         "\" and the state \"" + state + "\" do not match.",
                                     path + ".state");
        refusal.code = "COUNTRY_STATE_MISMATCH";
        throw refusal;
    }
    address.set("state", std::string(known->id));
    return address;
}

std::string country_name(std::string_view id) {
    for (const Named& row : kCountryNames)
        if (row.id == id) return std::string(row.name);
    return std::string(id);
}

std::string address_text(const Json& address) {
    std::string text;
    const auto line = [&text](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : "\n") + part;
    };
    for (const char* field : {"attention", "addressee", "addr1", "addr2", "addr3"})
        line(address[field].text());
    std::string place;
    for (const char* field : {"city", "state", "zip"})
        if (!address[field].text().empty())
            place += (place.empty() ? "" : " ") + address[field].text();
    line(place);
    if (!address["country"]["id"].text().empty())
        line(country_name(address["country"]["id"].text()));
    return text;
}

}  // namespace carrick::sandbox::netsuite
