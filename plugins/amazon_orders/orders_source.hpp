// SPDX-License-Identifier: Apache-2.0
// OrdersSource: the orders of one marketplace that changed since the last poll.
#pragma once

#include <carrick/sdk/flow.hpp>

#include <memory>
#include <string>
#include <vector>

namespace carrick::plugins {

class OrdersSource {
public:
    OrdersSource(std::string marketplace, UtcTime start, const Json& settings);

    /// One page of `searchOrders`. The checkpoint holds what the next call needs:
    ///   {"watermark": T}                    the last window ended at T
    ///   {"watermark": T, "after": A, "token": P}  inside the window that began at A
    /// A token lives 24 hours; when Amazon refuses it the window begins again at A, and consumers
    /// drop what they have seen.
    Result<void> extract(sdk::Call& call, std::string_view stream, std::string_view checkpoint);

private:
    [[nodiscard]] Json search_request(const Json& checkpoint) const;
    [[nodiscard]] UtcTime window_start(const Json& checkpoint) const;

    std::string marketplace_;
    UtcTime start_;
    Milliseconds overlap_;
    Json page_size_;
    Json included_data_;
};

[[nodiscard]] Result<std::unique_ptr<OrdersSource>> make_orders_source(
    const sdk::FlowConfig& config);

}  // namespace carrick::plugins
