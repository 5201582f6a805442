// SPDX-License-Identifier: Apache-2.0
// The expressions of flows.yaml, which the configuration keeps as text.
#pragma once

#include "core/config/config.hpp"

#include <vector>

namespace carrick::app {

/// Every `where` and `mapping` expression that does not compile, with its place.
[[nodiscard]] std::vector<config::Problem> check_expressions(const config::Config& config);

}  // namespace carrick::app
