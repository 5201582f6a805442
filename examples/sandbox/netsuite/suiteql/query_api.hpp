// SPDX-License-Identifier: Apache-2.0
// POST /services/rest/query/v1/suiteql: headers, paging, parameters, and the rows as NetSuite
// writes them.
#pragma once

#include "examples/sandbox/netsuite/refusal.hpp"
#include "examples/sandbox/netsuite/suiteql/mirror.hpp"

namespace carrick::sandbox::netsuite::suiteql {

/// Not thread-safe: the service locks it. Throws Refusal.
[[nodiscard]] Response answer_query(const Request& request, Mirror& mirror, const Tables& tables,
                                    const Switches& switches, UtcTime now);

}  // namespace carrick::sandbox::netsuite::suiteql
