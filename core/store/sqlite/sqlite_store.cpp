// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/sqlite_store.hpp"

#include "core/base/failpoint.hpp"
#include "core/store/sqlite/channel_pages.hpp"
#include "core/store/sqlite/commit_writer.hpp"
#include "core/store/sqlite/connections.hpp"
#include "core/store/sqlite/engine_lock.hpp"
#include "core/store/sqlite/garbage.hpp"
#include "core/store/sqlite/group_commit.hpp"
#include "core/store/sqlite/schema.hpp"
#include "core/store/sqlite/sqlite_reads.hpp"

#include <openssl/rand.h>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <thread>
#include <type_traits>

namespace carrick::store {

using namespace sqlite;

namespace {

// ---- the edge: what is thrown inside becomes a result ----

template <class Work>
auto guarded(Work work) -> Result<decltype(work())> try {
    if constexpr (std::is_void_v<decltype(work())>) {
        work();
        return {};
    } else {
        return work();
    }
} catch (const Failure& failure) {
    return failure.error();
} catch (const std::bad_alloc&) {
    return transient("store.memory", "the store ran out of memory; nothing was written");
} catch (const std::exception& unexpected) {
    return bug("store.exception",
               std::string("the store met an unexpected exception: ") + unexpected.what());
}

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    if (RAND_bytes(random.data(), static_cast<int>(bytes)) != 1)
        throw Failure(transient("store.random", "the system has no random bytes to give"));
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : random) {
        hex.push_back(kHex[byte >> 4]);
        hex.push_back(kHex[byte & 15]);
    }
    return hex;
}

class SqliteStore final : public Store {
public:
    SqliteStore(const SqliteOptions& options, std::optional<EngineLock> lock)
        : lock_(std::move(lock)), options_(options), connections_(options) {
        rules_.payload_life = options.payload_life;
        if (options.ledger_hash != nullptr) rules_.hash = options.ledger_hash;
    }

    /// The part of opening that can fail on what the file holds. Throws Failure.
    void start() {
        const Connections::Writer writer = connections_.writer();
        if (options_.read_only_peer) {
            require_current(*writer, options_.path, migrations());
            return;
        }
        migrate(*writer, options_.path, migrations());
        Transaction transaction(*writer, Transaction::Kind::Write);
        (*writer).run(
            "INSERT INTO setting(name, value) VALUES('epoch', 1) "
            "ON CONFLICT(name) DO UPDATE SET value = value + 1");
        const std::optional<std::int64_t> epoch = stored_epoch(*writer);
        if ((*writer).integer("SELECT 1 FROM setting WHERE name = 'identity_key'") == std::nullopt)
            (*writer).run("INSERT INTO setting(name, value) VALUES('identity_key', ?1)",
                          random_hex(32));
        transaction.commit();
        epoch_ = static_cast<std::uint64_t>(epoch.value_or(0));
        connections_.start_checkpoints();
    }

    [[nodiscard]] std::uint64_t epoch() const override { return epoch_; }

    [[nodiscard]] Result<Receipt> commit(const Commit& commit) override {
        if (commit.epoch != epoch_) return fenced(static_cast<std::int64_t>(commit.epoch));
        return guarded([&] {
            failpoint::pass("store.before_commit");
            Receipt receipt =
                write([&](Connection& database) { return write_commit(database, commit, rules_); });
            failpoint::pass("store.after_commit");
            return receipt;
        });
    }

    [[nodiscard]] Result<void> try_write() override {
        // About what a page of a thousand records takes. Less would pass on a disk on which the
        // next page fails again.
        constexpr std::int64_t kBytes = 2 << 20;
        return guarded([&] {
            failpoint::pass("store.before_try");
            write([&](Connection& database) {
                database.run(
                    "INSERT OR REPLACE INTO setting(name, value) VALUES('try', zeroblob(?1))",
                    kBytes);
            });
            // In a transaction of its own: what is deleted where it was inserted is never written.
            write([](Connection& database) {
                database.run("DELETE FROM setting WHERE name = 'try'");
            });
        });
    }

    [[nodiscard]] Result<void> together(const std::function<Result<void>()>& work) override {
        if (is_together()) return work();
        Result<void> done;
        const Result<void> stored = guarded([&] {
            const Connections::Writer writer = connections_.writer();
            Transaction transaction(*writer, Transaction::Kind::Write);
            {
                const Together scope(*this, *writer);
                done = work();
            }
            if (done) transaction.commit();
        });
        return stored ? done : stored;
    }

    // ---- instances and channels ----

