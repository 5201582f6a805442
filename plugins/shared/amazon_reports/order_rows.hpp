// SPDX-License-Identifier: Apache-2.0
// The rows of an order or of a shipment in Amazon's reports, as the JSON that the Orders API would
// have sent: the flows behind read one model, whichever way an order came.
#pragma once

#include "plugins/shared/amazon_reports/row_groups.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/marketplaces.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <string>

namespace carrick::plugins {

/// Who collects the tax that a report states, where its columns do not tell.
enum class TaxCollection {
    Unknown,  ///< the order must be looked at through the API
    Seller,
    Facilitator,  ///< Amazon collects and pays it
};

struct ReportedOrder {
    std::string key;
    UtcTime version;     ///< of the last change that the report shows
    UtcTime event_time;  ///< purchase, or shipment
    UtcTime due;         ///< latest time to ship; 0 = not stated
    UtcTime reported;    ///< of a shipment: when its first row was; 0 = not stated of all rows
    std::string marketplace;
    bool amazon_channel = true;  ///< false: Multi-Channel Fulfillment, never sold on Amazon
    Json body;
    /// There is tax, and the report does not tell whose it is: `body` must not be used as it is.
    bool tax_collection_unknown = false;
    /// An item's SKU may have lost letters: Amazon writes "?" for those that the report's encoding
    /// lacks. The order itself has them.
    bool sku_lost = false;
    /// The report does not tell all of what the buyer pays: it has no columns for promotions and
    /// gift wrap (the variant for shipping) or for the fee for cash on delivery (all of them), or a
    /// promotion off a price that holds tax may be stated with its tax or without.
    bool amounts_missing = false;
    /// The buyer may be registered for tax, and the report does not tell: it is a business's order
    /// and there are no columns for it, a number stands without its kind, or, in a report that does
    /// not name businesses either, a European store's order is without tax.
    bool tax_id_unknown = false;
};

/// One order of a GET_FLAT_FILE_ORDER_REPORT_DATA_* report. `store`: whose report this is, for rows
/// that name no sales channel.
///
/// Amounts are line totals. A column of amounts that is not there is no zero: see amounts_missing.
/// Rows that repeat an order-item-id carry further promotions of that line. Amazon states no total,
/// so proceedsTotal is the sum of the row's amounts. Errors Rejected `report.row`  with line,
/// column and value.
[[nodiscard]] Result<ReportedOrder> order_from_rows(const RowGroup& group, const Columns& columns,
                                                    const amazon::Marketplace& store,
                                                    TaxCollection collection);

/// One shipment of a GET_AMAZON_FULFILLED_SHIPMENTS_DATA_* report: an order as far as it was
/// shipped, with a member `shipment` {shipmentId, shipmentDate, reportingDate, fulfillmentCenterId,
/// packages[{carrier, trackingNumber}], items[{orderItemId, shipmentItemId, quantity}]}.
[[nodiscard]] Result<ReportedOrder> shipment_from_rows(const RowGroup& group,
                                                       const Columns& columns,
                                                       const amazon::Marketplace& store,
                                                       TaxCollection collection);

/// What can be told of a shipment whose rows as a whole cannot be read: key, marketplace (the one
/// that its rows name, else `store`), event_time and version; a time that no row tells is 0. A row
/// with more fields than the header tells nothing: any of its values may be another column's.
[[nodiscard]] ReportedOrder outline_of_shipment(const RowGroup& group, const Columns& columns,
                                                const amazon::Marketplace& store);

/// Whether a text of a report holds a mark that stands for a letter its encoding lacks.
[[nodiscard]] bool may_have_lost_letters(std::string_view text);

/// The columns without which a report is not of this kind.
[[nodiscard]] Result<void> check_order_columns(const Columns& columns);
[[nodiscard]] Result<void> check_shipment_columns(const Columns& columns);

}  // namespace carrick::plugins
