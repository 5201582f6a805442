// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/schema.hpp"

#include <openssl/evp.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace carrick::store::sqlite {

namespace {

// "CRK1": tells our files from other SQLite databases.
constexpr std::int64_t kApplicationId = 0x43524b31;

// Layout decides more than any pragma: what a page of work writes is appended at the right edge of
// few tables. Only `ledger_key` and `link` are written all over, and their rows are small.
constexpr std::array kMigrations{
    Migration{1, R"sql(
-- Small facts of the store itself: epoch, identity key.
CREATE TABLE setting(
  name TEXT PRIMARY KEY,
  value NOT NULL
) WITHOUT ROWID;

CREATE TABLE instance(
  id INTEGER PRIMARY KEY,
  flow TEXT NOT NULL,
  origin TEXT NOT NULL,
  partition TEXT NOT NULL,
  last_commit INTEGER NOT NULL DEFAULT 0,
  last_commit_at INTEGER NOT NULL DEFAULT 0,
  channel_end INTEGER NOT NULL DEFAULT 0,
  UNIQUE(flow, origin, partition)
);

CREATE TABLE checkpoint(
  instance INTEGER NOT NULL REFERENCES instance(id),
  stream TEXT NOT NULL,
  text TEXT NOT NULL,
  look_again_at INTEGER NOT NULL,
  PRIMARY KEY(instance, stream)
) WITHOUT ROWID;

-- The only place of personal data. codec 0 = plain; class 1 = plain, 2 = personal;
-- expiry 0 = never; bytes NULL = purged.
CREATE TABLE payload(
  id INTEGER PRIMARY KEY,
  codec INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  class INTEGER NOT NULL,
  expiry INTEGER NOT NULL,
  bytes BLOB
);
CREATE INDEX payload_expiry ON payload(expiry) WHERE expiry > 0 AND bytes IS NOT NULL;

-- A page of records: headers packed (page_codec.hpp), bodies one after the other in the payload.
CREATE TABLE channel_page(
  id INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  count INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  payload_id INTEGER NOT NULL,
  headers BLOB NOT NULL,
  UNIQUE(channel, first_seq)
);

CREATE TABLE cursor(
  consumer INTEGER NOT NULL REFERENCES instance(id),
  channel INTEGER NOT NULL REFERENCES instance(id),
  seq INTEGER NOT NULL,
  PRIMARY KEY(consumer, channel)
) WITHOUT ROWID;

-- The body lies in the page's payload, or in a payload of its own where it was replaced.
CREATE TABLE open_record(
  consumer INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  state INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  since INTEGER NOT NULL,
  look_again_at INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  error_id INTEGER NOT NULL,
  payload_id INTEGER NOT NULL,
  body_offset INTEGER NOT NULL,
  body_length INTEGER NOT NULL,
  owns_payload INTEGER NOT NULL,
  awaited_link TEXT NOT NULL,
  stage TEXT NOT NULL,
  reason TEXT NOT NULL,
  token TEXT NOT NULL,
  header BLOB NOT NULL,
  PRIMARY KEY(consumer, channel, seq)
) WITHOUT ROWID;
CREATE INDEX open_awaiting ON open_record(awaited_link) WHERE state = 2 AND awaited_link <> '';

-- How many rows of open_record there are by consumer and state.
CREATE TABLE open_count(
  consumer INTEGER NOT NULL,
  state INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY(consumer, state)
) WITHOUT ROWID;

CREATE TABLE attempt(
  consumer INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  write TEXT NOT NULL,
  external_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  payload_id INTEGER NOT NULL,
  PRIMARY KEY(consumer, channel, seq, write, external_id)
) WITHOUT ROWID;

-- Entries are appended; ledger_key leads from a hash of (instance, key) to the newest one. Keys
-- whose hashes collide stand at the next free numbers.
CREATE TABLE ledger_entry(
  id INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  hash BLOB NOT NULL,
  rank INTEGER NOT NULL,
  target_ids TEXT NOT NULL
);
CREATE TABLE ledger_key(
  hash INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL
);
CREATE TABLE ledger_superseded(
  id INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL
);

CREATE TABLE link(
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY(kind, source, target)
) WITHOUT ROWID;

-- state 1 = open, 2 = resolved. The ranks are for sorting only.
CREATE TABLE error(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  instance INTEGER NOT NULL REFERENCES instance(id),
  flow TEXT NOT NULL,
  channel INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  key TEXT NOT NULL,
  stage TEXT NOT NULL,
  class INTEGER NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  field TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  value TEXT NOT NULL,
  value_rank INTEGER NOT NULL,
  due INTEGER NOT NULL,
  due_rank INTEGER NOT NULL,
  at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  state INTEGER NOT NULL,
  resolved_at INTEGER NOT NULL,
  resolution TEXT NOT NULL
);
CREATE INDEX error_by_flow ON error(flow, id);
CREATE INDEX error_by_fingerprint ON error(fingerprint, id);
CREATE INDEX error_open ON error(id) WHERE state = 1;
CREATE INDEX error_open_key ON error(instance, key) WHERE state = 1;
CREATE INDEX error_open_value ON error(value_rank DESC, id) WHERE state = 1;
CREATE INDEX error_open_due ON error(due_rank, id) WHERE state = 1;

CREATE TABLE run(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  instance INTEGER NOT NULL REFERENCES instance(id),
  cause TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  unknown INTEGER NOT NULL DEFAULT 0,
  written INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE run_skipped(
  run INTEGER NOT NULL,
  reason TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY(run, reason)
) WITHOUT ROWID;

CREATE TABLE request(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  arguments TEXT NOT NULL,
  who TEXT NOT NULL,
  at INTEGER NOT NULL,
  answered INTEGER NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX request_pending ON request(id) WHERE answered = 0;

CREATE TABLE connection(
  name TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  connector TEXT NOT NULL,
  account TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE cache(
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY(kind, key)
) WITHOUT ROWID;

CREATE TABLE bucket(
  name TEXT PRIMARY KEY,
  level TEXT NOT NULL
) WITHOUT ROWID;
)sql"},
    // Settled history may be forgotten: indexes that find the oldest, and what forgotten runs have
    // counted. A request knows what was carried out of it before it is answered.
    Migration{2, R"sql(
CREATE INDEX error_resolved ON error(resolved_at) WHERE state = 2;
CREATE INDEX run_started ON run(started_at);
CREATE INDEX run_by_instance ON run(instance);
CREATE INDEX request_answered ON request(at) WHERE answered = 1;

CREATE TABLE past_run(
  instance INTEGER PRIMARY KEY REFERENCES instance(id),
  seen INTEGER NOT NULL,
  done INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  written INTEGER NOT NULL
);
CREATE TABLE past_skipped(
  instance INTEGER NOT NULL,
  reason TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY(instance, reason)
) WITHOUT ROWID;

ALTER TABLE request ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
)sql"},
    // A write whose answer was lost is in question also where it is safe to repeat. Until now only
    // the reason said so.
    Migration{3, R"sql(
ALTER TABLE open_record ADD COLUMN in_question INTEGER NOT NULL DEFAULT 0;
UPDATE open_record SET in_question = 1 WHERE state = 3 AND reason = 'engine.unknown_outcome';
)sql"},
};

std::int64_t version_of(Connection& database) {
    return database.integer("PRAGMA user_version").value_or(0);
}

void refuse_foreign(Connection& database, const std::filesystem::path& file) {
    const std::int64_t id = database.integer("PRAGMA application_id").value_or(0);
    const std::int64_t tables = database.integer("SELECT count(*) FROM sqlite_schema").value_or(0);
    if (id == kApplicationId || (id == 0 && tables == 0)) return;
    throw Failure(misconfigured("store.foreign", file.string() +
                                                     " is a database of another program; name "
                                                     "another file in `store.path`"));
}

void refuse_newer(std::int64_t version, const std::filesystem::path& file,
                  std::span<const Migration> steps) {
    const int newest = steps.back().version;
    if (version <= newest) return;
    throw Failure(misconfigured(
        "store.newer", file.string() + " has schema " + std::to_string(version) +
                           ", this program knows up to " + std::to_string(newest) +
                           "; run the newer program, or restore the backup made before the "
                           "upgrade"));
}

void check_taken(Connection& database, std::span<const Migration> steps) {
    Query taken = database.query("SELECT version, checksum FROM schema_migration");
    while (taken.next())
        for (const Migration& step : steps)
            if (step.version == taken.integer(0) && checksum_of(step) != taken.bytes(1))
                throw Failure(bug("store.migration_changed",
                                  "migration " + std::to_string(step.version) +
                                      " differs from the one this database took; a released "
                                      "migration must never be edited"));
}

struct OpenFile {
    int number;
    ~OpenFile() {
        if (number >= 0) ::close(number);
    }
};

// A copy that is complete or not there: written under another name, synced, then renamed.
void back_up(Connection& database, const std::filesystem::path& file, std::int64_t version) {
    const std::filesystem::path copy = file.string() + ".before-v" + std::to_string(version + 1);
    const std::filesystem::path unfinished = copy.string() + ".part";
    std::filesystem::remove(unfinished);
    // Made here so that nobody else may read it; VACUUM INTO accepts an empty file.
    const OpenFile out{::open(unfinished.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)};
    if (out.number < 0)
        throw Failure(misconfigured("store.backup", unfinished.string() +
                                                        " cannot be written; the backup before "
                                                        "the migration needs it"));
    database.run("VACUUM INTO ?1", unfinished.string());
    if (::fsync(out.number) != 0)
        throw Failure(transient("store.io", unfinished.string() + " cannot be synced"));
    std::filesystem::rename(unfinished, copy);
}

void take(Connection& database, const Migration& step) {
    Transaction transaction(database, Transaction::Kind::Write);
    database.script(
        "CREATE TABLE IF NOT EXISTS schema_migration("
        "version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL, checksum TEXT NOT NULL)");
    database.script(step.sql);
    const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count();
    database.run("INSERT INTO schema_migration(version, applied_at, checksum) VALUES(?1, ?2, ?3)",
                 step.version, now, checksum_of(step));
    database.script("PRAGMA application_id = " + std::to_string(kApplicationId));
    database.script("PRAGMA user_version = " + std::to_string(step.version));
    transaction.commit();
}

}  // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

std::string checksum_of(const Migration& migration) {
    const std::string_view text = migration.sql;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw Failure(bug("store.checksum", "SHA-256 is not available"));
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex.push_back(kHex[digest[i] >> 4]);
        hex.push_back(kHex[digest[i] & 15]);
    }
    return hex;
}

void migrate(Connection& database, const std::filesystem::path& file,
             std::span<const Migration> steps) {
    refuse_foreign(database, file);
    const std::int64_t version = version_of(database);
    refuse_newer(version, file, steps);
    if (version > 0) {
        check_taken(database, steps);
        if (version < steps.back().version) back_up(database, file, version);
    }
    for (const Migration& step : steps)
        if (step.version > version) take(database, step);
}

void require_current(Connection& database, const std::filesystem::path& file,
                     std::span<const Migration> steps) {
    refuse_foreign(database, file);
    const std::int64_t version = version_of(database);
    refuse_newer(version, file, steps);
    if (version < steps.back().version)
        throw Failure(misconfigured(
            "store.older", file.string() + " has schema " + std::to_string(version) +
                               ", this program needs " + std::to_string(steps.back().version) +
                               "; `carrick run` upgrades it when it starts"));
    check_taken(database, steps);
}

}  // namespace carrick::store::sqlite
