// SPDX-License-Identifier: Apache-2.0
// Shares of a line are differences of rounded running shares, so that several partial documents of
// an order add up to it.
#include "examples/sandbox/netsuite/transform.hpp"

#include "examples/sandbox/netsuite/rules.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite {

namespace {

Decimal number(const Json& value) {
    return value.decimal_if().value_or(Decimal());
}
Decimal sum(const Decimal& a, const Decimal& b) {
    return a.plus(b).value_or(a);
}
Decimal difference(const Decimal& a, const Decimal& b) {
    return a.minus(b).value_or(a);
}

bool is_goods(const Json& line) {
    return line["itemType"].text() == "InvtPart" || line["itemType"].text() == "Kit";
}

/// The part of `whole` that lies between `from` and `to` of `of`, to `digits` decimals.
Decimal part_of(const Decimal& whole, const Decimal& from, const Decimal& to, const Decimal& of,
                int digits) {
    const auto up_to = [&](const Decimal& quantity) {
        return whole.times(quantity).value_or(Decimal()).divided_by(of, digits).value_or(Decimal());
    };
    return difference(up_to(to), up_to(from));
}

int digits_of(const Record& order, const RecordStore& store) {
    const Record* currency = store.find("currency", order.ref("currency"));
    return currency == nullptr
               ? 2
               : static_cast<int>(currency->body["currencyPrecision"].integer_if().value_or(2));
}

/// What the request says about one line of the order.
const Json* adjustment_of(const Json& sent, const Json& line) {
    for (const Json& each : sent["item"]["items"].items())
        if (!each["orderLine"].is_null() && number(each["orderLine"]) == number(line["line"]))
            return &each;
    return nullptr;
}

bool left_out(const Json* adjustment) {
    if (adjustment == nullptr) return false;
    const Json& quantity = (*adjustment)["quantity"];
    return (*adjustment)["itemReceive"].bool_if() == false ||
           (!quantity.is_null() && number(quantity).is_zero());
}

class Transform {
public:
    Transform(const Record& order, const RecordType& target, const Json& sent,
              const RecordStore& store, const Switches& switches)
        : order_(order),
          sent_(sent),
          switches_(switches),
          ships_(target.name == "itemFulfillment"),
          digits_(digits_of(order, store)) {
        made_.type = &target;
    }

    Record run();

private:
    void carry_header();
    void carry_line(const Json& line);
    void carry_discount(const Json& line);
    void carry_tax(const Json& line, const Decimal& from, const Decimal& to, const Decimal& of);
    void carry_once();
    void refuse_strangers() const;
    [[nodiscard]] Decimal done_of(const Json& line) const;
    [[nodiscard]] Decimal limit_of(const Json& line) const;

