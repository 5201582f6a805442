// SPDX-License-Identifier: Apache-2.0
#include "core/engine/open_records.hpp"

#include <limits>

namespace carrick::engine {

Way OpenEntry::way() const {
    if (!attempts.empty() && state != store::OpenState::Shadow) return Way::Reconcile;
    return token.empty() ? Way::Process : Way::Resume;
}

bool OpenEntry::in_question() const {
    return question != Question::None || way() == Way::Reconcile;
}

KnownVersion OpenEntry::known() const {
    return {record.version, record.content_hash, record.stream_rank, record.preview, in_question()};
}

bool OpenRecords::InOrder::operator()(const OpenEntry* a, const OpenEntry* b) const {
    constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
    const auto due = [](const OpenEntry& entry) {
        const std::int64_t time = entry.record.due.milliseconds();
        return time == 0 ? kNone : time;
    };
    return due(*a) != due(*b) ? due(*a) < due(*b) : a->order < b->order;
}

OpenEntry& OpenRecords::add(std::unique_ptr<OpenEntry> entry) {
    OpenEntry& added = *entry;
    added.order = next_order_++;
    ++counts_[static_cast<std::size_t>(added.state)];
    keys_.emplace(added.record.key, &added);
    entries_.emplace(added.at, std::move(entry));
    return added;
}

void OpenRecords::put_behind(OpenEntry& front, std::unique_ptr<OpenEntry> entry) {
    OpenEntry& added = *entry;
    added.order = next_order_++;
    ++counts_[static_cast<std::size_t>(added.state)];
    added.in_front = &front;
    front.behind = &added;
    entries_.emplace(added.at, std::move(entry));
}

OpenEntry* OpenRecords::by_key(std::string_view key) const {
    const auto found = keys_.find(key);
    return found == keys_.end() ? nullptr : found->second;
}

OpenEntry* OpenRecords::at(const store::Position& position) const {
    const auto found = entries_.find(position);
    return found == entries_.end() ? nullptr : found->second.get();
}

std::unique_ptr<OpenEntry> OpenRecords::remove(OpenEntry& entry, OpenEntry** released) {
    unqueue(entry);
    if (entry.in_front != nullptr) {
        entry.in_front->behind = nullptr;
    } else {
        if (const auto found = keys_.find(entry.record.key);
            found != keys_.end() && found->second == &entry)
            keys_.erase(found);
        if (OpenEntry* next = entry.behind; next != nullptr) {
            next->in_front = nullptr;
            keys_.emplace(next->record.key, next);
            if (released != nullptr) *released = next;
        }
    }
    const auto found = entries_.find(entry.at);
    std::unique_ptr<OpenEntry> owned = std::move(found->second);
    entries_.erase(found);
    --counts_[static_cast<std::size_t>(owned->state)];
    owned->behind = nullptr;
    owned->in_front = nullptr;
    return owned;
}

void OpenRecords::queue(OpenEntry& entry) {
    unqueue(entry);
    if (entry.in_front != nullptr) return;
    queues_[static_cast<int>(entry.way())].insert(&entry);
    entry.queued = true;
}

void OpenRecords::unqueue(OpenEntry& entry) {
    if (entry.queued)
        for (auto& queue : queues_) queue.erase(&entry);
    if (entry.timed) timers_.erase(&entry);
    entry.queued = false;
    entry.timed = false;
}

void OpenRecords::wake_at(OpenEntry& entry, UtcTime when) {
    unqueue(entry);
    entry.wakes_at = when;
    entry.timed = true;
    timers_.insert(&entry);
}

std::vector<OpenEntry*> OpenRecords::due(UtcTime now) {
    std::vector<OpenEntry*> woken;
    while (!timers_.empty() && (*timers_.begin())->wakes_at <= now) {
        OpenEntry* entry = *timers_.begin();
        timers_.erase(timers_.begin());
        entry->timed = false;
        woken.push_back(entry);
    }
    return woken;
}

std::optional<UtcTime> OpenRecords::next_timer() const {
    if (timers_.empty()) return std::nullopt;
    return (*timers_.begin())->wakes_at;
}

std::optional<UtcTime> OpenRecords::next_retry() const {
    for (const OpenEntry* entry : timers_)
        if (entry->state == store::OpenState::Retrying) return entry->wakes_at;
    return std::nullopt;
}

std::optional<Way> OpenRecords::next_way() const {
    for (const Way way : {Way::Reconcile, Way::Resume, Way::Process})
        if (!queues_[static_cast<int>(way)].empty()) return way;
    return std::nullopt;
}

std::vector<OpenEntry*> OpenRecords::take(Way way, std::size_t limit) {
    auto& queue = queues_[static_cast<int>(way)];
    std::vector<OpenEntry*> taken;
    while (!queue.empty() && taken.size() < limit) {
        taken.push_back(*queue.begin());
        taken.back()->queued = false;
        queue.erase(queue.begin());
    }
    return taken;
}

std::size_t OpenRecords::ready() const {
    return queues_[0].size() + queues_[1].size() + queues_[2].size();
}

void OpenRecords::set_state(OpenEntry& entry, store::OpenState state) {
    --counts_[static_cast<std::size_t>(entry.state)];
    ++counts_[static_cast<std::size_t>(state)];
    entry.state = state;
}

void OpenRecords::clear() {
    for (auto& queue : queues_) queue.clear();
    timers_.clear();
    keys_.clear();
    entries_.clear();
    counts_ = {};
}

}  // namespace carrick::engine
