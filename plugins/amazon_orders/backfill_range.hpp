// SPDX-License-Identifier: Apache-2.0
// BackfillRange: which page of a range of days the next `searchOrders` asks for. A pagination token
// lives 24 hours, and a backfill gets one page in several minutes; so a range is read in windows
// that end well within a day, and a token that is lost costs one window.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <string>
#include <string_view>

namespace carrick::plugins {

/// The stream's own checkpoint:
///   {"reached": T, "hours": 168}                               read up to T
///   {..., "window": {"to": T, "token": P, "pages": 3}, "begun_again": N}   between two pages
class BackfillRange {
public:
    /// Orders are listed by creation up to three minutes ago; what is younger is the polls' affair.
    static constexpr Milliseconds kYoungest = std::chrono::minutes(4);

    /// Errors: Bug `amazon_orders.checkpoint` for one that neither engine nor plugin wrote.
    [[nodiscard]] static Result<BackfillRange> load(std::string_view checkpoint, UtcTime now);

    /// Everything is read.
    [[nodiscard]] bool finished() const { return reached_ >= end_; }
    [[nodiscard]] const Json& marketplaces() const { return marketplaces_; }
    [[nodiscard]] bool before_start() const { return before_start_; }
    /// Of the window: orders created from `after` to `before`.
    [[nodiscard]] UtcTime after() const { return reached_; }
    [[nodiscard]] UtcTime before() const { return window_to_; }
    [[nodiscard]] const std::string& token() const { return token_; }

    /// More pages of this window follow.
    void turn_page(std::string token);
    /// The window is read whole. The next one is longer or shorter, as its pages suggest.
    void complete();
    /// The token was refused: the same place again, with half the window.
    void begin_again();
    [[nodiscard]] std::int64_t begun_again() const { return begun_again_; }
    [[nodiscard]] std::string checkpoint() const;

private:
    Json marketplaces_;
    bool before_start_ = false;
    UtcTime end_;
    UtcTime reached_;
    UtcTime window_to_;
    std::string token_;
    std::int64_t pages_ = 0;  // of the window, by now
    std::int64_t hours_ = 0;  // how long a window is
    std::int64_t begun_again_ = 0;
};

}  // namespace carrick::plugins
