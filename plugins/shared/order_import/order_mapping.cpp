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

/// Builds the lines; the first problem ends it.
class LineBuilder {
public:
    LineBuilder(const Order& order, const OrderReferences& references,
                const OrderSettings& settings)
        : order_(order),
          references_(references),
          settings_(settings),
          location_(settings.location_of(order.shipment ? order.shipment->centre : "")) {}

    Result<Json> build() {
        for (const OrderLine& line : order_.lines)
            if (line.quantity > 0) add_order_line(line);
        const Money zero = Money::zero(order_.currency);
        add_sum("shipping", settings_.items.shipping, &LineProceeds::shipping);
        if (!settings_.discount_per_order)
            add_discount("ship_discount", settings_.items.ship_discount,
                         sum(&LineProceeds::shipping_discount));
        add_sum("gift_wrap", settings_.items.gift_wrap, &LineProceeds::gift_wrap);
        add_sum("cod_fee", settings_.items.cod_fee, &LineProceeds::cod_fee);
        add_sum("other", settings_.items.other, &LineProceeds::other);
        if (settings_.tip_is_ours)
            add_charge("delivery_tip", settings_.items.delivery_tip, order_.delivery_tip);
        add_tax(zero);
        if (problem_) return *problem_;
        return std::move(lines_);
    }

    /// All promotions together, for `discount: order`.
    [[nodiscard]] Money total_discount() const {
        return sum(&LineProceeds::item_discount)
            .plus(sum(&LineProceeds::shipping_discount))
            .value();
    }

private:
    [[nodiscard]] Money sum(Money LineProceeds::*part) const {
        Money total = Money::zero(order_.currency);
        for (const OrderLine& line : order_.lines)
            if (line.quantity > 0) total = total.plus(line.proceeds.*part).value();
        return total;
    }

    void add_order_line(const OrderLine& line) {
        const auto item = references_.items.find(line.sku.text);
        if (item == references_.items.end())
            return fail(
                rejected("order.unknown_sku",
                         "order " + order_.id.text + ": NetSuite has no active item \"" +
                             settings_.item_name(line.sku.text) + "\" for SKU \"" + line.sku.text +
                             "\"; create the item, or name the right one in sku_aliases, and retry",
                         "item"));
        Json& added = add_line(item->second, line.quantity, line.proceeds.item);
        if (!line.title.empty()) added.set("description", Json(line.title));
        if (!settings_.order_item_id_field.empty())
            added.set(settings_.order_item_id_field, Json(line.id.text));
        if (!settings_.gift_message_field.empty() && !line.gift_message.empty())
            added.set(settings_.gift_message_field, Json(line.gift_message));
        if (!settings_.discount_per_order)
            add_discount("discount", settings_.items.discount, line.proceeds.item_discount,
                         promotions_of(line));
    }

    static std::string promotions_of(const OrderLine& line) {
        std::string text;
        for (const std::string& promotion : line.promotions)
            text += (text.empty() ? "" : ", ") + promotion;
        return text;
    }

    Json& add_line(const std::string& item, std::int64_t quantity, const Money& amount) {
        Json line = Json::object({{"item", reference(item)},
                                  {"quantity", Json(quantity)},
                                  {"price", reference("-1")},
                                  {"amount", Json(amount.amount())}});
        // A rate only where quantity x rate is the amount to the cent; else NetSuite would drift.
        if (const Result<Decimal> rate =
                amount.amount().divided_by(Decimal(quantity), order_.currency.exponent()))
            if (rate->times(Decimal(quantity)).value() == amount.amount())
                line.set("rate", Json(*rate));
        if (!location_.empty()) line.set("location", reference(location_));
        if (!settings_.department.empty()) line.set("department", reference(settings_.department));
        if (!settings_.class_id.empty()) line.set("class", reference(settings_.class_id));
        return lines_.push_back(std::move(line)).items_if()->back();
    }

    void add_charge(const char* key, const std::string& item, const Money& amount) {
        if (amount.is_zero() || !has_item(key, item, amount)) return;
        add_line(item, 1, amount);
    }

    void add_sum(const char* key, const std::string& item, Money LineProceeds::*part) {
        add_charge(key, item, sum(part));
    }

    void add_discount(const char* key, const std::string& item, const Money& amount,
                      const std::string& why = {}) {
        if (amount.is_zero() || !has_item(key, item, amount)) return;
        // A discount item's line applies to the line above it and has no quantity of its own.
        Json line = Json::object({{"item", reference(item)},
                                  {"price", reference("-1")},
                                  {"rate", Json(amount.amount())},
                                  {"amount", Json(amount.amount())}});
        if (!why.empty()) line.set("description", Json(why));
        lines_.push_back(std::move(line));
    }

