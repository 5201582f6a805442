// SPDX-License-Identifier: Apache-2.0
// searchOrders and getOrder: parameters, paging, visibility.
#include "tests/sandbox/sandbox_fixture.hpp"

#include <map>
#include <set>

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

const std::string kAll = "createdAfter=2026-09-01T00:00:00Z";

std::vector<std::string> ids_of(const std::vector<Json>& orders) {
    std::vector<std::string> ids;
    for (const Json& order : orders) ids.push_back(order["orderId"].text());
    return ids;
}

std::string message_of(const Response& response) {
    return body_of(response)["errors"][0]["message"].text();
}

}  // namespace

TEST_CASE("every rule on the parameters of a search is kept", "[search]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    std::string many = "marketplaceIds=ATVPDKIKX0DER";
    for (int i = 0; i < 50; ++i) many += ",ATVPDKIKX0DER";
    struct Case {
        std::string parameters;
        int status;
    };
    for (const Case& each : {
             Case{"", 400},
             Case{"createdAfter=2026-11-01T00:00:00Z&lastUpdatedAfter=2026-11-01T00:00:00Z", 400},
             Case{"createdAfter=2026-11-01T00:00:00Z&lastUpdatedBefore=2026-11-02T00:00:00Z", 400},
             Case{"lastUpdatedAfter=2026-11-01T00:00:00Z&createdBefore=2026-11-02T00:00:00Z", 400},
             Case{"createdAfter=yesterday", 400},
             Case{"createdAfter=2026-11-05T00:00:00Z&createdBefore=2026-11-04T00:00:00Z", 400},
             Case{"createdAfter=2026-11-05T00:00:00Z&createdBefore=2026-11-05T00:00:00Z", 200},
             // The clock stands at 12:00:00; two minutes before it are 11:58:00.
             Case{"createdAfter=2026-11-01T00:00:00Z&createdBefore=2026-11-23T11:58:00Z", 200},
             Case{"createdAfter=2026-11-01T00:00:00Z&createdBefore=2026-11-23T11:58:01Z", 400},
             Case{"lastUpdatedAfter=2026-11-01T00:00:00Z&lastUpdatedBefore=2026-11-23T11:59:00Z",
                  400},
             Case{kAll + "&fulfillmentStatuses=UNSHIPPED,PARTIALLY_SHIPPED", 200},
             Case{kAll + "&fulfillmentStatuses=Unshipped", 400},
             Case{kAll + "&fulfilledBy=MERCHANT", 200},
             Case{kAll + "&fulfilledBy=MFN", 400},
             Case{kAll + "&maxResultsPerPage=0", 400},
             Case{kAll + "&maxResultsPerPage=101", 400},
             Case{kAll + "&maxResultsPerPage=ten", 400},
             Case{kAll + "&maxResultsPerPage=100", 200},
             Case{kAll + "&includedData=BUYER,PROCEEDS", 200},
             Case{kAll + "&includedData=EVERYTHING", 400},
             Case{kAll + "&" + many, 400},
             Case{kAll + "&paginationToken=made-up", 400},
         }) {
        INFO(each.parameters);
        CHECK(caller.get(Caller::search(each.parameters)).status == each.status);
    }
}

TEST_CASE("the answer says up to when it is complete", "[search]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    CHECK(body_of(caller.get(Caller::search(kAll)))["createdBefore"] ==
          Json("2026-11-23T11:58:00Z"));
    CHECK(body_of(caller.get(Caller::search(
              "lastUpdatedAfter=2026-11-01T00:00:00Z&lastUpdatedBefore=2026-11-20T00:00:00Z")))
              ["lastUpdatedBefore"] == Json("2026-11-20T00:00:00Z"));
}

