// SPDX-License-Identifier: Apache-2.0
// The states of each part of the world, in files of their own because they are data, not logic.
#pragma once

#include "plugins/shared/order_model/states.hpp"

#include <span>

namespace carrick::plugins {

// Sources: ISO 3166-2 for codes and names; for `short_name` what `SELECT * FROM state` answered in
// a NetSuite account (published by several integrators): US, CA, GB, AU, MX, JP and CN have rows,
// other countries none. States that an account adds itself are not known here.
[[nodiscard]] std::span<const State> american_states();           ///< US CA MX BR
[[nodiscard]] std::span<const State> asian_and_african_states();  ///< JP IN AU AE SA EG
[[nodiscard]] std::span<const State> european_states();           ///< ES IT GB

}  // namespace carrick::plugins
