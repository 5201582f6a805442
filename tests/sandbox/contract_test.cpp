// SPDX-License-Identifier: Apache-2.0
// Every answer of the sandbox's Amazon, judged by Amazon's own models: the whole world, every value
// of includedData, every position of the switches, every refusal.
#include "tests/contracts/swagger.hpp"
#include "tests/sandbox/report_fixture.hpp"

#include <cstdlib>
#include <iostream>

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using carrick::testing::SwaggerModel;

namespace {

std::optional<SwaggerModel> model(const std::string& name) {
    const char* folder = std::getenv("CARRICK_CONTRACTS");
    if (folder == nullptr) {
        std::cout << "SKIPPED: CARRICK_CONTRACTS is not set\n";
        return std::nullopt;
    }
    return SwaggerModel::load(std::string(folder) + "/amazon/" + name).value();
}

/// A caller whose every answer is judged.
class JudgedCaller {
public:
    JudgedCaller(Sandbox& sandbox, std::string account, const SwaggerModel& judge)
        : caller_(sandbox, std::move(account)), judge_(judge) {}

    Response get(const std::string& target) { return judged(target, caller_.get(target)); }
    Response get_with(const std::string& target, Headers headers) {
        return judged(target, caller_.get_with(target, std::move(headers)));
    }
    void all_pages(const std::string& parameters) {
        std::string token;
        do {
            const Response page = get(
                Caller::search(parameters + (token.empty() ? "" : "&paginationToken=" + token)));
            REQUIRE(page.status == 200);
            token = body_of(page)["pagination"]["nextToken"].text();
        } while (!token.empty());
    }
    int judged_answers = 0;

private:
    Response judged(const std::string& target, Response response) {
        std::string problems;
        for (const std::string& each :
             judge_.check_response("GET", target, response.status, response.body))
            problems += each + "\n";
        INFO(target);
        CHECK(problems == "");
        ++judged_answers;
        return response;
    }

    Caller caller_;
    const SwaggerModel& judge_;
};

const std::string kAll = "createdAfter=2026-09-01T00:00:00Z";

}  // namespace

TEST_CASE("the whole world speaks as Amazon's model says, in every position of the switches",
          "[contract]") {
    const std::optional<SwaggerModel> orders = model("orders_2026-01-01.json");
    if (!orders) return;
    Sandbox sandbox(small_world(), {});
    int judged = 0;
    const auto judge_world = [&] {
        for (const SellerAccount& seller : seller_accounts()) {
            JudgedCaller caller(sandbox, std::string(seller.account), *orders);
            caller.all_pages(kAll + Caller::kEverything);
            judged += caller.judged_answers;
        }
    };
    judge_world();
    const std::vector<std::pair<std::string, std::string>> positions{
        {"amazon.item_price", "gross_in_vat_stores"},
        {"amazon.discount_sign", "positive"},
        {"amazon.vat_tax", "absent"},
        {"amazon.roles", "no_pii"},
        {"amazon.short_pages", "on"},
        {"amazon.repeated_orders", "on"},
        {"amazon.unknown_values", "on"},
        {"amazon.result_order", "descending"}};
    for (const auto& [name, value] : positions) {
        INFO(name << " = " << value);
        sandbox.switches().reset();
        REQUIRE(sandbox.switches().set(name, value));
        judge_world();
    }
    CHECK(judged > 50);
}

TEST_CASE("each part of an order alone, and one order asked for, fit the model", "[contract]") {
    const std::optional<SwaggerModel> orders = model("orders_2026-01-01.json");
    if (!orders) return;
    Sandbox sandbox(small_world(), {});
    JudgedCaller caller(sandbox, "FE1", *orders);
    caller.all_pages(kAll);
    for (const char* part :
         {"BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT",
          "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS"}) {
        caller.all_pages(kAll + "&includedData=" + part);
        for (const Order* order : sandbox.world().orders())
            if (order->number % 50 == 8)  // Japan, all its recipes
                (void)caller.get("/orders/2026-01-01/orders/" + order->id +
                                 "?includedData=" + part);
    }
}

