// SPDX-License-Identifier: Apache-2.0
// Pure: one of Amazon's shipments and the sales order it is of -> the item fulfilment.
#pragma once

#include "plugins/shared/netsuite_documents/placed_order.hpp"

#include <carrick/sdk/ids.hpp>
#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <map>
#include <string>
#include <vector>

namespace carrick::plugins {

/// The settings of one marketplace. Locations are internal ids.
struct FulfillmentSettings {
    std::string books_zone;
    std::string location;   ///< "": that of the order's line
    Json centre_locations;  ///< Amazon's fulfilment centre -> location
    std::string package_weight;
    Json sku_aliases;

    [[nodiscard]] static FulfillmentSettings parse(const Json& settings);
    [[nodiscard]] const std::string& location_of(const std::string& centre) const;
    /// NetSuite's name of the item that a seller SKU stands for.
    [[nodiscard]] std::string item_name(const std::string& sku) const;
};

/// What left a fulfilment centre at once.
struct ShippedOrder {
    struct Item {
        std::string order_item;  ///< Amazon's order item id
        std::string sku;
        std::int64_t units = 0;
    };
    struct Package {
        std::string carrier;
        std::string tracking;
    };
    OrderId order;
    std::string shipment;
    UtcTime shipped;
    std::string centre;
    std::vector<Item> items;  ///< each order item once, in the report's order
    std::vector<Package> packages;

    [[nodiscard]] std::int64_t units() const;
};

/// Reads the record of fba_shipments.
/// Errors   Rejected `report.row`: the source could not read it; `fulfillment.shipment`: no
///          shipment, a time, id or count that is none.
[[nodiscard]] Result<ShippedOrder> parse_shipped_order(const Json& json);

/// Units of an item fulfilment as NetSuite holds it; members of kits are none of their own.
[[nodiscard]] Decimal fulfilled_units(const Json& fulfilment);

/// Shape    each line of the order from which units went, by its `orderLine`, with their number;
///          every other line that still could be shipped with itemReceive false, because a
///          transform takes along what nobody mentions; a package for each tracking number.
///          Several lines of one item are filled in their order.
/// `items`  NetSuite's item by seller SKU, for lines that do not keep Amazon's order item id.
/// Errors   Rejected `fulfillment.line_not_found`: the order has no line of the item;
///          `fulfillment.more_than_ordered`: more units than are left of it; the message has both.
///          Misconfigured `time.zone`.
[[nodiscard]] Result<Json> to_fulfillment(const ShippedOrder& shipped, const PlacedOrder& placed,
                                          const std::map<std::string, std::string>& items,
                                          const FulfillmentSettings& settings,
                                          const std::string& external_id);

}  // namespace carrick::plugins
