// SPDX-License-Identifier: Apache-2.0
// carrick: the command line.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"
#include "core/archive/unpacked_file.hpp"

#include "core/base/failpoint.hpp"
#include "core/base/log.hpp"
#include "core/config/yaml_json.hpp"
#include "core/plugin_host/commands.hpp"
#include "core/plugin_host/nearest.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <span>
#include <sstream>
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
    carrick::app::ResolveOptions resolve;
    carrick::app::BackfillOptions backfill;
    carrick::app::SyncOptions sync;
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
    cli.add_option("--log", options.log,
                   "Log lines for people or for machines (default: text on a terminal, else json)")
        ->check(CLI::IsMember({"json", "text"}));
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
    CLI::App* resolve =
        add(*errors, parsed, "resolve",
            "Say that records are settled by hand: each ends as skipped, and this version of it is "
            "not taken up again; a newer one is. What its write may have left is yours",
            [&](Application& app) { return carrick::app::resolve_errors(app, parsed.resolve); });
    resolve->add_option("id", parsed.resolve.ids, "The errors' ids")->required();
    resolve->add_option("--reason", parsed.resolve.reason, "Why, for whoever reads it later")
        ->required();
}

void add_backfill(CLI::App& cli, Parsed& parsed) {
    CLI::App* backfill = add(
        cli, parsed, "backfill",
        "Read some days of a source once more: `carrick backfill FLOW --from DAY [--to DAY]`. What "
        "is imported already stays as it is, and what a flow has skipped before stays skipped, "
        "whatever flows.yaml says by now. A running engine does it between its polls; else it "
        "is "
        "done here, and after an interruption the same command goes on",
        [&](Application& app) { return carrick::app::backfill(app, parsed.backfill); });
    carrick::app::BackfillOptions& options = parsed.backfill;
    backfill->add_option("flow", options.flow, "The flow of the source");
    backfill->add_option("--from", options.from,
                         "First day of creation, as 2026-11-01, in the books' zone");
    backfill->add_option("--to", options.to, "Last day (default: up to now)");
    backfill
        ->add_option("--marketplaces", options.marketplaces,
                     "Only these of the flow's, as US,CA (default: all)")
        ->delimiter(',');
    backfill
        ->add_option("--share", options.share,
                     "Percent of the source's quota that it may use; a quarter of what may be "
                     "asked for at once is left to the others in any case")
        ->transform(CLI::Validator(
            [](std::string& text) {
                if (text.ends_with('%')) text.pop_back();
                return std::string();
            },
            "PERCENT"))
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    backfill->add_flag("--before-start", options.before_start,
                       "Also what is older than the flow's start");
    backfill->add_flag("--dry-run", options.dry_run,
                       "Print what would be written, and change nothing");
    CLI::App* status =
        add(*backfill, parsed, "status", "How far the latest backfills are",
            [&](Application& app) { return carrick::app::backfill_status(app, parsed.flow); });
    status->add_option("flow", parsed.flow, "Only of this flow");
    CLI::App* stop =
        add(*backfill, parsed, "stop", "End a backfill; what it has read stays",
            [&](Application& app) { return carrick::app::stop_backfill(app, parsed.flow); });
    stop->add_option("flow", parsed.flow, "The flow's name")->required();
}

void add_sync(CLI::App& cli, Parsed& parsed) {
    CLI::App* sync = add(cli, parsed, "sync",
                         "Fetch some records now and take them through all flows, what failed or "
                         "waits for them too: "
                         "`carrick sync order ID...`. Ends with 0 when all is settled, 1 when "
                         "something failed or is "
                         "not known, 3 when something waits",
                         [&](Application& app) { return carrick::app::sync(app, parsed.sync); });
    sync->add_option("noun", parsed.sync.noun, "What to fetch, as the sources call it: order")
        ->required();
    sync->add_option("id", parsed.sync.keys, "Their ids, at most 100")->required();
    sync->add_option("--flow", parsed.sync.flow,
                     "Ask only this source (default: every one that knows the word)");
    sync->add_option("--wait", parsed.sync.wait_s,
                     "Seconds until it tells how far everything is by then")
        ->check(CLI::Range(0, 3'600))
        ->capture_default_str();
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
    add_backfill(cli, parsed);
    add_sync(cli, parsed);
    add(cli, parsed, "operations", "What the connections offer to plugins", &list_operations);
    CLI::App* plugin = cli.add_subcommand("plugin", "Plugins")->require_subcommand(1);
    add(*plugin, parsed, "list", "List the plugins on the plugin path", &list_plugins);
    CLI::App* inspect =
        add(*plugin, parsed, "inspect", "Show a plugin's settings, operations and writes",
            [&](Application& app) { return inspect_plugin(app, parsed.plugin); });
    inspect->add_option("name", parsed.plugin, "The plugin's name")->required();
}

std::vector<std::string> names_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::App* sub : command.get_subcommands({}))
        if (!sub->get_name().empty()) names.push_back(sub->get_name());
    return names;
}

