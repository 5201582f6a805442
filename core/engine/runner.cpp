// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runner.hpp"

#include "core/archive/archive.hpp"
#include "core/base/log.hpp"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace carrick::engine {

namespace {

/// One worker's thread. `at_work` goes false when its loop has ended.
struct Worker {
    std::thread thread;
    std::atomic<bool> at_work{true};
};

}  // namespace

class EngineRunner::Impl {
public:
    Impl(Engine& engine, store::Store& store, Clock& clock, RunnerSettings settings)
        : engine_(engine), store_(store), clock_(clock), settings_(settings) {}

    ~Impl() {
        stop();
        for (Worker& worker : workers_)
            if (worker.thread.joinable()) worker.thread.join();
    }

    void start() {
        const std::lock_guard lock(mutex_);
        for (int i = 0; i < settings_.workers; ++i) add_worker();
        housekeeper_ = std::thread([this] { keep_house(); });
    }

    bool wait_for(std::chrono::milliseconds limit) {
        const auto end = std::chrono::steady_clock::now() + limit;
        std::unique_lock lock(mutex_);
        return ended_.wait_until(lock, end, [this] { return over_; });
    }

    void wait() {
        std::unique_lock lock(mutex_);
        ended_.wait(lock, [this] { return over_; });
    }

