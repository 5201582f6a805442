// SPDX-License-Identifier: Apache-2.0
// Pure: what must change in a sales order so that it is what the order has become at Amazon.
#pragma once

#include "plugins/shared/netsuite_documents/placed_order.hpp"
#include "plugins/shared/order_import/order_follow.hpp"
#include "plugins/shared/order_import/order_mapping.hpp"

#include <optional>
#include <string>

namespace carrick::plugins {

/// A PATCH. Every line in it has its key and states what it is to be, not by how much it changes:
/// sent twice it does nothing more, and it adds no line.
struct OrderEdit {
    Json body = Json::object();
    bool cancels = false;  ///< closes a line of the order
    bool cuts = false;     ///< takes units off a line
    bool alters = false;   ///< changes amounts otherwise
    bool readdresses = false;
    /// Why it cannot be made; what it would have done stands above all the same, because only the
    /// settings say whether that is anybody's concern.
    std::optional<Error> problem{};

    [[nodiscard]] bool empty() const { return !cancels && !cuts && !alters && !readdresses; }
};

/// What the edit needs to know of an order.
struct OrderNow {
    const Order& order;
    const Json& document;               ///< as to_document makes it of the order as it is now
    const OrderReferences& references;  ///< with the items of cancelled lines, too
    const Money& expected;     ///< what its lines must add up to: what the customer owes, without a
                               ///< tax that NetSuite computes
    bool new_address = false;  ///< the address is another one than NetSuite was given
};

/// Finds each line of the order in NetSuite (by Amazon's order item id where a field keeps it, else
/// by item and place), and says what is to change:
///   a cancelled line   is closed, its amount and discount become 0
///   a cut line         gets its new quantity, amount and discount
///   charges and tax    get their new amount; one that is gone becomes 0 and is closed
///   the address        is replaced as a whole, as long as nothing has left
/// Problems Rejected `order.change_after_fulfilment`  a line that must change has been shipped or
///                   billed; `order.cancelled_while_picking`  it is being picked, and the settings
///                   leave that to a person; `order.change_unfit`  the lines in NetSuite are not
///                   those of the order any more, a line would have to be added, or the sum would
///                   not be what the customer owes; `order.change_closed`  it is closed there.
///          Each names the sales order and what to do.
[[nodiscard]] OrderEdit edit_of(const OrderNow& now, const PlacedOrder& placed,
                                const OrderSettings& settings, const FollowSettings& follow);

/// Closes every open line of an order that was cancelled as a whole. Amounts stay: a closed order
/// tells what it was, and is not billed.
/// Problems Rejected `order.change_after_fulfilment`, `order.cancelled_while_picking`.
[[nodiscard]] OrderEdit closing_of(const std::string& order_id, const PlacedOrder& placed,
                                   const FollowSettings& follow);

/// `cancellations: task`: what a person should do about an order that was cancelled, or about
/// lines of one. Rejected `order.cancelled_after_import`.
[[nodiscard]] Error cancellation_task(const std::string& order_id, const PlacedOrder& placed,
                                      bool whole);

}  // namespace carrick::plugins
