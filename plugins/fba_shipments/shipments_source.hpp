// SPDX-License-Identifier: Apache-2.0
// ShipmentsSource: what Amazon's fulfilment centres shipped, from the FBA shipments report: which
// units of which order, when, and from where. The Orders API has none of the three.
#pragma once

#include "plugins/fba_shipments/shipment_reader.hpp"
#include "plugins/shared/amazon_reports/report_stream.hpp"

#include <carrick/sdk/flow.hpp>

#include <memory>
#include <string>
#include <vector>

namespace carrick::plugins {

class ShipmentsSource {
public:
    ShipmentsSource(std::string flow, const std::vector<std::string>& stores, UtcTime start,
                    const Json& settings);

    /// Stream `report`: one step of each store's report, again and again. Stream `backfill`: one
    /// step of the reports of a range of days by shipment date. Stream `sync`: refuses each order,
    /// with the way to have its shipments all the same. The same shipment has the same key, version
    /// and body by each of the first two.
    Result<void> extract(sdk::Call& call, std::string_view stream, std::string_view checkpoint);

private:
    [[nodiscard]] bool give_way(UtcTime now);
    // shipments_on_demand.cpp
    Result<void> backfill(sdk::Call& call, std::string_view checkpoint);
    Result<void> sync(sdk::Call& call, std::string_view checkpoint) const;

    std::string flow_;
    UtcTime start_;
    Json settings_;
    Milliseconds overlap_;
    ReportStream shipments_;

    std::string range_;                      // what `filling_` is for
    std::unique_ptr<ReportStream> filling_;  // kept between pages for what it remembers
    UtcTime filling_at_;                     // when the backfill wants its next step; 0 = at once
    UtcTime gave_way_at_;
};

/// Amazon makes a report of one month at once.
[[nodiscard]] ReportPlan shipments_plan(UtcTime start, Milliseconds overlap, Milliseconds every);

/// Errors   Misconfigured `fba_shipments.start`, `fba_shipments.marketplaces`,
///          `fba_shipments.settings`: two stores have different ones.
[[nodiscard]] Result<std::unique_ptr<ShipmentsSource>> make_shipments_source(
    const sdk::FlowConfig& config);

}  // namespace carrick::plugins
