// SPDX-License-Identifier: Apache-2.0
// The commit under construction: what a step has changed, made true in one transaction.
//
// After every commit the store knows all that memory knows, up to the cursor: a record behind the
// cursor is settled or has a row. Records that were read ahead have none until the cursor passes
// them, so work in log order never writes a row for a record that it settles at once.
#include "core/base/failpoint.hpp"
#include "core/base/log.hpp"
#include "core/engine/instance.hpp"

#include <algorithm>
#include <iterator>

namespace carrick::engine {

namespace {

store::OpenRecord row_of(const OpenEntry& entry) {
    store::OpenRecord row;
    row.channel = entry.at.channel;
    row.seq = entry.at.seq;
    row.record.type = entry.record.type;
    row.record.origin = entry.record.origin;
    row.record.partition = entry.record.partition;
    row.record.key = entry.record.key;
    row.record.version = entry.record.version;
    row.record.event_time = entry.record.event_time;
    row.record.due = entry.record.due;
    row.record.value = entry.record.value;
    row.record.content_hash = entry.record.content_hash;
    row.record.stream_rank = entry.record.stream_rank;
    row.record.preview = entry.record.preview;
    row.state = entry.state;
    row.stage = entry.stage;
    row.reason = entry.reason;
    row.token = entry.token;
    row.awaited_link = entry.awaited_link;
    row.since = entry.since;
    row.look_again_at = entry.look_again_at;
    row.deadline = entry.deadline;
    row.tries = entry.tries;
    row.error_id = entry.error_id;
    row.in_question = entry.question != Question::None;
    return row;
}

}  // namespace

Instance::Slot* Instance::slot_of(const OpenEntry& entry, Input** input) {
    for (const std::unique_ptr<Input>& candidate : inputs_) {
        if (candidate->channel != entry.at.channel) continue;
        *input = candidate.get();
        const auto found =
            std::lower_bound(candidate->ahead.begin(), candidate->ahead.end(), entry.at.seq,
                             [](const Slot& slot, store::Seq seq) { return slot.seq < seq; });
        if (found == candidate->ahead.end() || found->seq != entry.at.seq) return nullptr;
        return &*found;
    }
    return nullptr;
}

void Instance::put(OpenEntry& entry) {
    if (!entry.dirty) dirty_.push_back(&entry);
    entry.dirty = true;
    if (entry.stored) return;
    Input* input = nullptr;
    if (slot_of(entry, &input) != nullptr) input->goal = std::max(input->goal, entry.at.seq);
}

std::unique_ptr<OpenEntry> Instance::settle(OpenEntry& entry) {
    if (entry.dirty) std::erase(dirty_, &entry);
    if (entry.stored) {
        draft_.open_settled.push_back(entry.at);
    } else {
        Input* input = nullptr;
        if (Slot* slot = slot_of(entry, &input); slot != nullptr) {
            slot->entry = nullptr;
            input->goal = std::max(input->goal, entry.at.seq);
        }
    }
    drop_attempts(entry);
    OpenEntry* released = nullptr;
    std::unique_ptr<OpenEntry> owned = open_.remove(entry, &released);
    if (released != nullptr) {
        released->ledger_known = false;
        open_.queue(*released);
    }
    return owned;
}

// A record that is no longer in question and has a newer version behind it: what did not settle by
// then is superseded, or a failure would keep the newer version out for ever. Whatever ends a
// question leaves a row to be put.
void Instance::make_way() {
    std::vector<OpenEntry*> answered;
    std::copy_if(
        dirty_.begin(), dirty_.end(), std::back_inserter(answered),
        [](const OpenEntry* entry) { return entry->behind != nullptr && !entry->in_question(); });
    for (OpenEntry* entry : answered) {
        ++draft_.counts.skipped[std::string(kSuperseded)];
        kept_.push_back(settle(*entry));
    }
    if (!in_call_) kept_.clear();
}

void Instance::advance_cursors() {
    for (const std::unique_ptr<Input>& input : inputs_) {
        std::deque<Slot>& ahead = input->ahead;
        while (!ahead.empty() &&
               (ahead.front().seq <= input->goal || ahead.front().entry == nullptr)) {
            const Slot& slot = ahead.front();
            if (!slot.foreign) ++draft_.counts.seen;
            if (!slot.skipped.empty()) ++draft_.counts.skipped[std::string(slot.skipped)];
            // Read, not settled, and the cursor passes it: from here on it needs a row.
            if (slot.entry != nullptr && !slot.entry->dirty) {
                slot.entry->dirty = true;
                dirty_.push_back(slot.entry);
            }
            input->goal = std::max(input->goal, slot.seq);
            ahead.pop_front();
        }
        if (ahead.empty()) input->goal = std::max(input->goal, input->passed);
        if (input->goal > input->committed) draft_.cursors.push_back({input->channel, input->goal});
    }
}

bool Instance::has_changes() const {
    const store::Commit& draft = draft_;
    if (draft.checkpoint || !draft.append.empty() || !draft.open_settled.empty() ||
        !dirty_.empty() || !draft.attempts_put.empty() || !draft.attempts_settled.empty() ||
        !draft.ledger.empty() || !draft.links.empty() || !draft.errors.empty() ||
        !draft.resolve_key_errors.empty() || !draft.requests.empty() || draft.run_ended)
        return true;
    // Rows of other partitions ride along with the next commit; only many of them are worth one of
    // their own, so that retention can free them.
    constexpr store::Seq kWorthACommit = 1'000;
    return std::any_of(inputs_.begin(), inputs_.end(), [](const std::unique_ptr<Input>& input) {
        if (input->goal > input->committed) return true;
        if (input->ahead.empty()) return input->passed >= input->committed + kWorthACommit;
        const Slot& front = input->ahead.front();
        return front.entry == nullptr &&
               (!front.foreign || front.seq >= input->committed + kWorthACommit);
    });
}

bool Instance::flush(std::string_view before, std::string_view after) {
    const std::lock_guard lock(commit_mutex_);
    if (watch_.abandoned() || !has_changes()) return true;
    make_way();
    advance_cursors();
    std::vector<OpenEntry*> fresh;
    for (OpenEntry* entry : dirty_) {
        draft_.open_put.push_back(row_of(*entry));
        entry->dirty = false;
        if (!entry->stored) fresh.push_back(entry);
    }
    dirty_.clear();

    const UtcTime at = now();
    draft_.instance = number_;
    draft_.epoch = services_.store.epoch();
    draft_.expected_commit = last_commit_;
    draft_.now = at;
    if (run_ == 0) {
        const std::string_view trigger = retried_                          ? "retry"
                                         : services_.settings.demands_only ? "demand"
                                         : services_.settings.once         ? "once"
                                                                           : "schedule";
        Result<std::int64_t> run = services_.store.begin_run(number_, trigger, at);
        if (!run) {
            store_failed(run.error());
            return false;
        }
        run_ = *run;
        last_work_ = at;
        retried_ = false;
    }
    draft_.run = run_;
    if (at >= buckets_at_ + services_.settings.bucket_interval) {
        buckets_at_ = at;
        for (const auto& [role, connection_name] : flow_.roles)
            if (const ConnectionSpec* spec = connection(role); spec != nullptr)
                for (const connectors::BucketLevel& level : spec->connection->bucket_levels())
                    draft_.bucket_levels.emplace_back(
                        connection_name + '/' + level.bucket,
                        level.tokens + '@' + std::to_string(level.at.milliseconds()));
    }

    if (!before.empty()) failpoint::pass(before);
    Result<store::Receipt> receipt = services_.store.commit(draft_);
    if (!after.empty()) failpoint::pass(after);
    if (!receipt) {
        store_failed(receipt.error());
        return false;
    }
    for (OpenEntry* entry : fresh) entry->stored = true;
    take_receipt(*receipt);
    return true;
}

void Instance::take_receipt(const store::Receipt& receipt) {
    last_commit_ = receipt.commit;
    fenced_before_ = false;
    last_commit_at_ = draft_.now;
    if (!draft_.append.empty()) channel_end_ = receipt.last_appended;
    for (const std::unique_ptr<Input>& input : inputs_) input->committed = input->goal;
    end_.woken.insert(end_.woken.end(), receipt.woken.begin(), receipt.woken.end());
    written_ever_ += draft_.counts.written;
    for (std::size_t i = 0; i < draft_.errors.size() && i < receipt.error_ids.size(); ++i)
        if (OpenEntry* entry = open_.at({draft_.errors[i].channel, draft_.errors[i].seq}))
            entry->error_id = receipt.error_ids[i];
    publish_notes();
    const store::RunCounts counts = std::move(draft_.counts);
    end_.progressed = end_.progressed || counts.seen + counts.done + counts.written > 0 ||
                      !counts.skipped.empty();
    draft_ = {};
    if (services_.settings.on_progress) services_.settings.on_progress({name_, counts});
}

void Instance::store_failed(const Error& error) {
    // Memory and store differ now. Loading again is what a crash would do, and as safe. It also
    // settles a commit whose result was lost: the second one is then fenced, once. Fenced twice,
    // another engine owns the store.
    if (error.error_class == ErrorClass::Transient || error.error_class == ErrorClass::Throttled) {
        reload_at_ = now();  // as soon as the outage is over
        return services_.outage.begin(error);
    }
    log::error(
        "store refused",
        {{"flow", Json(name_.flow)}, {"code", Json(error.code)}, {"message", Json(error.message)}});
    constexpr Milliseconds kPause{1'000};
    reload_at_ = now() + kPause;
    end_.trouble = error;
    const bool fenced = error.code == "store.fenced";
    const bool passing = fenced && !fenced_before_;
    fenced_before_ = fenced;
    if (!passing) end_.fatal = error;
}

}  // namespace carrick::engine
