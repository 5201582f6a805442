// SPDX-License-Identifier: Apache-2.0
// Sales orders with their lines and how far each has come: what must be known before an order is
// changed, closed or fulfilled.
#pragma once

#include "core/connectors/netsuite/metadata.hpp"
#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

namespace carrick::connectors::netsuite {

/// netsuite.lookup.order_lines: as netsuite.lookup.order, whose request it takes, with one member
/// more: `line_field`, a custom column field to read along. A hit that is one sales order also has
///
///   lines            in the order's own order: {line, item, item_type, quantity, amount, closed,
///                    fulfillable, fulfilled, picked?, billed, location?, field?}
///   header_discount  what the order's own discount takes off, "-4.00"; absent without one
///
/// `line` is the key that a PATCH names and the `orderLine` of a transform. Quantities and amounts
/// have the signs of the document (a discount is negative) and are SuiteQL's texts; `closed` and
/// `fulfillable` (goods that a fulfilment can hold) are booleans. A discount line has no quantity.
/// `picked` counts what is picked or packed and has not left; only accounts with Pick, Pack and
/// Ship have it. It takes NetSuite's columns to be cumulative (what was picked stays picked after
/// it has left), which is not documented; where they are not, it is too low for a line of which
/// some units have left and others are being picked. Members of kits, tax and shipping cost are no
/// lines.
/// Cost     the queries of netsuite.lookup.order, and one for the lines of all hits.
[[nodiscard]] Reply lookup_order_lines(Session& session, Metadata& metadata, const Json& request,
                                       const CallContext& context);

}  // namespace carrick::connectors::netsuite