TEST_CASE("refusals fit the model too", "[contract]") {
    const std::optional<SwaggerModel> orders = model("orders_2026-01-01.json");
    const std::optional<SwaggerModel> sellers = model("sellers.json");
    if (!orders || !sellers) return;
    Sandbox sandbox(small_world(20), {});
    JudgedCaller caller(sandbox, "NA1", *orders);
    CHECK(caller.get(Caller::search("")).status == 400);
    CHECK(caller.get("/orders/2026-01-01/orders/nothing").status == 404);
    CHECK(caller.get_with(Caller::search(kAll), {{"user-agent", "t/1"}}).status == 403);
    for (const char* fault : {"throttled", "error500", "error503"}) {
        REQUIRE(sandbox.faults().configure(
            Json::object({{"rules", Json::array({Json::object({{"fault", fault}})})}})));
        CHECK(caller.get(Caller::search(kAll)).status >= 429);
    }
    sandbox.faults().clear();
    JudgedCaller shop(sandbox, "NA1", *sellers);
    CHECK(shop.get("/sellers/v1/marketplaceParticipations").status == 200);
    CHECK(shop.get_with("/sellers/v1/marketplaceParticipations", {{"user-agent", "t/1"}}).status ==
          403);
}

TEST_CASE("every answer about reports, schedules, documents and restricted tokens fits its model",
          "[contract][reports]") {
    const std::optional<SwaggerModel> reports = model("reports_2021-06-30.json");
    const std::optional<SwaggerModel> tokens = model("tokens_2021-03-01.json");
    if (!reports || !tokens) return;
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    int judged = 0;
    const auto ask = [&](const std::string& method, const std::string& target, const Json& body,
                         int status, const std::string& token = "") {
        Response response = reporter.caller.send(method, target, body, token);
        const SwaggerModel& judge = target.starts_with("/tokens") ? *tokens : *reports;
        std::string problems;
        if (!body.is_null() && status < 300)
            for (const std::string& each : judge.check_request(method, target, body.dump()))
                problems += "request: " + each + "\n";
        for (const std::string& each :
             judge.check_response(method, target, response.status, response.body))
            problems += each + "\n";
        INFO(method << " " << target << "\n" << response.body);
        CHECK(problems == "");
        CHECK(response.status == status);
        ++judged;
        return response;
    };
    const std::string root = "/reports/2021-06-30/";
    const Json month = Reporter::range("2026-11-01T00:00:00Z", "2026-11-23T12:00:00Z");
    for (const char* type : {kByUpdate, kByDate, kShipping, kInvoicing, kOpen, kParcels}) {
        const std::string id =
            body_of(ask("POST", kReports, Reporter::request(type, "US", month), 202))["reportId"]
                .text();
        (void)ask("GET", root + "reports/" + id, {}, 200);  // IN_QUEUE
        sandbox.clock().advance(std::chrono::minutes(5));
        const Json done = body_of(ask("GET", root + "reports/" + id, {}, 200));
        REQUIRE(done["processingStatus"].text() == "DONE");
        const std::string path = root + "documents/" + done["reportDocumentId"].text();
        const Json resource = Json::object({{"method", "GET"}, {"path", path}});
        const Json token =
            body_of(ask("POST", "/tokens/2021-03-01/restrictedDataToken",
                        Json::object({{"restrictedResources", Json::array({resource})}}), 200));
        (void)ask("GET", path, {}, 200, token["restrictedDataToken"].text());
    }
    (void)ask("GET", root + "reports?reportTypes=" + std::string(kByUpdate), {}, 200);
    (void)ask("GET", root + "reports?pageSize=7", {}, 400);
    (void)ask("GET", root + "reports/1", {}, 404);
    (void)ask("DELETE", root + "reports/1", {}, 404);
    (void)ask("POST", kReports, Reporter::request("GET_NOTHING", "US"), 400);
    (void)ask("GET", root + "documents/nothing", {}, 404);
    const Json plan = Reporter::request(kShipping, "US", Json::object({{"period", "P1D"}}));
    const std::string schedule =
        body_of(ask("POST", root + "schedules", plan, 201))["reportScheduleId"].text();
    (void)ask("GET", root + "schedules?reportTypes=" + std::string(kShipping), {}, 200);
    (void)ask("GET", root + "schedules/" + schedule, {}, 200);
    (void)ask("DELETE", root + "schedules/" + schedule, {}, 200);
    (void)ask("POST", "/tokens/2021-03-01/restrictedDataToken",
              Json::object({{"restrictedResources", Json::array()}}), 400);
    CHECK(judged > 35);
}
