// SPDX-License-Identifier: Apache-2.0
// SettlementLayout: which format a settlement file has, and where its columns stand.
#pragma once

#include "plugins/shared/settlement/row_cutter.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugins {

enum class SettlementFormat {
    FlatV2,  ///< one amount a row (GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2)
    FlatV1,  ///< up to nine amounts a row; Amazon ended it on 2026-11-11
};

/// The columns that we read, in both formats.
enum class SettlementColumn : std::uint8_t {
    SettlementId,
    Start,
    End,
    Deposit,
    Total,
    Currency,
    TransactionType,
    OrderId,
    MarketplaceName,
    PostedDate,
    PostedTime,
    Sku,
    AmountType,   // V2
    Description,  // V2
    Amount,       // V2
};
constexpr std::size_t kSettlementColumns = 15;

/// Of V1: a column of amounts, and the column that says what they are.
struct AmountColumn {
    std::string name;  ///< "price-amount": stands for the amount type
    std::size_t amount = 0;
    std::size_t description = kAbsent;
    static constexpr std::size_t kAbsent = SIZE_MAX;
};

class SettlementLayout {
public:
    static constexpr std::size_t kAbsent = AmountColumn::kAbsent;

    /// Errors   Rejected `settlement.xml`, `settlement.other_report`, `settlement.not_tabs`,
    ///          `settlement.columns`: what it is instead, or what it lacks, and what to get.
    [[nodiscard]] static Result<SettlementLayout> of(const CutRow& header);

    [[nodiscard]] SettlementFormat format() const { return format_; }
    [[nodiscard]] std::size_t columns() const { return columns_; }
    [[nodiscard]] std::size_t place(SettlementColumn column) const {
        return places_[static_cast<std::size_t>(column)];
    }
    [[nodiscard]] bool has(SettlementColumn column) const { return place(column) != kAbsent; }
    /// As the file has it; "" where it has no such column.
    [[nodiscard]] std::string_view raw(const CutRow& row, SettlementColumn column) const {
        return row.field(place(column));
    }
    /// The column's name in the file.
    [[nodiscard]] const std::string& name(std::size_t place) const { return names_.at(place); }
    [[nodiscard]] const std::vector<AmountColumn>& amounts() const { return amounts_; }

private:
    SettlementFormat format_ = SettlementFormat::FlatV2;
    std::size_t columns_ = 0;
    std::array<std::size_t, kSettlementColumns> places_{};
    std::vector<std::string> names_;
    std::vector<AmountColumn> amounts_;
};

}  // namespace carrick::plugins
