// SPDX-License-Identifier: Apache-2.0
// The plan, word for word.
#include "tests/core/config/config_fixture.hpp"

#include <catch2/catch.hpp>

namespace carrick::config {
namespace {

TEST_CASE("the plan shows the graph, and every value with the place that set it", "[config]") {
    const Loaded loaded = parsed(valid_file());
    REQUIRE(loaded.config);
    CHECK(describe_plan(*loaded.config) ==
          R"(connections
  erp: netsuite, id ERP, shadow
  seller-na: amazon, id NA1, live

flows
  seller-na (NA1, live) -> orders
  orders -> customers -> erp (ERP, shadow)
  customers -> sales -> erp (ERP, shadow)

orders: plugin amazon_orders, every 5m, from 2026-11-01T07:00:00Z
  US of NA1
    settings.currency = "USD"   [marketplaces.US, 17:34]
  CA of NA1
    settings.currency = "CAD"   [marketplaces.CA, 18:34]

customers: plugin mfn_customer_import
  US of NA1
    settings.customer.policy = "consolidated"   [defaults, 15:66]
  CA of NA1
    settings.customer.policy = "consolidated"   [defaults, 15:66]

sales: plugin mfn_order_import
  US of NA1
    mapping.salesOrder.memo = "r.orderId"   [plugin default]
    settings.discount = "line"   [plugin default]
    settings.subsidiary = 1   [marketplaces.US, 17:21]
    settings.tax.prices_include = false   [plugin default]
  CA of NA1
    mapping.salesOrder.memo = "r.orderId"   [plugin default]
    settings.discount = "line"   [plugin default]
    settings.subsidiary = 2   [marketplaces.CA, 18:21]
    settings.tax.prices_include = false   [plugin default]
)");
}

TEST_CASE("the plan as JSON says the same", "[config]") {
    const Loaded loaded = parsed(valid_file());
    REQUIRE(loaded.config);
    const Json plan = plan_json(*loaded.config);
    CHECK(plan["connections"][0].dump() ==
          R"({"name":"erp","id":"ERP","connector":"netsuite","mode":"shadow"})");
    const Json& orders = plan["flows"][0];
    CHECK(orders["name"] == Json("orders"));
    CHECK(orders["every_ms"] == Json(300'000));
    CHECK(orders["start"] == Json("2026-11-01T07:00:00Z"));
    CHECK(orders["partitions"][1].dump() ==
          R"({"origin":"NA1","marketplace":"CA","values":[{"path":"settings.currency",)"
          R"("value":"CAD","level":"marketplaces.CA","line":18,"column":34}]})");
}

TEST_CASE("a setting that its plugin calls secret is not shown", "[config]") {
    const Loaded loaded = parsed(with("US: {", "US: { webhook_key: plain-text,"));
    REQUIRE(loaded.config);
    CHECK(describe_plan(*loaded.config).find("plain-text") == std::string::npos);
}

}  // namespace
}  // namespace carrick::config
