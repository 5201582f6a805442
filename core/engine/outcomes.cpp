// SPDX-License-Identifier: Apache-2.0
// Outcomes: what each end of a record means for the commit under construction.
#include "core/base/log.hpp"
#include "core/engine/instance.hpp"
#include "core/errors/fingerprint.hpp"

#include <algorithm>

namespace carrick::engine {

using plugin_host::Outcome;
using plugin_host::OutcomeKind;
using plugin_host::Stage;
using store::OpenState;

void Instance::apply(OpenEntry& entry, Outcome outcome, Stage stage, std::int64_t written) {
    switch (outcome.kind) {
        case OutcomeKind::Done: return done(entry, outcome, written);
        case OutcomeKind::Skipped:
            return skipped(entry, outcome.details().reason, outcome.details().learnt,
                           SkippedBy::Plugin);
        case OutcomeKind::Waiting: return waiting(entry, std::move(outcome), stage);
        case OutcomeKind::Unknown: return unknown(entry, outcome, stage);
        case OutcomeKind::Failed:
            // A failure says that the write was not carried out; only in reconcile is that still
            // the open question. It says so of this call: what an earlier one may have sent stays
            // in question until the record is tried no more.
            if (stage != Stage::Reconcile) drop_attempts(entry);
            if (entry.question == Question::Asked) entry.question = Question::None;
            return failed(entry,
                          outcome.details().error
                              ? *outcome.details().error
                              : bug("engine.no_error", "plugin " + manifest_.name +
                                                           " failed a record without an error"),
                          stage);
        case OutcomeKind::Absent:
            // The write never arrived: it is safe to send, from the beginning, as things may have
            // changed since.
            drop_attempts(entry);
            entry.question = Question::None;
            entry.token.clear();
            open_.set_state(entry, OpenState::Ready);
            put(entry);
            open_.queue(entry);
            return;
    }
}

// ---- settled
// -------------------------------------------------------------------------------------

void Instance::done(OpenEntry& entry, const Outcome& outcome, std::int64_t written) {
    ++draft_.counts.done;
    draft_.counts.written += written;
    const plugin_host::OutcomeDetails& details = outcome.details();
    const store::Record& record = entry.record;
    if (!error_keys_.empty())
        if (const auto known = error_keys_.find(record.key); known != error_keys_.end()) {
            draft_.resolve_key_errors.emplace_back(record.key, "succeeded later");
            error_keys_.erase(known);
        }
    if (keeps_ledger_)
        draft_.ledger.push_back({record.key, record.version, record.content_hash,
                                 record.stream_rank,
                                 details.target_ids.empty() ? "{}" : details.target_ids});
    if (watched(record.key)) note(record.key, {.state = KeyState::Done, .ids = details.target_ids});
    std::unique_ptr<OpenEntry> owned = settle(entry);
    const bool preview = owned->record.preview;
    if (in_call_) {
        append_downstream(owned->record, details.learnt, preview);
        kept_.push_back(std::move(owned));
    } else {
        append_downstream(std::move(owned->record), details.learnt, preview);
    }
}

void Instance::skipped(OpenEntry& entry, const std::string& reason, const std::string& learnt,
                       SkippedBy who) {
    ++draft_.counts.skipped[reason.empty() ? std::string("skipped") : reason];
    const store::Record& record = entry.record;
    if (!error_keys_.empty())
        if (const auto known = error_keys_.find(record.key); known != error_keys_.end()) {
            draft_.resolve_key_errors.emplace_back(record.key, "skipped later: " + reason);
            error_keys_.erase(known);
        }
    // A plugin's or a person's skip is a decision about this version and is remembered, or each
    // overlapping poll would ask again. A filter's is not: it costs nothing to ask and may be
    // edited.
    const bool decided = who != SkippedBy::Filter;
    if (decided && keeps_ledger_ && !record.preview) {
        std::string ids = entry.ledger ? entry.ledger->target_ids : std::string("{}");
        if (who == SkippedBy::Person && ids == "{}") ids = kByHandIds;
        draft_.ledger.push_back(
            {record.key, record.version, record.content_hash, record.stream_rank, std::move(ids)});
    }
    if (watched(record.key)) note(record.key, {.state = KeyState::Skipped, .reason = reason});
    std::unique_ptr<OpenEntry> owned = settle(entry);
    // Without content there is nothing to pass on; `end_by_hand` says so.
    if (decided && manifest_.pass_skipped && !owned->record.body.empty())
        append_downstream(owned->record, learnt, owned->record.preview);
    if (in_call_) kept_.push_back(std::move(owned));
}

namespace {

/// Puts the members of `learnt` into the body's member "carrick"; false where one of the two is no
/// JSON object, and the body is as it was.
bool add_learnt(std::string& body, const std::string& learnt) {
    const Result<Json> news = Json::parse(learnt);
    if (!news || !news->is_object()) return false;
    // Where the body cannot have such a member yet, however it is written, the new one goes to its
    // end; reading and writing all of it would cost more than the whole step does otherwise.
    const std::size_t last =
        body.empty() ? std::string::npos : body.find_last_not_of(" \t\r\n", body.size() - 2);
    const bool has_members = body.size() > 2 && last != std::string::npos && body[last] != '{';
    if (has_members && body.front() == '{' && body.back() == '}' &&
        body.find("carrick") == std::string::npos && body.find("\\u") == std::string::npos) {
        body.back() = ',';
        body += "\"carrick\":" + news->dump() + '}';
        return true;
    }
    Result<Json> whole = Json::parse(body);
    if (!whole || !whole->is_object()) return false;
    Json& carrick = whole->member("carrick");
    if (!carrick.is_object()) carrick = Json::object();
    for (const JsonMember& member : news->members()) carrick.set(member.key, member.value);
    body = whole->dump();
    return true;
}

}  // namespace

void Instance::append_downstream(store::Record record, const std::string& learnt, bool preview) {
    if (!appends_ || manifest_.output_type.empty()) return;
    record.type = manifest_.output_type;
    record.preview = preview;
    record.stream_rank = 0;  // in a derived channel the later append wins
    if (!learnt.empty()) {
        if (add_learnt(record.body, learnt))
            record.content_hash = hasher_.hash(record.body);
        else
            log::error("learnt is not an object",
                       {{"flow", Json(name_.flow)}, {"key", Json(record.key)}});
    }
    draft_.append.push_back(std::move(record));
}

// ---- open
// ----------------------------------------------------------------------------------------

void Instance::waiting(OpenEntry& entry, Outcome outcome, Stage stage) {
    plugin_host::OutcomeDetails& details = outcome.add_details();
    const UtcTime at = now();
    ++draft_.counts.waiting;
    if (entry.since == UtcTime()) entry.since = at;
    entry.deadline =
        details.deadline != UtcTime() ? details.deadline : entry.since + flow_.wait_deadline;
    entry.reason = std::move(details.reason);
    if (entry.deadline <= at)
        return to_error_queue(
            entry,
            rejected("engine.wait_deadline", "waited until " + entry.deadline.text() +
                                                 " for: " + entry.reason +
                                                 "; settle the cause and retry, or resolve it if "
                                                 "it is settled by hand"),
            stage, OpenState::Failed);
    // "Too early to say" leaves the attempt open; any other wait means that no answer is missing:
    // either nothing was sent, or the token knows what was.
    if (stage != Stage::Reconcile || !details.token.empty()) drop_attempts(entry);
    entry.question = Question::None;
    entry.stage = stage_name(stage);
    entry.token = std::move(details.token);
    const bool same_link = entry.awaited_link == details.awaited_link;
    entry.awaited_link = std::move(details.awaited_link);
    entry.look_again_at = details.look_again_at;
    entry.tries = 0;
    // Who names a deadline and nothing else waits for a newer version of the record, or for that.
    if (entry.look_again_at == UtcTime() && entry.awaited_link.empty() &&
        details.deadline == UtcTime())
        entry.look_again_at = at + services_.settings.lookup_wait;
    // Woken by the link, it has not found what the link tells of: a target's search shows a
    // document some time after it was made. The link comes no second time, so a clock has to wake
    // it.
    if (entry.look_again_at == UtcTime() && same_link && link_is_there(entry.awaited_link))
        entry.look_again_at = at + services_.settings.lookup_wait;
    open_.set_state(entry, OpenState::Waiting);
    schedule_wait(entry);
    put(entry);
    if (watched(entry.record.key))
        note(entry.record.key, {.state = KeyState::Waiting,
                                .reason = entry.reason,
                                .look_again_at = entry.look_again_at,
                                .deadline = entry.deadline});
}

bool Instance::link_is_there(const std::string& link) {
    const std::size_t colon = link.find(':');
    if (colon == std::string::npos) return false;
    const std::string_view text = link;
    const Result<std::vector<std::string>> to =
        services_.store.links(text.substr(0, colon), text.substr(colon + 1));
    return !to || !to->empty();  // where the store cannot say, looking once more harms nobody
}

void Instance::unknown(OpenEntry& entry, const Outcome& outcome, Stage stage) {
    ++draft_.counts.unknown;
    const std::string reason = outcome.details().reason.empty()
                                   ? std::string("the answer to a write was lost")
                                   : outcome.details().reason;
    const Error error = transient("engine.unknown_outcome", reason);
    // Without an attempt the write is safe to repeat (or its token asks again). With one, reconcile
    // finds out; where reconcile itself cannot tell, a person decides.
    entry.question = Question::Lost;
    if (stage == Stage::Reconcile)
        return to_error_queue(
            entry,
            rejected("engine.unknown_outcome",
                     reason + "; reconcile could not tell. Look in the target, then retry"),
            stage, OpenState::Unknown);
    retry_later(entry, error, stage);
}

void Instance::failed(OpenEntry& entry, const Error& error, Stage stage) {
    switch (errors::remedy_for(error.error_class)) {
        case errors::Remedy::RetryLater: return retry_later(entry, error, stage);
        case errors::Remedy::Queue: return to_error_queue(entry, error, stage, OpenState::Failed);
        case errors::Remedy::StopFlow:
        case errors::Remedy::StopInstance:
            // The record is not at fault: it stays where it was and runs when the cause is gone.
            open_.set_state(entry, OpenState::Ready);
            entry.stage = stage_name(stage);
            put(entry);
            open_.queue(entry);
            if (const auto known = error_keys_.find(entry.record.key);
                known == error_keys_.end() || known->second != error.code) {
                add_error(&entry, error, stage_name(stage));
                ++draft_.counts.failed;
            }
            return stop_for(error);
    }
}

void Instance::retry_later(OpenEntry& entry, const Error& error, Stage stage) {
    ++entry.tries;
    const auto delay = flow_.retry.delay_after(entry.tries, error, services_.random);
    if (!delay)
        return to_error_queue(
            entry, error, stage,
            error.code == "engine.unknown_outcome" ? OpenState::Unknown : OpenState::Failed);
    end_.trouble = error;
    entry.stage = stage_name(stage);
    entry.reason = error.code;
    entry.look_again_at = now() + *delay;
    open_.set_state(entry, OpenState::Retrying);
    open_.wake_at(entry, entry.look_again_at);
    put(entry);
    if (watched(entry.record.key))
        note(entry.record.key, {.state = KeyState::Retrying,
                                .code = error.code,
                                .message = error.message,
                                .look_again_at = entry.look_again_at});
}

void Instance::to_error_queue(OpenEntry& entry, const Error& error, Stage stage, OpenState state) {
    open_.unqueue(entry);
    open_.set_state(entry, state);
    // Nobody asks again: a newer version must not wait for that.
    entry.question = Question::None;
    entry.stage = stage_name(stage);
    entry.reason = error.code;
    entry.look_again_at = {};
    put(entry);
    add_error(&entry, error, stage_name(stage));
    ++draft_.counts.failed;
    if (watched(entry.record.key))
        note(entry.record.key,
             {.state = state == OpenState::Unknown ? KeyState::Unknown : KeyState::Failed,
              .code = error.code,
              .message = error.message});
}

// ---- shared
// --------------------------------------------------------------------------------------

void Instance::drop_attempts(OpenEntry& entry) {
    if (entry.attempts.empty()) return;
    entry.attempts.clear();
    draft_.attempts_settled.push_back(entry.at);
}

void Instance::add_error(const OpenEntry* entry, const Error& error, std::string_view stage) {
    store::ErrorRow row;
    row.instance = name_;
    row.stage = stage;
    row.error_class = error.error_class;
    row.code = error.code;
    row.message = error.message;
    row.field = error.field;
    row.fingerprint = errors::fingerprint(manifest_.name, error);
    row.at = now();
    if (entry != nullptr) {
        row.channel = entry->at.channel;
        row.seq = entry->at.seq;
        row.key = entry->record.key;
        row.value = entry->record.value;
        row.due = entry->record.due;
        row.tries = entry->tries;
    }
    // One open error a record: the earlier one has nothing left to say.
    if (entry != nullptr && error_keys_.contains(row.key)) {
        std::erase_if(draft_.errors,
                      [&](const store::ErrorRow& other) { return other.key == row.key; });
        draft_.resolve_key_errors.emplace_back(row.key, "failed again");
    }
    error_keys_[row.key] = row.code;
    draft_.errors.push_back(std::move(row));
}

void Instance::stop_for(const Error& error) {
    if (error.error_class == ErrorClass::Misconfigured)
        end_.hold_flow = error;
    else
        end_.hold_instance = error;
}

}  // namespace carrick::engine
