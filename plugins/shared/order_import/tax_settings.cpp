// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/tax_settings.hpp"

namespace carrick::plugins {

namespace {

TaxMode mode_of(const std::string& text) {
    if (text == "suitetax") return TaxMode::SuiteTax;
    if (text == "netsuite") return TaxMode::NetSuite;
    return text == "none" ? TaxMode::None : TaxMode::LineItem;
}

MissingTax missing_of(const std::string& text) {
    if (text == "refuse") return MissingTax::Refuse;
    return text == "rate" ? MissingTax::Rate : MissingTax::None;
}

std::vector<std::string> texts(const Json& list) {
    std::vector<std::string> found;
    for (const Json& one : list.items()) found.push_back(one.text());
    return found;
}

TaxRule rule_of(const Json& json) {
    TaxRule rule;
    rule.ship_from = texts(json["ship_from"]);
    rule.ship_to = texts(json["ship_to"]);
    rule.rate = json["rate"].decimal_if();
    if (const std::string& vat_id = json["vat_id"].text(); !vat_id.empty())
        rule.vat_id = vat_id == "yes";
    rule.scheme = json["scheme"].text();
    rule.code = json["code"].text();
    rule.item = json["item"].text();
    return rule;
}

}  // namespace

TaxSettings TaxSettings::parse(const Json& tax) {
    TaxSettings result;
    result.mode = mode_of(tax["mode"].text());
    result.engine_is_suitetax = tax["engine"].text_or("suitetax") == "suitetax";
    result.facilitator_in_and_out = tax["facilitator"].text() == "in_and_out";
    result.when_missing = missing_of(tax["when_missing"].text());
    result.ship_from = tax["ship_from"].text();
    result.centres = tax["centres"];
    result.max_rounding = tax["max_rounding"].decimal_if().value_or(Decimal());
    for (const Json& rule : tax["codes"].items()) result.codes.push_back(rule_of(rule));
    return result;
}

}  // namespace carrick::plugins
