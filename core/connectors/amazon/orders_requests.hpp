// SPDX-License-Identifier: Apache-2.0
// What a flow asks of the Orders and Sellers APIs, checked and turned into the path and query that
// Amazon understands.
#pragma once

#include "core/connectors/amazon/api_request.hpp"

namespace carrick::amazon {

/// `amazon.orders.search`. Body: `marketplaces` (1 to 50 codes of this region), exactly one of
/// `created_after` and `last_updated_after`, optionally the `..._before` of the same kind,
/// `statuses`, `fulfilled_by`, `included_data`, `max_results` (1 to 100), `pagination_token`.
///
/// The two-minute rule: Amazon refuses a `..._before` younger than two minutes. We refuse one
/// younger than three (clocks differ) instead of moving it: a page asked for with a token must
/// repeat its filters exactly. Leave it out, and Amazon ends the window itself and says where.
///
/// Errors   Bug `amazon.request`  not as the request schema says, with the field.
///          Misconfigured `amazon.marketplace_unknown`, `amazon.marketplace_region`.
///          Rejected `amazon.before_too_recent`, `amazon.window_empty`.
[[nodiscard]] Result<ApiRequest> search_orders(const Json& body, const RequestScope& scope);

/// `amazon.orders.get`: `order_id`, optionally `included_data`.
[[nodiscard]] Result<ApiRequest> get_order(const Json& body, const RequestScope& scope);

/// `amazon.sellers.participations`: no members.
[[nodiscard]] Result<ApiRequest> get_participations(const Json& body, const RequestScope& scope);

}  // namespace carrick::amazon
