// SPDX-License-Identifier: Apache-2.0
// Any text as an Amazon order: read or refused; what is read adds up.
#include "plugins/shared/order_model/address.hpp"
#include "plugins/shared/order_model/order.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace carrick;
    const auto json = Json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!json) return 0;
    (void)plugins::parse_order(*json, false).ok();
    const auto order = plugins::parse_order(*json, true);
    if (!order) return 0;
    (void)plugins::to_netsuite_address(order->ship_to, "order").ok();
    (void)plugins::expected_receivable(*order).ok();
    for (const plugins::OrderLine& line : order->lines) {
        const plugins::LineProceeds& parts = line.proceeds;
        if (!(parts.net().plus(parts.tax).value() == parts.total)) std::abort();
    }
    return 0;
}
