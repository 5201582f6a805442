// SPDX-License-Identifier: Apache-2.0
// What may be forgotten: pages that everybody has settled, bodies past their expiry, ledger
// entries that newer ones replaced.
#pragma once

#include "core/store/sqlite/sqlite_handle.hpp"
#include "core/store/store.hpp"

namespace carrick::store::sqlite {

/// One bounded slice of work inside the caller's transaction.
struct Slice {
    std::int64_t records = 0;  ///< freed from channels
    bool more = false;         ///< call again
};

[[nodiscard]] Slice free_channel_pages(Connection& database, UtcTime older_than);
[[nodiscard]] Slice purge_payloads(Connection& database, UtcTime now);

}  // namespace carrick::store::sqlite
