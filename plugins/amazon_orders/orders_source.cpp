// SPDX-License-Identifier: Apache-2.0
#include "plugins/amazon_orders/orders_source.hpp"

#include "plugins/amazon_orders/order_record.hpp"
#include "plugins/amazon_orders/search_window.hpp"
#include "plugins/shared/amazon_reports/source_stores.hpp"

#include <carrick/sdk/sha256.hpp>

#include <algorithm>

namespace carrick::plugins {

namespace {

/// An order without a readable id, time or store cannot be lost either: under a key of its own it
/// reaches the consumers, whose refusal puts it into the error queue. Amazon lists it again in
/// every poll of the overlap; with the same key, version and body that is no second record.
void emit_unreadable(sdk::Call& call, const Json& order, const std::string& marketplace,
                     UtcTime version, const std::string& why) {
    call.log(sdk::LogLevel::Error, why);
    const std::string body = order.is_object() ? order.dump() : "{}";
    // What came by a report has its own key and store there, so that the order itself takes its
    // place, by a later report or by the API, whichever is first.
    const std::string& own = order["key"].text();
    const std::string key =
        own.empty() ? "unreadable-" + detail::base32(detail::sha256(body), 16) : own;
    call.emit_record({.key = key,
                      .version = version,
                      .event_time = version,
                      .body = body,
                      .partition = order["marketplace"].text_or(marketplace)});
}

/// How far a poll looks back. By creation an order that was not payable yet is seen again only
/// where that reaches back to when it was placed.
Milliseconds overlap_of(const Json& orders, bool by_creation) {
    if (by_creation)
        return std::chrono::hours(24 * orders["look_back_days"].integer_if().value_or(7));
    return std::chrono::minutes(orders["overlap_minutes"].integer_if().value_or(30));
}

/// An old token is no trouble. One that is refused again and again would read the same pages for
/// ever, at Amazon's quota and without a sound.
void begin_again(sdk::Call& call, SearchWindow& window, const Error& refusal) {
    constexpr std::int64_t kOrdinary = 2;
    constexpr Milliseconds kPause = std::chrono::minutes(30);
    window.begin_again();
    if (window.begun_again() <= kOrdinary) {
        call.log(sdk::LogLevel::Warning,
                 "Amazon refused a pagination token; the window begins again");
        return call.set_checkpoint(window.checkpoint(), sdk::PageEnd::More);
    }
    call.log(sdk::LogLevel::Error,
             "Amazon has refused the pagination tokens of one window " +
                 std::to_string(window.begun_again()) + " times (" + refusal.message +
                 "); it is tried again in half an hour: see whether orders.included_data and the "
                 "marketplaces are still what Amazon takes");
    call.set_checkpoint(window.checkpoint(), sdk::PageEnd::LookAgain, call.now() + kPause);
}

}  // namespace

OrdersSource::OrdersSource(std::string flow, std::vector<std::string> marketplaces, UtcTime start,
                           const Json& settings)
    : flow_(std::move(flow)),
      marketplaces_(std::move(marketplaces)),
      start_(start),
      by_creation_(settings["orders"]["filter"].text() == "created"),
      overlap_(overlap_of(settings["orders"], by_creation_)),
      page_size_(settings["orders"]["page_size"].is_null() ? Json(100)
                                                           : settings["orders"]["page_size"]),
      included_data_(settings["orders"]["included_data"]) {
    const ReportSettings reports = read_report_settings(settings);
    const auto emit_order = [this](sdk::Call& call, const Json& order) {
        emit(call, order, start_);
    };
    if (reports.order_report)
        order_report_ = make_order_report_stream(reports, marketplaces_, start_, emit_order);
    if (reports.all_orders_report)
        all_orders_report_ = make_all_orders_stream(reports, marketplaces_, start_, emit_order);
}

void OrdersSource::emit(sdk::Call& call, const Json& order, UtcTime earliest) const {
    const Result<OrderRecord> record = describe_order(order);
    if (!record)
        return emit_unreadable(call, order, marketplaces_.front(), start_, record.error().message);
    // Orders of before `start` are history, however lately they changed; orders of other channels
    // (Multi-Channel Fulfillment) were never sold on Amazon.
    if (record->event_time < earliest || !record->amazon_channel) return;
    const auto of_store =
        std::find(marketplaces_.begin(), marketplaces_.end(), record->marketplace);
    if (of_store == marketplaces_.end())
        return emit_unreadable(call, order, marketplaces_.front(), record->version,
                               "order " + record->key + " is of marketplace \"" +
                                   order["salesChannel"]["marketplaceId"].text() +
                                   "\", which was not asked for");
    const std::string body = order.dump();
    call.emit_record({.key = record->key,
                      .version = record->version,
                      .event_time = record->event_time,
                      .due = record->due,
                      .value = record->value,
                      .body = body,
                      .partition = *of_store});
}

Result<void> OrdersSource::extract(sdk::Call& call, std::string_view stream,
                                   std::string_view checkpoint) {
    if (stream == "api") return search(call, checkpoint);
    if (stream == "backfill") return backfill(call, checkpoint);
    if (stream == "sync") return sync(call, checkpoint);
    ReportStream* report =
        stream == "order_report" ? order_report_.get() : all_orders_report_.get();
    if (report != nullptr) return report->extract(call, checkpoint);
    call.set_checkpoint(checkpoint, sdk::PageEnd::Idle);
    return {};
}

Result<void> OrdersSource::search(sdk::Call& call, std::string_view checkpoint) {
    SearchWindow window(marketplaces_, start_, overlap_);
    if (Result<void> loaded = window.load(checkpoint); !loaded) return loaded;

    Json asked = Json::array();
    for (const std::string& marketplace : window.marketplaces()) asked.push_back(Json(marketplace));
    Json request = Json::object(
        {{"marketplaces", std::move(asked)},
         {by_creation_ ? "created_after" : "last_updated_after", Json(window.after().text())},
         {"max_results", page_size_}});
    if (!included_data_.is_null()) request.set("included_data", included_data_);
    if (!window.token().empty()) request.set("pagination_token", Json(window.token()));

    const sdk::Reply reply = call.call_one("source", "amazon.orders.search", request);
    if (reply.cancelled()) {
        // Told to the host: without a checkpoint, a call that is not cancelled would be our bug.
        (void)call.cancelled();
        return {};
    }
    if (reply.failed() && reply.error.code == "amazon.invalid_input" && !window.token().empty()) {
        begin_again(call, window, reply.error);
        return {};
    }
    if (!reply.ok()) return reply.error;

    for (const Json& order : reply.body["orders"].items()) emit(call, order, start_);

    if (const std::string& token = reply.body["pagination"]["nextToken"].text(); !token.empty()) {
        window.turn_page(token);
        call.set_checkpoint(window.checkpoint(), sdk::PageEnd::More);
        return {};
    }
    // Amazon says up to when this answer is complete; that, and not our clock, is the watermark.
    const Result<UtcTime> complete_to =
        UtcTime::parse(reply.body[by_creation_ ? "createdBefore" : "lastUpdatedBefore"].text());
    window.complete(complete_to ? *complete_to : window.after());
    call.set_checkpoint(window.checkpoint(),
                        window.lags() ? sdk::PageEnd::More : sdk::PageEnd::Idle);
    return {};
}

Result<std::unique_ptr<OrdersSource>> make_orders_source(const sdk::FlowConfig& config) {
    Result<SourceStores> stores = read_source_stores(config, "amazon_orders", "orders");
    if (!stores) return stores.error();
    return std::make_unique<OrdersSource>(config.flow, std::move(stores->codes), stores->start,
                                          stores->settings);
}

}  // namespace carrick::plugins
