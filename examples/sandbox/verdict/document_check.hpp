// SPDX-License-Identifier: Apache-2.0
// One order's truth against the one sales order that stands for it.
#pragma once

#include "examples/sandbox/verdict/verdict.hpp"

namespace carrick::sandbox {

/// Everything that is wrong with `document`, and nothing else. `customer`: of its entity, nullptr
/// when there is no such customer.
[[nodiscard]] std::vector<Problem> check_document(const Order& order, const Truth& truth,
                                                  const NetSuiteSalesOrder& document,
                                                  const NetSuiteCustomer* customer,
                                                  const VerdictOptions& options);

/// "salesOrder" -> "sales order", as problems name a document.
[[nodiscard]] std::string title_of(std::string_view type);

}  // namespace carrick::sandbox
