// SPDX-License-Identifier: Apache-2.0
// Pure: an Amazon order, or one of its shipments -> the document NetSuite will see.
#pragma once

#include "plugins/shared/order_import/document_lines.hpp"
#include "plugins/shared/order_import/order_settings.hpp"
#include "plugins/shared/order_model/order.hpp"

#include <string>

namespace carrick::plugins {

/// Shape    one line per order line with quantity above 0, its discounts directly below it; then
///          shipping, gift wrap, fees, tip, tax. Each line has its amount and price level -1
///          (custom), because a price level would overwrite the rate, and its own location, because
///          the header's is not copied over REST.
/// Units    the order's currency; amounts are net of tax. Amazon's tax is a line of its own, one
/// for
///          each rule of the table of codes, or stands in the tax details of each line.
/// Errors   Rejected     `order.unknown_sku`, `order.currency`, `order.tax_not_configured`,
///                       `order.tax_code`, `order.tax_mixed`, `order.rounding`,
///                       `order.address_length`, `order.ship_method`,
///                       `order.purchase_order`; SKUs that fit several items are refused before.
///          Rejected     `order.item_setting`: an amount has no item; the message gives the key.
///                       Other orders do without it, so it stops none but this.
/// Source   Orders API 2026-01-01; NetSuite record catalogue, salesOrder.
[[nodiscard]] Result<Json> to_document(const Order& order, const OrderReferences& references,
                                       const OrderSettings& settings,
                                       const std::string& external_id);

/// The document's shipping address, as far as the settings let it into NetSuite; null for none.
/// Errors   Rejected `order.address_length`.
[[nodiscard]] Result<Json> shipping_address(const Order& order, const OrderSettings& settings);

/// The day of a document: of the shipment; of the last update where a document stands for what was
/// shipped and no report says when; else of the purchase.
/// Errors   Misconfigured `time.zone`.
[[nodiscard]] Result<LocalDate> document_date(const Order& order, const OrderSettings& settings);

/// Whether NetSuite computes the tax of this order's document (`tax.mode: netsuite`).
[[nodiscard]] bool is_left_to_netsuite(const Order& order, const OrderSettings& settings);

/// The tax that NetSuite is to compute for this order, as Amazon states it;
/// zero where the document states its tax itself.
[[nodiscard]] Money tax_left_to_netsuite(const Order& order, const OrderSettings& settings);

/// What a document adds up to by our own arithmetic: lines, tax details, order discount, shipping
/// cost.
/// Errors   Rejected `order.amount`: a line without a readable amount.
[[nodiscard]] Result<Money> document_total(const Json& document, Currency currency);

}  // namespace carrick::plugins
