// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/ledger_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

namespace carrick::store::sqlite {

namespace {

// Keys of one chain stand at consecutive numbers, wrapping at the end; rows are never deleted, so
// the first free number ends a search.
std::int64_t next_slot(std::int64_t slot) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(slot) + 1);
}

struct Slot {
    std::int64_t number = 0;
    std::int64_t entry = 0;  ///< 0 = free
};

Slot find_slot(Connection& database, std::int64_t start, InstanceNumber instance,
               std::string_view key) {
    for (std::int64_t number = start;; number = next_slot(number)) {
        Query row = database.query(
            "SELECT k.entry, e.instance, e.key FROM ledger_key k JOIN ledger_entry e "
            "ON e.id = k.entry WHERE k.hash = ?1",
            number);
        if (!row.next()) return {number, 0};
        if (row.integer(1) == instance && row.bytes(2) == key) return {number, row.integer(0)};
    }
}

std::optional<LedgerEntry> find_entry(Connection& database, std::int64_t start,
                                      InstanceNumber instance, std::string_view key) {
    for (std::int64_t number = start;; number = next_slot(number)) {
        Query row = database.query(
            "SELECT e.instance, e.key, e.version, e.rank, e.target_ids, e.hash FROM ledger_key k "
            "JOIN ledger_entry e ON e.id = k.entry WHERE k.hash = ?1",
            number);
        if (!row.next()) return std::nullopt;
        if (row.integer(0) != instance || row.bytes(1) != key) continue;
        LedgerEntry entry;
        entry.key = key;
        entry.version = UtcTime(row.integer(2));
        entry.stream_rank = row.small(3);
        entry.target_ids = row.text(4);
        const std::string_view bytes = row.bytes(5);
        std::memcpy(entry.content_hash.data(), bytes.data(),
                    std::min(bytes.size(), entry.content_hash.size()));
        return entry;
    }
}

std::string_view bytes_of(const ContentHash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::int64_t append_entry(Connection& database, InstanceNumber instance, const LedgerEntry& entry) {
    database.run(
        "INSERT INTO ledger_entry(instance, key, version, hash, rank, target_ids) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        instance, entry.key, entry.version.milliseconds(), Blob{bytes_of(entry.content_hash)},
        entry.stream_rank, entry.target_ids);
    return database.last_id();
}

}  // namespace

// FNV-1a with the finalizer of MurmurHash3, so that all bits of short keys matter.
std::uint64_t ledger_hash(InstanceNumber instance, std::string_view key) {
    constexpr std::uint64_t kPrime = 0x100000001b3;
    std::uint64_t hash = 0xcbf29ce484222325;
    for (int shift = 0; shift < 64; shift += 8)
        hash = (hash ^ (static_cast<std::uint64_t>(instance) >> shift & 0xff)) * kPrime;
    for (const char letter : key) hash = (hash ^ static_cast<std::uint8_t>(letter)) * kPrime;
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
    return hash ^ hash >> 33;
}

void put_ledger(Connection& database, LedgerHash hash, InstanceNumber instance,
                std::span<const LedgerEntry> entries) {
    std::vector<std::pair<std::int64_t, const LedgerEntry*>> sorted;
    sorted.reserve(entries.size());
    for (const LedgerEntry& entry : entries)
        sorted.emplace_back(std::bit_cast<std::int64_t>(hash(instance, entry.key)), &entry);
    // Stable: of equal keys the later one is written last and wins.
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [start, entry] : sorted) {
        const Slot slot = find_slot(database, start, instance, entry->key);
        const std::int64_t id = append_entry(database, instance, *entry);
        if (slot.entry == 0) {
            database.run("INSERT INTO ledger_key(hash, entry) VALUES(?1, ?2)", slot.number, id);
            continue;
        }
        database.run("UPDATE ledger_key SET entry = ?2 WHERE hash = ?1", slot.number, id);
        database.run("INSERT INTO ledger_superseded(entry) VALUES(?1)", slot.entry);
    }
}

std::vector<std::optional<LedgerEntry>> find_ledger(Connection& database, LedgerHash hash,
                                                    InstanceNumber instance,
                                                    std::span<const std::string> keys) {
    std::vector<std::pair<std::int64_t, std::size_t>> sorted;
    sorted.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
        sorted.emplace_back(std::bit_cast<std::int64_t>(hash(instance, keys[i])), i);
    // In the order of the table: each of its pages is read once.
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::optional<LedgerEntry>> found(keys.size());
    for (const auto& [start, at] : sorted)
        found[at] = find_entry(database, start, instance, keys[at]);
    return found;
}

std::int64_t free_superseded(Connection& database, std::int64_t limit) {
    database.run(
        "DELETE FROM ledger_entry WHERE id IN (SELECT entry FROM ledger_superseded ORDER BY id "
        "LIMIT ?1)",
        limit);
    return database.run(
        "DELETE FROM ledger_superseded WHERE id IN (SELECT id FROM ledger_superseded ORDER BY id "
        "LIMIT ?1)",
        limit);
}

}  // namespace carrick::store::sqlite
