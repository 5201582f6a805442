// SPDX-License-Identifier: Apache-2.0
// Addresses: which countries and states NetSuite knows, and what it refuses.
#pragma once

#include <carrick/sdk/json.hpp>

#include <string>
#include <string_view>

namespace carrick::sandbox::netsuite {

/// Checks country and state of an address read from a request; a state of a country with a state
/// list becomes its short form. Throws Refusal (COUNTRY_STATE_MISMATCH, invalid country).
[[nodiscard]] Json check_address(Json address, const std::string& path);

/// "United States" for "US"; the id itself for countries whose name nothing here shows.
[[nodiscard]] std::string country_name(std::string_view id);

/// The address as people read it, lines separated by \n.
[[nodiscard]] std::string address_text(const Json& address);

}  // namespace carrick::sandbox::netsuite
