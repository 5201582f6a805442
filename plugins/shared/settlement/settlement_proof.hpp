// SPDX-License-Identifier: Apache-2.0
// The proof of a settlement: what each row is, the journal that would be posted, and the identities
// that hold between them.
#pragma once

#include "plugins/shared/settlement/marketplace_assignment.hpp"
#include "plugins/shared/settlement/settlement_rules.hpp"

#include <array>

namespace carrick::plugins {

/// How the journal is divided.
struct JournalLayout {
    bool per_marketplace = true;
    bool per_day = false;
    bool per_class = false;  ///< of SKUs
    bool by_month = true;    ///< one journal for each month of posting; else one, of the deposit
    bool gross_clearing = false;  ///< clearing lines for each class; else one, of each store
};

/// Rows that come to one account as one amount.
struct LedgerLine {
    RowClass row_class = RowClass::Suspense;
    std::string account;      ///< a role
    std::string marketplace;  ///< its code; "" where the layout does not divide by it
    std::string sku_class;    ///< likewise
    std::string memo;         ///< of a balance: its words, since balances stand singly
    Day day = kNoDay;         ///< of the layout's division
    AmountSum sum = 0;        ///< as the file has it: positive is the seller's
    std::uint64_t rows = 0;
    std::uint64_t first_line = 0;
    std::vector<std::uint32_t> buckets;
};

/// One side of a journal is 0.
struct JournalLine {
    std::string account;
    std::string marketplace;
    std::string sku_class;
    RowClass row_class = RowClass::Suspense;
    std::string memo;
    bool is_clearing = false;
    bool is_deposit = false;
    AmountSum debit = 0;
    AmountSum credit = 0;
};
struct Journal {
    Day date = kNoDay;
    std::vector<JournalLine> lines;
};

enum class Holds { True, False, Unchecked };

struct Identity {
    int number = 0;  ///< of accounting.md 6
    std::string name;
    std::string left;
    std::string right;
    Holds holds = Holds::Unchecked;
    std::string note;
};

struct OpenItem {
    std::string code;
    std::string message;
    std::uint64_t line = 0;  ///< the first of its rows
    std::uint64_t rows = 0;
    AmountSum sum = 0;
};

/// A label that no rule knows.
struct UnmappedLabel {
    std::uint32_t label = 0;
    std::uint64_t first_line = 0;
    std::uint64_t rows = 0;
    AmountSum sum = 0;
    std::string suggestion;  ///< a role; "" where nothing is like it
};

struct SettlementProof {
    std::vector<AssignedMarketplace> marketplaces;  ///< of each label
    std::vector<std::uint32_t> line_of_bucket;      ///< its place in `ledger`
    std::vector<std::string> rule_of_bucket;        ///< the rule's place; "" in suspense
    std::vector<LedgerLine> ledger;
    std::vector<Journal> journals;
    std::vector<Identity> identities;
    std::vector<UnmappedLabel> unmapped;
    std::vector<OpenItem> open_items;

    /// Identities 1, 2 and 4 hold, and no link of the chain is broken. The ninth warns.
    [[nodiscard]] bool proven() const;
};

/// What links a settlement to the one before it: accounting.md 6, identity 3.
struct ChainEnd {
    std::string id;
    std::string currency;
    std::string marketplace;  ///< its own store; "" where nothing tells
    std::int64_t end_second = 0;
    std::optional<AmountSum> total;
    AmountSum current_reserve = 0;
};
[[nodiscard]] ChainEnd chain_end(const Settlement& settlement);

/// `before`: its predecessor, where there is one among the given files.
/// Errors   those of SettlementRules::find.
[[nodiscard]] Result<SettlementProof> prove(const Settlement& settlement,
                                            const SettlementRules& rules,
                                            const JournalLayout& layout,
                                            const ChainEnd* before = nullptr);

}  // namespace carrick::plugins
