// SPDX-License-Identifier: Apache-2.0
#include "plugins/amazon_orders/order_reports.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

// Reports lag behind by half an hour, and some rows come late.
constexpr Milliseconds kOverlap = std::chrono::hours(2);
constexpr Milliseconds kLongestWindow = std::chrono::hours(24 * 30);

// What the import flows link an order to, once they have made or adopted it.
constexpr std::array<std::string_view, 3> kDocumentLinks{
    "amazon_order.sales_order", "amazon_order.invoice", "amazon_order.cash_sale"};

Result<Json> get_order(sdk::Call& call, const std::string& id, const Json& included_data) {
    Json request = Json::object({{"order_id", Json(id)}});
    if (!included_data.is_null()) request.set("included_data", included_data);
    const sdk::Reply reply = call.call_one("source", "amazon.orders.get", request);
    if (!reply.ok()) return reply.error;
    return reply.body["order"];
}

/// A group that cannot be read becomes a record all the same: its consumers refuse it, and so it
/// stands in the error queue with line and column, while the rest of the report goes on.
/// `fulfilled_by` so that a consumer's `where:` tells whose affair it is.
Json unreadable(const RowGroup& group, const Error& why, const amazon::Marketplace& store,
                std::string_view fulfilled_by) {
    return Json::object({{"orderId", Json("")},
                         {"marketplace", Json(store.code)},
                         {"fulfillment", Json::object({{"fulfilledBy", Json(fulfilled_by)}})},
                         {"unreadable", Json(why.message)},
                         {"key", Json(group.key)},
                         {"line", Json(group.rows.front().line)}});
}

/// Whether orders by the API have what concerns their tax. Where the settings leave that out, a
/// report's gap in it is no reason for a call.
bool wants_tax(const Json& included_data) {
    return included_data.is_null() ||
           std::ranges::any_of(included_data.items(),
                               [](const Json& part) { return part.text() == "TAX"; });
}

class OrderReportReader final : public ReportReader {
public:
    OrderReportReader(TaxCollection collection, Json included_data, EmitOrder emit)
        : collection_(collection),
          wants_tax_(wants_tax(included_data)),
          included_data_(std::move(included_data)),
          emit_(std::move(emit)) {}

    std::string_view key_column() const override { return "order-id"; }
    Result<void> check(const Columns& columns) const override {
        return check_order_columns(columns);
    }
    Result<Taken> emit(sdk::Call& call, const RowGroup& group, const Columns& columns,
                       const ReportedBy& by) override {
        const amazon::Marketplace& store = by.store;
        const Result<ReportedOrder> order = order_from_rows(group, columns, store, collection_);
        if (order && !order->amazon_channel) return Taken::Settled;
        if (order && !order->tax_collection_unknown && !order->sku_lost &&
            !order->amounts_missing && !(wants_tax_ && order->tax_id_unknown)) {
            emit_(call, order->body);
            return Taken::Settled;
        }
        // The report is read once, so what it does not tell, or not readably, comes from the order.
        if (!order)
            call.log(sdk::LogLevel::Warning,
                     order.error().message + "; the order itself is asked for instead");
        const Result<Json> whole = get_order(call, group.key, included_data_);
        if (!whole && whole.error().error_class != ErrorClass::Rejected) return whole.error();
        // An order that the API refuses is its own trouble, not the report's.
        if (whole)
            emit_(call, *whole);
        else
            emit_(call,
                  unreadable(group, order ? whole.error() : order.error(), store, "MERCHANT"));
        return Taken::Settled;
    }

private:
    TaxCollection collection_;
    bool wants_tax_;
    Json included_data_;
    EmitOrder emit_;
};

class AllOrdersReader final : public ReportReader {
public:
    AllOrdersReader(std::vector<std::string> stores, Json included_data, EmitOrder emit)
        : stores_(std::move(stores)),
          included_data_(std::move(included_data)),
          emit_(std::move(emit)) {}

