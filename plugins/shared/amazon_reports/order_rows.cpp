// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/order_rows.hpp"

#include "plugins/shared/amazon_reports/buyer_tax_ids.hpp"
#include "plugins/shared/amazon_reports/item_rows.hpp"
#include "plugins/shared/amazon_reports/order_body.hpp"
#include "plugins/shared/amazon_reports/row_values.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

/// Where the two families of reports name the same thing differently.
struct Names {
    std::string_view order_id;
    std::string_view item_id;
    std::string_view quantity;
    std::string_view fulfilled_by;
    std::string_view status;
};
constexpr Names kOrderNames{"order-id", "order-item-id", "quantity-purchased", "MERCHANT",
                            "UNSHIPPED"};
constexpr Names kShipmentNames{"amazon-order-id", "amazon-order-item-id", "quantity-shipped",
                               "AMAZON", "SHIPPED"};

Json address_of(const ParsedRow& row) {
    Json address = Json::object();
    set_text(address, "name", row.get("recipient-name"));
    set_text(address, "addressLine1", row.get("ship-address-1"));
    set_text(address, "addressLine2", row.get("ship-address-2"));
    set_text(address, "addressLine3", row.get("ship-address-3"));
    set_text(address, "city", row.get("ship-city"));
    set_text(address, "stateOrRegion", row.get("ship-state"));
    set_text(address, "postalCode", row.get("ship-postal-code"));
    set_text(address, "countryCode", row.get("ship-country"));
    set_text(address, "phone", row.get("ship-phone-number"));
    return address;
}

Json buyer_of(const ParsedRow& row) {
    Json buyer = Json::object();
    set_text(buyer, "buyerName", row.get("buyer-name"));
    set_text(buyer, "buyerEmail", row.get("buyer-email"));
    set_text(buyer, "buyerCompanyName", row.get("buyer-company-name"));
    set_text(buyer, "buyerPurchaseOrderNumber", row.get("purchase-order-number"));
    return buyer;
}

/// A row's store: the one it names, else the one whose report this is; null for another channel.
const amazon::Marketplace* store_of(const ParsedRow& row, const amazon::Marketplace& store) {
    const std::string_view channel = row.get("sales-channel");
    return channel.empty() ? &store : amazon::marketplace_from_name(channel);
}

Result<std::vector<ItemRows>> items_of(const std::vector<ParsedRow>& rows, const Names& names,
                                       Currency currency, bool prices_include_tax) {
    std::vector<ItemRows> items;
    for (const ParsedRow& row : rows) {
        const std::string id(row.get(names.item_id));
        if (id.empty()) return row_error(row, names.item_id, "Amazon's id of the order item");
        auto item = std::ranges::find(items, id, &ItemRows::id);
        if (item == items.end()) item = items.emplace(items.end(), id, currency);
        if (const Result<void> added = item->add(row, names.quantity, prices_include_tax); !added)
            return added.error();
    }
    return items;
}

Result<Currency> currency_of(const std::vector<ParsedRow>& rows) {
    for (const ParsedRow& row : rows) {
        const std::string_view code = row.get("currency");
        if (code.empty()) continue;
        Result<Currency> currency = Currency::parse(code);
        if (!currency) return row_error(row, "currency", "a code such as EUR");
        return currency;
    }
    return row_error(rows.front(), "currency", "a code such as EUR");
}

