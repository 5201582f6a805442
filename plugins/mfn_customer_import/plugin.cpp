// SPDX-License-Identifier: Apache-2.0
// The mfn_customer_import plugin: entry and wiring.
#include "plugins/shared/customer_import/customer_flow.hpp"

#include <carrick/sdk/plugin.hpp>

CARRICK_PLUGIN("mfn_customer_import", "0.1.0", carrick::plugins::make_mfn_customer_flow)
