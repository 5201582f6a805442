// SPDX-License-Identifier: Apache-2.0
// carrick-sandbox: serves a local Amazon and a local NetSuite, and talks to one that is running.
#include "examples/sandbox/client.hpp"
#include "examples/sandbox/netsuite/netsuite_service.hpp"
#include "examples/sandbox/sandbox.hpp"
#include "examples/sandbox/state_file.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstdio>

namespace carrick::sandbox {
namespace {

struct ServeOptions {
    std::uint16_t port = 0;
    std::string ports_file;
    std::string state_directory;
    std::string keys_directory;
    std::string start = "now";
    std::string go_live = "2026-11-01T07:00:00Z";  // that day in Los Angeles
    std::string quotas = "official";
    std::string faults = "none";
    std::vector<std::string> switches;
    std::int64_t speed_percent = 100;
    int threads = 2;
    WorldOptions world;
    bool no_preexisting = false;
    std::vector<std::string> marketplaces;
};

/// "US,DE,BR" or "all"; none: the ten of every world.
Result<std::vector<const Marketplace*>> chosen_stores(const std::vector<std::string>& codes) {
    std::vector<const Marketplace*> stores;
    for (const std::string& code : codes) {
        if (code == "all") {
            stores.clear();
            for (const Marketplace& each : all_marketplaces()) stores.push_back(&each);
            return stores;
        }
        const Marketplace* store = marketplace_by_code(code);
        if (store == nullptr)
            return misconfigured("sandbox.options", "--marketplaces: there is no store \"" + code +
                                                        "\"; codes are US, UK, DE, ... or all");
        if (std::find(stores.begin(), stores.end(), store) == stores.end()) stores.push_back(store);
    }
    return stores;
}

int fail(const Error& error) {
    std::fprintf(stderr, "carrick-sandbox: %s\n", error.message.c_str());
    return 1;
}

UtcTime system_now() {
    return UtcTime(std::chrono::duration_cast<Milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count());
}

Result<SandboxOptions> sandbox_options(const ServeOptions& serve,
                                       const std::optional<Json>& saved) {
    SandboxOptions options;
    options.world = serve.world;
    Result<std::vector<const Marketplace*>> stores = chosen_stores(serve.marketplaces);
    if (!stores) return stores.error();
    options.world.stores = std::move(*stores);
    options.world.preexisting = !serve.no_preexisting;
    options.speed_percent = serve.speed_percent;
    options.official_quotas = serve.quotas == "official";
    // "now" of a saved world is the moment it began.
    const std::string start_text =
        serve.start == "now" && saved ? (*saved)["start"].text() : serve.start;
    const Result<UtcTime> start =
        start_text == "now" ? Result<UtcTime>(system_now()) : UtcTime::parse(start_text);
    const Result<UtcTime> go_live = UtcTime::parse(serve.go_live);
    if (!start) return start.error();
    if (!go_live) return go_live.error();
    if (*go_live + std::chrono::hours(48) > *start)
        return misconfigured("sandbox.options", "--go-live " + go_live->text() +
                                                    " must be at least two days before --start " +
                                                    start->text());
    options.world.start = *start;
    options.world.go_live = *go_live;
    return options;
}

/// Keys in a directory, so that flows.yaml can name the private ones.
NetSuiteFactory netsuite_factory(const ServeOptions& serve) {
    return [directory = serve.keys_directory](const Environment& environment) {
        NetSuiteOptions options;
        options.keys_directory = directory;
        return make_netsuite_service(environment, options);
    };
}

Result<void> apply(Sandbox& sandbox, const ServeOptions& serve) {
    for (const std::string& assignment : serve.switches) {
        const std::size_t equals = assignment.find('=');
        if (equals == std::string::npos)
            return misconfigured("sandbox.options", "--switch takes name=value, not " + assignment);
        if (Result<void> done =
                sandbox.switches().set(assignment.substr(0, equals), assignment.substr(equals + 1));
            !done)
            return done;
    }
    return sandbox.faults().configure(Json::object({{"profile", serve.faults}}));
}

Json ports_json(const std::string& base, std::uint16_t port) {
    return Json::object({{"port", static_cast<std::int64_t>(port)},
                         {"pid", static_cast<std::int64_t>(::getpid())},
                         {"base", base},
                         {"amazon", base + "/amazon"},
                         {"amazon_token", base + "/amazon/auth/o2/token"},
                         {"netsuite", base + "/netsuite"},
                         {"control", base + "/_sandbox"}});
}

/// A world that keeps real time goes on in real time after a restart.
void catch_up_clock(Sandbox& sandbox, const Json& saved) {
    const std::optional<std::int64_t> saved_at = saved["saved_at_ms"].integer_if();
    if (saved_at && sandbox.clock().speed_percent() == 100)
        sandbox.clock().advance(std::max(Milliseconds(0), system_now() - UtcTime(*saved_at)));
}

int serve(const ServeOptions& options) {
    std::optional<Json> saved;
    if (!options.state_directory.empty()) {
        Result<std::optional<Json>> loaded = load_state(options.state_directory);
        if (!loaded) return fail(loaded.error());
        saved = std::move(*loaded);
    }
    const Result<SandboxOptions> chosen = sandbox_options(options, saved);
    if (!chosen) return fail(chosen.error());

    // Blocked before any thread starts, so that only sigwait below sees them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    Sandbox sandbox(*chosen, netsuite_factory(options));
    if (saved) {
        if (const Result<void> restored = sandbox.restore(*saved); !restored)
            return fail(restored.error());
        catch_up_clock(sandbox, *saved);
    }
    if (const Result<void> applied = apply(sandbox, options); !applied)
        return fail(applied.error());

    ServerOptions server_options;
    server_options.port = options.port;
    server_options.threads = options.threads;
    Result<std::unique_ptr<HttpServer>> server = HttpServer::start(
        server_options, [&](RawRequest request) { return sandbox.handle(std::move(request)); });
    if (!server) return fail(server.error());
    const std::string base = "http://127.0.0.1:" + std::to_string((*server)->port());
    if (!options.ports_file.empty()) {
        const Result<void> written = write_whole_file(
            options.ports_file, ports_json(base, (*server)->port()).pretty() + "\n");
        if (!written) return fail(written.error());
    }
    std::printf("carrick-sandbox: %s (amazon, netsuite, _sandbox), %llu orders, seed %llu\n",
                base.c_str(), static_cast<unsigned long long>(chosen->world.orders),
                static_cast<unsigned long long>(chosen->world.seed));
    std::fflush(stdout);

    int signal_number = 0;
    sigwait(&signals, &signal_number);
    (*server)->stop();
    if (options.state_directory.empty()) return 0;
    Json state = sandbox.snapshot();
    state.set("saved_at_ms", system_now().milliseconds());
    const Result<void> kept = save_state(options.state_directory, state);
    return kept ? 0 : fail(kept.error());
}

int show_verdict(const std::string& url, std::int64_t grace_s, const std::string& asked,
                 bool json) {
    const std::string ask = url + "/_sandbox/verdict?grace_s=" + std::to_string(grace_s) + asked;
    const Result<Response> answer = fetch("GET", ask);
    if (!answer) return fail(answer.error());
    const Result<Json> verdict = Json::parse(answer->body);
    if (answer->status != 200 || !verdict)
        return fail(transient("sandbox.verdict", "no verdict: HTTP " +
                                                     std::to_string(answer->status) + " " +
                                                     answer->body.substr(0, 300)));
    if (json) {
        std::printf("%s\n", verdict->pretty().c_str());
    } else {
        const Result<Response> text = fetch("GET", ask + "&format=text");
        if (!text) return fail(text.error());
        std::fputs(text->body.c_str(), stdout);
    }
    return (*verdict)["adds_up"].bool_if().value_or(false) ? 0 : 1;
}

int show(const std::string& method, const std::string& url, const Json& body = {}) {
    const Result<Response> answer =
        body.is_null() ? fetch(method, url)
                       : fetch(method, url, {{"Content-Type", "application/json"}}, body.dump());
    if (!answer) return fail(answer.error());
    const Result<Json> json = Json::parse(answer->body);
    std::printf("%s\n", json ? json->pretty().c_str() : answer->body.c_str());
    return answer->status < 300 ? 0 : 1;
}

int print(const std::string& url) {
    const Result<Response> answer = fetch("GET", url);
    if (!answer) return fail(answer.error());
    std::fputs(answer->body.c_str(), stdout);
    return answer->status < 300 ? 0 : 1;
}

void add_serve_options(CLI::App& app, ServeOptions& options) {
    app.add_option("--port", options.port, "Port on 127.0.0.1; 0 takes any free one");
    app.add_option("--ports-file", options.ports_file, "Write port and URLs to this JSON file");
    app.add_option("--state", options.state_directory,
                   "Keep state over restarts in this directory");
    app.add_option("--keys", options.keys_directory,
                   "Directory of NetSuite's demo keys and certificates, made when missing");
    app.add_option("--seed", options.world.seed, "Seed of the world");
    app.add_option("--orders", options.world.orders, "Orders placed before the start");
    app.add_option("--start", options.start, "Where the clock begins: ISO 8601, or now");
    app.add_option("--go-live", options.go_live, "The order source's start in flows.yaml");
    app.add_option("--rate", options.world.orders_per_hour, "New orders per hour of its clock");
    app.add_option("--speed", options.speed_percent, "Speed of its clock in percent of real time")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--quotas", options.quotas, "official or off")
        ->check(CLI::IsMember({"official", "off"}));
    app.add_option("--faults", options.faults, "Fault profile: none, rough, storm, lost_answers");
    app.add_option("--switch", options.switches,
                   "Position of a switch: name=value; may be repeated");
    app.add_option("--unknown-skus", options.world.unknown_skus,
                   "Orders that hold a SKU which NetSuite does not know");
    app.add_option("--marketplaces", options.marketplaces,
                   "Codes of the stores (US,DE,BR) or all; ten of them without this")
        ->delimiter(',');
    app.add_flag("--changes", options.world.changes,
                 "Orders whose quantities, lines or address change before they are shipped, too");
    app.add_flag(
        "--restless", options.world.restless,
        "Orders placed while the clock runs are paid, changed, shipped and cancelled by chance");
    app.add_flag("--linked-accounts", options.world.linked,
                 "One seller account a region sells in all of its stores");
    app.add_option("--threads", options.threads, "Threads of the server")->check(CLI::Range(1, 16));
    app.add_flag("--no-preexisting", options.no_preexisting,
                 "No order is in NetSuite by another tool already");
}

int run(int argc, char** argv) {
    CLI::App app{"A local Amazon and a local NetSuite for Carrick", "carrick-sandbox"};
    ServeOptions options;
    add_serve_options(app, options);
    CLI::App* serve_command = app.add_subcommand("serve", "Serve until SIGTERM (the default)");
    add_serve_options(*serve_command, options);

    std::string url = "http://127.0.0.1:8585";
    std::int64_t grace_s = 600;
    std::int64_t count = 1;
    std::int64_t advance_s = 0;
    bool json = false;
    std::string tip = "exclude";
    std::string profile = "none";
    CLI::App* verdict =
        app.add_subcommand("verdict", "Does the world add up? Exit code 0 if it does");
    verdict->add_option("--grace", grace_s, "Seconds that an order may be on its way");
    verdict
        ->add_option("--tip", tip,
                     "include where the order flow's setting is tip: line; exclude is the default")
        ->check(CLI::IsMember({"include", "exclude"}));
    verdict->add_flag("--json", json, "As JSON");
    std::string fba = "none";
    std::string fba_per = "order";
    std::string fulfilments = "any";
    std::string cancelled = "any";
    std::string changes = "any";
    verdict->add_option("--fba", fba,
                        "What FBA orders become: none, sales_order, invoice, cash_sale");
    verdict->add_option("--fba-per", fba_per, "One document per order or shipment");
    verdict->add_option("--fulfilments", fulfilments,
                        "Item fulfilments of FBA sales orders: any or required");
    verdict->add_option("--cancelled", cancelled, "Orders cancelled after import: any or closed");
    verdict->add_option("--changes", changes, "Orders changed after import: any or follow");
    CLI::App* state = app.add_subcommand("state", "Clock, world, switches and faults");
    CLI::App* faults = app.add_subcommand("faults", "Put a fault profile in force");
    faults->add_option("profile", profile, "none, rough, storm, lost_answers")->required();
    CLI::App* orders = app.add_subcommand("orders", "Place orders now");
    orders->add_option("count", count, "How many")->check(CLI::PositiveNumber);
    for (CLI::App* command : {verdict, state, faults, orders})
        command->add_option("--url", url, "Where the sandbox is")->required();
    CLI::App* clock = app.add_subcommand("clock", "Move its clock forward");
    clock->add_option("--advance", advance_s, "Seconds")->required();
    CLI::App* documents =
        app.add_subcommand("documents", "What stands in NetSuite, comparable between two runs");
    for (CLI::App* command : {clock, documents})
        command->add_option("--url", url, "Where the sandbox is")->required();
    app.require_subcommand(0, 1);
    CLI11_PARSE(app, argc, argv);

    if (verdict->parsed())
        return show_verdict(url, grace_s,
                            "&tip=" + tip + "&fba=" + fba + "&fba_per=" + fba_per +
                                "&fulfilments=" + fulfilments + "&cancelled=" + cancelled +
                                "&changes=" + changes,
                            json);
    if (state->parsed()) return show("GET", url + "/_sandbox/state");
    if (faults->parsed())
        return show("POST", url + "/_sandbox/faults", Json::object({{"profile", profile}}));
    if (orders->parsed())
        return show("POST", url + "/_sandbox/orders", Json::object({{"count", count}}));
    if (clock->parsed())
        return show("POST", url + "/_sandbox/clock", Json::object({{"advance_s", advance_s}}));
    if (documents->parsed()) return print(url + "/_sandbox/documents");
    return serve(options);
}

}  // namespace
}  // namespace carrick::sandbox

int main(int argc, char** argv) {
    try {
        return carrick::sandbox::run(argc, argv);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "carrick-sandbox: %s\n", problem.what());
        return 1;
    }
}
