// SPDX-License-Identifier: Apache-2.0
// ItemRows: the rows of one order item, with their charges, promotions and taxes, as one item of
// the Orders API.
#pragma once

#include "plugins/shared/amazon_reports/order_rows.hpp"

#include <carrick/sdk/money.hpp>

#include <array>
#include <string>
#include <vector>

namespace carrick::plugins {

/// What the rows of one order item add up to.
class ItemRows {
public:
    ItemRows(std::string id, Currency currency)
        : id_(std::move(id)),
          currency_(currency),
          discount_(Money::zero(currency)),
          ship_discount_(Money::zero(currency)),
          tax_(Money::zero(currency)) {
        charges_.fill(Money::zero(currency));
        taxes_.fill(Money::zero(currency));
    }

    /// Rows that carry a quantity are parts of the item; those that do not, further promotions.
    Result<void> add(const ParsedRow& row, std::string_view quantity_column,
                     bool prices_include_tax);
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] std::int64_t quantity() const { return quantity_; }
    [[nodiscard]] bool has_tax() const { return !tax_.is_zero(); }
    /// Whether a promotion is stated with the tax that it took or without is not the same in all
    /// reports, and cannot be seen in a row.
    [[nodiscard]] bool discount_unclear() const {
        return taxes_inside_ && !(discount_.is_zero() && ship_discount_.is_zero());
    }
    [[nodiscard]] bool sku_lost() const { return may_have_lost_letters(sku_); }
    [[nodiscard]] bool collection_stated() const { return collection_stated_; }
    [[nodiscard]] Money total() const;
    [[nodiscard]] Json json(TaxCollection collection) const;

private:
    static constexpr std::size_t kCharges = 3;  // goods, shipping, gift wrap

    Result<void> add_discounts(const ParsedRow& row);
    [[nodiscard]] Money discount_tax(std::size_t charge, const Money& discount) const;
    void describe(const ParsedRow& row);

    std::string id_;
    Currency currency_;
    std::array<Money, kCharges> charges_{Money::zero(Currency()), Money::zero(Currency()),
                                         Money::zero(Currency())};
    std::array<Money, kCharges> taxes_{Money::zero(Currency()), Money::zero(Currency()),
                                       Money::zero(Currency())};
    Money discount_;       // as much as it takes off, positive
    Money ship_discount_;  // likewise
    Money tax_;
    bool taxes_inside_ = false;
    bool facilitator_ = false;
    bool collection_stated_ = false;
    std::int64_t quantity_ = 0;
    std::string sku_;
    std::string asin_;
    std::string title_;
    std::string gift_message_;
    std::string gift_wrap_level_;
    std::string ioss_;
    std::vector<std::string> promotions_;
};

}  // namespace carrick::plugins
