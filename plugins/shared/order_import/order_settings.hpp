// SPDX-License-Identifier: Apache-2.0
// The settings of one marketplace, as the order imports read them. References are internal ids.
#pragma once

#include "plugins/shared/order_import/order_documents.hpp"
#include "plugins/shared/order_import/tax_settings.hpp"

#include <carrick/sdk/json.hpp>

#include <string>

namespace carrick::plugins {

/// Who ships the orders that a flow imports.
enum class Fulfilment { Merchant, Amazon };

struct OrderSettings {
    Fulfilment fulfilment = Fulfilment::Merchant;
    DocumentType document = DocumentType::SalesOrder;
    bool per_shipment = false;  ///< one document for each shipment, from fba_shipments
    std::string books_zone;
    std::string subsidiary;
    std::string currency;
    bool pending_approval = false;
    bool discount_per_order = false;
    bool tip_is_ours = false;
    std::string location;
    Json centre_locations;  ///< Amazon's fulfilment centre -> location
    std::string account;    ///< receivables of an invoice, or where a cash sale posts to
    std::string form, department, class_id, terms;
    std::string order_number;  ///< "netsuite", or "amazon": the document's number is Amazon's id
    struct Items {
        std::string shipping, gift_wrap, cod_fee, other, delivery_tip;
        std::string discount, ship_discount, tax, facilitator_tax, rounding;
    } items;
    TaxSettings tax;
    Json sku_aliases;
    std::string order_id_field, order_item_id_field, facilitator_tax_field;
    std::string purchase_order_field, gift_message_field, shipment_id_field;
    std::int64_t pending_days = 30;

    [[nodiscard]] static OrderSettings parse(const Json& settings,
                                             Fulfilment fulfilment = Fulfilment::Merchant);
    /// Where the units of an order come from: the centre's location, else the marketplace's.
    [[nodiscard]] const std::string& location_of(const std::string& centre) const;
    /// NetSuite's name of the item that a seller SKU stands for.
    [[nodiscard]] std::string item_name(const std::string& sku) const;
};

}  // namespace carrick::plugins
