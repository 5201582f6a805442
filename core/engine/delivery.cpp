// SPDX-License-Identifier: Apache-2.0
// Delivery: the stages that talk to the target and set outcomes one by one, the attempts that are
// committed before an unsafe write, and the commits while a call still runs.
#include "core/base/failpoint.hpp"
#include "core/engine/call_scope.hpp"
#include "core/engine/instance.hpp"

#include <algorithm>

namespace carrick::engine {

using plugin_host::CallEnd;
using plugin_host::CallStatus;
using plugin_host::DeliverBoard;
using plugin_host::Outcome;
using plugin_host::OutcomeKind;
using plugin_host::Payload;
using plugin_host::Stage;
using plugin_host::WriteAction;
using store::OpenState;

namespace {

constexpr std::int64_t kTargetTime = 2'000;      // milliseconds that one batch should take
constexpr std::size_t kLargestWriteBatch = 100;  // as many as one asynchronous batch of NetSuite
constexpr std::size_t kLargestBatch = 1'000;

std::int64_t writes_for(const std::vector<Payload>& payloads, std::size_t record) {
    return std::count_if(payloads.begin(), payloads.end(), [&](const Payload& payload) {
        return payload.record == record && payload.action != WriteAction::Adopt;
    });
}

}  // namespace

std::size_t Instance::batch_limit() const {
    if (flow_.batch != 0) return flow_.batch;
    if (!keeps_ledger_) return kLargestBatch;
    if (const ConnectionSpec* target = connection("target"))
        if (const std::size_t preferred = target->connection->preferred_batch(); preferred != 0)
            return preferred;
    const std::int64_t fitting = kTargetTime / std::max<std::int64_t>(milliseconds_per_record_, 1);
    return std::clamp<std::size_t>(static_cast<std::size_t>(fitting), 1, kLargestWriteBatch);
}

void Instance::measure(std::size_t records, Milliseconds elapsed) {
    const std::int64_t each =
        elapsed.count() / static_cast<std::int64_t>(std::max<std::size_t>(records, 1));
    milliseconds_per_record_ = (milliseconds_per_record_ * 3 + each) / 4;
}

// ---- deliver
// -------------------------------------------------------------------------------------

void Instance::deliver(Batch& batch) {
    if (!plugin_->offers(Stage::Deliver)) {
        Outcome outcome;
        for (OpenEntry* entry : batch.entries) done(*entry, outcome, 0);
        return;
    }
    if (!cut_to_first_run(batch)) return give_back(batch);
    if (!announce_writes(batch)) return;

    failpoint::pass("engine.before_deliver");
    if (stopping()) return give_back(batch);
    DeliverBoard board;
    board.outcomes.resize(batch.entries.size());
    CallGateway gateway(gateway_context(), [&] { progress(batch, board, Stage::Deliver); });
    const std::vector<plugin_host::LedgerView> ledger = ledger_views(batch);
    const UtcTime began = now();
    last_commit_at_ = began;
    in_call_ = true;
    CallEnd end;
    {
        const CallScope scope(*this);
        end = plugin_->deliver(gateway, board, batch.records, batch.payloads, ledger);
    }
    in_call_ = false;
    failpoint::pass("engine.after_deliver");
    measure(batch.entries.size(), now() - began);
    finish_call(batch, board, end, Stage::Deliver);
}

bool Instance::cut_to_first_run(Batch& batch) {
    if (first_run_passed_ || !flow_.first_run_limit) return true;
    std::int64_t room = *flow_.first_run_limit - written_ever_ - draft_.counts.written;
    std::size_t fitting = 0;
    for (; fitting < batch.entries.size(); ++fitting)
        if ((room -= writes_for(batch.payloads, fitting)) < 0) break;
    if (fitting == batch.entries.size()) return true;
    if (fitting > 0) {
        // What is beyond the limit goes back in line, and holds the flow as the next batch: by then
        // there is something to look at.
        for (std::size_t i = fitting; i < batch.entries.size(); ++i) {
            open_.set_state(*batch.entries[i], OpenState::Ready);
            open_.queue(*batch.entries[i]);
            batch.concluded[i] = true;
        }
        compact(batch);
        return true;
    }
    const Error error = misconfigured(
        "engine.first_run_limit",
        "flow " + name_.flow + " would write more than " + std::to_string(*flow_.first_run_limit) +
            " documents in its first run; look at what it wrote, then `carrick flows allow " +
            name_.flow + "`, or raise first_run_limit");
    if (const auto known = error_keys_.find("");
        known == error_keys_.end() || known->second != error.code)
        add_error(nullptr, error, "deliver");
    end_.hold_instance = error;
    return false;
}

// Before anything is sent the store knows that it may have been, so that neither a lost answer nor
// a crash lets a newer version of the record run before this one has its answer. What is not safe
// to repeat leaves besides what reconcile needs to look for it.
bool Instance::announce_writes(Batch& batch) {
    const UtcTime at = now();
    bool news = false;
    for (const Payload& payload : batch.payloads) {
        // Linking a document that is there changes nothing in the target.
        if (payload.action == WriteAction::Adopt) continue;
        OpenEntry& entry = *batch.entries[payload.record];
        if (manifest_.write(payload.write)->repeat_safe) {
            if (entry.question != Question::None) continue;
            entry.question = Question::Asked;
        } else {
            entry.attempts.push_back({entry.at.channel, entry.at.seq, payload.write,
                                      payload.external_id, payload.body, at});
            draft_.attempts_put.push_back(entry.attempts.back());
        }
        entry.stage = "deliver";
        put(entry);
        news = true;
    }
    if (!news) return true;
    return flush("engine.before_attempt_commit", "engine.after_attempt_commit");
}

// ---- reconcile and resume
// ------------------------------------------------------------------------

void Instance::reconcile(std::vector<OpenEntry*> entries) {
    Batch batch;
    batch.entries = std::move(entries);
    batch.concluded.assign(batch.entries.size(), false);
    std::vector<plugin_host::AttemptView> attempts;
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        batch.records.push_back(&batch.entries[i]->record);
        for (const store::Attempt& attempt : batch.entries[i]->attempts)
            attempts.push_back({static_cast<std::uint32_t>(i), attempt.write, attempt.external_id,
                                attempt.body, attempt.started_at});
    }
    if (!plugin_->offers(Stage::Reconcile)) {
        // The host refuses such a manifest; a plugin that was exchanged below open attempts can
        // still bring us here.
        for (OpenEntry* entry : batch.entries)
            to_error_queue(
                *entry,
                rejected("engine.no_reconcile",
                         "a write of record " + entry->record.key + " has no answer and plugin " +
                             manifest_.name + " cannot reconcile; look in the target, then retry"),
                Stage::Reconcile, OpenState::Unknown);
        return;
    }
    failpoint::pass("engine.before_reconcile");
    DeliverBoard board;
    board.outcomes.resize(batch.entries.size());
    CallGateway gateway(gateway_context(), [&] { progress(batch, board, Stage::Reconcile); });
    in_call_ = true;
    CallEnd end;
    {
        const CallScope scope(*this);
        end = plugin_->reconcile(gateway, board, batch.records, attempts);
    }
    in_call_ = false;
    failpoint::pass("engine.after_reconcile");
    finish_call(batch, board, end, Stage::Reconcile);
}

