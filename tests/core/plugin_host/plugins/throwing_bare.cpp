// SPDX-License-Identifier: Apache-2.0
// A C++ plugin without the glue: exceptions leave its C table.
#include <carrick/abi/carrick_plugin.h>

#include <stdexcept>
#include <string_view>

namespace {

carrick_flow table{};

std::int32_t extract(carrick_flow*, const carrick_call* call, carrick_span stream, carrick_span) {
    const std::string_view how(stream.data, stream.length);
    if (how == "number") throw 42;
    if (how == "reply") {
        const carrick_request request{
            sizeof(carrick_request), 0, -1, {"amazon.orders.search", 20}, {"{}", 2}};
        const auto throw_it = [](void*, std::uint64_t, const carrick_reply*) {
            throw std::runtime_error("thrown from a reply handler");
        };
        return call->host->call(call, {"source", 6}, &request, 1, throw_it, nullptr);
    }
    throw std::runtime_error("thrown from extract");
}

void destroy(carrick_flow*) {
    throw std::runtime_error("thrown from destroy");
}

carrick_flow* create(carrick_span config, const carrick_host*,
                     void (*)(void*, const carrick_error*), void*) {
    if (std::string_view(config.data, config.length).find("refuse") != std::string_view::npos)
        throw std::runtime_error("thrown from create");
    table.struct_size = sizeof table;
    table.destroy = &destroy;
    table.extract = &extract;
    return &table;
}

}  // namespace

const carrick_plugin* carrick_plugin_v0() {
    static const carrick_plugin kPlugin{
        sizeof(carrick_plugin), CARRICK_ABI_MINOR, {"throwing_bare", 13},
        {"1.0.0", 5},           &create,           nullptr};
    return &kPlugin;
}
