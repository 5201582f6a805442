// SPDX-License-Identifier: Apache-2.0
// A sandbox with a standing clock, asked directly (without sockets), and short words for asking.
#pragma once

#include "examples/sandbox/sandbox.hpp"
#include "examples/sandbox/world/catalogue.hpp"

#include <catch2/catch.hpp>

namespace carrick::sandbox::test {

inline UtcTime at(std::string_view text) {
    return UtcTime::parse(text).value();
}

inline SandboxOptions small_world(std::uint64_t orders = 500) {
    SandboxOptions options;
    options.world.seed = 7;
    options.world.orders = orders;
    options.world.start = at("2026-11-23T12:00:00Z");
    options.world.go_live = at("2026-11-01T07:00:00Z");
    options.speed_percent = 0;  // time passes only when a test says so
    options.official_quotas = false;
    return options;
}

inline Json body_of(const Response& response) {
    INFO(response.body.substr(0, 500));
    Result<Json> json = Json::parse(response.body);
    REQUIRE(json);
    return *json;
}

/// A caller of one seller account with a good token.
class Caller {
public:
    explicit Caller(Sandbox& sandbox, std::string account = "NA1")
        : sandbox_(sandbox), account_(std::move(account)) {
        renew();
    }

    static std::string token_form(std::string_view refresh_token) {
        return "grant_type=refresh_token&refresh_token=" + std::string(refresh_token) +
               "&client_id=" + std::string(kLwaClientId) +
               "&client_secret=" + std::string(kLwaClientSecret);
    }

    Response post_token(std::string body,
                        std::string type = "application/x-www-form-urlencoded;charset=UTF-8") {
        return sandbox_.handle({"POST",
                                "/amazon/auth/o2/token",
                                {{"Content-Type", std::move(type)}},
                                std::move(body),
                                "http://127.0.0.1:1"});
    }

    void renew() {
        for (const SellerAccount& seller : seller_accounts())
            if (seller.account == account_)
                token_ =
                    body_of(post_token(token_form(seller.refresh_token)))["access_token"].text();
    }

    Response get(std::string target) { return get_with(std::move(target), headers()); }
    Response get_with(std::string target, Headers headers) {
        return sandbox_.handle(
            {"GET", "/amazon" + std::move(target), std::move(headers), "", "http://127.0.0.1:1"});
    }
    Response send(std::string method, std::string target, const Json& body = {},
                  const std::string& token = "") {
        Headers with = {{"x-amz-access-token", token.empty() ? token_ : token},
                        {"user-agent", "Carrick/0.1 (Language=C++/20)"},
                        {"Content-Type", "application/json"}};
        return sandbox_.handle({std::move(method), "/amazon" + std::move(target), std::move(with),
                                body.is_null() ? "" : body.dump(), "http://127.0.0.1:1"});
    }
    Headers headers() const {
        return {{"x-amz-access-token", token_}, {"user-agent", "Carrick/0.1 (Language=C++/20)"}};
    }
    const std::string& token() const { return token_; }

    static std::string search(const std::string& parameters) {
        return "/orders/2026-01-01/orders?" + parameters;
    }
    static constexpr const char* kEverything =
        "&includedData=BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,"
        "PACKAGES,"
        "TAX,PAYMENT,FULFILLMENT_ORDERS";

    /// All orders of a search, page after page; each page's body to `each_page`.
    std::vector<Json> all_orders(const std::string& parameters,
                                 std::vector<Json>* pages = nullptr) {
        std::vector<Json> orders;
        std::string token;
        for (int page = 0; page < 2000; ++page) {
            const Response response =
                get(search(parameters + (token.empty() ? "" : "&paginationToken=" + token)));
            REQUIRE(response.status == 200);
            Json body = body_of(response);
            for (const Json& order : body["orders"].items()) orders.push_back(order);
            token = body["pagination"]["nextToken"].text();
            if (pages != nullptr) pages->push_back(std::move(body));
            if (token.empty()) return orders;
        }
        FAIL("a listing without an end");
        return orders;
    }

private:
    Sandbox& sandbox_;
    std::string account_;
    std::string token_;
};

inline Response control_call(Sandbox& sandbox, std::string method, std::string path,
                             const Json& body) {
    return sandbox.handle({std::move(method),
                           "/_sandbox" + std::move(path),
                           {},
                           body.is_null() ? "" : body.dump(),
                           "http://127.0.0.1:1"});
}

}  // namespace carrick::sandbox::test
