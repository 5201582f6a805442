// SPDX-License-Identifier: Apache-2.0
// The embedded store: one SQLite file beside the engine, nothing to install.
#pragma once

#include "core/store/store.hpp"

#include <filesystem>
#include <memory>

namespace carrick::store {

struct SqliteOptions {
    /// The database; its folder is made where it is missing. ":memory:" for tests.
    std::filesystem::path path;
    /// For a command beside a running engine: reads, and posts requests. It takes no lock and gets
    /// no epoch; every other write is refused (Bug `store.read_only`).
    bool read_only_peer = false;
    /// How long to wait for another process that writes.
    Milliseconds busy_timeout{5000};
    /// Bodies are purged this long after the commit that stored them; 0 = never by age.
    Milliseconds payload_life{0};
    /// Largest size of the database in pages of 4 KiB; 0 = as large as the disk. Tests fill it.
    std::int64_t maximum_pages = 0;
    /// The hash of a ledger key; null = the store's own. Tests force collisions with it; a
    /// database must always be opened with the same one.
    std::uint64_t (*ledger_hash)(InstanceNumber instance, std::string_view key) = nullptr;

    [[nodiscard]] bool in_memory() const { return path == ":memory:"; }
};

/// Opens the store, making or upgrading it. An engine gets the next epoch and keeps every other
/// engine out until the store is destroyed.
/// Errors  Misconfigured  `store.locked` another engine runs on it; `store.newer` made by a newer
///                        program; `store.older` (peer) the engine must upgrade it first;
///                        `store.foreign` not ours; `store.network_file_system`;
///                        `store.cannot_open`.
///         Transient      `store.busy`, `store.full`, `store.io`.
///         Bug            `store.corrupt`; `store.migration_changed`.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

}  // namespace carrick::store
