// SPDX-License-Identifier: Apache-2.0
// OrdersSource: the orders of an account's marketplaces that changed since the last poll.
#pragma once

#include "plugins/amazon_orders/order_reports.hpp"

#include <carrick/sdk/flow.hpp>

#include <memory>
#include <string>
#include <vector>

namespace carrick::plugins {

class OrdersSource {
public:
    OrdersSource(std::string flow, std::vector<std::string> marketplaces, UtcTime start,
                 const Json& settings);

    /// Stream `api`: one page of `searchOrders`; SearchWindow says which. A pagination token lives
    /// 24 hours; when Amazon refuses it the window begins again, and consumers drop what they have
    /// seen. Streams `order_report` and `all_orders_report`: one step of a report; idle where the
    /// settings do not ask for it. Stream `backfill`: one page of a range by creation;
    /// BackfillRange says which. Stream `sync`: some orders by their ids, each passed on or
    /// refused. The same order has the same key, version and body by each stream that asks the
    /// Orders API.
    Result<void> extract(sdk::Call& call, std::string_view stream, std::string_view checkpoint);

private:
    Result<void> search(sdk::Call& call, std::string_view checkpoint);
    void emit(sdk::Call& call, const Json& order, UtcTime earliest) const;
    // orders_on_demand.cpp
    Result<void> backfill(sdk::Call& call, std::string_view checkpoint) const;
    Result<void> sync(sdk::Call& call, std::string_view checkpoint) const;
    Result<void> fetched(sdk::Call& call, const std::string& id, const sdk::Reply& reply) const;

    std::string flow_;
    std::vector<std::string> marketplaces_;
    UtcTime start_;
    bool by_creation_;  ///< found by when they were placed, not by when they last changed
    Milliseconds overlap_;
    Json page_size_;
    Json included_data_;
    std::unique_ptr<ReportStream> order_report_;  // null: not asked for
    std::unique_ptr<ReportStream> all_orders_report_;
};

/// Errors   Misconfigured `amazon_orders.start`: none is set.
///          Misconfigured `amazon_orders.settings`: two marketplaces of one account have different
///          settings, which one call to Amazon cannot serve.
[[nodiscard]] Result<std::unique_ptr<OrdersSource>> make_orders_source(
    const sdk::FlowConfig& config);

}  // namespace carrick::plugins
