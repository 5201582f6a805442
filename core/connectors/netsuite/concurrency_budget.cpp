// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/concurrency_budget.hpp"

#include "core/connectors/netsuite/patience.hpp"

#include <algorithm>

namespace carrick::connectors::netsuite {
namespace {

constexpr std::int64_t kSlot = 1000;  // thousandths
constexpr std::chrono::seconds kAgeing{10};
// An answer counts as slow at four times the usual, and never below two seconds: a sales order
// with a script that sometimes runs is no sign of load.
constexpr std::int64_t kSlowFactor = 4;
constexpr std::int64_t kNeverSlowMs = 2000;
// The smoothed time moves by 1/16 of the difference with each answer.
constexpr std::int64_t kSmoothing = 16;

}  // namespace

ConcurrencyBudget::Slot::Slot(ConcurrencyBudget* budget, std::string flow, Kind kind,
                              SteadyTime begun)
    : budget_(budget), flow_(std::move(flow)), kind_(kind), begun_(begun) {}

ConcurrencyBudget::Slot::Slot(Slot&& other) noexcept
    : budget_(std::exchange(other.budget_, nullptr)),
      flow_(std::move(other.flow_)),
      kind_(other.kind_),
      begun_(other.begun_) {}

ConcurrencyBudget::Slot::~Slot() {
    finish(Answer::None);
}

void ConcurrencyBudget::Slot::finish(Answer answer) {
    if (ConcurrencyBudget* budget = std::exchange(budget_, nullptr))
        budget->give_back(flow_, kind_, begun_, answer);
}

ConcurrencyBudget::ConcurrencyBudget(unsigned max, SteadyClock now)
    : now_(now), max_(std::max(1U, max)), window_milli_(kSlot * max_) {}

Result<ConcurrencyBudget::Slot> ConcurrencyBudget::acquire(const CallContext& context, Kind kind) {
    constexpr std::chrono::milliseconds kGlance{50};  // how late a cancellation is noticed
    std::unique_lock lock(mutex_);
    if (context.is_cancelled()) return cancelled_error();
    const auto mine = waiters_.insert(waiters_.end(), Waiter{&context, now_()});
    choose();
    while (!mine->chosen) {
        const bool cancelled = context.is_cancelled();
        if (cancelled || std::chrono::steady_clock::now() >= context.deadline) {
            waiters_.erase(mine);
            if (cancelled) return cancelled_error();
            return throttled("netsuite.budget",
                             "no slot of this connection's " + std::to_string(window_unlocked()) +
                                 " came free before the call's deadline",
                             std::chrono::seconds(1));
        }
        chosen_.wait_until(lock, std::min<SteadyTime>(context.deadline,
                                                      std::chrono::steady_clock::now() + kGlance));
        // Ageing may have changed who is first without any slot having been given back.
        if (!mine->chosen) choose();
    }
    waiters_.erase(mine);
    return Slot(this, context.flow, kind, now_());
}

void ConcurrencyBudget::choose() {
    bool any = false;
    while (in_flight_ < window_unlocked()) {
        const SteadyTime now = now_();
        auto best = waiters_.end();
        for (auto it = waiters_.begin(); it != waiters_.end(); ++it)
            if (!it->chosen && (best == waiters_.end() || more_urgent(*it, *best, now))) best = it;
        if (best == waiters_.end()) break;
        best->chosen = true;
        ++in_flight_;
        ++held_by_flow_[best->context->flow];
        any = true;
    }
    if (any) chosen_.notify_all();
}

// Strictly: equal waiters keep the order of their coming, since `choose` takes the first best.
bool ConcurrencyBudget::more_urgent(const Waiter& a, const Waiter& b, SteadyTime now) const {
    const auto rank = [&](const Waiter& waiter) {
        return static_cast<std::int64_t>(waiter.context->priority) - (now - waiter.since) / kAgeing;
    };
    const auto held = [&](const Waiter& waiter) {
        const auto found = held_by_flow_.find(waiter.context->flow);
        return found == held_by_flow_.end() ? 0U : found->second;
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return held(a) < held(b);
}

void ConcurrencyBudget::give_back(const std::string& flow, Kind kind, SteadyTime begun,
                                  Answer answer) {
    const std::lock_guard lock(mutex_);
    --in_flight_;
    if (const auto held = held_by_flow_.find(flow); --held->second == 0) held_by_flow_.erase(held);
    adapt(kind, begun, answer);
    choose();
}

void ConcurrencyBudget::adapt(Kind kind, SteadyTime begun, Answer answer) {
    if (answer == Answer::None) return;
    const SteadyTime now = now_();
    // Requests begun before the last cut were sent under the wider window: they prove nothing
    // about this one, and a burst of refusals is one refusal.
    const bool stale = begun < shrunk_at_;
    const auto shrink_to = [&](std::int64_t milli) {
        window_milli_ = std::max(kSlot, milli);
        shrunk_at_ = now;
    };
    if (answer == Answer::Refused) {
        if (!stale) shrink_to(window_milli_ / 2);
        return;
    }
    const std::int64_t took =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - begun).count();
    std::int64_t& usual = usual_ms_[static_cast<std::size_t>(kind)];
    const bool slow = usual > 0 && took > std::max(usual * kSlowFactor, kNeverSlowMs);
    usual = usual == 0 ? std::max<std::int64_t>(1, took) : usual + (took - usual) / kSmoothing;
    if (stale) return;
    if (slow)
        shrink_to(window_milli_ - window_milli_ / 8);
    else
        // One slot per window of good answers: 1000 thousandths over `window` answers.
        window_milli_ = std::min(kSlot * max_, window_milli_ + kSlot * kSlot / window_milli_);
}

void ConcurrencyBudget::set_max(unsigned max) {
    const std::lock_guard lock(mutex_);
    max_ = std::max(1U, max);
    window_milli_ = kSlot * max_;
    choose();
}

unsigned ConcurrencyBudget::max() const {
    const std::lock_guard lock(mutex_);
    return max_;
}

unsigned ConcurrencyBudget::window_unlocked() const {
    return static_cast<unsigned>(window_milli_ / kSlot);
}

unsigned ConcurrencyBudget::window() const {
    const std::lock_guard lock(mutex_);
    return window_unlocked();
}

unsigned ConcurrencyBudget::in_flight() const {
    const std::lock_guard lock(mutex_);
    return in_flight_;
}

std::size_t ConcurrencyBudget::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiters_.size();
}

}  // namespace carrick::connectors::netsuite
