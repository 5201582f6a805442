// SPDX-License-Identifier: Apache-2.0
// What the engine needs to know of an order without reading it: key, version, due, value.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <string>

namespace carrick::plugins {

struct OrderRecord {
    std::string key;     ///< order id
    UtcTime version;     ///< lastUpdatedTime
    UtcTime event_time;  ///< createdTime
    UtcTime due;         ///< ship-by of an open merchant-fulfilled order, else none
    std::string value;   ///< "12.50 USD"
    bool amazon_channel = true;
    std::string marketplace;  ///< code; empty where Amazon names a store that is not in the table
};

/// Errors: Rejected `order.*` for an order without id or times.
[[nodiscard]] Result<OrderRecord> describe_order(const Json& order);

}  // namespace carrick::plugins
