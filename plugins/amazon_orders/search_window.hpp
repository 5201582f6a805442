// SPDX-License-Identifier: Apache-2.0
// SearchWindow: which marketplaces the next `searchOrders` asks for, and from when on. One call
// covers all marketplaces that have been read equally far, because Amazon grants an account one
// page in three minutes, however many stores it has.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <map>
#include <string>
#include <vector>

namespace carrick::plugins {

/// The checkpoint of the source:
///   {"watermarks": {"US": T, "CA": T}}                     each store is complete up to T
///   {..., "window": {"marketplaces": [...], "after": A, "token": P,
///                                  "begun_again": N}}        between two pages
/// A store that was added later has no watermark: it is read from `start` on, on its own, until it
/// has caught up with the others.
class SearchWindow {
public:
    SearchWindow(std::vector<std::string> marketplaces, UtcTime start, Milliseconds overlap)
        : all_(std::move(marketplaces)), start_(start), overlap_(overlap) {}

    /// Errors: Bug `amazon_orders.checkpoint` for one that this plugin did not write.
    [[nodiscard]] Result<void> load(std::string_view checkpoint);

    [[nodiscard]] const std::vector<std::string>& marketplaces() const { return asked_; }
    [[nodiscard]] UtcTime after() const { return after_; }
    [[nodiscard]] const std::string& token() const { return token_; }

    /// More pages of this window follow.
    void turn_page(std::string token) { token_ = std::move(token); }
    /// The same window from its beginning: the token ran out.
    void begin_again() {
        token_.clear();
        ++begun_again_;
    }
    /// How often this window has begun again: a token that is refused each time is not too old.
    [[nodiscard]] std::int64_t begun_again() const { return begun_again_; }
    /// The window is read whole; what Amazon knew up to `complete_to` has been seen.
    void complete(UtcTime complete_to);

    /// Some store lags behind those just read, and wants a window of its own.
    [[nodiscard]] bool lags() const;
    [[nodiscard]] std::string checkpoint() const;

private:
    [[nodiscard]] UtcTime watermark(const std::string& marketplace) const;
    void choose();

    std::vector<std::string> all_;
    UtcTime start_;
    Milliseconds overlap_;
    std::map<std::string, UtcTime> watermarks_;
    std::vector<std::string> asked_;
    UtcTime after_;
    std::string token_;
    std::int64_t begun_again_ = 0;
    bool complete_ = false;
};

}  // namespace carrick::plugins
