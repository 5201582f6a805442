// SPDX-License-Identifier: Apache-2.0
// Polling Amazon: what is asked, what is passed on, and where the next poll begins.
#include "tests/plugins/amazon_orders/source_bench.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

Json settings(std::int64_t page_size = 100) {
    return Json::object(
        {{"orders", Json::object({{"overlap_minutes", Json(30)},
                                  {"page_size", Json(page_size)},
                                  {"included_data", Json::array({Json("BUYER")})}})}});
}

Json order(const std::string& store = "US") {
    return amazon_order(store, {{"ROPE", 1, "10.00"}}, "10.00");
}

struct Source : SourceBench {
    explicit Source(const Json& marketplaces = two_stores(settings()))
        : SourceBench(marketplaces) {}
    plugin_host::ExtractPage poll(const connectors::Reply& reply,
                                  const std::string& checkpoint = {}) {
        answer(reply);
        return read("api", checkpoint);
    }
};

std::string refusal(const Json& config_json) {
    const auto plugin =
        plugin_host::adopt_plugin(manifest_of("amazon_orders"), &source_entry).value();
    const auto made = plugin->create(config_json);
    return made ? "made" : made.error().code;
}

}  // namespace

TEST_CASE("one call asks for all stores of the account", "[orders_source]") {
    Source source;
    const plugin_host::ExtractPage read = source.poll(ok(page({order()})));
    REQUIRE(source.amazon.asked.size() == 1);
    CHECK(source.amazon.asked[0].operation == "amazon.orders.search");
    CHECK(source.amazon.asked[0].body ==
          Json::parse(R"({"marketplaces":["US","CA"],"last_updated_after":"2026-11-01T00:00:00Z",
              "max_results":100,"included_data":["BUYER"]})")
              .value());
    REQUIRE(read.records.size() == 1);
    CHECK(read.page_end == CARRICK_PAGE_IDLE);
}

TEST_CASE("an order becomes a record of its own store, byte for byte", "[orders_source]") {
    Source source;
    const plugin_host::ExtractPage read = source.poll(ok(page({order("US"), order("CA")})));
    REQUIRE(read.records.size() == 2);
    CHECK(read.records[0].partition == "US");
    CHECK(read.records[1].partition == "CA");
    CHECK(read.records[0].key == "112-1234567-1234567");
    CHECK(read.records[0].body == order("US").dump());
    CHECK(read.records[0].value == "10.00 USD");
}

TEST_CASE("the watermark is what Amazon says, and the next poll overlaps it", "[orders_source]") {
    Source source;
    const plugin_host::ExtractPage first = source.poll(ok(page({order()})));
    REQUIRE(first.checkpoint);
    CHECK(*first.checkpoint ==
          R"({"watermarks":{"CA":"2026-11-20T12:00:00Z","US":"2026-11-20T12:00:00Z"}})");
    (void)source.poll(ok(page({})), *first.checkpoint);
    CHECK(source.amazon.asked[1].body["last_updated_after"].text() == "2026-11-20T11:30:00Z");
}

TEST_CASE("an answer that does not say up to when it is complete moves nothing",
          "[orders_source]") {
    Source source;
    const plugin_host::ExtractPage first = source.poll(ok(page({order()}, "", "")));
    (void)source.poll(ok(page({})), first.checkpoint.value());
    CHECK(source.amazon.asked[1].body["last_updated_after"].text() == "2026-11-01T00:00:00Z");
}

TEST_CASE("pages follow each other by Amazon's token", "[orders_source]") {
    Source source;
    const plugin_host::ExtractPage first = source.poll(ok(page({order()}, "P2")));
    CHECK(first.page_end == CARRICK_PAGE_MORE);
    const plugin_host::ExtractPage second = source.poll(ok(page({})), *first.checkpoint);
    CHECK(source.amazon.asked[1].body["pagination_token"].text() == "P2");
    CHECK(source.amazon.asked[1].body["last_updated_after"].text() == "2026-11-01T00:00:00Z");
    CHECK(second.page_end == CARRICK_PAGE_IDLE);
}

TEST_CASE("a token that Amazon refuses begins the window again", "[orders_source]") {
    Source source;
    const plugin_host::ExtractPage first = source.poll(ok(page({order()}, "P2")));
    const plugin_host::ExtractPage begun =
        source.poll(refused(rejected("amazon.invalid_input", "Invalid token")), *first.checkpoint);
    CHECK(begun.end.status == plugin_host::CallStatus::Ok);
    CHECK(begun.page_end == CARRICK_PAGE_MORE);
    REQUIRE(source.amazon.logged.size() == 1);
    CHECK_THAT(source.amazon.logged[0], Contains("refused a pagination token"));
    (void)source.poll(ok(page({order()})), *begun.checkpoint);
    CHECK_FALSE(source.amazon.asked[2].body.contains("pagination_token"));
    CHECK(source.amazon.asked[2].body["last_updated_after"].text() == "2026-11-01T00:00:00Z");
}

TEST_CASE("tokens that are refused again and again are told aloud and not asked for at full speed",
          "[orders_source]") {
    Source source;
    const connectors::Reply refusal = refused(rejected("amazon.invalid_input", "Invalid token"));
    std::string checkpoint;
    for (const int end : {CARRICK_PAGE_MORE, CARRICK_PAGE_MORE, CARRICK_PAGE_LOOK_AGAIN}) {
        checkpoint = source.poll(ok(page({order()}, "P2")), checkpoint).checkpoint.value();
        const plugin_host::ExtractPage begun = source.poll(refusal, checkpoint);
        CHECK(begun.page_end == end);
        checkpoint = begun.checkpoint.value();
        if (end == CARRICK_PAGE_LOOK_AGAIN)
            CHECK(begun.look_again_at.text() == "2026-11-23T12:30:00Z");
    }
    CHECK_THAT(source.amazon.logged.back(), Contains("3 times"));
    // A window that is read whole ends the count.
    const plugin_host::ExtractPage whole = source.poll(ok(page({order()})), checkpoint);
    CHECK_THAT(whole.checkpoint.value(), !Contains("begun_again"));
}

