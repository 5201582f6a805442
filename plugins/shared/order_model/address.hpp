// SPDX-License-Identifier: Apache-2.0
// Addresses: from Amazon's form, which differs from country to country, into NetSuite's.
#pragma once

#include "plugins/shared/order_model/order.hpp"

namespace carrick::plugins {

/// Source: Orders API 2026-01-01, recipient.deliveryAddress. Line 1 may be empty with the street in
/// line 2 (seen in the field); Brazil states street and number apart.
[[nodiscard]] Address parse_address(const Json& json);

/// NetSuite's address subrecord: {addressee, attention, addr1, addr2, addr3, city, state, zip,
/// country: {id}, addrPhone}. Nothing is cut silently: what is longer than a field flows over into
/// the next address line; so do a district outside the US, for which NetSuite has no field, and a
/// state that is not on NetSuite's list of its country.
/// Errors   Rejected `order.address_length`: the address does not fit into three lines of 150.
[[nodiscard]] Result<Json> to_netsuite_address(const Address& address, const std::string& where);

/// The short code of a state in countries whose states NetSuite lists (US, CA, AU), from a code or
/// an English name in any case; otherwise the text as it is.
[[nodiscard]] std::string state_code(std::string_view country, std::string_view state);

}  // namespace carrick::plugins