    const Record& order_;
    const Json& sent_;
    const Switches& switches_;
    bool ships_;
    int digits_;
    Record made_;
    Json lines_ = Json::array();
    Json taxes_ = Json::array();
    // The goods line above, for the discount line that follows it.
    bool above_is_carried_ = false;
    Decimal above_from_, above_to_, above_of_;
    bool first_bill_ = true;
};

/// Units of the line that earlier documents of this kind took.
Decimal Transform::done_of(const Json& line) const {
    return ships_ ? sum(number(line["quantityFulfilled"]), number(line["quantityPicked"]))
                  : number(line["quantityBilled"]);
}

/// Units of the line that may be taken in all.
Decimal Transform::limit_of(const Json& line) const {
    const bool waits = !ships_ && is_goods(line) && switches_.is("netsuite.bill_in_advance", "off");
    return waits ? number(line["quantityFulfilled"]) : number(line["quantity"]);
}

void Transform::carry_header() {
    Json& body = made_.body;
    std::vector<std::string_view> fields{"entity", "memo", "shipMethod", "shippingAddress"};
    if (!ships_)
        fields.insert(fields.end(), {"subsidiary", "currency", "exchangeRate", "otherRefNum",
                                     "location", "department", "class", "terms", "email",
                                     "billingAddress", "taxDetailsOverride"});
    for (const std::string_view field : fields)
        if (made_.type->field(field) != nullptr && !order_.body[field].is_null())
            body.set(field, order_.body[field]);
    for (const Field& field : made_.type->fields)
        if (field.custom && !order_.body[field.name].is_null())
            body.set(field.name, order_.body[field.name]);
    body.set("createdFrom", Json::object({{"id", std::to_string(order_.id)}}));
}

void Transform::carry_tax(const Json& line, const Decimal& from, const Decimal& to,
                          const Decimal& of) {
    const std::string& reference = line["taxDetailsReference"].text();
    if (reference.empty() || !order_.is_true("taxDetailsOverride")) return;
    for (Json detail : order_.body["taxDetails"]["items"].items()) {
        if (detail["taxDetailsReference"]["id"].text() != reference) continue;
        for (const char* amount : {"taxAmount", "taxBasis", "netAmount"})
            if (!detail[amount].is_null())
                detail.set(amount, part_of(number(detail[amount]), from, to, of, digits_));
        taxes_.push_back(std::move(detail));
    }
}

void Transform::carry_line(const Json& line) {
    above_is_carried_ = false;
    const Decimal ordered = number(line["quantity"]);
    const Decimal done = done_of(line);
    const Decimal left = difference(limit_of(line), done);
    const Json* adjustment = adjustment_of(sent_, line);
    const bool closed = line["isClosed"].bool_if().value_or(false);
    if ((ships_ && !is_goods(line)) || left_out(adjustment)) return;
    Decimal quantity = closed ? Decimal() : left;
    if (adjustment != nullptr && !(*adjustment)["quantity"].is_null())
        quantity = number((*adjustment)["quantity"]);
    if (quantity > (closed ? Decimal() : left) || quantity.is_negative())
        throw user_error("The quantity " + quantity.text() + " is more than the " + left.text() +
                             " that remain on line " + number(line["line"]).text() + ".",
                         "item");
    if (quantity.is_zero()) return;

    Json carried = Json::object({{"line", ++made_.last_line},
                                 {"orderLine", line["line"]},
                                 {"item", line["item"]},
                                 {"itemType", line["itemType"]},
                                 {"quantity", quantity}});
    if (!line["location"].is_null()) carried.set("location", line["location"]);
    if (!line["description"].is_null()) carried.set("description", line["description"]);
    if (ships_) {
        carried.set("itemReceive", true);
    } else {
        for (const char* field : {"price", "rate", "department", "class", "taxDetailsReference"})
            if (!line[field].is_null()) carried.set(field, line[field]);
        carried.set("amount",
                    part_of(number(line["amount"]), done, sum(done, quantity), ordered, digits_));
        carry_tax(line, done, sum(done, quantity), ordered);
    }
    for (const Field& field : made_.type->sublist("item")->fields)
        if (field.custom && !line[field.name].is_null()) carried.set(field.name, line[field.name]);
    if (adjustment != nullptr)
        for (const JsonMember& member : adjustment->members())
            if (member.key != "orderLine" && member.key != "quantity" && member.key != "line")
                carried.set(member.key, member.value);
    lines_.push_back(std::move(carried));
    above_is_carried_ = true;
    above_from_ = done;
    above_to_ = sum(done, quantity);
    above_of_ = ordered;
}

/// A discount goes with the goods above it, unit by unit.
void Transform::carry_discount(const Json& line) {
    if (ships_ || !above_is_carried_) return;
    Json carried = line;
    carried.set("orderLine", line["line"]);
    carried.set("line", ++made_.last_line);
    carried.erase("lineUniqueKey");
    const Decimal amount =
        part_of(number(line["amount"]), above_from_, above_to_, above_of_, digits_);
    carried.set("amount", amount);
    carried.set("rate", amount);
    carry_tax(line, above_from_, above_to_, above_of_);
    lines_.push_back(std::move(carried));
}

/// What belongs to the order as a whole goes onto the first document that bills it.
void Transform::carry_once() {
    if (ships_ || !first_bill_) return;
    for (const char* field : {"shippingCost", "handlingCost", "discountItem", "discountRate"})
        if (!order_.body[field].is_null()) made_.body.set(field, order_.body[field]);
    for (const Json& detail : order_.body["taxDetails"]["items"].items())
        if (const std::string& reference = detail["taxDetailsReference"]["id"].text();
            order_.is_true("taxDetailsOverride") &&
            (reference == "SHIPPING" || reference == "HANDLING"))
            taxes_.push_back(detail);
}

void Transform::refuse_strangers() const {
    for (const Json& each : sent_["item"]["items"].items()) {
        if (each["orderLine"].is_null()) {
            if (ships_)
                throw user_error("A line of an item fulfillment must name its orderLine.", "item");
            continue;
        }
        bool known = false;
        for (const Json& line : order_.body["item"]["items"].items())
            known = known || number(line["line"]) == number(each["orderLine"]);
        if (!known) throw invalid_value(number(each["orderLine"]).text(), "orderline", "item");
    }
}

Record Transform::run() {
    const std::string& status = order_.ref("status");
    if (status == "A" || status == "C" || status == "H")
        throw user_error("You can not initialize " + made_.type->name + ": invalid reference " +
                         std::to_string(order_.id) + ".");
    refuse_strangers();
    carry_header();
    for (const Json& line : order_.body["item"]["items"].items()) {
        first_bill_ = first_bill_ && number(line["quantityBilled"]).is_zero();
        if (line["itemType"].text() == "Discount")
            carry_discount(line);
        else
            carry_line(line);
    }
    carry_once();
    if (lines_.empty())
        throw user_error("You can not initialize " + made_.type->name + ": sales order " +
                         std::to_string(order_.id) + " has no line left for it.");
    made_.body.set("item", Json::object({{"items", std::move(lines_)}}));
    if (!taxes_.empty() && !sent_.contains("taxDetails"))
        made_.body.set("taxDetails", Json::object({{"items", std::move(taxes_)}}));
    return std::move(made_);
}

}  // namespace

