// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/order_settings.hpp"

namespace carrick::plugins {

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

}  // namespace carrick::plugins
