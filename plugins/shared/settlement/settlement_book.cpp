// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_book.hpp"

#include "plugins/shared/settlement/marketplace_assignment.hpp"
#include "plugins/shared/settlement/settlement_rules.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

constexpr std::size_t kShownOrders = 100;
// A file with more pairs of labels and stores of their orders is none of Amazon's: the rest of its
// rows are given to the settlement's own store.
constexpr std::size_t kMostNamed = 40'000;
// Balances of a settlement are a handful; a rule that takes a million rows for one adds them up.
constexpr std::size_t kMostSingle = 10'000;

// Of amounts that customers pay: their taxes; and what Amazon keeps of these and pays itself.
constexpr std::array<std::string_view, 4> kTaxes{"tax", "shippingtax", "giftwraptax",
                                                 "taxdiscount"};
constexpr std::array<std::string_view, 3> kWithheld{
    "marketplacefacilitatortax-", "marketplacefacilitatorvat-", "lowvaluegoodstax-"};

std::uint64_t pair_of(std::uint32_t label, std::uint32_t other) {
    return (std::uint64_t{label} << 32U) | other;
}

}  // namespace

/// One number for all names of a store: "Amazon.de", "amazon.de".
std::uint16_t SettlementBook::marketplace_number(const std::string& name) {
    if (name.empty()) return 0;
    const std::string code = marketplace_named(name);
    const auto place = std::ranges::find_if(marketplaces_, [&](const std::string& known) {
        return known == name || (!code.empty() && marketplace_named(known) == code);
    });
    const auto number = static_cast<std::uint16_t>(place - marketplaces_.begin());
    if (number == marketplaces_.size()) marketplaces_.push_back(name);
    return number;
}

std::uint32_t SettlementBook::new_label(SettlementLabel label) {
    // Rows that differ in padding alone are of one label.
    const auto found = std::ranges::find(settlement_.labels, label);
    if (found != settlement_.labels.end())
        return static_cast<std::uint32_t>(found - settlement_.labels.begin());
    LabelState state;
    const MatchedLabel words = matched_label(label);
    for (const std::string* word :
         {&label.transaction_type, &label.amount_type, &label.description, &label.marketplace})
        state.hash = quick_hash(*word, state.hash + 1);
    if (words.transaction_type == "order") state.says = kSold;
    if (words.transaction_type == "refund") state.says = kRefunded;
    state.marketplace =
        marketplace_number(label.marketplace.empty() ? label.order_marketplace : label.marketplace);
    if (std::ranges::find(kTaxes, words.description) != kTaxes.end() &&
        (words.amount_type == "itemprice" || words.amount_type == "promotion"))
        state.taxes = Taxes::Paid;
    if (std::ranges::any_of(kWithheld, [&](std::string_view start) {
            return words.description.starts_with(start);
        }))
        state.taxes = Taxes::Withheld;
    state.singly = reading_.stands_singly && reading_.stands_singly(label);
    states_.push_back(state);
    settlement_.labels.push_back(std::move(label));
    return static_cast<std::uint32_t>(settlement_.labels.size() - 1);
}

std::uint32_t SettlementBook::of_class(std::uint32_t label, const std::string& sku_class) {
    if (sku_class.empty() || settlement_.labels.size() >= kMostNamed) return label;
    auto number = std::ranges::find(classes_, sku_class);
    if (number == classes_.end()) number = classes_.insert(classes_.end(), sku_class);
    const auto [place, added] = classed_.try_emplace(
        pair_of(label, static_cast<std::uint32_t>(number - classes_.begin())), 0);
    if (added) {
        SettlementLabel classed = settlement_.labels[label];
        classed.sku_class = sku_class;
        place->second = new_label(std::move(classed));
    }
    return place->second;
}

void SettlementBook::take_tax(const LabelState& state, Amount amount) {
    if (state.taxes == Taxes::Withheld) last_->withheld = true;
    ((state.says & kSold) != 0 ? last_->sale_tax : last_->refund_tax) +=
        static_cast<std::uint64_t>(amount);
}

void SettlementBook::find_tax_gaps() {
    const auto gap = [this](const OrderTable::Order& order, bool of_sale, std::uint64_t sum) {
        if (sum == 0) return;
        ++settlement_.tax_gap_count;
        if (settlement_.tax_gaps.size() < kShownOrders)
            settlement_.tax_gaps.push_back(
                {orders_.id_of(order.key), of_sale, static_cast<Amount>(sum)});
    };
    orders_.each([&](const OrderTable::Order& order) {
        if (!order.withheld) return;
        ++settlement_.withheld_orders;
        gap(order, true, order.sale_tax);
        gap(order, false, order.refund_tax);
    });
    std::ranges::sort(settlement_.tax_gaps, {}, &Settlement::TaxGap::order);
}

std::uint32_t SettlementBook::add_label(std::string_view type, std::string_view rest,
                                        SettlementLabel label) {
    const std::uint32_t number = new_label(std::move(label));
    known_.add(type, rest, number);
    return number;
}

void SettlementBook::forget_order() {
    last_order_.clear();
    last_ = nullptr;
    last_key_ = 0;
    last_hash_ = 0;
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
        if (settlement_.contradictions.size() < kShownOrders)
            settlement_.contradictions.push_back({line, std::string(order),
                                                  marketplaces_[known.marketplace],
                                                  marketplaces_[state.marketplace]});
    }
    last_order_ = order;
    last_ = &known;
    last_key_ = known.key;
    last_hash_ = quick_hash(order, 1);
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
    if (states_[label].singly && single_ < kMostSingle) {
        ++single_;
        settlement_.buckets.push_back({label, day, 0, 0, line});
        return static_cast<std::uint32_t>(settlement_.buckets.size() - 1);
    }
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
    find_tax_gaps();
    return std::move(settlement_);
}

}  // namespace carrick::plugins
