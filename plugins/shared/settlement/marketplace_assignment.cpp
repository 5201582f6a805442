// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/marketplace_assignment.hpp"

#include <carrick/sdk/marketplaces.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace carrick::plugins {

namespace {

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// Orders from elsewhere that Amazon fulfils: named by what stands before or behind a country.
struct Affixes {
    std::string_view before;
    std::string_view behind;
};
constexpr std::array<Affixes, 3> kNonAmazon{
    {{"Non-Amazon ", ""}, {"SI ", " Prod Marketplace"}, {"SI Prod ", " Marketplace"}}};

const amazon::Marketplace* with_code(std::string_view code) {
    if (code == "GB") code = "UK";
    const auto found = std::ranges::find_if(
        amazon::kMarketplaces,
        [&](const amazon::Marketplace& each) { return same_letters(each.code, code); });
    return found == amazon::kMarketplaces.end() ? nullptr : &*found;
}

const amazon::Marketplace* with_name(std::string_view name) {
    for (const amazon::Marketplace& each : amazon::kMarketplaces)
        if (same_letters(each.name, name) || same_letters(each.domain, name)) return &each;
    for (const Affixes& around : kNonAmazon) {
        if (name.size() <= around.before.size() + around.behind.size() ||
            !same_letters(name.substr(0, around.before.size()), around.before) ||
            !same_letters(name.substr(name.size() - around.behind.size()), around.behind))
            continue;
        std::string_view country = name.substr(around.before.size());
        country.remove_suffix(around.behind.size());
        if (const amazon::Marketplace* found = with_code(country)) return found;
    }
    return nullptr;
}

}  // namespace

std::string_view text_of(AssignedBy by) {
    switch (by) {
        case AssignedBy::Name: return "name";
        case AssignedBy::Order: return "order";
        case AssignedBy::Home: return "home";
        case AssignedBy::None: return "none";
    }
    return {};
}

std::string marketplace_named(std::string_view name) {
    const amazon::Marketplace* found = with_name(name);
    return found == nullptr ? std::string() : std::string(found->code);
}

std::string home_marketplace(const Settlement& settlement) {
    std::vector<std::string_view> paying;
    for (const amazon::Marketplace& each : amazon::kMarketplaces)
        if (each.currency == settlement.currency) paying.push_back(each.code);
    if (paying.size() == 1) return std::string(paying.front());
    // By most rows; of equals, the first in Amazon's own list.
    std::map<std::string, std::uint64_t> rows;
    for (const SettlementBucket& bucket : settlement.buckets) {
        const SettlementLabel& label = settlement.labels[bucket.label];
        if (const std::string code = marketplace_named(label.marketplace); !code.empty())
            rows[code] += bucket.rows;
    }
    std::string home;
    std::uint64_t most = 0;
    for (const std::string_view code : paying)
        if (const auto found = rows.find(std::string(code));
            found != rows.end() && found->second > most) {
            home = code;
            most = found->second;
        }
    return home;
}

std::vector<AssignedMarketplace> assign_marketplaces(const Settlement& settlement) {
    const std::string home = home_marketplace(settlement);
    std::vector<AssignedMarketplace> assigned;
    for (const SettlementLabel& label : settlement.labels) {
        const bool stated = !label.marketplace.empty();
        const std::string& name = stated ? label.marketplace : label.order_marketplace;
        AssignedMarketplace result;
        if (const amazon::Marketplace* found = name.empty() ? nullptr : with_name(name)) {
            result.code = found->code;
            result.by = stated ? AssignedBy::Name : AssignedBy::Order;
            result.other_currency =
                !settlement.currency.empty() && found->currency != settlement.currency;
        } else {
            result.unknown = !name.empty();
            result.code = home;
            result.by = home.empty() ? AssignedBy::None : AssignedBy::Home;
        }
        assigned.push_back(std::move(result));
    }
    return assigned;
}

}  // namespace carrick::plugins
