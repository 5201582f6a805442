// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/address.hpp"

#include "plugins/shared/order_model/address_text.hpp"
#include "plugins/shared/order_model/postal_codes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace carrick::plugins {

namespace {

// Lengths of NetSuite's address fields, in characters.
constexpr std::size_t kLineLength = 150;
constexpr std::size_t kNameLength = 83;
constexpr std::size_t kCityLength = 50;
constexpr std::size_t kStateLength = 30;
constexpr std::size_t kZipLength = 36;
constexpr std::size_t kPhoneLength = 22;
constexpr std::size_t kLines = 3;

std::string in_capitals(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return result;
}

bool is_part_of_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (static_cast<unsigned char>(c) >= 0x80);
}

/// Whether the text has the part as words of its own: "Santos" does not say "San". Japanese and
/// Chinese, from U+2E80 on, write no blanks between words.
bool says(const std::string& text, const std::string& part) {
    const std::string in = in_capitals(text);
    const std::string wanted = in_capitals(part);
    std::string_view first = wanted;
    if (first.empty()) return true;
    const bool has_blanks = take_character(first) < 0x2e80;
    for (std::size_t at = in.find(wanted); at != std::string::npos; at = in.find(wanted, at + 1)) {
        const std::size_t end = at + wanted.size();
        const bool begins = at == 0 || !is_part_of_word(in[at - 1]);
        const bool ends = end == in.size() || !is_part_of_word(in[end]);
        if (!has_blanks || (begins && ends)) return true;
    }
    return false;
}

bool lines_say(const Address& address, const std::string& part) {
    return std::any_of(address.lines.begin(), address.lines.end(),
                       [&](const std::string& line) { return says(line, part); });
}