    RunnerEnd stop() {
        const std::lock_guard once(stop_mutex_);
        if (stopped_) return end_;
        stopped_ = true;
        engine_.stop();
        mark_over();
        if (housekeeper_.joinable()) housekeeper_.join();
        const auto limit = std::chrono::steady_clock::now() + settings_.stop_limit;
        while (running_workers() > 0 && std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        end_.hung_calls = running_workers();
        for (Worker& worker : workers_)
            if (!worker.at_work && worker.thread.joinable()) worker.thread.join();
        if (Result<void> closed = engine_.close(); !closed)
            log::error("runs not closed", {{"code", Json(closed.error().code)},
                                           {"message", Json(closed.error().message)}});
        end_.fatal = engine_.fatal();
        return end_;
    }

private:
    void add_worker() {
        Worker& worker = workers_.emplace_back();
        worker.thread = std::thread([this, &worker] {
            work();
            worker.at_work = false;
        });
    }

    int running_workers() const {
        return static_cast<int>(
            std::count_if(workers_.begin(), workers_.end(),
                          [](const Worker& worker) { return worker.at_work.load(); }));
    }

    void work() {
        // Nothing is missed by waiting no longer than this: notifications shorten it, and a timer
        // that a commit on another thread has set is seen at the latest then.
        constexpr std::chrono::milliseconds kLongest{500};
        while (!engine_.stopping()) {
            if (engine_.step()) continue;
            if (engine_.fatal()) return;
            // Nothing to do now may mean nothing to do any more: a run that is to end does so at
            // once.
            if (engine_.finished()) call_housekeeper();
            std::chrono::milliseconds limit = kLongest;
            if (const auto wakeup = engine_.next_wakeup())
                limit = std::min(
                    limit, std::chrono::milliseconds(clock_.real_time_for(*wakeup - clock_.now())));
            engine_.wait_for_work(std::max(limit, std::chrono::milliseconds(1)));
        }
    }

    void keep_house() {
        using Steady = std::chrono::steady_clock;
        Steady::time_point poll_at = Steady::now();
        UtcTime clean_at = clock_.now() + settings_.housekeeping;
        // Not only after the first hour: an engine may never live that long.
        if (settings_.housekeeping.count() > 0) purge_documents();
        while (!engine_.stopping()) {
            if (Steady::now() >= poll_at) {
                poll_at = Steady::now() + settings_.request_poll;
                if (Result<void> polled = engine_.poll_requests(); !polled)
                    log::error("requests not read", {{"code", Json(polled.error().code)}});
            }
            watch_calls();
            if (settings_.housekeeping.count() > 0 && clock_.now() >= clean_at &&
                !engine_.store_outage()) {
                clean_at = clock_.now() + settings_.housekeeping;
                collect_garbage();
                purge_documents();
                // An engine that has had no quiet moment since the last time takes one batch now.
                if (forgetting_) forget_batch();
                forgetting_ = true;
            }
            if (forgetting_ && engine_.quiet()) forgetting_ = forget_batch();
            if (engine_.finished() || engine_.fatal()) return end_by_itself();
            // Not among those who wait for work: a notice of work must reach one who does it.
            std::unique_lock lock(mutex_);
            ended_.wait_for(lock, std::min(settings_.watch, settings_.request_poll),
                            [this] { return engine_.stopping() || housekeeper_called_; });
            housekeeper_called_ = false;
        }
    }

    void call_housekeeper() {
        const std::lock_guard lock(mutex_);
        housekeeper_called_ = true;
        ended_.notify_all();
    }

    void end_by_itself() {
        // Who runs by a timer has no hour in which the engine only waits.
        const bool well = !engine_.fatal() && !engine_.store_outage();
        if (well && settings_.housekeeping.count() > 0) {
            collect_garbage();
            purge_documents();
            while (!engine_.stopping() && forget_batch()) {
            }
        }
        mark_over();
    }

    void collect_garbage() {
        if (auto freed = store_.collect_garbage(clock_.now(), settings_.retention); !freed)
            log::error("garbage not collected", {{"code", Json(freed.error().code)}});
    }

    /// True while there may be more.
    bool forget_batch() {
        constexpr std::size_t kRows = 200;  // some milliseconds of the store's one writer
        const Result<std::int64_t> forgotten =
            store_.forget_history(clock_.now() - settings_.history, kRows);
        if (!forgotten)
            log::error("history not forgotten", {{"code", Json(forgotten.error().code)}});
        return forgotten && *forgotten > 0;
    }

    void purge_documents() {
        if (settings_.archive == nullptr) return;
        const Result<std::int64_t> purged = settings_.archive->purge(clock_.now());
        if (!purged)
            log::error("documents not purged", {{"code", Json(purged.error().code)}});
        else if (*purged > 0)
            log::info("documents purged", {{"documents", Json(*purged)}});
    }

    void watch_calls() {
        const auto now = std::chrono::steady_clock::now();
        for (const CallInProgress& call : engine_.calls_in_progress()) {
            const auto age = now - call.started;
            if (age < call.timeout) continue;
            if (!call.cancelled) engine_.cancel_call(call);
            if (age < call.timeout + settings_.grace || !engine_.abandon_call(call)) continue;
            // Its thread is lost until the plugin comes back; the others need their share of work.
            const std::lock_guard lock(mutex_);
            add_worker();
        }
    }

    void mark_over() {
        const std::lock_guard lock(mutex_);
        over_ = true;
        ended_.notify_all();
    }

    Engine& engine_;
    store::Store& store_;
    Clock& clock_;
    const RunnerSettings settings_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool over_ = false;
    bool housekeeper_called_ = false;
    std::list<Worker> workers_;  // a list: threads keep references to their own
    std::thread housekeeper_;
    bool forgetting_ = false;  // the housekeeper's own
    std::mutex stop_mutex_;
    bool stopped_ = false;
    RunnerEnd end_;
};

EngineRunner::EngineRunner(Engine& engine, store::Store& store, Clock& clock,
                           RunnerSettings settings)
    : impl_(std::make_unique<Impl>(engine, store, clock, settings)) {}
EngineRunner::~EngineRunner() = default;
void EngineRunner::start() {
    impl_->start();
}
void EngineRunner::wait() {
    impl_->wait();
}
bool EngineRunner::wait_for(std::chrono::milliseconds limit) {
    return impl_->wait_for(limit);
}
RunnerEnd EngineRunner::stop() {
    return impl_->stop();
}

}  // namespace carrick::engine
