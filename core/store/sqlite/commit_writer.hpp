// SPDX-License-Identifier: Apache-2.0
// Writes one Commit inside a transaction that its caller opened and will end.
#pragma once

#include "core/store/sqlite/channel_pages.hpp"
#include "core/store/sqlite/ledger_table.hpp"

namespace carrick::store::sqlite {

struct CommitRules {
    LedgerHash hash = ledger_hash;
    Milliseconds payload_life{0};  ///< 0 = payloads do not expire
};

/// Order inside a commit: append, cursors, open records settled then put, attempts settled then
/// put, ledger, links, errors resolved then added, run, buckets.
/// Errors (Failure, all Bug): `store.fenced` stale sequence; `store.unknown_instance`;
/// `store.cursor` a cursor that nobody subscribed, goes back or passes the end of its channel;
/// `store.unknown_record` an open record without a body to refer to; `store.unknown_run`.
[[nodiscard]] Receipt write_commit(Connection& database, const Commit& commit,
                                   const CommitRules& rules);

}  // namespace carrick::store::sqlite
