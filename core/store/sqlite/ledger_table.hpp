// SPDX-License-Identifier: Apache-2.0
// The ledger: entries appended in the order of commits, found through a table of 64-bit hashes.
// A hash as integer key costs half of what a text key does, and sorting a commit's keys by hash
// lets neighbours share a dirty page.
#pragma once

#include "core/store/sqlite/sqlite_handle.hpp"
#include "core/store/store.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace carrick::store::sqlite {

/// The hash of (instance, key). Stored in every database: it never changes. Tests pass another one
/// to force collisions.
using LedgerHash = std::uint64_t (*)(InstanceNumber instance, std::string_view key);
[[nodiscard]] std::uint64_t ledger_hash(InstanceNumber instance, std::string_view key);

/// Inserts or replaces; of two entries with the same key in one call the later wins.
void put_ledger(Connection& database, LedgerHash hash, InstanceNumber instance,
                std::span<const LedgerEntry> entries);

/// In the order asked; what is not there comes empty.
[[nodiscard]] std::vector<std::optional<LedgerEntry>> find_ledger(
    Connection& database, LedgerHash hash, InstanceNumber instance,
    std::span<const std::string> keys);

/// Deletes up to `limit` entries that newer ones replaced; returns how many.
std::int64_t free_superseded(Connection& database, std::int64_t limit);

}  // namespace carrick::store::sqlite
