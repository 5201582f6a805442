// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bare_sqlite.hpp"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace carrick::bench {

namespace {

constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
CREATE TABLE log(log INTEGER, seq INTEGER, type TEXT, origin TEXT, partition TEXT, key TEXT,
                 version INTEGER, hash BLOB, body TEXT, PRIMARY KEY(log, seq)) WITHOUT ROWID;
CREATE TABLE cursor(log INTEGER PRIMARY KEY, seq INTEGER);
CREATE TABLE ledger(key TEXT PRIMARY KEY, version INTEGER, hash BLOB, target TEXT) WITHOUT ROWID;
)sql";

[[noreturn]] void fail(sqlite3* database) {
    std::fprintf(stderr, "bare SQLite: %s\n", sqlite3_errmsg(database));
    std::exit(1);
}

}  // namespace

struct BareSqlite::Impl {
    sqlite3* database = nullptr;
    sqlite3_stmt* insert = nullptr;
    sqlite3_stmt* select = nullptr;
    sqlite3_stmt* cursor = nullptr;
    sqlite3_stmt* find = nullptr;
    sqlite3_stmt* enter = nullptr;
    std::int64_t ends[4] = {0, 0, 0, 0};
    std::int64_t cursors[4] = {0, 0, 0, 0};
    const std::string hash = std::string(16, 'h');

    void script(const char* text) {
        if (sqlite3_exec(database, text, nullptr, nullptr, nullptr) != SQLITE_OK) fail(database);
    }
    sqlite3_stmt* prepare(const char* text) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v2(database, text, -1, &made, nullptr) != SQLITE_OK) fail(database);
        return made;
    }
    void step(sqlite3_stmt* statement) {
        if (sqlite3_step(statement) != SQLITE_DONE) fail(database);
        sqlite3_reset(statement);
    }
    static void bind(sqlite3_stmt* statement, int at, std::string_view text) {
        sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
    void append(int log, std::string_view key, std::int64_t version, std::string_view body) {
        sqlite3_bind_int64(insert, 1, log);
        sqlite3_bind_int64(insert, 2, ++ends[log]);
        bind(insert, 3, "bench.record/1");
        bind(insert, 4, "NA1");
        bind(insert, 5, "US");
        bind(insert, 6, key);
        sqlite3_bind_int64(insert, 7, version);
        sqlite3_bind_blob(insert, 8, hash.data(), static_cast<int>(hash.size()), SQLITE_STATIC);
        bind(insert, 9, body);
        step(insert);
    }
    void enter_key(std::string_view key, std::int64_t version) {
        bind(enter, 1, key);
        sqlite3_bind_int64(enter, 2, version);
        sqlite3_bind_blob(enter, 3, hash.data(), static_cast<int>(hash.size()), SQLITE_STATIC);
        bind(enter, 4, R"({"salesOrder":"1234567"})");
        step(enter);
    }
    void move_cursor(int log, std::int64_t to) {
        sqlite3_bind_int64(cursor, 1, log);
        sqlite3_bind_int64(cursor, 2, to);
        step(cursor);
    }
};

BareSqlite::BareSqlite(const std::filesystem::path& file) : impl_(std::make_unique<Impl>()) {
    if (sqlite3_open(file.c_str(), &impl_->database) != SQLITE_OK) fail(impl_->database);
    impl_->script(kSchema);
    impl_->insert = impl_->prepare("INSERT INTO log VALUES(?,?,?,?,?,?,?,?,?)");
    impl_->select = impl_->prepare(
        "SELECT key, version, body FROM log WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?");
    impl_->cursor = impl_->prepare("INSERT OR REPLACE INTO cursor VALUES(?,?)");
    impl_->find = impl_->prepare("SELECT version FROM ledger WHERE key = ?");
    impl_->enter = impl_->prepare("INSERT OR REPLACE INTO ledger VALUES(?,?,?,?)");
}

BareSqlite::~BareSqlite() {
    for (sqlite3_stmt* statement :
         {impl_->insert, impl_->select, impl_->cursor, impl_->find, impl_->enter})
        sqlite3_finalize(statement);
    sqlite3_close(impl_->database);
}

void BareSqlite::append(int log, const std::vector<BareRow>& rows) {
    impl_->script("BEGIN IMMEDIATE");
    for (const BareRow& row : rows) impl_->append(log, row.key, row.version, row.body);
    impl_->move_cursor(0, impl_->ends[log]);  // the source's checkpoint
    impl_->script("COMMIT");
}

std::size_t BareSqlite::pass(int log, int next, std::size_t limit, bool with_ledger) {
    std::vector<BareRow> rows;
    rows.reserve(limit);
    sqlite3_bind_int64(impl_->select, 1, log);
    sqlite3_bind_int64(impl_->select, 2, impl_->cursors[log]);
    sqlite3_bind_int64(impl_->select, 3, static_cast<std::int64_t>(limit));
    const auto text = [&](int column) {
        return std::string(
            reinterpret_cast<const char*>(sqlite3_column_text(impl_->select, column)),
            static_cast<std::size_t>(sqlite3_column_bytes(impl_->select, column)));
    };
    while (sqlite3_step(impl_->select) == SQLITE_ROW)
        rows.push_back({text(0), sqlite3_column_int64(impl_->select, 1), text(2)});
    sqlite3_reset(impl_->select);
    if (rows.empty()) return 0;

    impl_->script("BEGIN IMMEDIATE");
    for (const BareRow& row : rows) {
        if (next != 0) impl_->append(next, row.key, row.version, row.body);
        if (!with_ledger) continue;
        Impl::bind(impl_->find, 1, row.key);
        if (sqlite3_step(impl_->find) == SQLITE_ROW &&
            sqlite3_column_int64(impl_->find, 0) >= row.version)
            fail(impl_->database);
        sqlite3_reset(impl_->find);
        impl_->enter_key(row.key, row.version);
    }
    impl_->cursors[log] += static_cast<std::int64_t>(rows.size());
    impl_->move_cursor(log, impl_->cursors[log]);
    impl_->script("COMMIT");
    return rows.size();
}

void BareSqlite::fill_ledger(const std::vector<std::string>& sorted_keys) {
    constexpr std::size_t kPage = 10'000;
    for (std::size_t i = 0; i < sorted_keys.size(); ++i) {
        if (i % kPage == 0) impl_->script("BEGIN IMMEDIATE");
        impl_->enter_key(sorted_keys[i], 1);
        if (i % kPage == kPage - 1 || i + 1 == sorted_keys.size()) impl_->script("COMMIT");
    }
}

}  // namespace carrick::bench
