// SPDX-License-Identifier: Apache-2.0
// Loading an instance, choosing what it does next, and waking what waits.
#include "core/engine/instance.hpp"

#include "core/base/log.hpp"
#include "core/engine/call_scope.hpp"
#include "core/engine/references.hpp"
#include "core/engine/requests.hpp"

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

// ---- set-up
// --------------------------------------------------------------------------------------

Json Instance::create_config() const {
    Json connections = Json::object();
    for (const auto& [role, name] : flow_.roles)
        if (const ConnectionSpec* spec = connection(role))
            connections.set(
                role, Json::object({{"id", Json(spec->id)}, {"connector", Json(spec->connector)}}));
    Json config = Json::object({{"flow", Json(name_.flow)},
                                {"origin", Json(name_.origin)},
                                {"partition", Json(name_.partition)},
                                {"connections", std::move(connections)}});
    config.set("settings", partition_.settings.is_null() ? Json::object() : partition_.settings);
    if (name_.partition.empty() && !partition_.marketplaces.is_null())
        config.set("marketplaces", partition_.marketplaces);
    if (flow_.start) config.set("start", Json(flow_.start->text()));
    // The installation's key for hashes of personal data; the same over every start.
    if (Result<std::string> key = services_.store.identity_key())
        config.set("identity_key", Json(*key));
    return config;
}

Result<void> Instance::prepare() {
    // Set until it has succeeded: a hold that is released prepares once more.
    prepare_at_ = now();
    if (has_references(partition_, manifest_)) return {};
    if (Result<void> made = make_plugin(); !made) return made;
    prepare_at_ = {};
    settle_earlier_hold();
    return {};
}

void Instance::prepare_with_references() {
    Result<void> prepared;
    PartitionSpec resolved = partition_;
    {
        CallGateway gateway(gateway_context());
        const CallScope scope(*this);
        prepared = resolve_references(resolved, flow_, services_.settings, gateway.call_context());
    }
    if (call_was_abandoned() || stopping()) return;
    if (!prepared &&
        errors::remedy_for(prepared.error().error_class) == errors::Remedy::RetryLater) {
        end_.trouble = prepared.error();
        prepare_at_ = now() + flow_.retry.delay_without_end(++prepare_tries_, prepared.error(),
                                                            services_.random);
        log::warning("settings not resolved yet", {{"flow", Json(name_.flow)},
                                                   {"partition", Json(name_.partition)},
                                                   {"code", Json(prepared.error().code)},
                                                   {"message", Json(prepared.error().message)}});
        return;
    }
    if (prepared) {
        std::swap(partition_, resolved);
        prepared = make_plugin();
        if (prepared) {
            prepare_at_ = {};
            prepare_tries_ = 0;
            end_.progressed = true;
            return settle_earlier_hold();
        }
        std::swap(partition_, resolved);
    }
    record_hold(prepared.error(), "create");
    end_.hold_instance = prepared.error();
}

Result<void> Instance::make_plugin() {
    if (Result<void> compiled = compile(); !compiled) return compiled;
    Result<std::unique_ptr<plugin_host::FlowInstance>> made = flow_.plugin->create(create_config());
    if (!made) return made.error();
    plugin_ = std::move(*made);
    return {};
}

Result<void> Instance::compile() {
    compiled_ = {};
    if (!flow_.where.empty()) {
        Result<Filter> filter = Filter::compile(flow_.where);
        if (!filter) return filter.error();
        compiled_.where = std::move(*filter);
    }
    for (const JsonMember& write : partition_.mapping.members()) {
        const plugin_host::WriteDeclaration* declared = manifest_.write(write.key);
        if (declared == nullptr)
            return misconfigured("engine.unknown_write", "mapping." + write.key + ": plugin " +
                                                             manifest_.name +
                                                             " writes nothing of this name");
        Result<Overlay> overlay = Overlay::compile(write.value, declared->identity_fields);
        if (!overlay) return overlay.error();
        if (!overlay->empty()) compiled_.overlays.emplace(write.key, std::move(*overlay));
    }
    for (const plugin_host::LookupDeclaration& lookup : manifest_.lookups) {
        const ConnectionSpec* spec = connection(lookup.role);
        if (spec == nullptr)
            return misconfigured("engine.no_connection",
                                 "flow " + name_.flow + ": look-up \"" + lookup.name +
                                     "\" needs a connection as \"" + lookup.role + "\"");
        CompiledLookup compiled{lookup, flow_.roles.at(lookup.role),
                                spec,   fill_settings(lookup.request, partition_.settings),
                                {},     services_.settings.dry_run || !spec->live};
        if (compiled.request.is_null()) compiled.request = Json::object();
        compiled.cache_key = compiled.connection_name + '\n' + lookup.operation + '\n' +
                             compiled.request.dump() + '\n';
        compiled_.lookups.push_back(std::move(compiled));
    }
    return {};
}

