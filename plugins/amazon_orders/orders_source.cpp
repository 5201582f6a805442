// SPDX-License-Identifier: Apache-2.0
#include "plugins/amazon_orders/orders_source.hpp"

#include "plugins/amazon_orders/order_record.hpp"

#include <carrick/sdk/sha256.hpp>

namespace carrick::plugins {

namespace {

UtcTime time_in(const Json& checkpoint, const char* member) {
    const Result<UtcTime> time = UtcTime::parse(checkpoint[member].text());
    return time ? *time : UtcTime();
}

/// An order without a readable id or time cannot be lost either: under a key of its own it reaches
/// the consumers, whose refusal puts it into the error queue.
void emit_unreadable(sdk::Call& call, const Json& order, const Error& error) {
    call.log(sdk::LogLevel::Error, error.message);
    const std::string body = order.is_object() ? order.dump() : "{}";
    const std::string key = "unreadable-" + detail::base32(detail::sha256(body), 16);
    call.emit_record({.key = key, .version = call.now(), .event_time = call.now(), .body = body});
}

void emit(sdk::Call& call, const Json& order, UtcTime start) {
    const Result<OrderRecord> record = describe_order(order);
    if (!record) return emit_unreadable(call, order, record.error());
    // Orders of before `start` are history, however lately they changed; orders of other channels
    // (Multi-Channel Fulfillment) were never sold on Amazon.
    if (record->event_time < start || !record->amazon_channel) return;
    const std::string body = order.dump();
    call.emit_record({.key = record->key,
                      .version = record->version,
                      .event_time = record->event_time,
                      .due = record->due,
                      .value = record->value,
                      .body = body});
}

}  // namespace

OrdersSource::OrdersSource(std::string marketplace, UtcTime start, const Json& settings)
    : marketplace_(std::move(marketplace)),
      start_(start),
      overlap_(
          std::chrono::minutes(settings["orders"]["overlap_minutes"].integer_if().value_or(30))),
      page_size_(settings["orders"]["page_size"].is_null() ? Json(100)
                                                           : settings["orders"]["page_size"]),
      included_data_(settings["orders"]["included_data"]) {}

UtcTime OrdersSource::window_start(const Json& checkpoint) const {
    if (checkpoint.contains("after")) return time_in(checkpoint, "after");
    const UtcTime watermark = time_in(checkpoint, "watermark");
    return watermark - overlap_ > start_ ? watermark - overlap_ : start_;
}

Json OrdersSource::search_request(const Json& checkpoint) const {
    Json request = Json::object({{"marketplaces", Json::array({Json(marketplace_)})},
                                 {"last_updated_after", Json(window_start(checkpoint).text())},
                                 {"max_results", page_size_}});
    if (!included_data_.is_null()) request.set("included_data", included_data_);
    if (checkpoint.contains("token")) request.set("pagination_token", checkpoint["token"]);
    return request;
}

Result<void> OrdersSource::extract(sdk::Call& call, std::string_view,
                                   std::string_view checkpoint_text) {
    Json checkpoint = Json::object();
    if (!checkpoint_text.empty()) {
        Result<Json> parsed = Json::parse(checkpoint_text);
        if (!parsed)
            return bug("amazon_orders.checkpoint",
                       "the checkpoint is not JSON: " + parsed.error().message);
        checkpoint = *std::move(parsed);
    }
    const sdk::Reply reply =
        call.call_one("source", "amazon.orders.search", search_request(checkpoint));
    if (reply.cancelled()) return {};
    if (reply.failed() && reply.error.code == "amazon.invalid_input" &&
        checkpoint.contains("token")) {
        // The token ran out (24 hours), or Amazon forgot it: the same window from its beginning.
        checkpoint.erase("token");
        call.log(sdk::LogLevel::Warning,
                 "Amazon refused a pagination token; the window begins again");
        call.set_checkpoint(checkpoint.dump(), sdk::PageEnd::More);
        return {};
    }
    if (!reply.ok()) return reply.error;

    for (const Json& order : reply.body["orders"].items()) emit(call, order, start_);

    Json next = Json::object({{"watermark", checkpoint["watermark"]}});
    const std::string& token = reply.body["pagination"]["nextToken"].text();
    if (!token.empty()) {
        next.set("after", Json(window_start(checkpoint).text()));
        next.set("token", Json(token));
        call.set_checkpoint(next.dump(), sdk::PageEnd::More);
        return {};
    }
    // Amazon says up to when this answer is complete; that, and not our clock, is the watermark.
    const UtcTime complete_to = time_in(reply.body, "lastUpdatedBefore");
    if (complete_to > time_in(checkpoint, "watermark"))
        next.set("watermark", Json(complete_to.text()));
    call.set_checkpoint(next.dump(), sdk::PageEnd::Idle);
    return {};
}

Result<std::unique_ptr<OrdersSource>> make_orders_source(const sdk::FlowConfig& config) {
    Result<UtcTime> start = UtcTime::parse(config.extra["start"].text());
    if (!start)
        return misconfigured(
            "amazon_orders.start",
            config.flow + ": a start is missing; without one a first run would import all history",
            "start");
    return std::make_unique<OrdersSource>(config.partition, *start, config.settings);
}

}  // namespace carrick::plugins