TEST_CASE("any other failure is told as it is, and moves nothing", "[orders_source]") {
    Source source;
    for (const Error& error : {throttled("amazon.throttled", "later", std::chrono::seconds(180)),
                               rejected("amazon.invalid_input", "without a token")}) {
        const plugin_host::ExtractPage read = source.poll(refused(error));
        CHECK(read.end.status == plugin_host::CallStatus::Failed);
        CHECK(read.end.error.code == error.code);
        CHECK_FALSE(read.checkpoint);
    }
    const plugin_host::ExtractPage cancelled =
        source.poll({connectors::ReplyStatus::Cancelled, {}, {}});
    CHECK(cancelled.records.empty());
    CHECK_FALSE(cancelled.checkpoint);
    const plugin_host::ExtractPage broken = source.poll(ok(page({})), "no json");
    CHECK(broken.end.error.code == "amazon_orders.checkpoint");
}

TEST_CASE("a store that was added catches up at once", "[orders_source]") {
    Source source;
    const std::string us_only = R"({"watermarks":{"US":"2026-11-20T12:00:00Z"}})";
    const plugin_host::ExtractPage alone =
        source.poll(ok(page({order("CA")}, "", "2026-11-20T14:00:00Z")), us_only);
    CHECK(source.amazon.asked[0].body["marketplaces"] == Json::array({Json("CA")}));
    // US is two hours behind now: no wait for the next schedule.
    CHECK(alone.page_end == CARRICK_PAGE_MORE);
}

TEST_CASE("orders from before the start and of other channels stay out", "[orders_source]") {
    Source source;
    Json old = order();
    old.set("createdTime", Json("2026-10-31T23:59:59Z"));
    Json mcf = order();
    mcf.find("salesChannel")->set("channelName", Json("NON_AMAZON"));
    CHECK(source.poll(ok(page({old, mcf}))).records.empty());
}

TEST_CASE("an order that cannot be read is passed on under a key of its own, once",
          "[orders_source]") {
    Source source;
    Json timeless = order();
    timeless.erase("lastUpdatedTime");
    const plugin_host::ExtractPage read = source.poll(ok(page({timeless, Json("text")})));
    REQUIRE(read.records.size() == 2);
    CHECK_THAT(read.records[0].key, Catch::Matchers::StartsWith("unreadable-"));
    CHECK(read.records[0].body == timeless.dump());
    CHECK(read.records[0].partition == "US");
    CHECK(read.records[1].body == "{}");
    // The overlap lists it again: the same key, version and body is no second record.
    const plugin_host::ExtractPage again = source.poll(ok(page({timeless})));
    REQUIRE(again.records.size() == 1);
    CHECK(again.records[0].key == read.records[0].key);
    CHECK(again.records[0].version == read.records[0].version);
    CHECK(again.records[0].content_hash == read.records[0].content_hash);
}

TEST_CASE("an order of a store that was not asked for is told, not lost", "[orders_source]") {
    Source source;
    const plugin_host::ExtractPage read = source.poll(ok(page({order("MX")})));
    REQUIRE(read.records.size() == 1);
    CHECK_THAT(read.records[0].key, Catch::Matchers::StartsWith("unreadable-"));
    CHECK(read.records[0].version.text() == "2026-11-20T11:00:00Z");
    REQUIRE(source.amazon.logged.size() == 1);
    CHECK_THAT(source.amazon.logged[0], Contains("A1AM78C64UM0Y8"));
}

TEST_CASE("a source without a start, without stores or with two minds is not made",
          "[orders_source]") {
    Json no_start = source_config(Json::object({{"US", settings()}}));
    no_start.erase("start");
    CHECK(refusal(no_start) == "amazon_orders.start");
    CHECK(refusal(source_config(Json::object())) == "amazon_orders.marketplaces");
    CHECK(refusal(source_config(Json::object({{"US", settings(100)}, {"CA", settings(50)}}))) ==
          "amazon_orders.settings");
}

TEST_CASE("orders can be found by when they were placed, as far back as they may be pending",
          "[orders_source]") {
    Json by_creation = settings();
    by_creation.find("orders")->set("filter", Json("created"));
    by_creation.find("orders")->set("look_back_days", Json(2));
    Source source(Json::object({{"US", by_creation}}));
    Json body = page({order()});
    body.erase("lastUpdatedBefore");
    body.set("createdBefore", Json("2026-11-20T12:00:00Z"));
    const plugin_host::ExtractPage first = source.poll(ok(body));
    CHECK(source.amazon.asked[0].body["created_after"].text() == "2026-11-01T00:00:00Z");
    CHECK_FALSE(source.amazon.asked[0].body.contains("last_updated_after"));
    CHECK(Json::parse(first.checkpoint.value()).value()["watermarks"]["US"].text() ==
          "2026-11-20T12:00:00Z");
    (void)source.poll(ok(body), *first.checkpoint);
    CHECK(source.amazon.asked[1].body["created_after"].text() == "2026-11-18T12:00:00Z");
}
