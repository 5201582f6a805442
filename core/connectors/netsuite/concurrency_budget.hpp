// SPDX-License-Identifier: Apache-2.0
// ConcurrencyBudget: how many requests NetSuite gets from us at once, over all flows.
#pragma once

#include "core/connectors/connection.hpp"

#include <condition_variable>
#include <list>
#include <map>
#include <mutex>

namespace carrick::connectors::netsuite {

/// NetSuite does not queue: what is over the account's limit is refused at once, and other tools
/// share that limit. So the window adapts (AIMD): it halves on a refusal, shrinks by an eighth when
/// answers become much slower than they used to be, and grows by one slot per window of good
/// answers, up to `max`.
///
/// Who gets a free slot: the most urgent priority first; within it the flow with the fewest slots;
/// then who came first. A waiter gains one priority for each 10 seconds of waiting, so backfill
/// is slowed but never starved. Thread-safe.
class ConcurrencyBudget {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;
    using SteadyClock = SteadyTime (*)();

    /// Kinds of requests whose normal speeds have nothing to do with each other.
    enum class Kind {
        Read = 0,
        Query = 1,
        Write = 2,
        Submit = 3,  ///< a write that is only accepted now and carried out later
    };
    enum class Answer {
        Good,     ///< an answer, whatever it said
        Refused,  ///< the concurrency limit
        None,     ///< nothing that tells about the load: cancelled, connection refused
    };

    /// One request's right to be in flight; gives it back when destroyed.
    class Slot {
    public:
        Slot(Slot&& other) noexcept;
        Slot& operator=(Slot&&) = delete;
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        ~Slot();
        /// Says how the request ended. Without it the slot counts as `None`.
        void finish(Answer answer);

    private:
        friend class ConcurrencyBudget;
        Slot(ConcurrencyBudget* budget, std::string flow, Kind kind, SteadyTime begun);
        ConcurrencyBudget* budget_;
        std::string flow_;
        Kind kind_;
        SteadyTime begun_;
    };

    explicit ConcurrencyBudget(unsigned max, SteadyClock now = &std::chrono::steady_clock::now);

    /// Waits for a slot.
    /// Errors   Throttled `netsuite.budget` at the deadline (at once where it has passed);
    ///          Transient `connector.cancelled`.
    [[nodiscard]] Result<Slot> acquire(const CallContext& context, Kind kind);

    /// What the account grants, once known. The window never exceeds it.
    void set_max(unsigned max);
    [[nodiscard]] unsigned max() const;
    [[nodiscard]] unsigned window() const;  ///< slots at this moment, at least 1
    [[nodiscard]] unsigned in_flight() const;
    [[nodiscard]] std::size_t waiting() const;  ///< requests that wait for a slot

private:
    struct Waiter {
        const CallContext* context;
        SteadyTime since;
        bool chosen = false;
    };

    void give_back(const std::string& flow, Kind kind, SteadyTime begun, Answer answer);
    void adapt(Kind kind, SteadyTime begun, Answer answer);
    void choose();
    [[nodiscard]] bool more_urgent(const Waiter& a, const Waiter& b, SteadyTime now) const;
    [[nodiscard]] unsigned window_unlocked() const;

    const SteadyClock now_;
    mutable std::mutex mutex_;
    std::condition_variable chosen_;
    std::list<Waiter> waiters_;
    std::map<std::string, unsigned> held_by_flow_;
    unsigned in_flight_ = 0;
    unsigned max_;
    // The window in thousandths of a slot: growth by a fraction, and no floating point.
    std::int64_t window_milli_;
    SteadyTime shrunk_at_{};
    std::int64_t usual_ms_[4] = {0, 0, 0, 0};  ///< smoothed time of an answer per kind; 0 unknown
};

}  // namespace carrick::connectors::netsuite
