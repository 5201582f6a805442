// SPDX-License-Identifier: Apache-2.0
// The table itself is checked: ids, codes and currencies.
#include "core/connectors/amazon/regions.hpp"
#include "core/connectors/amazon/usage_plans.hpp"

#include <carrick/sdk/money.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>

using namespace carrick;
using namespace carrick::amazon;

TEST_CASE("each marketplace has a code, an id and a name of its own", "[marketplaces]") {
    std::set<std::string_view> codes;
    std::set<std::string_view> ids;
    std::set<std::string_view> names;
    for (const Marketplace& one : kMarketplaces) {
        INFO(one.code);
        CHECK(codes.insert(one.code).second);
        CHECK(ids.insert(one.id).second);
        CHECK(names.insert(one.name).second);
        CHECK(one.code.size() == 2);
        CHECK(one.id.size() >= 13);
        CHECK(one.id.size() <= 14);
        CHECK(one.id.front() == 'A');
        CHECK(one.currency.size() == 3);
        CHECK(std::filesystem::exists("/usr/share/zoneinfo/" + std::string(one.zone)));
    }
    CHECK(kMarketplaces.size() == 23);
    CHECK_FALSE(codes.contains("GB"));
}

TEST_CASE(
    "reports of Japan are in its own encoding where they do not say, all others in the West's",
    "[marketplaces]") {
    for (const Marketplace& one : kMarketplaces) {
        INFO(one.code);
        CHECK(one.encoding == (one.code == "JP" ? "CP932" : "CP1252"));
    }
}

TEST_CASE("marketplaces are found by code, id, name and domain", "[marketplaces]") {
    CHECK(marketplace_from_code("US")->id == "ATVPDKIKX0DER");
    CHECK(marketplace_from_code("de")->currency == "EUR");
    CHECK(marketplace_from_code("UK") == marketplace_from_code("GB"));
    CHECK(marketplace_from_code("UK")->currency == "GBP");
    CHECK(marketplace_from_id("A1VC38T7YXB528")->code == "JP");
    CHECK(marketplace_from_name("amazon.CO.uk")->code == "UK");
    CHECK(marketplace_from_name("Amazon.com")->code == "US");
    CHECK(marketplace_from_code("CN") == nullptr);
    CHECK(marketplace_from_id("AAHKV2X7AFYLW") == nullptr);
    CHECK(marketplace_from_name("Non-Amazon") == nullptr);
    CHECK(marketplace_from_name("SI UK Prod Marketplace") == nullptr);
}

TEST_CASE("each region has its host", "[marketplaces]") {
    CHECK(host_of(Region::NorthAmerica).host == "sellingpartnerapi-na.amazon.com");
    CHECK(host_of(*region_from_code("eu")).host == "sellingpartnerapi-eu.amazon.com");
    CHECK(host_of(*region_from_code("FE")).host == "sellingpartnerapi-fe.amazon.com");
    CHECK_FALSE(region_from_code("us"));
}

TEST_CASE("each usage plan has a name of its own and a rate that is one", "[usage_plans]") {
    std::set<std::string_view> names;
    for (const UsagePlan& plan : kUsagePlans) {
        INFO(plan.operation);
        CHECK(names.insert(plan.operation).second);
        CHECK(plan.micro_per_second >= 5'600);
        CHECK(plan.micro_per_second <= 5'000'000);
        CHECK(plan.burst >= 1);
        CHECK(plan.burst <= 30);
    }
    // One page in 179 seconds: 1 / 0.0056.
    CHECK(1'000'000 / usage_plan("orders.searchOrders")->micro_per_second == 178);
    CHECK(usage_plan("orders.getOrder")->burst == 30);
    CHECK(usage_plan("orders.nothing") == nullptr);
}
