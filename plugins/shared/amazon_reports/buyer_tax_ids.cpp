// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/buyer_tax_ids.hpp"

#include "plugins/shared/amazon_reports/row_values.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

struct RegistrationColumn {
    std::string_view column;
    std::string_view type;  // in the words of the Orders API
};
constexpr std::string_view kRegistrationId = "buyer-tax-registration-id";
// Older columns, each for one kind of number.
constexpr std::array kRegistrationColumns{RegistrationColumn{"buyer-vat-number", "VAT"},
                                          RegistrationColumn{"buyer-cst-number", "CST"}};

Json registration(std::string_view type, std::string_view number, std::string_view country) {
    Json one = Json::object({{"entityType", Json("BUYER")},
                             {"taxRegistrationType", Json(type)},
                             {"taxRegistrationNumber", Json(number)}});
    if (!country.empty()) one.set("address", Json::object({{"countryCode", Json(country)}}));
    return one;
}

}  // namespace

Json registrations_of(const ParsedRow& row) {
    Json all = Json::array();
    const std::string_view number = row.get(kRegistrationId);
    const std::string_view stated = row.get("buyer-tax-registration-type");
    const std::string_view type = amazon::detail::same_ascii(stated, "VAT") ? "VAT" : stated;
    const std::string_view country = row.get("buyer-tax-registration-country");
    if (!number.empty() && !type.empty()) all.push_back(registration(type, number, country));
    for (const RegistrationColumn& each : kRegistrationColumns) {
        const std::string_view own = row.get(each.column);
        if (own.empty() || (own == number && !type.empty())) continue;
        all.push_back(registration(each.type, own, own == number ? country : ""));
    }
    return all;
}

bool registration_open(const std::vector<ParsedRow>& rows, const Columns& columns,
                       const Json& registrations, bool untaxed, const amazon::Marketplace& store) {
    if (!registrations.empty()) return false;
    const auto filled = [](std::string_view column) {
        return [column](const ParsedRow& row) { return !row.get(column).empty(); };
    };
    if (std::ranges::any_of(rows, filled(kRegistrationId))) return true;
    if (columns.has(kRegistrationId) || columns.has(kRegistrationColumns[0].column)) return false;
    if (columns.has("is-business-order")) return flag_in(rows.front(), "is-business-order");
    return untaxed && store.prices_include_tax && store.region == amazon::Region::Europe;
}

}  // namespace carrick::plugins
