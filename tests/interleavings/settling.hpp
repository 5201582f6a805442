// SPDX-License-Identifier: Apache-2.0
// When all has come to rest: what differs from Amazon in NetSuite, and whether somebody was told.
#pragma once

#include "core/store/store.hpp"
#include "examples/sandbox/sandbox.hpp"
#include "tests/interleavings/weather.hpp"

#include <functional>
#include <string>
#include <vector>

namespace carrick::interleavings {

struct Settled {
    std::vector<std::string> problems;   ///< what must not be
    std::vector<std::string> order_ids;  ///< of the orders behind them
    std::uint64_t documents = 0;         ///< sales orders in NetSuite
    std::uint64_t told = 0;  ///< orders that differ as a person was told in the error queue
};

/// Each order is as its last event implies, or stands in the error queue with a reason that this
/// weather can give; and nothing stands there that is right.
[[nodiscard]] Settled settle(const Weather& weather, const sandbox::Sandbox& sandbox,
                             store::Store& store);

/// What happened to an order, and what stands in NetSuite for it.
void tell_life(const sandbox::Sandbox& sandbox, const std::string& order_id,
               const std::function<void(const std::string&)>& log);

}  // namespace carrick::interleavings
