// SPDX-License-Identifier: Apache-2.0
// Sales orders: sourcing, prices, amounts, totals, state and what may no longer change.
#include "examples/sandbox/netsuite/address.hpp"
#include "examples/sandbox/netsuite/rules.hpp"
#include "examples/sandbox/netsuite/tax.hpp"
#include "examples/sandbox/netsuite/values.hpp"

#include <carrick/sdk/money.hpp>

#include <algorithm>

namespace carrick::sandbox::netsuite {

namespace {

Decimal number(const Json& value) {
    return value.decimal_if().value_or(Decimal());
}

std::vector<Json>* lines_of(Record& order) {
    Json* list = order.body.find("item");
    return list != nullptr ? list->find("items")->items_if() : nullptr;
}

std::string line_path(std::size_t index, const char* field) {
    return "item.items[" + std::to_string(index) + "]." + field;
}

bool trades_in(const Record& customer, const std::string& currency) {
    if (customer.ref("currency") == currency) return true;
    for (const Json& row : customer.body["currencyList"]["items"].items())
        if (row["currency"]["id"].text() == currency) return true;
    return false;
}

/// The customer decides subsidiary, currency and terms; a request may only agree.
void source_from_customer(Record& order, const SaveContext& context) {
    Json& body = order.body;
    if (body["entity"].is_null()) throw missing_values({"Customer"});
    const Record* customer = context.store.find("entity", order.ref("entity"));
    if (customer == nullptr || customer->is_true("isInactive"))
        throw invalid_value(order.ref("entity"), "entity", "entity");
    if (body["subsidiary"].is_null()) body.set("subsidiary", customer->body["subsidiary"]);
    if (order.ref("subsidiary") != customer->ref("subsidiary"))
        throw invalid_value(order.ref("subsidiary"), "subsidiary", "subsidiary");
    if (body["currency"].is_null()) body.set("currency", customer->body["currency"]);
    if (!trades_in(*customer, order.ref("currency")))
        throw invalid_value(order.ref("currency"), "currency", "currency");
    if (body["terms"].is_null() && !customer->body["terms"].is_null())
        body.set("terms", customer->body["terms"]);
}

void check_list_reference(const Record& order, const Json& value, std::string_view family,
                          const char* field, const std::string& path, const RecordStore& store) {
    const std::string& id = value["id"].text();
    if (id.empty()) return;
    const Record* record = store.find(family, id);
    if (record == nullptr || record->is_true("isInactive") ||
        !offered_in(*record, order.ref("subsidiary"), store))
        throw invalid_value(id, field, path);
}

/// The price of an item at a level and quantity in a currency; none where the matrix has no row.
std::optional<Decimal> level_price(const Record& item, const std::string& level,
                                   const std::string& currency, const Decimal& quantity) {
    std::optional<Decimal> price;
    std::optional<Decimal> best_break;
    for (const Json& row : item.body["price"]["items"].items()) {
        if (row["priceLevel"]["id"].text() != level || row["currencyPage"]["id"].text() != currency)
            continue;
        const Json& from = row["quantity"];
        const Decimal quantity_break = number(from.is_object() ? from["value"] : from);
        if (quantity_break > quantity || (best_break && quantity_break < *best_break)) continue;
        best_break = quantity_break;
        price = row["price"].decimal_if();
    }
    return price;
}

class LinePricer {
public:
    LinePricer(Record& order, int digits, const SaveContext& context)
        : order_(order), digits_(digits), context_(context) {}

