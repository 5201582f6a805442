// SPDX-License-Identifier: Apache-2.0
// Writes sales orders, then reads their totals back: tax engines, scripts and price levels change
// what was sent, and a total that differs from what the customer owes must not pass unseen.
#pragma once

#include <carrick/sdk/call.hpp>
#include <carrick/sdk/money.hpp>

#include <functional>

namespace carrick::plugins {

inline constexpr const char* kSalesOrderWrite = "salesOrder";

/// `expected`: what the customer owes for a record's order.
void deliver_sales_orders(sdk::Call& call, const sdk::Records& records,
                          const sdk::Payloads& payloads,
                          const std::function<Result<Money>(const sdk::RecordView&)>& expected);

}  // namespace carrick::plugins
