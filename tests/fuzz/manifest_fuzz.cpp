// SPDX-License-Identifier: Apache-2.0
// Whatever stands in a manifest file: parse_manifest ends in a manifest or an error.
#include "core/plugin_host/manifest.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto manifest = carrick::plugin_host::parse_manifest(text, "fuzz/manifest.json");
    // What was accepted keeps the promises that the engine builds on.
    if (manifest && (manifest->name.empty() || manifest->abi_minor != 1)) std::abort();
    if (!manifest && manifest.error().message.empty()) std::abort();
    return 0;
}
