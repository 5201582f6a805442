// SPDX-License-Identifier: Apache-2.0
// !transform: from a sales order to what is billed or shipped of it, and what that does to the
// order.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"

namespace carrick::sandbox::netsuite {

/// The new document with what the order's open lines carry over, adjusted by the lines of `sent`
/// that name an `orderLine`; those are taken out of `sent`, the rest is for the ordinary rules.
/// Throws Refusal: a pair that does not transform, an order that is not approved, nothing left,
/// more than is left.
[[nodiscard]] Record transformed(const Record& order, const RecordType& target, Json& sent,
                                 const RecordStore& store, const Switches& switches);

/// Adds (`sign` 1) or takes back (-1) what a document bills or ships on the order it came from, and
/// sets the order's status anew. Does nothing for a document of its own.
void count_on_order(RecordStore& store, const Record& document, int sign, UtcTime now);

}  // namespace carrick::sandbox::netsuite
