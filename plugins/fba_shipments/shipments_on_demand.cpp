// SPDX-License-Identifier: Apache-2.0
// Shipments that somebody asks for: those of a range of days. By order ids there is no way to them.
#include "plugins/fba_shipments/shipments_source.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

// What is younger is not in a report yet.
constexpr Milliseconds kYoungest = std::chrono::minutes(4);
// Amazon has them for 18 months.
constexpr Milliseconds kOldest = std::chrono::hours(24 * 540);

/// What is asked for, and how far it has come. The plugin's own checkpoint:
///   {"reached": T, "end": T, "stores": {"DE": state of its cycle, ...}}
/// `end` is fixed at the first page: up to when the reports are read, which is later than the
/// range, because Amazon adds rows late.
struct Range {
    UtcTime from;
    UtcTime to;
    UtcTime end;
    bool before_start = false;
    std::vector<std::string> stores;
    Json states;
};

Result<Range> read_range(std::string_view checkpoint, Milliseconds late, UtcTime now) {
    const auto broken = [] {
        return bug("report.state", "the checkpoint of a backfill of shipments cannot be read");
    };
    const Result<Json> json = Json::parse(checkpoint);
    if (!json) return broken();
    const Json& demand = (*json)["demand"];
    const Result<UtcTime> from = UtcTime::parse(demand["from"].text());
    const Result<UtcTime> to = UtcTime::parse(demand["to"].text());
    if (!from || !to) return broken();
    Range range{*from,
                *to,
                std::min(*to + late, now - kYoungest),
                demand["before_start"].bool_if().value_or(false),
                {},
                {}};
    for (const Json& code : demand["marketplaces"].items()) range.stores.push_back(code.text());
    if (range.stores.empty()) return broken();
    if (const std::string& text = (*json)["at"].text(); !text.empty()) {
        const Result<Json> at = Json::parse(text);
        const Result<UtcTime> end =
            at ? UtcTime::parse((*at)["end"].text()) : Result<UtcTime>(at.error());
        if (!end) return broken();
        range.end = *end;
        range.states = (*at)["stores"];
    } else if (range.from < now - kOldest) {
        return rejected("fba_shipments.too_old",
                        "Amazon reports shipments of the last 18 months; begin at " +
                            (now - kOldest).text().substr(0, 10) + " or later");
    }
    return range;
}

}  // namespace

Result<void> ShipmentsSource::backfill(sdk::Call& call, std::string_view checkpoint) {
    const Result<Range> range = read_range(checkpoint, overlap_, call.now());
    if (!range) return range.error();
    const UtcTime from = range->before_start ? range->from : std::max(range->from, start_);
    std::string what = from.text() + range->to.text() + range->end.text();
    for (const std::string& store : range->stores) what += store;
    if (filling_ == nullptr || range_ != what) {
        ShipmentWish wish = read_shipment_wish(settings_);
        wish.stores = range->stores;
        wish.from = from;
        wish.before = range->to;
        ReportPlan plan = shipments_plan(from, overlap_, Milliseconds(0));
        plan.end = range->end;
        filling_ = std::make_unique<ReportStream>(
            std::move(plan), range->stores, std::make_unique<ShipmentReader>(std::move(wish)));
        range_ = what;
    }
    const Result<std::optional<ReportStream::Turn>> page = filling_->turn(call, range->states);
    if (!page) return page.error();
    if (!*page) return {};
    const ReportStream::Turn& turn = **page;
    filling_at_ = turn.end == sdk::PageEnd::LookAgain ? turn.next : UtcTime();
    const Json at = Json::object({{"reached", Json(std::min(turn.complete_to, range->to).text())},
                                  {"end", Json(range->end.text())},
                                  {"stores", turn.states}});
    call.set_checkpoint(at.dump(), turn.end, turn.next);
    return {};
}

Result<void> ShipmentsSource::sync(sdk::Call& call, std::string_view checkpoint) const {
    const Result<Json> json = Json::parse(checkpoint);
    if (!json || !(*json)["demand"]["keys"].is_array())
        return bug("report.state", "the checkpoint of a sync cannot be read");
    Json refused = Json::object();
    for (const Json& key : (*json)["demand"]["keys"].items())
        refused.set(key.text(),
                    Json::object({{"code", Json("shipment.by_report")},
                                  {"message", Json("Amazon reports shipments by days, not by "
                                                   "order; `carrick backfill " +
                                                   flow_ +
                                                   " --from DAY --to DAY` reads those in which "
                                                   "it was shipped")}}));
    call.set_checkpoint(Json::object({{"refused", std::move(refused)}}).dump(), sdk::PageEnd::Idle);
    return {};
}

}  // namespace carrick::plugins
