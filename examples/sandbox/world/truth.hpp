// SPDX-License-Identifier: Apache-2.0
// What the books must say about an order, computed from its raw numbers and never from the JSON
// that the Amazon service emits.
#pragma once

#include "examples/sandbox/world/order.hpp"

#include <carrick/sdk/decimal.hpp>

#include <string>
#include <vector>

namespace carrick::sandbox {

struct ExpectedLine {
    std::string item;  ///< NetSuite's item name
    std::string order_item_id;
    std::int64_t quantity = 0;
    Decimal net;  ///< the goods' amount without tax, before discounts
    Decimal tax;  ///< its tax that the seller owes (0 under a facilitator)
};

struct Truth {
    std::string order_id;
    std::string shipment_id{};  ///< of one parcel's document; empty for a whole order's
    std::string account;        ///< of the Amazon connection: NA1
    const Marketplace* marketplace = nullptr;
    std::string currency;
    std::string subsidiary;
    std::string buyer_email;
    Decimal grand_total;
    Decimal facilitator_tax;
    Decimal delivery_tip;
    Decimal receivable;  ///< grand_total - facilitator_tax, without the tip
    Decimal tax_owed;    ///< tax inside the receivable
    Decimal shipping_net, gift_wrap_net, cod_fee_net, discount_net;
    std::vector<ExpectedLine> lines;
};

[[nodiscard]] Truth truth_of(const Order& order);
/// The same for what left in one parcel.
[[nodiscard]] Truth truth_of(const Order& order, const Shipment& shipment);

/// Whether the flows of this version must have the order in NetSuite.
enum class Import {
    Required,  ///< exactly one document
    Allowed,  ///< none or one: importable for a while and cancelled now, or waiting for a person to
              ///< map its unknown SKU
    Forbidden  ///< none
};
struct ImportRule {
    Import import = Import::Forbidden;
    std::string reason;            ///< "pending", "amazon_fulfilled", "before_start", ...
    std::optional<UtcTime> since;  ///< when it became importable
};
/// Merchant-fulfilled, placed at or after `go_live`, UNSHIPPED or later at `now`, with something
/// left to sell. `world_start`: a cancellation before it can never be seen after an import.
[[nodiscard]] ImportRule import_rule(const Order& order, UtcTime now, UtcTime go_live,
                                     UtcTime world_start);

/// When an order that Amazon ships must be in NetSuite: as a sales order once it is paid, as an
/// invoice or cash sale (`posting`) once all of it has been shipped.
[[nodiscard]] ImportRule fba_rule(const Order& order, UtcTime now, UtcTime go_live,
                                  UtcTime world_start, bool posting);

/// A number of smallest units as the currency writes it: 1999 USD is 19.99, 1999 JPY is 1999.
[[nodiscard]] Decimal in_currency(std::int64_t smallest_units, std::string_view currency);

}  // namespace carrick::sandbox
