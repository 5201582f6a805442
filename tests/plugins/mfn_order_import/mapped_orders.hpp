// SPDX-License-Identifier: Apache-2.0
// Orders through the mapping, with a line of a document as a line of text.
#pragma once

#include "plugins/shared/order_import/order_mapping.hpp"
#include "plugins/shared/order_import/tax_rules.hpp"
#include "tests/plugins/support/amazon_orders.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace carrick::plugins::testing {

/// Items by their role: shipping 11, gift wrap 12, ...
inline Json all_items() {
    return Json::parse(R"({"shipping":"11","gift_wrap":"12","cod_fee":"13","other":"14",
        "delivery_tip":"15","discount":"16","ship_discount":"17","tax":"18","facilitator_tax":"19",
        "rounding":"20"})")
        .value();
}

inline OrderSettings order_settings(const char* more = "{}") {
    Json json = Json::object({{"items", all_items()}, {"books_zone", Json("America/Los_Angeles")}});
    const Json added = Json::parse(more).value();
    for (const JsonMember& member : added.members()) json.set(member.key, member.value);
    return OrderSettings::parse(json);
}

/// As the flow reads and maps it.
inline Result<Json> map_order(const Json& json, const OrderSettings& with) {
    const OrderReferences references{"110", {{"ROPE", "98"}, {"CLEAT", "99"}}};
    Result<Order> order = parse_order(json, true, with.tax.max_rounding);
    if (!order) return order.error();
    if (const Result<void> taxed = supply_missing_tax(*order, with.tax); !taxed)
        return taxed.error();
    Result<Json> document = to_document(*order, references, with, "AMZ-SO-NA1-1");
    if (!document) return document;
    const Result<Money> owed = expected_receivable(*order, with.tip_is_ours);
    if (!owed) return owed.error();
    // Whatever the settings: what we would write is what the customer owes, but for tax that
    // NetSuite computes.
    CHECK(document_total(*document, order->currency)
              .value()
              .plus(tax_left_to_netsuite(*order, with))
              .value() == *owed);
    return document;
}

inline Json mapped_order(const Json& json, const OrderSettings& with) {
    const Result<Json> document = map_order(json, with);
    INFO((document ? std::string() : document.error().message));
    REQUIRE(document);
    return *document;
}

inline std::string refusal(const Json& json, const OrderSettings& with) {
    const Result<Json> document = map_order(json, with);
    return document ? "mapped" : document.error().code + ": " + document.error().message;
}

using Texts = std::vector<std::string>;

/// "item x quantity = amount" of each line.
inline Texts lines_of(const Json& document) {
    Texts told;
    for (const Json& line : document["item"]["items"].items()) {
        const std::string* quantity = line["quantity"].number_if();
        told.push_back(line["item"]["id"].text() + (quantity ? " x " + *quantity : "") + " = " +
                       *line["amount"].number_if());
    }
    return told;
}

/// "item of the line: code, rate % of basis = tax" of each tax detail.
inline Texts details_of(const Json& document) {
    Texts told;
    for (const Json& detail : document["taxDetails"]["items"].items()) {
        std::string item = "no line";
        for (const Json& line : document["item"]["items"].items())
            if (line["taxDetailsReference"].text() == detail["taxDetailsReference"]["id"].text())
                item = line["item"]["id"].text();
        told.push_back(item + ": " + detail["taxCode"]["id"].text() + ", " +
                       *detail["taxRate"].number_if() + " % of " + *detail["taxBasis"].number_if() +
                       " = " + *detail["taxAmount"].number_if());
    }
    return told;
}

}  // namespace carrick::plugins::testing
