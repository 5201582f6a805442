// SPDX-License-Identifier: Apache-2.0
// Requests to streams on demand: to their instances and back, and for a sync the watch over all
// that its keys may come through.
#include "core/engine/engine_impl.hpp"

#include "core/base/log.hpp"
#include "core/engine/sync_report.hpp"

#include <algorithm>

namespace carrick::engine {

Result<void> Engine::Impl::begin(std::int64_t id, DemandPlan plan,
                                 std::function<void(const std::string&)> on_answer) {
    auto pending = std::make_shared<PendingDemand>();
    pending->id = id;
    pending->replies.resize(plan.parts.size());
    pending->plan = std::move(plan);
    pending->on_answer = std::move(on_answer);
    {
        const std::lock_guard lock(mutex_);
        if (Result<void> free = check_places(pending->plan); !free) return free;
        if (pending->plan.action == DemandAction::Sync) begin_watch(pending);
        for (std::size_t i = 0; i < pending->plan.parts.size(); ++i) {
            Place* place = place_of(pending->plan.parts[i].instance);
            if (place->hold) continue;  // of a sync, which says so
            Mail mail;
            mail.demand = pending;
            mail.demand_part = i;
            ++pending->parts;
            place->mail.push_back(std::move(mail));
        }
    }
    work_.notify_all();
    finish_demand_part(pending);
    return {};
}

Result<void> Engine::Impl::check_places(const DemandPlan& plan) {
    if (plan.action == DemandAction::Sync && sync_)
        return transient("sync.running", "another sync is under way; try again after it");
    for (const DemandPart& part : plan.parts) {
        const Place* place = place_of(part.instance);
        if (place == nullptr || place->hung || (place->hold && plan.action == DemandAction::Start))
            return rejected("backfill.held",
                            "flow " + part.instance.flow + " stands still" +
                                (place != nullptr && place->hold
                                     ? ": " + place->hold->message + " (" + place->hold->code + ")"
                                     : std::string()) +
                                "; see `carrick errors list --flow " + part.instance.flow + "`");
    }
    return {};
}

void Engine::Impl::begin_watch(const std::shared_ptr<PendingDemand>& pending) {
    watch_.begin(pending->plan.keys);
    sync_ = pending;
    pending->deadline = std::chrono::steady_clock::now() + pending->plan.wait;
    std::set<const Instance*> behind;
    for (const DemandPart& part : pending->plan.parts)
        if (const Place* place = place_of(part.instance)) behind.insert(place->instance.get());
    // Producers stand before their consumers.
    for (Place& place : places_) {
        if (!behind.contains(place.instance.get())) continue;
        pending->places.push_back(place.instance->name());
        for (const Instance* consumer : place.instance->consumers()) behind.insert(consumer);
        if (place.hung) continue;
        Mail mail;
        mail.demand = pending;
        ++pending->parts;
        place.mail.push_back(std::move(mail));
    }
}

void Engine::Impl::carry_out_demand(Instance& instance, const Mail& item) {
    PendingDemand& pending = *item.demand;
    if (!item.demand_part) {
        if (!instance.look_at(pending.plan.keys)) refuse(pending);
        return finish_demand_part(item.demand);
    }
    const DemandPart& part = pending.plan.parts[*item.demand_part];
    std::optional<DemandReply> reply = pending.plan.action == DemandAction::Stop
                                           ? instance.stop_demand(part.stream, pending.id)
                                           : instance.begin_demand(part.stream, part.demand);
    {
        const std::lock_guard lock(mutex_);
        if (reply)
            pending.replies[*item.demand_part] = std::move(*reply);
        else
            pending.refused = true;
    }
    finish_demand_part(item.demand);
}

void Engine::Impl::refuse(PendingDemand& pending) {
    const std::lock_guard lock(mutex_);
    pending.refused = true;
}

void Engine::Impl::finish_demand_part(const std::shared_ptr<PendingDemand>& pending) {
    {
        const std::lock_guard lock(mutex_);
        if (--pending->parts > 0) return;
        if (pending->plan.action == DemandAction::Sync && !pending->refused)
            return;  // answered when the keys have come to an end
        if (pending->plan.action == DemandAction::Sync) end_watch();
    }
    if (pending->refused) {
        if (pending->on_answer)
            pending->on_answer(failure_answer(
                transient("store.busy", "the store did not take the request; try again")));
        return give_back(pending->id);
    }
    conclude(*pending, demand_answer(*pending));
}

std::string Engine::Impl::demand_answer(const PendingDemand& pending) {
    Json backfills = Json::array();
    for (std::size_t i = 0; i < pending.replies.size(); ++i) {
        const DemandReply& reply = pending.replies[i];
        if (reply.refused) return failure_answer(*reply.refused);
        if (reply.demand)
            backfills.push_back(backfill_json(pending.plan.parts[i].instance, *reply.demand));
    }
    if (backfills.empty())
        return failure_answer(rejected(
            "backfill.none", "no backfill of flow " + pending.plan.flow + " is under way"));
    return Json::object({{"ok", Json(true)}, {"backfills", std::move(backfills)}}).dump();
}

void Engine::Impl::conclude(const PendingDemand& pending, const std::string& text) {
    if (pending.on_answer) return pending.on_answer(text);
    if (Result<void> answered = answer(pending.id, text); !answered)
        log::warning("request not answered yet", {{"code", Json(answered.error().code)}});
}

void Engine::Impl::answer_sync() {
    std::shared_ptr<PendingDemand> sync;
    Json report;
    {
        const std::lock_guard lock(mutex_);
        if (!sync_ || sync_->parts > 0) return;
        const bool complete = keys_settled();
        if (!complete && std::chrono::steady_clock::now() < sync_->deadline) return;
        std::vector<SyncPlace> places;
        for (const store::InstanceName& name : sync_->places) {
            const Place* place = place_of(name);
            places.push_back(
                {name,
                 std::any_of(sync_->plan.parts.begin(), sync_->plan.parts.end(),
                             [&](const DemandPart& part) { return part.instance == name; }),
                 place->hold, place->trouble});
        }
        report = sync_report(sync_->plan.keys, places, watch_.notes(), complete);
        sync = sync_;
        end_watch();
    }
    conclude(*sync, report.dump());
}

void Engine::Impl::end_watch() {
    watch_.end();
    sync_.reset();
}

bool Engine::Impl::keys_settled() {
    const KeyWatch::Notes notes = watch_.notes();
    for (const store::InstanceName& name : sync_->places) {
        const Place& place = *place_of(name);
        if (place.hold || place.hung) continue;
        if (place.instance->fetches_keys()) return false;
        const auto of_instance = notes.find(name);
        if (of_instance == notes.end()) continue;
        for (const auto& [key, note] : of_instance->second) {
            if (note.state == KeyState::Running) return false;
            for (const Instance* consumer : place.instance->consumers()) {
                const Place* of_consumer = place_of(consumer->name());
                if (of_consumer->hold || of_consumer->hung) continue;
                if (!consumer->has_read(place.instance.get(), note.appended_to)) return false;
            }
        }
    }
    return true;
}

}  // namespace carrick::engine
