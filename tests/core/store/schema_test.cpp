// SPDX-License-Identifier: Apache-2.0
// Migrations: an old database becomes the same as a fresh one, or stays what it was.
#include "core/store/sqlite/schema.hpp"
#include "tests/core/store/sqlite_fixture.hpp"
#include "tests/core/store/store_world.hpp"

#include <fstream>
#include <sstream>

namespace carrick::store::sqlite {

namespace {

using testing::look;
using testing::StoreFolder;

constexpr const char* kSchemaText =
    "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), char(10)) FROM "
    "(SELECT * FROM sqlite_schema ORDER BY type, name)";

constexpr Migration kSecond{
    2, "CREATE TABLE second(id INTEGER PRIMARY KEY); ALTER TABLE bucket ADD COLUMN note TEXT;"};

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(CARRICK_STORE_FIXTURES) + "/" + name);
    REQUIRE(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// A database as the program of schema version 1 left it.
void make_v1(const std::filesystem::path& file) {
    const std::string sql = fixture("schema_v1.sql");
    Connection database(file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    database.script(
        "CREATE TABLE schema_migration("
        "version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL, checksum TEXT NOT NULL)");
    database.script(sql);
    database.run("INSERT INTO schema_migration VALUES(1, 0, ?1)",
                 checksum_of(Migration{1, sql.c_str()}));
    database.script(
        "PRAGMA application_id = 0x43524b31; PRAGMA user_version = 1;"
        "INSERT INTO bucket VALUES('NA1/getOrders', '2.5');"
        "INSERT INTO setting VALUES('identity_key', 'kept'), ('epoch', 41)");
}

std::string code_of_migrating(const std::filesystem::path& file, std::span<const Migration> steps) {
    Connection database(file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    try {
        migrate(database, file, steps);
        return "";
    } catch (const Failure& failure) {
        return failure.error().code;
    }
}

}  // namespace

TEST_CASE("a database of every released version becomes equal to a fresh one", "[schema]") {
    StoreFolder folder;
    const std::filesystem::path old = folder.path() / "old.db";
    make_v1(old);
    testing::open_store(old).reset();
    testing::open_store(folder.database()).reset();
    CHECK(look(old, kSchemaText) == look(folder.database(), kSchemaText));
    CHECK(look(old, "PRAGMA user_version") == look(folder.database(), "PRAGMA user_version"));
    CHECK(testing::open_store(old)->identity_key().value() == "kept");
    CHECK(look(old, "SELECT value FROM setting WHERE name = 'epoch'") == "43");
}

TEST_CASE("a lost answer of an older program is in question still", "[schema]") {
    StoreFolder folder;
    make_v1(folder.database());
    const std::string row =
        "INSERT INTO open_record SELECT 1, 1, value, CASE value WHEN 1 THEN 3 WHEN 2 THEN 5 ELSE 3 "
        "END, 1, 0, 0, 0, 0, 0, 0, 0, 0, '', 'deliver', CASE value WHEN 3 THEN 'http.status' ELSE "
        "'engine.unknown_outcome' END, '', x'' FROM json_each('[1,2,3]')";
    look(folder.database(), row);
    testing::open_store(folder.database()).reset();
    // Who is tried again is; who was given up, or was answered, is not.
    CHECK(look(folder.database(), "SELECT group_concat(seq) FROM open_record WHERE in_question") ==
          "1");
}

TEST_CASE("migrations are numbered without gaps", "[schema]") {
    int expected = 0;
    for (const Migration& step : migrations()) CHECK(step.version == ++expected);
}

TEST_CASE("an existing database is copied before it is migrated", "[schema]") {
    StoreFolder folder;
    const std::vector<Migration> steps{migrations()[0], kSecond};
    make_v1(folder.database());
    REQUIRE(code_of_migrating(folder.database(), steps).empty());
    const std::filesystem::path copy = folder.database().string() + ".before-v2";
    CHECK(look(copy, "PRAGMA user_version") == "1");
    CHECK(look(copy, "PRAGMA integrity_check") == "ok");
    CHECK(look(copy, "SELECT level FROM bucket") == "2.5");
    CHECK((std::filesystem::status(copy).permissions() & std::filesystem::perms::others_read) ==
          std::filesystem::perms::none);
    CHECK(look(folder.database(), "SELECT level FROM bucket") == "2.5");

    const std::filesystem::path fresh = folder.path() / "fresh.db";
    REQUIRE(code_of_migrating(fresh, steps).empty());
    CHECK(look(fresh, kSchemaText) == look(folder.database(), kSchemaText));
    CHECK_FALSE(std::filesystem::exists(fresh.string() + ".before-v1"));
}

TEST_CASE("a migration that fails leaves the database as it was", "[schema]") {
    StoreFolder folder;
    make_v1(folder.database());
    const std::string before = look(folder.database(), kSchemaText);
    const std::vector<Migration> steps{
        migrations()[0], Migration{2, "CREATE TABLE half(id INTEGER); CREATE TABLE bucket(x);"}};
    CHECK(code_of_migrating(folder.database(), steps) == "store.sqlite");
    CHECK(look(folder.database(), kSchemaText) == before);
    CHECK(look(folder.database(), "PRAGMA user_version") == "1");
    CHECK(code_of_migrating(folder.database(), migrations()).empty());
}

TEST_CASE("an edited migration is found out", "[schema]") {
    StoreFolder folder;
    make_v1(folder.database());
    const std::vector<Migration> edited{Migration{1, "CREATE TABLE other(id INTEGER);"}};
    CHECK(code_of_migrating(folder.database(), edited) == "store.migration_changed");
}

TEST_CASE("a database newer than the program is refused with the way out", "[schema]") {
    StoreFolder folder;
    testing::open_store(folder.options()).reset();
    look(folder.database(), "PRAGMA user_version = 99");
    for (const bool peer : {false, true}) {
        SqliteOptions options = folder.options();
        options.read_only_peer = peer;
        const auto refused = open_sqlite_store(options);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "store.newer");
        CHECK(refused.error().error_class == ErrorClass::Misconfigured);
        CHECK(refused.error().message.find("99") != std::string::npos);
    }
}

TEST_CASE("a peer does not migrate", "[schema]") {
    StoreFolder folder;
    make_v1(folder.database());
    look(folder.database(), "PRAGMA user_version = 0");
    SqliteOptions options = folder.options();
    options.read_only_peer = true;
    CHECK(open_sqlite_store(options).error().code == "store.older");
}

TEST_CASE("a database of another program is left alone", "[schema]") {
    StoreFolder folder;
    {
        Connection other(folder.database().string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        other.script("CREATE TABLE invoices(id INTEGER)");
    }
    CHECK(open_sqlite_store(folder.options()).error().code == "store.foreign");
    CHECK(look(folder.database(), "SELECT count(*) FROM sqlite_schema") == "1");
}

}  // namespace carrick::store::sqlite
