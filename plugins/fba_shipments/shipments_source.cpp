// SPDX-License-Identifier: Apache-2.0
#include "plugins/fba_shipments/shipments_source.hpp"

#include "plugins/shared/amazon_reports/source_stores.hpp"

namespace carrick::plugins {

namespace {

constexpr Milliseconds kLongestWindow = std::chrono::hours(24 * 30);
// Amazon makes at most one such report in half an hour, and cancels another one.
constexpr Milliseconds kApart = std::chrono::minutes(30);
constexpr Milliseconds kTurn = std::chrono::minutes(2);

ShipmentWish wish_of(const std::vector<std::string>& stores, UtcTime start, const Json& settings) {
    ShipmentWish wish = read_shipment_wish(settings);
    wish.stores = stores;
    wish.from = start;
    return wish;
}

Milliseconds overlap_of(const Json& settings) {
    return std::chrono::hours(24 * settings["shipments"]["overlap_days"].integer_if().value_or(7));
}

Milliseconds every_of(const Json& settings) {
    return std::chrono::minutes(settings["shipments"]["every_minutes"].integer_if().value_or(60));
}

}  // namespace

ReportPlan shipments_plan(UtcTime start, Milliseconds overlap, Milliseconds every) {
    return {.type = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
            .marketplace = {},
            .options = Json(),
            .start = start,
            .overlap = overlap,
            .longest = kLongestWindow,
            .every = std::max(every, kApart),
            .apart = kApart,
            .end = {}};
}

ShipmentsSource::ShipmentsSource(std::string flow, const std::vector<std::string>& stores,
                                 UtcTime start, const Json& settings)
    : flow_(std::move(flow)),
      start_(start),
      settings_(settings),
      overlap_(overlap_of(settings)),
      shipments_(shipments_plan(start, overlap_, every_of(settings)), stores,
                 std::make_unique<ShipmentReader>(wish_of(stores, start, settings))) {}

Result<void> ShipmentsSource::extract(sdk::Call& call, std::string_view stream,
                                      std::string_view checkpoint) {
    if (stream == "backfill") return backfill(call, checkpoint);
    if (stream == "sync") return sync(call, checkpoint);
    if (give_way(call.now())) {
        call.set_checkpoint(checkpoint.empty() ? "{}" : checkpoint, sdk::PageEnd::LookAgain,
                            call.now() + kTurn);
        return {};
    }
    return shipments_.extract(call, checkpoint);
}

/// Both ask for the same kind of report, half an hour apart, and what has a schedule goes first:
/// every half hour it would always be first. So it lets a backfill go before it now and then.
bool ShipmentsSource::give_way(UtcTime now) {
    const bool wanted = filling_at_ != UtcTime() && filling_at_ <= now && now < filling_at_ + kTurn;
    if (!wanted || now < gave_way_at_ + 2 * kApart) return false;
    gave_way_at_ = now;
    return true;
}

Result<std::unique_ptr<ShipmentsSource>> make_shipments_source(const sdk::FlowConfig& config) {
    Result<SourceStores> stores = read_source_stores(config, "fba_shipments", "shipments");
    if (!stores) return stores.error();
    return std::make_unique<ShipmentsSource>(config.flow, std::move(stores->codes), stores->start,
                                             stores->settings);
}

}  // namespace carrick::plugins
