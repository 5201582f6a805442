// SPDX-License-Identifier: Apache-2.0
// EngineSession: an engine of this program with all that it borrows, from flows.yaml to its
// threads.
#pragma once

#include "core/app/application.hpp"

#include "core/archive/archive.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/runner.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace carrick::app {

/// SIGTERM and SIGINT ask the program to end; a second one ends it at once.
void install_signal_handlers();
[[nodiscard]] bool stop_requested();

class EngineSession {
public:
    /// Opens the store as the engine's own, or, with `dry_run`, an overlay on it that is thrown
    /// away. `adjust` has the last word on the settings. Flows whose plugin does not load are said
    /// on standard error and left out.
    /// Errors   `store.locked`: an engine runs on it. Those of the store, the archive, the
    ///          connections and the engine's start.
    [[nodiscard]] static Result<std::unique_ptr<EngineSession>> open(
        Application& app, const config::Config& config, bool dry_run,
        const std::function<void(engine::EngineSettings&)>& adjust);

    [[nodiscard]] engine::Engine& engine() { return *engine_; }
    [[nodiscard]] store::Store& store() { return overlay_ ? *overlay_ : *store_; }
    [[nodiscard]] bool left_out() const { return left_out_; }
    /// What the flows have done since the session began.
    [[nodiscard]] Result<std::vector<store::RunTotals>> totals();

    /// `workers` 0: as flows.yaml says.
    void start(int workers = 0);
    /// True when the engine has ended by itself, at the latest after `limit`.
    bool wait_for(std::chrono::milliseconds limit) { return runner_->wait_for(limit); }
    engine::RunnerEnd stop() { return runner_->stop(); }

private:
    EngineSession() = default;

    const config::Config* config_ = nullptr;
    // In the order in which they borrow from each other.
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Store> overlay_;
    std::unique_ptr<archive::Archive> documents_;
    std::unique_ptr<Connections> connections_;
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<engine::EngineRunner> runner_;
    std::int64_t runs_before_ = 0;
    bool left_out_ = false;
};

/// Holds that keep flows from running, printed, one line for what the instances of a flow share;
/// true when there are any.
[[nodiscard]] bool report_holds(engine::Engine& engine);
/// What kept a run that is to end from getting to its end, one line for each message; true when
/// there is any. What is due within minutes was waited for; this is not.
[[nodiscard]] bool report_troubles(engine::Engine& engine);
/// What a dry run shows of one document.
[[nodiscard]] Json planned_json(const engine::PlannedWrite& planned);

}  // namespace carrick::app
