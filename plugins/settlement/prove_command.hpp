// SPDX-License-Identifier: Apache-2.0
// carrick settlement prove.
#pragma once

#include <carrick/sdk/command.hpp>

namespace carrick::plugins {

/// Exit codes: 0 proven (also with suspense or open items, which are listed), 1 an identity that
/// proves the settlement fails or the chain between the files breaks, 2 no settlement, one that
/// cannot be read, or arguments that make no sense.
[[nodiscard]] int prove_settlements(sdk::CommandIo& io, const Json& arguments);

}  // namespace carrick::plugins
