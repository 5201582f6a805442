// SPDX-License-Identifier: Apache-2.0
// The account's tax engine against what a setting says of it.
#pragma once

#include "core/connectors/netsuite/metadata.hpp"

namespace carrick::connectors::netsuite {

/// Confirms a setting of kind "netsuite.tax_engine": "suitetax", "legacy" or "none" comes back as
/// it is where the account does not contradict it, by what Metadata::tax_engine shows. The fields
/// of legacy tax stand in an account that taxes nothing as well, and a role may see none of them:
/// so "legacy" and "none" are both taken wherever SuiteTax does not show. Errors   Misconfigured
/// `netsuite.tax_engine`: the account has the other engine, or the word is
///          none of the three. Those of the session where it cannot be asked.
[[nodiscard]] Result<std::string> confirm_tax_engine(Metadata& metadata, std::string_view setting,
                                                     const CallContext& context);

}  // namespace carrick::connectors::netsuite
