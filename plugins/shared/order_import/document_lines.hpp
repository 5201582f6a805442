// SPDX-License-Identifier: Apache-2.0
// The lines of a document with their tax: what stands on a line, and what in NetSuite's tax
// details.
#pragma once

#include "plugins/shared/order_import/order_settings.hpp"
#include "plugins/shared/order_model/order.hpp"

#include <map>
#include <string>

namespace carrick::plugins {

/// Internal ids that the order needs: NetSuite's items by seller SKU, the customer and the
/// currency.
struct OrderReferences {
    std::string customer;
    std::map<std::string, std::string, std::less<>> items;
    std::string currency{};  ///< "": the customer's own (an account with one currency)
    /// The first open day, where the document's own is in a closed period: "2026-11-01".
    std::string open_day{};
};

struct DocumentLines {
    Json lines = Json::array();
    /// One entry for each rate on each line, by `taxDetailsReference`.
    Json tax_details = Json::array();
    /// All promotions together, for `discount: order`.
    Money discount = Money::zero(Currency());
};

/// How the tax of one document is stated. `tax.mode: netsuite` is the one that depends on the
/// order: an engine would tax once more what Amazon has collected, and can be kept out of a whole
/// document only.
enum class TaxStatement {
    Line,     ///< lines of their own
    Details,  ///< Amazon's amounts in tax details
    Engine,   ///< left to NetSuite
    None,     ///< there is none of ours
};

/// Errors   Rejected `order.tax_mixed`: NetSuite is to compute the tax of some lines, Amazon has
///          collected that of others, and no table says under which codes.
[[nodiscard]] Result<TaxStatement> tax_statement(const Order& order, const TaxSettings& settings);

/// Tax that we owe for the order: of lines whose tax Amazon does not collect itself.
[[nodiscard]] Money tax_of_ours(const Order& order);
/// Tax that Amazon collects and pays itself.
[[nodiscard]] Money facilitator_tax(const Order& order);

/// Shape    see to_document. Tax details lie on each line's net amount less its own discount.
/// Errors   those of to_document about lines and tax.
[[nodiscard]] Result<DocumentLines> build_lines(const Order& order,
                                                const OrderReferences& references,
                                                const OrderSettings& settings);

}  // namespace carrick::plugins
