// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/batch.hpp"

#include "core/base/log.hpp"
#include "core/connectors/netsuite/async_job.hpp"
#include "core/connectors/netsuite/lookups.hpp"
#include "core/connectors/netsuite/patience.hpp"
#include "core/connectors/netsuite/records.hpp"
#include "core/connectors/netsuite/suiteql.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

namespace carrick::connectors::netsuite {
namespace {

using std::chrono::seconds;
using Places = std::vector<std::size_t>;

constexpr std::string_view kCollection = "application/vnd.oracle.resource+json; type=collection";
// When the job is not known, the external ids are looked for after these (netsuite.md i.4).
constexpr std::array<Milliseconds, 2> kLooksAfterLoss{seconds(30), seconds(150)};
// Kept of the call's time for reading back: a quarter, at most this.
constexpr Milliseconds kLongestReserve = seconds(20);
// Tasks found in their records' places until the order is believed.
constexpr unsigned kProofs = 3;

Reply unknown(std::string code, std::string message) {
    return {ReplyStatus::Unknown, {}, transient(std::move(code), std::move(message))};
}

Reply done(Batch::Verb verb, const std::string& id) {
    Json body = Json::object({{"id", Json(id)}});
    if (verb == Batch::Verb::Create) body.set("adopted", Json(false));
    return {ReplyStatus::Ok, body.dump(), {}};
}

bool is_same(const Error& a, const Error& b) {
    return a.code == b.code && a.message == b.message && a.field == b.field;
}

/// External ids that exist, with the internal id of each.
struct Present {
    ApiOutcome outcome;
    std::map<std::string, std::string> ids;
};

class BatchRun {
public:
    BatchRun(Session& session, const Batch& batch, const CallContext& context)
        : session_(session), batch_(batch), context_(context), replies_(batch.items.size()) {}

    std::vector<std::optional<Reply>> run();

private:
    [[nodiscard]] bool creates() const { return batch_.verb == Batch::Verb::Create; }
    [[nodiscard]] Present look_up(const Places& places, bool of_this_type);
    [[nodiscard]] Places without_existing(bool& stopped);
    [[nodiscard]] ApiRequest request_for(const Places& places) const;
    [[nodiscard]] CallContext with_reserve() const;
    void send(const Places& places, bool may_send_again);
    void await_without_job(const Places& places, bool accepted);
    void settle_pending(const Places& places, const JobState& state, const std::string& job);
    void settle_completed(const Places& places, const std::string& job);
    [[nodiscard]] Places settle_found(const Places& places);
    void settle(const Places& places, const Reply& reply) {
        for (const std::size_t place : places) replies_[place] = reply;
    }

    /// The results of some records' tasks, and whether they prove the order of tasks.
    class Results;