    std::string_view key_column() const override { return "amazon-order-id"; }
    Result<void> check(const Columns& columns) const override {
        return columns.require({"amazon-order-id", "order-status", "sales-channel"});
    }
    Result<Taken> emit(sdk::Call& call, const RowGroup& group, const Columns& columns,
                       const ReportedBy&) override {
        const ParsedRow row(group.rows.front(), columns);
        const std::string_view status = row.get("order-status");
        // A pending order is in the next report, once it is more; a cancelled one never mattered,
        // unless it was imported, and then the API tells of it.
        if (status == "Pending" || status == "Cancelled" || status == "Canceled")
            return Taken::Settled;
        // Of another channel, or of a store that the flow does not read.
        const amazon::Marketplace* store = amazon::marketplace_from_name(row.get("sales-channel"));
        if (store == nullptr || std::ranges::find(stores_, store->code) == stores_.end())
            return Taken::Settled;
        for (const std::string_view kind : kDocumentLinks) {
            const Result<std::vector<std::string>> known = call.links(kind, group.key);
            if (!known) return known.error();
            if (!known->empty()) return Taken::Settled;
        }
        const Result<Json> order = get_order(call, group.key, included_data_);
        if (!order && order.error().error_class != ErrorClass::Rejected) return order.error();
        // The next report begins where this one ends, so nobody would look for it again.
        if (!order) {
            const Error why = refused(group.key, order.error());
            const bool by_amazon = row.get("fulfillment-channel") == "Amazon";
            emit_(call, unreadable(group, why, *store, by_amazon ? "AMAZON" : "MERCHANT"));
            return Taken::Settled;
        }
        emit_(call, *order);
        return Taken::Settled;
    }

private:
    static Error refused(const std::string& id, const Error& why) {
        return rejected("order.missing",
                        "order " + id +
                            " stands in Amazon's report of all orders, and no flow has made a "
                            "document of it, but the Orders API refuses it (" +
                            why.message + "); `carrick sync order " + id +
                            "` asks for it again: Amazon may only be late");
    }

    std::vector<std::string> stores_;
    Json included_data_;
    EmitOrder emit_;
};

}  // namespace

ReportSettings read_report_settings(const Json& settings) {
    const Json& reports = settings["orders"]["reports"];
    const std::string& order_report = reports["order"].text();
    const std::string& collection = reports["tax_collection"].text();
    ReportSettings read;
    read.order_report = order_report == "shipping" || order_report == "invoicing";
    read.order_report_type = order_report == "invoicing"
                                 ? "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING"
                                 : "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING";
    read.all_orders_report = reports["all_orders"].bool_if().value_or(false);
    read.tax_collection = collection == "seller"        ? TaxCollection::Seller
                          : collection == "facilitator" ? TaxCollection::Facilitator
                                                        : TaxCollection::Unknown;
    read.every = std::chrono::minutes(reports["every_minutes"].integer_if().value_or(60));
    read.included_data = settings["orders"]["included_data"];
    return read;
}

std::unique_ptr<ReportStream> make_order_report_stream(const ReportSettings& settings,
                                                       std::vector<std::string> stores,
                                                       UtcTime start, EmitOrder emit) {
    return std::make_unique<ReportStream>(
        ReportPlan{.type = settings.order_report_type,
                   .marketplace = {},
                   .options = Json::object({{"ShowSalesChannel", Json("true")}}),
                   .start = start,
                   .overlap = kOverlap,
                   .longest = kLongestWindow,
                   .every = settings.every},
        std::move(stores),
        std::make_unique<OrderReportReader>(settings.tax_collection, settings.included_data,
                                            std::move(emit)));
}

std::unique_ptr<ReportStream> make_all_orders_stream(const ReportSettings& settings,
                                                     std::vector<std::string> stores, UtcTime start,
                                                     EmitOrder emit) {
    auto reader =
        std::make_unique<AllOrdersReader>(stores, settings.included_data, std::move(emit));
    return std::make_unique<ReportStream>(
        ReportPlan{.type = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
                   .marketplace = {},
                   .options = Json(),
                   .start = start,
                   .overlap = kOverlap,
                   .longest = kLongestWindow,
                   .every = settings.every},
        std::move(stores), std::move(reader));
}

}  // namespace carrick::plugins
