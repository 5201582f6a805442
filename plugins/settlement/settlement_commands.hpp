// SPDX-License-Identifier: Apache-2.0
// carrick settlement prove, carrick settlement rules.
#pragma once

#include <carrick/sdk/command.hpp>

namespace carrick::plugins {

[[nodiscard]] Result<int> run_settlement_command(sdk::CommandIo& io, const sdk::CommandCall& call);

}  // namespace carrick::plugins
