// SPDX-License-Identifier: Apache-2.0
// The settlement plugin: entry and wiring.
#include "plugins/settlement/settlement_commands.hpp"

#include <carrick/sdk/plugin.hpp>

CARRICK_PLUGIN("settlement", "0.1.0", carrick::plugins::run_settlement_command)
