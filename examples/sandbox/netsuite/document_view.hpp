// SPDX-License-Identifier: Apache-2.0
// A transaction as the verdict sees it.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/netsuite_view.hpp"

namespace carrick::sandbox::netsuite {

/// Of a sales order, invoice, cash sale or fulfilment. Amounts of the header become lines.
[[nodiscard]] NetSuiteSalesOrder document_view(const Record& order, const RecordStore& store);

}  // namespace carrick::sandbox::netsuite
