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
    /// `names_stores`: whether the file has a column for them. `reading` outlives the book.
    SettlementBook(std::string id, bool names_stores, const SettlementReading& reading)
        : reading_(reading), names_stores_(names_stores) {
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
    /// The same label of another class of SKUs.
    [[nodiscard]] std::uint32_t of_class(std::uint32_t label, const std::string& sku_class);

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
    /// `sku`: its quick_hash.
    void take_amount(std::uint32_t label, Day day, Amount amount, std::uint64_t line,
                     std::uint64_t sku) {
        settlement_.total += amount;
        ++settlement_.amounts;
        const LabelState& state = states_[label];
        note_content(state.hash, sku, day, amount);
        if (state.taxes != Taxes::None && !last_order_.empty()) take_tax(state, amount);
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

    /// Of what its amounts are: the customer's taxes, and what Amazon keeps of them.
    enum class Taxes : std::uint8_t { None, Paid, Withheld };
    struct LabelState {
        std::uint64_t hash = 0;         // of its words
        unsigned says = 0;              // of its order: kSold, kRefunded
        std::uint16_t marketplace = 0;  // its place in marketplaces_; 0: none is stated
        Taxes taxes = Taxes::None;
        bool singly = false;
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
    void take_tax(const LabelState& state, Amount amount);
    [[nodiscard]] std::uint32_t label_like(std::uint32_t label, std::uint16_t marketplace);
    std::uint32_t new_label(SettlementLabel label);
    std::uint16_t marketplace_number(const std::string& name);
    void find_tax_gaps();
    void note_content(std::uint64_t label, std::uint64_t sku, Day day, Amount amount) {
        std::uint64_t mixed =
            label ^ (sku * 0xC2B2AE3D27D4EB4FULL) ^ (last_hash_ * 0x9E3779B97F4A7C15ULL);
        mixed = (mixed ^ static_cast<std::uint64_t>(amount)) * 0xFF51AFD7ED558CCDULL;
        mixed = (mixed ^ (mixed >> 32U) ^ static_cast<std::uint32_t>(day)) * 0xC4CEB9FE1A85EC53ULL;
        mixed ^= mixed >> 29U;
        settlement_.fingerprint[0] += mixed;
        settlement_.fingerprint[1] += mixed * mixed ^ (mixed >> 31U);
    }
    void add(std::uint32_t label, Day day, Amount amount, std::uint64_t line) {
        LabelState& state = states_[label];
        if (state.last_bucket == UINT32_MAX || state.last_day != day || state.singly) {
            state.last_bucket = bucket_of(label, day, line);
            state.last_day = day;
        }
        if (reading_.traced) settlement_.trace.push_back({line, state.last_bucket, amount});
        SettlementBucket& bucket = settlement_.buckets[state.last_bucket];
        bucket.sum += amount;
        ++bucket.rows;
        if (line < bucket.first_line) bucket.first_line = line;
    }
    [[nodiscard]] std::uint32_t bucket_of(std::uint32_t label, Day day, std::uint64_t line);

    const SettlementReading& reading_;
    Settlement settlement_;
    bool names_stores_;
    LabelTable known_;
    std::vector<LabelState> states_;
    std::vector<std::string> marketplaces_{std::string()};
    std::unordered_map<std::uint64_t, std::uint32_t> buckets_;  // label and day
    std::unordered_map<std::uint64_t, std::uint32_t> like_;     // label and marketplace
    std::unordered_map<std::uint64_t, std::uint32_t> classed_;  // label and class of SKUs
    std::vector<std::string> classes_;
    std::size_t single_ = 0;  // buckets of one amount
    OrderTable orders_;
    std::vector<Unnamed> unnamed_;
    // The order of the row before: an order's rows stand together.
    std::string last_order_;
    OrderTable::Order* last_ = nullptr;  // its entry, until another is added
    std::uint64_t last_key_ = 0;
    std::uint64_t last_hash_ = 0;
    unsigned last_says_ = 0;
    std::uint16_t last_marketplace_ = 0;
};

}  // namespace carrick::plugins
