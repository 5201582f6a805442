// SPDX-License-Identifier: Apache-2.0
// OpenRecords: the records that an instance has met and not settled, in memory: by place, by key,
// in the order in which they run, and by the time at which they wake.
#pragma once

#include "core/engine/supersession.hpp"
#include "core/store/store.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace carrick::engine {

/// Whether a write of a record may be on its way to the target.
enum class Question {
    None,   ///< nothing was sent, or what was sent has its answer
    Asked,  ///< the call that runs may be sending it
    Lost,   ///< it may have been sent, and nobody knows what became of it
};

/// Which stage a ready record enters.
enum class Way { Reconcile = 0, Resume = 1, Process = 2 };

struct OpenEntry {
    store::Position at;
    store::Record record;  ///< its body is empty while `has_body` is false
    bool has_body = false;
    bool stored = false;  ///< the store holds a row for it

    store::OpenState state = store::OpenState::Ready;
    std::string stage;
    std::string reason;
    std::string token;
    std::string awaited_link;
    UtcTime since;
    UtcTime look_again_at;
    UtcTime deadline;
    int tries = 0;
    std::int64_t error_id = 0;
    Question question = Question::None;  ///< of its writes that are safe to repeat
    /// Open attempts, or, in state Shadow, the payloads that a live target would have got.
    std::vector<store::Attempt> attempts;

    std::optional<store::LedgerEntry> ledger;
    bool ledger_known = false;

    std::uint64_t order = 0;  ///< log order over all inputs
    bool queued = false;      ///< stands in the ready queue
    bool dirty = false;       ///< gets a row with the next commit
    bool timed = false;       ///< stands among the timers, under `wakes_at`
    UtcTime wakes_at;
    OpenEntry* behind = nullptr;    ///< the newer version that waits while this one is in question
    OpenEntry* in_front = nullptr;  ///< the older version that this one waits for

    [[nodiscard]] Way way() const;
    /// A write of it may still come into being in the target. A newer version that ran meanwhile
    /// would look for the document, find none, and decide wrongly.
    [[nodiscard]] bool in_question() const;
    [[nodiscard]] KnownVersion known() const;
};

class OpenRecords {
public:
    /// Adds a record as the newest of its key. It is neither queued nor timed yet.
    OpenEntry& add(std::unique_ptr<OpenEntry> entry);
    /// The oldest open record of a key (the one that may run), or null.
    [[nodiscard]] OpenEntry* by_key(std::string_view key) const;
    [[nodiscard]] OpenEntry* at(const store::Position& position) const;
    /// Takes a record out. What stood behind it comes to the front (and is returned).
    std::unique_ptr<OpenEntry> remove(OpenEntry& entry, OpenEntry** released = nullptr);
    /// Puts `entry` behind `front`; it does not run until `front` is removed.
    void put_behind(OpenEntry& front, std::unique_ptr<OpenEntry> entry);

    /// Into the ready queue, unless it stands behind another.
    void queue(OpenEntry& entry);
    /// Out of the ready queue and the timers.
    void unqueue(OpenEntry& entry);
    void wake_at(OpenEntry& entry, UtcTime when);
    /// Every record whose time has come, taken off the timers.
    [[nodiscard]] std::vector<OpenEntry*> due(UtcTime now);
    [[nodiscard]] std::optional<UtcTime> next_timer() const;
    /// The earliest timer of a record in state Retrying (what `--once` still waits for).
    [[nodiscard]] std::optional<UtcTime> next_retry() const;

    /// The way of the first in line: lost answers before resumed waits before fresh work.
    [[nodiscard]] std::optional<Way> next_way() const;
    /// Takes up to `limit` records of one way off the queue, in order: earliest due first (none
    /// last), then log order.
    [[nodiscard]] std::vector<OpenEntry*> take(Way way, std::size_t limit);

    [[nodiscard]] std::size_t ready() const;
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    void set_state(OpenEntry& entry, store::OpenState state);
    [[nodiscard]] std::int64_t count(store::OpenState state) const {
        return counts_[static_cast<std::size_t>(state)];
    }
    template <class Visit>
    void each(Visit&& visit) {
        for (auto& [position, entry] : entries_) visit(*entry);
    }
    void clear();

private:
    struct PositionHash {
        std::size_t operator()(const store::Position& position) const {
            return static_cast<std::size_t>(position.seq) * 0x9e3779b97f4a7c15ULL ^
                   static_cast<std::size_t>(position.channel);
        }
    };
    struct InOrder {
        bool operator()(const OpenEntry* a, const OpenEntry* b) const;
    };
    struct ByTime {
        bool operator()(const OpenEntry* a, const OpenEntry* b) const {
            return a->wakes_at != b->wakes_at ? a->wakes_at < b->wakes_at : a->order < b->order;
        }
    };

    std::unordered_map<store::Position, std::unique_ptr<OpenEntry>, PositionHash> entries_;
    std::unordered_map<std::string_view, OpenEntry*> keys_;  // views into the entry's own record
    std::set<OpenEntry*, InOrder> queues_[3];
    std::set<OpenEntry*, ByTime> timers_;
    std::uint64_t next_order_ = 1;
    std::array<std::int64_t, 7> counts_{};  // by state
};

}  // namespace carrick::engine
