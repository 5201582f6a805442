// SPDX-License-Identifier: Apache-2.0
// Reads what createReport, createReportSchedule and getReports are asked.
#pragma once

#include "examples/sandbox/amazon/reports/report_desk.hpp"

#include <set>

namespace carrick::sandbox {

/// The body of createReport; also type, stores and options of a schedule's. Errors: `InvalidInput`
/// with the message for the 400, `Unauthorized` for a store of another account (403).
[[nodiscard]] Result<ReportRequest> read_report_request(const Json& body,
                                                        const SellerAccount& seller,
                                                        const World& world, UtcTime now);

using TextSet = std::set<std::string, std::less<>>;

/// A query of getReports, from its parameters or from the token that stands for them.
struct ReportsQuery {
    TextSet types;
    TextSet statuses;
    TextSet stores;
    std::size_t page_size = 10;
    UtcTime since, until;
    std::string behind;  ///< id of the last report of the page before

    [[nodiscard]] std::string token() const;
};
/// Errors as above.
[[nodiscard]] Result<ReportsQuery> read_reports_query(const Request& request);

}  // namespace carrick::sandbox
