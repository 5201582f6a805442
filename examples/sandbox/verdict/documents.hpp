// SPDX-License-Identifier: Apache-2.0
// What stands in NetSuite, as text that two runs of one world can be compared by.
#pragma once

#include "examples/sandbox/netsuite_view.hpp"

#include <string>

namespace carrick::sandbox {

/// One line for each customer and sales order, sorted; without internal ids and times, which depend
/// on the order of arrival.
[[nodiscard]] std::string list_documents(const NetSuiteView& netsuite);

}  // namespace carrick::sandbox
