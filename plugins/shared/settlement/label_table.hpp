// SPDX-License-Identifier: Apache-2.0
// LabelTable: which label a row's bytes are, without reading them twice.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugins {

/// Not for keys that somebody chooses to collide: a file with a million labels of one hash is slow,
/// not wrong.
[[nodiscard]] inline std::uint64_t quick_hash(std::string_view text, std::uint64_t seed) {
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ULL;
    std::uint64_t hash = seed ^ (text.size() * kMix);
    const char* at = text.data();
    std::size_t left = text.size();
    while (left >= 8) {
        std::uint64_t part = 0;
        std::memcpy(&part, at, 8);
        hash = (hash ^ part) * kMix;
        hash ^= hash >> 29U;
        at += 8;
        left -= 8;
    }
    std::uint64_t rest = 0;
    if (left > 0) std::memcpy(&rest, at, left);
    hash = (hash ^ rest) * kMix;
    return hash ^ (hash >> 32U);
}

/// A pair of texts -> a number.
class LabelTable {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    [[nodiscard]] std::uint32_t find(std::string_view first, std::string_view second) const {
        const std::uint64_t hash = hash_of(first, second);
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
            const Slot& slot = slots_[at];
            if (slot.value == kNone) return kNone;
            if (slot.hash == hash && keys_[slot.key].first == first &&
                keys_[slot.key].second == second)
                return slot.value;
        }
    }
    void add(std::string_view first, std::string_view second, std::uint32_t value) {
        if (keys_.size() * 2 >= slots_.size()) grow();
        keys_.push_back({std::string(first), std::string(second)});
        put({hash_of(first, second), static_cast<std::uint32_t>(keys_.size() - 1), value});
    }

    [[nodiscard]] std::size_t size() const { return keys_.size(); }

private:
    struct Key {
        std::string first;
        std::string second;
    };
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t key = 0;
        std::uint32_t value = kNone;
    };
    static std::uint64_t hash_of(std::string_view first, std::string_view second) {
        return quick_hash(second, quick_hash(first, 1));
    }
    void put(const Slot& slot) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = slot.hash & mask;
        while (slots_[at].value != kNone) at = (at + 1) & mask;
        slots_[at] = slot;
    }
    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.value != kNone) put(slot);
    }

    std::vector<Slot> slots_{std::vector<Slot>(512)};
    std::vector<Key> keys_;
};

}  // namespace carrick::plugins
