// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/order_settings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace carrick::plugins {

namespace {

struct StatusName {
    std::string_view name;
    FulfillmentStatus status;
};

/// In the order in which an order goes through them.
constexpr std::array kStatuses{
    StatusName{"unshipped", FulfillmentStatus::Unshipped},
    StatusName{"partially_shipped", FulfillmentStatus::PartiallyShipped},
    StatusName{"shipped", FulfillmentStatus::Shipped},
};

std::vector<FulfillmentStatus> statuses_of(const Json& names) {
    std::vector<FulfillmentStatus> found;
    for (const StatusName& known : kStatuses) {
        const auto is_it = [&](const Json& one) { return one.text() == known.name; };
        if (names.empty() || std::any_of(names.items().begin(), names.items().end(), is_it))
            found.push_back(known.status);
    }
    return found;
}

PersonalData personal_data_of(const std::string& text) {
    if (text == "area") return PersonalData::Area;
    return text == "omit" ? PersonalData::Omit : PersonalData::Keep;
}

StateForm state_form_of(const std::string& text) {
    if (text == "code") return StateForm::Code;
    if (text == "name") return StateForm::Name;
    return text == "short_name" ? StateForm::ShortName : StateForm::AsSent;
}

AddressStyle address_style_of(const Json& address) {
    AddressStyle style;
    for (const JsonMember& country : address["states"].members())
        style.states[country.key] = {state_form_of(country.value["form"].text()),
                                     country.value["closed"].bool_if().value_or(false)};
    if (address["territories"].text() == "also_outside_vat")
        style.territories = TerritoryRule::AlsoOutsideVat;
    return style;
}

/// "Second Day" and "SECOND_DAY" are one service level: reports and API spell them apart.
std::string level_key(std::string_view text) {
    std::string key;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z')
            key += static_cast<char>(c - 32);
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            key += c;
    }
    return key;
}

}  // namespace

OrderSettings OrderSettings::parse(const Json& settings, Fulfilment fulfilment) {
    const Json& items = settings["items"];
    OrderSettings result;
    result.fulfilment = fulfilment;
    const bool by_amazon = fulfilment == Fulfilment::Amazon;
    if (by_amazon) {
        result.document = form_by_setting(settings["document"].text()).type;
        result.per_shipment = settings["per"].text() == "shipment";
        result.centre_locations = settings["locations"]["centres"];
    }
    const Json& accounts = settings["accounts"];
    if (result.document == DocumentType::Invoice) result.account = accounts["ar"].text();
    if (result.document == DocumentType::CashSale) result.account = accounts["clearing"].text();
    result.form = settings["form"].text();
    result.department = settings["department"].text();
    result.class_id = settings["class"].text();
    result.terms = settings["terms"].text();
    result.order_number = settings["order_number"].text_or("netsuite");
    result.go_live = settings["go_live"].text();
    result.books_zone = settings["books_zone"].text_or("UTC");
    result.subsidiary = settings["subsidiary"].text();
    result.currency = settings["currency"].text();
    result.pending_approval = settings["order_status"].text() == "pending_approval";
    result.discount_per_order = settings["discount"].text() == "order";
    result.tip_is_ours = settings["tip"].text() == "line";
    result.location = settings["locations"][by_amazon ? "fba" : "mfn"].text();
    result.items = {items["shipping"].text(),        items["gift_wrap"].text(),
                    items["cod_fee"].text(),         items["other"].text(),
                    items["delivery_tip"].text(),    items["discount"].text(),
                    items["ship_discount"].text(),   items["tax"].text(),
                    items["facilitator_tax"].text(), items["rounding"].text()};
    if (result.items.ship_discount.empty()) result.items.ship_discount = result.items.discount;
    result.tax = TaxSettings::parse(settings["tax"]);
    result.sku_aliases = settings["sku_aliases"];
    result.order_id_field = settings["fields"]["order_id"].text();
    result.order_item_id_field = settings["fields"]["order_item_id"].text();
    result.facilitator_tax_field = settings["fields"]["facilitator_tax"].text();
    result.purchase_order_field = settings["fields"]["purchase_order"].text();
    result.gift_message_field = settings["fields"]["gift_message"].text();
    result.shipment_id_field = settings["fields"]["shipment_id"].text();
    result.vat_id_field = settings["fields"]["vat_id"].text();
    result.original_date_field = settings["fields"]["original_date"].text();
    result.statuses = statuses_of(settings["statuses"]);
    result.skip_replacements = settings["replacements"].text() == "skip";
    result.personal_data = personal_data_of(settings["personal_data"].text());
    result.purchase_order_as_reference = settings["other_ref_num"].text() == "purchase_order";
    result.address = address_style_of(settings["address"]);
    result.ship_methods = settings["ship_methods"];
    // Orders do not post, so that no closed period keeps them out.
    result.moves_to_open_period = settings["closed_period"].text() == "next_open" &&
                                  result.document != DocumentType::SalesOrder;
    result.pending_days = settings["pending_days"].integer_if().value_or(30);
    return result;
}

const std::string& OrderSettings::location_of(const std::string& centre) const {
    const std::string& of_centre = centre_locations[centre].text();
    return of_centre.empty() ? location : of_centre;
}

std::string OrderSettings::item_name(const std::string& sku) const {
    return sku_aliases[sku].text_or(sku);
}

bool OrderSettings::takes(FulfillmentStatus status) const {
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

bool OrderSettings::may_take_later(FulfillmentStatus status) const {
    return !statuses.empty() && status < statuses.back();
}

std::string OrderSettings::ship_method(const std::string& service_level) const {
    for (const JsonMember& method : ship_methods.members())
        if (method.key != "default" && level_key(method.key) == level_key(service_level))
            return method.value.text();
    return ship_methods["default"].text();
}

}  // namespace carrick::plugins
