// SPDX-License-Identifier: Apache-2.0
// `carrick run`: everything together, until it is finished or told to stop.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"
#include "core/app/engine_session.hpp"

#include "core/base/log.hpp"

#include <cstdlib>

namespace carrick::app {

namespace {

std::string progress_line(const engine::Progress& progress) {
    const store::RunCounts& counts = progress.counts;
    std::string text = progress.instance.flow + " " + progress.instance.origin + "/" +
                       progress.instance.partition + ":";
    const auto add = [&text](std::int64_t count, const char* what) {
        if (count != 0) text += " " + std::to_string(count) + " " + what;
    };
    add(counts.written, "written");
    add(counts.done, "done");
    add(counts.waiting, "waiting");
    add(counts.failed, "failed");
    add(counts.unknown, "unknown");
    return text;
}

void observe(engine::EngineSettings& settings, const RunOptions& options) {
    settings.once = options.once || options.dry_run;
    if (options.dry_run)
        settings.on_planned = [](const engine::PlannedWrite& planned) {
            print_line(planned_json(planned).dump());
        };
    if (options.progress)
        settings.on_progress = [](const engine::Progress& progress) {
            const store::RunCounts& counts = progress.counts;
            if (counts.written + counts.failed + counts.unknown + counts.waiting > 0)
                print_line(progress_line(progress));
        };
}

}  // namespace

int run(Application& app, const RunOptions& options) {
    install_signal_handlers();
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    Result<std::unique_ptr<EngineSession>> opened =
        EngineSession::open(app, *config, options.dry_run,
                            [&](engine::EngineSettings& settings) { observe(settings, options); });
    if (!opened) return report(opened.error());
    EngineSession& session = **opened;
    session.start(options.workers);
    log::info("engine started", {{"flows", Json(static_cast<std::int64_t>(config->flows.size()))}});
    while (!stop_requested() && !session.wait_for(std::chrono::milliseconds(200))) {
    }
    const bool finished = !stop_requested();
    const engine::RunnerEnd end = session.stop();
    log::info("engine stopped", {{"finished", Json(finished)}});

    if (end.fatal) return report(*end.fatal);
    const bool held = report_holds(session.engine());
    const bool troubled = options.once && finished && report_troubles(session.engine());
    if (!options.dry_run) {
        Result<std::vector<store::RunTotals>> totals = session.totals();
        if (!totals) return report(totals.error());
        print_line(app.options().json ? totals_json(*totals, config->order).pretty()
                                      : "\n" + totals_table(*totals, config->order));
    }
    const int code = held || session.left_out() || troubled ? kFailed : kOk;
    // Threads are still inside a hung plugin; nothing that they use may be destroyed.
    if (end.hung_calls > 0) std::_Exit(finish_output(kFailed));
    return code;
}

}  // namespace carrick::app
