// SPDX-License-Identifier: Apache-2.0
// Pure: an Amazon order, or one of its shipments -> the document NetSuite will see.
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
};

/// Shape    one line per order line with quantity above 0, its discounts directly below it; then
///          shipping, gift wrap, fees, tip, tax. Each line has its amount and price level -1
///          (custom), because a price level would overwrite the rate, and its own location, because
///          the header's is not copied over REST.
/// Units    the order's currency; amounts are net of tax, Amazon's tax is a line of its own.
/// Errors   Rejected     `order.unknown_sku`, `order.currency`, `order.tax_not_configured`,
///                       `order.address_length`; SKUs that fit several items are refused before.
///          Rejected     `order.item_setting`: an amount has no item; the message gives the key.
///                       Other orders do without it, so it stops none but this.
/// Source   Orders API 2026-01-01; NetSuite record catalogue, salesOrder.
[[nodiscard]] Result<Json> to_document(const Order& order, const OrderReferences& references,
                                       const OrderSettings& settings,
                                       const std::string& external_id);

/// What a document adds up to by our own arithmetic: lines, order discount, shipping cost.
/// Errors   Rejected `order.amount`: a line without a readable amount.
[[nodiscard]] Result<Money> document_total(const Json& document, Currency currency);

}  // namespace carrick::plugins
