// SPDX-License-Identifier: Apache-2.0
// Streams on demand: what was asked of them begins, ends and is noted for whoever waits for it.
#include "core/base/log.hpp"
#include "core/engine/instance.hpp"

#include <algorithm>

namespace carrick::engine {

using plugin_host::OnDemand;
using store::OpenState;

namespace {

/// What an earlier wish has not got yet is not lost to a later one; its checkpoint has 64 KiB.
void add_keys(Demand& demand, const Demand& earlier) {
    constexpr std::size_t kMost = 1'000;
    Json& keys = demand.asked.member("keys");
    for (const Json& key : earlier.asked["keys"].items())
        if (keys.size() < kMost && std::none_of(keys.items().begin(), keys.items().end(),
                                                [&](const Json& known) { return known == key; }))
            keys.push_back(key);
}

}  // namespace

bool Instance::wanted(const Stream& stream) const {
    return stream.on_demand == OnDemand::No ? !services_.settings.demands_only : stream.demanded();
}

Instance::Stream* Instance::stream_named(std::string_view name) {
    const auto found = std::find_if(streams_.begin(), streams_.end(), [&](const Stream& stream) {
        return stream.name == name && stream.on_demand != OnDemand::No;
    });
    return found == streams_.end() ? nullptr : &*found;
}

void Instance::load_demand(Stream& stream) {
    if (stream.checkpoint.empty()) return;
    Result<Demand> demand = Demand::parse(stream.checkpoint);
    if (!demand)
        return log::error("demand not read", {{"flow", Json(name_.flow)},
                                              {"stream", Json(stream.name)},
                                              {"code", Json(demand.error().code)}});
    stream.demand = std::move(*demand);
}

bool Instance::commit_demand(Stream& stream, Demand demand) {
    const std::string text = demand.text();
    draft_.checkpoint = store::Checkpoint{stream.name, text, {}};
    if (!flush()) return false;
    stream.checkpoint = text;
    stream.demand = std::move(demand);
    stream.next_at = {};
    stream.tries = 0;
    stream.idle_once = false;
    update_gauges();
    return true;
}

std::optional<DemandReply> Instance::begin_demand(const std::string& stream_name,
                                                  const Demand& demand) {
    if (watch_.abandoned()) return std::nullopt;
    if (reload_at_ != UtcTime()) reload();
    if (reload_at_ != UtcTime()) return std::nullopt;
    Stream* stream = stream_named(stream_name);
    if (stream == nullptr)
        return DemandReply{bug("engine.demand", "flow " + name_.flow + " has no stream " +
                                                    stream_name + " on demand"),
                           std::nullopt};
    // Stored by an attempt whose answer was lost.
    if (stream->demand && demand.id != 0 && stream->demand->id == demand.id)
        return DemandReply{std::nullopt, stream->demand};
    if (stream->demanded() && !demand.of_keys()) {
        if (demand.id == 0 && demand.same_range(*stream->demand))
            return DemandReply{std::nullopt, stream->demand};  // goes on
        const Json& asked = stream->demand->asked;
        return DemandReply{
            rejected("backfill.running", "a backfill of flow " + name_.flow + " from " +
                                             asked["from"].text() + " to " + asked["to"].text() +
                                             " is under way; `carrick backfill status` shows how "
                                             "far it is, `carrick backfill stop " +
                                             name_.flow + "` ends it"),
            stream->demand};
    }
    Demand begun = demand;
    if (stream->demanded()) add_keys(begun, *stream->demand);
    if (!commit_demand(*stream, std::move(begun))) return std::nullopt;
    return DemandReply{std::nullopt, stream->demand};
}

std::optional<DemandReply> Instance::stop_demand(const std::string& stream_name,
                                                 std::int64_t request) {
    if (watch_.abandoned()) return std::nullopt;
    if (reload_at_ != UtcTime()) reload();
    if (reload_at_ != UtcTime()) return std::nullopt;
    Stream* stream = stream_named(stream_name);
    if (stream == nullptr || !stream->demand) return DemandReply{};
    if (!stream->demanded())
        return request != 0 && stream->demand->ended_by == request
                   ? DemandReply{std::nullopt, stream->demand}
                   : DemandReply{};
    Demand stopped = *stream->demand;
    stopped.end(DemandState::Stopped, now());
    stopped.ended_by = request;
    if (!commit_demand(*stream, std::move(stopped))) return std::nullopt;
    return DemandReply{std::nullopt, stream->demand};
}

// Waiting for the quota is a backfill's ordinary state; what Amazon refuses for good ends it.
void Instance::demand_failed(Stream& stream, const Error& error) {
    if (error.error_class == ErrorClass::Throttled) {
        const UtcTime next_at =
            now() + std::max<Milliseconds>(error.retry_after, std::chrono::milliseconds(1));
        // Stored, so that whoever asks how far it is learns what it waits for, and how long.
        draft_.checkpoint = store::Checkpoint{stream.name, stream.checkpoint, next_at};
        if (flush()) stream.next_at = next_at;
        return;
    }
    end_.trouble = error;
    log::warning("demand failed", {{"flow", Json(name_.flow)},
                                   {"stream", Json(stream.name)},
                                   {"code", Json(error.code)},
                                   {"message", Json(error.message)}});
    Demand failed = *stream.demand;
    failed.end(DemandState::Failed, now());
    failed.error = error;
    for (const Json& key : failed.asked["keys"].items())
        note(key.text(), {.state = KeyState::Failed, .code = error.code, .message = error.message});
    end_.progressed = commit_demand(stream, std::move(failed));
}

// ---- what somebody waits for ----

void Instance::note_page(const Demand& before, const Demand& after) {
    if (!services_.watch.active() || !after.of_keys()) return;
    const Json known = before.refused();
    const Json refused = after.refused();
    for (const JsonMember& one : refused.members())
        if (!known.contains(one.key))
            note(one.key, {.state = KeyState::Failed,
                           .code = one.value["code"].text(),
                           .message = one.value["message"].text()});
}

void Instance::note(const std::string& key, KeyNote note) {
    if (!watched(key)) return;
    // A record on its way is said to be so at once; what it became only when that is stored.
    if (note.state == KeyState::Running)
        services_.watch.note(name_, key, std::move(note));
    else
        notes_.emplace_back(key, std::move(note));
}

void Instance::publish_notes() {
    for (auto& [key, note] : notes_) {
        note.appended_to = channel_end_.load();
        if (note.state == KeyState::Failed || note.state == KeyState::Unknown)
            if (const OpenEntry* entry = open_.by_key(key)) note.error_id = entry->error_id;
        services_.watch.note(name_, key, std::move(note));
    }
    notes_.clear();
}

bool Instance::has_read(const Instance* producer, store::Seq end) const {
    return std::all_of(inputs_.begin(), inputs_.end(), [&](const std::unique_ptr<Input>& input) {
        return input->producer != producer || input->read_to.load() >= end;
    });
}

bool Instance::look_at(const std::vector<std::string>& keys) {
    if (watch_.abandoned()) return false;
    if (reload_at_ != UtcTime()) reload();
    if (reload_at_ != UtcTime()) return false;
    std::vector<std::string> settled;
    for (const std::string& key : keys) {
        OpenEntry* entry = open_.by_key(key);
        if (entry == nullptr) {
            settled.push_back(key);
            continue;
        }
        if (entry->state == OpenState::Shadow) {
            note(key, {.state = KeyState::Shadow, .earlier = true});
            continue;
        }
        if (entry->state != OpenState::Ready) {
            const bool gave_up =
                entry->state == OpenState::Failed || entry->state == OpenState::Unknown;
            open_.unqueue(*entry);
            open_.set_state(*entry, OpenState::Ready);
            entry->tries = 0;
            entry->look_again_at = {};
            if (gave_up) {
                entry->error_id = 0;
                entry->deadline = {};
                entry->since = {};
                draft_.resolve_key_errors.emplace_back(key, "run again by a sync");
                error_keys_.erase(key);
            }
            open_.queue(*entry);
            put(*entry);
            retried_ = true;
        }
        note(key, {.state = KeyState::Running});
    }
    if (keeps_ledger_ && !settled.empty()) {
        Result<std::vector<std::optional<store::LedgerEntry>>> ledger =
            services_.store.ledger(number_, settled);
        if (!ledger) {
            store_failed(ledger.error());
            return false;
        }
        for (std::size_t i = 0; i < settled.size(); ++i)
            if ((*ledger)[i]) note_ledger(settled[i], *(*ledger)[i]);
    }
    if (!flush()) return false;
    publish_notes();  // where there was nothing to commit
    update_gauges();
    return true;
}

void Instance::note_ledger(const std::string& key, const store::LedgerEntry& entry) {
    if (entry.target_ids == kByHandIds)
        return note(key,
                    {.state = KeyState::Skipped, .earlier = true, .reason = std::string(kByHand)});
    const bool written = entry.target_ids != "{}";
    note(key, {.state = written ? KeyState::Done : KeyState::Skipped,
               .earlier = true,
               .reason = written ? "" : "nothing was to be written when it last came",
               .ids = written ? entry.target_ids : ""});
}

}  // namespace carrick::engine
