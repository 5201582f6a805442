// SPDX-License-Identifier: Apache-2.0
// The fba_order_import plugin: entry and wiring.
#include "plugins/shared/order_import/order_flow.hpp"

#include <carrick/sdk/plugin.hpp>

CARRICK_PLUGIN("fba_order_import", "0.1.0", carrick::plugins::make_fba_order_flow)
