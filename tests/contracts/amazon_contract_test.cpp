// SPDX-License-Identifier: Apache-2.0
// Every request the connector makes, judged by Amazon's own models; and Amazon's own examples,
// through the connector.
#include "tests/contracts/swagger.hpp"
#include "tests/core/connectors/amazon/amazon_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>

using namespace carrick;
using namespace carrick::testing;
using connectors::Reply;
using connectors::ReplyStatus;

namespace {

std::optional<SwaggerModel> amazon_model(const std::string& name) {
    const char* folder = std::getenv("CARRICK_CONTRACTS");
    if (folder == nullptr) {
        std::cout << "SKIPPED: CARRICK_CONTRACTS is not set\n";
        return std::nullopt;
    }
    return SwaggerModel::load(std::string(folder) + "/amazon/" + name).value();
}

std::string all(const std::vector<std::string>& problems) {
    std::string text;
    for (const std::string& problem : problems) text += problem + "\n";
    return text;
}

}  // namespace

TEST_CASE("every request of the connector is one that Amazon's models allow",
          "[contract][amazon]") {
    const std::optional<SwaggerModel> orders = amazon_model("orders_2026-01-01.json");
    const std::optional<SwaggerModel> sellers = amazon_model("sellers.json");
    if (!orders || !sellers) return;

    SellerAccount<> account([](const http::HttpRequest&) {
        return respond(200, R"({"orders":[],"order":{},"payload":[]})");
    });
    const std::vector<connectors::BucketLevel> full{
        {"orders.searchOrders", "20", account.clock.now()},
        {"orders.getOrder", "30", account.clock.now()}};
    account.connection->restore_bucket_levels(full);
    const std::string every_set =
        R"(["BUYER","RECIPIENT","PROCEEDS","EXPENSE","PROMOTION","CANCELLATION","FULFILLMENT",)"
        R"("PACKAGES","TAX","PAYMENT","FULFILLMENT_ORDERS"])";
    const std::vector<connectors::Request> requests{
        {"amazon.orders.search",
         R"({"marketplaces":["US","CA","MX","BR"],"created_after":"2026-11-01T00:00:00Z"})"},
        {"amazon.orders.search",
         R"({"marketplaces":["US"],"last_updated_after":"2026-11-01T00:00:00.123Z",)"
         R"("last_updated_before":"2026-11-20T00:00:00Z","max_results":100,)"
         R"("pagination_token":"x/+=","fulfilled_by":["MERCHANT","AMAZON"],"included_data":)" +
             every_set +
             R"(,"statuses":["PENDING_AVAILABILITY","PENDING","UNSHIPPED","PARTIALLY_SHIPPED",)"
             R"("SHIPPED","CANCELLED","UNFULFILLABLE"]})"},
        {"amazon.orders.search",
         R"({"marketplaces":["US"],"created_after":"2026-11-01T01:00:00+01:00",)"
         R"("created_before":"2026-11-20T00:00:00Z"})"},
        {"amazon.orders.get", R"({"order_id":"111-2222222-3333333"})"},
        {"amazon.orders.get",
         R"({"order_id":"111-2222222-3333333","included_data":)" + every_set + "}"},
        {"amazon.sellers.participations", "{}"}};
    for (const connectors::Request& request : requests)
        REQUIRE(account.call(request.operation, request.body).status == ReplyStatus::Ok);

    std::size_t judged = 0;
    for (const http::HttpRequest& request : account.network.requests()) {
        if (is_token_request(request)) continue;
        const SwaggerModel& model =
            request.url.find("/sellers/") != std::string::npos ? *sellers : *orders;
        INFO(request.url << "\n"
                         << all(model.check_request(request.method, request.url, request.body)));
        CHECK(model.check_request(request.method, request.url, request.body).empty());
        ++judged;
    }
    CHECK(judged == requests.size());
}

