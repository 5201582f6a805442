// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/order_table.hpp"

namespace carrick::plugins {

namespace {

/// 701-0590237-2315442 is its seventeen digits, which no other id shares; one more than that, so
/// that 0 is no order's.
std::optional<std::uint64_t> digits_of(std::string_view id) {
    constexpr std::size_t kLength = 19;
    if (id.size() != kLength || id[3] != '-' || id[11] != '-') return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < kLength; ++i) {
        if (i == 3 || i == 11) continue;
        if (id[i] < '0' || id[i] > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(id[i] - '0');
    }
    return value + 1;
}

/// Above all that seventeen digits can be.
constexpr std::uint64_t kOthers = std::uint64_t{1} << 63U;
constexpr std::size_t kDigits = 17;

std::size_t spread(std::uint64_t key) {
    key *= 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(key ^ (key >> 32U));
}

}  // namespace

std::uint64_t OrderTable::key_of(std::string_view id) {
    if (const auto digits = digits_of(id)) return *digits;
    return other_ids_.try_emplace(std::string(id), kOthers + other_ids_.size()).first->second;
}

std::string OrderTable::id_of(std::uint64_t key) const {
    if (key >= kOthers) {
        for (const auto& [id, its] : other_ids_)
            if (its == key) return id;
        return {};
    }
    std::string digits = std::to_string(key - 1);
    digits.insert(0, kDigits - digits.size(), '0');
    return digits.substr(0, 3) + "-" + digits.substr(3, 7) + "-" + digits.substr(10);
}

/// Its own, or the free one that it would get.
std::size_t OrderTable::slot_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = spread(key ^ seed_) & mask;
    while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & mask;
    return at;
}

OrderTable::Order& OrderTable::place(std::uint64_t key) {
    return slots_[slot_of(key)];
}

OrderTable::Order& OrderTable::at(std::string_view id) {
    const std::uint64_t key = key_of(id);
    Order& found = place(key);
    if (found.key == key) return found;
    ++count_;
    if (count_ * 10 < slots_.size() * 7) {
        found.key = key;
        return found;
    }
    grow();
    Order& added = place(key);
    added.key = key;
    return added;
}

const OrderTable::Order* OrderTable::find(std::uint64_t key) const {
    const Order& found = slots_[slot_of(key)];
    return found.key == key ? &found : nullptr;
}

void OrderTable::grow() {
    std::vector<Order> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Order& order : old)
        if (order.key != 0) place(order.key) = order;
}

}  // namespace carrick::plugins
