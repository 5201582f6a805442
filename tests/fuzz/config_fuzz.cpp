// SPDX-License-Identifier: Apache-2.0
// Fuzzes flows.yaml: any bytes end in a configuration or in problems, and a good configuration can
// be planned.
#include "tests/core/config/config_fixture.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const carrick::config::Loaded loaded = carrick::config::parsed(text);
    // Nothing may be both good and bad, nor neither.
    if (loaded.config.has_value() != loaded.problems.empty()) std::abort();
    if (!loaded.config) return 0;
    if (carrick::config::describe_plan(*loaded.config).empty()) std::abort();
    (void)carrick::config::plan_json(*loaded.config);
    return 0;
}
