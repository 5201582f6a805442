// SPDX-License-Identifier: Apache-2.0
// A seeded NetSuite account on a clock that stands still, called without sockets.
#pragma once

#include "examples/sandbox/netsuite/netsuite_service.hpp"
#include "examples/sandbox/world/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace carrick::sandbox::testing {

class AccountFixture {
public:
    explicit AccountFixture(NetSuiteOptions options = without_token())
        : service_(make_netsuite_service(Environment{clock, switches, faults, world},
                                         std::move(options))) {}

    static NetSuiteOptions without_token() {
        NetSuiteOptions options;
        options.require_token = false;
        return options;
    }
    static WorldOptions world_options() {
        WorldOptions options;
        options.seed = 7;
        options.orders = 60;
        options.start = UtcTime::parse("2026-11-23T10:00:00Z").value();
        options.go_live = UtcTime::parse("2026-11-01T07:00:00Z").value();
        return options;
    }

    Response call(const std::string& method, const std::string& target, const Json& body = {},
                  Headers headers = {}) {
        Request request;
        request.method = method;
        const std::size_t mark = std::min(target.find('?'), target.size());
        request.path = target.substr(0, mark);
        if (mark < target.size()) request.query = parse_query(target.substr(mark + 1));
        request.headers = std::move(headers);
        if (!body.is_null()) {
            request.body = body.dump();
            request.headers.emplace_back("Content-Type", "application/json");
        }
        request.base_url = "http://127.0.0.1:1/netsuite";
        request.time = clock.now();
        return service_->handle(request);
    }
    Response record(const std::string& method, const std::string& target, const Json& body = {},
                    Headers headers = {}) {
        return call(method, "/services/rest/record/v1/" + target, body, std::move(headers));
    }
    Json get(const std::string& target) {
        const Response response = record("GET", target);
        INFO(response.body);
        REQUIRE(response.status == 200);
        return parsed(response);
    }
    static Json parsed(const Response& response) {
        const Result<Json> json = Json::parse(response.body);
        INFO(response.body);
        REQUIRE(json);
        return *json;
    }
    /// The id in Location.
    static std::string made(const Response& response) {
        INFO(response.body);
        REQUIRE(response.status == 204);
        const std::string location(response.header("Location"));
        return location.substr(location.rfind('/') + 1);
    }
    static std::string detail(const Response& response) {
        return parsed(response)["o:errorDetails"][0]["detail"].text();
    }
    static std::string code(const Response& response) {
        return parsed(response)["o:errorDetails"][0]["o:errorCode"].text();
    }
    static std::string error_path(const Response& response) {
        return parsed(response)["o:errorDetails"][0]["o:errorPath"].text();
    }

    Response query(const std::string& q, Json params = {}, const std::string& page = "") {
        Json body = Json::object({{"q", q}});
        if (!params.is_null()) body.set("params", std::move(params));
        return call("POST", "/services/rest/query/v1/suiteql" + page, body,
                    {{"Prefer", "transient"}});
    }
    std::vector<Json> rows(const std::string& q, Json params = {}) {
        const Response response = query(q, std::move(params));
        INFO(q << "\n" << response.body);
        REQUIRE(response.status == 200);
        return parsed(response)["items"].items();
    }
    std::string id_of(const std::string& table, const std::string& column,
                      const std::string& value) {
        const std::vector<Json> found =
            rows("SELECT id FROM " + table + " WHERE " + column + " = ?", Json::array({value}));
        INFO(table << " " << value);
        REQUIRE(found.size() == 1);
        return found[0]["id"].text();
    }
    std::string item(const std::string& name) { return id_of("item", "itemid", name); }
    std::string customer() { return id_of("customer", "entityid", "Amazon US"); }

    static Json ref(const std::string& id) { return Json::object({{"id", id}}); }
    static Json number(const char* token) { return Json::number_token(token); }
    static Json lines(std::vector<Json> list) {
        return Json::object({{"items", Json::array(std::move(list))}});
    }
    /// One line at a price of our own; tax stays what the request says.
    Json order(std::vector<Json> list, const std::string& external_id = "") {
        Json body = Json::object({{"entity", ref(customer())},
                                  {"taxDetailsOverride", true},
                                  {"item", lines(std::move(list))}});
        if (!external_id.empty()) body.set("externalId", external_id);
        return body;
    }
    Json line(const std::string& name, const char* quantity, const char* amount) {
        return Json::object({{"item", ref(item(name))},
                             {"quantity", number(quantity)},
                             {"price", ref("-1")},
                             {"amount", number(amount)}});
    }

    SandboxClock clock{UtcTime::parse("2026-11-23T10:00:00Z").value(), 0};
    Switches switches;
    Faults faults{1};
    World world{world_options(), clock};

    NetSuiteAccount& account() { return *service_; }

private:
    std::unique_ptr<NetSuiteAccount> service_;
};

}  // namespace carrick::sandbox::testing