TEST_CASE("pages hold every order once, in order, and the last has no pagination", "[search]") {
    Sandbox sandbox(small_world(), {});
    Caller caller(sandbox);
    std::vector<Json> pages;
    const std::vector<Json> orders = caller.all_orders(kAll + "&maxResultsPerPage=7", &pages);
    const std::vector<std::string> ids = ids_of(orders);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
    CHECK(ids.size() == 150);   // 3 of 10 marketplaces are in North America
    CHECK(pages.size() == 22);  // 21 times 7 and 3
    CHECK_FALSE(pages.back().contains("pagination"));
    for (std::size_t i = 1; i < orders.size(); ++i)
        CHECK(at(orders[i - 1]["createdTime"].text()) <= at(orders[i]["createdTime"].text()));
    CHECK(ids == ids_of(caller.all_orders(kAll + "&maxResultsPerPage=100")));
}

TEST_CASE("filters keep what they name", "[search]") {
    Sandbox sandbox(small_world(), {});
    Caller caller(sandbox, "EU1");
    const std::vector<Json> orders = caller.all_orders(
        kAll +
        "&marketplaceIds=A1PA6795UKMFR9,APJ6JRA9NG5V4&fulfilledBy=MERCHANT&fulfillmentStatuses="
        "UNSHIPPED&includedData=FULFILLMENT");
    REQUIRE(orders.size() > 20);
    std::set<std::string> stores;
    for (const Json& order : orders) {
        stores.insert(order["salesChannel"]["marketplaceName"].text());
        CHECK(order["fulfillment"]["fulfilledBy"] == Json("MERCHANT"));
        CHECK(order["fulfillment"]["fulfillmentStatus"] == Json("UNSHIPPED"));
    }
    CHECK(stores == std::set<std::string>{"Amazon.de", "Amazon.it"});
    for (const Json& order : caller.all_orders(
             "lastUpdatedAfter=2026-11-20T00:00:00Z&lastUpdatedBefore=2026-11-21T00:00:00Z")) {
        CHECK(at(order["lastUpdatedTime"].text()) >= at("2026-11-20T00:00:00Z"));
        CHECK(at(order["lastUpdatedTime"].text()) <= at("2026-11-21T00:00:00Z"));
    }
}

TEST_CASE("a pagination token is bound to its filters and lives 24 hours", "[search]") {
    Sandbox sandbox(small_world(), {});
    Caller caller(sandbox);
    const std::string first = kAll + "&fulfilledBy=MERCHANT";
    const std::string token = body_of(caller.get(
        Caller::search(first + "&maxResultsPerPage=5")))["pagination"]["nextToken"]
                                  .text();
    const auto next = [&](const std::string& parameters) {
        return caller.get(Caller::search(parameters + "&paginationToken=" + token));
    };
    CHECK(next(first).status == 200);
    CHECK(next(first + "&maxResultsPerPage=9&includedData=PROCEEDS").status == 200);
    CHECK(next(kAll).status == 400);
    CHECK(next(kAll + "&fulfilledBy=AMAZON").status == 400);
    CHECK(next("createdAfter=2026-09-02T00:00:00Z&fulfilledBy=MERCHANT").status == 400);
    CHECK(message_of(next(kAll)) == "The paginationToken was issued for other filters.");
    sandbox.clock().advance(24h - 1ms);
    caller.renew();
    CHECK(next(first).status == 200);
    sandbox.clock().advance(1ms);
    CHECK(next(first).status == 400);
    CHECK(message_of(next(first)) == "The paginationToken has expired.");
}

TEST_CASE("short and empty pages lose nothing", "[search]") {
    Sandbox sandbox(small_world(), {});
    Caller caller(sandbox);
    const std::vector<std::string> whole = ids_of(caller.all_orders(kAll));
    REQUIRE(sandbox.switches().set("amazon.short_pages", "on"));
    std::vector<Json> pages;
    CHECK(ids_of(caller.all_orders(kAll + "&maxResultsPerPage=6", &pages)) == whole);
    std::map<std::size_t, int> sizes;
    for (const Json& page : pages) ++sizes[page["orders"].size()];
    CHECK(sizes[0] > 0);
    CHECK(sizes[3] > 0);
    CHECK(sizes[6] > 0);
}

