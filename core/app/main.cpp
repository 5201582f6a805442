// SPDX-License-Identifier: Apache-2.0
// carrick: the command line.
#include "core/app/commands.hpp"

#include "core/base/failpoint.hpp"
#include "core/base/log.hpp"
#include "core/plugin_host/commands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <span>
#include <string>
#include <vector>

namespace {

using carrick::app::Application;
using carrick::app::GlobalOptions;

struct Parsed {
    GlobalOptions global;
    carrick::app::RunOptions run;
    carrick::app::ErrorListOptions errors;
    carrick::app::RetryOptions retry;
    std::size_t run_limit = 20;
    std::int64_t error_id = 0;
    std::string plugin;
    std::string flow;
    bool offline = false;
    std::function<int(Application&)> command;
};

void add_global_options(CLI::App& cli, GlobalOptions& options) {
    cli.add_option("-c,--config", options.config, "The configuration file")->capture_default_str();
    cli.add_option("--plugin-path", options.plugin_path,
                   "Folders with plugins, besides $CARRICK_PLUGIN_PATH");
    cli.add_option("--test-clock", options.test_clock,
                   "Follow the sandbox's clock (only with a sandbox on this machine)")
        ->check(CLI::IsMember({"sandbox"}));
    cli.add_flag("--json", options.json, "Answer in JSON");
    cli.add_flag("-v,--verbose", options.verbose, "Log every request and page");
}

CLI::App* add(CLI::App& parent, Parsed& parsed, const char* name, const char* help,
              std::function<int(Application&)> command) {
    CLI::App* sub = parent.add_subcommand(name, help);
    // CLI11 calls the outer command's callback after the inner one's.
    sub->callback([&parsed, sub, command = std::move(command)] {
        if (sub->get_subcommands().empty()) parsed.command = command;
    });
    return sub;
}

void add_run(CLI::App& cli, Parsed& parsed) {
    CLI::App* run = add(cli, parsed, "run", "Run the flows",
                        [&](Application& app) { return carrick::app::run(app, parsed.run); });
    run->add_flag("--once", parsed.run.once,
                  "Stop when every source is idle and nothing is left to do now");
    run->add_flag("--dry-run", parsed.run.dry_run,
                  "Print what would be written, and write nothing");
    run->add_flag("--progress", parsed.run.progress, "Print a line whenever documents come across");
    run->add_option("--workers", parsed.run.workers,
                    "Threads that run flows (default: engine.workers of flows.yaml)")
        ->check(CLI::Range(1, 64));
}

void add_errors(CLI::App& cli, Parsed& parsed) {
    CLI::App* errors = cli.add_subcommand("errors", "The error queue")->require_subcommand(1);
    CLI::App* list = add(*errors, parsed, "list", "List open errors", [&](Application& app) {
        return carrick::app::list_errors(app, parsed.errors);
    });
    list->add_option("--flow", parsed.errors.flow, "Only of this flow");
    list->add_option("--fingerprint", parsed.errors.fingerprint, "Only of this group");
    list->add_flag("--all", parsed.errors.all, "Resolved ones too");
    list->add_option("--order", parsed.errors.order, "By id, by money at stake, or by ship-by date")
        ->check(CLI::IsMember({"id", "value", "due"}))
        ->capture_default_str();
    list->add_option("--limit", parsed.errors.limit, "At most so many")->capture_default_str();
    CLI::App* show = add(*errors, parsed, "show", "Show one error", [&](Application& app) {
        return carrick::app::show_error(app, parsed.error_id);
    });
    show->add_option("id", parsed.error_id, "The error's id")->required();
    CLI::App* retry =
        add(*errors, parsed, "retry", "Run failed records again",
            [&](Application& app) { return carrick::app::retry_errors(app, parsed.retry); });
    auto* which = retry->add_option_group("which", "Which errors");
    which->add_option("id", parsed.retry.id, "One error");
    which->add_option("--flow", parsed.retry.flow, "All open errors of a flow");
    which->add_option("--fingerprint", parsed.retry.fingerprint, "All open errors of a group");
    which->require_option(1);
}

void add_commands(CLI::App& cli, Parsed& parsed) {
    using namespace carrick::app;
    add(cli, parsed, "validate", "Check flows.yaml; every problem at once", &validate);
    CLI::App* plan_command =
        add(cli, parsed, "plan",
            "Show the flows, each marketplace's settings with their origin, and what they refer to",
            [&](Application& app) { return plan(app, parsed.offline); });
    plan_command->add_flag("--offline", parsed.offline, "Ask no connection");
    add_run(cli, parsed);
    CLI::App* flows =
        add(cli, parsed, "flows", "What each flow has done and has open", &list_flows);
    CLI::App* allow =
        add(*flows, parsed, "allow", "Let a flow go beyond its first_run_limit",
            [&](Application& app) { return carrick::app::allow_flow(app, parsed.flow); });
    allow->add_option("flow", parsed.flow, "The flow's name")->required();
    CLI::App* runs = add(cli, parsed, "runs", "The latest runs",
                         [&](Application& app) { return list_runs(app, parsed.run_limit); });
    runs->add_option("--limit", parsed.run_limit, "At most so many")->capture_default_str();
    add_errors(cli, parsed);
    add(cli, parsed, "operations", "What the connections offer to plugins", &list_operations);
    CLI::App* plugin = cli.add_subcommand("plugin", "Plugins")->require_subcommand(1);
    add(*plugin, parsed, "list", "List the plugins on the plugin path", &list_plugins);
    CLI::App* inspect =
        add(*plugin, parsed, "inspect", "Show a plugin's settings, operations and writes",
            [&](Application& app) { return inspect_plugin(app, parsed.plugin); });
    inspect->add_option("name", parsed.plugin, "The plugin's name")->required();
}

/// What is no core command may be one that a plugin brings: `carrick <noun> <verb> ...`.
class PluginCommands {
public:
    PluginCommands(Application& app, const CLI::App& cli) : plugins_(app.manifests()) {
        names_ = {"help", "complete"};
        for (const CLI::App* sub : cli.get_subcommands({})) names_.push_back(sub->get_name());
        const std::vector<std::string_view> reserved(names_.begin(), names_.end());
        carrick::plugin_host::refuse_reserved_nouns(plugins_, reserved);
    }

