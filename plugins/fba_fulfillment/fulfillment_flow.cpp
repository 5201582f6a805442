// SPDX-License-Identifier: Apache-2.0
#include "plugins/fba_fulfillment/fulfillment_flow.hpp"

#include "plugins/shared/netsuite_documents/create_or_adopt.hpp"
#include "plugins/shared/order_model/order.hpp"

#include <algorithm>
#include <vector>

namespace carrick::plugins {

namespace {

constexpr const char* kWrite = "itemFulfillment";
constexpr const char* kOrderLink = "amazon_order.sales_order";
constexpr const char* kShipmentLink = "amazon_shipment.sales_order";

std::string link_of(const OrderId& order) {
    return std::string(kOrderLink) + ":" + order.text;
}

std::string link_of(const ShippedOrder& shipped) {
    return std::string(kShipmentLink) + ":" + shipped.shipment;
}

/// The first of several answers that is there; null where none is.
std::optional<sdk::LookupView> first_found(
    std::initializer_list<std::optional<sdk::LookupView>> answers) {
    for (const std::optional<sdk::LookupView>& answer : answers)
        if (answer && answer->found) return answer;
    return std::nullopt;
}

}  // namespace

const FulfillmentFlow::Reading& FulfillmentFlow::reading_of(const sdk::RecordView& record) {
    if (const Reading* known = readings_.find(record)) return *known;
    return readings_.keep(record, read(record));
}

FulfillmentFlow::Reading FulfillmentFlow::read(const sdk::RecordView& record) const {
    const Result<Json> json = record.json();
    if (!json) return {.error = json.error()};
    Result<ShippedOrder> shipped = parse_shipped_order(*json);
    if (!shipped) return {.error = shipped.error()};
    const Result<Order> order = parse_order(*json, false);
    if (!order) return {.error = order.error()};
    if (order->merchant_fulfilled) return {.skip = "fulfilled by the merchant"};
    if (!order->amazon_channel) return {.skip = "not sold on Amazon"};
    if (const Result<void> ours = belongs_to(*order, marketplace_); !ours)
        return {.error = ours.error()};
    if (shipped->units() == 0) return {.skip = "nothing was shipped"};
    Result<std::string> id = external_id(DocumentKind::ItemFulfillment, account_,
                                         shipped->order.text, shipped->shipment);
    if (!id) return {.error = id.error()};
    Result<std::string> own =
        external_id(DocumentKind::SalesOrder, account_, shipped->order.text, shipped->shipment);
    Result<std::string> whole =
        external_id(DocumentKind::SalesOrder, account_, shipped->order.text);
    if (!own) return {.error = own.error()};
    if (!whole) return {.error = whole.error()};
    return {.wanted =
                Wanted{*std::move(shipped), *std::move(id), *std::move(own), *std::move(whole)}};
}

void FulfillmentFlow::needs(sdk::Pure& pure, const sdk::Records& records) {
    readings_.forget();
    for (const sdk::RecordView& record : records) {
        const Reading& reading = reading_of(record);
        if (!reading.wanted) continue;
        const ShippedOrder& shipped = reading.wanted->shipped;
        // Asked for in the manifest's order, since orders and fulfilments are made in between.
        // Any order first: where there was one and its own is not found after, it is another
        // shipment's; the other way round, a whole order made in between would look like one, and
        // the shipment wait for an order of its own that never comes. The fulfilment last: a write
        // whose answer was lost may arrive. Then the order is seen without it, and the fulfilment
        // found; the other way round, its own units would look like somebody else's.
        pure.emit_lookup(record, "any_order", shipped.order.text, true);
        pure.emit_lookup(record, "own_order", reading.wanted->own_order, true);
        pure.emit_lookup(record, "own_order", reading.wanted->whole_order, true);
        pure.emit_lookup(record, "order_of_others", shipped.order.text, true);
        pure.emit_lookup(record, "fulfillment", reading.wanted->external_id, true);
        for (const ShippedOrder::Item& item : shipped.items)
            if (const std::string name = settings_.item_name(item.sku);
                !name.empty() && name.size() <= 500)
                pure.emit_lookup(record, "item", name);
    }
}

void FulfillmentFlow::map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
                          const sdk::Ledger& ledger) {
    for (const sdk::RecordView& record : records) {
        const Reading& reading = reading_of(record);
        if (reading.error) {
            pure.failed(record, *reading.error);
            continue;
        }
        if (!reading.wanted) {
            pure.skipped(record, reading.skip);
            continue;
        }
        const ShippedOrder& shipped = reading.wanted->shipped;
        const auto earlier = ledger.find(record);
        const Json before = earlier ? earlier->json().value_or(Json()) : Json();
        const std::string& units = before["units"].text();
        if (before.contains(kWrite) && (units.empty() || units == std::to_string(shipped.units())))
            pure.skipped(record, "fulfilled before");
        else
            // One that has grown since, too: its fulfilment is compared, or made anew where a
            // person has deleted it.
            map_one(pure, record, *reading.wanted, lookups);
    }
}

