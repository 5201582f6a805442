// SPDX-License-Identifier: Apache-2.0
#include "core/engine/key_watch.hpp"

#include <array>

namespace carrick::engine {

std::string_view to_string(KeyState state) {
    constexpr std::array<std::string_view, 8> kNames{"running",  "done",   "skipped", "waiting",
                                                     "retrying", "failed", "unknown", "shadow"};
    return kNames[static_cast<std::size_t>(state)];
}

void KeyWatch::begin(std::span<const std::string> keys) {
    const std::lock_guard lock(mutex_);
    keys_ = {keys.begin(), keys.end()};
    notes_.clear();
    active_.store(true, std::memory_order_release);
}

void KeyWatch::end() {
    const std::lock_guard lock(mutex_);
    active_.store(false, std::memory_order_release);
    keys_.clear();
    notes_.clear();
}

bool KeyWatch::watches(std::string_view key) const {
    if (!active()) return false;
    const std::lock_guard lock(mutex_);
    return keys_.contains(key);
}

void KeyWatch::note(const store::InstanceName& instance, const std::string& key, KeyNote note) {
    const std::lock_guard lock(mutex_);
    if (keys_.contains(key)) notes_[instance][key] = std::move(note);
}

KeyWatch::Notes KeyWatch::notes() const {
    const std::lock_guard lock(mutex_);
    return notes_;
}

}  // namespace carrick::engine
