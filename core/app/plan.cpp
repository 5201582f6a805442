// SPDX-License-Identifier: Apache-2.0
// `carrick plan`: what would run, with which settings, and whether what they name is there.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"
#include "core/app/offered.hpp"

#include "core/engine/engine_builder.hpp"
#include "core/engine/references.hpp"
#include "core/engine/said.hpp"

#include <algorithm>
#include <cstdio>

namespace carrick::app {

namespace {

/// The places of a flow that share a trouble, in the order of the file.
struct Trouble {
    std::string flow;
    Error error;  ///< its message without the place
    std::vector<std::string> places;
};

void note(std::vector<Trouble>& troubles, const store::InstanceName& name, Error error) {
    const std::string message = engine::without_place(name, error.message);
    // The place as the message has it: of one instance it may be any of its marketplaces.
    const std::string before = "flow " + name.flow + " in ";
    const std::string place =
        message == error.message
            ? std::string()
            : error.message.substr(before.size(),
                                   error.message.size() - before.size() - message.size() - 2);
    error.message = message;
    for (Trouble& known : troubles)
        if (known.flow == name.flow && known.error.message == message &&
            known.error.code == error.code)
            return known.places.push_back(place);
    troubles.push_back({name.flow, std::move(error), {place}});
}

/// "flow mfn_orders in NA1/US, FE1/JP: locations.mfn: ...".
Error whole(const Trouble& trouble) {
    Error error = trouble.error;
    std::string places;
    for (const std::string& place : trouble.places)
        places += (places.empty() || place.empty() ? "" : ", ") + place;
    if (!places.empty())
        error.message = "flow " + trouble.flow + " in " + places + ": " + error.message;
    return error;
}

/// What the settings refer to, asked of the connections: the first problem of each flow's
/// marketplace, those that marketplaces share as one.
Result<std::vector<Error>> ask_references(const config::Config& config,
                                          const GlobalOptions& options) {
    Result<std::unique_ptr<Connections>> connections = Connections::make(config, options);
    if (!connections) return connections.error();
    Result<engine::Built> built =
        engine::build_engine_settings(config, (*connections)->by_name(), &load_offered_plugin);
    if (!built) return built.error();
    std::vector<Error> problems;
    for (const auto& [flow, error] : built->left_out) problems.push_back(error);
    std::vector<Trouble> troubles;
    for (engine::FlowSpec& flow : built->settings.flows)
        for (engine::PartitionSpec& partition : flow.partitions) {
            connectors::CallContext context;
            context.flow = flow.name;
            context.deadline = std::chrono::steady_clock::now() + flow.timeout;
            if (Result<void> resolved =
                    engine::resolve_references(partition, flow, built->settings, context);
                !resolved)
                note(troubles, {flow.name, partition.origin, partition.partition},
                     resolved.error());
        }
    for (const Trouble& trouble : troubles) problems.push_back(whole(trouble));
    return problems;
}

}  // namespace

int plan(Application& app, bool offline) {
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    const std::string text = app.options().json ? config::plan_json(*config).pretty() + "\n"
                                                : config::describe_plan(*config);
    print(text);
    if (offline) return kOk;
    flush_output();  // asking takes a while
    Result<std::vector<Error>> problems = ask_references(*config, app.options());
    if (!problems) return report(problems.error());
    int code = kOk;
    for (const Error& problem : *problems) code = std::max(code, report(problem));
    return code;
}

}  // namespace carrick::app
