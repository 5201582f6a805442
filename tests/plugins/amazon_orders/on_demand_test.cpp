// SPDX-License-Identifier: Apache-2.0
// Orders that somebody asks for: a range of days by creation, and some by their ids.
#include "plugins/amazon_orders/backfill_range.hpp"
#include "tests/plugins/amazon_orders/source_bench.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

const char* const kRange =
    R"("from":"2026-11-02T00:00:00Z","to":"2026-11-20T00:00:00Z","marketplaces":["US"])";

/// As the engine hands it over.
std::string given(const std::string& demand, const std::string& at = {}) {
    return Json::object({{"demand", Json::parse("{" + demand + "}").value()}, {"at", Json(at)}})
        .dump();
}

Json order_of(const std::string& store, const std::string& created = "2026-11-10T10:00:00Z") {
    Json order = amazon_order(store, {{"ROPE", 1, "10.00"}}, "10.00");
    order.set("createdTime", Json(created));
    return order;
}

struct Source : SourceBench {
    Source()
        : SourceBench(
              two_stores(Json::object({{"orders", Json::object({{"page_size", Json(100)}})}}))) {}
    /// One page of the backfill; keeps the checkpoint.
    plugin_host::ExtractPage turn(const connectors::Reply& reply,
                                  const std::string& demand = kRange) {
        answer(reply);
        plugin_host::ExtractPage read_page = read("backfill", given(demand, at));
        if (read_page.checkpoint) at = *read_page.checkpoint;
        return read_page;
    }
    [[nodiscard]] const Json& asked() const { return amazon.asked.back().body; }

    std::string at;
};

}  // namespace

TEST_CASE("a backfill asks for orders by creation, in windows that follow each other",
          "[orders_backfill]") {
    Source source;
    const plugin_host::ExtractPage first = source.turn(ok(page({order_of("US")})));
    CHECK(source.asked() ==
          Json::parse(R"({"marketplaces":["US"],"created_after":"2026-11-02T00:00:00Z",
              "created_before":"2026-11-09T00:00:00Z","max_results":100})")
              .value());
    REQUIRE(first.records.size() == 1);
    CHECK(first.page_end == CARRICK_PAGE_MORE);
    // One page for seven days: the next window has fourteen, but the range ends before.
    const plugin_host::ExtractPage second = source.turn(ok(page({})));
    CHECK(source.asked()["created_after"].text() == "2026-11-09T00:00:00Z");
    CHECK(source.asked()["created_before"].text() == "2026-11-20T00:00:00Z");
    CHECK(second.page_end == CARRICK_PAGE_IDLE);
    CHECK(Json::parse(source.at).value()["reached"].text() == "2026-11-20T00:00:00Z");
}

TEST_CASE("an order has the same record by a backfill, a sync and a poll", "[orders_backfill]") {
    Source source;
    const Json order = order_of("US");
    const store::Record filled = source.turn(ok(page({order}))).records.at(0);
    source.amazon.answer = [&](const std::string&, const Json&) { return ok(page({order})); };
    const store::Record polled = source.read("api", "").records.at(0);
    source.amazon.answer = [&](const std::string&, const Json&) {
        return ok(Json::object({{"order", order}}));
    };
    const store::Record fetched =
        source.read("sync", given(R"("keys":["112-1234567-1234567"])")).records.at(0);
    for (const store::Record& other : {filled, fetched}) {
        CHECK(other.key == polled.key);
        CHECK(other.version == polled.version);
        CHECK(other.content_hash == polled.content_hash);
        CHECK(other.stream_rank == polled.stream_rank);
    }
}

