// SPDX-License-Identifier: Apache-2.0
// Asynchronous requests: handing one in, waiting for its job, and fetching what its tasks answered.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace carrick::connectors::netsuite {

/// How handing in ended.
struct Submission {
    enum class State {
        Accepted,  ///< a job works on it: `job`, or "" where the answer did not tell which
        Lost,      ///< sent, three times, and no answer came: there may be a job
        Refused,   ///< `outcome` says why; nothing is or will be carried out
    };
    State state = State::Refused;
    std::string job;
    /// The key was known: the job of an earlier request with this key was adopted.
    bool adopted = false;
    /// Adopted, and not because of a lost answer of this very call: the job may be an old one.
    bool from_before = false;
    ApiOutcome outcome;
};

/// Sends `request` with `Prefer: respond-async` and the idempotency key. A lost answer is asked for
/// again with the same key: if the first request arrived, NetSuite answers 400 IDEMPOTENCY_ERROR
/// and names its job. `processing`  "" or "parallel": how the records of a batch are carried out.
[[nodiscard]] Submission submit_async(Session& session, ApiRequest request, std::string_view key,
                                      std::string_view processing, const CallContext& context);

struct JobState {
    enum class State {
        Completed,
        Pending,  ///< not before the deadline, or cancelled
        Gone,     ///< NetSuite does not answer about it; `error` says how
    };
    State state = State::Pending;
    bool at_once = false;  ///< completed when first asked
    Error error;
};

/// Polls until the job is completed or the context's deadline: after 2 seconds, then ever later, at
/// most every 30. What heals (5xx, web pages, 429, lost answers) does not end the wait.
[[nodiscard]] JobState wait_for_job(Session& session, const std::string& job,
                                    const CallContext& context);

/// The pauses between polls, the first for `attempt` 0: 2, 4, 8, 16, 30, 30, … seconds.
[[nodiscard]] Milliseconds poll_pause(unsigned attempt);

/// The ids of the job's tasks in rising order, which NetSuite gives in the order of the records
/// (usually: nothing promises it). `tasks` is empty where they cannot be had.
struct TaskList {
    ApiOutcome outcome;
    std::vector<std::string> tasks;
};
[[nodiscard]] TaskList list_tasks(Session& session, const std::string& job,
                                  const CallContext& context);

/// What one task answered: exactly the response that a single request would have had.
struct TaskResult {
    enum class State {
        Done,    ///< a 2xx; `id` of the record, "" if it does not say
        Failed,  ///< the record's own refusal: `error`
        Unclear  ///< the result cannot be had, or it is a 5xx: `error`
    };
    State state = State::Unclear;
    std::string id;
    Error error;
};
[[nodiscard]] TaskResult task_result(Session& session, const std::string& job,
                                     const std::string& task, const CallContext& context);

/// A name-based UUID (RFC 4122, version 5): the same account and content, the same key.
[[nodiscard]] std::string idempotency_key(std::string_view account, std::string_view content);

}  // namespace carrick::connectors::netsuite
