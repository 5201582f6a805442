// SPDX-License-Identifier: Apache-2.0
// `carrick backfill`: days of a source once more, by the engine that runs or by this program.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"
#include "core/app/engine_session.hpp"
#include "core/app/requests.hpp"

#include "core/config/books_zone.hpp"
#include "core/config/settings.hpp"
#include "core/engine/demand_requests.hpp"
#include "core/plugin_host/nearest.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>

namespace carrick::app {

namespace {

Error wrong_word(const std::string& message) {
    return misconfigured("backfill.arguments", message);
}

/// Midnight, in the books' zone, of `day` or of the day behind it.
Result<UtcTime> midnight(const std::string& text, const char* option, const std::string& zone,
                         bool next_day) {
    Result<LocalDate> day = LocalDate::parse(text);
    if (!day)
        return wrong_word(std::string(option) + " is a day such as 2026-11-01, found \"" +
                          text.substr(0, 40) + "\"");
    if (next_day) day = (UtcTime::from_date(*day) + std::chrono::hours(24)).utc_date();
    return config::start_of_day(*day, zone);
}

Result<store::EngineRequest> request_of(const config::Config& config,
                                        const BackfillOptions& options, UtcTime now) {
    if (options.flow.empty())
        return wrong_word("say which flow: `carrick backfill FLOW --from DAY`; or status, stop");
    if (options.from.empty()) {
        constexpr std::array<std::string_view, 2> kWords{"status", "stop"};
        return wrong_word("say from which day on: `carrick backfill " + options.flow +
                          " --from DAY`" + plugin_host::did_you_mean(options.flow, kWords));
    }
    std::string zone = config::books_zone_of(config, options.flow);
    if (zone.empty()) zone = "UTC";
    const Result<UtcTime> from = midnight(options.from, "--from", zone, false);
    if (!from) return from.error();
    Json arguments = Json::object({{"flow", Json(options.flow)},
                                   {"from", Json(from->text())},
                                   {"share", Json(options.share)},
                                   {"before_start", Json(options.before_start)}});
    if (!options.to.empty()) {
        const Result<UtcTime> to = midnight(options.to, "--to", zone, true);
        if (!to) return to.error();
        arguments.set("to", Json(to->text()));
    }
    if (!options.marketplaces.empty()) {
        Json codes = Json::array();
        for (const std::string& code : options.marketplaces) codes.push_back(Json(code));
        arguments.set("marketplaces", std::move(codes));
    }
    store::EngineRequest request;
    request.kind = "backfill.start";
    request.arguments = arguments.dump();
    request.who = user_name();
    request.at = now;
    return request;
}

int print_answer(Application& app, const Json& answer) {
    if (app.options().json) {
        print(answer.pretty() + "\n");
    } else {
        for (const Json& one : answer["backfills"].items()) print(backfill_line(one) + "\n");
    }
    if (const std::optional<Error> refused = refusal_of(answer)) return report(*refused);
    // The engine's polls go first: where they have emptied the quota, it is minutes until a page.
    if (!app.options().json)
        print(
            "The running engine does it beside its polls; `carrick backfill status` says how far "
            "it is and what it waits for.\n");
    return kOk;
}

/// The documents of the records that this backfill has read, and of no others that are on their way
/// in the store.
class DryRunPrinter {
public:
    void attach(engine::EngineSettings& settings, const std::string& flow) {
        settings.on_page = [this, flow](const store::InstanceName& name,
                                        std::span<const std::string> keys) {
            if (name.flow != flow) return;
            const std::lock_guard lock(mutex_);
            read_.insert(keys.begin(), keys.end());
        };
        settings.on_planned = [this](const engine::PlannedWrite& planned) {
            {
                const std::lock_guard lock(mutex_);
                if (!read_.contains(planned.key)) return;
            }
            print_line(planned_json(planned).dump());
        };
    }

private:
    std::mutex mutex_;
    std::set<std::string, std::less<>> read_;
};

/// The backfills of the flow as the store has them; empty where it cannot be read now.
Json stored(store::Store& store, const std::string& flow) {
    Json list = Json::array();
    if (const auto found = engine::stored_backfills(store, flow))
        for (const auto& [name, demand] : *found)
            list.push_back(engine::backfill_json(name, demand));
    return list;
}

void show_progress(const Json& backfills, std::string& shown) {
    std::string text;
    for (const Json& one : backfills.items()) text += backfill_line(one) + "\n";
    if (text != shown) std::fputs(text.c_str(), stderr);
    shown = std::move(text);
}

bool all_done(const Json& backfills) {
    for (const Json& one : backfills.items())
        if (one["state"].text() != "done") return false;
    return backfills.size() > 0;
}

/// Until it is finished or told to stop. Progress goes to standard error, where somebody looks.
int run_to_end(Application& app, const config::Config& config, EngineSession& session,
               const BackfillOptions& options) {
    const bool watched = ::isatty(STDERR_FILENO) == 1 && !options.dry_run;
    std::string shown;
    int turns = 0;
    while (!stop_requested() && !session.wait_for(std::chrono::milliseconds(200)))
        if (watched && ++turns % 10 == 0)
            show_progress(stored(session.store(), options.flow), shown);
    const bool finished = !stop_requested();
    const engine::RunnerEnd end = session.stop();
    if (end.fatal) return report(*end.fatal);
    const bool held = report_holds(session.engine());
    const bool troubled = finished && report_troubles(session.engine());
    bool done = finished && !held && !troubled;
    if (!options.dry_run) {
        const Json backfills = stored(session.store(), options.flow);
        done = all_done(backfills);
        Result<std::vector<store::RunTotals>> totals = session.totals();
        if (!totals) return report(totals.error());
        if (app.options().json) {
            print_line(Json::object({{"ok", Json(done)},
                                     {"backfills", backfills},
                                     {"flows", totals_json(*totals, config.order)}})
                           .pretty());
        } else {
            for (const Json& one : backfills.items()) print(backfill_line(one) + "\n");
            print_line("\n" + totals_table(*totals, config.order));
        }
    }
    if (!done)
        std::fprintf(
            stderr, "error: the backfill of %s is not finished%s (backfill.unfinished)\n",
            options.flow.c_str(),
            options.dry_run ? "" : "; the same command, or `carrick run`, goes on with it");
    if (end.hung_calls > 0) std::_Exit(finish_output(kFailed));
    return done && !held && !troubled ? kOk : kFailed;
}

}  // namespace

std::string backfill_line(const Json& backfill) {
    const auto number = [&](const char* key) { return backfill[key].integer_if().value_or(0); };
    std::string stores;
    for (const Json& code : backfill["marketplaces"].items())
        stores += (stores.empty() ? "" : ",") + code.text();
    std::string text = backfill["flow"].text() + " " + backfill["account"].text() + " " + stores +
                       ", created " + backfill["from"].text() + " to " + backfill["to"].text() +
                       ": " + backfill["state"].text() + ", " + std::to_string(number("records")) +
                       (number("records") == 1 ? " record in " : " records in ") +
                       std::to_string(number("pages")) +
                       (number("pages") == 1 ? " page" : " pages");
    if (const std::string& reached = backfill["reached"].text();
        !reached.empty() && backfill["state"].text() != "done")
        text += ", read up to " + reached;
    if (const std::string& next = backfill["next_page"].text(); !next.empty())
        text += ", waits for the quota until " + next;
    if (const std::string& message = backfill["message"].text(); !message.empty())
        text += ": " + message + " (" + backfill["code"].text() + ")";
    return text;
}

int backfill(Application& app, const BackfillOptions& options) {
    install_signal_handlers();
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    const Result<store::EngineRequest> request = request_of(*config, options, SystemClock().now());
    if (!request) return report(request.error());
    DryRunPrinter printer;
    Result<std::unique_ptr<EngineSession>> session =
        EngineSession::open(app, *config, options.dry_run, [&](engine::EngineSettings& settings) {
            settings.once = true;
            settings.demands_only = true;
            if (options.dry_run) printer.attach(settings, options.flow);
        });
    if (!session && session.error().code == "store.locked") {
        constexpr std::chrono::seconds kPatience{30};
        const Result<Json> answer = post_to_engine(app, *request, kPatience);
        return answer ? print_answer(app, *answer) : report(answer.error());
    }
    if (!session) return report(session.error());

    std::mutex mutex;
    std::optional<Json> answer;
    const Result<void> begun = (*session)->engine().ask(*request, [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        answer = Json::parse(text).value_or(Json());
    });
    if (!begun) return report(begun.error());
    (*session)->start();
    for (bool waits = true; waits && !stop_requested();) {
        waits = !(*session)->wait_for(std::chrono::milliseconds(20));
        const std::lock_guard lock(mutex);
        if (!answer) continue;
        if (const std::optional<Error> refused = refusal_of(*answer)) {
            (*session)->stop();
            return report(*refused);
        }
        waits = false;
    }
    return run_to_end(app, *config, **session, options);
}

int backfill_status(Application& app, const std::string& flow) {
    const config::Outline* outline = app.outline();
    if (outline == nullptr) return kMisconfigured;
    if (!flow.empty() &&
        std::find(outline->flows.begin(), outline->flows.end(), flow) == outline->flows.end())
        return report(
            misconfigured("flows.unknown", "flows.yaml has no flow \"" + flow + "\"" +
                                               plugin_host::did_you_mean(flow, outline->flows)));
    Json list = Json::array();
    if (app.store_exists()) {
        Result<std::unique_ptr<store::Store>> store = app.open_store(StoreUse::Peer);
        if (!store) return report(store.error());
        const auto found = engine::stored_backfills(**store, flow);
        if (!found) return report(found.error());
        for (const auto& [name, demand] : *found)
            list.push_back(engine::backfill_json(name, demand));
    } else {
        say_nothing_yet(app);
    }
    if (app.options().json) {
        print(list.pretty() + "\n");
        return kOk;
    }
    for (const Json& one : list.items()) print(backfill_line(one) + "\n");
    if (list.size() == 0) print("No backfills.\n");
    return kOk;
}

}  // namespace carrick::app
