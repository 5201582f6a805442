// SPDX-License-Identifier: Apache-2.0
// The tables of the SQLite store and the steps that lead to them. Steps only go forward, and one
// that was released is never edited: its checksum stands in every database that took it.
#pragma once

#include "core/store/sqlite/sqlite_handle.hpp"

#include <filesystem>
#include <span>

namespace carrick::store::sqlite {

struct Migration {
    int version;      ///< 1, 2, 3 ... without gaps
    const char* sql;  ///< several statements
};

/// All steps of this program, oldest first.
[[nodiscard]] std::span<const Migration> migrations();

/// SHA-256 of a step's text, as hex.
[[nodiscard]] std::string checksum_of(const Migration& migration);

/// Brings a database up to the last of `steps`, each in its own transaction; an existing one is
/// first copied to `<file>.before-v<N>`. Nothing happens where it is up to date.
/// Errors (Failure): Misconfigured `store.newer`, `store.foreign`; Bug `store.migration_changed`.
void migrate(Connection& database, const std::filesystem::path& file,
             std::span<const Migration> steps);

/// For those who may not migrate: the database must be exactly at the last of `steps`.
/// Errors (Failure): as migrate, and Misconfigured `store.older`.
void require_current(Connection& database, const std::filesystem::path& file,
                     std::span<const Migration> steps);

}  // namespace carrick::store::sqlite
