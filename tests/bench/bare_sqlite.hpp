// SPDX-License-Identifier: Apache-2.0
// The baseline of the engine's benchmark: the least that a program of a few lines can do to keep
// the same rows in SQLite, in the same transactions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::bench {

struct BareRow {
    std::string key;
    std::int64_t version = 0;
    std::string body;
};

/// WAL, synchronous=FULL, prepared statements, a row a record. Ends the program on any error.
class BareSqlite {
public:
    explicit BareSqlite(const std::filesystem::path& file);
    ~BareSqlite();
    BareSqlite(const BareSqlite&) = delete;
    BareSqlite& operator=(const BareSqlite&) = delete;

    /// One transaction: the rows at the end of a log, and the checkpoint of who read them.
    void append(int log, const std::vector<BareRow>& rows);
    /// One transaction: reads the next rows of a log, appends them to `next` (0 = nowhere), enters
    /// each into the ledger if told so, moves the cursor. How many there were.
    std::size_t pass(int log, int next, std::size_t limit, bool with_ledger);
    /// Keys in rising order, so that this is quick.
    void fill_ledger(const std::vector<std::string>& sorted_keys);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace carrick::bench
