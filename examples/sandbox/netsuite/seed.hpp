// SPDX-License-Identifier: Apache-2.0
// The account as it is before any flow runs: company, lists, items, a customer, and the orders that
// other tools put there.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/service.hpp"

namespace carrick::sandbox::netsuite {

/// Fills an empty store from the world's tables. Every record is marked as seeded. `marketplace`
/// names are those of the world; base prices differ from Amazon's on purpose.
void seed_account(RecordStore& store, const World& world, UtcTime now);

}  // namespace carrick::sandbox::netsuite
