// SPDX-License-Identifier: Apache-2.0
// The table of operations.
#include "examples/sandbox/amazon/routes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace carrick::sandbox {
namespace {

constexpr std::array<std::string_view, 3> kRegions{"na", "eu", "fe"};

struct Operation {
    std::string_view method;  ///< "*": any
    std::string_view path;    ///< "*" at its end: an id follows
    std::string_view name;
};
constexpr std::array kOperations{
    Operation{"*", "/auth/o2/token", "token"},
    Operation{"GET", "/orders/2026-01-01/orders", "searchOrders"},
    Operation{"GET", "/orders/2026-01-01/orders/*", "getOrder"},
    Operation{"GET", "/sellers/v1/marketplaceParticipations", "getMarketplaceParticipations"},
    Operation{"POST", "/tokens/2021-03-01/restrictedDataToken", "createRestrictedDataToken"},
    Operation{"GET", "/reports/2021-06-30/reports", "getReports"},
    Operation{"POST", "/reports/2021-06-30/reports", "createReport"},
    Operation{"GET", "/reports/2021-06-30/reports/*", "getReport"},
    Operation{"DELETE", "/reports/2021-06-30/reports/*", "cancelReport"},
    Operation{"GET", "/reports/2021-06-30/documents/*", "getReportDocument"},
    Operation{"GET", "/reports/2021-06-30/schedules", "getReportSchedules"},
    Operation{"POST", "/reports/2021-06-30/schedules", "createReportSchedule"},
    Operation{"GET", "/reports/2021-06-30/schedules/*", "getReportSchedule"},
    Operation{"DELETE", "/reports/2021-06-30/schedules/*", "cancelReportSchedule"},
    Operation{"GET", "/document-storage/*", "downloadDocument"},
};

}  // namespace

Route route_of(const Request& request) {
    Route route;
    std::vector<std::string> parts = request.segments();
    if (!parts.empty() && std::find(kRegions.begin(), kRegions.end(), parts[0]) != kRegions.end()) {
        route.region = parts[0];
        parts.erase(parts.begin());
    }
    if (parts.empty()) return route;
    std::string parent;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) parent += "/" + parts[i];
    route.path = parent + "/" + parts.back();
    for (const Operation& operation : kOperations) {
        if (operation.method != "*" && operation.method != request.method) continue;
        const bool takes_id = operation.path.ends_with("/*");
        if (takes_id ? operation.path.substr(0, operation.path.size() - 2) != parent
                     : operation.path != route.path)
            continue;
        route.operation = operation.name;
        if (takes_id) route.id = parts.back();
        return route;
    }
    return route;
}

}  // namespace carrick::sandbox
