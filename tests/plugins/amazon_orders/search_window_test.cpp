// SPDX-License-Identifier: Apache-2.0
// Which stores the next search asks for, and from when on: no order falls between two polls, and no
// store holds the others up.
#include "plugins/amazon_orders/search_window.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;
using namespace std::chrono_literals;
using Stores = std::vector<std::string>;

namespace {

UtcTime at(const std::string& clock) {
    return UtcTime::parse("2026-11-20T" + clock + ":00Z").value();
}

const UtcTime kStart = UtcTime::parse("2026-11-01T00:00:00Z").value();

/// A window as the next call of the source sees it.
SearchWindow window_of(const Stores& stores, const std::string& checkpoint,
                       UtcTime start = kStart) {
    SearchWindow window(stores, start, 30min);
    REQUIRE(window.load(checkpoint));
    return window;
}

/// Reads the whole window, to `complete_to`, and gives the checkpoint behind it.
std::string read_to(SearchWindow window, UtcTime complete_to) {
    window.complete(complete_to);
    return window.checkpoint();
}

}  // namespace

TEST_CASE("the first poll asks for all stores from the start on", "[search_window]") {
    const SearchWindow window = window_of({"US", "CA"}, "");
    CHECK(window.marketplaces() == Stores{"US", "CA"});
    CHECK(window.after() == kStart);
    CHECK(window.token().empty());
}

TEST_CASE("the next poll looks back by the overlap", "[search_window]") {
    const SearchWindow window =
        window_of({"US", "CA"}, read_to(window_of({"US", "CA"}, ""), at("10:00")));
    CHECK(window.marketplaces() == Stores{"US", "CA"});
    CHECK(window.after() == at("09:30"));
}

TEST_CASE("the overlap never looks behind the start", "[search_window]") {
    const UtcTime start = at("09:50");
    const std::string checkpoint = read_to(window_of({"US"}, "", start), at("10:00"));
    CHECK(window_of({"US"}, checkpoint, start).after() == start);
}

TEST_CASE("pages of one window keep their stores and their beginning", "[search_window]") {
    SearchWindow window =
        window_of({"US", "CA"},
                  R"({"watermarks":{"US":"2026-11-20T10:00:00Z","CA":"2026-11-20T10:00:00Z"}})");
    window.turn_page("P2");
    SearchWindow second = window_of({"US", "CA"}, window.checkpoint());
    CHECK(second.token() == "P2");
    CHECK(second.after() == at("09:30"));
    CHECK(second.marketplaces() == Stores{"US", "CA"});
    second.turn_page("P3");
    const SearchWindow third = window_of({"US", "CA"}, second.checkpoint());
    CHECK(third.token() == "P3");
    // Only the end of the window moves the watermarks.
    CHECK(window_of({"US", "CA"}, read_to(third, at("11:00"))).after() == at("10:30"));
}

TEST_CASE("after a refused token the same window begins again", "[search_window]") {
    SearchWindow window = window_of({"US"}, R"({"watermarks":{"US":"2026-11-20T10:00:00Z"}})");
    window.turn_page("P2");
    SearchWindow refused = window_of({"US"}, window.checkpoint());
    refused.begin_again();
    const SearchWindow again = window_of({"US"}, refused.checkpoint());
    CHECK(again.token().empty());
    CHECK(again.after() == at("09:30"));
}

TEST_CASE("a store added later catches up alone, from the start on", "[search_window]") {
    const std::string known = read_to(window_of({"US", "CA"}, ""), at("10:00"));
    SearchWindow alone = window_of({"US", "CA", "MX"}, known);
    CHECK(alone.marketplaces() == Stores{"MX"});
    CHECK(alone.after() == kStart);
    // Its pages may take long; the others wait for it, but no order of theirs is skipped.
    alone.turn_page("P2");
    CHECK(window_of({"US", "CA", "MX"}, alone.checkpoint()).marketplaces() == Stores{"MX"});
    alone.complete(at("10:20"));
    CHECK_FALSE(alone.lags());
    // 10:00 and 10:20 are within the overlap: from now on one call reads all three.
    const SearchWindow together = window_of({"US", "CA", "MX"}, alone.checkpoint());
    CHECK(together.marketplaces() == Stores{"US", "CA", "MX"});
    CHECK(together.after() == at("09:30"));
}

TEST_CASE("stores that fell behind meanwhile are read next, without waiting", "[search_window]") {
    const std::string known = read_to(window_of({"US"}, ""), at("10:00"));
    SearchWindow alone = window_of({"US", "MX"}, known);
    alone.complete(at("12:00"));
    CHECK(alone.lags());
    const SearchWindow behind = window_of({"US", "MX"}, alone.checkpoint());
    CHECK(behind.marketplaces() == Stores{"US"});
    CHECK(behind.after() == at("09:30"));
    const SearchWindow together = window_of({"US", "MX"}, read_to(behind, at("12:01")));
    CHECK(together.marketplaces() == Stores{"US", "MX"});
    CHECK(together.after() == at("11:30"));
}

TEST_CASE("a watermark never goes back", "[search_window]") {
    const std::string known = read_to(window_of({"US"}, ""), at("10:00"));
    const std::string after_a_late_answer = read_to(window_of({"US"}, known), at("08:00"));
    CHECK(after_a_late_answer == known);
}

TEST_CASE("a store that is removed ends its window, the others begin theirs again",
          "[search_window]") {
    SearchWindow window = window_of({"US", "CA"}, "");
    window.turn_page("P2");
    const SearchWindow without = window_of({"US"}, window.checkpoint());
    CHECK(without.marketplaces() == Stores{"US"});
    CHECK(without.token().empty());
    CHECK(without.after() == kStart);
}

TEST_CASE("a store that comes back is read on from where it was left", "[search_window]") {
    const std::string both = read_to(window_of({"US", "CA"}, ""), at("10:00"));
    const std::string us_only = read_to(window_of({"US"}, both), at("15:00"));
    const SearchWindow back = window_of({"US", "CA"}, us_only);
    CHECK(back.marketplaces() == Stores{"CA"});
    CHECK(back.after() == at("09:30"));
}

TEST_CASE("a checkpoint that is no JSON is a bug, not a fresh start", "[search_window]") {
    SearchWindow window({"US"}, kStart, 30min);
    const Result<void> loaded = window.load("{\"watermarks\":");
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().error_class == ErrorClass::Bug);
    CHECK(loaded.error().code == "amazon_orders.checkpoint");
}
