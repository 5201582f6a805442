// SPDX-License-Identifier: Apache-2.0
// The flows for orders that Amazon fulfils, added to a world's flows.yaml.
#pragma once

#include "tests/end_to_end/bench_world.hpp"

#include <string>

namespace carrick::end_to_end {

/// What becomes of Amazon's own orders, in the words of flows.yaml.
struct FbaFlows {
    std::string document = "cash_sale";
    std::string per = "shipment";
    bool fulfilled = false;  ///< and fba_fulfillment, for sales orders
    std::string more{};      ///< further settings of the import: "closed_period: next_open"
};

/// Adds them for the ten stores, as the flows fba_customers, fba_orders and (fulfilled)
/// fulfillments; each store's own warehouse stands in for Amazon's.
void add_fba_flows(World& world, const FbaFlows& flows);

/// The same for World::must_add_up: "&fba=cash_sale&fba_per=shipment".
[[nodiscard]] std::string asked_of(const FbaFlows& flows);

/// The shipments report is asked for once an hour, and takes minutes.
inline constexpr std::chrono::hours kReportGrace{2};
/// How a sandbox is told to make its reports quickly.
inline constexpr const char* kQuickReports = "amazon.report_delay_s=30";

/// Another line of the defaults of all flows: "tax: { engine: legacy }".
void add_default(World& world, const std::string& line);

}  // namespace carrick::end_to_end