TEST_CASE("an order may stand on two pages", "[search]") {
    Sandbox sandbox(small_world(), {});
    Caller caller(sandbox);
    REQUIRE(sandbox.switches().set("amazon.repeated_orders", "on"));
    std::vector<Json> pages;
    const std::vector<std::string> ids =
        ids_of(caller.all_orders(kAll + "&maxResultsPerPage=10", &pages));
    const std::set<std::string> different(ids.begin(), ids.end());
    CHECK(different.size() == 150);
    CHECK(ids.size() > different.size());
    for (const Json& page : pages) CHECK(page["orders"].size() <= 10);
}

TEST_CASE("results may come newest first, and page all the same", "[search]") {
    Sandbox sandbox(small_world(), {});
    Caller caller(sandbox);
    std::vector<std::string> ascending = ids_of(caller.all_orders(kAll));
    REQUIRE(sandbox.switches().set("amazon.result_order", "descending"));
    std::vector<std::string> descending = ids_of(caller.all_orders(kAll + "&maxResultsPerPage=9"));
    std::reverse(descending.begin(), descending.end());
    CHECK(descending == ascending);
}

TEST_CASE("an order that changes while it is paged comes once more at the end", "[search]") {
    SandboxOptions options = small_world(0);
    options.world.orders_per_hour = 600;  // pending at first, paid up to ten minutes later
    Sandbox sandbox(options, {});
    sandbox.clock().advance(30min);
    Caller caller(sandbox);
    std::map<std::string, std::vector<std::string>> seen;
    std::string token;
    do {
        const Json body = body_of(
            caller.get(Caller::search("lastUpdatedAfter=2026-11-23T00:00:00Z&maxResultsPerPage=70"
                                      "&includedData=FULFILLMENT" +
                                      (token.empty() ? "" : "&paginationToken=" + token))));
        for (const Json& order : body["orders"].items())
            seen[order["orderId"].text()].push_back(
                order["fulfillment"]["fulfillmentStatus"].text());
        const bool first = token.empty();
        token = body["pagination"]["nextToken"].text();
        if (first) sandbox.clock().advance(15min);
    } while (!token.empty());
    int repeated = 0;
    for (const auto& [id, statuses] : seen)
        repeated += statuses == std::vector<std::string>{"PENDING", "UNSHIPPED"} ? 1 : 0;
    CHECK(repeated > 0);
}

TEST_CASE("listings lag behind, asking for one order does not", "[search]") {
    SandboxOptions options = small_world(0);
    Sandbox sandbox(options, {});
    REQUIRE(sandbox.switches().set("amazon.visibility_delay_s", "300"));
    Caller caller(sandbox);
    const std::vector<std::string> placed = sandbox.world().place(40);
    sandbox.clock().advance(150s);
    const auto listed = [&] {
        std::size_t count = 0;
        for (const char* account : {"NA1", "EU1", "FE1"})
            count += Caller(sandbox, account).all_orders(kAll).size();
        return count;
    };
    const std::size_t half_way = listed();
    CHECK(half_way > 0);
    CHECK(half_way < 40);
    CHECK(caller.get("/orders/2026-01-01/orders/" + placed[0]).status == 200);
    sandbox.clock().advance(150s);
    CHECK(listed() == 40);
}

TEST_CASE("getOrder knows the seller's orders only, and very new ones late", "[get]") {
    Sandbox sandbox(small_world(20), {});
    Caller caller(sandbox);
    const std::string american = sandbox.world().orders()[0]->id;
    const std::string german = sandbox.world().orders()[4]->id;
    CHECK(body_of(caller.get("/orders/2026-01-01/orders/" + american))["order"]["orderId"] ==
          Json(american));
    CHECK(caller.get("/orders/2026-01-01/orders/" + german).status == 404);
    CHECK(caller.get("/orders/2026-01-01/orders/999-1234567-1234567").status == 404);
    CHECK(caller.get("/orders/2026-01-01/orders/" + american + "?includedData=NOTHING").status ==
          400);
    REQUIRE(sandbox.switches().set("amazon.get_order_delay_s", "120"));
    const std::string fresh = sandbox.world().place(1)[0];
    CHECK(caller.get("/orders/2026-01-01/orders/" + fresh).status == 404);
    sandbox.clock().advance(120s);
    CHECK(caller.get("/orders/2026-01-01/orders/" + fresh).status == 200);
}
