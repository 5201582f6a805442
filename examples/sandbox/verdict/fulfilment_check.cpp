// SPDX-License-Identifier: Apache-2.0
#include "examples/sandbox/verdict/fulfilment_check.hpp"

#include <carrick/sdk/ids.hpp>

namespace carrick::sandbox {
namespace {

constexpr std::string_view kOurs = "AMZ-IF-";

std::string id_of(DocumentKind kind, const Order& order, std::string_view part) {
    return external_id(kind, order.account, order.id, part).value_or(std::string());
}

/// Units by NetSuite's item.
using Units = std::map<std::string, Decimal>;

Units units_of(const Shipment& shipment) {
    Units units;
    for (const ShippedPart& part : shipment.parts) {
        Decimal& of_item = units[std::string(part.share.item->item)];
        of_item = of_item.plus(Decimal(part.share.quantity)).value_or(of_item);
    }
    return units;
}

Units units_of(const NetSuiteSalesOrder& fulfilment) {
    Units units;
    for (const NetSuiteSalesOrderLine& line : fulfilment.lines) {
        Decimal& of_item = units[line.item];
        of_item = of_item.plus(line.quantity).value_or(of_item);
    }
    return units;
}

std::string text_of(const Units& units) {
    std::string text;
    for (const auto& [item, number] : units)
        text += (text.empty() ? "" : ", ") + number.text() + " x " + item;
    return text.empty() ? "nothing" : text;
}

}  // namespace

FulfilmentCheck::FulfilmentCheck(const NetSuiteView& netsuite, const VerdictOptions& options)
    : options_(options) {
    for (NetSuiteSalesOrder& document : netsuite.posting_documents())
        if (document.type == "itemFulfillment" && document.external_id.starts_with(kOurs)) {
            std::string id = document.external_id;
            by_external_id_.emplace(std::move(id), std::move(document));
        }
    for (const NetSuiteSalesOrder& order : netsuite.sales_orders()) {
        sales_orders_[order.internal_id] = order.external_id;
        references_[order.internal_id] =
            order.other_ref_num.empty() ? order.marketplace_order_id : order.other_ref_num;
    }
}

void FulfilmentCheck::problem(const char* code, const Order& order, const Shipment& shipment,
                              const std::string& message) {
    problems.push_back({code, order.id,
                        "parcel " + shipment.id + " of order " + order.id + " (" + order.recipe +
                            ", " + std::string(order.marketplace->code) + ") " + message});
}

void FulfilmentCheck::take(const Order& order, UtcTime now) {
    for (const Shipment& shipment : order.shipments) {
        if (shipment.shipped > now) continue;
        const auto [from, to] =
            by_external_id_.equal_range(id_of(DocumentKind::ItemFulfillment, order, shipment.id));
        // Between shipment and report, and shortly after it, it may or may not be there.
        const bool due = shipment.reported + options_.grace <= now;
        if (from != to || due) ++required;
        if (from == to) {
            if (due)
                problem("not_fulfilled", order, shipment,
                        "has no item fulfilment, reported since " + shipment.reported.text());
            continue;
        }
        const std::size_t before = problems.size();
        if (std::next(from) != to)
            problem("fulfilled_twice", order, shipment,
                    "has several item fulfilments of one external id");
        check(order, shipment, from->second);
        if (problems.size() == before) ++right;
        by_external_id_.erase(from, to);
    }
}

void FulfilmentCheck::allow(const Order& order) {
    for (const Shipment& shipment : order.shipments)
        by_external_id_.erase(id_of(DocumentKind::ItemFulfillment, order, shipment.id));
}

void FulfilmentCheck::check(const Order& order, const Shipment& shipment,
                            const NetSuiteSalesOrder& fulfilment) {
    const std::string which = "has the item fulfilment " + fulfilment.internal_id;
    const Units shipped = units_of(shipment);
    if (const Units fulfilled = units_of(fulfilment); fulfilled != shipped)
        problem("fulfilled_units", order, shipment,
                which + " of " + text_of(fulfilled) + "; " + text_of(shipped) + " left");
    const std::string& source = fulfilment.created_from;
    const bool by_parcel = options_.fba_grain == FbaGrain::Shipment;
    const std::string own = id_of(DocumentKind::SalesOrder, order,
                                  by_parcel ? std::string_view(shipment.id) : std::string_view());
    const bool adopted = order.preexisting != Preexisting::No && references_[source] == order.id;
    if (sales_orders_[source] != own && !adopted)
        problem("fulfilled_from", order, shipment,
                which + ", made from " + source + " (external id \"" + sales_orders_[source] +
                    "\"); its sales order is " + own);
}

void FulfilmentCheck::finish() {
    for (const auto& [id, fulfilment] : by_external_id_)
        problems.push_back({"fulfilled_nothing", "",
                            "item fulfilment " + fulfilment.internal_id + " (" + id +
                                ") stands for no parcel that has left"});
    by_external_id_.clear();
}

}  // namespace carrick::sandbox
