// SPDX-License-Identifier: Apache-2.0
// Checks a NetSuite payload against the field tables of the record contract.
#pragma once

#include <carrick/sdk/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace carrick::testing {

/// The folder of the NetSuite contract, from CARRICK_CONTRACTS; "" where that is not set.
[[nodiscard]] std::string netsuite_contract_dir();

/// Every way in which `body` is not a `record_type` that may be written, as "path: problem"; empty
/// = fine. Checked are: names (canonical spelling; custom fields by prefix custbody, custcol,
/// custentity, custitem, custrecord), JSON types, dates, references (an object with id or
/// externalId, nothing else but refName), enumerations, sublists ({"items": [...]}) and subrecords
/// down to their fields, and that nothing read-only is sent. A null clears a field and is fine
/// wherever the field may be written.
[[nodiscard]] std::vector<std::string> check_payload(std::string_view record_type,
                                                     const Json& body);

}  // namespace carrick::testing
