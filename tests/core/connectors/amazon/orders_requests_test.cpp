// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/orders_requests.hpp"

#include "core/connectors/amazon/operations.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::amazon;

namespace {
const RequestScope kScope{"seller-na", Region::NorthAmerica,
                          UtcTime::parse("2026-11-23T10:00:00Z").value()};
Result<ApiRequest> search(const std::string& body) {
    return search_orders(Json::parse(body).value(), kScope);
}
}  // namespace

TEST_CASE("a search becomes the path and query that Amazon understands", "[orders]") {
    const Result<ApiRequest> request = search(
        R"({"marketplaces":["US","CA"],"last_updated_after":"2026-11-01T00:00:00Z",
            "last_updated_before":"2026-11-23T09:57:00Z","statuses":["UNSHIPPED","PARTIALLY_SHIPPED"],
            "fulfilled_by":["MERCHANT"],"included_data":["BUYER","RECIPIENT"],"max_results":50,
            "pagination_token":"a+b/c="})");
    REQUIRE(request);
    CHECK(request->target ==
          "/orders/2026-01-01/orders?marketplaceIds=ATVPDKIKX0DER%2CA2EUQ1WTGCTBG2"
          "&lastUpdatedAfter=2026-11-01T00%3A00%3A00Z&lastUpdatedBefore=2026-11-23T09%3A57%3A00Z"
          "&fulfillmentStatuses=UNSHIPPED%2CPARTIALLY_SHIPPED&fulfilledBy=MERCHANT"
          "&includedData=BUYER%2CRECIPIENT&maxResultsPerPage=50&paginationToken=a%2Bb%2Fc%3D");
    CHECK(request->plan->operation == "orders.searchOrders");
}

TEST_CASE("a window without an end is Amazon's to end, so every page has the same filters",
          "[orders]") {
    const Result<ApiRequest> request =
        search(R"({"marketplaces":["US"],"created_after":"2026-11-23T11:00:00+01:00"})");
    REQUIRE(request);
    CHECK(request->target ==
          "/orders/2026-01-01/orders?marketplaceIds=ATVPDKIKX0DER"
          "&createdAfter=2026-11-23T10%3A00%3A00Z");
}

TEST_CASE("the two-minute rule is kept with a minute to spare", "[orders]") {
    const auto with_before = [](const std::string& before) {
        return search(R"({"marketplaces":["US"],"created_after":"2026-11-01T00:00:00Z",)"
                      R"("created_before":")" +
                      before + "\"}");
    };
    CHECK(with_before("2026-11-23T09:57:00Z"));
    const Result<ApiRequest> refused = with_before("2026-11-23T09:57:00.001Z");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().error_class == ErrorClass::Rejected);
    CHECK(refused.error().code == "amazon.before_too_recent");
    CHECK(refused.error().message.find("2026-11-23T09:57:00Z") != std::string::npos);
    CHECK(with_before("2026-10-01T00:00:00Z").error().code == "amazon.window_empty");
}

TEST_CASE("a marketplace must exist and be in the connection's region", "[orders]") {
    const auto in = [](const std::string& code) {
        return search(R"({"marketplaces":[")" + code +
                      R"("],"created_after":"2026-11-01T00:00:00Z"})");
    };
    CHECK(in("XX").error().code == "amazon.marketplace_unknown");
    CHECK(in("XX").error().error_class == ErrorClass::Misconfigured);
    CHECK(in("DE").error().code == "amazon.marketplace_region");
    CHECK(in("GB").error().message.find("UK") != std::string::npos);
}

TEST_CASE("a request that is not as its schema says is the plugin's bug, with the field",
          "[orders]") {
    const std::string window = R"("created_after":"2026-11-01T00:00:00Z")";
    const std::string us = R"("marketplaces":["US"])";
    struct Row {
        std::string body;
        std::string field;
    };
    for (const Row& row :
         {Row{"[]", ""}, Row{"{" + window + "}", "marketplaces"},
          Row{"{" + us + "}", "created_after"},
          Row{"{" + us + "," + window + R"(,"last_updated_after":"2026-11-01T00:00:00Z"})",
              "created_after"},
          Row{"{" + us + "," + window + R"(,"last_updated_before":"2026-11-02T00:00:00Z"})",
              "last_updated_before"},
          Row{R"({"marketplaces":[],)" + window + "}", "marketplaces"},
          Row{R"({"marketplaces":"US",)" + window + "}", "marketplaces"},
          Row{R"({"marketplaces":[1],)" + window + "}", "marketplaces"},
          Row{"{" + us + R"(,"created_after":"yesterday"})", "created_after"},
          Row{"{" + us + R"(,"created_after":1})", "created_after"},
          Row{"{" + us + "," + window + R"(,"statuses":["Unshipped"]})", "statuses"},
          Row{"{" + us + "," + window + R"(,"fulfilled_by":["FBA"]})", "fulfilled_by"},
          Row{"{" + us + "," + window + R"(,"included_data":["ALL"]})", "included_data"},
          Row{"{" + us + "," + window + R"(,"max_results":101})", "max_results"},
          Row{"{" + us + "," + window + R"(,"max_results":"5"})", "max_results"},
          Row{"{" + us + "," + window + R"(,"pagination_token":""})", "pagination_token"},
          Row{"{" + us + "," + window + R"(,"orderIds":["1"]})", "orderIds"}}) {
        INFO(row.body);
        const Result<ApiRequest> request = search(row.body);
        REQUIRE_FALSE(request);
        CHECK(request.error().error_class == ErrorClass::Bug);
        CHECK(request.error().code == "amazon.request");
        CHECK(request.error().field == row.field);
    }
}

TEST_CASE("an order is asked for by its id, as one path segment", "[orders]") {
    const Json body = Json::parse(R"({"order_id":"111/2?x","included_data":["TAX"]})").value();
    CHECK(get_order(body, kScope)->target ==
          "/orders/2026-01-01/orders/111%2F2%3Fx?includedData=TAX");
    CHECK_FALSE(get_order(Json::parse("{}").value(), kScope));
    CHECK_FALSE(get_order(Json::parse(R"({"order_id":5})").value(), kScope));
}

TEST_CASE("participations need nothing and take nothing", "[orders]") {
    CHECK(get_participations(Json::object(), kScope)->target ==
          "/sellers/v1/marketplaceParticipations");
    CHECK_FALSE(get_participations(Json::parse(R"({"a":1})").value(), kScope));
}

TEST_CASE("every operation is described, and every description is carried out", "[orders]") {
    CHECK(described_operations().size() == 11);
    for (const connectors::Operation& operation : described_operations()) {
        const bool document = operation.name == kOpenReport;
        CHECK((find_operation(operation.name) == nullptr) == document);
        CHECK(operation.kind ==
              (document ? connectors::OperationKind::Document : connectors::OperationKind::Read));
        CHECK(operation.request_schema["type"].text() == "object");
        CHECK(operation.response_schema["type"].text() == "object");
    }
}
