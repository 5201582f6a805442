// SPDX-License-Identifier: Apache-2.0
// The mfn_order_import plugin: entry and wiring.
#include "plugins/shared/order_import/order_flow.hpp"

#include <carrick/sdk/plugin.hpp>

CARRICK_PLUGIN("mfn_order_import", "0.1.0", carrick::plugins::make_mfn_order_flow)
