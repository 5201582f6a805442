// SPDX-License-Identifier: Apache-2.0
// The operations that an Amazon connection offers to flows, with their schemas.
#pragma once

#include "core/connectors/amazon/orders_requests.hpp"
#include "core/connectors/connection.hpp"

#include <span>

namespace carrick::amazon {

struct AmazonOperation {
    std::string_view name;
    Result<ApiRequest> (*build)(const Json& body, const RequestScope& scope);
};

/// Null for a name that no operation has.
[[nodiscard]] const AmazonOperation* find_operation(std::string_view name);

/// For `Connection::operations`.
[[nodiscard]] std::span<const connectors::Operation> described_operations();

}  // namespace carrick::amazon
