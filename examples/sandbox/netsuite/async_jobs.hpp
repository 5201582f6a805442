// SPDX-License-Identifier: Apache-2.0
// Asynchronous requests and batches: jobs whose tasks run on the sandbox's clock, each with the
// answer that a synchronous request would have got. Source: netsuite.md b.5, b.6.
#pragma once

#include "examples/sandbox/service.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carrick::sandbox::netsuite {

/// Not thread-safe: the service locks it.
class AsyncJobs {
public:
    /// Does one request now, at the time given.
    using Perform = std::function<Response(const Request& request, UtcTime now)>;

    AsyncJobs(const Switches& switches, Perform perform)
        : switches_(switches), perform_(std::move(perform)) {}

    [[nodiscard]] static bool wants(const Request& request);
    /// 202 with the job's place. Throws Refusal: more than 100 records, a body that is no
    /// collection, an idempotency key that is in use (its answer is built by `conflict`).
    [[nodiscard]] Response submit(const Request& request, UtcTime now, bool forgotten = false);
    /// GET below /services/rest/async/v1; `path` is what stands behind it. Throws Refusal.
    [[nodiscard]] Response read(const Request& request, const std::vector<std::string>& path,
                                UtcTime now) const;
    /// Runs the tasks whose time has come, in the order of their times.
    void catch_up(UtcTime now);

    [[nodiscard]] std::size_t submitted() const { return jobs_.size(); }
    [[nodiscard]] Json snapshot() const;
    void restore(const Json& snapshot);
    void clear() {
        jobs_.clear();
        forgotten_ = 0;
    }

private:
    struct Task {
        std::string number;
        Request request;
        UtcTime due;
        std::optional<Response> result;
    };
    struct Job {
        std::int64_t id = 0;
        std::string key;  ///< X-NetSuite-Idempotency-Key
        bool sequential = true;
        bool stopped = false;
        std::vector<Task> tasks;  ///< in the order of the items
    };

    [[nodiscard]] std::vector<Request> parts_of(const Request& request) const;
    [[nodiscard]] Response accepted(const Request& request, const Job& job) const;
    void schedule(Job& job, std::vector<Request> parts, UtcTime now) const;
    [[nodiscard]] Json job_json(const Job& job, const std::string& self, UtcTime now) const;
    [[nodiscard]] Json task_json(const Task& task, const std::string& self, UtcTime now) const;

    const Switches& switches_;
    Perform perform_;
    std::map<std::int64_t, Job> jobs_;
    std::int64_t forgotten_ = 0;  // their numbers are not given out again
};

}  // namespace carrick::sandbox::netsuite
