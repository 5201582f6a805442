// SPDX-License-Identifier: Apache-2.0
// What stands before every SP-API operation: tokens, headers, regions, usage plans, faults.
#include "tests/sandbox/sandbox_fixture.hpp"

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

std::string error_of(const Response& response) {
    return body_of(response)["error"].text();
}
std::string details_of(const Response& response) {
    return body_of(response)["errors"][0]["details"].text();
}
const std::string kAnyOrders =
    Caller::search("createdAfter=2026-11-01T00:00:00Z&maxResultsPerPage=1");

}  // namespace

TEST_CASE("a refresh token becomes an access token, by form and by JSON", "[lwa]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    const Json form = body_of(caller.post_token(Caller::token_form("Atzr|carrick-sandbox-eu")));
    CHECK(form["token_type"] == Json("bearer"));
    CHECK(form["expires_in"] == Json(3600));
    CHECK(form["refresh_token"] == Json("Atzr|carrick-sandbox-eu"));
    CHECK(form["access_token"].text().starts_with("Atza|"));
    CHECK(form["access_token"].text().size() > 512);

    const Json request = Json::object({{"grant_type", "refresh_token"},
                                       {"refresh_token", "Atzr|carrick-sandbox-eu"},
                                       {"client_id", kLwaClientId},
                                       {"client_secret", kLwaClientSecret}});
    CHECK(caller.post_token(request.dump(), "application/json").status == 200);
}

TEST_CASE("client credentials give a grantless token without a refresh token", "[lwa]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    const std::string rest = "&client_id=" + std::string(kLwaClientId) +
                             "&client_secret=" + std::string(kLwaClientSecret);
    const Response response = caller.post_token(
        "grant_type=client_credentials&scope=sellingpartnerapi::notifications" + rest);
    const Json body = body_of(response);
    CHECK(response.status == 200);
    CHECK_FALSE(body.contains("refresh_token"));
    // It opens no seller's door.
    CHECK(caller
              .get_with(kAnyOrders, {{"x-amz-access-token", body["access_token"].text()},
                                     {"user-agent", "t/1"}})
              .status == 403);
    CHECK(error_of(caller.post_token("grant_type=client_credentials&scope=all" + rest)) ==
          "invalid_scope");
}

TEST_CASE("the token endpoint words its refusals as LWA does", "[lwa]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    struct Case {
        std::string body, error;
        int status;
    };
    const std::string good = Caller::token_form("Atzr|carrick-sandbox-na");
    for (const Case& each : {Case{"", "invalid_request", 400},
                             Case{"grant_type=refresh_token&client_id=x", "invalid_request", 400},
                             Case{Caller::token_form(""), "invalid_request", 400},
                             Case{Caller::token_form("Atzr|somebody-else"), "invalid_grant", 400},
                             Case{"grant_type=password&client_id=" + std::string(kLwaClientId) +
                                      "&client_secret=" + std::string(kLwaClientSecret),
                                  "unsupported_grant_type", 400},
                             Case{"grant_type=refresh_token&refresh_token=a&client_id=" +
                                      std::string(kLwaClientId) + "&client_secret=wrong",
                                  "invalid_client", 401}}) {
        const Response response = caller.post_token(each.body);
        INFO(each.body);
        CHECK(response.status == each.status);
        CHECK(error_of(response) == each.error);
    }
    CHECK(caller.post_token(good, "text/plain").status == 400);
    REQUIRE(sandbox.switches().set("amazon.revoked_accounts", "NA1"));
    CHECK(error_of(caller.post_token(good)) == "invalid_grant");
}

TEST_CASE("a request without a good token or a user agent is turned away", "[gate]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    CHECK(details_of(caller.get_with(kAnyOrders, {{"user-agent", "t/1"}})) ==
          "Access token is missing in the request header.");
    CHECK(details_of(caller.get_with(
              kAnyOrders, {{"user-agent", "t/1"}, {"x-amz-access-token", "Atza|forged.token"}})) ==
          "The access token you provided is revoked, malformed or invalid.");
    CHECK(caller.get_with(kAnyOrders, {{"x-amz-access-token", caller.token()}}).status == 400);
    CHECK(caller
              .get_with(kAnyOrders, {{"x-amz-access-token", caller.token()},
                                     {"user-agent", std::string(501, 'a')}})
              .status == 400);

    const Response denied = caller.get_with(kAnyOrders, {{"user-agent", "t/1"}});
    CHECK(denied.status == 403);
    CHECK(body_of(denied)["errors"][0]["code"] == Json("Unauthorized"));
    CHECK_FALSE(denied.header("x-amzn-RequestId").empty());
    CHECK(denied.header("x-amzn-RateLimit-Limit").empty());
}

