// SPDX-License-Identifier: Apache-2.0
// SettlementBook: one settlement while its rows come in.
#pragma once

#include "plugins/shared/settlement/label_table.hpp"
#include "plugins/shared/settlement/order_table.hpp"
#include "plugins/shared/settlement/settlement_file.hpp"

#include <unordered_map>

namespace carrick::plugins {

class SettlementBook {
public:
    /// `names_stores`: whether the file has a column for them.
    SettlementBook(std::string id, bool names_stores) : names_stores_(names_stores) {
        settlement_.id = std::move(id);
    }

    [[nodiscard]] Settlement& settlement() { return settlement_; }

    /// The label whose rows look like this: `type` as it stands in the row, and `rest`, which is
    /// all else that makes a label, in bytes. kNone where it is to be added.
    [[nodiscard]] std::uint32_t find_label(std::string_view type, std::string_view rest) const {
        return known_.find(type, rest);
    }
    /// Labels as the file writes them, with all their padding.
    [[nodiscard]] std::size_t spellings() const { return known_.size(); }
    std::uint32_t add_label(std::string_view type, std::string_view rest, SettlementLabel label);

    /// A row's order, before its amounts. `order`: as it stands in the row.
    void take_order(std::string_view order, std::uint32_t label, std::uint64_t line) {
        const LabelState& state = states_[label];
        const unsigned says = state.says | (state.marketplace == 0 ? 0U : kNamed);
        if (order == last_order_ && (says & ~last_says_) == 0 &&
            (state.marketplace == 0 || state.marketplace == last_marketplace_))
            return;
        if (!order.empty())
            learn(order, label, line);
        else
            forget_order();
    }
    void take_amount(std::uint32_t label, Day day, Amount amount, std::uint64_t line) {
        settlement_.total += amount;
        ++settlement_.amounts;
        const LabelState& state = states_[label];
        if (state.marketplace == 0 && names_stores_ && !last_order_.empty()) {
            take_unnamed(label, day, amount, line);
            return;
        }
        add(label, day, amount, line);
    }
    void take_row() { ++settlement_.rows; }

    /// All rows have been taken.
    Settlement finish();

private:
    static constexpr unsigned kSold = 1;
    static constexpr unsigned kRefunded = 2;
    static constexpr unsigned kNamed = 4;

    struct LabelState {
        unsigned says = 0;              // of its order: kSold, kRefunded
        std::uint16_t marketplace = 0;  // its place in marketplaces_; 0: none is stated
        Day last_day = kNoDay;
        std::uint32_t last_bucket = UINT32_MAX;
    };
    /// An amount whose order may name a marketplace in a later row.
    struct Unnamed {
        std::uint64_t order = 0;
        std::uint32_t label = 0;
        Day day = 0;
        Amount amount = 0;
        std::uint64_t line = 0;
    };

    void learn(std::string_view order, std::uint32_t label, std::uint64_t line);
    void forget_order();
    void take_unnamed(std::uint32_t label, Day day, Amount amount, std::uint64_t line);
    [[nodiscard]] std::uint32_t label_like(std::uint32_t label, std::uint16_t marketplace);
    std::uint32_t new_label(SettlementLabel label);
    void add(std::uint32_t label, Day day, Amount amount, std::uint64_t line) {
        LabelState& state = states_[label];
        if (state.last_bucket == UINT32_MAX || state.last_day != day) {
            state.last_bucket = bucket_of(label, day, line);
            state.last_day = day;
        }
        SettlementBucket& bucket = settlement_.buckets[state.last_bucket];
        bucket.sum += amount;
        ++bucket.rows;
        if (line < bucket.first_line) bucket.first_line = line;
    }
    [[nodiscard]] std::uint32_t bucket_of(std::uint32_t label, Day day, std::uint64_t line);

    Settlement settlement_;
    bool names_stores_;
    LabelTable known_;
    std::vector<LabelState> states_;
    std::vector<std::string> marketplaces_{std::string()};
    std::unordered_map<std::uint64_t, std::uint32_t> buckets_;  // label and day
    std::unordered_map<std::uint64_t, std::uint32_t> like_;     // label and marketplace
    OrderTable orders_;
    std::vector<Unnamed> unnamed_;
    // The order of the row before: an order's rows stand together.
    std::string last_order_;
    std::uint64_t last_key_ = 0;
    unsigned last_says_ = 0;
    std::uint16_t last_marketplace_ = 0;
};

}  // namespace carrick::plugins
