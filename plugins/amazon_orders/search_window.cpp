// SPDX-License-Identifier: Apache-2.0
#include "plugins/amazon_orders/search_window.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

UtcTime time_or_none(const Json& text) {
    const Result<UtcTime> time = UtcTime::parse(text.text());
    return time ? *time : UtcTime();
}

}  // namespace

Result<void> SearchWindow::load(std::string_view checkpoint) {
    watermarks_.clear();
    asked_.clear();
    token_.clear();
    begun_again_ = 0;
    complete_ = false;
    Json stored = Json::object();
    if (!checkpoint.empty()) {
        Result<Json> parsed = Json::parse(checkpoint);
        if (!parsed)
            return bug("amazon_orders.checkpoint",
                       "the checkpoint is not JSON: " + parsed.error().message);
        stored = *std::move(parsed);
    }
    for (const JsonMember& one : stored["watermarks"].members())
        watermarks_[one.key] = time_or_none(one.value);
    const Json& window = stored["window"];
    // A store that is no longer asked for ends its window; the others begin theirs again.
    for (const Json& marketplace : window["marketplaces"].items()) {
        if (std::find(all_.begin(), all_.end(), marketplace.text()) == all_.end()) {
            asked_.clear();
            break;
        }
        asked_.push_back(marketplace.text());
    }
    if (asked_.empty()) {
        choose();
    } else {
        after_ = time_or_none(window["after"]);
        token_ = window["token"].text();
        begun_again_ = window["begun_again"].integer_if().value_or(0);
    }
    return {};
}

UtcTime SearchWindow::watermark(const std::string& marketplace) const {
    const auto found = watermarks_.find(marketplace);
    return found == watermarks_.end() ? UtcTime() : found->second;
}

void SearchWindow::choose() {
    UtcTime earliest = watermark(all_.front());
    for (const std::string& marketplace : all_)
        earliest = std::min(earliest, watermark(marketplace));
    for (const std::string& marketplace : all_)
        if (watermark(marketplace) <= earliest + overlap_) asked_.push_back(marketplace);
    after_ = std::max(start_, earliest - overlap_);
}

void SearchWindow::complete(UtcTime complete_to) {
    for (const std::string& marketplace : asked_)
        watermarks_[marketplace] = std::max(watermark(marketplace), complete_to);
    complete_ = true;
}

bool SearchWindow::lags() const {
    UtcTime latest;
    for (const std::string& marketplace : asked_) latest = std::max(latest, watermark(marketplace));
    return std::any_of(all_.begin(), all_.end(), [&](const std::string& marketplace) {
        return watermark(marketplace) + overlap_ < latest;
    });
}

std::string SearchWindow::checkpoint() const {
    Json watermarks = Json::object();
    for (const auto& [marketplace, time] : watermarks_)
        if (time != UtcTime()) watermarks.set(marketplace, Json(time.text()));
    Json checkpoint = Json::object({{"watermarks", std::move(watermarks)}});
    if (complete_) return checkpoint.dump();
    Json asked = Json::array();
    for (const std::string& marketplace : asked_) asked.push_back(Json(marketplace));
    Json window =
        Json::object({{"marketplaces", std::move(asked)}, {"after", Json(after_.text())}});
    if (!token_.empty()) window.set("token", Json(token_));
    if (begun_again_ > 0) window.set("begun_again", Json(begun_again_));
    checkpoint.set("window", std::move(window));
    return checkpoint.dump();
}

}  // namespace carrick::plugins
