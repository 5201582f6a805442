// SPDX-License-Identifier: Apache-2.0
// The fba_fulfillment plugin: entry and wiring.
#include "plugins/fba_fulfillment/fulfillment_flow.hpp"

#include <carrick/sdk/plugin.hpp>

CARRICK_PLUGIN("fba_fulfillment", "0.1.0", carrick::plugins::make_fulfillment_flow)
