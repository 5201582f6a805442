// SPDX-License-Identifier: Apache-2.0
// What a settlement file says, added up: labels, days, orders. Built by read_settlements.
#pragma once

#include "plugins/shared/settlement/settlement_layout.hpp"
#include "plugins/shared/settlement/settlement_values.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace carrick::plugins {

/// How rows say what they are, trimmed, as the file spells it.
struct SettlementLabel {
    std::string transaction_type;
    std::string amount_type;  ///< of V1: the name of the amount's column
    std::string description;
    std::string marketplace;  ///< as stated; "" where none is
    /// The marketplace of the order's other rows, where this one's is empty and the order has one.
    std::string order_marketplace{};
    std::string sku_class{};  ///< as SettlementReading tells it; "" where it does not

    friend bool operator==(const SettlementLabel&, const SettlementLabel&) = default;
};

/// transaction-type|amount-type|amount-description, as the file spells them.
[[nodiscard]] inline std::string type_text(const SettlementLabel& label) {
    return label.transaction_type + "|" + label.amount_type + "|" + label.description;
}

/// All amounts of one label on one day; of labels that stand singly, one amount.
struct SettlementBucket {
    std::uint32_t label = 0;  ///< its place in Settlement::labels
    Day day = 0;              ///< kNoDay: the rows have no date
    AmountSum sum = 0;
    std::uint64_t rows = 0;
    std::uint64_t first_line = 0;
};
constexpr Day kNoDay = INT32_MIN;

/// The header row: the one with a total and without a transaction type.
struct SettlementHeader {
    std::uint64_t line = 0;
    std::string start;  ///< as written; so are the others
    std::string end;
    std::string deposit;
    Day start_day = 0;
    Day end_day = 0;
    Day deposit_day = 0;
    std::int64_t start_second = 0;  ///< since 1970-01-01 UTC; midnight where no time is stated
    std::int64_t end_second = 0;
    std::string currency;
    Amount total = 0;
};

struct Settlement {
    std::string id;
    std::optional<SettlementHeader> header;  ///< nothing: the file has rows of it, and no total
    std::string currency;                    ///< of the header, else of the rows
    int digits = 2;                          ///< of the currency, behind the point
    std::vector<SettlementLabel> labels;     ///< in the order of their first rows
    std::vector<SettlementBucket> buckets;   ///< in the order of their first rows
    AmountSum total = 0;                     ///< of all rows but the header
    std::uint64_t rows = 0;                  ///< likewise
    std::uint64_t amounts = 0;               ///< in these rows: one each in V2
    std::uint64_t orders = 0;                ///< different order ids of the type Order
    std::uint64_t refunds = 0;               ///< different order ids of the type Refund
    /// Orders whose rows name more than one marketplace: the first of them.
    struct Contradiction {
        std::uint64_t line = 0;
        std::string order;
        std::string marketplace;
        std::string other;
    };
    std::vector<Contradiction> contradictions;
    std::uint64_t contradicted = 0;  ///< all of them
    /// Orders of which Amazon keeps tax, and how many of them have taxes that do not come to 0.
    std::uint64_t withheld_orders = 0;
    std::uint64_t tax_gap_count = 0;
    struct TaxGap {
        std::string order;
        bool of_sale = true;  ///< else of its refunds
        Amount sum = 0;
    };
    std::vector<TaxGap> tax_gaps;  ///< the first of them
    /// Of all rows, in whatever order and spelling of days and amounts.
    std::array<std::uint64_t, 2> fingerprint{};
    struct TracedAmount {
        std::uint64_t line = 0;
        std::uint32_t bucket = 0;
        Amount amount = 0;
    };
    std::vector<TracedAmount> trace;  ///< where it was asked for, in the file's order
};

struct SettlementFile {
    SettlementFormat format = SettlementFormat::FlatV2;
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    std::vector<Settlement> settlements;  ///< in the order of their first rows
};

/// What the reading of a file needs besides it.
struct SettlementReading {
    std::function<bool()> cancelled{};
    /// Of a SKU, trimmed; rows are told apart by it. Nothing: they are not.
    std::function<std::string(std::string_view)> sku_class{};
    /// Labels whose rows get a bucket each: balances. Up to 10,000 rows of a file do.
    std::function<bool(const SettlementLabel&)> stands_singly{};
    /// IANA name; where a row or the header states a time, its day is this zone's. "" = UTC.
    std::string zone{};
    bool traced = false;  ///< notes of each amount where it went (24 bytes each)
};

/// Shape    the file is read once, in pieces; memory grows with its labels, days and orders (32
///          bytes each), not with its rows; amounts of an order that has not named its store yet
///          wait for it (32 bytes each).
/// Errors   those of SettlementLayout::of and RowCutter; Rejected `settlement.row` (line, column,
///          what stands there, what was expected), `settlement.header_twice`,
///          `settlement.row_cut` (the last line ends in its middle), `settlement.empty`;
///          Misconfigured `time.zone`; Transient `settlement.cancelled`.
[[nodiscard]] Result<SettlementFile> read_settlements(TextSource& source,
                                                      const SettlementReading& reading = {});

}  // namespace carrick::plugins
