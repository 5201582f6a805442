// SPDX-License-Identifier: Apache-2.0
// ParallelCalls: carries out the requests of one `Connection::call` several at a time, and brings
// every reply back to the thread that called.
#pragma once

#include "core/connectors/connection.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace carrick::connectors {

/// A pool of threads that the connections of a process, or one connection, may share. Threads
/// start when first needed and end with the pool.
class ParallelCalls {
public:
    /// Carries out one request. Runs on any thread, several at once; sees to its own deadline and
    /// cancellation. An exception becomes a Failed reply of class Bug.
    using One = std::function<Reply(const Request&)>;

    explicit ParallelCalls(std::size_t max_threads);
    ~ParallelCalls();
    ParallelCalls(const ParallelCalls&) = delete;
    ParallelCalls& operator=(const ParallelCalls&) = delete;

    /// Runs `one` for each request, at most `at_most` at a time, and returns when each has had its
    /// reply. Replies come on the calling thread in the order of completion; `on_tick` comes there
    /// too, at least every 250 ms. A request whose turn comes after cancellation is answered
    /// Cancelled without `one`.
    ///
    /// One request, or `at_most` of 1, runs on the calling thread: no hand-over between threads,
    /// and therefore `on_tick` only between requests.
    ///
    /// An exception of the handler stops what has not begun, waits for what has, and passes on.
    void run(std::span<const Request> requests, const CallContext& context, std::size_t at_most,
             ReplyHandler& handler, const One& one);

private:
    void enqueue(std::function<void()> job);
    void work();

    const std::size_t max_threads_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace carrick::connectors