std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options())
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    // Options of a group, such as those of `errors retry`, are not the command's own.
    for (const CLI::App* group : command.get_subcommands({}))
        if (group->get_name().empty())
            for (const std::string& name : options_of(*group)) names.push_back(name);
    return names;
}

/// "carrick errors".
std::string words_of(const CLI::App& command) {
    const CLI::App* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : words_of(*parent) + " " + command.get_name();
}

/// A word or an option that stands where it means nothing.
int unknown_word(const CLI::App& command, const std::string& word,
                 const std::vector<std::string>& further = {}) {
    const bool option = word.starts_with("-");
    std::vector<std::string> known = option ? options_of(command) : names_of(command);
    if (option && command.get_parent() != nullptr)
        for (const CLI::App* at = command.get_parent(); at != nullptr; at = at->get_parent())
            for (const std::string& name : options_of(*at)) known.push_back(name);
    known.insert(known.end(), further.begin(), further.end());
    const char* kind = option ? "option" : names_of(command).empty() ? "further word" : "command";
    const std::string near = carrick::plugin_host::did_you_mean(word, known);
    std::cerr << "error: " << words_of(command) << " knows no " << kind << " \"" << word << "\""
              << (near.empty() ? "; `" + words_of(command) + " --help` lists what there is" : near)
              << "\n";
    return carrick::app::kMisconfigured;
}

/// `carrick errors` alone.
int missing_word(const CLI::App& command) {
    std::string names;
    for (const std::string& name : names_of(command)) names += (names.empty() ? "" : ", ") + name;
    std::cerr << "error: " << words_of(command) << " needs one word more: " << names << "\n";
    return carrick::app::kMisconfigured;
}

/// The innermost command on the command line.
const CLI::App& innermost(const CLI::App& cli) {
    const CLI::App* at = &cli;
    while (!at->get_subcommands().empty() && !at->get_subcommands().back()->get_name().empty())
        at = at->get_subcommands().back();
    return *at;
}

/// What is no core command may be one that a plugin brings: `carrick <noun> <verb> ...`.
class PluginCommands {
public:
    PluginCommands(Application& app, const CLI::App& cli) : plugins_(app.manifests()) {
        names_ = app_names(cli);
        const std::vector<std::string_view> reserved(names_.begin(), names_.end());
        carrick::plugin_host::refuse_reserved_nouns(plugins_, reserved);
    }

    /// `words` begin with no command of the program's own.
    int run(const CLI::App& cli, const std::vector<std::string>& words) const {
        if (!brings(words[0])) {
            std::vector<std::string> further = nouns();
            further.emplace_back("help");
            return unknown_word(cli, words[0], further);
        }
        // A plugin's command has no socket; without a reader it simply ends.
        std::signal(SIGPIPE, SIG_DFL);
        const carrick::plugin_host::CommandStreams streams{std::cin,
                                                           std::cout,
                                                           std::cerr,
                                                           nullptr,
                                                           carrick::archive::open_unpacked,
                                                           carrick::config::yaml_with_marks};
        const std::string verb = words.size() > 1 ? words[1] : std::string();
        const std::vector<std::string> arguments(
            words.begin() + std::min<std::ptrdiff_t>(2, std::ssize(words)), words.end());
        return carrick::plugin_host::run_plugin_command(plugins_, words[0], verb, arguments,
                                                        streams);
    }

