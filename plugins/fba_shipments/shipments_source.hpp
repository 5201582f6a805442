// SPDX-License-Identifier: Apache-2.0
// ShipmentsSource: what Amazon's fulfilment centres shipped, from the FBA shipments report: which
// units of which order, when, and from where. The Orders API has none of the three.
#pragma once

#include "plugins/shared/amazon_reports/report_stream.hpp"

#include <carrick/sdk/flow.hpp>

#include <memory>
#include <string>
#include <vector>

namespace carrick::plugins {

class ShipmentsSource {
public:
    ShipmentsSource(std::vector<std::string> stores, UtcTime start, const Json& settings);

    Result<void> extract(sdk::Call& call, std::string_view stream, std::string_view checkpoint);

private:
    ReportStream shipments_;
};

/// Errors   Misconfigured `fba_shipments.start`, `fba_shipments.marketplaces`,
///          `fba_shipments.settings`: two stores have different ones.
[[nodiscard]] Result<std::unique_ptr<ShipmentsSource>> make_shipments_source(
    const sdk::FlowConfig& config);

}  // namespace carrick::plugins