/// All that orders and shipments have in common.
Result<ReportedOrder> read_group(const RowGroup& group, const Columns& columns, const Names& names,
                                 const amazon::Marketplace& store, TaxCollection collection,
                                 std::vector<ParsedRow>& rows) {
    rows.reserve(group.rows.size());
    for (const OwnedRow& row : group.rows) {
        rows.emplace_back(row, columns);
        if (const Result<void> fits = rows.back().check(); !fits) return fits.error();
    }
    const ParsedRow& first = rows.front();

    ReportedOrder order;
    order.key = group.key;
    const amazon::Marketplace* own = store_of(first, store);
    order.amazon_channel = own != nullptr;
    order.marketplace = own != nullptr ? std::string(own->code) : std::string();
    const Result<std::optional<UtcTime>> created = time_in(first, "purchase-date");
    const Result<std::optional<UtcTime>> paid = time_in(first, "payments-date");
    if (!created) return created.error();
    if (!paid) return paid.error();
    if (!*created) return row_error(first, "purchase-date", "a time");
    order.event_time = **created;
    order.version = std::max(**created, paid->value_or(**created));
    if (!order.amazon_channel) return order;

    const Result<Currency> currency = currency_of(rows);
    if (!currency) return currency.error();
    const Result<std::vector<ItemRows>> items =
        items_of(rows, names, *currency, own->prices_include_tax);
    if (!items) return items.error();
    Money total = Money::zero(*currency);
    Json item_list = Json::array();
    bool untaxed = true;
    for (const ItemRows& item : *items) {
        total = total.plus(item.total()).value();
        item_list.push_back(item.json(collection));
        untaxed &= !item.has_tax();
        order.sku_lost |= item.sku_lost();
        order.amounts_missing |= item.discount_unclear();
        order.tax_collection_unknown |= collection == TaxCollection::Unknown && item.has_tax() &&
                                        !item.collection_stated() &&
                                        !columns.has("tax-collection-model");
    }
    order.body =
        Json::object({{"orderId", Json(first.get(names.order_id))},
                      {"createdTime", Json(order.event_time.text())},
                      {"lastUpdatedTime", Json(order.version.text())},
                      {"salesChannel", Json::object({{"channelName", Json("AMAZON")},
                                                     {"marketplaceId", Json(own->id)},
                                                     {"marketplaceName", Json(own->name)}})},
                      {"buyer", buyer_of(first)},
                      {"recipient", Json::object({{"deliveryAddress", address_of(first)}})},
                      {"proceeds", Json::object({{"grandTotal", money(total)}})},
                      {"fulfillment", Json::object({{"fulfillmentStatus", Json(names.status)},
                                                    {"fulfilledBy", Json(names.fulfilled_by)}})},
                      {"orderItems", std::move(item_list)}});
    Json registrations = Json::array();
    for (auto row = rows.begin(); row != rows.end() && registrations.empty(); ++row)
        registrations = registrations_of(*row);
    order.tax_id_unknown = registration_open(rows, columns, registrations, untaxed, *own);
    if (!registrations.empty())
        order.body.set("tax", Json::object({{"taxRegistrations", std::move(registrations)}}));
    return order;
}

void add_programs(Json& body, const ParsedRow& row) {
    Json programs = Json::array();
    if (flag_in(row, "is-business-order")) programs.push_back("AMAZON_BUSINESS");
    if (flag_in(row, "is-prime")) programs.push_back("PRIME");
    if (!programs.empty()) body.set("programs", std::move(programs));
    const std::string_view original = row.get("original-order-id");
    if (flag_in(row, "is-replacement-order") && !original.empty())
        body.set(
            "associatedOrders",
            Json::array({Json::object({{"orderId", Json(original)},
                                       {"associationType", Json("REPLACEMENT_ORIGINAL_ID")}})}));
}

/// No report names the fee that buyers in Japan pay for cash on delivery.
bool may_hold_a_cod_fee(const ParsedRow& row, const Columns& columns,
                        const std::string& marketplace) {
    const std::string_view method = row.get("payment-method-details");
    return method == "CashOnDelivery" || method == "COD" ||
           (marketplace == "JP" && !columns.has("payment-method-details"));
}

}  // namespace

bool may_have_lost_letters(std::string_view text) {
    // A mark of its own is possible too; then asking costs a call and changes nothing.
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    return text.find('?') != std::string_view::npos ||
           text.find(kReplacement) != std::string_view::npos;
}

Result<void> check_order_columns(const Columns& columns) {
    return columns.require({"order-id", "order-item-id", "purchase-date", "sku",
                            "quantity-purchased", "currency", "item-price", "item-tax",
                            "shipping-price", "shipping-tax"});
}

Result<void> check_shipment_columns(const Columns& columns) {
    return columns.require({"amazon-order-id", "shipment-id", "shipment-item-id",
                            "amazon-order-item-id", "purchase-date", "shipment-date", "sku",
                            "quantity-shipped", "currency", "item-price", "item-tax",
                            "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
                            "item-promotion-discount", "ship-promotion-discount"});
}

Result<ReportedOrder> order_from_rows(const RowGroup& group, const Columns& columns,
                                      const amazon::Marketplace& store, TaxCollection collection) {
    std::vector<ParsedRow> rows;
    Result<ReportedOrder> order = read_group(group, columns, kOrderNames, store, collection, rows);
    if (!order || !order->amazon_channel) return order;
    const ParsedRow& first = rows.front();
    const Result<std::optional<UtcTime>> ship_by = time_in(first, "latest-ship-date");
    if (!ship_by) return ship_by.error();
    order->amounts_missing |=
        !columns.has("item-promotion-discount") || !columns.has("ship-promotion-discount") ||
        !columns.has("gift-wrap-price") || may_hold_a_cod_fee(first, columns, order->marketplace);
    Json& fulfillment = order->body.member("fulfillment");
    if (*ship_by) {
        order->due = **ship_by;
        fulfillment.set("shipByWindow",
                        Json::object({{"latestDateTime", Json(order->due.text())}}));
    }
    set_text(fulfillment, "fulfillmentServiceLevel", first.get("ship-service-level"));
    add_programs(order->body, first);
    return order;
}

