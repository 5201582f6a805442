// SPDX-License-Identifier: Apache-2.0
// The local Amazon: LWA, Orders API v2026-01-01 and getMarketplaceParticipations.
#pragma once

#include "examples/sandbox/service.hpp"
#include "examples/sandbox/world/world.hpp"

#include <memory>

namespace carrick::sandbox {

/// Paths, below the service's prefix:
///   POST /auth/o2/token
///   GET  [/na|/eu|/fe]/orders/2026-01-01/orders
///   GET  [/na|/eu|/fe]/orders/2026-01-01/orders/{orderId}
///   GET  [/na|/eu|/fe]/sellers/v1/marketplaceParticipations
/// With a region in the path it is that region's host: a token of another region gets 403.
/// `official_quotas`: the default of the switch amazon.quotas.
[[nodiscard]] std::unique_ptr<Service> make_amazon_service(const Environment& environment,
                                                           bool official_quotas);

}  // namespace carrick::sandbox
