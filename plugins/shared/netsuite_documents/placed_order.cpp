// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/netsuite_documents/placed_order.hpp"

namespace carrick::plugins {

namespace {

Error unread(const std::string& order, const std::string& what) {
    return bug("order.lines_unread", "NetSuite's sales order " + order +
                                         ": the look-up of its lines answered without " + what);
}

/// A figure as SuiteQL writes it: text, at times ".5".
std::optional<Decimal> figure_in(const Json& value) {
    if (value.is_null()) return Decimal();
    std::string text = value.text();
    if (text.starts_with('.')) text.insert(0, "0");
    if (text.starts_with("-.")) text.insert(1, "0");
    const Result<Decimal> figure = Decimal::parse(text);
    if (!figure) return std::nullopt;
    return *figure;
}

}  // namespace

Decimal PlacedLine::left() const {
    if (closed) return Decimal();
    const Decimal gone = fulfilled.plus(picked).value_or(quantity);
    const Decimal rest = quantity.minus(gone).value_or(Decimal());
    return rest.is_negative() ? Decimal() : rest;
}

Result<PlacedOrder> parse_placed_order(const Json& hit) {
    PlacedOrder order{
        hit["id"].text(), hit["externalid"].text(), hit["status"].text(), {}, std::nullopt};
    if (order.id.empty() || !hit["lines"].is_array()) return unread(order.id, "its lines");
    for (const Json& row : hit["lines"].items()) {
        PlacedLine line;
        line.line = row["line"].text();
        line.item = row["item"].text();
        line.is_discount = row["item_type"].text() == "Discount";
        line.closed = row["closed"].bool_if().value_or(false);
        line.fulfillable = row["fulfillable"].bool_if().value_or(false);
        line.location = row["location"].text();
        line.order_item = row["field"].text();
        for (const auto& [figure, member] :
             {std::pair{&line.quantity, "quantity"}, std::pair{&line.amount, "amount"},
              std::pair{&line.fulfilled, "fulfilled"}, std::pair{&line.picked, "picked"},
              std::pair{&line.billed, "billed"}}) {
            const std::optional<Decimal> value = figure_in(row[member]);
            if (!value) return unread(order.id, std::string("a readable ") + member);
            *figure = *value;
        }
        if (line.line.empty()) return unread(order.id, "the key of a line");
        order.lines.push_back(std::move(line));
    }
    if (!hit["header_discount"].is_null()) {
        order.header_discount = figure_in(hit["header_discount"]);
        if (!order.header_discount) return unread(order.id, "a readable discount");
    }
    return order;
}

}  // namespace carrick::plugins