    int run(const std::vector<std::string>& words) const {
        const carrick::plugin_host::CommandStreams streams{std::cin, std::cout, std::cerr};
        const std::string verb = words.size() > 1 ? words[1] : std::string();
        const std::vector<std::string> arguments(
            words.begin() + std::min<std::ptrdiff_t>(2, std::ssize(words)), words.end());
        return carrick::plugin_host::run_plugin_command(plugins_, words[0], verb, arguments,
                                                        streams);
    }

    [[nodiscard]] std::string help() const { return carrick::plugin_host::command_help(plugins_); }

    /// For the shell: `carrick complete -- <words so far>`.
    int complete(std::span<const std::string> words) const {
        if (words.size() <= 1)
            for (const std::string& name : names_)
                if (words.empty() || name.starts_with(words[0])) std::cout << name << '\n';
        for (const std::string& candidate : carrick::plugin_host::complete_command(plugins_, words))
            std::cout << candidate << '\n';
        return carrick::app::kOk;
    }

private:
    carrick::plugin_host::ManifestSet plugins_;
    std::vector<std::string> names_;
};

}  // namespace

int main(int argc, char** argv) {
    // Only tests set this; a word that cannot be read must not run unarmed and pass.
    if (const char* points = std::getenv("CARRICK_FAILPOINTS"))
        if (!carrick::failpoint::arm_from_text(points)) return carrick::app::kMisconfigured;

    // A file that may not grow any more is an error of the write, as a full disk is, not our end.
    std::signal(SIGXFSZ, SIG_IGN);

    Parsed parsed;
    CLI::App cli("Carrick keeps an Amazon seller account and a NetSuite account in step.",
                 "carrick");
    cli.set_version_flag("--version", std::string("carrick ") + CARRICK_VERSION);
    cli.fallthrough();
    cli.require_subcommand(0, 1);
    add_global_options(cli, parsed.global);
    add_commands(cli, parsed);
    // What is no core command may be one that a plugin brings.
    cli.allow_extras();
    cli.prefix_command();
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = cli.exit(error);
        return code == 0 ? carrick::app::kOk : carrick::app::kMisconfigured;
    }
    carrick::log::set_level(parsed.global.verbose ? carrick::log::Level::Debug
                                                  : carrick::log::Level::Warning);
    Application app(parsed.global);
    const std::vector<std::string> words = cli.remaining(/*recurse=*/true);
    if (parsed.command) {
        // A misspelled --dry-run must not run for real.
        if (words.empty()) return parsed.command(app);
        std::cerr << "error: \"" << words[0] << "\" is not known here; `carrick "
                  << cli.get_subcommands()[0]->get_name() << " --help` lists what is\n";
        return carrick::app::kMisconfigured;
    }
    const PluginCommands commands(app, cli);
    if (words.empty()) {
        std::cout << cli.help() << commands.help();
        return carrick::app::kOk;
    }
    if (words[0] == "complete")
        return commands.complete(
            std::span(words).subspan(words.size() > 1 && words[1] == "--" ? 2 : 1));
    return commands.run(words);
}
