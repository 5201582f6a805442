// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/parallel_calls.hpp"

#include <algorithm>
#include <exception>

namespace carrick::connectors {
namespace {

constexpr std::chrono::milliseconds kTick{250};

Reply guarded(const ParallelCalls::One& one, const Request& request, const CallContext& context) {
    if (context.is_cancelled()) {
        Reply reply;
        reply.status = ReplyStatus::Cancelled;
        reply.error =
            transient("connector.cancelled", request.operation + " was stopped before it was sent");
        return reply;
    }
    try {
        return one(request);
    } catch (const std::exception& e) {
        return {ReplyStatus::Failed,
                {},
                bug("connector.exception",
                    request.operation + " ended with an exception: " + std::string(e.what()))};
    } catch (...) {
        return {ReplyStatus::Failed,
                {},
                bug("connector.exception", request.operation + " ended with an unknown exception")};
    }
}

/// What the threads of one call share; lives on the calling thread's stack until all are done.
struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t next = 0;
    std::size_t runners = 0;
    std::deque<std::pair<std::size_t, Reply>> replies;
};

}  // namespace

ParallelCalls::ParallelCalls(std::size_t max_threads)
    : max_threads_(std::max<std::size_t>(1, max_threads)) {}

ParallelCalls::~ParallelCalls() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void ParallelCalls::run(std::span<const Request> requests, const CallContext& context,
                        std::size_t at_most, ReplyHandler& handler, const One& one) {
    if (requests.size() <= 1 || at_most <= 1) {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            handler.on_reply(i, guarded(one, requests[i], context));
            if (i + 1 < requests.size()) handler.on_tick();
        }
        return;
    }

    Shared shared;
    const auto runner = [&] {
        std::unique_lock lock(shared.mutex);
        while (shared.next < requests.size()) {
            const std::size_t mine = shared.next++;
            lock.unlock();
            Reply reply = guarded(one, requests[mine], context);
            lock.lock();
            shared.replies.emplace_back(mine, std::move(reply));
            shared.changed.notify_one();
        }
        // Under the lock: once the caller sees the last runner gone, `shared` may be gone too.
        --shared.runners;
        shared.changed.notify_one();
    };
    const std::size_t runners = std::min({at_most, requests.size(), max_threads_});
    shared.runners = runners;
    for (std::size_t i = 0; i < runners; ++i) enqueue(runner);

    std::exception_ptr thrown;
    const auto deliver = [&](const auto& what) {
        if (thrown) return;
        try {
            what();
        } catch (...) {
            thrown = std::current_exception();
            const std::lock_guard lock(shared.mutex);
            shared.next = requests.size();
        }
    };
    auto last_tick = std::chrono::steady_clock::now();
    std::unique_lock lock(shared.mutex);
    while (shared.runners > 0 || !shared.replies.empty()) {
        if (shared.replies.empty()) shared.changed.wait_until(lock, last_tick + kTick);
        std::deque<std::pair<std::size_t, Reply>> ready;
        ready.swap(shared.replies);
        lock.unlock();
        for (std::pair<std::size_t, Reply>& arrived : ready)
            deliver([&] { handler.on_reply(arrived.first, std::move(arrived.second)); });
        if (const auto now = std::chrono::steady_clock::now(); now - last_tick >= kTick) {
            last_tick = now;
            deliver([&] { handler.on_tick(); });
        }
        lock.lock();
    }
    lock.unlock();
    if (thrown) std::rethrow_exception(thrown);
}

void ParallelCalls::enqueue(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (idle_ < jobs_.size() && threads_.size() < max_threads_)
        threads_.emplace_back([this] { work(); });
    wake_.notify_one();
}

void ParallelCalls::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        wake_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty()) return;
        std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

}  // namespace carrick::connectors
