// SPDX-License-Identifier: Apache-2.0
// A proof as JSON: the words that scripts and other programs rely on.
#pragma once

#include "plugins/shared/settlement/settlement_proof.hpp"

#include <carrick/sdk/json.hpp>

namespace carrick::plugins {

/// Amounts are decimal texts with a point. `by_type`: "transaction-type|amount-type|description" as
/// the file spells them; `by_marketplace`: as the file states it, "" where it states none;
/// `by_marketplace_assigned`: by the store's code. Settlements without a total have no
/// `header_total`.
[[nodiscard]] Json proof_json(const Settlement& settlement, const SettlementProof& proof);

[[nodiscard]] std::string_view text_of(Holds holds);

}  // namespace carrick::plugins