    void price(Json& line, const Json& sent, const Json* above, std::size_t index) {
        const Record* item = context_.store.find("item", line["item"]["id"].text());
        if (line["item"].is_null() || item == nullptr) throw missing_values({"Item"});
        if (item->is_true("isInactive") ||
            !offered_in(*item, order_.ref("subsidiary"), context_.store))
            throw invalid_value(line["item"]["id"].text(), "item", line_path(index, "item"));
        check_list_reference(order_, line["location"], "location", "location",
                             line_path(index, "location"), context_.store);
        line.set("itemType", item->type->code);
        const Json& description =
            item->body[item->type->name == "kitItem" ? "description" : "salesDescription"];
        if (line["description"].is_null() && !description.is_null())
            line.set("description", description);
        if (sent.is_null()) return;  // untouched: keeps its prices
        if (item->type->name == "discountItem")
            return price_discount(line, sent, *item, above, index);
        price_goods(line, sent, *item, index);
    }

private:
    void price_goods(Json& line, const Json& sent, const Record& item, std::size_t index) {
        if (line["quantity"].is_null()) {
            if (item.type->name == "inventoryItem" || item.type->name == "kitItem")
                throw missing_values({"Quantity"});
            line.set("quantity", 1);
        }
        const Decimal quantity = number(line["quantity"]);
        if (quantity.is_negative() || quantity.is_zero())
            throw invalid_value(quantity.text(), "quantity", line_path(index, "quantity"));
        const std::string level = choose_level(line, item, quantity);
        const std::optional<Decimal> listed =
            level_price(item, level, order_.ref("currency"), quantity);
        line.set("price", Json::object({{"id", level}}));
        if (level != "-1" && listed) line.set("rate", *listed);  // the level wins over a sent rate
        if (sent.contains("amount") && !sent["amount"].is_null()) {
            line.set("amount", rounded(number(sent["amount"])));
            if (line["rate"].is_null() || (!sent.contains("rate") && level == "-1"))
                line.set("rate", number(line["amount"]).divided_by(quantity, 8)->normalized());
            return;
        }
        if (line["rate"].is_null()) throw missing_values({"Amount"});
        line.set("amount", rounded(number(line["rate"]).times(quantity).value_or(Decimal())));
    }

    [[nodiscard]] std::string choose_level(const Json& line, const Record& item,
                                           const Decimal& quantity) const {
        if (!line["price"].is_null()) return line["price"]["id"].text();
        std::string level = "1";  // Base Price
        if (const Record* customer = context_.store.find("entity", order_.ref("entity"));
            customer != nullptr && !customer->ref("priceLevel").empty())
            level = customer->ref("priceLevel");
        return level_price(item, level, order_.ref("currency"), quantity) ? level : "-1";
    }

    void price_discount(Json& line, const Json& sent, const Record& item, const Json* above,
                        std::size_t index) const {
        if (above == nullptr)
            throw user_error("A discount line must follow the line that it applies to.",
                             line_path(index, "item"));
        line.erase("quantity");
        if (sent.contains("amount") && !sent["amount"].is_null()) {
            line.set("amount", rounded(number(sent["amount"])));
        } else if (!line["rate"].is_null()) {
            line.set("amount", rounded(number(line["rate"])));
        } else {
            line.set("amount", discount_of(item.body["rate"], number((*above)["amount"])));
        }
        if (line["rate"].is_null()) line.set("rate", line["amount"]);
    }

    [[nodiscard]] Decimal discount_of(const Json& rate, const Decimal& base) const {
        const std::string& text = rate.text();
        if (!text.ends_with('%')) {
            if (rate.is_null()) throw missing_values({"Amount"});
            return rounded(number(rate));
        }
        const Decimal percent =
            Decimal::parse(std::string_view(text).substr(0, text.size() - 1)).value_or(Decimal());
        return base.times(percent)
            .value_or(Decimal())
            .divided_by(Decimal(100), digits_)
            .value_or(Decimal());
    }

    [[nodiscard]] Decimal rounded(const Decimal& amount) const {
        return amount.rounded(digits_).value_or(amount).with_scale(digits_).value_or(amount);
    }

