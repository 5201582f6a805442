// SPDX-License-Identifier: Apache-2.0
// How many transactions customers have: a customer with more than about 10,000 becomes slow to open
// and to apply payments to, so pooled customers rotate before that.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

namespace carrick::connectors::netsuite {

/// netsuite.lookup.customer_transactions: {keys: [external id prefix]} ->
/// {found: {prefix: {customers: [{id, external_id, inactive, transactions}]}}}, customers in the
/// order of their internal ids, `transactions` a whole number. A prefix that no customer has is not
/// in `found`. Prefixes are compared byte for byte: `_` stands for itself.
/// Cost     one query for each prefix, and one for all counts: it groups the transaction table by
///          its entity, without a join.
/// Errors   Bug `netsuite.request`: a prefix that is empty or has a `%`; those of SuiteQL.
[[nodiscard]] Reply lookup_customer_transactions(Session& session, const Json& request,
                                                 const CallContext& context);

}  // namespace carrick::connectors::netsuite
