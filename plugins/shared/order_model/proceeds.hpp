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

/// Amounts of a whole line. net() + tax = total, always.
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

    /// Everything but the tax.
    [[nodiscard]] Money net() const;
};

/// Shape    `proceeds`: an order item's member {proceedsTotal, breakdowns[{type, subtotal,
///          detailedBreakdowns[{subtype, value}]}]}.
/// Tax      inside gross amounts is taken out of the component that it is stated for, out of the
///          goods where the line has no such charge, and at one rate where no parts are stated.
/// Errors   Rejected `order.proceeds_missing`, `order.amount`, `order.currency`;
///          `order.proceeds_unbalanced`: no reading adds up, the parts of the tax do not add up, or
///          a part is more than the charge that it should be inside of. `where` begins each
///          message.
[[nodiscard]] Result<LineProceeds> parse_line_proceeds(const Json& proceeds, Currency currency,
                                                       const std::string& where);

/// {"amount": "19.99", "currencyCode": "USD"}, which must be in `currency`.
/// Errors   Rejected `order.amount`: another shape, or too large for an order; `order.currency`;
///          `decimal.syntax`, `money.precision`: not an amount of this currency.
[[nodiscard]] Result<Money> parse_money(const Json& money, Currency currency,
                                        const std::string& where);

}  // namespace carrick::plugins
