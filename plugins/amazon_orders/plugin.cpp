// SPDX-License-Identifier: Apache-2.0
// The amazon_orders plugin: entry and wiring.
#include "plugins/amazon_orders/orders_source.hpp"

#include <carrick/sdk/plugin.hpp>

CARRICK_PLUGIN("amazon_orders", "0.1.0", carrick::plugins::make_orders_source)