    Record& order_;
    int digits_;
    const SaveContext& context_;
};

int currency_digits(const Record& order, const RecordStore& store) {
    const Record* currency = store.find("currency", order.ref("currency"));
    if (currency == nullptr) return 2;
    const std::optional<std::int64_t> digits = currency->body["currencyPrecision"].integer_if();
    return digits ? static_cast<int>(*digits) : 2;
}

void price_lines(Record& order, int digits, const SaveContext& context) {
    std::vector<Json>* lines = lines_of(order);
    if (lines == nullptr || lines->empty())
        throw user_error("You must enter at least one line item for this transaction.", "item");
    const auto sent = context.sent_lines.find("item");
    const bool copies_location = context.switches.is("netsuite.header_location", "copied");
    LinePricer pricer(order, digits, context);
    const Json* above = nullptr;
    for (std::size_t i = 0; i < lines->size(); ++i) {
        Json& line = (*lines)[i];
        const Json untouched;
        const Json& line_sent = sent != context.sent_lines.end() ? sent->second[i] : untouched;
        if (copies_location && line["location"].is_null() && !order.body["location"].is_null())
            line.set("location", order.body["location"]);
        pricer.price(line, line_sent, above, i);
        if (line["lineUniqueKey"].is_null())
            line.set("lineUniqueKey", std::to_string(context.document_number * 10000 +
                                                     line["line"].integer_if().value_or(0)));
        for (const char* field : {"quantityFulfilled", "quantityBilled"})
            if (line["itemType"].text() != "Discount" && line[field].is_null()) line.set(field, 0);
        if (line["isClosed"].is_null()) line.set("isClosed", false);
        line.set("isOpen", !*line["isClosed"].bool_if());
        if (line["itemType"].text() != "Discount") above = &line;
    }
}

/// Lines that goods have left on can no longer be changed, shortened or removed.
void protect_fulfilled_lines(const Record& draft, const Record& before) {
    for (const Json& old : before.body["item"]["items"].items()) {
        const Decimal fulfilled = number(old["quantityFulfilled"]);
        if (fulfilled.is_zero()) continue;
        const Json* now = nullptr;
        std::size_t index = 0;
        for (const Json& line : draft.body["item"]["items"].items()) {
            if (line["line"] == old["line"]) {
                now = &line;
                break;
            }
            ++index;
        }
        const std::string text = "Items on this line have been fulfilled.";
        if (now == nullptr) throw user_error(text, "item");
        if (!((*now)["item"] == old["item"]) || number((*now)["rate"]) != number(old["rate"]) ||
            number((*now)["amount"]) != number(old["amount"]) ||
            number((*now)["quantity"]) < fulfilled)
            throw user_error(text, "item.items[" + std::to_string(index) + "]");
    }
}

Decimal header_discount(Record& order, const Decimal& subtotal, int digits,
                        const RecordStore& store) {
    Json& body = order.body;
    if (body["discountItem"].is_null()) {
        if (!body["discountRate"].is_null()) throw missing_values({"Discount Item"});
        return {};
    }
    check_list_reference(order, body["discountItem"], "item", "discountitem", "discountItem",
                         store);
    if (body["discountRate"].is_null())
        if (const Record* item = store.find("item", order.ref("discountItem")))
            body.set("discountRate", item->body["rate"]);
    const std::string& text = body["discountRate"].text();
    if (!text.ends_with('%'))
        return number(body["discountRate"]).rounded(digits).value_or(Decimal());
    const Decimal percent =
        Decimal::parse(std::string_view(text).substr(0, text.size() - 1)).value_or(Decimal());
    return subtotal.times(percent)
        .value_or(Decimal())
        .divided_by(Decimal(100), digits)
        .value_or(Decimal());
}

void total_up(Record& order, int digits, const SaveContext& context) {
    Json& body = order.body;
    if (!body["shippingCost"].is_null() && body["shipMethod"].is_null() &&
        !number(body["shippingCost"]).is_zero() &&
        context.switches.is("netsuite.shipping_cost_needs_method", "on"))
        throw missing_values({"Ship Via"});
    check_list_reference(order, body["shipMethod"], "shipItem", "shipmethod", "shipMethod",
                         context.store);
    Decimal subtotal = Decimal().with_scale(digits).value();
    for (const Json& line : *lines_of(order)) {
        Result<Decimal> grown = subtotal.plus(number(line["amount"]));
        if (!grown) throw invalid_value(line["amount"].dump(), "amount", "item");
        subtotal = *grown;
    }
    const Decimal discount = header_discount(order, subtotal, digits, context.store);
    const Decimal tax = compute_tax(order, digits, context);
    Decimal total = subtotal;
    for (const Decimal& part :
         {discount, tax, number(body["shippingCost"]), number(body["handlingCost"])})
        total = total.plus(part).value_or(total);
    body.set("subtotal", subtotal);
    body.set("discountTotal", discount);
    body.set("taxTotal", tax.with_scale(digits).value_or(tax));
    body.set("total", total.rounded(digits).value_or(total));
}

bool leaves_the_house(const Json& line) {
    return line["itemType"].text() == "InvtPart" || line["itemType"].text() == "Kit";
}

std::string number_prefix(const RecordType& type) {
    if (type.name == "invoice") return "INV";
    return type.name == "cashSale" ? "CS" : "SO";
}

void complete_header(Record& order, const Record* before, const SaveContext& context) {
    Json& body = order.body;
    const RecordStore& store = context.store;
    if (body["tranDate"].is_null()) body.set("tranDate", context.today);
    if (order.type->name == "salesOrder" && body["orderStatus"].is_null())
        body.set("orderStatus",
                 Json::object({{"id", context.switches.get("netsuite.default_order_status")}}));
    if (body["exchangeRate"].is_null()) {
        const Record* currency = store.find("currency", order.ref("currency"));
        const Record* subsidiary = store.find("subsidiary", order.ref("subsidiary"));
        const bool own =
            subsidiary != nullptr && subsidiary->ref("currency") == order.ref("currency");
        body.set("exchangeRate",
                 own || currency == nullptr || currency->body["exchangeRate"].is_null()
                     ? Json(1)
                     : currency->body["exchangeRate"]);
    }
    if (before == nullptr) {
        // Auto-numbering without override: a number sent with the order does not count.
        body.set("tranId",
                 number_prefix(*order.type) + std::to_string(100000 + context.document_number));
        body.set("transactionNumber", body["tranId"]);
        body.set("source", Json::object({{"id", "restWebServices"}}));
        body.set("createdDate", context.now.text());
    } else {
        body.set("tranId", before->body["tranId"]);
    }
    if (body["toBeEmailed"].is_null()) body.set("toBeEmailed", false);
    check_email(order, "email");
    for (const auto& [field, family] :
         {std::pair{"location", "location"}, std::pair{"department", "department"},
          std::pair{"class", "classification"}})
        check_list_reference(order, body[field], family, field, field, store);
    for (const auto& [address, text] : {std::pair{"shippingAddress", "shipAddress"},
                                        std::pair{"billingAddress", "billAddress"}}) {
        if (body[address].is_null()) continue;
        body.set(text, address_text(body[address]));
        body.set(std::string(address) + "_text", body[text]);
    }
}

}  // namespace

/// The status letter follows from approval, fulfilment, billing and closed lines. Only goods are
/// waited for to be shipped; everything is waited for to be billed.
void set_order_status(Record& order) {
    bool all_closed = true;
    bool all_shipped = true;
    bool any_shipped = false;
    bool all_billed = true;
    bool any_billed = false;
    for (const Json& line : order.body["item"]["items"].items()) {
        if (line["quantity"].is_null()) continue;
        const bool closed = line["isClosed"].bool_if().value_or(false);
        const Decimal quantity = number(line["quantity"]);
        const Decimal fulfilled = number(line["quantityFulfilled"]);
        const Decimal billed = number(line["quantityBilled"]);
        all_closed = all_closed && closed;
        any_shipped = any_shipped || !fulfilled.is_zero();
        any_billed = any_billed || !billed.is_zero();
        all_shipped = all_shipped && (closed || !leaves_the_house(line) || fulfilled >= quantity);
        all_billed = all_billed && (closed || billed >= quantity);
    }
    std::string letter = order.ref("orderStatus");
    if (all_closed && !any_shipped && !any_billed)
        letter = "H";
    else if (all_billed && any_billed && all_shipped)
        letter = "G";
    else if (all_shipped && any_shipped)
        letter = "F";
    else if (any_billed && any_shipped)
        letter = "E";
    else if (any_shipped)
        letter = "D";
    order.body.set("status", Json::object({{"id", letter}}));
}

void price_sale(Record& draft, const Record* before, const Json& sent, SaveContext& context) {
    source_from_customer(draft, context);
    complete_header(draft, before, context);
    const int digits = currency_digits(draft, context.store);
    price_lines(draft, digits, context);
    if (before != nullptr) protect_fulfilled_lines(draft, *before);
    // A request that overrides the tax sends all of its details; older ones go.
    if (before != nullptr && !sent.contains("taxDetails") && !draft.is_true("taxDetailsOverride"))
        draft.body.erase("taxDetails");
    total_up(draft, digits, context);
}

void apply_sales_order_rules(Record& draft, const Record* before, const Json& sent,
                             SaveContext& context) {
    const Switches& switches = context.switches;
    if (const std::string text = switches.get("netsuite.script_error"); !text.empty())
        throw user_error(text);
    if (before != nullptr && switches.is("netsuite.workflow_lock", "on"))
        throw user_error("This record has been locked by a user defined workflow.");
    if (before != nullptr && switches.is("netsuite.record_changed", "on")) {
        Refusal changed = user_error("Record has been changed");
        changed.code = "RCRD_HAS_BEEN_CHANGED";
        throw changed;
    }
    price_sale(draft, before, sent, context);
    set_order_status(draft);
}

}  // namespace carrick::sandbox::netsuite
