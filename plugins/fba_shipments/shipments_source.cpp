// SPDX-License-Identifier: Apache-2.0
#include "plugins/fba_shipments/shipments_source.hpp"

#include "plugins/fba_shipments/promoted_parcels.hpp"
#include "plugins/shared/amazon_reports/source_stores.hpp"
#include "plugins/shared/order_model/proceeds.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

// Amazon reports one month at once, at most every half hour.
constexpr Milliseconds kLongestWindow = std::chrono::hours(24 * 30);

/// Of which orders the buyer's tax ids are asked for: no column of the report holds them.
enum class TaxIds {
    Untaxed,  ///< where they may be why there is no tax
    All,
    Off,  ///< of none, but what comes along with an order that is asked for anyway is taken
};

TaxCollection collection_of(const Json& settings) {
    const std::string& text = settings["shipments"]["tax_collection"].text();
    return text == "seller"        ? TaxCollection::Seller
           : text == "facilitator" ? TaxCollection::Facilitator
                                   : TaxCollection::Unknown;
}

TaxIds tax_ids_of(const Json& settings) {
    const std::string& text = settings["shipments"]["buyer_tax_ids"].text();
    return text == "all" ? TaxIds::All : text == "off" ? TaxIds::Off : TaxIds::Untaxed;
}

Json* item_of(Json& order, const std::string& id) {
    Json* items = order.find("orderItems");
    if (items == nullptr || items->items_if() == nullptr) return nullptr;
    for (Json& item : *items->items_if())
        if (item["orderItemId"].text() == id) return &item;
    return nullptr;
}

class ShipmentReader final : public ReportReader {
public:
    ShipmentReader(std::vector<std::string> stores, UtcTime start, TaxCollection collection,
                   TaxIds tax_ids)
        : stores_(std::move(stores)), start_(start), collection_(collection), tax_ids_(tax_ids) {}

    std::string_view key_column() const override { return "shipment-id"; }
    Result<void> check(const Columns& columns) const override {
        return check_shipment_columns(columns);
    }
    Result<void> emit(sdk::Call& call, const RowGroup& group, const Columns& columns,
                      const amazon::Marketplace& store) override {
        Result<ReportedOrder> shipment = shipment_from_rows(group, columns, store, collection_);
        if (!shipment) {
            emit_unreadable(call, group, shipment.error(), store);
            return {};
        }
        // Multi-Channel Fulfillment was never sold on Amazon; an account's report may hold the
        // rows of all its stores.
        if (!shipment->amazon_channel || shipment->event_time < start_ ||
            std::ranges::find(stores_, shipment->marketplace) == stores_.end())
            return {};
        if (must_ask(*shipment))
            if (const Result<void> asked = ask_order(call, *shipment); !asked) {
                // An order that the API refuses is one shipment's trouble; a quota is all of
                // them's.
                if (asked.error().error_class != ErrorClass::Rejected) return asked.error();
                emit_unreadable(call, group, asked.error(), store);
                return {};
            }
        const Json& total = shipment->body["proceeds"]["grandTotal"];
        call.emit_record({.key = shipment->key,
                          .version = shipment->version,
                          .event_time = shipment->event_time,
                          .value = total["amount"].text() + " " + total["currencyCode"].text(),
                          .body = shipment->body.dump(),
                          .partition = shipment->marketplace});
        return {};
    }

private:
    [[nodiscard]] bool must_ask(const ReportedOrder& shipment) const {
        return shipment.tax_collection_unknown || shipment.sku_lost || shipment.amounts_missing ||
               tax_ids_ == TaxIds::All || (tax_ids_ == TaxIds::Untaxed && shipment.tax_id_unknown);
    }

    /// Whose tax it is stands in the order alone, and so do the buyer's tax ids, letters of a SKU
    /// that the report lost, and what a promotion took off a tax.
    static Result<void> ask_order(sdk::Call& call, ReportedOrder& shipment) {
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

    /// The parcel's total, where items took over what the order says of them.
    static Result<void> add_up(Json& body) {
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

    void emit_unreadable(sdk::Call& call, const RowGroup& group, const Error& why,
                         const amazon::Marketplace& store) const {
        call.log(sdk::LogLevel::Error, why.message);
        // Who it is for, so that a consumer's `where:` does not drop it.
        const std::string body =
            Json::object({{"unreadable", Json(why.message)},
                          {"fulfillment", Json::object({{"fulfilledBy", Json("AMAZON")}})},
                          {"key", Json(group.key)},
                          {"line", Json(group.rows.front().line)}})
                .dump();
        // Under the shipment's own key, so that a good row takes its place: of a later report, for
        // as long as those reach back so far, then of a backfill.
        call.emit_record({.key = group.key,
                          .version = start_,
                          .event_time = start_,
                          .body = body,
                          .partition = store.code});
    }

    std::vector<std::string> stores_;
    UtcTime start_;
    TaxCollection collection_;
    TaxIds tax_ids_;
};

}  // namespace

ShipmentsSource::ShipmentsSource(std::vector<std::string> stores, UtcTime start,
                                 const Json& settings)
    : shipments_({.type = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
                  .marketplace = {},
                  .options = Json(),
                  .start = start,
                  .overlap = std::chrono::hours(
                      24 * settings["shipments"]["overlap_days"].integer_if().value_or(7)),
                  .longest = kLongestWindow,
                  .every = std::chrono::minutes(
                      settings["shipments"]["every_minutes"].integer_if().value_or(60))},
                 stores,
                 std::make_unique<ShipmentReader>(stores, start, collection_of(settings),
                                                  tax_ids_of(settings))) {}

Result<void> ShipmentsSource::extract(sdk::Call& call, std::string_view,
                                      std::string_view checkpoint) {
    return shipments_.extract(call, checkpoint);
}

Result<std::unique_ptr<ShipmentsSource>> make_shipments_source(const sdk::FlowConfig& config) {
    Result<SourceStores> stores = read_source_stores(config, "fba_shipments", "shipments");
    if (!stores) return stores.error();
    return std::make_unique<ShipmentsSource>(std::move(stores->codes), stores->start,
                                             stores->settings);
}

}  // namespace carrick::plugins