TEST_CASE("the pages of a window repeat its filters, and a token that is refused costs this window",
          "[orders_backfill]") {
    Source source;
    (void)source.turn(ok(page({order_of("US")}, "P2")));
    (void)source.turn(ok(page({order_of("US")}, "P3")));
    CHECK(source.asked()["pagination_token"].text() == "P2");
    CHECK(source.asked()["created_before"].text() == "2026-11-09T00:00:00Z");
    const plugin_host::ExtractPage refusal =
        source.turn(refused(rejected("amazon.invalid_input", "Invalid token")));
    CHECK(refusal.end.status == plugin_host::CallStatus::Ok);
    CHECK(refusal.page_end == CARRICK_PAGE_MORE);
    // Half of seven days: 84 hours.
    (void)source.turn(ok(page({})));
    CHECK_FALSE(source.asked().contains("pagination_token"));
    CHECK(source.asked()["created_after"].text() == "2026-11-02T00:00:00Z");
    CHECK(source.asked()["created_before"].text() == "2026-11-05T12:00:00Z");
}

TEST_CASE("tokens that are refused again and again are not asked for at full speed",
          "[orders_backfill]") {
    Source source;
    int end = CARRICK_PAGE_MORE;
    for (int i = 0; i < 3; ++i) {
        (void)source.turn(ok(page({}, "P2")));
        end = source.turn(refused(rejected("amazon.invalid_input", "Invalid token"))).page_end;
    }
    CHECK(end == CARRICK_PAGE_LOOK_AGAIN);
}

TEST_CASE("a window with many pages makes the next one shorter", "[orders_backfill]") {
    BackfillRange range =
        BackfillRange::load(given(kRange), UtcTime::parse("2026-11-23T12:00:00Z").value()).value();
    for (int i = 0; i < 25; ++i) range.turn_page("P" + std::to_string(i));
    range.complete();
    range = BackfillRange::load(given(kRange, range.checkpoint()),
                                UtcTime::parse("2026-11-23T12:00:00Z").value())
                .value();
    CHECK(range.after().text() == "2026-11-09T00:00:00Z");
    CHECK(range.before().text() == "2026-11-12T12:00:00Z");
}

TEST_CASE("a range that reaches into these minutes ends where Amazon can list",
          "[orders_backfill]") {
    Source source;
    const std::string today =
        R"("from":"2026-11-23T00:00:00Z","to":"2026-11-24T00:00:00Z","marketplaces":["US"])";
    const plugin_host::ExtractPage read = source.turn(ok(page({})), today);
    CHECK(source.asked()["created_before"].text() == "2026-11-23T11:56:00Z");
    CHECK(read.page_end == CARRICK_PAGE_IDLE);
    const std::string now =
        R"("from":"2026-11-23T11:58:00Z","to":"2026-11-24T00:00:00Z","marketplaces":["US"])";
    source.at.clear();
    const std::size_t calls = source.amazon.asked.size();
    CHECK(source.turn(ok(page({})), now).page_end == CARRICK_PAGE_IDLE);
    CHECK(source.amazon.asked.size() == calls);
}

TEST_CASE("orders of before the start come only where that was said", "[orders_backfill]") {
    Source source;
    const Json old = order_of("US", "2026-10-20T10:00:00Z");
    const std::string range =
        R"("from":"2026-10-19T00:00:00Z","to":"2026-10-22T00:00:00Z","marketplaces":["US"])";
    CHECK(source.turn(ok(page({old})), range).records.empty());
    source.at.clear();
    CHECK(source.turn(ok(page({old})), range + R"(,"before_start":true)").records.size() == 1);
}

TEST_CASE("a backfill that Amazon refuses fails as it is refused", "[orders_backfill]") {
    Source source;
    const plugin_host::ExtractPage read =
        source.turn(refused(transient("amazon.unavailable", "down")));
    CHECK(read.end.status == plugin_host::CallStatus::Failed);
    CHECK(read.end.error.code == "amazon.unavailable");
    CHECK(source.read("backfill", "nonsense").end.error.code == "amazon_orders.checkpoint");
}

// ---- by id ----

namespace {

const std::string kKeys = R"("keys":["112-0000000-0000001","112-1234567-1234567"])";

Json checkpoint_of(const plugin_host::ExtractPage& page) {
    return Json::parse(page.checkpoint.value()).value();
}

}  // namespace

