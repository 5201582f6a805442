// SPDX-License-Identifier: Apache-2.0
// The settings of one marketplace, as the order imports read them. References are internal ids.
#pragma once

#include "plugins/shared/order_import/order_documents.hpp"
#include "plugins/shared/order_import/tax_settings.hpp"
#include "plugins/shared/order_model/address.hpp"
#include "plugins/shared/order_model/order.hpp"

#include <carrick/sdk/json.hpp>

#include <string>
#include <vector>

namespace carrick::plugins {

/// Who ships the orders that a flow imports.
enum class Fulfilment { Merchant, Amazon };

/// How much of a buyer goes into NetSuite.
enum class PersonalData {
    Keep,
    Area,  ///< no name, street or phone: city, state, postal code and country alone
    Omit,  ///< no address at all
};

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
    std::string vat_id_field, original_date_field;
    std::string go_live;  ///< first day whose orders are imported, by the store's calendar
    std::int64_t pending_days = 30;
    std::vector<FulfillmentStatus> statuses;  ///< in which orders are imported
    bool skip_replacements = false;
    PersonalData personal_data = PersonalData::Keep;
    bool purchase_order_as_reference = false;  ///< otherRefNum is the buyer's, not Amazon's number
    AddressStyle address;
    Json ship_methods;  ///< Amazon's service level, or "default" -> ship method
    /// A document whose period is closed moves to the first open day; else NetSuite refuses it.
    bool moves_to_open_period = false;

    [[nodiscard]] static OrderSettings parse(const Json& settings,
                                             Fulfilment fulfilment = Fulfilment::Merchant);
    /// Where the units of an order come from: the centre's location, else the marketplace's.
    [[nodiscard]] const std::string& location_of(const std::string& centre) const;
    /// NetSuite's name of the item that a seller SKU stands for.
    [[nodiscard]] std::string item_name(const std::string& sku) const;
    /// Whether orders of this status are imported.
    [[nodiscard]] bool takes(FulfillmentStatus status) const;
    /// Whether an order of this status may still get one that is imported.
    [[nodiscard]] bool may_take_later(FulfillmentStatus status) const;
    /// The ship method of a service level, without regard to its spelling ("SECOND_DAY", "Second
    /// Day"); "" where neither it nor a default is named.
    [[nodiscard]] std::string ship_method(const std::string& service_level) const;
};

}  // namespace carrick::plugins
