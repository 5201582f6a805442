// SPDX-License-Identifier: Apache-2.0
// Writes documents, then reads their totals back: tax engines, scripts and price levels change
// what was sent, and a total that differs from what the customer owes must not pass unseen.
#pragma once

#include "plugins/shared/order_import/order_documents.hpp"

#include <carrick/sdk/call.hpp>
#include <carrick/sdk/money.hpp>

#include <functional>
#include <optional>
#include <string>

namespace carrick::plugins {

/// What is told about a record's order while it is written.
struct DeliveredOrder {
    std::string order_id;
    std::string shipment{};                    ///< of the order, where it has its own document
    Money expected = Money::zero(Currency());  ///< what the customer owes for it
    /// Where NetSuite computes the tax: the item of the line that takes a residue of at most
    /// `max_rounding`, so that the document is worth what Amazon pays. "": none takes any.
    std::string rounding_item{};
    Decimal max_rounding{};
    /// It was cancelled as a whole: nothing is owed, and its document must be closed.
    bool cancelled = false;
    std::string seen{};  ///< SeenOrder's text, for the ledger; empty where nothing was seen
    /// Later versions change the document: one that is there already may be of an earlier version.
    bool followed = false;
    /// Where it has changed since the last version: the address that the document should have, as
    /// NetSuite takes it; else null.
    Json address{};
};

// A create or an adoption ends with the total read back; so does a change. Closing an order ends
// with its status read back.

void deliver_documents(sdk::Call& call, const DocumentForm& form, const sdk::Records& records,
                       const sdk::Payloads& payloads,
                       const std::function<Result<DeliveredOrder>(const sdk::RecordView&)>& about);

}  // namespace carrick::plugins
