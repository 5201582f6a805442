// SPDX-License-Identifier: Apache-2.0
// Any text as an order report: read or refused, never half; what is read adds up.
#include "tests/fuzz/report_input.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace carrick;
    fuzz::read_report(std::string(reinterpret_cast<const char*>(data), size), "order-id",
                      &plugins::check_order_columns, &plugins::order_from_rows);
    return 0;
}