TEST_CASE("an id that Amazon does not know is refused by name, the others come", "[orders_sync]") {
    Source source;
    source.amazon.answer = [&](const std::string& operation, const Json& body) {
        CHECK(operation == "amazon.orders.get");
        return body["order_id"].text() == "112-1234567-1234567"
                   ? ok(Json::object({{"order", order_of("US")}}))
                   : refused(rejected("amazon.not_found", "HTTP 404"));
    };
    const plugin_host::ExtractPage read = source.read("sync", given(kKeys));
    REQUIRE(read.records.size() == 1);
    CHECK(read.records[0].partition == "US");
    CHECK(read.page_end == CARRICK_PAGE_IDLE);
    const Json refused = checkpoint_of(read)["refused"]["112-0000000-0000001"];
    CHECK(refused["code"].text() == "order.unknown");
    CHECK_THAT(refused["message"].text(), Contains("112-0000000-0000001"));
}

TEST_CASE("why an order is not passed on is said of each", "[orders_sync]") {
    const auto why = [](Json order) {
        Source source;
        source.amazon.answer = [&](const std::string&, const Json&) {
            return ok(Json::object({{"order", order}}));
        };
        const plugin_host::ExtractPage read =
            source.read("sync", given(R"("keys":["112-1234567-1234567"])"));
        CHECK(read.records.empty());
        const Json refused = checkpoint_of(read)["refused"]["112-1234567-1234567"];
        return refused["code"].text() + ": " + refused["message"].text();
    };
    CHECK_THAT(why(order_of("MX")), Contains("order.marketplace_not_read") &&
                                        Contains("is of marketplace MX") &&
                                        Contains("flow orders does not read"));
    CHECK_THAT(why(order_of("US", "2026-10-20T10:00:00Z")),
               Contains("order.before_start") && Contains("--before-start"));
    Json elsewhere = order_of("US");
    elsewhere.member("salesChannel").set("channelName", Json("NON_AMAZON"));
    CHECK_THAT(why(elsewhere), Contains("order.other_channel"));
    Json timeless = order_of("US");
    timeless.set("lastUpdatedTime", Json("yesterday"));
    CHECK_THAT(why(timeless), Contains("order.time"));
}

TEST_CASE("a sync that meets an outage keeps what it has and asks again from there",
          "[orders_sync]") {
    Source source;
    bool down = true;
    source.amazon.answer = [&](const std::string&, const Json& body) {
        const bool first = body["order_id"].text() == "112-0000000-0000001";
        if (first) return refused(rejected("amazon.not_found", "HTTP 404"));
        return down ? refused(transient("amazon.unavailable", "down"))
                    : ok(Json::object({{"order", order_of("US")}}));
    };
    const plugin_host::ExtractPage half = source.read("sync", given(kKeys));
    CHECK(half.page_end == CARRICK_PAGE_MORE);
    CHECK(checkpoint_of(half)["next"].integer_if() == 1);
    const plugin_host::ExtractPage stuck = source.read("sync", given(kKeys, *half.checkpoint));
    CHECK(stuck.end.error.code == "amazon.unavailable");
    down = false;
    const plugin_host::ExtractPage rest = source.read("sync", given(kKeys, *half.checkpoint));
    CHECK(rest.records.size() == 1);
    CHECK(rest.page_end == CARRICK_PAGE_IDLE);
    CHECK(checkpoint_of(rest)["refused"].contains("112-0000000-0000001"));
}

TEST_CASE("many orders are fetched twenty at a time", "[orders_sync]") {
    Source source;
    source.amazon.answer = [](const std::string&, const Json&) {
        return refused(rejected("amazon.not_found", "HTTP 404"));
    };
    std::string keys;
    for (int i = 10; i < 35; ++i)
        keys += (keys.empty() ? "" : ",") + ("\"112-0000000-00000" + std::to_string(i) + "\"");
    const std::string demand = "\"keys\":[" + keys + "]";
    const plugin_host::ExtractPage first = source.read("sync", given(demand));
    CHECK(source.amazon.asked.size() == 20);
    CHECK(first.page_end == CARRICK_PAGE_MORE);
    CHECK(source.read("sync", given(demand, *first.checkpoint)).page_end == CARRICK_PAGE_IDLE);
    CHECK(source.amazon.asked.size() == 25);
}
