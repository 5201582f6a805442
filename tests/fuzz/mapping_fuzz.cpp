// SPDX-License-Identifier: Apache-2.0
// Any text as a mapping expression: compiled and evaluated within its limits, or refused.
#include "core/engine/mapping.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace carrick;
    static const Json kOrder =
        Json::parse(
            R"({"orderId":"112-1234567-1234567","n":2,"d":12.50,"t":"a b","list":[{"x":1},{"x":2}],"o":{"p":null}})")
            .value();
    engine::ExpressionLimits limits;
    limits.instructions = 10'000;
    limits.memory_bytes = 1 << 20;
    limits.output_bytes = 4096;
    engine::ExpressionInputs inputs;
    inputs.record = &kOrder;
    inputs.payload = &kOrder;
    inputs.settings = &kOrder;
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto filter = engine::Filter::compile(text, limits))
        (void)filter->matches(inputs).ok();
    const Json mapping = Json::object({{"memo", Json(text)}, {"list[].y", Json(text)}});
    if (const auto overlay = engine::Overlay::compile(mapping, {}, limits)) {
        Json payload = kOrder;
        (void)overlay->apply(payload, inputs).ok();
    }
    return 0;
}
