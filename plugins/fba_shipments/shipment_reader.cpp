// SPDX-License-Identifier: Apache-2.0
#include "plugins/fba_shipments/shipment_reader.hpp"

#include "plugins/fba_shipments/promoted_parcels.hpp"
#include "plugins/shared/order_model/proceeds.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

Json* item_of(Json& order, const std::string& id) {
    Json* items = order.find("orderItems");
    if (items == nullptr || items->items_if() == nullptr) return nullptr;
    for (Json& item : *items->items_if())
        if (item["orderItemId"].text() == id) return &item;
    return nullptr;
}

/// The parcel's total, where items took over what the order says of them.
Result<void> add_up(Json& body) {
    const Result<Currency> currency =
        Currency::parse(body["proceeds"]["grandTotal"]["currencyCode"].text());
    if (!currency) return currency.error();
    Money total = Money::zero(*currency);
    for (const Json& item : body["orderItems"].items()) {
        const Result<Money> part =
            parse_money(item["proceeds"]["proceedsTotal"], *currency, "the parcel");
        if (!part) return part.error();
        total = total.plus(*part).value_or(total);
    }
    body.member("proceeds").member("grandTotal").set("amount", Json(total.amount_text()));
    return {};
}

/// Whose tax it is stands in the order alone, and so do the buyer's tax ids, letters of a SKU
/// that the report lost, and what a promotion took off a tax.
Result<void> ask_order(sdk::Call& call, ReportedOrder& shipment) {
    Json& body = shipment.body;
    Json included = Json::array({Json("TAX")});
    if (shipment.amounts_missing) included.push_back("PROCEEDS");
    const Json request =
        Json::object({{"order_id", body["orderId"]}, {"included_data", std::move(included)}});
    const sdk::Reply reply = call.call_one("source", "amazon.orders.get", request);
    if (!reply.ok()) return reply.error;
    if (const Json& ids = reply.body["order"]["tax"]["taxRegistrations"]; !ids.empty())
        body.member("tax").set("taxRegistrations", ids);
    for (const Json& item : reply.body["order"]["orderItems"].items()) {
        Json* own = item_of(body, item["orderItemId"].text());
        if (own == nullptr) continue;
        if (shipment.tax_collection_unknown && item["tax"].is_object())
            own->set("tax", item["tax"]);
        const std::string& sku = item["product"]["sellerSku"].text();
        if (!sku.empty() && may_have_lost_letters((*own)["product"]["sellerSku"].text()))
            own->member("product").set("sellerSku", sku);
        if (!shipment.amounts_missing) continue;
        const std::string where =
            "shipment " + shipment.key + ", item " + item["orderItemId"].text();
        if (const Result<void> settled = settle_promotion(*own, item, where); !settled)
            return settled.error();
    }
    return add_up(body);
}

}  // namespace

ShipmentWish read_shipment_wish(const Json& settings) {
    const Json& own = settings["shipments"];
    const std::string& collection = own["tax_collection"].text();
    const std::string& tax_ids = own["buyer_tax_ids"].text();
    ShipmentWish wish;
    wish.collection = collection == "seller"        ? TaxCollection::Seller
                      : collection == "facilitator" ? TaxCollection::Facilitator
                                                    : TaxCollection::Unknown;
    wish.tax_ids = tax_ids == "all"   ? TaxIds::All
                   : tax_ids == "off" ? TaxIds::Off
                                      : TaxIds::Untaxed;
    return wish;
}

bool ShipmentReader::is_wanted(const ReportedOrder& shipment) const {
    // Multi-Channel Fulfillment was never sold on Amazon; an account's report may hold the rows of
    // all its stores, and Amazon's range of days may be that of its own reporting.
    return shipment.amazon_channel && shipment.event_time >= wish_.from &&
           (wish_.before == UtcTime() || shipment.event_time < wish_.before) &&
           std::ranges::find(wish_.stores, shipment.marketplace) != wish_.stores.end();
}

bool ShipmentReader::must_ask(const ReportedOrder& shipment) const {
    return shipment.tax_collection_unknown || shipment.sku_lost || shipment.amounts_missing ||
           wish_.tax_ids == TaxIds::All ||
           (wish_.tax_ids == TaxIds::Untaxed && shipment.tax_id_unknown);
}

/// All that decides what a row becomes, and whether it does.
std::string ShipmentReader::how() const {
    std::string how = std::to_string(static_cast<int>(wish_.collection)) + "/" +
                      std::to_string(static_cast<int>(wish_.tax_ids)) + "/" + wish_.from.text() +
                      "/" + wish_.before.text();
    for (const std::string& store : wish_.stores) how += "/" + store;
    return how;
}

Result<Taken> ShipmentReader::emit(sdk::Call& call, const RowGroup& group, const Columns& columns,
                                   const ReportedBy& by) {
    Result<ReportedOrder> shipment = shipment_from_rows(group, columns, by.store, wish_.collection);
    if (!shipment) {
        ReportedOrder outline = outline_of_shipment(group, columns, by.store);
        if (outline.event_time == UtcTime()) outline.event_time = wish_.from;
        if (outline.version == UtcTime()) outline.version = wish_.from;
        // The same rows are refused for the same reason, which stands in the error queue already.
        if (is_wanted(outline) && !by.refused_before) emit_refused(call, outline, shipment.error());
        return Taken::Refused;
    }
    if (!is_wanted(*shipment)) return Taken::Settled;
    // A part of a shipment would look like a later, smaller version of it.
    if (shipment->reported != UtcTime() && shipment->reported < by.whole_from)
        return Taken::Settled;
    if (must_ask(*shipment))
        if (const Result<void> asked = ask_order(call, *shipment); !asked) {
            // An order that the API refuses is one shipment's trouble; a quota is all of them's.
            if (asked.error().error_class != ErrorClass::Rejected) return asked.error();
            emit_refused(call, *shipment, asked.error());
            return Taken::Refused;
        }
    const Json& total = shipment->body["proceeds"]["grandTotal"];
    call.emit_record({.key = shipment->key,
                      .version = shipment->version,
                      .event_time = shipment->event_time,
                      .value = total["amount"].text() + " " + total["currencyCode"].text(),
                      .body = shipment->body.dump(),
                      .partition = shipment->marketplace});
    return Taken::Settled;
}

/// Where a good row would be: under its key, in its store, as of its version. Whatever stands there
/// from before is older or has another content, so the refusal is seen, and so is the good row that
/// takes its place in the end: of a later report, for as long as those reach back so far, or of a
/// backfill.
void ShipmentReader::emit_refused(sdk::Call& call, const ReportedOrder& shipment,
                                  const Error& why) const {
    call.log(sdk::LogLevel::Error, why.message);
    // Who it is for, so that a consumer's `where:` does not drop it. Nothing of the document, so
    // that the same refusal of the next one is the same record.
    const std::string body =
        Json::object({{"unreadable", Json(why.message)},
                      {"fulfillment", Json::object({{"fulfilledBy", Json("AMAZON")}})},
                      {"key", Json(shipment.key)}})
            .dump();
    call.emit_record({.key = shipment.key,
                      .version = shipment.version,
                      .event_time = shipment.event_time,
                      .body = body,
                      .partition = shipment.marketplace});
}

}  // namespace carrick::plugins
