// SPDX-License-Identifier: Apache-2.0
// Scheduling: which instance runs next, what its step means for the others, and when there is
// nothing left to do.
#include "core/engine/engine_impl.hpp"

#include <algorithm>

namespace carrick::engine {

namespace {

// A page of the smallest quota at a small share: 1 % of one in three minutes would be five hours.
constexpr Milliseconds kLongestQuotaWait{6LL * 3'600'000};

}  // namespace

bool Engine::Impl::step() {
    if (stopping_ || !outage_.passes()) return false;
    std::vector<Mail> mail;
    Place* place = nullptr;
    bool held = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || fatal_) return false;
        place = choose();
        if (place == nullptr) return false;
        place->busy = true;
        mail.swap(place->mail);
        held = place->hold.has_value();
    }
    work_.notify_one();  // there may be more than this thread takes

    for (const Mail& item : mail) {
        for (const store::Position& position : item.woken) place->instance->wake(position);
        if (item.allow_first_run) place->instance->allow_first_run();
        if (item.request)
            finish_part(*item.request,
                        place->instance->carry_out(item.request->effect.id, item.part,
                                                   item.request->plan.resolution));
        if (item.demand) carry_out_demand(*place->instance, item);
    }
    const StepEnd end = held ? place->instance->commit_changes() : place->instance->step();

    {
        const std::lock_guard lock(mutex_);
        place->busy = false;
        settle(*place, end);
    }
    work_.notify_one();
    return true;
}

std::optional<UtcTime> Engine::Impl::next_wakeup() {
    if (const std::optional<UtcTime> next_try = outage_.next_try()) return next_try;
    const std::lock_guard lock(mutex_);
    const UtcTime now = clock_.now();
    std::optional<UtcTime> earliest;
    for (const Place& place : places_) {
        if (place.busy || place.hold) continue;
        const Plan plan = place.instance->plan(now);
        if (plan.runnable || !place.mail.empty()) return now;
        if (plan.wake_at && (!earliest || *plan.wake_at < *earliest)) earliest = plan.wake_at;
    }
    return earliest;
}

bool Engine::Impl::finished() {
    const std::lock_guard lock(mutex_);
    if (fatal_) return true;
    if (!settings_.once) return false;
    const UtcTime horizon = clock_.now() + settings_.once_patience;
    if (any_busy() || sync_) return false;
    const bool mail = std::any_of(places_.begin(), places_.end(), [](const Place& place) {
        return !place.hung && !place.mail.empty();
    });
    if (!mail && std::all_of(places_.begin(), places_.end(), [&](const Place& place) {
            return place.hung || place.hold || place.instance->at_rest(horizon);
        }))
        return true;
    // Systems that are down are tried for ever, but not by a run that is to end. In real time:
    // a clock that runs faster does not make a machine faster.
    constexpr std::chrono::seconds kLeast{30};
    // Between two pages of a backfill lies as much as its share of the quota says.
    const Milliseconds longest = settings_.demands_only
                                     ? std::max(settings_.once_patience, kLongestQuotaWait)
                                     : settings_.once_patience;
    const std::chrono::milliseconds patience =
        std::max<std::chrono::milliseconds>(kLeast, clock_.real_time_for(longest));
    return std::chrono::steady_clock::now() - progressed_at_ > patience;
}

void Engine::Impl::wait_for_work(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    work_.wait_for(lock, limit);
}

// The next instance that can run, in turn or, for the simulation, by chance.
Place* Engine::Impl::choose() {
    if (places_.empty()) return nullptr;
    const UtcTime now = clock_.now();
    const std::size_t start =
        settings_.shuffle ? static_cast<std::size_t>(random_.below(places_.size())) : turn_;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const std::size_t index = (start + i) % places_.size();
        Place& place = places_[index];
        if (place.busy) continue;
        if (place.mail.empty() && (place.hold || !place.instance->plan(now).runnable)) continue;
        turn_ = (index + 1) % places_.size();
        return &place;
    }
    return nullptr;
}

void Engine::Impl::settle(Place& place, const StepEnd& end) {
    if (end.progressed) progressed_at_ = std::chrono::steady_clock::now();
    if (end.trouble || end.progressed) place.trouble = end.trouble;
    if (end.fatal) {
        fatal_ = end.fatal;
        work_.notify_all();
    }
    if (end.hold_instance) {
        place.hold = end.hold_instance;
        log_hold(place, *end.hold_instance);
    }
    if (end.hold_flow) {
        for (Place& other : places_)
            if (other.instance->name().flow == place.instance->name().flow && !other.hold)
                other.hold = end.hold_flow;
        log_hold(place, *end.hold_flow);
    }
    for (const auto& [number, position] : end.woken)
        for (Place& other : places_)
            if (other.instance->number() == number) {
                Mail mail;
                mail.woken.push_back(position);
                other.mail.push_back(std::move(mail));
            }
}

}  // namespace carrick::engine
