// SPDX-License-Identifier: Apache-2.0
// DryRunStore: lets an engine run over a real store's state without changing it. Reads come from
// below, what the run itself produces is kept in memory and forgotten.
#pragma once

#include "core/store/store.hpp"

#include <memory>

namespace carrick::engine {

/// `beneath` is borrowed and never written to.
[[nodiscard]] std::unique_ptr<store::Store> make_dry_run_store(store::Store& beneath);

}  // namespace carrick::engine
