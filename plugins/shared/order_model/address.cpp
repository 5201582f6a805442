// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/address.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace carrick::plugins {

namespace {

struct State {
    std::string_view country;
    std::string_view code;
    std::string_view name;  ///< in capitals
};

// Source: ISO 3166-2 and, for US territories and forces addresses, USPS.
constexpr std::array<State, 83> kStates{{
    {"US", "AL", "ALABAMA"},
    {"US", "AK", "ALASKA"},
    {"US", "AZ", "ARIZONA"},
    {"US", "AR", "ARKANSAS"},
    {"US", "CA", "CALIFORNIA"},
    {"US", "CO", "COLORADO"},
    {"US", "CT", "CONNECTICUT"},
    {"US", "DE", "DELAWARE"},
    {"US", "DC", "DISTRICT OF COLUMBIA"},
    {"US", "FL", "FLORIDA"},
    {"US", "GA", "GEORGIA"},
    {"US", "HI", "HAWAII"},
    {"US", "ID", "IDAHO"},
    {"US", "IL", "ILLINOIS"},
    {"US", "IN", "INDIANA"},
    {"US", "IA", "IOWA"},
    {"US", "KS", "KANSAS"},
    {"US", "KY", "KENTUCKY"},
    {"US", "LA", "LOUISIANA"},
    {"US", "ME", "MAINE"},
    {"US", "MD", "MARYLAND"},
    {"US", "MA", "MASSACHUSETTS"},
    {"US", "MI", "MICHIGAN"},
    {"US", "MN", "MINNESOTA"},
    {"US", "MS", "MISSISSIPPI"},
    {"US", "MO", "MISSOURI"},
    {"US", "MT", "MONTANA"},
    {"US", "NE", "NEBRASKA"},
    {"US", "NV", "NEVADA"},
    {"US", "NH", "NEW HAMPSHIRE"},
    {"US", "NJ", "NEW JERSEY"},
    {"US", "NM", "NEW MEXICO"},
    {"US", "NY", "NEW YORK"},
    {"US", "NC", "NORTH CAROLINA"},
    {"US", "ND", "NORTH DAKOTA"},
    {"US", "OH", "OHIO"},
    {"US", "OK", "OKLAHOMA"},
    {"US", "OR", "OREGON"},
    {"US", "PA", "PENNSYLVANIA"},
    {"US", "RI", "RHODE ISLAND"},
    {"US", "SC", "SOUTH CAROLINA"},
    {"US", "SD", "SOUTH DAKOTA"},
    {"US", "TN", "TENNESSEE"},
    {"US", "TX", "TEXAS"},
    {"US", "UT", "UTAH"},
    {"US", "VT", "VERMONT"},
    {"US", "VA", "VIRGINIA"},
    {"US", "WA", "WASHINGTON"},
    {"US", "WV", "WEST VIRGINIA"},
    {"US", "WI", "WISCONSIN"},
    {"US", "WY", "WYOMING"},
    {"US", "PR", "PUERTO RICO"},
    {"US", "GU", "GUAM"},
    {"US", "VI", "VIRGIN ISLANDS"},
    {"US", "AS", "AMERICAN SAMOA"},
    {"US", "MP", "NORTHERN MARIANA ISLANDS"},
    {"US", "AA", "ARMED FORCES AMERICAS"},
    {"US", "AE", "ARMED FORCES EUROPE"},
    {"US", "AP", "ARMED FORCES PACIFIC"},
    {"CA", "AB", "ALBERTA"},
    {"CA", "BC", "BRITISH COLUMBIA"},
    {"CA", "MB", "MANITOBA"},
    {"CA", "NB", "NEW BRUNSWICK"},
    {"CA", "NL", "NEWFOUNDLAND AND LABRADOR"},
    {"CA", "NS", "NOVA SCOTIA"},
    {"CA", "NT", "NORTHWEST TERRITORIES"},
    {"CA", "NU", "NUNAVUT"},
    {"CA", "ON", "ONTARIO"},
    {"CA", "PE", "PRINCE EDWARD ISLAND"},
    {"CA", "QC", "QUEBEC"},
    {"CA", "QC", "QUÉBEC"},
    {"CA", "QC", "QUéBEC"},  // capitals are made of ASCII letters only
    {"CA", "SK", "SASKATCHEWAN"},
    {"CA", "YT", "YUKON"},
    {"CA", "NL", "NEWFOUNDLAND"},
    {"AU", "NSW", "NEW SOUTH WALES"},
    {"AU", "QLD", "QUEENSLAND"},
    {"AU", "SA", "SOUTH AUSTRALIA"},
    {"AU", "TAS", "TASMANIA"},
    {"AU", "VIC", "VICTORIA"},
    {"AU", "WA", "WESTERN AUSTRALIA"},
    {"AU", "ACT", "AUSTRALIAN CAPITAL TERRITORY"},
    {"AU", "NT", "NORTHERN TERRITORY"},
}};

// Lengths of NetSuite's address fields, in characters.
constexpr std::size_t kLineLength = 150;
constexpr std::size_t kNameLength = 83;
constexpr std::size_t kCityLength = 50;
constexpr std::size_t kStateLength = 30;
constexpr std::size_t kZipLength = 36;
constexpr std::size_t kPhoneLength = 22;
constexpr std::size_t kLines = 3;

/// In capitals, without dots and outer blanks: "n.y. " is NY.
std::string folded(std::string_view text) {
    std::string result;
    for (const char c : text)
        if (c != '.') result.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
    const std::size_t first = result.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return result.substr(first, result.find_last_not_of(' ') - first + 1);
}

const State* find_state(std::string_view country, std::string_view state) {
    const std::string wanted = folded(state);
    const auto found = std::find_if(kStates.begin(), kStates.end(), [&](const State& known) {
        return known.country == country && (known.code == wanted || known.name == wanted);
    });
    return found == kStates.end() ? nullptr : &*found;
}

bool has_state_list(std::string_view country) {
    return std::any_of(kStates.begin(), kStates.end(),
                       [&](const State& known) { return known.country == country; });
}

bool says_already(const Address& address, const std::string& part) {
    const auto has = [&](const std::string& text) { return text.find(part) != std::string::npos; };
    return has(address.city) || has(address.state) ||
           std::any_of(address.lines.begin(), address.lines.end(), has);
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

/// Where the first `count` characters end, at a blank where there is one in the last third.
std::size_t break_at(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if (!is_continuation(text[end]) && seen++ == count) break;
    const std::size_t blank = text.substr(0, end).rfind(' ');
    return blank != std::string_view::npos && blank * 3 > end * 2 ? blank : end;
}

void add_wrapped(std::vector<std::string>& lines, std::string_view text) {
    while (characters(text) > kLineLength) {
        const std::size_t end = break_at(text, kLineLength);
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    if (!text.empty()) lines.emplace_back(text);
}

/// Puts a field, or, where it is too long for it, the text into the address lines.
void set_or_overflow(Json& target, const char* field, const std::string& text, std::size_t limit,
                     std::vector<std::string>& overflow) {
    if (text.empty()) return;
    if (characters(text) <= limit)
        target.set(field, Json(text));
    else
        overflow.push_back(text);
}

}  // namespace

std::string state_code(std::string_view country, std::string_view state) {
    const State* known = find_state(country, state);
    return std::string(known != nullptr ? known->code : state);
}

Address parse_address(const Json& json) {
    Address address;
    address.name = json["name"].text();
    address.company = json["companyName"].text();
    for (const char* line : {"addressLine1", "addressLine2", "addressLine3"})
        if (!json[line].text().empty()) address.lines.push_back(json[line].text());
    const Json& extended = json["extendedFields"];
    if (address.lines.empty() && !extended["streetName"].text().empty()) {
        const std::string& number = extended["streetNumber"].text();
        address.lines.push_back(extended["streetName"].text() +
                                (number.empty() ? "" : ", " + number));
        if (!extended["complement"].text().empty())
            address.lines.push_back(extended["complement"].text());
    }
    address.city = json["city"].text();
    address.state = json["stateOrRegion"].text();
    if (address.city.empty()) address.city = json["municipality"].text();
    for (const std::string& part : {extended["neighborhood"].text(),
                                    json["districtOrCounty"].text(), json["municipality"].text()})
        if (!part.empty() && !says_already(address, part)) {
            address.district = part;
            break;
        }
    address.postal_code = json["postalCode"].text();
    address.country = json["countryCode"].text();
    address.phone = json["phone"].text();
    return address;
}

Result<Json> to_netsuite_address(const Address& address, const std::string& where) {
    Json result = Json::object();
    std::vector<std::string> lines;
    std::vector<std::string> overflow;
    set_or_overflow(result, "addressee", address.name.empty() ? address.company : address.name,
                    kNameLength, overflow);
    if (!address.name.empty())
        set_or_overflow(result, "attention", address.company, kNameLength, overflow);
    for (const std::string& line : address.lines) add_wrapped(lines, line);
    // NetSuite has no field for it, and outside the US a parcel may not find its way without.
    if (!address.district.empty() && address.country != "US") add_wrapped(lines, address.district);
    set_or_overflow(result, "city", address.city, kCityLength, overflow);
    // Where NetSuite has a list of states it refuses one that is not on it; the carrier reads it
    // from the address lines as well.
    const bool on_list = find_state(address.country, address.state) != nullptr;
    if (on_list || !has_state_list(address.country))
        set_or_overflow(result, "state", state_code(address.country, address.state), kStateLength,
                        overflow);
    else if (!address.state.empty())
        overflow.push_back(address.state);
    set_or_overflow(result, "zip", address.postal_code, kZipLength, overflow);
    for (const std::string& text : overflow) add_wrapped(lines, text);

    // More pieces than fields: the short last ones share a line.
    while (lines.size() > kLines &&
           characters(lines[lines.size() - 2]) + characters(lines.back()) + 2 <= kLineLength) {
        lines[lines.size() - 2] += ", " + lines.back();
        lines.pop_back();
    }
    if (lines.size() > kLines)
        return rejected("order.address_length",
                        where +
                            ": the address does not fit into three lines of 150 characters; "
                            "shorten it in Seller "
                            "Central or edit the record",
                        "shippingAddress");
    static constexpr std::array<const char*, kLines> kFields{"addr1", "addr2", "addr3"};
    for (std::size_t i = 0; i < lines.size(); ++i) result.set(kFields[i], Json(lines[i]));
    if (!address.country.empty())
        result.set("country", Json::object({{"id", Json(address.country)}}));
    // A phone number is a help to the carrier, not worth failing an order for.
    if (!address.phone.empty() && characters(address.phone) <= kPhoneLength)
        result.set("addrPhone", Json(address.phone));
    return result;
}

}  // namespace carrick::plugins