void Instance::resume(std::vector<OpenEntry*> entries) {
    Batch batch;
    batch.entries = std::move(entries);
    batch.concluded.assign(batch.entries.size(), false);
    std::vector<plugin_host::WaitView> waits;
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        const OpenEntry& entry = *batch.entries[i];
        batch.records.push_back(&entry.record);
        waits.push_back({static_cast<std::uint32_t>(i), entry.token, entry.since, entry.deadline});
    }
    if (writes_in_shadow()) {
        // Resuming may write. The token stays; it is looked at when the target is live again.
        for (OpenEntry* entry : batch.entries) {
            entry->look_again_at = now() + services_.settings.lookup_wait;
            open_.set_state(*entry, OpenState::Waiting);
            schedule_wait(*entry);
        }
        return;
    }
    failpoint::pass("engine.before_resume");
    DeliverBoard board;
    board.outcomes.resize(batch.entries.size());
    CallGateway gateway(gateway_context(), [&] { progress(batch, board, Stage::Resume); });
    in_call_ = true;
    CallEnd end;
    {
        const CallScope scope(*this);
        end = plugin_->resume(gateway, board, batch.records, waits);
    }
    in_call_ = false;
    failpoint::pass("engine.after_resume");
    finish_call(batch, board, end, Stage::Resume);
}

