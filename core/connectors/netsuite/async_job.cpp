// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/async_job.hpp"

#include "core/base/log.hpp"
#include "core/connectors/netsuite/patience.hpp"
#include "core/connectors/netsuite/records.hpp"
#include "core/connectors/netsuite/url_text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace carrick::connectors::netsuite {
namespace {

using std::chrono::seconds;

constexpr unsigned kSubmissions = 3;
constexpr Milliseconds kSubmitPause = seconds(2);
constexpr Milliseconds kFirstPoll = seconds(2);
constexpr Milliseconds kLongestPoll = seconds(30);
constexpr std::string_view kConflict = "netsuite.idempotency_conflict";

std::string job_path(const std::string& job) {
    return "/async/v1/job/" + job;
}

ApiOutcome read(Session& session, std::string path, const CallContext& context) {
    ApiRequest request;
    request.path = std::move(path);
    request.headers = {{"Accept", "application/json"}};
    return session.send(request, context);
}

bool heals(const ApiOutcome& outcome) {
    return outcome.error.error_class == ErrorClass::Transient ||
           outcome.error.error_class == ErrorClass::Throttled;
}

bool by_number(const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

Submission submit_async(Session& session, ApiRequest request, std::string_view key,
                        std::string_view processing, const CallContext& context) {
    request.kind = ConcurrencyBudget::Kind::Submit;
    std::string prefer = "respond-async";
    if (!processing.empty()) prefer += ", batch-processing=\"" + std::string(processing) + "\"";
    request.headers.emplace_back("Prefer", std::move(prefer));
    request.headers.emplace_back("X-NetSuite-Idempotency-Key", std::string(key));

    Submission submission;
    bool lost_before = false;
    for (unsigned attempt = 1;; ++attempt) {
        submission.outcome = session.send(request, context);
        const http::HttpResponse& response = submission.outcome.response;
        submission.job = job_in_location(response.header("Location"));
        if (submission.outcome.ok()) {
            submission.state = Submission::State::Accepted;
            return submission;
        }
        if (submission.outcome.error.code == kConflict) {
            submission.state = Submission::State::Accepted;
            submission.adopted = true;
            submission.from_before = !lost_before;
            log::info("netsuite.job_adopted", {{"connection", Json(session.options().name)},
                                               {"job", Json(submission.job)}});
            return submission;
        }
        // Once an answer was lost, no later refusal (a 429, a deadline) proves that there is no
        // job.
        lost_before = lost_before || submission.outcome.status == ReplyStatus::Unknown;
        if (!lost_before) {
            submission.state = Submission::State::Refused;
            return submission;
        }
        submission.state = Submission::State::Lost;
        if (attempt >= kSubmissions ||
            !pause_for(session.clock(), jittered(kSubmitPause, session.random()), context))
            return submission;
    }
}

Milliseconds poll_pause(unsigned attempt) {
    return std::min(kLongestPoll, kFirstPoll * (std::int64_t{1} << std::min(attempt, 8U)));
}

JobState wait_for_job(Session& session, const std::string& job, const CallContext& context) {
    for (unsigned attempt = 0;; ++attempt) {
        if (!pause_for(session.clock(), poll_pause(attempt), context)) return {};
        const ApiOutcome outcome = read(session, job_path(job), context);
        if (outcome.ok()) {
            const Json state = Json::parse(outcome.response.body).value_or(Json());
            // The vocabulary of `progress` is open; `completed` is what is documented.
            if (state["completed"].bool_if().value_or(false))
                return {JobState::State::Completed, attempt == 0, {}};
            continue;
        }
        if (outcome.status == ReplyStatus::Cancelled) return {};
        if (!heals(outcome)) return {JobState::State::Gone, false, outcome.error};
    }
}

TaskList list_tasks(Session& session, const std::string& job, const CallContext& context) {
    TaskList list{read(session, job_path(job) + "/task", context), {}};
    if (!list.outcome.ok()) return list;
    const Json body = Json::parse(list.outcome.response.body).value_or(Json());
    // The documented sample has all links in one item; others have an item for each task.
    for (const Json& item : body["items"].items())
        for (const Json& link : item["links"].items())
            if (std::string task = task_in_link(link["href"].text()); !task.empty())
                list.tasks.push_back(std::move(task));
    std::sort(list.tasks.begin(), list.tasks.end(), by_number);
    list.tasks.erase(std::unique(list.tasks.begin(), list.tasks.end()), list.tasks.end());
    return list;
}

TaskResult task_result(Session& session, const std::string& job, const std::string& task,
                       const CallContext& context) {
    const ApiOutcome outcome = read(session, job_path(job) + "/task/" + task + "/result", context);
    if (outcome.ok()) return {TaskResult::State::Done, id_in_answer(outcome.response), {}};
    // Other statuses may be about this question as well as about the record: a 404 may say that the
    // result is kept no longer, a 401 that our token has ended.
    const int status = outcome.response.status;
    const bool of_the_record = status == 400 || status == 403 || status == 409 || status == 413;
    return {
        of_the_record ? TaskResult::State::Failed : TaskResult::State::Unclear, {}, outcome.error};
}

std::string idempotency_key(std::string_view account, std::string_view content) {
    // Our own name space, made once at random.
    static constexpr std::array<unsigned char, 16> kNameSpace{0x5d, 0x3b, 0x8e, 0x51, 0x0c, 0x4f,
                                                              0x4a, 0x86, 0x9f, 0x27, 0xd1, 0x6a,
                                                              0x44, 0xe9, 0xb0, 0x73};
    std::string name(reinterpret_cast<const char*>(kNameSpace.data()), kNameSpace.size());
    name.append(account).append(1, '\n').append(content);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(name.data(), name.size(), digest.data(), &size, EVP_sha1(), nullptr);
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0FU) | 0x50U);  // version 5
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3FU) | 0x80U);  // variant of RFC 4122
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string key;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) key += '-';
        key += kDigits[digest[i] >> 4U];
        key += kDigits[digest[i] & 15U];
    }
    return key;
}

}  // namespace carrick::connectors::netsuite