    /// `carrick help`, with the words behind it.
    int help(CLI::App& cli, std::span<const std::string> words) const {
        CLI::App* at = &cli;
        for (std::size_t i = 0; i < words.size(); ++i) {
            const std::vector<std::string> names = names_of(*at);
            if (std::find(names.begin(), names.end(), words[i]) != names.end()) {
                at = at->get_subcommand(words[i]);
                continue;
            }
            const std::string of_plugin =
                i == 0 ? carrick::plugin_host::command_help(
                             plugins_, words[0], words.size() > 1 ? words[1] : std::string())
                       : std::string();
            if (of_plugin.empty())
                return unknown_word(*at, words[i], i == 0 ? nouns() : std::vector<std::string>());
            std::cout << of_plugin;
            return carrick::app::kOk;
        }
        std::cout << at->help(at == &cli ? "" : words_of(*at->get_parent()));
        if (at == &cli) std::cout << carrick::plugin_host::command_help(plugins_);
        return carrick::app::kOk;
    }

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
    static std::vector<std::string> app_names(const CLI::App& cli) {
        std::vector<std::string> names = names_of(cli);
        names.insert(names.begin(), {"help", "complete"});
        return names;
    }
    [[nodiscard]] std::vector<std::string> nouns() const {
        std::vector<std::string> found;
        for (const carrick::plugin_host::Manifest& plugin : plugins_.manifests)
            for (const carrick::plugin_host::CommandDeclaration& command : plugin.commands)
                found.push_back(command.noun);
        return found;
    }
    /// Also a command that two plugins claim: why it cannot run is said where it is looked for.
    [[nodiscard]] bool brings(const std::string& noun) const {
        const std::vector<std::string> found = nouns();
        return std::find(found.begin(), found.end(), noun) != found.end() ||
               std::any_of(plugins_.problems.begin(), plugins_.problems.end(),
                           [&](const carrick::Error& problem) {
                               return problem.message.find("\"" + noun + " ") != std::string::npos;
                           });
    }

    carrick::plugin_host::ManifestSet plugins_;
    std::vector<std::string> names_;
};

carrick::log::Form log_form(const std::string& chosen) {
    const bool text = chosen.empty() ? ::isatty(STDERR_FILENO) == 1 : chosen == "text";
    return text ? carrick::log::Form::Text : carrick::log::Form::Json;
}

int run_program(int argc, char** argv) {
    Parsed parsed;
    CLI::App cli("Carrick keeps an Amazon seller account and a NetSuite account in step.",
                 "carrick");
    cli.set_version_flag("--version", std::string("carrick ") + CARRICK_VERSION);
    cli.fallthrough();
    cli.require_subcommand(0, 1);
    add_global_options(cli, parsed.global);
    add_commands(cli, parsed);
    cli.footer("`carrick help COMMAND` says more of one of them.");
    // What is no core command may be one that a plugin brings.
    cli.allow_extras();
    cli.prefix_command();
    try {
        cli.parse(argc, argv);
    } catch (const CLI::RequiredError& error) {
        // `errors lst`: the word was not taken, and now a subcommand is missing.
        const std::vector<std::string> words = cli.remaining(/*recurse=*/true);
        const CLI::App& command = innermost(cli);
        if (!names_of(command).empty())
            return words.empty() ? missing_word(command) : unknown_word(command, words[0]);
        (void)cli.exit(error);
        return carrick::app::kMisconfigured;
    } catch (const CLI::ParseError& error) {
        // Not straight to std::cout, which would lose the reason of what did not arrive.
        std::ostringstream out;
        std::ostringstream err;
        const int code = cli.exit(error, out, err);
        carrick::app::print(out.str());
        std::fputs(err.str().c_str(), stderr);
        return code == 0 ? carrick::app::kOk : carrick::app::kMisconfigured;
    }
    carrick::log::set_level(parsed.global.verbose ? carrick::log::Level::Debug
                                                  : carrick::log::Level::Warning);
    carrick::log::set_form(log_form(parsed.global.log));
    Application app(parsed.global);
    const std::vector<std::string> words = cli.remaining(/*recurse=*/true);
    if (parsed.command) {
        // A misspelled --dry-run must not run for real.
        if (words.empty()) return parsed.command(app);
        return unknown_word(innermost(cli), words[0]);
    }
    const PluginCommands commands(app, cli);
    if (words.empty() || words[0] == "help")
        return commands.help(cli, std::span(words).subspan(words.empty() ? 0 : 1));
    if (words[0] == "complete")
        return commands.complete(
            std::span(words).subspan(words.size() > 1 && words[1] == "--" ? 2 : 1));
    return commands.run(cli, words);
}

}  // namespace

int main(int argc, char** argv) {
    carrick::app::guard_standard_streams();
    // Only tests set this; a word that cannot be read must not run unarmed and pass.
    if (const char* points = std::getenv("CARRICK_FAILPOINTS"))
        if (!carrick::failpoint::arm_from_text(points)) return carrick::app::kMisconfigured;
    // A file that may not grow any more is an error of the write, as a full disk is, not our end.
    std::signal(SIGXFSZ, SIG_IGN);
    return carrick::app::finish_output(run_program(argc, argv));
}
