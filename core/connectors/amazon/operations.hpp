// SPDX-License-Identifier: Apache-2.0
// The operations that an Amazon connection offers to flows, with their schemas.
#pragma once

#include "core/connectors/amazon/api_request.hpp"
#include "core/connectors/connection.hpp"

#include <span>

namespace carrick::amazon {

/// The one operation that fetches a document.
inline constexpr std::string_view kOpenReport = "amazon.reports.open";

struct AmazonOperation {
    std::string_view name;
    Result<ApiRequest> (*build)(const Json& body, const RequestScope& scope);
};

/// Null for a name that no operation has, and for the one that fetches a document.
[[nodiscard]] const AmazonOperation* find_operation(std::string_view name);

/// For `Connection::operations`.
[[nodiscard]] std::span<const connectors::Operation> described_operations();

}  // namespace carrick::amazon
