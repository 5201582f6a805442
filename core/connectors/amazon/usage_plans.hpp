// SPDX-License-Identifier: Apache-2.0
// Amazon's usage plans, as a table: how often each SP-API operation may be called.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace carrick::amazon {

/// A token bucket of Amazon's, per operation, seller account, application and region. It starts
/// full and refills at `rate`.
struct UsagePlan {
    std::string_view operation;     ///< API and operation: "orders.searchOrders"
    std::int64_t micro_per_second;  ///< rate in millionths of a request per second
    std::int64_t burst;             ///< requests
};

// Source: the operations' reference pages. Amazon may raise or lower a seller's rate, and says so
// in x-amzn-RateLimit-Limit.
inline constexpr std::array kUsagePlans{
    UsagePlan{"orders.searchOrders", 5'600, 20},  // one in 179 s
    UsagePlan{"orders.getOrder", 500'000, 30},
    UsagePlan{"orders_v0.confirmShipment", 2'000'000, 10},
    UsagePlan{"orders_v0.updateShipmentStatus", 5'000'000, 15},
    UsagePlan{"orders_v0.getOrders", 16'700, 20},
    UsagePlan{"orders_v0.getOrder", 500'000, 30},
    UsagePlan{"reports.getReports", 22'200, 10},
    UsagePlan{"reports.createReport", 16'700, 15},  // one a minute
    UsagePlan{"reports.getReport", 2'000'000, 15},
    UsagePlan{"reports.cancelReport", 22'200, 10},
    UsagePlan{"reports.getReportDocument", 16'700, 15},
    UsagePlan{"reports.getReportSchedules", 22'200, 10},
    UsagePlan{"reports.createReportSchedule", 22'200, 10},
    UsagePlan{"reports.getReportSchedule", 22'200, 10},
    UsagePlan{"reports.cancelReportSchedule", 22'200, 10},
    UsagePlan{"feeds.getFeeds", 22'200, 10},
    UsagePlan{"feeds.createFeed", 8'300, 15},  // one in two minutes
    UsagePlan{"feeds.getFeed", 2'000'000, 15},
    UsagePlan{"feeds.cancelFeed", 2'000'000, 15},
    UsagePlan{"feeds.createFeedDocument", 500'000, 15},
    UsagePlan{"feeds.getFeedDocument", 22'200, 10},
    UsagePlan{"listings.getListingsItem", 5'000'000, 10},
    UsagePlan{"listings.putListingsItem", 5'000'000, 10},
    UsagePlan{"listings.patchListingsItem", 5'000'000, 5},
    UsagePlan{"listings.deleteListingsItem", 5'000'000, 5},
    UsagePlan{"listings.searchListingsItems", 5'000'000, 5},
    UsagePlan{"catalog.searchCatalogItems", 2'000'000, 2},
    UsagePlan{"catalog.getCatalogItem", 2'000'000, 2},
    UsagePlan{"definitions.searchDefinitionsProductTypes", 5'000'000, 10},
    UsagePlan{"definitions.getDefinitionsProductType", 5'000'000, 10},
    UsagePlan{"inventory.getInventorySummaries", 2'000'000, 2},
    UsagePlan{"finances.listTransactions", 500'000, 10},
    UsagePlan{"finances.listBalances", 500'000, 10},
    UsagePlan{"finances.listSummary", 500'000, 10},
    UsagePlan{"notifications.any", 1'000'000, 5},
    UsagePlan{"sellers.getMarketplaceParticipations", 16'000, 15},  // one in 62 s
    UsagePlan{"tokens.createRestrictedDataToken", 1'000'000, 10},
    UsagePlan{"pricing.getPricing", 500'000, 1},
    UsagePlan{"pricing.getCompetitivePricing", 500'000, 1},
};

/// Null for an operation that is not in the table.
[[nodiscard]] const UsagePlan* usage_plan(std::string_view operation);

}  // namespace carrick::amazon
