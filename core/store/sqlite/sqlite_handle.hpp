// SPDX-License-Identifier: Apache-2.0
// RAII over sqlite3* and sqlite3_stmt*: a connection with its prepared statements, a running
// query, a transaction. Inside this module failures travel as `Failure`; the store turns them into
// results at its edge.
#pragma once

#include <carrick/sdk/result.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

namespace carrick::store::sqlite {

/// An error on its way to the edge of the module.
class Failure final : public std::exception {
public:
    explicit Failure(Error error) : error_(std::move(error)) {}
    [[nodiscard]] const char* what() const noexcept override { return error_.message.c_str(); }
    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
};

/// The house's error for a SQLite result code; `doing` says what was attempted.
[[nodiscard]] Error error_of(int code, std::string_view doing, std::string_view detail,
                             std::string_view file = {});

/// SQL that is a literal, so that its address may name the prepared statement.
struct Sql {
    const char* text;
    // NOLINTNEXTLINE(google-explicit-constructor): reads as plain SQL at the call
    consteval Sql(const char* literal) : text(literal) {}
};

/// Bytes that the caller keeps alive until the query is over. Text, in contrast, is copied.
struct Blob {
    std::string_view bytes;
};

/// One execution of a prepared statement; gives it back when it goes out of scope.
class Query {
public:
    template <class... Values>
    Query(sqlite3* database, sqlite3_stmt* statement, const Values&... values)
        : database_(database), statement_(statement) {
        int position = 0;
        (bind_one(++position, values), ...);
    }
    ~Query() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    /// Steps to the next row. Errors: throws Failure.
    [[nodiscard]] bool next();
    void run_to_end() {
        while (next()) {
        }
    }

    [[nodiscard]] std::int64_t integer(int column) const {
        return sqlite3_column_int64(statement_, column);
    }
    [[nodiscard]] int small(int column) const { return sqlite3_column_int(statement_, column); }
    [[nodiscard]] bool is_null(int column) const {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    /// Valid until the next step.
    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }

private:
    template <class Value>
    void bind_one(int position, const Value& value) {
        if constexpr (std::is_same_v<Value, Blob>)
            bind_blob(position, value.bytes);
        else if constexpr (std::is_enum_v<Value> || std::is_integral_v<Value>)
            bind_integer(position, static_cast<std::int64_t>(value));
        else
            bind_text(position, value);
    }
    void bind_integer(int position, std::int64_t value);
    void bind_text(int position, std::string_view value);
    void bind_blob(int position, std::string_view value);
    void check(int code) const;

    sqlite3* database_;
    sqlite3_stmt* statement_;
};

/// One connection. Not thread-safe: whoever uses it holds it alone.
class Connection {
public:
    /// Opens `file` with sqlite3_open_v2 `flags`. Errors: throws Failure.
    Connection(const std::string& file, int flags);

    template <class... Values>
    [[nodiscard]] Query query(Sql sql, const Values&... values) {
        return Query(handle(), prepared(sql), values...);
    }
    /// Runs to the end and returns how many rows it changed.
    template <class... Values>
    std::int64_t run(Sql sql, const Values&... values) {
        Query query(handle(), prepared(sql), values...);
        query.run_to_end();
        return sqlite3_changes64(handle());
    }
    /// The first column of the first row.
    template <class... Values>
    [[nodiscard]] std::optional<std::int64_t> integer(Sql sql, const Values&... values) {
        Query query(handle(), prepared(sql), values...);
        if (!query.next()) return std::nullopt;
        return query.integer(0);
    }
    /// Several statements without parameters; not kept.
    void script(const std::string& sql);
    [[nodiscard]] std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle()); }
    /// Reads a part of a blob without loading the whole. The row must exist and not be NULL there.
    [[nodiscard]] std::string read_part(const char* table, const char* column, std::int64_t row,
                                        std::int64_t offset, std::int64_t length);
    [[nodiscard]] sqlite3* handle() const { return database_.get(); }
    [[nodiscard]] sqlite3_stmt* prepared(Sql sql);

private:
    struct CloseDatabase {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    struct CloseBlob {
        void operator()(sqlite3_blob* blob) const { sqlite3_blob_close(blob); }
    };

    std::unique_ptr<sqlite3, CloseDatabase> database_;
    std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

/// Rolls back unless `commit` was called and succeeded.
class Transaction {
public:
    enum class Kind { Read, Write };
    Transaction(Connection& connection, Kind kind);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

/// A part of the open write transaction that can fail alone: taken back unless `release` was
/// called. Errors: throws Failure, also where SQLite has ended the transaction by itself.
class Savepoint {
public:
    explicit Savepoint(Connection& connection);
    ~Savepoint();
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    void release();

private:
    Connection& connection_;
    bool open_ = true;
};

}  // namespace carrick::store::sqlite
