// SPDX-License-Identifier: Apache-2.0
// Mirror: the account's records as tables in an SQLite database in memory.
#pragma once

#include "examples/sandbox/netsuite/suiteql/tables.hpp"

#include <carrick/sdk/result.hpp>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace carrick::sandbox::netsuite::suiteql {

/// Follows a store. A change waits until its time has come, then shows at the next query: this is
/// SuiteQL's delay behind writes. Not thread-safe: the service locks it.
class Mirror {
public:
    Mirror(const RecordStore& store, const Tables& tables);
    ~Mirror();
    Mirror(const Mirror&) = delete;
    Mirror& operator=(const Mirror&) = delete;

    /// The store's news: a record as it is now (nullptr: deleted), to be shown from `due` on.
    void note(const std::string& family, std::int64_t id, const Record* record, UtcTime due);
    /// Empties the tables; the store's records come again through `note`.
    void clear();

    struct Answer {
        std::vector<std::string> names;
        std::vector<std::vector<Cell>> rows;  ///< those of the page
        std::int64_t total = 0;
    };
    struct Settings {
        UtcTime now;
        View view{};
        std::string date_format;
        bool dates_only = true;  ///< unformatted date-times lose their time
    };
    /// Runs SQLite's text. Errors: `sandbox.sql` with SQLite's words.
    [[nodiscard]] Result<Answer> run(const std::string& sql, const std::vector<Cell>& parameters,
                                     std::int64_t offset, std::int64_t limit,
                                     const Settings& settings);

private:
    struct Change {
        UtcTime due;
        std::string family;
        std::int64_t id;
        std::optional<Record> record;
    };
    void catch_up(const Settings& settings);
    void apply(const Change& change);
    void forget(const std::string& family, std::int64_t id);
    void insert(const Row& row);
    void execute(const std::string& sql);
    [[nodiscard]] sqlite3_stmt* prepared(const std::string& sql);
    void create_tables();

    const RecordStore& store_;
    const Tables& tables_;
    sqlite3* database_ = nullptr;
    std::map<std::string, sqlite3_stmt*> statements_;
    std::deque<Change> pending_;
    View view_;
    Settings settings_;
};

}  // namespace carrick::sandbox::netsuite::suiteql
