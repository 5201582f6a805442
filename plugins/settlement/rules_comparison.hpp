// SPDX-License-Identifier: Apache-2.0
// What of a settlement would move to other accounts if another map held.
#pragma once

#include "plugins/shared/settlement/settlement_proof.hpp"

#include <set>

namespace carrick::plugins {

struct RulesComparison {
    struct Side {
        RowClass row_class = RowClass::Suspense;
        std::string account;
        AmountSum before = 0;
        AmountSum after = 0;
    };
    /// Rows of one kind and store, of which some or all change their class or account.
    struct Move {
        std::string type;  ///< transaction-type|amount-type|amount-description
        std::string marketplace;
        std::vector<Side> sides;
    };
    std::vector<Move> moves;
    std::vector<std::string> unmapped;  ///< kinds of rows that the later map does not know
    std::set<std::string> used;         ///< places of the later map's rules that fit rows
    bool proven_before = false;
    bool proven_after = false;
};

class RulesComparer {
public:
    /// Both outlive the comparer.
    RulesComparer(const SettlementRules& before, const SettlementRules& after)
        : before_(before), after_(after) {}

    /// Reads so that both maps can be held against the same settlement.
    [[nodiscard]] SettlementReading reading() const;
    /// `settlement`: read so.
    /// Errors   those of SettlementRules::find.
    [[nodiscard]] Result<RulesComparison> compare(const Settlement& settlement) const;

private:
    const SettlementRules& before_;
    const SettlementRules& after_;
};

}  // namespace carrick::plugins
