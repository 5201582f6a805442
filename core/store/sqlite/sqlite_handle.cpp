// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/sqlite_handle.hpp"

namespace carrick::store::sqlite {

Error error_of(int code, std::string_view doing, std::string_view detail, std::string_view file) {
    // SQLite's detail is often its text for the code once more.
    const std::string_view general = sqlite3_errstr(code);
    const std::string what =
        std::string(doing) + ": " + std::string(general) +
        (detail.empty() || detail == general ? std::string() : " (" + std::string(detail) + ")");
    const std::string place = file.empty() ? std::string("its disk") : std::string(file);
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return transient("store.busy", what + "; another process holds the database");
        case SQLITE_FULL:
            return transient("store.full", what + "; free space at " + place +
                                               "; nothing was written, and nothing is lost");
        case SQLITE_NOMEM: return transient("store.memory", what);
        case SQLITE_IOERR:
            return transient("store.io",
                             what + "; look at " + place +
                                 ": its disk, the space left on it, the limit on the size of "
                                 "files; nothing was written, and nothing is lost");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return bug("store.corrupt", what +
                                            "; restore the latest backup and keep this file "
                                            "as evidence");
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_READONLY:
        case SQLITE_AUTH:
            return misconfigured("store.cannot_open",
                                 what + "; check that its folder exists and may be written");
        default: return bug("store.sqlite", what);
    }
}

namespace {

[[noreturn]] void fail(sqlite3* database, int code, std::string_view doing) {
    const char* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
    throw Failure(error_of(code, doing, database == nullptr ? "" : sqlite3_errmsg(database),
                           file == nullptr ? "" : file));
}

}  // namespace

// ---- Query ----

void Query::check(int code) const {
    if (code != SQLITE_OK) fail(database_, code, "binding a value");
}

bool Query::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail(database_, sqlite3_extended_errcode(database_), "the store's database");
}

std::string_view Query::bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

void Query::bind_integer(int position, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, position, value));
}

void Query::bind_text(int position, std::string_view value) {
    const char* data = value.data() == nullptr ? "" : value.data();
    check(sqlite3_bind_text64(statement_, position, data, value.size(), SQLITE_TRANSIENT,
                              SQLITE_UTF8));
}

void Query::bind_blob(int position, std::string_view value) {
    const char* data = value.data() == nullptr ? "" : value.data();
    check(sqlite3_bind_blob64(statement_, position, data, value.size(), SQLITE_STATIC));
}

// ---- Connection ----

Connection::Connection(const std::string& file, int flags) {
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &database, flags, nullptr);
    database_.reset(database);
    if (code != SQLITE_OK) fail(database, code, "opening " + file);
    sqlite3_extended_result_codes(database, 1);
}

sqlite3_stmt* Connection::prepared(Sql sql) {
    std::unique_ptr<sqlite3_stmt, Finalize>& slot = statements_[sql.text];
    if (!slot) {
        sqlite3_stmt* statement = nullptr;
        const int code = sqlite3_prepare_v3(handle(), sql.text, -1, SQLITE_PREPARE_PERSISTENT,
                                            &statement, nullptr);
        if (code != SQLITE_OK) fail(handle(), code, "preparing a statement");
        slot.reset(statement);
    }
    // A statement that still runs would be restarted under its user's feet.
    if (sqlite3_stmt_busy(slot.get()) != 0)
        throw Failure(bug("store.statement_busy", "a prepared statement is used twice at once"));
    return slot.get();
}

void Connection::script(const std::string& sql) {
    const int code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(handle(), code, "the store's database");
}

std::string Connection::read_part(const char* table, const char* column, std::int64_t row,
                                  std::int64_t offset, std::int64_t length) {
    if (length == 0) return {};
    sqlite3_blob* opened = nullptr;
    int code = sqlite3_blob_open(handle(), "main", table, column, row, 0, &opened);
    const std::unique_ptr<sqlite3_blob, CloseBlob> blob(opened);
    if (code != SQLITE_OK) fail(handle(), code, "reading a payload");
    const std::int64_t size = sqlite3_blob_bytes(blob.get());
    if (offset < 0 || length < 0 || offset > size || length > size - offset)
        throw Failure(error_of(SQLITE_CORRUPT, "reading payload " + std::to_string(row),
                               "a record's body lies outside it"));
    std::string part(static_cast<std::size_t>(length), '\0');
    code = sqlite3_blob_read(blob.get(), part.data(), static_cast<int>(length),
                             static_cast<int>(offset));
    if (code != SQLITE_OK) fail(handle(), code, "reading a payload");
    return part;
}

// ---- Transaction ----

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
    if (kind == Kind::Write)
        connection_.run("BEGIN IMMEDIATE");
    else
        connection_.run("BEGIN");
}

Transaction::~Transaction() {
    // After some errors (a full disk) SQLite has rolled back already.
    if (!open_ || sqlite3_get_autocommit(connection_.handle()) != 0) return;
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    connection_.run("COMMIT");
    open_ = false;
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
    // Outside of a transaction it would be one of its own, and true alone.
    if (sqlite3_get_autocommit(connection_.handle()) != 0)
        throw Failure(transient("store.rolled_back",
                                "the store took back a transaction after an earlier failure; "
                                "nothing was written"));
    connection_.run("SAVEPOINT part");
}

Savepoint::~Savepoint() {
    if (!open_ || sqlite3_get_autocommit(connection_.handle()) != 0) return;
    const int code = sqlite3_exec(connection_.handle(), "ROLLBACK TO part; RELEASE part", nullptr,
                                  nullptr, nullptr);
    // Half of a part must not become true with the parts beside it: then none does.
    if (code != SQLITE_OK)
        sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Savepoint::release() {
    connection_.run("RELEASE part");
    open_ = false;
}

}  // namespace carrick::store::sqlite
