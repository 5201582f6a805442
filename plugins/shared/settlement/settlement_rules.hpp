// SPDX-License-Identifier: Apache-2.0
// SettlementRules: which class and which ledger line a settlement's row has, by exactly one rule.
//
// The default map covers what Amazon is known to write and names accounts by their roles, so that
// it needs no NetSuite. A seller's own rules stand above it.
#pragma once

#include "plugins/shared/settlement/label_pattern.hpp"
#include "plugins/shared/settlement/settlement_file.hpp"
#include "plugins/shared/settlement/sku_classes.hpp"

#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugins {

/// What a row is for the books (accounting.md 6 has the proof that stands on it).
enum class RowClass {
    Receivable,  ///< of a sale: what its customer owes, paid
    Credit,      ///< of a refund, retrocharge or claim
    Fee,         ///< what Amazon takes, or gives back, for itself
    Tax,         ///< tax on Amazon's fees, and what it withholds of the seller's own taxes
    Balance,     ///< money between periods and accounts: reserves, debts, transfers
    Suspense,    ///< no rule knows it: a person has to say
};
[[nodiscard]] std::string_view text_of(RowClass row_class);
[[nodiscard]] std::optional<RowClass> row_class_from(std::string_view text);

/// Of the default map's rules, below any that a seller can write.
constexpr int kDefaultPriority = -1'000'000;

struct SettlementRule {
    LabelPattern transaction_type;
    LabelPattern amount_type;
    LabelPattern description;
    LabelPattern marketplace;  ///< the name in the file, or the code of the assigned store
    LabelPattern sku_class;
    std::optional<Day> from;  ///< first posted day
    std::optional<Day> to;    ///< last posted day
    int priority = 0;         ///< the higher goes first; of equals, the one that asks for more
    RowClass row_class = RowClass::Suspense;
    std::string account;  ///< a role: "fees.commission", "reserve"
    std::string place;    ///< "default map, 12", "map.yaml:7:5"

    [[nodiscard]] bool is_default() const { return priority <= kDefaultPriority + 1; }
};

/// What a row's label is matched by: in small letters, without blanks at the ends, and V1's columns
/// under the names that V2 has for the same.
struct MatchedLabel {
    std::string transaction_type;
    std::string amount_type;
    std::string description;
    std::string marketplace;
    std::string sku_class;
    std::string store;  ///< the assigned one's code; "" where none is known
};
[[nodiscard]] MatchedLabel matched_label(const SettlementLabel& label);

/// What Amazon is known to write.
[[nodiscard]] const std::vector<SettlementRule>& default_map();

class SettlementRules {
public:
    /// The default map alone.
    SettlementRules() : rules_(default_map()) {}

    /// The defaults with `map` above them. Shape of the map:
    ///   {"sku_classes": {"ropes": ["ROPE-*", "KNOT-1"]},
    ///    "rules": [{"transaction_type": "Order", "amount_type": "ItemFees",
    ///     "description": "Commission", "marketplace": "Amazon.de", "sku_class": "ropes",
    ///     "from": "2026-01-01", "to": "2026-12-31", "priority": 10, "class": "fee",
    ///     "account": "fees.commission"}]}
    /// Only class and account are needed; a class that has one account alone needs none.
    /// `marks`: place of each key and item by JSON pointer, for errors and for the rules' places.
    /// Errors   Misconfigured `settlement.map`: all problems, one a line: the place, the key, what
    ///          stands there, what was expected.
    [[nodiscard]] static Result<SettlementRules> with(const Json& map, const std::string& name,
                                                      const Json& marks = {});

    /// The rule for rows of this label on this day; null where none knows it, or where two of the
    /// default map do and contradict one another: then a person has to say.
    /// Errors   Misconfigured `settlement.rules_ambiguous`: two rules of the map of one rank, by
    /// their places.
    [[nodiscard]] Result<const SettlementRule*> find(const MatchedLabel& label, Day day) const;

    /// Days on which a rule begins to hold or has ceased to: between two of them, a label has one
    /// rule.
    [[nodiscard]] bool has_dates() const { return has_dates_; }
    [[nodiscard]] const std::vector<SettlementRule>& rules() const { return rules_; }
    [[nodiscard]] const SkuClasses& sku_classes() const { return sku_classes_; }
    /// Whether a rule makes balances of such words, on whatever day and of whatever store: their
    /// rows stand singly.
    [[nodiscard]] bool is_balance(const SettlementLabel& label) const;

    /// The account that a row most probably belongs to, where no rule knows it; "" where nothing
    /// is like it.
    [[nodiscard]] std::string suggestion(const MatchedLabel& label) const;

private:
    std::vector<SettlementRule> rules_;
    SkuClasses sku_classes_;
    bool has_dates_ = false;
};

}  // namespace carrick::plugins
