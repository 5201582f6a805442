// SPDX-License-Identifier: Apache-2.0
// The account's tax engine against what a setting says of it.
#pragma once

#include "core/connectors/netsuite/metadata.hpp"

namespace carrick::connectors::netsuite {

/// Confirms a setting of kind "netsuite.tax_engine": "suitetax", "legacy" or "none" comes back as
/// it is where the account does not contradict it. SuiteTax shows in the metadata of the sales
/// order (`taxDetailsOverride`); legacy tax and no tax at all cannot be told apart from outside, so
/// either word is taken where that field is missing.
/// Errors   Misconfigured `netsuite.tax_engine`: the account has the other engine, or the word is
///          none of the three. Those of the session where it cannot be asked.
[[nodiscard]] Result<std::string> confirm_tax_engine(Metadata& metadata, std::string_view setting,
                                                     const CallContext& context);

}  // namespace carrick::connectors::netsuite
