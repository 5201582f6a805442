// SPDX-License-Identifier: Apache-2.0
// Tax of an order: overridden by the request, computed by the engine afterwards, or none.
#pragma once

#include "examples/sandbox/netsuite/rules.hpp"

namespace carrick::sandbox::netsuite {

/// Sets taxTotal, the lines' taxAmount and (where the engine computed) taxDetails. `digits` are the
/// currency's. Throws Refusal for tax details that do not fit the lines.
[[nodiscard]] Decimal compute_tax(Record& order, int digits, const SaveContext& context);

}  // namespace carrick::sandbox::netsuite