// ---- outcomes of a call
// --------------------------------------------------------------------------

void Instance::take_outcomes(Batch& batch, DeliverBoard& board, Stage stage) {
    std::vector<bool> taken(batch.entries.size(), false);
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        if (!board.outcomes[i]) continue;
        Outcome outcome = std::move(*board.outcomes[i]);
        board.outcomes[i].reset();
        // The last outcome before a commit wins; what is said of a committed record afterwards
        // comes too late.
        if (batch.concluded[i]) continue;
        batch.concluded[i] = true;
        taken[i] = true;
        const std::int64_t written =
            outcome.kind == OutcomeKind::Done ? writes_for(batch.payloads, i) : 0;
        apply(*batch.entries[i], std::move(outcome), stage, written);
    }
    std::erase_if(board.links, [&](std::pair<std::uint32_t, store::Link>& link) {
        if (!taken[link.first]) return false;
        draft_.links.push_back(std::move(link.second));
        return true;
    });
}

void Instance::progress(Batch& batch, DeliverBoard& board, Stage stage) {
    if (watch_.abandoned() || reload_at_ != UtcTime()) return;
    if (now() - last_commit_at_ < services_.settings.commit_interval) return;
    if (std::none_of(board.outcomes.begin(), board.outcomes.end(),
                     [](const std::optional<Outcome>& outcome) { return outcome.has_value(); }))
        return;
    take_outcomes(batch, board, stage);
    flush("engine.before_progress_commit", "engine.after_progress_commit");
}

void Instance::finish_call(Batch& batch, DeliverBoard& board, const CallEnd& end, Stage stage) {
    if (call_was_abandoned()) return;
    if (reload_at_ != UtcTime()) return;  // a commit in between failed: memory is not the truth
    take_outcomes(batch, board, stage);
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        if (batch.concluded[i]) continue;
        OpenEntry& entry = *batch.entries[i];
        if (entry.question == Question::Asked) entry.question = Question::Lost;
        if (batch.stopped) continue;
        if (end.status == CallStatus::Cancelled) {
            // It stays where it was. A write that may be on its way has its attempt, or is in
            // question and safe to repeat.
            if (stopping()) break;
            batch.concluded[i] = true;
            retry_later(entry,
                        transient("engine.timeout",
                                  "flow " + name_.flow + ": a call did not end within its time"),
                        stage);
            continue;
        }
        batch.concluded[i] = true;
        const Error error =
            end.status == CallStatus::Failed
                ? end.error
                : bug("engine.no_outcome",
                      "plugin " + manifest_.name + " ended " + std::string(stage_name(stage)) +
                          " without an outcome for record " + entry.record.key);
        // The call as a whole failed: what it had sent by then nobody knows, so attempts stay, and
        // so does the question.
        failed(entry, error, stage);
        if (end_.hold_flow || end_.hold_instance) batch.stopped = true;
    }
    give_back(batch);
    kept_.clear();
}

}  // namespace carrick::engine
