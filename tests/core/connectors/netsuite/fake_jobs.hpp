// SPDX-License-Identifier: Apache-2.0
// A NetSuite account that knows asynchronous batches, external ids and little else.
#pragma once

#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <map>
#include <mutex>

namespace carrick::testing {

/// Carries batches out when they are handed in; when the job says so is another matter.
class FakeJobs {
public:
    http::HttpResult operator()(const http::HttpRequest& request);

    // How the account behaves.
    unsigned polls_until_completed = 1;
    bool relative_location = false;
    bool without_location = false;
    bool honours_keys = true;
    bool reverse_tasks = false;
    bool separate_task_items = false;
    bool query_lags = false;                           ///< SuiteQL does not see what batches make
    std::map<std::string, http::HttpResult> refusals;  ///< by external id
    /// Answers instead, if it answers; asked before anything is done.
    std::function<std::optional<http::HttpResult>(const http::HttpRequest&)> before;
    /// The same for a batch that has been carried out: the answer that arrives.
    std::function<std::optional<http::HttpResult>(const http::HttpRequest&)> after_batch;

    // What came of it.
    std::map<std::string, std::string> records;  ///< external id -> internal id
    std::map<std::string, unsigned> executions;  ///< times a record's creation was tried
    std::vector<std::string> keys;
    std::vector<Json> submitted;
    std::map<std::string, std::size_t> calls;  ///< "submit", "poll", "tasks", "result", "query", …

    /// An earlier, completed job under whatever key comes first.
    void remember_job(std::vector<http::HttpResult> results);

private:
    struct Job {
        std::vector<http::HttpResult> results;
        std::vector<std::string> made;
        unsigned polls = 0;
    };
    http::HttpResult submit(const http::HttpRequest& request);
    http::HttpResult create(const std::string& external_id, bool upsert);
    http::HttpResult job_answer(const http::HttpRequest& request, const std::string& path);
    http::HttpResult query(const http::HttpRequest& request);
    http::HttpResult accepted(const std::string& job, int status) const;

    std::mutex mutex_;
    std::map<std::string, Job> jobs_;
    std::map<std::string, std::string> job_of_key_;
    std::map<std::string, std::string> by_batch_;
    std::optional<std::string> old_job_;
    int next_id_ = 1000;
    int next_job_ = 500;
};

/// A clock a thousand times as fast as the machine's: pauses are short, and deadlines end them.
class QuickClock final : public Clock {
public:
    [[nodiscard]] UtcTime now() const override {
        const auto passed = std::chrono::steady_clock::now() - begun_;
        return UtcTime(1795428000000) +
               std::chrono::duration_cast<Milliseconds>(passed * std::int64_t{1000});
    }
    [[nodiscard]] Milliseconds real_time_for(Milliseconds span) const override {
        return span / 1000;
    }

private:
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

[[nodiscard]] std::string header_in(const http::HttpRequest& request, std::string_view name);

}  // namespace carrick::testing