    [[nodiscard]] Result<InstanceState> load_instance(const InstanceName& name) override {
        return guarded([&] {
            std::optional<InstanceNumber> number =
                read([&](Connection& database) { return find_instance(database, name); });
            if (!number) number = make_instance(name);
            return read([&](Connection& database) { return read_instance(database, *number); });
        });
    }

    [[nodiscard]] Result<std::vector<InstanceName>> instances() override {
        return guarded([&] { return read(read_instances); });
    }

    [[nodiscard]] Result<Cursor> subscribe(InstanceNumber consumer, InstanceNumber channel,
                                           bool from_now) override {
        return guarded([&] {
            return write([&](Connection& database) {
                const Seq end = read_channel_end(database, channel);
                static_cast<void>(read_channel_end(database, consumer));
                database.run(
                    "INSERT INTO cursor(consumer, channel, seq) VALUES(?1, ?2, ?3) "
                    "ON CONFLICT DO NOTHING",
                    consumer, channel, from_now ? end : 0);
                return Cursor{channel,
                              database
                                  .integer("SELECT seq FROM cursor WHERE consumer = ?1 AND "
                                           "channel = ?2",
                                           consumer, channel)
                                  .value_or(0)};
            });
        });
    }

    [[nodiscard]] Result<std::vector<StoredRecord>> read_channel(InstanceNumber channel, Seq after,
                                                                 std::size_t limit) override {
        return guarded([&] {
            return read([&](Connection& database) {
                return read_records(database, channel, after, limit);
            });
        });
    }

    [[nodiscard]] Result<Seq> channel_end(InstanceNumber channel) override {
        return guarded([&] {
            return read([&](Connection& database) { return read_channel_end(database, channel); });
        });
    }

    [[nodiscard]] Result<std::vector<std::string>> bodies(
        InstanceNumber consumer, std::span<const Position> positions) override {
        return guarded([&] {
            return read(
                [&](Connection& database) { return read_bodies(database, consumer, positions); });
        });
    }

    // ---- what records became ----

    [[nodiscard]] Result<std::vector<std::optional<LedgerEntry>>> ledger(
        InstanceNumber instance, std::span<const std::string> keys) override {
        return guarded([&] {
            return read([&](Connection& database) {
                return find_ledger(database, rules_.hash, instance, keys);
            });
        });
    }

    [[nodiscard]] Result<std::vector<std::string>> links(std::string_view kind,
                                                         std::string_view from) override {
        return guarded([&] {
            return read([&](Connection& database) { return read_links(database, kind, from); });
        });
    }

    // ---- runs ----

    [[nodiscard]] Result<std::int64_t> begin_run(InstanceNumber instance, std::string_view trigger,
                                                 UtcTime now) override {
        return guarded([&] {
            return write([&](Connection& database) {
                static_cast<void>(read_channel_end(database, instance));
                database.run("INSERT INTO run(instance, cause, started_at) VALUES(?1, ?2, ?3)",
                             instance, trigger, now.milliseconds());
                return database.last_id();
            });
        });
    }

    [[nodiscard]] Result<std::vector<Run>> runs(std::size_t limit) override {
        return guarded(
            [&] { return read([&](Connection& database) { return read_runs(database, limit); }); });
    }

    [[nodiscard]] Result<std::vector<RunTotals>> totals(std::int64_t since_run) override {
        return guarded([&] {
            return read([&](Connection& database) { return read_totals(database, since_run); });
        });
    }

    // ---- the error queue ----

    [[nodiscard]] Result<std::vector<ErrorRow>> errors(const ErrorFilter& filter) override {
        return guarded([&] {
            return read([&](Connection& database) { return read_errors(database, filter); });
        });
    }

    [[nodiscard]] Result<std::optional<ErrorRow>> error(std::int64_t id) override {
        return guarded(
            [&] { return read([&](Connection& database) { return read_error(database, id); }); });
    }

    // ---- requests to the engine ----

    [[nodiscard]] Result<std::int64_t> post_request(const EngineRequest& request) override {
        return guarded([&] {
            return transaction([&](Connection& database) {
                database.run("INSERT INTO request(kind, arguments, who, at) VALUES(?1, ?2, ?3, ?4)",
                             request.kind, request.arguments, request.who,
                             request.at.milliseconds());
                return database.last_id();
            });
        });
    }

    [[nodiscard]] Result<std::vector<EngineRequest>> pending_requests() override {
        return guarded([&] { return read(read_pending_requests); });
    }

    [[nodiscard]] Result<void> answer_request(std::int64_t id, std::string_view answer) override {
        return guarded([&] {
            write([&](Connection& database) {
                if (database.run("UPDATE request SET answered = 1, answer = ?2 WHERE id = ?1 AND "
                                 "answered = 0",
                                 id, answer) == 0)
                    throw Failure(
                        bug("store.unknown_request", "request " + std::to_string(id) +
                                                         " does not exist or was answered before"));
            });
        });
    }

