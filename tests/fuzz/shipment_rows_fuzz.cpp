// SPDX-License-Identifier: Apache-2.0
// Any text as a report of shipments: read or refused, never half; what is read adds up.
#include "tests/fuzz/report_input.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace carrick;
    fuzz::read_report(std::string(reinterpret_cast<const char*>(data), size), "shipment-id",
                      &plugins::check_shipment_columns, &plugins::shipment_from_rows);
    return 0;
}