void FulfillmentFlow::map_one(sdk::Pure& pure, const sdk::RecordView& record, const Wanted& wanted,
                              const sdk::Lookups& lookups) const {
    const ShippedOrder& shipped = wanted.shipped;
    const std::string order = "order " + shipped.order.text;
    if (const auto there = lookups.find(record, "fulfillment"); there && there->found) {
        const Json found = there->json().value_or(Json());
        if (found["type"].text() != "ItemShip")
            return pure.failed(
                record, rejected("fulfillment.external_id",
                                 order + ": the external id " + wanted.external_id +
                                     " belongs to another transaction (" + found["type"].text() +
                                     "); give that one another, and retry",
                                 "externalId"));
        return pure.emit_payload(record, {.write = kWrite,
                                          .action = sdk::WriteAction::Adopt,
                                          .external_id = wanted.external_id,
                                          .target_id = found["id"].text()});
    }
    // The shipment's own sales order, else the whole order's, else another tool's. Those of the
    // order's other shipments are ours too, and stand for none of this.
    const auto answer = first_found({lookups.find(record, "own_order", wanted.own_order),
                                     lookups.find(record, "own_order", wanted.whole_order),
                                     lookups.find(record, "order_of_others")});
    if (!answer) {
        // Where other shipments have orders, the order's link is there and would wake nobody.
        const bool by_shipment = first_found({lookups.find(record, "any_order")}).has_value();
        const std::string link = by_shipment ? link_of(shipped) : link_of(shipped.order);
        return pure.waiting(
            record, {.reason = "its sales order is not in NetSuite yet", .awaited_link = link});
    }
    const Json hit = answer->json().value_or(Json());
    if (hit.contains("ambiguous"))
        return pure.failed(record, rejected("order.ambiguous",
                                            order + ": NetSuite has several sales orders for it; "
                                                    "cancel or relabel all but one, and retry",
                                            "otherRefNum"));
    const Result<PlacedOrder> placed = parse_placed_order(hit);
    if (!placed) return pure.failed(record, placed.error());
    if (placed->status == "A")
        return pure.waiting(record, {.reason = "its sales order awaits approval"});
    if (placed->is_closed())
        return pure.failed(record, rejected("fulfillment.order_closed",
                                            order + ": Amazon shipped " + shipped.shipment +
                                                " of it, and sales order " + placed->id +
                                                " is closed; open it in NetSuite, and retry"));
    const Result<std::map<std::string, std::string>> items = items_of(record, shipped, lookups);
    if (!items) return pure.failed(record, items.error());
    const Result<Json> document =
        to_fulfillment(shipped, *placed, *items, settings_, wanted.external_id);
    if (!document) return pure.failed(record, document.error());
    pure.emit_payload(record, {.write = kWrite,
                               .external_id = wanted.external_id,
                               .target_id = placed->id,
                               .body = *document});
}

Result<std::map<std::string, std::string>> FulfillmentFlow::items_of(
    const sdk::RecordView& record, const ShippedOrder& shipped, const sdk::Lookups& lookups) const {
    std::map<std::string, std::string> items;
    for (const ShippedOrder::Item& item : shipped.items) {
        const std::string name = settings_.item_name(item.sku);
        const auto answer = lookups.find(record, "item", name);
        if (!answer || !answer->found) continue;
        const Json body = answer->json().value_or(Json());
        if (body.contains("ambiguous"))
            return rejected("order.ambiguous_item",
                            "order " + shipped.order.text + ": NetSuite has several items \"" +
                                name +
                                "\"; rename all but one, or name another in sku_aliases, and retry",
                            "item");
        items[item.sku] = body["id"].text();
    }
    return items;
}

