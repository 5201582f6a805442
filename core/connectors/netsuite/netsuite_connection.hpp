// SPDX-License-Identifier: Apache-2.0
// The NetSuite connection: what a flow can do with a NetSuite account.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/connection.hpp"
#include "core/connectors/http/http_transport.hpp"
#include "core/connectors/netsuite/netsuite_options.hpp"

#include <memory>

namespace carrick::connectors::netsuite {

/// One authenticated NetSuite account. Operations:
/// `netsuite.records.create|get|upsert|patch|transform|batch`, `netsuite.suiteql.query`,
/// `netsuite.lookup`, `netsuite.lookup.external_id|order|period|customer_transactions`,
/// `netsuite.metadata`, `netsuite.features`; their shapes are in `operations()`, their promises in
/// records.hpp, batch.hpp, suiteql.hpp, lookups.hpp, periods.hpp, customer_transactions.hpp and
/// metadata.hpp.
///
/// Writes   travel as the connection's `write_mode` says (batch_plan.hpp); a plugin asks for N
///          creates in one call and gets N replies either way.
/// Replies  a write whose answer was lost, or was a 5xx or a web page, is `Unknown`; everything
///          proven unsent is `Failed` (429 and refused connections after at most three repetitions
///          inside the deadline). Classes and codes: error_classification.hpp.
/// check    a token and the server's time: `Misconfigured netsuite.clock` where ours is more than
///          five minutes off. Learns the account's concurrency where the role may read it.
/// Lives    as long as `transport`, `clock` and `random`, which it borrows.
///
/// Errors   Misconfigured: account, URL or private key cannot be used; nothing has been sent yet.
[[nodiscard]] Result<std::unique_ptr<Connection>> make_netsuite_connection(
    NetSuiteOptions options, http::HttpTransport& transport, const Clock& clock, Random& random);

}  // namespace carrick::connectors::netsuite