TEST_CASE("an access token ends after an hour, and at once when the seller revokes", "[gate]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    sandbox.clock().advance(59min);
    CHECK(caller.get(kAnyOrders).status == 200);
    sandbox.clock().advance(1min);
    CHECK(details_of(caller.get(kAnyOrders)) == "The access token you provided has expired.");
    caller.renew();
    CHECK(caller.get(kAnyOrders).status == 200);
    REQUIRE(sandbox.switches().set("amazon.revoked_accounts", "EU1,NA1"));
    CHECK(details_of(caller.get(kAnyOrders)) ==
          "The access token you provided is revoked, malformed or invalid.");
    REQUIRE(sandbox.switches().set("amazon.revoked_accounts", ""));
    REQUIRE(sandbox.switches().set("amazon.client_secret", "expired"));
    CHECK(details_of(caller.get(kAnyOrders)) == "The LWA secret token you provided has expired.");
}

TEST_CASE("one region's token does not open another region's host", "[gate]") {
    Sandbox sandbox(small_world(40), {});
    Caller europe(sandbox, "EU1");
    CHECK(europe.get("/eu" + kAnyOrders).status == 200);
    CHECK(europe.get("/na" + kAnyOrders).status == 403);
    // A marketplace of another region is not in the account; one that does not exist is a mistake.
    CHECK(europe.get(kAnyOrders + "&marketplaceIds=ATVPDKIKX0DER").status == 403);
    CHECK(europe.get(kAnyOrders + "&marketplaceIds=NOSUCHPLACE").status == 400);
    CHECK(europe.get(kAnyOrders + "&marketplaceIds=A1PA6795UKMFR9").status == 200);
}

TEST_CASE("wrong paths and removed versions are denied, not missing", "[gate]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    CHECK(caller.get("/orders/v0/orders?CreatedAfter=2026-11-01T00:00:00Z").status == 403);
    CHECK(caller.get("/").status == 403);
}

TEST_CASE("twenty searches in a burst, then one in three minutes", "[quota]") {
    Sandbox sandbox(small_world(10), {});
    REQUIRE(sandbox.switches().set("amazon.quotas", "official"));
    Caller caller(sandbox);
    for (int i = 0; i < 20; ++i) {
        const Response response = caller.get(kAnyOrders);
        REQUIRE(response.status == 200);
        CHECK(response.header("x-amzn-RateLimit-Limit") == "0.0056");
    }
    const Response throttled = caller.get(kAnyOrders);
    CHECK(throttled.status == 429);
    CHECK(throttled.header("x-amzn-RateLimit-Limit").empty());
    CHECK(throttled.header("Retry-After").empty());
    CHECK(body_of(throttled)["errors"][0]["code"] == Json("QuotaExceeded"));

    // 1 / 0.0056 = 178.6 seconds.
    sandbox.clock().advance(178s);
    CHECK(caller.get(kAnyOrders).status == 429);
    sandbox.clock().advance(1s);
    CHECK(caller.get(kAnyOrders).status == 200);
    CHECK(caller.get(kAnyOrders).status == 429);
    // Another seller and another operation have buckets of their own.
    CHECK(Caller(sandbox, "EU1").get(kAnyOrders).status == 200);
    CHECK(caller.get("/orders/2026-01-01/orders/111-0000000-0000000").status == 404);
    CHECK(caller.get("/sellers/v1/marketplaceParticipations").status == 200);
}

TEST_CASE("the rate header comes with 20x, 400 and 404 only", "[quota]") {
    Sandbox sandbox(small_world(10), {});
    REQUIRE(sandbox.switches().set("amazon.quotas", "official"));
    Caller caller(sandbox);
    CHECK(caller.get(Caller::search("")).status == 400);
    CHECK(caller.get(Caller::search("")).header("x-amzn-RateLimit-Limit") == "0.0056");
    CHECK(caller.get("/orders/2026-01-01/orders/no-such").header("x-amzn-RateLimit-Limit") ==
          "0.5");

    // Without quotas a client is told so, or it would hold back for ever.
    REQUIRE(sandbox.switches().set("amazon.quotas", "off"));
    CHECK(caller.get(kAnyOrders).header("x-amzn-RateLimit-Limit") == "1000.0");
}

TEST_CASE("participations name the stores of the region, and one that is no Amazon store",
          "[sellers]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    const Json body = body_of(caller.get("/sellers/v1/marketplaceParticipations"));
    std::vector<std::string> names;
    for (const Json& each : body["payload"].items())
        names.push_back(each["marketplace"]["name"].text());
    CHECK(names ==
          std::vector<std::string>{"Amazon.com", "Amazon.ca", "Amazon.com.mx", "Non-Amazon"});
}

