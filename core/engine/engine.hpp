// SPDX-License-Identifier: Apache-2.0
// Engine: all instances of all flows over one store. It owns no thread: whoever calls `step` lends
// it one. The runner (runner.hpp) lends several; the simulation lends one and turns the clock.
#pragma once

#include "core/base/clock.hpp"
#include "core/engine/settings.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace carrick::engine {

/// How one instance stands, for the command line, the dashboard and tests.
struct InstanceStatus {
    store::InstanceName name;
    std::int64_t ready = 0;     ///< could run now, unread channel records included
    std::int64_t retrying = 0;  ///< run at a known time
    std::int64_t waiting = 0;
    std::int64_t failed = 0;  ///< failed and unknown
    std::int64_t shadow = 0;
    std::optional<Error> hold;  ///< why it stands still; empty = it runs
    bool hung = false;
    std::optional<Error> trouble;  ///< what it tries again later, as of its last attempt
};

/// A plugin call that has run too long, as the watchdog sees it.
struct CallInProgress {
    std::size_t instance = 0;
    std::uint64_t call = 0;  ///< tells this call from the instance's next one
    std::chrono::steady_clock::time_point started;
    Milliseconds timeout{0};
    bool cancelled = false;
};

class Engine {
public:
    /// Borrows everything; `settings` is copied.
    Engine(store::Store& store, Clock& clock, Random& random, EngineSettings settings);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Loads every instance and restores quota levels. A flow whose plugin, filter or mapping
    /// cannot be used is held with its error; the others run.
    /// Errors   the store's.
    [[nodiscard]] Result<void> open();

    /// Runs the next piece of work to its commit on this thread. False: nothing can run now.
    /// Thread-safe; one instance is run by one thread at a time.
    bool step();

    /// The earliest moment at which a timer makes something runnable; nothing when only new input
    /// can. Work that is runnable already answers now().
    [[nodiscard]] std::optional<UtcTime> next_wakeup();
    /// `--once` is finished: every stream has been idle, nothing is ready or running, and no retry
    /// comes due within the patience; or nothing has got on for as long as the patience (a system,
    /// or the store, is out of reach).
    [[nodiscard]] bool finished();
    /// Blocks until something may be runnable, `stop` was called, or the real time has passed.
    void wait_for_work(std::chrono::milliseconds limit);

    /// Takes up requests that were posted to the store. Answers are written when every instance
    /// concerned has done its part, between two pages.
    Result<void> poll_requests();
    /// Takes up a request to a stream on demand (demand_requests.hpp) that stands in no store: a
    /// command carries out its own. `on_answer` gets the answer, on any thread.
    /// Errors   what the answer would be otherwise, where nothing was begun.
    [[nodiscard]] Result<void> ask(const store::EngineRequest& request,
                                   std::function<void(const std::string& answer)> on_answer);

    /// No new work starts, running calls are cancelled; what is known is still committed.
    void stop();
    [[nodiscard]] bool stopping() const;
    /// After `stop`, when no step runs any more: ends open runs. Called by the runner.
    Result<void> close();

    [[nodiscard]] std::vector<InstanceStatus> status();
    /// Why the store takes no commits; while there is a reason, nothing runs. Nothing is lost: all
    /// goes on where it was, by itself, when the store is well again.
    [[nodiscard]] std::optional<Error> store_outage();
    /// Nothing runs and nothing could run now: a moment for what is not urgent.
    [[nodiscard]] bool quiet();
    /// The reason why the engine as a whole must end (its store was taken over), if there is one.
    [[nodiscard]] std::optional<Error> fatal();

    // ---- for the watchdog ----
    [[nodiscard]] std::vector<CallInProgress> calls_in_progress();
    /// Tells a call to end.
    void cancel_call(const CallInProgress& call);
    /// Gives a call up: its results will be thrown away, its instance is held with
    /// `engine.hung_plugin`. False when the call has ended in between.
    bool abandon_call(const CallInProgress& call);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace carrick::engine
