// SPDX-License-Identifier: Apache-2.0
// Orders that somebody asks for: those of a range of days, and some by their ids.
#include "plugins/amazon_orders/backfill_range.hpp"
#include "plugins/amazon_orders/order_record.hpp"
#include "plugins/amazon_orders/orders_source.hpp"

#include <carrick/sdk/marketplaces.hpp>

#include <algorithm>

namespace carrick::plugins {

namespace {

constexpr Milliseconds kPause = std::chrono::minutes(30);
constexpr std::int64_t kOrdinary = 2;

void window_again(sdk::Call& call, BackfillRange& range, const Error& refusal) {
    range.begin_again();
    const bool ordinary = range.begun_again() <= kOrdinary;
    call.log(ordinary ? sdk::LogLevel::Warning : sdk::LogLevel::Error,
             "Amazon refused a pagination token of the backfill (" + refusal.message +
                 "); a shorter window begins at the same place" +
                 (ordinary ? "" : ", in half an hour"));
    call.set_checkpoint(range.checkpoint(), ordinary ? sdk::PageEnd::More : sdk::PageEnd::LookAgain,
                        ordinary ? UtcTime() : call.now() + kPause);
}

/// Amazon's own name of a store that the flow does not read.
std::string store_of(const Json& order) {
    const std::string& id = order["salesChannel"]["marketplaceId"].text();
    const amazon::Marketplace* known = amazon::marketplace_from_id(id);
    return known == nullptr ? "\"" + id + "\"" : std::string(known->code);
}

}  // namespace

Result<void> OrdersSource::backfill(sdk::Call& call, std::string_view checkpoint) const {
    Result<BackfillRange> range = BackfillRange::load(checkpoint, call.now());
    if (!range) return range.error();
    if (range->finished()) {
        call.set_checkpoint(range->checkpoint(), sdk::PageEnd::Idle);
        return {};
    }
    Json request = Json::object({{"marketplaces", range->marketplaces()},
                                 {"created_after", Json(range->after().text())},
                                 {"created_before", Json(range->before().text())},
                                 {"max_results", page_size_}});
    if (!included_data_.is_null()) request.set("included_data", included_data_);
    if (!range->token().empty()) request.set("pagination_token", Json(range->token()));

    const sdk::Reply reply = call.call_one("source", "amazon.orders.search", request);
    if (reply.cancelled()) return {};
    if (reply.failed() && reply.error.code == "amazon.invalid_input" && !range->token().empty()) {
        window_again(call, *range, reply.error);
        return {};
    }
    if (!reply.ok()) return reply.error;

    const UtcTime earliest = range->before_start() ? UtcTime() : start_;
    for (const Json& order : reply.body["orders"].items()) emit(call, order, earliest);
    if (const std::string& token = reply.body["pagination"]["nextToken"].text(); !token.empty())
        range->turn_page(token);
    else
        range->complete();
    call.set_checkpoint(range->checkpoint(),
                        range->finished() ? sdk::PageEnd::Idle : sdk::PageEnd::More);
    return {};
}

// The checkpoint: {"next": index of the first key that was not asked for, "refused": {...}}.
Result<void> OrdersSource::sync(sdk::Call& call, std::string_view checkpoint) const {
    constexpr std::size_t kAtOnce = 20;  // of a burst of 30
    const Result<Json> json = Json::parse(checkpoint);
    if (!json || !(*json)["demand"]["keys"].is_array())
        return bug("amazon_orders.checkpoint", "the checkpoint of a sync cannot be read");
    const std::span<const Json> keys = (*json)["demand"]["keys"].items();
    const Result<Json> at = Json::parse((*json)["at"].text());
    Json refused = at && (*at)["refused"].is_object() ? (*at)["refused"] : Json::object();
    const auto begin = static_cast<std::size_t>(
        at ? std::max<std::int64_t>(0, (*at)["next"].integer_if().value_or(0)) : 0);
    const std::size_t end = std::min(keys.size(), begin + kAtOnce);

    std::vector<sdk::Request> requests;
    for (std::size_t i = begin; i < end; ++i) {
        Json request = Json::object({{"order_id", keys[i]}});
        if (!included_data_.is_null()) request.set("included_data", included_data_);
        requests.push_back(sdk::Request::read("amazon.orders.get", request.dump()));
    }
    std::vector<sdk::Reply> replies(requests.size());
    if (!requests.empty())
        call.call("source", requests,
                  [&](std::size_t i, const sdk::Reply& reply) { replies[i] = reply; });
    std::size_t next = begin;
    for (; next < end; ++next) {
        const sdk::Reply& reply = replies[next - begin];
        if (reply.cancelled()) return {};
        const Result<void> passed = fetched(call, keys[next].text(), reply);
        if (passed) continue;
        // What time will heal is asked for again, from here on; the rest is the order's own.
        if (passed.error().error_class != ErrorClass::Rejected) {
            if (next == begin) return passed.error();
            break;
        }
        refused.set(keys[next].text(), Json::object({{"code", Json(passed.error().code)},
                                                     {"message", Json(passed.error().message)}}));
    }
    Json done = Json::object({{"next", Json(static_cast<std::int64_t>(next))}});
    if (refused.size() > 0) done.set("refused", std::move(refused));
    call.set_checkpoint(done.dump(), next == keys.size() ? sdk::PageEnd::Idle : sdk::PageEnd::More);
    return {};
}

Result<void> OrdersSource::fetched(sdk::Call& call, const std::string& id,
                                   const sdk::Reply& reply) const {
    if (reply.failed() && reply.error.code == "amazon.not_found")
        return rejected("order.unknown",
                        "Amazon knows no order " + id +
                            " of this account; one of the last minutes may not be there yet");
    if (!reply.ok()) return reply.error;
    const Json& order = reply.body["order"];
    const Result<OrderRecord> record = describe_order(order);
    if (!record) return record.error();
    if (record->key != id)
        return rejected("order.id",
                        "Amazon answered order " + record->key + " where " + id + " was asked for");
    if (!record->amazon_channel)
        return rejected("order.other_channel",
                        "order " + id + " was sold elsewhere and only shipped by Amazon");
    if (std::find(marketplaces_.begin(), marketplaces_.end(), record->marketplace) ==
        marketplaces_.end())
        return rejected("order.marketplace_not_read",
                        "order " + id + " is of marketplace " + store_of(order) + ", which flow " +
                            flow_ + " does not read; add it to the flow's marketplaces");
    if (record->event_time < start_)
        return rejected("order.before_start",
                        "order " + id + " was created on " + record->event_time.text() +
                            ", before the start of flow " + flow_ + " (" + start_.text() +
                            "), and is taken to be in the books already; `carrick backfill " +
                            flow_ + " --before-start` imports older days");
    emit(call, order, start_);
    return {};
}

}  // namespace carrick::plugins
