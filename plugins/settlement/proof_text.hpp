// SPDX-License-Identifier: Apache-2.0
// A proof for a terminal.
#pragma once

#include "plugins/shared/settlement/settlement_proof.hpp"

namespace carrick::plugins {

/// Verdict first, then what came in and went out, the journal, and what a person has to look at.
[[nodiscard]] std::string proof_text(const Settlement& settlement, const SettlementProof& proof);

}  // namespace carrick::plugins
