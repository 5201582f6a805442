// SPDX-License-Identifier: Apache-2.0
// BatchPlan: which requests of one call travel together.
#pragma once

#include "core/connectors/netsuite/batch.hpp"

#include <span>

namespace carrick::connectors::netsuite {

inline constexpr std::size_t kAutoBatch = 20;

struct BatchPlan {
    std::vector<Batch> batches;
    std::vector<std::vector<std::size_t>> members;  ///< per batch: request of each item
    std::vector<std::size_t> singles;               ///< the rest, in the order of the call
};

/// Groups creates of one record type, and upserts of one record type, into batches of up to
/// kMostInBatch records and about 8 MiB. By themselves stay
///   - all with WriteMode::Single; with Auto upserts, and creates where a type has fewer than
///     kAutoBatch;
///   - what would be a batch of one;
///   - upserts with `replace`: nothing says that a batch knows it, and without it lines double;
///   - requests that are wrong, which get their answer from the single operation;
///   - a second request for the same external id.
[[nodiscard]] BatchPlan plan_batches(std::span<const Request> requests, WriteMode mode);

}  // namespace carrick::connectors::netsuite
