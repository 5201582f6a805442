// SPDX-License-Identifier: Apache-2.0
// The second ways to the same orders: the order report, for bulk, and the all-orders report, for
// gaps.
#pragma once

#include "plugins/shared/amazon_reports/report_stream.hpp"

#include <carrick/sdk/call.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carrick::plugins {

/// How an order, in the shape of the Orders API, becomes a record. Another store's, or one from
/// before the start, becomes none.
using EmitOrder = std::function<void(sdk::Call&, const Json& order)>;

struct ReportSettings {
    bool order_report = false;
    std::string order_report_type;  ///< "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING" or ..._INVOICING
    bool all_orders_report = false;
    TaxCollection tax_collection = TaxCollection::Unknown;
    Milliseconds every{0};
    Json included_data;  ///< of orders that are asked for one by one
};
[[nodiscard]] ReportSettings read_report_settings(const Json& settings);

/// GET_FLAT_FILE_ORDER_REPORT_DATA_*: each row an order item with its amounts. Where there is tax,
/// and neither report nor settings tell who pays it, the order is asked for through the API.
[[nodiscard]] std::unique_ptr<ReportStream> make_order_report_stream(
    const ReportSettings& settings, std::vector<std::string> stores, UtcTime start, EmitOrder emit);

/// GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL: no order-item-ids, so it only tells which
/// orders there are. Those that no flow has linked to a document are asked for through the API.
[[nodiscard]] std::unique_ptr<ReportStream> make_all_orders_stream(const ReportSettings& settings,
                                                                   std::vector<std::string> stores,
                                                                   UtcTime start, EmitOrder emit);

}  // namespace carrick::plugins
