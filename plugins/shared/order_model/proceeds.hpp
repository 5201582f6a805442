// SPDX-License-Identifier: Apache-2.0
// LineProceeds: what one order line is made of, net of tax, whichever way Amazon states it.
//
// Whether ITEM is net or gross of tax in VAT stores, and the sign of DISCOUNT, are not documented.
// Both are decided per line by the one reading that adds up to `proceedsTotal`; a line that no
// reading or several different ones explain is refused rather than guessed.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/money.hpp>

#include <string>

namespace carrick::plugins {

/// Amounts of a whole line. Net + tax = total.
struct LineProceeds {
    Money item = Money::zero(Currency());               ///< net
    Money shipping = Money::zero(Currency());           ///< net
    Money gift_wrap = Money::zero(Currency());          ///< net
    Money cod_fee = Money::zero(Currency());            ///< net
    Money other = Money::zero(Currency());              ///< net
    Money item_discount = Money::zero(Currency());      ///< net, zero or negative
    Money shipping_discount = Money::zero(Currency());  ///< net, zero or negative
    Money tax = Money::zero(Currency());
    Money total = Money::zero(Currency());  ///< proceedsTotal, as Amazon states it
};

/// Shape    `proceeds`: an order item's member {proceedsTotal, breakdowns[{type, subtotal,
///          detailedBreakdowns[{subtype, value}]}]}.
/// Errors   Rejected `order.proceeds_missing`, `order.proceeds_unbalanced`,
///          `order.proceeds_ambiguous`, `order.currency`; `where` begins each message.
[[nodiscard]] Result<LineProceeds> parse_line_proceeds(const Json& proceeds, Currency currency,
                                                       const std::string& where);

/// {"amount": "19.99", "currencyCode": "USD"}, which must be in `currency`.
[[nodiscard]] Result<Money> parse_money(const Json& money, Currency currency,
                                        const std::string& where);

}  // namespace carrick::plugins
