// SPDX-License-Identifier: Apache-2.0
// Pure: which rule of the table of tax codes a line falls under, and tax that Amazon does not
// state. A store says little about a sale's tax: files of one German store hold six countries'
// rates.
#pragma once

#include "plugins/shared/order_import/tax_settings.hpp"
#include "plugins/shared/order_model/order.hpp"

namespace carrick::plugins {

/// What the table is asked for.
struct TaxCase {
    std::string ship_from;             ///< "DE"
    std::vector<std::string> ship_to;  ///< {"US", "US-WA"}; {"GB", "XI"} for Northern Ireland
    bool vat_id = false;
    std::string scheme;  ///< "uoss", "ioss", "facilitator", or "none"

    /// "ship_from DE, ship_to AT, vat_id no, scheme none"
    [[nodiscard]] std::string text() const;
};

/// Where the goods leave: the centre's country, else the setting's, else the store's. Territories
/// outside a country's VAT area (the Canary Islands) count as countries of their own.
[[nodiscard]] TaxCase tax_case(const Order& order, const OrderLine& line,
                               const TaxSettings& settings);

/// An amount and its tax, as a document states them.
struct TaxedAmount {
    Money net = Money::zero(Currency());
    Money tax = Money::zero(Currency());
    std::int64_t quantity = 1;  ///< Amazon rounds each unit
};

/// The first rule that fits. A rule's rate fits where it gives the tax to one smallest unit of the
/// currency for each unit of goods; no tax fits the rate 0 alone, but for amounts too small to tax.
/// Errors   Rejected `order.tax_code`: none does; the message says what was looked for.
[[nodiscard]] Result<const TaxRule*> find_tax_rule(const TaxSettings& settings,
                                                   const TaxCase& wanted, const TaxedAmount& amount,
                                                   const std::string& where);

/// The rate that a document states: the rule's, else what tax and net amount say.
[[nodiscard]] Decimal stated_rate(const TaxRule& rule, const TaxedAmount& amount);

/// Applies `when_missing` to the lines whose prices should hold a tax that Amazon does not state.
/// What the customer owes stays; with a rate the tax is what is left when each net charge, rounded,
/// is taken off its gross.
/// Errors   Rejected `order.tax_missing` (refuse), `order.tax_code` (rate: no rule has one).
[[nodiscard]] Result<void> supply_missing_tax(Order& order, const TaxSettings& settings);

}  // namespace carrick::plugins
