// SPDX-License-Identifier: Apache-2.0
// The fba_shipments plugin: entry and wiring.
#include "plugins/fba_shipments/shipments_source.hpp"

#include <carrick/sdk/plugin.hpp>

CARRICK_PLUGIN("fba_shipments", "0.1.0", carrick::plugins::make_shipments_source)