TEST_CASE("faults of the wire stand in for Amazon's answers in Amazon's words", "[faults]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    const auto put = [&](const char* fault) {
        REQUIRE(sandbox.faults().configure(Json::object(
            {{"rules",
              Json::array({Json::object({{"fault", fault}, {"operation", "searchOrders"}})})}})));
    };
    put("throttled");
    CHECK(caller.get(kAnyOrders).status == 429);
    put("error500");
    CHECK(body_of(caller.get(kAnyOrders))["errors"][0]["code"] == Json("InternalFailure"));
    put("error503");
    CHECK(caller.get(kAnyOrders).status == 503);
    CHECK(caller.get("/sellers/v1/marketplaceParticipations").status == 200);
    put("reset_before");
    CHECK(caller.get(kAnyOrders).drop_connection);
    put("timeout_after");
    CHECK(caller.get(kAnyOrders).drop_connection);
    CHECK(caller.get(kAnyOrders).delay == 2000ms);
    put("slow_drip");
    CHECK(caller.get(kAnyOrders).drip == 2000ms);
    put("truncated_body");
    const Response cut = caller.get(kAnyOrders);
    CHECK(*cut.truncate_at < cut.body.size());
    put("bad_gzip");
    CHECK(caller.get(kAnyOrders).header("Content-Encoding") == "gzip");
    put("expired_token");
    CHECK(details_of(caller.get(kAnyOrders)) == "The access token you provided has expired.");
}

TEST_CASE("a fault can skip the first requests and end after some", "[faults]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    REQUIRE(sandbox.faults().configure(Json::object(
        {{"rules",
          Json::array({Json::object(
              {{"fault", "error503"}, {"service", "amazon"}, {"skip", 1}, {"count", 2}})})}})));
    std::vector<int> statuses;
    for (int i = 0; i < 5; ++i) statuses.push_back(caller.get(kAnyOrders).status);
    CHECK(statuses == std::vector<int>{200, 503, 503, 200, 200});
}

TEST_CASE("a skewed server dates and checks by its own clock", "[faults]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    const std::string recent =
        Caller::search("createdAfter=2026-11-01T00:00:00Z&createdBefore=2026-11-23T12:05:00Z");
    CHECK(caller.get(recent).status == 400);
    REQUIRE(sandbox.faults().configure(Json::object(
        {{"rules",
          Json::array({Json::object({{"fault", "clock_skew"}, {"delay_ms", 600'000}})})}})));
    const Response skewed = caller.get(recent);
    CHECK(skewed.status == 200);
    CHECK(skewed.header("Date") == "Mon, 23 Nov 2026 12:10:00 GMT");
}

TEST_CASE("the same requests meet the same faults", "[faults]") {
    const auto statuses = [] {
        Sandbox sandbox(small_world(10), {});
        Caller caller(sandbox);
        REQUIRE(sandbox.faults().configure(Json::object({{"profile", "storm"}})));
        std::string text;
        for (int i = 0; i < 60; ++i) {
            const Response response = caller.get(kAnyOrders);
            text += response.drop_connection ? "dropped " : std::to_string(response.status) + " ";
        }
        return text;
    };
    const std::string first = statuses();
    CHECK(first == statuses());
    CHECK(first.find("200") != std::string::npos);
    CHECK(first.find("503") != std::string::npos);
    CHECK(first.find("dropped") != std::string::npos);
}

TEST_CASE("a fault or a switch that does not exist is refused with what there is", "[faults]") {
    Faults faults(1);
    const Result<void> unknown = faults.configure(Json::object({{"profile", "gentle"}}));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().message.find("rough") != std::string::npos);
    CHECK_FALSE(faults.configure(Json::object()));
    CHECK_FALSE(faults.configure(
        Json::object({{"rules", Json::array({Json::object({{"fault", "meteor"}})})}})));
    CHECK_FALSE(faults.configure(Json::object(
        {{"rules", Json::array({Json::object({{"fault", "error500"}, {"per_mille", 2000}})})}})));

    Switches switches;
    switches.declare("a.b", "x", {"x", "y"}, "meaning");
    CHECK_FALSE(switches.set("a.c", "x"));
    CHECK_FALSE(switches.set("a.b", "z"));
    REQUIRE(switches.set("a.b", "y"));
    CHECK(switches.is("a.b", "y"));
    switches.reset();
    CHECK(switches.get("a.b") == "x");
}