    [[nodiscard]] Result<std::optional<EngineRequest>> request(std::int64_t id) override {
        return guarded(
            [&] { return read([&](Connection& database) { return read_request(database, id); }); });
    }

    // ---- small things that must survive ----

    [[nodiscard]] Result<void> bind_connection(std::string_view connection, std::string_view id,
                                               std::string_view connector,
                                               std::string_view account) override {
        return guarded([&] {
            write([&](Connection& database) {
                refuse_changed_connection(database, connection, id, connector, account);
                database.run(
                    "INSERT INTO connection(name, id, connector, account) VALUES(?1, ?2, ?3, ?4) "
                    "ON CONFLICT DO NOTHING",
                    connection, id, connector, account);
            });
        });
    }

    [[nodiscard]] Result<std::string> identity_key() override {
        return guarded([&] {
            return read([&](Connection& database) {
                Query row = database.query("SELECT value FROM setting WHERE name = 'identity_key'");
                if (!row.next())
                    throw Failure(bug("store.corrupt", "the store has lost its identity key"));
                return row.text(0);
            });
        });
    }

    [[nodiscard]] Result<void> cache_put(std::string_view kind, std::string_view key,
                                         std::string_view value, UtcTime at) override {
        return guarded([&] {
            write([&](Connection& database) {
                database.run(
                    "INSERT INTO cache(kind, key, value, at) VALUES(?1, ?2, ?3, ?4) "
                    "ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value, "
                    "at = excluded.at",
                    kind, key, value, at.milliseconds());
            });
        });
    }

    [[nodiscard]] Result<std::optional<Cached>> cache_get(std::string_view kind,
                                                          std::string_view key) override {
        return guarded([&] {
            return read([&](Connection& database) -> std::optional<Cached> {
                Query row = database.query(
                    "SELECT value, at FROM cache WHERE kind = ?1 AND key = ?2", kind, key);
                if (!row.next()) return std::nullopt;
                return Cached{row.text(0), UtcTime(row.integer(1))};
            });
        });
    }

    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> bucket_levels()
        override {
        return guarded([&] {
            return read([](Connection& database) {
                std::vector<std::pair<std::string, std::string>> levels;
                Query row = database.query("SELECT name, level FROM bucket ORDER BY name");
                while (row.next()) levels.emplace_back(row.text(0), row.text(1));
                return levels;
            });
        });
    }

    [[nodiscard]] Result<std::int64_t> collect_garbage(UtcTime now,
                                                       Milliseconds retention) override {
        return guarded([&] {
            std::int64_t records = 0;
            // Slice by slice, so that commits get their turn in between.
            for (bool more = true; more;) {
                const Slice slice = write([&](Connection& database) {
                    return free_channel_pages(database, now - retention);
                });
                records += slice.records;
                more = slice.more;
            }
            for (bool more = true; more;)
                more =
                    write([&](Connection& database) { return purge_payloads(database, now); }).more;
            constexpr std::int64_t kEntries = 2000;
            while (write([](Connection& database) {
                       return free_superseded(database, kEntries);
                   }) == kEntries) {
            }
            return records;
        });
    }

    [[nodiscard]] Result<std::int64_t> forget_history(UtcTime before, std::size_t limit) override {
        return guarded([&] {
            return write([&](Connection& database) {
                return forget_errors(database, before, limit) +
                       forget_runs(database, before, limit) +
                       forget_requests(database, before, limit);
            });
        });
    }

private:
    /// While it lives, all that this thread does goes through the writer's open transaction.
    class Together {
    public:
        Together(SqliteStore& store, Connection& writer) : store_(store) {
            store_.together_writer_ = &writer;
            store_.together_thread_ = std::this_thread::get_id();
        }
        ~Together() { store_.together_thread_ = std::thread::id(); }
        Together(const Together&) = delete;
        Together& operator=(const Together&) = delete;

    private:
        SqliteStore& store_;
    };
    [[nodiscard]] bool is_together() const {
        return together_thread_.load() == std::this_thread::get_id();
    }

    /// One write transaction, or the part of one that `together` has begun.
    template <class Work>
    std::invoke_result_t<Work, Connection&> transaction(Work work) {
        if constexpr (std::is_void_v<std::invoke_result_t<Work, Connection&>>) {
            write_part(work);
        } else {
            std::optional<std::invoke_result_t<Work, Connection&>> result;
            write_part([&](Connection& database) { result = work(database); });
            return std::move(*result);
        }
    }
    void write_part(const std::function<void(Connection&)>& work) {
        if (!is_together()) return groups_.write(work);
        Savepoint part(*together_writer_);
        work(*together_writer_);
        part.release();
    }

