// SPDX-License-Identifier: Apache-2.0
// The operations of a NetSuite connection as data: name, kind, summary and the JSON Schemas of
// request and response.
#pragma once

#include "core/connectors/connection.hpp"

namespace carrick::connectors::netsuite {

/// Made once, in the order in which people read them.
[[nodiscard]] const std::vector<Operation>& operation_table();

}  // namespace carrick::connectors::netsuite