Result<void> Instance::load() {
    Result<store::InstanceState> state = services_.store.load_instance(name_);
    if (!state) return state.error();
    number_ = state->number;
    last_commit_ = state->last_commit;
    channel_end_ = state->channel_end;

    std::vector<Stream> before = std::move(streams_);
    streams_.clear();
    for (const plugin_host::StreamDeclaration& declared : manifest_.streams) {
        Stream stream{declared.name, declared.rank, {}, {}, 0, false};
        for (const store::Checkpoint& checkpoint : state->checkpoints)
            if (checkpoint.stream == declared.name) {
                stream.checkpoint = checkpoint.text;
                stream.next_at = checkpoint.look_again_at;
            }
        for (const Stream& old : before)
            if (old.name == declared.name) stream.idle_once = old.idle_once;
        // A shorter `every:` counts at once; `--once` means now.
        if (flow_.every) stream.next_at = std::min(stream.next_at, now() + *flow_.every);
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
    answered_.clear();
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
        for (store::Attempt& attempt : state.attempts)
            if (attempt.channel == row.channel && attempt.seq == row.seq)
                entry->attempts.push_back(std::move(attempt));

        OpenEntry* known = open_.by_key(entry->record.key);
        if (known == nullptr) {
            open_.add(std::move(entry));
        } else if (entry->way() == Way::Reconcile && known->way() != Way::Reconcile) {
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

void Instance::schedule_wait(OpenEntry& entry) {
    UtcTime when = entry.look_again_at;
    if (when == UtcTime() || (entry.deadline != UtcTime() && entry.deadline < when))
        when = entry.deadline;
    open_.wake_at(entry, when);
}

void Instance::reload() {
    if (Result<void> loaded = load(); !loaded) {
        store_failed(loaded.error());
        return;
    }
    reload_at_ = {};
    log::info("instance loaded again",
              {{"flow", Json(name_.flow)}, {"partition", Json(name_.partition)}});
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
            &watch_,          services_.settings.dry_run};
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
            if (!(services_.settings.once && stream.idle_once)) wants(stream.next_at);
        if (open_.ready() > 0 || input_waits()) plan.runnable = true;
    }
    if (has_changes()) plan.runnable = true;
    if (const auto timer = open_.next_timer()) wants(*timer);
    if (run_ != 0 && open_.ready() == 0 && !input_waits())
        wants(last_work_ + services_.settings.run_idle);
    return plan;
}

StepEnd Instance::step() {
    end_ = {};
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
    return std::move(end_);
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
            to_error_queue(*entry,
                           rejected("engine.wait_deadline",
                                    "waited until " + entry->deadline.text() +
                                        " for: " + entry->reason + "; settle the cause and retry"),
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

std::int64_t Instance::retry(const RequestPart& part, const std::string& resolution) {
    std::int64_t count = 0;
    for (const store::Position& place : part.places) {
        OpenEntry* entry = open_.at(place);
        if (entry == nullptr ||
            (entry->state != OpenState::Failed && entry->state != OpenState::Unknown))
            continue;
        open_.set_state(*entry, OpenState::Ready);
        entry->tries = 0;
        entry->error_id = 0;
        entry->deadline = {};
        entry->since = {};
        open_.queue(*entry);
        put(*entry);
        draft_.resolve_key_errors.emplace_back(entry->record.key, resolution);
        error_keys_.erase(entry->record.key);
        ++count;
    }
    for (const std::string& key : part.keys) {
        draft_.resolve_key_errors.emplace_back(key, resolution);
        error_keys_.erase(key);
    }
    retried_ = retried_ || count > 0;
    update_gauges();
    return count;
}

void Instance::commit_changes() {
    if (reload_at_ == UtcTime()) flush();
}

void Instance::record_hold(const Error& error, std::string_view stage) {
    const auto known = error_keys_.find("");
    if (known != error_keys_.end() && known->second == error.code) return;
    add_error(nullptr, error, stage);
    flush();
}

void Instance::settle_earlier_hold() {
    if (error_keys_.erase("") > 0) draft_.resolve_key_errors.emplace_back("", "started again");
}

bool Instance::at_rest(UtcTime horizon) const {
    if (reload_at_ != UtcTime()) return false;
    if (prepare_at_ != UtcTime()) return prepare_at_ > horizon;
    if (has_changes()) return false;
    if (!output_has_room()) return true;  // its consumer is at rest, or the engine is not
    for (const Stream& stream : streams_)
        if (!stream.idle_once && stream.next_at <= horizon) return false;
    if (const auto retry = open_.next_retry(); retry && *retry <= horizon) return false;
    return open_.ready() == 0 && !input_waits();
}

Result<void> Instance::end_run() {
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
    caught_up_ =
        open_.ready() == 0 && !input_waits() &&
        std::all_of(streams_.begin(), streams_.end(),
                    [](const Stream& stream) { return stream.idle_once; }) &&
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
