// SPDX-License-Identifier: Apache-2.0
// createRestrictedDataToken: which resources a token may be bound to. Source: amazon.md A.5.
#pragma once

#include "examples/sandbox/amazon/lwa.hpp"

namespace carrick::sandbox {

/// The resources of the request's body. Errors: `InvalidInput` with the message for the 400.
[[nodiscard]] Result<std::vector<RestrictedResource>> read_restricted_resources(
    const Request& request);

}  // namespace carrick::sandbox
