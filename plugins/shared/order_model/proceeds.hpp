// SPDX-License-Identifier: Apache-2.0
// LineProceeds: what one order line is made of, net of tax, whichever way Amazon states it.
//
// Whether ITEM is net or gross of tax in VAT stores, and the sign of DISCOUNT, are not documented.
// Both are decided per line by the reading that adds up to `proceedsTotal`: a discount takes off,
// and the tax is either beside the charges or inside them. A line that no reading explains is
// refused rather than guessed.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/money.hpp>

#include <string>

namespace carrick::plugins {

/// A line's tax by the charge that it is on, after what promotions took off it.
struct TaxParts {
    Money item = Money::zero(Currency());
    Money shipping = Money::zero(Currency());
    Money gift_wrap = Money::zero(Currency());
    Money cod_fee = Money::zero(Currency());
    Money other = Money::zero(Currency());

    [[nodiscard]] static TaxParts none(Currency currency);
};

/// Amounts of a whole line. net() + tax + rounding = total, always.
struct LineProceeds {
    Money item = Money::zero(Currency());       ///< net
    Money shipping = Money::zero(Currency());   ///< net
    Money gift_wrap = Money::zero(Currency());  ///< net
    Money cod_fee = Money::zero(Currency());    ///< net
    Money other = Money::zero(Currency());      ///< net
    /// Net; zero or negative, unless the total that Amazon states has it added.
    Money item_discount = Money::zero(Currency());
    Money shipping_discount = Money::zero(Currency());  ///< likewise
    Money tax = Money::zero(Currency());
    Money total = Money::zero(Currency());  ///< proceedsTotal, as Amazon states it
    TaxParts tax_parts;                     ///< they add up to `tax`
    /// What Amazon's own rounding left over; zero unless the caller tolerates one.
    Money rounding = Money::zero(Currency());

    /// A line for which nothing is owed.
    [[nodiscard]] static LineProceeds none(Currency currency);
    /// Everything but the tax and the rounding.
    [[nodiscard]] Money net() const;
};

/// Shape    `proceeds`: an order item's member {proceedsTotal, breakdowns[{type, subtotal,
///          detailedBreakdowns[{subtype, value}]}]}.
/// Tax      inside gross amounts is taken out of the component that it is stated for, out of the
///          goods where the line has no such charge, and at one rate where no parts are stated.
/// Rounding a reading that misses the total by no more than `max_rounding` counts as adding up
/// where
///          none does exactly; the nearest is taken.
/// Errors   Rejected `order.proceeds_missing`, `order.amount`, `order.currency`;
///          `order.proceeds_unbalanced`: no reading adds up, the parts of the tax do not add up, or
///          a part is more than the charge that it should be inside of. `where` begins each
///          message.
[[nodiscard]] Result<LineProceeds> parse_line_proceeds(const Json& proceeds, Currency currency,
                                                       const std::string& where,
                                                       const Decimal& max_rounding = {});

/// {"amount": "19.99", "currencyCode": "USD"}, which must be in `currency`.
/// Errors   Rejected `order.amount`: another shape, or too large for an order; `order.currency`;
///          `decimal.syntax`, `money.precision`: not an amount of this currency.
[[nodiscard]] Result<Money> parse_money(const Json& money, Currency currency,
                                        const std::string& where);

}  // namespace carrick::plugins