Record transformed(const Record& order, const RecordType& target, Json& sent,
                   const RecordStore& store, const Switches& switches) {
    const bool known =
        order.type->name == "salesOrder" &&
        (target.name == "invoice" || target.name == "cashSale" || target.name == "itemFulfillment");
    if (!known) {
        Refusal refusal = invalid_content("The record type " + order.type->name +
                                          " cannot be transformed into " + target.name + ".");
        refusal.code = "INVALID_REQUEST";
        throw refusal;
    }
    Record made = Transform(order, target, sent, store, switches).run();
    // Lines of its own stay in the request; those of the order have been dealt with.
    Json own = Json::array();
    for (const Json& each : sent["item"]["items"].items())
        if (each["orderLine"].is_null()) own.push_back(each);
    if (own.empty())
        sent.erase("item");
    else
        sent.set("item", Json::object({{"items", std::move(own)}}));
    return made;
}

void count_on_order(RecordStore& store, const Record& document, int sign, UtcTime now) {
    const Record* source = store.find("transaction", document.ref("createdFrom"));
    if (source == nullptr || source->type->name != "salesOrder") return;
    const bool ships = document.type->name == "itemFulfillment";
    std::vector<const char*> fields;
    if (!ships)
        fields = {"quantityBilled"};
    else if (document.ref("shipStatus") == "C")
        fields = {"quantityFulfilled"};
    else if (document.ref("shipStatus") == "B")
        fields = {"quantityPicked", "quantityPacked"};
    else
        fields = {"quantityPicked"};
    Record order = *source;
    order.from_seed = false;
    order.modified = now;
    for (const Json& line : document.body["item"]["items"].items()) {
        if (line["orderLine"].is_null() || line["quantity"].is_null()) continue;
        for (Json& row : *order.body.find("item")->find("items")->items_if()) {
            if (number(row["line"]) != number(line["orderLine"]) || row["quantity"].is_null())
                continue;
            const Decimal quantity = number(line["quantity"]);
            for (const char* field : fields)
                row.set(field, sum(number(row[field]), sign > 0 ? quantity : quantity.negated()));
        }
    }
    set_order_status(order);
    store.put(std::move(order));
}

}  // namespace carrick::sandbox::netsuite
