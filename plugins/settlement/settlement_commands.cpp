// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/settlement_commands.hpp"

#include "plugins/settlement/prove_command.hpp"
#include "plugins/settlement/rules_command.hpp"

namespace carrick::plugins {

Result<int> run_settlement_command(sdk::CommandIo& io, const sdk::CommandCall& call) {
    if (call.verb == "rules") return run_rules(io, call.arguments);
    return prove_settlements(io, call.arguments);
}

}  // namespace carrick::plugins
