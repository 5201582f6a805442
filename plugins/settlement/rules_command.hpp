// SPDX-License-Identifier: Apache-2.0
// carrick settlement rules: show the default map, or test a map of one's own on settlements.
#pragma once

#include <carrick/sdk/command.hpp>

namespace carrick::plugins {

/// Exit codes: 0 done, 1 a settlement is not proven by the tested map, 2 a map or a file that
/// cannot be read, or arguments that make no sense.
[[nodiscard]] int run_rules(sdk::CommandIo& io, const Json& arguments);

}  // namespace carrick::plugins
