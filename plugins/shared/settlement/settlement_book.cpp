// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_book.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

constexpr std::size_t kShownContradictions = 100;
// A file with more pairs of labels and stores of their orders is none of Amazon's: the rest of its
// rows are given to the settlement's own store.
constexpr std::size_t kMostNamed = 40'000;

std::uint64_t pair_of(std::uint32_t label, std::uint32_t other) {
    return (std::uint64_t{label} << 32U) | other;
}

}  // namespace

std::uint32_t SettlementBook::new_label(SettlementLabel label) {
    // Rows that differ in padding alone are of one label.
    const auto found = std::ranges::find(settlement_.labels, label);
    if (found != settlement_.labels.end())
        return static_cast<std::uint32_t>(found - settlement_.labels.begin());
    LabelState state;
    if (label.transaction_type == "Order") state.says = kSold;
    if (label.transaction_type == "Refund") state.says = kRefunded;
    const std::string& name =
        label.marketplace.empty() ? label.order_marketplace : label.marketplace;
    if (!name.empty()) {
        const auto place = std::ranges::find(marketplaces_, name);
        state.marketplace = static_cast<std::uint16_t>(place - marketplaces_.begin());
        if (place == marketplaces_.end()) marketplaces_.push_back(name);
    }
    states_.push_back(state);
    settlement_.labels.push_back(std::move(label));
    return static_cast<std::uint32_t>(settlement_.labels.size() - 1);
}

std::uint32_t SettlementBook::add_label(std::string_view type, std::string_view rest,
                                        SettlementLabel label) {
    const std::uint32_t number = new_label(std::move(label));
    known_.add(type, rest, number);
    return number;
}

void SettlementBook::forget_order() {
    last_order_.clear();
    last_key_ = 0;
    last_says_ = kSold | kRefunded | kNamed;
    last_marketplace_ = 0;
}

void SettlementBook::learn(std::string_view order, std::uint32_t label, std::uint64_t line) {
    const LabelState& state = states_[label];
    OrderTable::Order& known = orders_.at(order);
    if ((state.says & kSold) != 0 && !known.sold) {
        known.sold = true;
        ++settlement_.orders;
    }
    if ((state.says & kRefunded) != 0 && !known.refunded) {
        known.refunded = true;
        ++settlement_.refunds;
    }
    if (state.marketplace != 0 && known.marketplace == 0) known.marketplace = state.marketplace;
    if (state.marketplace != 0 && known.marketplace != state.marketplace) {
        ++settlement_.contradicted;
        if (settlement_.contradictions.size() < kShownContradictions)
            settlement_.contradictions.push_back({line, std::string(order),
                                                  marketplaces_[known.marketplace],
                                                  marketplaces_[state.marketplace]});
    }
    last_order_ = order;
    last_key_ = known.key;
    last_says_ = (known.sold ? kSold : 0U) | (known.refunded ? kRefunded : 0U) |
                 (known.marketplace != 0 ? kNamed : 0U);
    last_marketplace_ = known.marketplace;
}

/// The label with the marketplace of its order.
std::uint32_t SettlementBook::label_like(std::uint32_t label, std::uint16_t marketplace) {
    if (settlement_.labels.size() >= kMostNamed) return label;
    const auto [place, added] = like_.try_emplace(pair_of(label, marketplace), 0);
    if (added) {
        SettlementLabel named = settlement_.labels[label];
        named.order_marketplace = marketplaces_[marketplace];
        place->second = new_label(std::move(named));
    }
    return place->second;
}

void SettlementBook::take_unnamed(std::uint32_t label, Day day, Amount amount, std::uint64_t line) {
    if (last_marketplace_ != 0)
        add(label_like(label, last_marketplace_), day, amount, line);
    else
        unnamed_.push_back({last_key_, label, day, amount, line});
}

std::uint32_t SettlementBook::bucket_of(std::uint32_t label, Day day, std::uint64_t line) {
    const auto [place, added] =
        buckets_.try_emplace(pair_of(label, static_cast<std::uint32_t>(day)),
                             static_cast<std::uint32_t>(settlement_.buckets.size()));
    if (added) settlement_.buckets.push_back({label, day, 0, 0, line});
    return place->second;
}

Settlement SettlementBook::finish() {
    for (const Unnamed& each : unnamed_) {
        const OrderTable::Order* order = orders_.find(each.order);
        const std::uint16_t marketplace = order == nullptr ? std::uint16_t{0} : order->marketplace;
        add(marketplace == 0 ? each.label : label_like(each.label, marketplace), each.day,
            each.amount, each.line);
    }
    unnamed_.clear();
    return std::move(settlement_);
}

}  // namespace carrick::plugins
