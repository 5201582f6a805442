// SPDX-License-Identifier: Apache-2.0
// What may be forgotten: pages that everybody has settled, bodies past their expiry, ledger
// entries that newer ones replaced, and settled history.
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

/// Up to `limit` rows each; returns how many went. What a run counted is added to `past_run`.
[[nodiscard]] std::int64_t forget_errors(Connection& database, UtcTime before, std::size_t limit);
[[nodiscard]] std::int64_t forget_runs(Connection& database, UtcTime before, std::size_t limit);
[[nodiscard]] std::int64_t forget_requests(Connection& database, UtcTime before, std::size_t limit);

}  // namespace carrick::store::sqlite