    /// A write transaction that only the engine of the newest epoch may do.
    template <class Work>
    std::invoke_result_t<Work, Connection&> write(Work work) {
        if (options_.read_only_peer)
            throw Failure(
                bug("store.read_only", "this opening of the store reads and posts requests only"));
        return transaction([&](Connection& database) {
            if (const std::int64_t stored = stored_epoch(database).value_or(0);
                static_cast<std::uint64_t>(stored) != epoch_)
                throw Failure(fenced(stored));
            return work(database);
        });
    }

    /// One snapshot, however many statements `work` needs.
    template <class Work>
    std::invoke_result_t<Work, Connection&> read(Work work) {
        if (is_together()) return work(*together_writer_);
        const Connections::Reader reader = connections_.reader();
        const Transaction transaction(*reader, Transaction::Kind::Read);
        return work(*reader);
    }

    static std::optional<std::int64_t> stored_epoch(Connection& database) {
        return database.integer("SELECT value FROM setting WHERE name = 'epoch'");
    }

    [[nodiscard]] Error fenced(std::int64_t other) const {
        return bug("store.fenced", "epoch " + std::to_string(other) + " and this opening's epoch " +
                                       std::to_string(epoch_) +
                                       " differ: another engine took over; nothing was written");
    }

    InstanceNumber make_instance(const InstanceName& name) {
        return write([&](Connection& database) {
            database.run(
                "INSERT INTO instance(flow, origin, partition) VALUES(?1, ?2, ?3) "
                "ON CONFLICT DO NOTHING",
                name.flow, name.origin, name.partition);
            return find_instance(database, name).value_or(0);
        });
    }

    static void refuse_changed_connection(Connection& database, std::string_view connection,
                                          std::string_view id, std::string_view connector,
                                          std::string_view account) {
        Query known = database.query(
            "SELECT name, id, connector, account FROM connection WHERE name = ?1 OR id = ?2",
            connection, id);
        while (known.next()) {
            if (known.bytes(1) == id && known.bytes(2) == connector && known.bytes(3) == account)
                continue;
            throw Failure(misconfigured(
                "store.connection_changed",
                "connection " + std::string(connection) + " has id " + std::string(id) +
                    ", but this store knows connection " + known.text(0) + " with id " +
                    known.text(1) +
                    " on another account or under another id; ids stand in every "
                    "external id made so far: give the old values back, or a new account a new "
                    "name and id",
                "connections." + std::string(connection) + ".id"));
        }
    }

    std::optional<EngineLock> lock_;  // first: let go only after the last write
    SqliteOptions options_;
    Connections connections_;
    GroupCommit groups_{connections_};
    CommitRules rules_;
    std::uint64_t epoch_ = 0;
    std::atomic<std::thread::id> together_thread_{};
    Connection* together_writer_ = nullptr;  // for that thread alone
};

// Bodies are personal data: the file is ours alone. SQLite gives its log the same rights.
void make_private(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        throw Failure(misconfigured("store.cannot_open",
                                    path.string() + ": " + std::strerror(errno) +
                                        "; name a file in `store.path` that may be written"));
    ::close(file);
}

// What must be true of the place before SQLite may touch the file.
std::optional<EngineLock> prepare_place(SqliteOptions& options) {
    if (options.in_memory()) return std::nullopt;
    // Two paths to one file must lead to one lock.
    options.path = std::filesystem::weakly_canonical(std::filesystem::absolute(options.path));
    const std::filesystem::path folder = options.path.parent_path();
    std::error_code error;
    if (!options.read_only_peer) std::filesystem::create_directories(folder, error);
    if (Result<void> local = require_local(folder); !local) throw Failure(local.error());
    if (options.read_only_peer) {
        if (!std::filesystem::exists(options.path, error))
            throw Failure(
                misconfigured("store.cannot_open",
                              options.path.string() +
                                  " does not exist yet; `carrick run` makes it when it starts"));
        return std::nullopt;
    }
    Result<EngineLock> lock = EngineLock::take(options.path);
    if (!lock) throw Failure(lock.error());
    make_private(options.path);
    return std::move(lock).value();
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
    return guarded([&]() -> std::unique_ptr<Store> {
        SqliteOptions placed = options;
        std::optional<EngineLock> lock = prepare_place(placed);
        auto store = std::make_unique<SqliteStore>(placed, std::move(lock));
        store->start();
        return store;
    });
}

}  // namespace carrick::store
