// SPDX-License-Identifier: Apache-2.0
// Choosing what an instance does next, waking what waits, and what is asked of it from outside.
#include "core/engine/instance.hpp"

#include "core/base/log.hpp"

#include <algorithm>

namespace carrick::engine {

using plugin_host::Stage;
using store::OpenState;

std::string_view stage_name(Stage stage) {
    switch (stage) {
        case Stage::Extract: return "extract";
        case Stage::Needs: return "needs";
        case Stage::Map: return "map";
        case Stage::Verify: return "verify";
        case Stage::Deliver: return "deliver";
        case Stage::Reconcile: return "reconcile";
        case Stage::Resume: return "resume";
    }
    return "";
}

Instance::Instance(Services services, const FlowSpec& flow, const PartitionSpec& partition)
    : services_(services),
      flow_(flow),
      partition_(partition),
      name_{flow.name, partition.origin, partition.partition},
      manifest_(flow.plugin->manifest()) {
    keeps_ledger_ = !manifest_.writes.empty();
}

void Instance::schedule_wait(OpenEntry& entry) {
    UtcTime when = entry.look_again_at;
    if (when == UtcTime() || (entry.deadline != UtcTime() && entry.deadline < when))
        when = entry.deadline;
    open_.wake_at(entry, when);
}

const ConnectionSpec* Instance::connection(std::string_view role) const {
    const auto name = flow_.roles.find(std::string(role));
    if (name == flow_.roles.end()) return nullptr;
    const auto found = services_.settings.connections.find(name->second);
    return found == services_.settings.connections.end() ? nullptr : &found->second;
}

bool Instance::writes_in_shadow() const {
    if (manifest_.writes.empty()) return false;
    if (services_.settings.dry_run) return true;
    const ConnectionSpec* target = connection("target");
    return target != nullptr && !target->live;
}

void Instance::begin_call() {
    watch_.begin(flow_.timeout, services_.stopping);
}

bool Instance::call_was_abandoned() {
    if (!watch_.abandoned()) return false;
    // Whatever the call brought is thrown away; the instance stands still by now.
    reload_at_ = now();
    return true;
}

CallGateway::Context Instance::gateway_context() const {
    return {&flow_,           &services_.settings.connections,
            &services_.store, services_.settings.archive,
            &services_.clock, &services_.stopping,
            &watch_,          services_.settings.dry_run,
            flow_.priority};
}

// ---- what next
// -----------------------------------------------------------------------------------

bool Instance::output_has_room() const {
    return std::all_of(consumers_.begin(), consumers_.end(), [](const Instance* consumer) {
        return consumer->backlog() < static_cast<std::int64_t>(consumer->flow_.max_open);
    });
}

std::int64_t Instance::backlog() const {
    std::int64_t backlog = gauge(OpenState::Ready);
    for (const std::unique_ptr<Input>& input : inputs_)
        backlog += std::max<std::int64_t>(0, input->channel_end() - input->read_to.load());
    return backlog;
}

bool Instance::input_waits() const {
    return open_.ready() < flow_.max_open &&
           std::any_of(inputs_.begin(), inputs_.end(), [](const std::unique_ptr<Input>& input) {
               return input->channel_end() > input->read_to.load();
           });
}

bool Instance::wants_to_close_run(UtcTime at) const {
    return run_ != 0 && at >= last_work_ + services_.settings.run_idle;
}

Plan Instance::plan(UtcTime at) const {
    if (reload_at_ != UtcTime()) return {at >= reload_at_, reload_at_};
    if (prepare_at_ != UtcTime()) return {at >= prepare_at_, prepare_at_};
    Plan plan;
    const auto wants = [&](UtcTime when) {
        if (when <= at)
            plan.runnable = true;
        else if (!plan.wake_at || when < *plan.wake_at)
            plan.wake_at = when;
    };
    const bool room = output_has_room();
    if (room) {
        for (const Stream& stream : streams_)
            if (wanted(stream) && !(services_.settings.once && stream.idle_once))
                wants(stream.next_at);
        if (open_.ready() > 0 || input_waits()) plan.runnable = true;
    }
    if (has_changes()) plan.runnable = true;
    if (const auto timer = open_.next_timer()) wants(*timer);
    if (run_ != 0 && open_.ready() == 0 && !input_waits())
        wants(last_work_ + services_.settings.run_idle);
    return plan;
}

StepEnd Instance::step() {
    try {
        run_step();
    } catch (const std::exception& problem) {
        // Ours, not the plugin's: its exceptions end in the host glue. Memory may be half changed,
        // so the instance loads again if it is ever released.
        reload_at_ = now();
        end_.hold_instance = bug("engine.exception", "flow " + name_.flow + ": " + problem.what() +
                                                         "; please report this with the log");
    }
    update_gauges();
    return std::exchange(end_, {});
}

void Instance::run_step() {
    if (reload_at_ != UtcTime()) return reload();
    if (prepare_at_ != UtcTime()) return prepare_with_references();
    const UtcTime at = now();
    wake_due();
    if (output_has_room()) {
        if (Stream* stream = due_stream(at)) {
            last_work_ = at;
            return extract(*stream);
        }
        if (input_waits()) intake();
        if (reload_at_ != UtcTime()) return;
        if (open_.ready() > 0) {
            last_work_ = at;
            run_batch();
        }
    }
    if (reload_at_ != UtcTime()) return;
    if (has_changes())
        flush("engine.before_outcome_commit", "engine.after_outcome_commit");
    else if (wants_to_close_run(at) && open_.ready() == 0 && !input_waits())
        if (Result<void> ended = end_run(); !ended) store_failed(ended.error());
}

void Instance::wake_due() {
    const UtcTime at = now();
    for (OpenEntry* entry : open_.due(at)) {
        const bool looks_again =
            entry->look_again_at != UtcTime() && entry->look_again_at <= at &&
            (entry->deadline == UtcTime() || entry->look_again_at <= entry->deadline);
        if (entry->state == OpenState::Waiting && !looks_again) {
            to_error_queue(
                *entry,
                rejected("engine.wait_deadline",
                         "waited until " + entry->deadline.text() + " for: " + entry->reason +
                             "; settle the cause and retry, or resolve it if it is "
                             "settled by hand"),
                entry->token.empty() ? Stage::Needs : Stage::Resume, OpenState::Failed);
            continue;
        }
        open_.set_state(*entry, OpenState::Ready);
        open_.queue(*entry);
    }
}

void Instance::wake(const store::Position& place) {
    OpenEntry* entry = open_.at(place);
    if (entry == nullptr || entry->state != OpenState::Waiting) return;
    open_.set_state(*entry, OpenState::Ready);
    open_.queue(*entry);
    update_gauges();
}

std::optional<store::RequestEffect> Instance::carry_out(std::int64_t request,
                                                        const RequestPart& part,
                                                        const std::string& resolution) {
    if (watch_.abandoned()) return std::nullopt;
    // What is changed in a memory that is to be loaded again would be forgotten with it.
    if (reload_at_ != UtcTime()) reload();
    if (reload_at_ != UtcTime()) return std::nullopt;
    store::RequestEffect effect{request, 0, 0};
    for (const store::Position& place : part.places) {
        OpenEntry* entry = open_.at(place);
        if (entry == nullptr || !concerns(part, entry->state)) continue;
        if (part.by_hand) mark_by_hand(*entry, resolution);
        open_.set_state(*entry, OpenState::Ready);
        entry->tries = 0;
        entry->error_id = 0;
        entry->deadline = {};
        entry->since = {};
        entry->look_again_at = {};
        open_.queue(*entry);
        put(*entry);
        draft_.resolve_key_errors.emplace_back(entry->record.key, resolution);
        error_keys_.erase(entry->record.key);
        ++effect.retried;
    }
    for (const std::string& key : part.keys) {
        draft_.resolve_key_errors.emplace_back(key, resolution);
        error_keys_.erase(key);
    }
    if (!part.keys.empty()) effect.released = 1;
    retried_ = retried_ || (effect.retried > 0 && !part.by_hand);
    if (effect.retried + effect.released > 0) {
        draft_.requests.push_back(effect);
        if (!flush()) return std::nullopt;
    }
    update_gauges();
    return effect;
}

StepEnd Instance::commit_changes() {
    if (reload_at_ == UtcTime()) flush();
    return std::exchange(end_, {});
}

void Instance::record_hold(const Error& error, std::string_view stage) {
    const auto known = error_keys_.find("");
    if (known != error_keys_.end() && known->second == error.code) return;
    add_error(nullptr, error, stage);
    flush();
}

bool Instance::at_rest(UtcTime horizon) const {
    if (reload_at_ != UtcTime()) return false;
    if (prepare_at_ != UtcTime()) return prepare_at_ > horizon;
    if (has_changes()) return false;
    if (!output_has_room()) return true;  // its consumer is at rest, or the engine is not
    // Who runs for a demand alone waits for the quota too, however long that takes.
    for (const Stream& stream : streams_)
        if (wanted(stream) && !stream.idle_once &&
            (stream.next_at <= horizon || services_.settings.demands_only))
            return false;
    if (const auto retry = open_.next_retry(); retry && *retry <= horizon) return false;
    return open_.ready() == 0 && !input_waits();
}

Result<void> Instance::end_run() {
    // A commit that was refused must not be made up for piece by piece.
    if (reload_at_ != UtcTime()) reload();
    if (reload_at_ != UtcTime())
        return transient("engine.commit", "the end of a run could not be stored");
    if (run_ == 0 && !has_changes()) return {};
    draft_.run_ended = run_ != 0;
    if (!flush()) return transient("engine.commit", "the end of a run could not be stored");
    if (run_ == 0) return {};
    run_ = 0;
    // A pause between two pages of the first backlog, a hold or a stop does not end a first run.
    if (flow_.first_run_limit && !first_run_passed_ && written_ever_ > 0 && caught_up_) {
        first_run_passed_ = true;
        return services_.store.cache_put(kFirstRunCache,
                                         name_.flow + '/' + name_.origin + '/' + name_.partition,
                                         "passed", now());
    }
    return {};
}

void Instance::update_gauges() {
    for (std::size_t state = 1; state < gauges_.size(); ++state)
        gauges_[state] = open_.count(static_cast<OpenState>(state));
    // What stands behind another version of its key is ready, but cannot run: it must not count as
    // backlog, or a lost answer that waits for a person would stop the intake.
    gauges_[static_cast<std::size_t>(OpenState::Ready)] = static_cast<std::int64_t>(open_.ready());
    fetches_keys_ = std::any_of(streams_.begin(), streams_.end(), [](const Stream& stream) {
        return stream.on_demand == plugin_host::OnDemand::Keys && stream.demanded();
    });
    caught_up_ =
        open_.ready() == 0 && !input_waits() &&
        std::all_of(streams_.begin(), streams_.end(),
                    [](const Stream& stream) {
                        return stream.idle_once || (stream.on_demand != plugin_host::OnDemand::No &&
                                                    !stream.demanded());
                    }) &&
        std::all_of(inputs_.begin(), inputs_.end(), [](const std::unique_ptr<Input>& input) {
            return input->producer == nullptr || input->producer->caught_up_.load();
        });
}

bool Instance::abandon(std::uint64_t call) {
    const std::lock_guard lock(commit_mutex_);
    if (!watch_.abandon(call)) return false;
    const Error error =
        bug("engine.hung_plugin",
            "flow " + name_.flow + ": plugin " + manifest_.name +
                " did not return from a call although it was told to end; its instance is held "
                "until the engine starts again");
    store::Commit commit;
    commit.instance = number_;
    commit.epoch = services_.store.epoch();
    commit.expected_commit = last_commit_;
    commit.now = now();
    store::ErrorRow row;
    row.instance = name_;
    row.stage = "call";
    row.error_class = error.error_class;
    row.code = error.code;
    row.message = error.message;
    row.fingerprint = errors::fingerprint(manifest_.name, error);
    row.at = commit.now;
    commit.errors.push_back(std::move(row));
    if (Result<store::Receipt> receipt = services_.store.commit(commit); receipt)
        last_commit_ = receipt->commit;
    log::error("plugin call hangs",
               {{"flow", Json(name_.flow)}, {"partition", Json(name_.partition)}});
    return true;
}

}  // namespace carrick::engine
