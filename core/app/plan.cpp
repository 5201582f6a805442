// SPDX-License-Identifier: Apache-2.0
// `carrick plan`: what would run, with which settings, and whether what they name is there.
#include "core/app/commands.hpp"

#include "core/engine/engine_builder.hpp"
#include "core/engine/references.hpp"
#include "core/plugin_host/flow_instance.hpp"

#include <algorithm>
#include <cstdio>

namespace carrick::app {

namespace {

/// What the settings refer to, asked of the connections: the first problem of each flow's
/// marketplace.
Result<std::vector<Error>> ask_references(const config::Config& config,
                                          const GlobalOptions& options) {
    Result<std::unique_ptr<Connections>> connections = Connections::make(config, options);
    if (!connections) return connections.error();
    Result<engine::Built> built =
        engine::build_engine_settings(config, (*connections)->by_name(), &plugin_host::load_plugin);
    if (!built) return built.error();
    std::vector<Error> problems;
    for (const auto& [flow, error] : built->left_out) problems.push_back(error);
    for (engine::FlowSpec& flow : built->settings.flows)
        for (engine::PartitionSpec& partition : flow.partitions) {
            connectors::CallContext context;
            context.flow = flow.name;
            context.deadline = std::chrono::steady_clock::now() + flow.timeout;
            if (Result<void> resolved =
                    engine::resolve_references(partition, flow, built->settings, context);
                !resolved)
                problems.push_back(resolved.error());
        }
    return problems;
}

}  // namespace

int plan(Application& app, bool offline) {
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    const std::string text = app.options().json ? config::plan_json(*config).pretty() + "\n"
                                                : config::describe_plan(*config);
    std::fputs(text.c_str(), stdout);
    if (offline) return kOk;
    std::fflush(stdout);
    Result<std::vector<Error>> problems = ask_references(*config, app.options());
    if (!problems) return report(problems.error());
    int code = kOk;
    for (const Error& problem : *problems) code = std::max(code, report(problem));
    return code;
}

}  // namespace carrick::app