bool FulfillmentFlow::is_linked(sdk::Call& call, const sdk::RecordView& record,
                                const Wanted& wanted, const std::string& order) {
    const ShippedOrder& shipped = wanted.shipped;
    const Result<std::vector<std::string>> linked = call.links(kOrderLink, shipped.order.text);
    if (!linked) {
        call.failed(record, linked.error());
        return false;
    }
    if (std::find(linked->begin(), linked->end(), order) != linked->end()) return true;
    if (linked->empty()) {
        // It may be somebody else's, of before our time: only what the order import has made or
        // adopted is ours to fulfil.
        const std::string link = link_of(shipped.order);
        call.waiting(record,
                     {.reason = "its sales order has not been imported yet", .awaited_link = link});
        return false;
    }
    // Linked are the orders of other shipments so far; this one's was made just now, or its answer
    // was lost and the import will find it.
    const sdk::Reply own = call.call_one("target", "netsuite.records.get",
                                         Json::object({{"record_type", "salesOrder"},
                                                       {"external_id", Json(wanted.own_order)},
                                                       {"fields", Json::array({Json("id")})}}));
    if (!own.ok() && own.error.code != "netsuite.nonexistent_id") {
        call.settle_failure(record, own);
        return false;
    }
    if (own.ok() && own.body["id"].text() == order) {
        const std::string link = link_of(shipped);
        call.waiting(record,
                     {.reason = "its sales order has not been imported yet", .awaited_link = link});
        return false;
    }
    call.failed(record, rejected("fulfillment.other_order",
                                 "order " + shipped.order.text + " was imported as sales order " +
                                     linked->back() + ", and NetSuite now finds " + order +
                                     " for it; cancel or relabel the wrong one, and retry",
                                 "otherRefNum"));
    return false;
}

void FulfillmentFlow::deliver(sdk::Call& call, const sdk::Records& records,
                              const sdk::Payloads& payloads, const sdk::Ledger&) {
    std::vector<Transform> transforms;
    std::vector<Found> found;
    for (const sdk::PayloadView& payload : payloads) {
        const sdk::RecordView record = records[payload.record];
        const Reading& reading = reading_of(record);
        if (!reading.wanted) continue;
        const std::string target(payload.target_id);
        if (payload.action == sdk::WriteAction::Adopt)
            found.push_back({payload.record, target});
        else if (is_linked(call, record, *reading.wanted, target))
            transforms.push_back({{payload.record, kWrite, std::string(payload.external_id),
                                   std::string(payload.body)},
                                  "salesOrder",
                                  target});
    }
    if (call.cancelled()) return;
    transform_or_adopt(call, transforms, [&](std::size_t at, const Written& written) {
        const std::uint32_t at_record = transforms[at].target.record;
        const sdk::RecordView record = records[at_record];
        if (written.created)
            finish(call, record, reading_of(record).wanted->shipped, written.id);
        else
            found.push_back({at_record, written.id});
    });
    compare(call, records, found);
    readings_.forget();
}

void FulfillmentFlow::compare(sdk::Call& call, const sdk::Records& records,
                              const std::vector<Found>& found) {
    std::vector<sdk::Request> requests;
    for (const Found& each : found)
        requests.push_back(sdk::Request::read(
            "netsuite.records.get",
            Json::object(
                {{"record_type", Json(kWrite)}, {"id", Json(each.id)}, {"expand", Json(true)}})));
    if (requests.empty()) return;
    call.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
        const sdk::RecordView record = records[found[at].record];
        const ShippedOrder& shipped = reading_of(record).wanted->shipped;
        if (!reply.ok()) {
            call.settle_failure(record, reply);
            return;
        }
        const Decimal fulfilled = fulfilled_units(reply.body["record"]);
        if (fulfilled == Decimal(shipped.units()))
            return finish(call, record, shipped, found[at].id);
        call.failed(
            record,
            rejected("fulfillment.shipment_changed",
                     "shipment " + shipped.shipment + " of order " + shipped.order.text + " has " +
                         std::to_string(shipped.units()) + " units, and its item fulfilment " +
                         found[at].id + " has " + fulfilled.text() +
                         "; correct it in NetSuite, or delete it to have it made anew, and "
                         "retry (or resolve this error, if all is right as it stands)",
                     "quantity"));
    });
}

void FulfillmentFlow::finish(sdk::Call& call, const sdk::RecordView& record,
                             const ShippedOrder& shipped, const std::string& id) {
    call.link_put(record, "amazon_order.item_fulfillment", shipped.order.text, id);
    call.link_put(record, "amazon_shipment.item_fulfillment", shipped.shipment, id);
    call.done(record,
              Json::object({{kWrite, Json(id)}, {"units", Json(std::to_string(shipped.units()))}}),
              Json::object({{kWrite, Json::object({{"id", Json(id)}})}}));
}

Result<std::unique_ptr<FulfillmentFlow>> make_fulfillment_flow(const sdk::FlowConfig& config) {
    return std::make_unique<FulfillmentFlow>(config.origin, config.partition,
                                             FulfillmentSettings::parse(config.settings));
}

}  // namespace carrick::plugins
