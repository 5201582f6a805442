// SPDX-License-Identifier: Apache-2.0
// The switches of the NetSuite half: one for each fact that is not certain or differs by account.
#pragma once

#include "examples/sandbox/switches.hpp"

namespace carrick::sandbox::netsuite {

void declare_switches(Switches& switches);

}  // namespace carrick::sandbox::netsuite
