// SPDX-License-Identifier: Apache-2.0
// EngineRunner: lends threads to an engine, takes up requests, and watches over plugin calls.
#pragma once

#include "core/engine/engine.hpp"

#include <memory>

namespace carrick::engine {

struct RunnerSettings {
    int workers = 8;  ///< calls block on I/O, so more than there are cores
    std::chrono::milliseconds request_poll{500};
    std::chrono::milliseconds watch{200};
    /// How long a call may go on after it was told to end, before it counts as hung.
    std::chrono::milliseconds grace{10'000};
    /// How long `stop` waits for running calls.
    std::chrono::milliseconds stop_limit{10'000};
    /// Whose expired documents are purged; must outlive the runner. Null: none.
    const archive::Archive* archive = nullptr;
    Milliseconds retention{7LL * 24 * 3'600'000};  ///< of settled channel rows
    Milliseconds history{90LL * 24 * 3'600'000};   ///< of resolved errors, runs, answered requests
    /// Between two garbage collections; 0 = never. History is forgotten in small batches at moments
    /// when nothing wants to run. A run that ends by itself (`--once`) tidies up at its end.
    Milliseconds housekeeping{3'600'000};
};

struct RunnerEnd {
    /// Calls that never came back. The threads are still inside plugins: the program must leave
    /// with std::_Exit, because nothing that they use may be destroyed.
    int hung_calls = 0;
    std::optional<Error> fatal;
};

class EngineRunner {
public:
    EngineRunner(Engine& engine, store::Store& store, Clock& clock, RunnerSettings settings = {});
    /// Stops first. Waits for hung calls too, without limit: see RunnerEnd.
    ~EngineRunner();
    EngineRunner(const EngineRunner&) = delete;
    EngineRunner& operator=(const EngineRunner&) = delete;

    void start();
    /// Returns when the engine is finished (`--once`), stopped, or fatally ended.
    void wait();
    /// Returns after at most `limit`; true when the engine is finished, stopped or ended.
    bool wait_for(std::chrono::milliseconds limit);
    /// Cancels, commits what is known, ends within `stop_limit`. May be called from any thread but
    /// a worker's; a signal handler should set a flag that such a thread reads.
    RunnerEnd stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace carrick::engine