TEST_CASE("every request for reports is one that Amazon's models allow", "[contract][amazon]") {
    const std::optional<SwaggerModel> reports = amazon_model("reports_2021-06-30.json");
    const std::optional<SwaggerModel> tokens = amazon_model("tokens_2021-03-01.json");
    if (!reports || !tokens) return;

    SellerAccount<> account([](const http::HttpRequest& request) {
        if (request.url.find("restrictedDataToken") != std::string::npos)
            return respond(200, R"({"restrictedDataToken":"Atz.sprdt|one","expiresIn":3600})");
        return respond(200, R"({"reportId":"5","reports":[],"processingStatus":"DONE",)"
                            R"("reportScheduleId":"7","reportSchedules":[],)"
                            R"("url":"https://documents.test/x"})");
    });
    const std::vector<connectors::BucketLevel> full{
        {"reports.getReports", "10", account.clock.now()}};
    account.connection->restore_bucket_levels(full);
    const std::vector<connectors::Request> requests{
        {"amazon.reports.request",
         R"({"report_type":"GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL","marketplaces":["US"],)"
         R"("start":"2026-11-01T00:00:00Z","end":"2026-11-02T00:00:00.5Z",)"
         R"("options":{"ShowSalesChannel":"true"}})"},
        {"amazon.reports.get", R"({"report_id":"50000"})"},
        {"amazon.reports.list",
         R"({"report_types":["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"],"statuses":["DONE",)"
         R"("CANCELLED","FATAL","IN_QUEUE","IN_PROGRESS"],"marketplaces":["US","CA"],)"
         R"("created_since":"2026-11-01T00:00:00Z","created_until":"2026-11-02T00:00:00Z",)"
         R"("page_size":100})"},
        {"amazon.reports.list", R"({"next_token":"VGhpcyB0b2tlbiBpcyBvcGFxdWU="})"},
        {"amazon.reports.cancel", R"({"report_id":"50000"})"},
        {"amazon.reports.schedule",
         R"({"report_type":"GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING","marketplaces":["US"],)"
         R"("period":"PT30M","next_at":"2026-11-02T00:00:00Z"})"},
        {"amazon.reports.schedules",
         R"({"report_types":["GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"]})"},
        {"amazon.reports.unschedule", R"({"schedule_id":"7"})"}};
    for (const connectors::Request& request : requests) {
        INFO(request.operation);
        REQUIRE(account.call(request.operation, request.body).status == ReplyStatus::Ok);
    }
    struct Nowhere final : DocumentSink {
        Result<void> write(std::string_view) override { return {}; }
    } nowhere;
    REQUIRE(account.connection->fetch(
        {"amazon.reports.open", R"({"document_id":"amzn1.spdoc.1.4.na.abc",)"
                                R"("report_type":"GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"})"},
        account.within(std::chrono::seconds(20)), nowhere));

    std::size_t judged = 0;
    for (const http::HttpRequest& request : account.network.requests()) {
        if (is_token_request(request) || request.url.find("documents.test") != std::string::npos)
            continue;
        const SwaggerModel& model =
            request.url.find("/tokens/") != std::string::npos ? *tokens : *reports;
        INFO(request.url << "\n"
                         << all(model.check_request(request.method, request.url, request.body)));
        CHECK(model.check_request(request.method, request.url, request.body).empty());
        ++judged;
    }
    CHECK(judged == requests.size() + 2);
}

TEST_CASE("every status Amazon's model lists has a class of error", "[contract][amazon]") {
    const std::optional<SwaggerModel> orders = amazon_model("orders_2026-01-01.json");
    if (!orders) return;
    for (const JsonMember& path : orders->document()["paths"].members())
        for (const JsonMember& response : path.value["get"]["responses"].members()) {
            if (response.key == "200") continue;
            const int status = std::stoi(response.key);
            SellerAccount<StandingClock> account(
                [&](const http::HttpRequest&) { return amazon_error(status, "as told"); });
            const Reply reply = account.call("amazon.orders.get", kGetOrder,
                                             account.within(std::chrono::seconds(10)));
            INFO(status);
            CHECK(reply.status == ReplyStatus::Failed);
            // 413 and 415 would be our own fault; nothing else may be classed so.
            CHECK((reply.error.error_class == ErrorClass::Bug) == (status == 413 || status == 415));
        }
}

TEST_CASE("Amazon's own examples and sandbox cases pass through unchanged", "[contract][amazon]") {
    const std::optional<SwaggerModel> orders = amazon_model("orders_2026-01-01.json");
    if (!orders) return;
    std::size_t seen = 0;
    for (const JsonMember& path : orders->document()["paths"].members()) {
        const Json& good = path.value["get"]["responses"]["200"];
        std::vector<Json> answers{good["examples"]["application/json"]};
        for (const Json& one : good["x-amzn-api-sandbox"]["static"].items())
            answers.push_back(one["response"]);
        const bool is_search = path.key.find('{') == std::string::npos;
        for (const Json& answer : answers) {
            if (answer.is_null()) continue;
            const std::string body = answer.dump();
            const std::string url =
                is_search ? path.key : "/orders/2026-01-01/orders/111-2222222-3333333";
            INFO(path.key << "\n" << all(orders->check_response("GET", url, 200, body)));
            CHECK(orders->check_response("GET", url, 200, body).empty());
            SellerAccount<> account([&](const http::HttpRequest&) { return respond(200, body); });
            const Reply reply = is_search
                                    ? account.call("amazon.orders.search",
                                                   R"({"marketplaces":["US"],)"
                                                   R"("created_after":"2026-11-01T00:00:00Z"})")
                                    : account.call("amazon.orders.get", kGetOrder);
            CHECK(reply.status == ReplyStatus::Ok);
            CHECK(reply.body == body);
            ++seen;
        }
    }
    CHECK(seen >= 4);
}
