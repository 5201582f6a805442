// SPDX-License-Identifier: Apache-2.0
// A folder of its own for each test's database, and a second look at the file with plain SQL.
#pragma once

#include "core/store/sqlite/sqlite_handle.hpp"
#include "core/store/sqlite/sqlite_store.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace carrick::store::testing {

class StoreFolder {
public:
    StoreFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "carrick-store-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    ~StoreFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    StoreFolder(const StoreFolder&) = delete;
    StoreFolder& operator=(const StoreFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path database() const { return path_ / "carrick.db"; }
    [[nodiscard]] SqliteOptions options() const {
        SqliteOptions options;
        options.path = database();
        return options;
    }

private:
    std::filesystem::path path_;
};

inline std::unique_ptr<Store> open_store(const SqliteOptions& options) {
    Result<std::unique_ptr<Store>> store = open_sqlite_store(options);
    if (!store) FAIL(store.error().code << ": " << store.error().message);
    return std::move(store).value();
}

inline std::unique_ptr<Store> open_store(const std::filesystem::path& database) {
    SqliteOptions options;
    options.path = database;
    return open_store(options);
}

/// The first column of the first row, as text; "" where there is none.
inline std::string look(const std::filesystem::path& database, const std::string& sql) {
    sqlite::Connection connection(database.string(), SQLITE_OPEN_READWRITE);
    std::string answer;
    const auto take = [](void* out, int, char** values, char**) {
        if (static_cast<std::string*>(out)->empty() && values[0] != nullptr)
            *static_cast<std::string*>(out) = values[0];
        return 0;
    };
    REQUIRE(sqlite3_exec(connection.handle(), sql.c_str(), take, &answer, nullptr) == SQLITE_OK);
    return answer;
}

}  // namespace carrick::store::testing
