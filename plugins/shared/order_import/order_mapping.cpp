// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/order_mapping.hpp"

#include "plugins/shared/order_model/address.hpp"
#include "plugins/shared/time/zone_time.hpp"

#include <optional>

namespace carrick::plugins {

namespace {

Json reference(const std::string& id) {
    return Json::object({{"id", Json(id)}});
}

/// The parts of the header that settings name, each where it is set.
void set_dimensions(Json& document, const Order& order, const OrderSettings& settings) {
    const auto refer = [&](const char* field, const std::string& id) {
        if (!id.empty()) document.set(field, reference(id));
    };
    refer("subsidiary", settings.subsidiary);
    refer("location", settings.location_of(order.shipment ? order.shipment->centre : ""));
    refer("customForm", settings.form);
    refer("department", settings.department);
    refer("class", settings.class_id);
    refer("account", settings.account);
    if (settings.document != DocumentType::CashSale) refer("terms", settings.terms);
    if (settings.order_number == "amazon")
        document.set("tranId", Json(order.shipment ? order.id.text + "-" + order.shipment->id
                                                   : order.id.text));
}

void set_custom_fields(Json& document, const Order& order, const OrderSettings& settings) {
    const auto note = [&](const std::string& field, const std::string& text) {
        if (!field.empty() && !text.empty()) document.set(field, Json(text));
    };
    note(settings.order_id_field, order.id.text);
    if (settings.personal_data == PersonalData::Keep)
        note(settings.vat_id_field, order.buyer_vat_id);
    note(settings.purchase_order_field, order.purchase_order_number);
    if (order.shipment) note(settings.shipment_id_field, order.shipment->id);
    if (!settings.facilitator_tax_field.empty())
        document.set(settings.facilitator_tax_field, Json(facilitator_tax(order).amount()));
}

/// The number that people look an order up by.
Result<std::string> other_ref_num(const Order& order, const OrderSettings& settings) {
    // NetSuite's otherRefNum takes no more; half a purchase order's number is none.
    constexpr std::size_t kLongest = 45;
    if (!settings.purchase_order_as_reference || order.purchase_order_number.empty())
        return order.id.text;
    if (order.purchase_order_number.size() > kLongest)
        return rejected("order.purchase_order",
                        "order " + order.id.text +
                            ": the buyer's purchase order number has more than 45 characters; set "
                            "other_ref_num to order_id and name fields.purchase_order",
                        "other_ref_num");
    return order.purchase_order_number;
}

Result<void> set_ship_method(Json& document, const Order& order, const OrderSettings& settings) {
    if (settings.ship_methods.empty()) return {};
    const std::string method = settings.ship_method(order.service_level);
    if (method.empty())
        return rejected("order.ship_method",
                        "order " + order.id.text + ": ship_methods has neither \"" +
                            order.service_level + "\" nor a default; add one and retry",
                        "ship_methods");
    document.set("shipMethod", reference(method));
    // What the customer pays for shipping stands on a line; a method's own price must not come on
    // top of it.
    document.set("shippingCost", Json(Money::zero(order.currency).amount()));
    return {};
}

Result<void> set_address(Json& document, const Order& order, const OrderSettings& settings) {
    Result<Json> address = shipping_address(order, settings);
    if (!address) return address.error();
    if (!address->is_null()) document.set("shippingAddress", *std::move(address));
    return {};
}

/// The document's day; where its period is closed, the first open one, and the memo says so.
void set_date(Json& document, const Order& order, const LocalDate& own, const std::string& open_day,
              const OrderSettings& settings) {
    const bool moved = !open_day.empty() && open_day != own.text();
    document.set("tranDate", Json(moved ? open_day : own.text()));
    if (!moved) return;
    document.set(
        "memo", Json("Amazon " + order.id.text + ", of " + own.text() + ": that period is closed"));
    if (!settings.original_date_field.empty())
        document.set(settings.original_date_field, Json(own.text()));
}

}  // namespace

Result<Json> shipping_address(const Order& order, const OrderSettings& settings) {
    if (settings.personal_data == PersonalData::Omit || order.ship_to.empty()) return Json();
    Address address = order.ship_to;
    if (settings.personal_data == PersonalData::Area) {
        address = Address{};
        address.city = order.ship_to.city;
        address.state = order.ship_to.state;
        address.postal_code = order.ship_to.postal_code;
        address.country = order.ship_to.country;
    }
    return to_netsuite_address(address, "order " + order.id.text, settings.address);
}

Result<LocalDate> document_date(const Order& order, const OrderSettings& settings) {
    const bool posts = settings.document != DocumentType::SalesOrder;
    const UtcTime moment = order.shipment ? order.shipment->shipped
                           : posts        ? order.updated
                                          : order.created;
    return date_in_zone(moment, settings.books_zone);
}

bool is_left_to_netsuite(const Order& order, const OrderSettings& settings) {
    const Result<TaxStatement> statement = tax_statement(order, settings.tax);
    return statement && *statement == TaxStatement::Engine;
}

Money tax_left_to_netsuite(const Order& order, const OrderSettings& settings) {
    return is_left_to_netsuite(order, settings) ? tax_of_ours(order) : Money::zero(order.currency);
}

Result<Json> to_document(const Order& order, const OrderReferences& references,
                         const OrderSettings& settings, const std::string& external_id) {
    if (!settings.currency.empty() && settings.currency != order.currency.code())
        return rejected("order.currency",
                        "order " + order.id.text + ": it is in " +
                            std::string(order.currency.code()) + ", this marketplace is set to " +
                            settings.currency + "; correct the setting currency",
                        "currency");
    Result<DocumentLines> lines = build_lines(order, references, settings);
    if (!lines) return lines.error();
    Result<LocalDate> date = document_date(order, settings);
    if (!date) return date.error();
    Result<std::string> number = other_ref_num(order, settings);
    if (!number) return number.error();

    Json result = Json::object({{"externalId", Json(external_id)},
                                {"entity", reference(references.customer)},
                                {"otherRefNum", Json(*number)}});
    set_date(result, order, *date, references.open_day, settings);
    if (settings.document == DocumentType::SalesOrder)
        result.set("orderStatus", reference(settings.pending_approval ? "A" : "B"));
    // Left to the customer's own currency, 100 USD could become 100 CAD and the total still agree.
    if (!references.currency.empty()) result.set("currency", reference(references.currency));
    set_dimensions(result, order, settings);
    // Tax is Amazon's amount; the account's engine must not compute it once more.
    if (settings.tax.engine_is_suitetax && !is_left_to_netsuite(order, settings))
        result.set("taxDetailsOverride", Json(true));
    if (!lines->tax_details.empty())
        result.set("taxDetails", Json::object({{"items", std::move(lines->tax_details)}}));
    set_custom_fields(result, order, settings);
    if (Result<void> set = set_address(result, order, settings); !set) return set.error();
    if (Result<void> set = set_ship_method(result, order, settings); !set) return set.error();
    const Money discount = lines->discount;
    if (settings.discount_per_order && !discount.is_zero()) {
        if (settings.items.discount.empty())
            return rejected("order.item_setting",
                            "order " + order.id.text + ": " + discount.text() +
                                " need the setting items.discount, which is missing; name a "
                                "NetSuite discount item there and retry",
                            "items.discount");
        result.set("discountItem", reference(settings.items.discount));
        result.set("discountRate", Json(discount.amount()));
    }
    result.set("item", Json::object({{"items", std::move(lines->lines)}}));
    return result;
}

Result<Money> document_total(const Json& document, Currency currency) {
    Money total = Money::zero(currency);
    const auto add = [&](const Json& amount, const char* what) -> Result<void> {
        const std::optional<Decimal> value = amount.decimal_if();
        if (!value)
            return rejected("order.amount", std::string("the document has no readable ") + what);
        Result<Money> money = Money::of(*value, currency);
        if (!money) return money.error();
        total = total.plus(*money).value();
        return {};
    };
    for (const Json& line : document["item"]["items"].items())
        if (Result<void> added = add(line["amount"], "line amount"); !added) return added.error();
    for (const Json& detail : document["taxDetails"]["items"].items())
        if (Result<void> added = add(detail["taxAmount"], "tax amount"); !added)
            return added.error();
    for (const char* field : {"discountRate", "shippingCost"})
        if (document.contains(field))
            if (Result<void> added = add(document[field], field); !added) return added.error();
    return total;
}

}  // namespace carrick::plugins
