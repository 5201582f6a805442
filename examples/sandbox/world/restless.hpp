// SPDX-License-Identifier: Apache-2.0
// Lives of chance: every order in which an order can be paid, touched, changed, shipped and
// cancelled.
#pragma once

#include "examples/sandbox/world/order.hpp"
#include "examples/sandbox/world/random.hpp"

namespace carrick::sandbox {

/// Fills events and revisions from `placed` on; all of it within three days.
void add_restless_life(Order& order, UtcTime placed, Chance& chance);

}  // namespace carrick::sandbox
