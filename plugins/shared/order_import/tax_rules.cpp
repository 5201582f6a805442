// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/tax_rules.hpp"

#include "plugins/shared/order_model/countries.hpp"
#include "plugins/shared/order_model/states.hpp"

#include <carrick/sdk/marketplaces.hpp>

#include <algorithm>

namespace carrick::plugins {

namespace {

constexpr int kRateDigits = 4;

bool names(const std::vector<std::string>& places, const std::vector<std::string>& place) {
    return places.empty() || std::any_of(place.begin(), place.end(), [&](const std::string& one) {
               return std::find(places.begin(), places.end(), one) != places.end();
           });
}

bool fits_but_for_rate(const TaxRule& rule, const TaxCase& wanted) {
    return names(rule.ship_from, {wanted.ship_from}) && names(rule.ship_to, wanted.ship_to) &&
           (!rule.vat_id || *rule.vat_id == wanted.vat_id) &&
           (rule.scheme.empty() || rule.scheme == wanted.scheme);
}

Decimal smallest_unit(Currency currency) {
    return Decimal::from_parts(1, currency.exponent()).value();
}

/// net × rate / 100, to the currency's digits.
Money tax_at(const Money& net, const Decimal& rate) {
    const Decimal product = net.amount().times(rate).value();
    return Money::of(product.divided_by(Decimal(100), net.currency().exponent()).value(),
                     net.currency())
        .value();
}

bool fits_rate(const Decimal& rate, const TaxedAmount& amount) {
    const Money computed = tax_at(amount.net, rate);
    if (amount.tax.is_zero() || rate.is_zero()) return computed == amount.tax;
    const Decimal allowed = smallest_unit(amount.net.currency())
                                .times(Decimal(std::max<std::int64_t>(amount.quantity, 1)))
                                .value();
    return computed.minus(amount.tax).value().absolute().amount() <= allowed;
}

std::string percent(const TaxedAmount& amount) {
    return stated_rate({}, amount).text();
}

Error no_rule(const TaxCase& wanted, const std::string& rate, const std::string& where) {
    return rejected(
        "order.tax_code",
        where + ": no rule of tax.codes fits " + wanted.text() + rate + "; add one and retry",
        "tax.codes");
}

std::string ship_from_of(const Order& order, const TaxSettings& settings) {
    if (order.shipment)
        if (const std::string& country = settings.centres[order.shipment->centre].text();
            !country.empty())
            return country;
    return settings.ship_from.empty() ? country_code(order.marketplace) : settings.ship_from;
}

std::vector<std::string> ship_to_of(const Address& address) {
    const std::string country = country_code(address.country);
    if (country.empty()) return {};
    const std::string taxed_in =
        territory_of(country, address.state, address.postal_code, TerritoryRule::AlsoOutsideVat);
    std::vector<std::string> places{taxed_in};
    if (const State* state = find_state(country, address.state);
        state != nullptr && !state->code.empty() && taxed_in == country)
        places.push_back(country + "-" + std::string(state->code));
    // Northern Ireland is inside the EU's VAT area for goods.
    if (country == "GB" && taxed_in == "GB" &&
        (address.postal_code.starts_with("BT") || address.postal_code.starts_with("bt")))
        places.emplace_back("XI");
    return places;
}

bool lacks_tax(const Order& order, const OrderLine& line) {
    const amazon::Marketplace* store = amazon::marketplace_from_code(order.marketplace);
    return store != nullptr && store->prices_include_tax && !line.facilitator &&
           line.quantity > 0 && line.proceeds.tax.is_zero() && !line.proceeds.net().is_zero();
}

/// The rule that says what a line without a stated tax is taxed with.
const TaxRule* rate_rule(const TaxSettings& settings, const TaxCase& wanted) {
    for (const TaxRule& rule : settings.codes)
        if (rule.rate && fits_but_for_rate(rule, wanted)) return &rule;
    return nullptr;
}

void take_tax_out(LineProceeds& line, const Decimal& rate) {
    const Decimal divisor = rate.plus(Decimal(100)).value();
    const auto take_out = [&](Money& gross, Money& part) {
        const Decimal hundredfold = gross.amount().times(Decimal(100)).value();
        const Money net =
            Money::of(hundredfold.divided_by(divisor, gross.currency().exponent()).value(),
                      gross.currency())
                .value();
        const Money tax = gross.minus(net).value();
        gross = net;
        part = part.plus(tax).value();
        line.tax = line.tax.plus(tax).value();
    };
    take_out(line.item, line.tax_parts.item);
    take_out(line.item_discount, line.tax_parts.item);
    take_out(line.shipping, line.tax_parts.shipping);
    take_out(line.shipping_discount, line.tax_parts.shipping);
    take_out(line.gift_wrap, line.tax_parts.gift_wrap);
    take_out(line.cod_fee, line.tax_parts.cod_fee);
    take_out(line.other, line.tax_parts.other);
}

}  // namespace

std::string TaxCase::text() const {
    std::string places;
    for (const std::string& place : ship_to) places += (places.empty() ? "" : "/") + place;
    return "ship_from " + ship_from + ", ship_to " + (places.empty() ? "unknown" : places) +
           ", vat_id " + (vat_id ? "yes" : "no") + ", scheme " + scheme;
}

TaxCase tax_case(const Order& order, const OrderLine& line, const TaxSettings& settings) {
    TaxCase wanted;
    wanted.ship_from = ship_from_of(order, settings);
    wanted.ship_to = ship_to_of(order.ship_to);
    wanted.vat_id = !order.buyer_vat_id.empty();
    wanted.scheme = line.facilitator ? "facilitator" : line.scheme.empty() ? "none" : line.scheme;
    return wanted;
}

Result<const TaxRule*> find_tax_rule(const TaxSettings& settings, const TaxCase& wanted,
                                     const TaxedAmount& amount, const std::string& where) {
    for (const TaxRule& rule : settings.codes)
        if (fits_but_for_rate(rule, wanted) && (!rule.rate || fits_rate(*rule.rate, amount)))
            return &rule;
    return no_rule(
        wanted,
        ", rate " + percent(amount) + " (" + amount.tax.text() + " on " + amount.net.text() + ")",
        where);
}

Decimal stated_rate(const TaxRule& rule, const TaxedAmount& amount) {
    if (rule.rate) return *rule.rate;
    if (amount.net.is_zero()) return {};
    const Decimal hundredfold = amount.tax.amount().times(Decimal(100)).value();
    return hundredfold.divided_by(amount.net.amount(), kRateDigits).value().normalized();
}

Result<void> supply_missing_tax(Order& order, const TaxSettings& settings) {
    if (settings.when_missing == MissingTax::None) return {};
    for (OrderLine& line : order.lines) {
        if (!lacks_tax(order, line)) continue;
        const std::string where = "order " + order.id.text + ", line " + line.id.text;
        const TaxCase wanted = tax_case(order, line, settings);
        const TaxRule* rule = rate_rule(settings, wanted);
        if (rule != nullptr && rule->rate->is_zero()) continue;
        if (settings.when_missing == MissingTax::Refuse)
            return rejected("order.tax_missing",
                            where + ": prices of " + order.marketplace +
                                " include tax, and Amazon states none for " +
                                line.proceeds.total.text() + " (" + wanted.text() +
                                "); give tax.codes a rule with rate 0 for such sales, or set "
                                "tax.when_missing, and retry",
                            "tax.when_missing");
        if (rule == nullptr) return no_rule(wanted, " and has a rate", where);
        take_tax_out(line.proceeds, *rule->rate);
    }
    return {};
}

}  // namespace carrick::plugins