namespace {

/// Rows of a shipment may be reported one after the other: the last one makes the version.
Result<void> read_reporting(const std::vector<ParsedRow>& rows, ReportedOrder& shipment) {
    shipment.version = shipment.event_time;
    std::optional<UtcTime> first;
    bool all = true;
    for (const ParsedRow& row : rows) {
        const Result<std::optional<UtcTime>> reported = time_in(row, "reporting-date");
        if (!reported) return reported.error();
        all = all && *reported;
        if (!*reported) continue;
        shipment.version = std::max(shipment.version, **reported);
        first = std::min(first.value_or(**reported), **reported);
    }
    if (all && first) shipment.reported = *first;
    return {};
}

}  // namespace

Result<ReportedOrder> shipment_from_rows(const RowGroup& group, const Columns& columns,
                                         const amazon::Marketplace& store,
                                         TaxCollection collection) {
    std::vector<ParsedRow> rows;
    Result<ReportedOrder> order =
        read_group(group, columns, kShipmentNames, store, collection, rows);
    if (!order || !order->amazon_channel) return order;
    const ParsedRow& first = rows.front();
    const Result<std::optional<UtcTime>> shipped = time_in(first, "shipment-date");
    if (!shipped) return shipped.error();
    if (!*shipped) return row_error(first, "shipment-date", "a time");
    order->event_time = **shipped;
    if (const Result<void> read = read_reporting(rows, *order); !read) return read.error();
    order->body.set("lastUpdatedTime", order->version.text());

    Json items = Json::array();
    Json packages = Json::array();
    std::vector<std::string> seen;
    for (const ParsedRow& row : rows) {
        const Result<std::optional<std::int64_t>> quantity = count_in(row, "quantity-shipped");
        if (!quantity) return quantity.error();
        if (row.get("amazon-order-id") != first.get("amazon-order-id"))
            return row_error(row, "amazon-order-id", "the same order in all rows of a shipment");
        if (*quantity)
            items.push_back(Json::object({{"orderItemId", Json(row.get("amazon-order-item-id"))},
                                          {"shipmentItemId", Json(row.get("shipment-item-id"))},
                                          {"quantity", Json(**quantity)}}));
        const std::string tracking(row.get("tracking-number"));
        const std::string package = std::string(row.get("carrier")) + "\t" + tracking;
        if (tracking.empty() || std::ranges::find(seen, package) != seen.end()) continue;
        seen.push_back(package);
        packages.push_back(Json::object(
            {{"carrier", Json(row.get("carrier"))}, {"trackingNumber", Json(tracking)}}));
    }
    Json shipment = Json::object(
        {{"shipmentId", Json(group.key)}, {"shipmentDate", Json(order->event_time.text())}});
    set_text(shipment, "fulfillmentCenterId", first.get("fulfillment-center-id"));
    shipment.set("items", std::move(items));
    if (!packages.empty()) shipment.set("packages", std::move(packages));
    order->body.set("shipment", std::move(shipment));
    return order;
}

ReportedOrder outline_of_shipment(const RowGroup& group, const Columns& columns,
                                  const amazon::Marketplace& store) {
    ReportedOrder outline;
    outline.key = group.key;
    const amazon::Marketplace* own = nullptr;
    for (const OwnedRow& each : group.rows) {
        const ParsedRow row(each, columns);
        if (!row.check()) continue;
        if (own == nullptr) own = amazon::marketplace_from_name(row.get("sales-channel"));
        const Result<std::optional<UtcTime>> shipped = time_in(row, "shipment-date");
        const Result<std::optional<UtcTime>> reported = time_in(row, "reporting-date");
        if (shipped && outline.event_time == UtcTime())
            outline.event_time = shipped->value_or(UtcTime());
        if (reported) outline.version = std::max(outline.version, reported->value_or(UtcTime()));
    }
    outline.version = std::max(outline.version, outline.event_time);
    outline.marketplace = (own != nullptr ? *own : store).code;
    return outline;
}

}  // namespace carrick::plugins