/// Where the first `count` characters end, at a blank where there is one in the last third.
std::size_t break_at(std::string_view text, std::size_t count) {
    std::string_view rest = text;
    for (std::size_t seen = 0; seen < count && !rest.empty(); ++seen) (void)take_character(rest);
    const std::size_t end = text.size() - rest.size();
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

/// The last two neighbours that fit into one line become one.
bool share_a_line(std::vector<std::string>& lines) {
    for (std::size_t i = lines.size(); i-- > 1;) {
        if (characters(lines[i - 1]) + characters(lines[i]) + 2 > kLineLength) continue;
        lines[i - 1] += ", " + lines[i];
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
        return true;
    }
    return false;
}

/// The pieces in at most three lines, each on its own where that is possible; none: too long.
std::optional<std::vector<std::string>> in_lines(const std::vector<std::string>& pieces) {
    std::vector<std::string> lines;
    for (const std::string& piece : pieces) add_wrapped(lines, piece);
    while (lines.size() > kLines && share_a_line(lines)) {
    }
    if (lines.size() <= kLines) return lines;
    std::string all;
    for (const std::string& piece : pieces) all += (all.empty() ? "" : ", ") + piece;
    lines.clear();
    add_wrapped(lines, all);
    if (lines.size() <= kLines) return lines;
    return std::nullopt;
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

/// "+1 347-448-3190 ext. 61012", as Amazon gives it in the US, is "+13474483190x61012".
std::string phone_number(std::string_view text) {
    std::string phone = clean_text(narrow(text));
    if (characters(phone) <= kPhoneLength) return phone;
    std::string dense;
    for (std::size_t i = 0; i < phone.size(); ++i) {
        const std::string_view rest = std::string_view(phone).substr(i);
        if (in_capitals(rest.substr(0, 3)) == "EXT") {
            dense.push_back('x');
            i += 2;
        } else if (std::string_view(" .-()").find(phone[i]) == std::string_view::npos) {
            dense.push_back(phone[i]);
        }
    }
    return characters(dense) <= kPhoneLength ? dense : std::string();
}

/// Clean text, one spelling of country and postal code.
Address normalised(Address address, TerritoryRule rule) {
    for (std::string* text : {&address.name, &address.company, &address.city, &address.district,
                              &address.state, &address.country})
        *text = clean_text(*text);
    for (std::string& line : address.lines) line = clean_text(line);
    address.lines.erase(std::remove(address.lines.begin(), address.lines.end(), std::string()),
                        address.lines.end());
    address.country = country_code(address.country);
    address.postal_code = postal_code(address.country, address.postal_code);

    const std::string territory =
        territory_of(address.country, address.state, address.postal_code, rule);
    if (address.country == "PR") {
        // A town in the state's place would be lost: it stays as the district.
        if (find_state("US", address.state) == nullptr && address.district.empty() &&
            !says(address.city, address.state))
            address.district = address.state;
        address.state = "PR";
    } else if (address.country == "US" && territory != "US") {
        address.state.clear();  // the country says it
    }
    address.country = territory;
    return address;
}

bool is_country_id(std::string_view text) {
    return text.size() == 2 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// The state in NetSuite's field or, where its list does not have it, in the lines.
void set_state(Json& target, const Address& address, const AddressStyle& style,
               std::vector<std::string>& overflow) {
    const auto own = style.states.find(address.country);
    const StateStyle form =
        own == style.states.end() ? default_state_style(address.country) : own->second;
    const auto state = netsuite_state(address.country, address.state, form);
    if (state)
        set_or_overflow(target, "state", *state, kStateLength, overflow);
    else if (!address.state.empty() && !names_country(address.state, address.country))
        overflow.push_back(address.state);
}

/// NetSuite has no field for it, and outside the US a parcel may not find its way without: colonia,
/// bairro, urbanización, area.
bool needs_district(const Address& address) {
    if (address.district.empty()) return false;
    if (address.country != "US") return true;
    const State* state = find_state("US", address.state);
    return state != nullptr && state->code == "PR";
}

}  // namespace

Address parse_address(const Json& json) {
    Address address;
    address.name = json["name"].text();
    address.company = json["companyName"].text();
    for (const char* line : {"addressLine1", "addressLine2", "addressLine3"})
        if (!json[line].text().empty()) address.lines.push_back(json[line].text());

    const Json& extended = json["extendedFields"];
    const std::string& street = extended["streetName"].text();
    const std::string& number = extended["streetNumber"].text();
    const auto with_street =
        std::find_if(address.lines.begin(), address.lines.end(),
                     [&](const std::string& line) { return says(line, street); });
    if (!street.empty() && with_street == address.lines.end())
        address.lines.insert(address.lines.begin(), street + (number.empty() ? "" : ", " + number));
    else if (!street.empty() && !lines_say(address, number))
        *with_street += ", " + number;
    const std::string& complement = extended["complement"].text();
    if (!complement.empty() && !lines_say(address, complement)) address.lines.push_back(complement);

    address.city = json["city"].text();
    address.state = json["stateOrRegion"].text();
    if (address.city.empty()) address.city = json["municipality"].text();
    for (const std::string& part : {extended["neighborhood"].text(),
                                    json["districtOrCounty"].text(), json["municipality"].text()})
        if (!says(address.city, part) && !says(address.state, part) &&
            !says(address.district, part) && !lines_say(address, part))
            address.district += (address.district.empty() ? "" : ", ") + part;
    address.postal_code = json["postalCode"].text();
    address.country = json["countryCode"].text();
    address.phone = json["phone"].text();
    return address;
}

Result<Json> to_netsuite_address(const Address& raw, const std::string& where,
                                 const AddressStyle& style) {
    const Address address = normalised(raw, style.territories);
    Json result = Json::object();
    std::vector<std::string> overflow;
    set_or_overflow(result, "addressee", address.name.empty() ? address.company : address.name,
                    kNameLength, overflow);
    if (!address.name.empty())
        set_or_overflow(result, "attention", address.company, kNameLength, overflow);
    std::vector<std::string> pieces = address.lines;
    if (needs_district(address)) pieces.push_back(address.district);
    set_or_overflow(result, "city", address.city, kCityLength, overflow);
    set_state(result, address, style, overflow);
    set_or_overflow(result, "zip", address.postal_code, kZipLength, overflow);
    pieces.insert(pieces.end(), overflow.begin(), overflow.end());

    const auto lines = in_lines(pieces);
    if (!lines)
        return rejected("order.address_length",
                        where +
                            ": the address does not fit into three lines of 150 characters; "
                            "shorten it in Seller Central or edit the record",
                        "shippingAddress");
    static constexpr std::array<const char*, kLines> kFields{"addr1", "addr2", "addr3"};
    for (std::size_t i = 0; i < lines->size(); ++i) result.set(kFields[i], Json((*lines)[i]));
    if (!address.country.empty()) {
        if (!is_country_id(address.country))
            return rejected("order.address_country",
                            where +
                                ": the country of the address is neither a two-letter code nor a "
                                "name that is known; edit the record",
                            "shippingAddress");
        result.set("country", Json::object({{"id", Json(address.country)}}));
    }
    const std::string phone = phone_number(address.phone);
    if (!phone.empty()) result.set("addrPhone", Json(phone));
    return result;
}

}  // namespace carrick::plugins