    Session& session_;
    const Batch& batch_;
    const CallContext& context_;
    std::vector<std::optional<Reply>> replies_;
    std::map<std::size_t, std::string> known_ids_;  ///< by place, once read back
};

Present BatchRun::look_up(const Places& places, bool of_this_type) {
    const RecordTable table = record_table(batch_.record_type);
    SuiteQl query;
    query.text = "SELECT id, externalid FROM " + table.table + " WHERE externalid IN (?)";
    // Another type may hold the external id too: then it is taken, but not by this record.
    if (of_this_type && !table.condition.empty()) query.text += " AND " + table.condition;
    query.text += " AND id > :after ORDER BY id";
    Json wanted = Json::array();
    for (const std::size_t place : places)
        if (!batch_.items[place].external_id.empty())
            wanted.push_back(Json(batch_.items[place].external_id));
    Present present;
    present.outcome.status = ReplyStatus::Ok;
    if (wanted.empty()) return present;
    query.params.push_back(std::move(wanted));
    SuiteQlOutcome answer = run_suiteql(session_, query, context_);
    present.outcome = std::move(answer.outcome);
    for (const Json& row : answer.result.rows)
        present.ids.emplace(row["externalid"].text(), row["id"].text());
    return present;
}

std::vector<std::optional<Reply>> BatchRun::run() {
    bool stopped = false;
    const Places places = without_existing(stopped);
    // One record alone is quicker by itself.
    if (!stopped && places.size() > 1) send(places, true);
    return std::move(replies_);
}

/// Creates only: answers for what exists already. Says `stopped` where nothing may be sent.
Places BatchRun::without_existing(bool& stopped) {
    Places places(batch_.items.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    if (!creates()) return places;
    Present present = look_up(places, false);
    if (!present.outcome.ok()) {
        stopped = true;
        // A table that SuiteQL does not know could not be read back: one by one.
        if (present.outcome.error.code != "netsuite.suiteql_unknown_name")
            settle(places, failed_reply(present.outcome));
        return places;
    }
    std::erase_if(places, [&](std::size_t place) {
        const std::string& external_id = batch_.items[place].external_id;
        const auto found = present.ids.find(external_id);
        if (found == present.ids.end()) return false;
        replies_[place] = failed_reply(
            rejected("netsuite.duplicate", "external id " + external_id +
                                               " exists already (internal id " + found->second +
                                               "); look the existing record up and adopt "
                                               "it"));
        return true;
    });
    return places;
}

ApiRequest BatchRun::request_for(const Places& places) const {
    Json items = Json::array();
    for (const std::size_t place : places) {
        const BatchItem& item = batch_.items[place];
        Json record = item.body;
        if (!item.id.empty())
            record.set("id", Json(item.id));
        else
            record.set("externalId", Json(item.external_id));
        items.push_back(std::move(record));
    }
    ApiRequest request;
    request.method = creates() ? "POST" : batch_.verb == Batch::Verb::Upsert ? "PUT" : "PATCH";
    request.path = record_path(batch_.record_type);
    request.headers = write_headers(kCollection);
    request.body = Json::object({{"items", std::move(items)}}).dump();
    return request;
}

CallContext BatchRun::with_reserve() const {
    CallContext shorter = context_;
    if (context_.deadline == std::chrono::steady_clock::time_point::max()) return shorter;
    const auto left = context_.deadline - std::chrono::steady_clock::now();
    shorter.deadline -= std::min<std::chrono::steady_clock::duration>(left / 4, kLongestReserve);
    return shorter;
}

void BatchRun::send(const Places& places, bool may_send_again) {
    const ApiRequest request = request_for(places);
    std::string content = request.method + " " + request.path + "\n" + request.body;
    // A create is the same wish whenever it is made. An update is not: A, then B, then A again must
    // not be answered by the job of the first A. And chance makes the second key new where the
    // first one led to a job of the past.
    if (!creates() || !may_send_again) content += "\n" + std::to_string(session_.random().next());
    const Submission sent =
        submit_async(session_, request, idempotency_key(session_.account().id, content),
                     batch_.parallel ? "parallel" : "", context_);
    const ErrorClass why = sent.outcome.error.error_class;
    if (sent.state == Submission::State::Refused) {
        // One bad record, or an account without batches: by itself each record gets its own answer.
        if (why == ErrorClass::Rejected || why == ErrorClass::Bug)
            log::info("netsuite.batch_refused", {{"connection", Json(session_.options().name)},
                                                 {"code", Json(sent.outcome.error.code)}});
        else
            settle(places, failed_reply(sent.outcome));
        return;
    }
    if (sent.job.empty())
        return await_without_job(places, sent.state == Submission::State::Accepted);
    const JobState state = wait_for_job(session_, sent.job, with_reserve());
    if (state.state != JobState::State::Completed) return settle_pending(places, state, sent.job);
    // A job that was over before we asked ran under the settings of its day; what it did not make
    // is tried anew, or a period that has been opened since would stay closed for ever.
    if (sent.from_before && state.at_once) {
        const Places left = settle_found(places);
        if (creates() && left.size() > 1 && may_send_again) return send(left, false);
        return;
    }
    settle_completed(places, sent.job);
}

/// Learns the ids, answers for creates that can be read back, and returns what is left.
Places BatchRun::settle_found(const Places& places) {
    Present present = look_up(places, true);
    Places left;
    for (const std::size_t place : places) {
        const BatchItem& item = batch_.items[place];
        const auto found = present.ids.find(item.external_id);
        if (!item.id.empty())
            known_ids_[place] = item.id;
        else if (found != present.ids.end())
            known_ids_[place] = found->second;
        if (creates() && known_ids_.contains(place))
            replies_[place] = done(batch_.verb, known_ids_[place]);
        else
            left.push_back(place);
    }
    return left;
}

void BatchRun::await_without_job(const Places& places, bool accepted) {
    Places left = places;
    const CallContext patient = with_reserve();
    // That an upsert or a patch took place cannot be read off an external id.
    for (unsigned look = 0; creates() && !left.empty(); ++look) {
        if (!accepted && look >= kLooksAfterLoss.size()) break;
        if (!pause_for(session_.clock(), accepted ? poll_pause(look) : kLooksAfterLoss[look],
                       patient))
            break;
        left = settle_found(left);
    }
    settle(left, accepted ? unknown("netsuite.batch_pending",
                                    "NetSuite took the batch and did not name its job; the record "
                                    "was not found before the call's deadline and may still come")
                          : unknown("netsuite.batch_lost",
                                    "the batch was sent and no answer came; the record was not "
                                    "found and may still come"));
}

void BatchRun::settle_pending(const Places& places, const JobState& state, const std::string& job) {
    const Places left = creates() ? settle_found(places) : places;
    std::string message = "job " + job;
    message += state.state == JobState::State::Gone
                   ? " cannot be asked about: " + state.error.message
                   : std::string(" was not completed before the call's deadline");
    settle(left, unknown("netsuite.batch_pending",
                         message + "; the record was not found and may still come"));
}

/// What the tasks of some records answered. Records whose ids are known show whether tasks stand in
/// the order of records.
class BatchRun::Results {
public:
    Results(BatchRun& run, const std::string& job, const Places& sent)
        : run_(run), job_(job), sent_(sent) {
        TaskList list = list_tasks(run.session_, job, run.context_);
        tasks_ = std::move(list.tasks);
        unavailable_ = list.outcome.ok() ? Error{} : list.outcome.error;
        readable_ = list.outcome.ok();
    }
    [[nodiscard]] bool readable() const { return readable_; }
    [[nodiscard]] const Error& unavailable() const { return unavailable_; }
    [[nodiscard]] bool complete() const { return tasks_.size() == sent_.size(); }
    [[nodiscard]] bool in_order() const { return complete() && !contradicted_; }
    [[nodiscard]] bool proven() const { return proofs_ >= kProofs; }

    TaskResult of(std::size_t place) {
        const auto at = std::find(sent_.begin(), sent_.end(), place) - sent_.begin();
        TaskResult result =
            task_result(run_.session_, job_, tasks_[static_cast<std::size_t>(at)], run_.context_);
        if (result.state != TaskResult::State::Done || result.id.empty()) return result;
        Error unasked;
        const std::optional<bool> own = is_of(place, result.id, unasked);
        if (!own) return {TaskResult::State::Unclear, {}, std::move(unasked)};
        if (*own)
            ++proofs_;
        else
            contradicted_ = true;
        return result;
    }

private:
    /// Whether the record that a task names is the one at that place of the batch; nothing, and
    /// the reason, where that cannot be found out now.
    std::optional<bool> is_of(std::size_t place, const std::string& id, Error& unasked) {
        if (const auto known = run_.known_ids_.find(place); known != run_.known_ids_.end())
            return known->second == id;
        for (const auto& [other, known] : run_.known_ids_)
            if (known == id) return false;
        // SuiteQL may lag behind; the record itself tells its external id.
        ApiRequest read;
        read.path = record_path(run_.batch_.record_type) + "/" + id + "?fields=externalId";
        read.headers = {{"Accept", "application/json"}};
        const ApiOutcome outcome = run_.session_.send(read, run_.context_);
        if (!outcome.ok()) {
            unasked = outcome.error;
            return std::nullopt;
        }
        return Json::parse(outcome.response.body).value_or(Json())["externalId"].text() ==
               run_.batch_.items[place].external_id;
    }

    BatchRun& run_;
    const std::string& job_;
    const Places& sent_;
    std::vector<std::string> tasks_;
    Error unavailable_;
    bool readable_ = false;
    unsigned proofs_ = 0;
    bool contradicted_ = false;
};

void BatchRun::settle_completed(const Places& places, const std::string& job) {
    const Places open = settle_found(places);
    if (open.empty()) return;
    Results results(*this, job, places);
    if (!results.readable())
        return settle(open, unknown("netsuite.batch_result",
                                    "job " + job + " is completed and its results cannot be had: " +
                                        results.unavailable().message));
    if (!results.complete()) return;  // not one task a record: by themselves

    std::map<std::size_t, Error> refused;
    for (const std::size_t place : open) {
        TaskResult result = results.of(place);
        if (!results.in_order()) break;
        switch (result.state) {
            case TaskResult::State::Failed: refused.emplace(place, std::move(result.error)); break;
            case TaskResult::State::Done:
                if (result.id.empty() && known_ids_.contains(place))
                    result.id = known_ids_.at(place);
                if (!result.id.empty()) replies_[place] = done(batch_.verb, result.id);
                break;
            case TaskResult::State::Unclear:
                replies_[place] =
                    unknown("netsuite.batch_result", "job " + job +
                                                         " is completed, but not what became of "
                                                         "the record: " +
                                                         result.error.message);
                break;
        }
    }
    const auto differs = [&](const auto& one) {
        return !is_same(one.second, refused.begin()->second);
    };
    // Two refusals may have changed places, unless they say the same. A record whose id is known
    // shows whether its task stands in its place.
    if (refused.size() > 1 && std::any_of(refused.begin(), refused.end(), differs))
        for (const std::size_t place : places)
            if (!results.proven() && results.in_order() && known_ids_.contains(place) &&
                !refused.contains(place))
                (void)results.of(place);
    const bool ambiguous = refused.size() > 1 && !results.proven() &&
                           std::any_of(refused.begin(), refused.end(), differs);
    if (!results.in_order() || ambiguous) {
        // Completed, so nothing more will come of the batch: each record is asked for by itself.
        for (const std::size_t place : open) replies_[place].reset();
        return;
    }
    for (auto& [place, error] : refused) replies_[place] = failed_reply(std::move(error));
}

}  // namespace

std::vector<std::optional<Reply>> run_batch(Session& session, const Batch& batch,
                                            const CallContext& context) {
    // What fails here may fail behind the sending, so that nothing is said to be unsent.
    std::string problem;
    try {
        return BatchRun(session, batch, context).run();
    } catch (const std::exception& e) {
        problem = e.what();
    } catch (...) {
        problem = "unknown";
    }
    Reply reply = unknown("connector.exception", "");
    reply.error = bug("connector.exception", "a batch ended with an exception: " + problem);
    return {batch.items.size(), reply};
}

}  // namespace carrick::connectors::netsuite