    void add_tax(const Money& zero) {
        Money ours = zero;
        Money facilitator = zero;
        for (const OrderLine& line : order_.lines) {
            if (line.quantity == 0) continue;
            Money& sum = line.facilitator ? facilitator : ours;
            sum = sum.plus(line.proceeds.tax).value();
        }
        if (!ours.is_zero() && !settings_.tax_as_line)
            return fail(
                rejected("order.tax_not_configured",
                         "order " + order_.id.text + ": it has " + ours.text() +
                             " of tax that we owe, and tax.mode is none; set it to line_item",
                         "tax.mode"));
        add_charge("tax", settings_.items.tax, ours);
        if (!settings_.facilitator_in_and_out || facilitator.is_zero()) return;
        add_charge("facilitator_tax", settings_.items.facilitator_tax, facilitator);
        add_charge("facilitator_tax", settings_.items.facilitator_tax, facilitator.negated());
    }

    bool has_item(const char* key, const std::string& item, const Money& amount) {
        if (!item.empty()) return true;
        fail(rejected("order.item_setting",
                      "order " + order_.id.text + ": " + amount.text() +
                          " need the setting items." + std::string(key) +
                          ", which is missing; name a NetSuite item there and retry",
                      "items." + std::string(key)));
        return false;
    }

    void fail(Error error) {
        if (!problem_) problem_ = std::move(error);
    }

    const Order& order_;
    const OrderReferences& references_;
    const OrderSettings& settings_;
    std::string location_;
    Json lines_ = Json::array();
    std::optional<Error> problem_;
};

Money facilitator_tax(const Order& order) {
    Money total = Money::zero(order.currency);
    for (const OrderLine& line : order.lines)
        if (line.facilitator && line.quantity > 0) total = total.plus(line.proceeds.tax).value();
    return total;
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
    note(settings.purchase_order_field, order.purchase_order_number);
    if (order.shipment) note(settings.shipment_id_field, order.shipment->id);
    if (!settings.facilitator_tax_field.empty())
        document.set(settings.facilitator_tax_field, Json(facilitator_tax(order).amount()));
}

/// The day of a document: of the shipment; of the last update where a document stands for what was
/// shipped and no report says when; else of the purchase.
Result<LocalDate> date_of(const Order& order, const OrderSettings& settings) {
    const bool posts = settings.document != DocumentType::SalesOrder;
    const UtcTime moment = order.shipment ? order.shipment->shipped
                           : posts        ? order.updated
                                          : order.created;
    return date_in_zone(moment, settings.books_zone);
}

}  // namespace

Result<Json> to_document(const Order& order, const OrderReferences& references,
                         const OrderSettings& settings, const std::string& external_id) {
    if (!settings.currency.empty() && settings.currency != order.currency.code())
        return rejected("order.currency",
                        "order " + order.id.text + ": it is in " +
                            std::string(order.currency.code()) + ", this marketplace is set to " +
                            settings.currency + "; correct the setting currency",
                        "currency");
    LineBuilder builder(order, references, settings);
    Result<Json> lines = builder.build();
    if (!lines) return lines.error();
    Result<LocalDate> date = date_of(order, settings);
    if (!date) return date.error();

    Json result = Json::object({{"externalId", Json(external_id)},
                                {"entity", reference(references.customer)},
                                {"tranDate", Json(date->text())},
                                {"otherRefNum", Json(order.id.text)}});
    if (settings.document == DocumentType::SalesOrder)
        result.set("orderStatus", reference(settings.pending_approval ? "A" : "B"));
    // Left to the customer's own currency, 100 USD could become 100 CAD and the total still agree.
    if (!references.currency.empty()) result.set("currency", reference(references.currency));
    set_dimensions(result, order, settings);
    // Tax is Amazon's amount, on a line; the account's engine must not compute it once more.
    if (settings.override_tax_engine) result.set("taxDetailsOverride", Json(true));
    set_custom_fields(result, order, settings);
    if (!order.ship_to.empty()) {
        Result<Json> address = to_netsuite_address(order.ship_to, "order " + order.id.text);
        if (!address) return address.error();
        result.set("shippingAddress", std::move(*address));
    }
    const Money discount = builder.total_discount();
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
    result.set("item", Json::object({{"items", std::move(*lines)}}));
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
    for (const char* field : {"discountRate", "shippingCost"})
        if (document.contains(field))
            if (Result<void> added = add(document[field], field); !added) return added.error();
    return total;
}

}  // namespace carrick::plugins
