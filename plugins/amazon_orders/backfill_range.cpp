// SPDX-License-Identifier: Apache-2.0
#include "plugins/amazon_orders/backfill_range.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

constexpr std::int64_t kFirstHours = 7 * 24;
constexpr std::int64_t kFewestHours = 1;
constexpr std::int64_t kMostHours = 60 * 24;
// At half of Amazon's quota a page takes six minutes: 20 of them two hours.
constexpr std::int64_t kFewPages = 2;
constexpr std::int64_t kManyPages = 20;

}  // namespace

Result<BackfillRange> BackfillRange::load(std::string_view checkpoint, UtcTime now) {
    const auto broken = [] {
        return bug("amazon_orders.checkpoint", "the checkpoint of a backfill cannot be read");
    };
    const Result<Json> json = Json::parse(checkpoint);
    if (!json) return broken();
    const Json& demand = (*json)["demand"];
    const Result<UtcTime> from = UtcTime::parse(demand["from"].text());
    const Result<UtcTime> to = UtcTime::parse(demand["to"].text());
    if (!from || !to) return broken();

    BackfillRange range;
    range.marketplaces_ = demand["marketplaces"];
    range.before_start_ = demand["before_start"].bool_if().value_or(false);
    range.end_ = std::min(*to, now - kYoungest);
    range.reached_ = *from;
    range.hours_ = kFirstHours;
    if (const std::string& text = (*json)["at"].text(); !text.empty()) {
        const Result<Json> at = Json::parse(text);
        const Result<UtcTime> reached =
            at ? UtcTime::parse((*at)["reached"].text()) : Result<UtcTime>(at.error());
        if (!reached) return broken();
        range.reached_ = *reached;
        range.hours_ = (*at)["hours"].integer_if().value_or(kFirstHours);
        range.begun_again_ = (*at)["begun_again"].integer_if().value_or(0);
        const Json& window = (*at)["window"];
        if (const Result<UtcTime> window_to = UtcTime::parse(window["to"].text())) {
            range.window_to_ = *window_to;
            range.token_ = window["token"].text();
            range.pages_ = window["pages"].integer_if().value_or(0);
        }
    }
    // The end of a window must not move while its pages are turned: the token stands for it.
    if (range.window_to_ == UtcTime())
        range.window_to_ = std::min(range.reached_ + std::chrono::hours(range.hours_), range.end_);
    return range;
}

void BackfillRange::turn_page(std::string token) {
    token_ = std::move(token);
    ++pages_;
}

void BackfillRange::complete() {
    if (pages_ < kFewPages) hours_ = std::min(hours_ * 2, kMostHours);
    if (pages_ > kManyPages) hours_ = std::max(hours_ / 2, kFewestHours);
    reached_ = window_to_;
    window_to_ = {};
    token_.clear();
    pages_ = 0;
    begun_again_ = 0;
}

void BackfillRange::begin_again() {
    hours_ = std::max(hours_ / 2, kFewestHours);
    window_to_ = {};
    token_.clear();
    pages_ = 0;
    ++begun_again_;
}

std::string BackfillRange::checkpoint() const {
    Json at = Json::object({{"reached", Json(reached_.text())}, {"hours", Json(hours_)}});
    if (window_to_ != UtcTime())
        at.set("window", Json::object({{"to", Json(window_to_.text())},
                                       {"token", Json(token_)},
                                       {"pages", Json(pages_)}}));
    if (begun_again_ > 0) at.set("begun_again", Json(begun_again_));
    return at.dump();
}

}  // namespace carrick::plugins
