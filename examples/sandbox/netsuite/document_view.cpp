// SPDX-License-Identifier: Apache-2.0
// Names instead of ids, and one list of lines.
#include "examples/sandbox/netsuite/document_view.hpp"

namespace carrick::sandbox::netsuite {

namespace {

Decimal number(const Json& value) {
    return value.decimal_if().value_or(Decimal());
}

/// Without names and streets.
std::string place_of(const Json& address) {
    std::string text = address["city"].text();
    if (!text.empty()) text += ",";
    for (const std::string* part :
         {&address["state"].text(), &address["zip"].text(), &address["country"]["id"].text()})
        if (!part->empty()) text += (text.empty() ? "" : " ") + *part;
    return text;
}

}  // namespace

NetSuiteSalesOrder document_view(const Record& order, const RecordStore& store) {
    NetSuiteSalesOrder view;
    view.type = order.type->name;
    view.created_from = order.ref("createdFrom");
    view.date = order.body["tranDate"].text();
    view.ship_to = place_of(order.body["shippingAddress"]);
    view.internal_id = std::to_string(order.id);
    view.external_id = order.external_id();
    view.other_ref_num = order.body["otherRefNum"].text();
    for (const char* field : {"custbody_celigo_etail_order_id", "custbody_fa_channel_order"})
        if (view.marketplace_order_id.empty()) view.marketplace_order_id = order.body[field].text();
    view.entity = order.ref("entity");
    view.subsidiary = order.ref("subsidiary");
    if (const Record* currency = store.find("currency", order.ref("currency")))
        view.currency = currency->body["symbol"].text();
    view.status = order.ref("status");
    // The same letters mean other things on documents that post.
    if (view.type == "salesOrder" && view.status == "C") view.status = "cancelled";
    if (view.type == "salesOrder" && view.status == "H") view.status = "closed";
    view.total = number(order.body["total"]);
    Decimal untold_tax = number(order.body["taxTotal"]);
    for (const Json& line : order.body["item"]["items"].items()) {
        const Record* item = store.find("item", line["item"]["id"].text());
        if (item == nullptr) continue;
        const Record* location = store.find("location", line["location"]["id"].text());
        view.lines.push_back({item->body["itemId"].text(), number(line["quantity"]),
                              number(line["amount"]), number(line["taxAmount"]), item->type->name,
                              location != nullptr ? location->display_name() : "",
                              line["isClosed"].bool_if().value_or(false)});
        untold_tax = untold_tax.minus(view.lines.back().tax_amount).value_or(untold_tax);
    }
    // Amounts of the header are lines too; tax that belongs to no line is the shipping's.
    if (const Decimal shipping = number(order.body["shippingCost"]); !shipping.is_zero()) {
        const Record* method = store.find("shipItem", order.ref("shipMethod"));
        view.lines.push_back({method != nullptr ? method->body["itemId"].text() : "Shipping",
                              Decimal(1), shipping, untold_tax, "shipItem", "", false});
    }
    if (const Decimal discount = number(order.body["discountTotal"]); !discount.is_zero())
        if (const Record* item = store.find("item", order.ref("discountItem")))
            view.lines.push_back({item->body["itemId"].text(), Decimal(), discount, Decimal(),
                                  item->type->name, "", false});
    return view;
}

}  // namespace carrick::sandbox::netsuite
