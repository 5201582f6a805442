// SPDX-License-Identifier: Apache-2.0
// The one exported symbol of a plugin, made from a factory:
//
//   carrick::Result<std::unique_ptr<MyFlow>> make_my_flow(const carrick::sdk::FlowConfig& config);
//   CARRICK_PLUGIN("my_flow", "1.0.0", make_my_flow)
//
// Name and version must be those of the manifest beside the library.
#pragma once

#include <carrick/sdk/command.hpp>
#include <carrick/sdk/flow.hpp>

#include <memory>
#include <string_view>

namespace carrick::sdk {

template <class Flow>
using FlowFactory = Result<std::unique_ptr<Flow>> (*)(const FlowConfig&);

namespace detail {

using FailFunction = void (*)(void*, const carrick_error*);

template <class Flow>
carrick_flow* make_flow(FlowFactory<Flow> factory, std::string_view config_text, FailFunction fail,
                        void* fail_context) {
    const auto refuse = [&](const Error& error) -> carrick_flow* {
        const carrick_error raw = to_abi(error);
        fail(fail_context, &raw);
        return nullptr;
    };
    Result<FlowConfig> config = FlowConfig::parse(config_text);
    if (!config) return refuse(config.error());
    Result<std::unique_ptr<Flow>> flow = factory(*config);
    if (!flow) return refuse(flow.error());
    if (*flow == nullptr)
        return refuse(bug("plugin.no_flow", "the flow's factory returned no flow and no error"));
    return FlowTable<Flow>::make(*std::move(flow));
}

/// `create` of the descriptor. `host` is reached through each call's context instead.
template <auto factory>
carrick_flow* create(carrick_span config, const carrick_host* host, FailFunction fail,
                     void* fail_context) noexcept {
    const auto report = [&](std::int32_t error_class, std::string_view code,
                            std::string_view message) -> carrick_flow* {
        const carrick_error raw{sizeof(carrick_error), error_class, to_span(code),
                                to_span(message),      {},          0};
        fail(fail_context, &raw);
        return nullptr;
    };
    if (host->struct_size < sizeof(carrick_host))
        return report(CARRICK_ERROR_MISCONFIGURED, "plugin.version",
                      "the engine offers fewer functions than this plugin was built with; upgrade "
                      "the engine");
    try {
        return make_flow(+factory, to_view(config), fail, fail_context);
    } catch (const std::exception& thrown) {
        return report(CARRICK_ERROR_BUG, "plugin.exception", thrown.what());
    } catch (...) {
        return report(CARRICK_ERROR_BUG, "plugin.exception",
                      "an exception that is no std::exception");
    }
}

/// Tells a flow's factory from a command function.
template <auto function>
inline constexpr bool kIsCommand = std::is_convertible_v<decltype(function), CommandFunction>;

template <auto... functions>
const void* plugin_extension(carrick_span name) noexcept {
    const void* found = nullptr;
    const auto look = [&]<auto function>() {
        if constexpr (kIsCommand<function>)
            if (to_view(name) == CARRICK_COMMAND_EXTENSION) found = CommandTable<function>::table();
    };
    (look.template operator()<functions>(), ...);
    return found;
}

template <auto first, auto...>
constexpr auto create_slot() -> decltype(carrick_plugin::create) {
    if constexpr (kIsCommand<first>)
        return nullptr;
    else
        return &create<first>;
}

}  // namespace detail

/// The descriptor of a plugin: a flow's factory, a command function, or a factory and then a
/// command function.
template <auto... functions>
[[nodiscard]] const carrick_plugin* plugin_descriptor(std::string_view name,
                                                      std::string_view version) noexcept {
    static_assert(sizeof...(functions) == 1 || sizeof...(functions) == 2,
                  "a plugin has a flow's factory, a command function, or both");
    static const carrick_plugin kDescriptor{sizeof(carrick_plugin),
                                            CARRICK_ABI_MINOR,
                                            to_span(name),
                                            to_span(version),
                                            detail::create_slot<functions...>(),
                                            &detail::plugin_extension<functions...>};
    return &kDescriptor;
}

}  // namespace carrick::sdk

/// A program that links several plugins statically (tests, simulation) gives each entry its own
/// name; a shared library never does.
#ifndef CARRICK_ENTRY_NAME
#define CARRICK_ENTRY_NAME carrick_plugin_v0
#endif

/// CARRICK_PLUGIN("name", "1.0.0", make_flow), (…, run_command) or (…, make_flow, run_command).
#define CARRICK_PLUGIN(name, version, ...)                                        \
    extern "C" CARRICK_EXPORT const carrick_plugin* CARRICK_ENTRY_NAME(void);     \
    extern "C" CARRICK_EXPORT const carrick_plugin* CARRICK_ENTRY_NAME(void) {    \
        return ::carrick::sdk::plugin_descriptor<__VA_ARGS__>((name), (version)); \
    }
