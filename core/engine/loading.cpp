// SPDX-License-Identifier: Apache-2.0
// Loading: what the store knows becomes an instance's memory, at the start and whenever the two may
// differ.
#include "core/base/log.hpp"
#include "core/engine/instance.hpp"

#include <algorithm>

namespace carrick::engine {

using store::OpenState;

Result<void> Instance::load() {
    Result<store::InstanceState> state = services_.store.load_instance(name_);
    if (!state) return state.error();
    number_ = state->number;
    last_commit_ = state->last_commit;
    channel_end_ = state->channel_end;

    std::vector<Stream> before = std::move(streams_);
    streams_.clear();
    for (const plugin_host::StreamDeclaration& declared : manifest_.streams) {
        Stream stream;
        stream.name = declared.name;
        stream.rank = declared.rank;
        stream.on_demand = declared.on_demand;
        for (const store::Checkpoint& checkpoint : state->checkpoints)
            if (checkpoint.stream == declared.name) {
                stream.checkpoint = checkpoint.text;
                stream.next_at = checkpoint.look_again_at;
            }
        for (const Stream& old : before)
            if (old.name == declared.name) stream.idle_once = old.idle_once;
        // A shorter `every:` counts at once; `--once` means now.
        const bool scheduled = stream.on_demand == plugin_host::OnDemand::No;
        if (!scheduled) load_demand(stream);
        if (flow_.every && scheduled)
            stream.next_at = std::min(stream.next_at, now() + *flow_.every);
        if (services_.settings.once && before.empty()) stream.next_at = UtcTime();
        streams_.push_back(std::move(stream));
    }
    for (const std::unique_ptr<Input>& input : inputs_)
        for (const store::Cursor& cursor : state->cursors)
            if (cursor.channel == input->channel) {
                input->read_to = cursor.seq;
                input->committed = input->goal = cursor.seq;
                input->passed = 0;
                input->ahead.clear();
            }

    error_keys_.clear();
    notes_.clear();
    store::ErrorFilter filter;
    filter.flow = name_.flow;
    filter.limit = 1'000;
    for (bool more = true; more;) {
        Result<std::vector<store::ErrorRow>> rows = services_.store.errors(filter);
        if (!rows) return rows.error();
        for (const store::ErrorRow& row : *rows) {
            filter.after_id = std::max(filter.after_id, row.id);
            if (row.instance == name_) error_keys_[row.key] = row.code;
        }
        more = rows->size() == filter.limit;
    }
    load_entries(*state);

    if (flow_.first_run_limit) {
        const std::string key = name_.flow + '/' + name_.origin + '/' + name_.partition;
        Result<std::optional<store::Store::Cached>> passed =
            services_.store.cache_get(kFirstRunCache, key);
        if (!passed) return passed.error();
        Result<std::optional<store::Store::Cached>> allowed =
            services_.store.cache_get(kFirstRunCache, name_.flow);
        if (!allowed) return allowed.error();
        Result<std::vector<store::RunTotals>> totals = services_.store.totals(0);
        if (!totals) return totals.error();
        written_ever_ = 0;
        for (const store::RunTotals& total : *totals)
            if (total.instance == name_) written_ever_ = total.counts.written;
        first_run_passed_ = passed->has_value() || allowed->has_value();
    }
    update_gauges();
    return {};
}

Result<void> Instance::subscribe(Instance* producer, store::InstanceNumber channel) {
    Result<store::Cursor> cursor = services_.store.subscribe(number_, channel, flow_.read_from_now);
    if (!cursor) return cursor.error();
    auto input = std::make_unique<Input>();
    input->channel = channel;
    input->producer = producer;
    input->read_to = cursor->seq;
    input->committed = input->goal = cursor->seq;
    if (producer != nullptr) {
        producer->consumers_.push_back(this);
        producer->appends_ = true;
    } else {
        Result<store::Seq> end = services_.store.channel_end(channel);
        if (!end) return end.error();
        input->end = *end;
    }
    inputs_.push_back(std::move(input));
    return {};
}

void Instance::load_entries(store::InstanceState& state) {
    open_.clear();
    dirty_.clear();
    kept_.clear();
    draft_ = {};
    std::sort(state.open.begin(), state.open.end(), [](const auto& a, const auto& b) {
        return std::pair(a.channel, a.seq) < std::pair(b.channel, b.seq);
    });
    for (store::OpenRecord& row : state.open) {
        auto entry = std::make_unique<OpenEntry>();
        entry->at = {row.channel, row.seq};
        entry->record = std::move(row.record);
        entry->record.body.clear();
        entry->stored = true;
        entry->state = row.state;
        entry->stage = std::move(row.stage);
        entry->reason = std::move(row.reason);
        entry->token = std::move(row.token);
        entry->awaited_link = std::move(row.awaited_link);
        entry->since = row.since;
        entry->look_again_at = row.look_again_at;
        entry->deadline = row.deadline;
        entry->tries = row.tries;
        entry->error_id = row.error_id;
        // Whoever was asking is gone, and with him the answer.
        entry->question = row.in_question ? Question::Lost : Question::None;
        for (store::Attempt& attempt : state.attempts)
            if (attempt.channel == row.channel && attempt.seq == row.seq)
                entry->attempts.push_back(std::move(attempt));

        OpenEntry* known = open_.by_key(entry->record.key);
        if (known == nullptr) {
            open_.add(std::move(entry));
        } else if (entry->in_question() && !known->in_question()) {
            std::unique_ptr<OpenEntry> younger = open_.remove(*known);
            OpenEntry& front = open_.add(std::move(entry));
            open_.put_behind(front, std::move(younger));
        } else {
            open_.put_behind(*known, std::move(entry));
        }
    }
    std::vector<OpenEntry*> stale_previews;
    open_.each([&](OpenEntry& entry) {
        if (entry.state == OpenState::Ready) open_.queue(entry);
        if (entry.state == OpenState::Retrying) open_.wake_at(entry, entry.look_again_at);
        if (entry.state == OpenState::Waiting) schedule_wait(entry);
        if (entry.state == OpenState::Shadow) {
            if (writes_in_shadow()) {
                for (const store::Attempt& attempt : entry.attempts)
                    services_.shadow.add(flow_.roles.at("target"), attempt.external_id);
            } else if (entry.record.preview) {
                stale_previews.push_back(&entry);
            } else {
                drop_attempts(entry);
                entry.reason.clear();
                open_.set_state(entry, OpenState::Ready);
                open_.queue(entry);
                put(entry);
            }
        }
    });
    for (OpenEntry* entry : stale_previews) {
        ++draft_.counts.skipped[std::string(kPreview)];
        settle(*entry);
    }
}

void Instance::reload() {
    if (Result<void> loaded = load(); !loaded) {
        store_failed(loaded.error());
        return;
    }
    reload_at_ = {};
    log::debug("instance loaded again",
               {{"flow", Json(name_.flow)}, {"partition", Json(name_.partition)}});
}

}  // namespace carrick::engine
