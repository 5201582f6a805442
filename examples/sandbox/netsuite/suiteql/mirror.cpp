// SPDX-License-Identifier: Apache-2.0
// The SQLite side: tables, rows, pages of results.
#include "examples/sandbox/netsuite/suiteql/mirror.hpp"

#include "examples/sandbox/netsuite/filter.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"
#include "examples/sandbox/netsuite/suiteql/functions.hpp"
#include "examples/sandbox/netsuite/suiteql/oracle_dates.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

std::string quoted(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

std::string_view affinity(SqlType type) {
    return type == SqlType::Number ? "NUMERIC" : "TEXT";
}

/// SQLite writes a whole number held as a float as "40.0".
std::string without_point_zero(std::string text) {
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
}

/// A marked date as the user's preferences show it.
std::string shown_date(std::string_view marked, const Mirror::Settings& settings) {
    const Result<LocalDate> day = LocalDate::parse(marked.substr(1, 10));
    if (!day) return std::string(marked);
    std::string text = format_user_date(*day, settings.date_format);
    const std::string_view time = marked.substr(12);
    if (settings.dates_only || time == "00:00:00") return text;
    return text + " " + to_char(marked, "HH:MI AM").value_or("");
}

Cell read_cell(sqlite3_stmt* statement, int column, const Mirror::Settings& settings) {
    const int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL) return std::nullopt;
    const unsigned char* bytes = sqlite3_column_text(statement, column);
    std::string text(reinterpret_cast<const char*>(bytes),
                     static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    if (type == SQLITE_FLOAT) return without_point_zero(std::move(text));
    if (text.empty()) return std::nullopt;  // Oracle's empty text is null
    if (text.front() == kDateMark && text.size() == 20) return shown_date(text, settings);
    return text;
}

}  // namespace

Mirror::Mirror(const RecordStore& store, const Tables& tables) : store_(store), tables_(tables) {
    if (sqlite3_open_v2(":memory:", &database_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr) != SQLITE_OK)
        throw std::runtime_error("the sandbox cannot open an SQLite database in memory");
    // A name that is no column must be an error, not a text.
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    execute("PRAGMA case_sensitive_like = ON");
    register_functions(database_, store_, settings_);
    create_tables();
}

Mirror::~Mirror() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
}

void Mirror::execute(const std::string& sql) {
    char* message = nullptr;
    if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return;
    const std::string text = message != nullptr ? message : "unknown";
    sqlite3_free(message);
    throw std::runtime_error("the sandbox's SuiteQL mirror: " + text + " in " + sql);
}

sqlite3_stmt* Mirror::prepared(const std::string& sql) {
    sqlite3_stmt*& statement = statements_[sql];
    if (statement == nullptr &&
        sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        throw std::runtime_error("the sandbox's SuiteQL mirror: " +
                                 std::string(sqlite3_errmsg(database_)) + " in " + sql);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

void Mirror::create_tables() {
    for (const Table& table : tables_.all()) {
        std::string columns;
        for (const Column& column : table.columns)
            columns += (columns.empty() ? "" : ", ") + quoted(column.name) + " " +
                       std::string(affinity(column.type));
        execute("CREATE TABLE " + quoted(table.name) + " (" + columns + ")");
        execute("CREATE INDEX " + quoted("by_first_" + table.name) + " ON " + quoted(table.name) +
                " (" + quoted(table.columns.front().name) + ")");
        for (const char* column : {"externalid", "otherrefnum", "itemid", "entityid", "email",
                                   "custbody_celigo_etail_order_id", "custbody_fa_channel_order",
                                   "custbody_amz_order_id"})
            if (table.column(column) != nullptr)
                execute("CREATE INDEX " + quoted(table.name + "_" + column) + " ON " +
                        quoted(table.name) + " (" + quoted(column) + ")");
    }
    clear();
}

void Mirror::clear() {
    pending_.clear();
    for (const Table& table : tables_.all()) execute("DELETE FROM " + quoted(table.name));
    execute("INSERT INTO dual VALUES ('X')");
    for (const RecordType& type : store_.schema().types()) {
        const Field* status = type.family == "transaction" ? type.field("status") : nullptr;
        if (status == nullptr) continue;
        for (std::size_t i = 0; i < status->values.size(); ++i)
            insert(Row{tables_.find("transactionstatus"),
                       {status->values[i], type.code, status->labels[i],
                        type.title + " : " + status->labels[i]}});
    }
}

void Mirror::note(const std::string& family, std::int64_t id, const Record* record, UtcTime due) {
    pending_.push_back(
        {due, family, id, record != nullptr ? std::optional<Record>(*record) : std::nullopt});
}

void Mirror::catch_up(const Settings& settings) {
    if (settings.view != view_) {
        // Date-times are kept in the user's zone; another zone means other rows.
        view_ = settings.view;
        std::deque<Change> waiting = std::move(pending_);
        clear();
        for (const RecordType& type : store_.schema().types())
            for (const auto& [id, record] : store_.family(type.family)) {
                if (record.type != &type) continue;
                const bool waits = std::any_of(
                    waiting.begin(), waiting.end(), [&, &id = id](const Change& change) {
                        return change.id == id && change.family == type.family &&
                               change.due > settings.now;
                    });
                if (!waits)
                    for (const Row& row : tables_.rows_of(record, view_)) insert(row);
            }
        pending_ = std::move(waiting);
    }
    if (pending_.empty()) return;
    execute("BEGIN");
    std::deque<Change> later;
    for (Change& change : pending_) {
        if (change.due > settings.now)
            later.push_back(std::move(change));
        else
            apply(change);
    }
    pending_ = std::move(later);
    execute("COMMIT");
}

void Mirror::apply(const Change& change) {
    forget(change.family, change.id);
    if (!change.record) return;
    for (const Row& row : tables_.rows_of(*change.record, view_)) insert(row);
}

void Mirror::forget(const std::string& family, std::int64_t id) {
    for (const auto& [table, column] : Tables::homes_of(family)) {
        if (tables_.find(table) == nullptr) continue;
        sqlite3_stmt* statement =
            prepared("DELETE FROM " + quoted(table) + " WHERE " + quoted(column) + " = ?1");
        const std::int64_t key = table == "transactionshippingaddress"  ? id * 10 + 1
                                 : table == "transactionbillingaddress" ? id * 10 + 2
                                                                        : id;
        sqlite3_bind_int64(statement, 1, key);
        sqlite3_step(statement);
        sqlite3_reset(statement);
    }
}

void Mirror::insert(const Row& row) {
    assert(row.cells.size() == row.table->columns.size());
    std::string sql = "INSERT INTO " + quoted(row.table->name) + " VALUES (";
    for (std::size_t i = 0; i < row.cells.size(); ++i) sql += i == 0 ? "?" : ", ?";
    sqlite3_stmt* statement = prepared(sql + ")");
    for (std::size_t i = 0; i < row.cells.size(); ++i)
        if (row.cells[i] && !row.cells[i]->empty())
            sqlite3_bind_text(statement, static_cast<int>(i) + 1, row.cells[i]->data(),
                              static_cast<int>(row.cells[i]->size()), SQLITE_TRANSIENT);
    if (sqlite3_step(statement) != SQLITE_DONE)
        throw std::runtime_error("the sandbox's SuiteQL mirror: " +
                                 std::string(sqlite3_errmsg(database_)));
    sqlite3_reset(statement);
}

Result<Mirror::Answer> Mirror::run(const std::string& sql, const std::vector<Cell>& parameters,
                                   std::int64_t offset, std::int64_t limit,
                                   const Settings& settings) {
    settings_ = settings;
    catch_up(settings);
    sqlite3_stmt* statement = nullptr;
    const auto failed = [&]() -> Error {
        Error error = rejected("sandbox.sql", sqlite3_errmsg(database_));
        sqlite3_finalize(statement);
        return error;
    };
    if (sqlite3_prepare_v2(database_, sql.c_str(), static_cast<int>(sql.size()), &statement,
                           nullptr) != SQLITE_OK)
        return failed();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Cell& cell = parameters[i];
        if (cell && !cell->empty())
            sqlite3_bind_text(statement, static_cast<int>(i) + 1, cell->data(),
                              static_cast<int>(cell->size()), SQLITE_TRANSIENT);
    }
    Answer answer;
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i)
        answer.names.push_back(lower(sqlite3_column_name(statement, i)));
    for (;;) {
        const int step = sqlite3_step(statement);
        if (step == SQLITE_DONE) break;
        if (step != SQLITE_ROW) return failed();
        if (answer.total >= offset && answer.total < offset + limit) {
            std::vector<Cell> row;
            for (int i = 0; i < columns; ++i) row.push_back(read_cell(statement, i, settings));
            answer.rows.push_back(std::move(row));
        }
        ++answer.total;
    }
    sqlite3_finalize(statement);
    return answer;
}

}  // namespace carrick::sandbox::netsuite::suiteql
