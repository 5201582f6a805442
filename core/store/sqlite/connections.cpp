// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/connections.hpp"

#include "core/base/log.hpp"

#include <chrono>

namespace carrick::store::sqlite {

namespace {

constexpr int kPageBytes = 4096;
// Late, because a page of the ledger's index that several commits have changed is moved once then;
// at 16 MiB a ledger of a million keys wrote an eighth more.
constexpr int kPassivePages = (40 << 20) / kPageBytes;
constexpr int kRestartPages = (64 << 20) / kPageBytes;
constexpr int kTruncatePages = (256 << 20) / kPageBytes;
constexpr std::chrono::seconds kIdle{30};
constexpr std::chrono::milliseconds kPatience{100};
constexpr std::size_t kIdleReaders = 8;

void set_up(Connection& connection, const SqliteOptions& options) {
    sqlite3_busy_timeout(connection.handle(), static_cast<int>(options.busy_timeout.count()));
    connection.script(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; "
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; "
        "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; "
        "PRAGMA secure_delete = ON");
}

}  // namespace

std::unique_ptr<Connection> connect(const SqliteOptions& options) {
    const int create = options.read_only_peer ? 0 : SQLITE_OPEN_CREATE;
    auto connection = std::make_unique<Connection>(
        options.path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | create);
    set_up(*connection, options);
    return connection;
}

// ---- Checkpointer ----

Checkpointer::Checkpointer(const SqliteOptions& options, std::mutex& writer)
    : connection_(connect(options)), writer_(writer) {
    // It may hold the writer's place while it waits for readers, so it must not wait for long.
    sqlite3_busy_timeout(connection_->handle(), static_cast<int>(kPatience.count()));
    thread_ = std::thread([this] { work(); });
}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Checkpointer::log_grew(int pages) {
    bool due = false;
    {
        const std::lock_guard lock(mutex_);
        // A log that shrank has started over.
        if (pages < pages_) last_attempt_ = 0;
        pages_ = pages;
        due = pages - last_attempt_ >= kPassivePages || pages >= kRestartPages;
    }
    if (due) wake_.notify_one();
}

void Checkpointer::work() {
    std::unique_lock lock(mutex_);
    int done_at = 0;  // pages when the log was last found idle and moved
    while (!stop_) {
        const bool due = wake_.wait_for(
            lock, kIdle, [this] { return stop_ || pages_ - last_attempt_ >= kPassivePages; });
        if (stop_) return;
        if (!due && (pages_ == 0 || pages_ == done_at)) continue;
        const int pages = pages_;
        last_attempt_ = pages;
        lock.unlock();
        checkpoint(pages);
        lock.lock();
        done_at = pages;
    }
}

void Checkpointer::checkpoint(int pages) {
    const int mode = pages >= kTruncatePages  ? SQLITE_CHECKPOINT_TRUNCATE
                     : pages >= kRestartPages ? SQLITE_CHECKPOINT_RESTART
                                              : SQLITE_CHECKPOINT_PASSIVE;
    // The two stronger ones need the writer's place; waiting here for its mutex is kinder than
    // letting it run into a busy database.
    std::unique_lock writer(writer_, std::defer_lock);
    if (mode != SQLITE_CHECKPOINT_PASSIVE) writer.lock();
    const int code =
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, mode, nullptr, nullptr);
    if (code == SQLITE_OK || code == SQLITE_BUSY) return;
    // Nothing is lost: the log keeps what could not be moved, and the next attempt finds it.
    log::warning("store.checkpoint_failed", {{"reason", Json(sqlite3_errstr(code))}});
}

// ---- Connections ----

Connections::Connections(const SqliteOptions& options)
    : options_(options), writer_(connect(options)) {
    writer_->script("PRAGMA cache_size = -16384");
    if (options_.maximum_pages > 0)
        writer_->script("PRAGMA max_page_count = " + std::to_string(options_.maximum_pages));
    if (!options_.read_only_peer) writer_->script("PRAGMA journal_mode = WAL");
}

Connections::~Connections() {
    checkpointer_.reset();
    if (writer_) sqlite3_wal_hook(writer_->handle(), nullptr, nullptr);
    idle_.clear();
    // Leaves one tidy file behind; the last connection to close would do the same, but not while
    // a peer still reads.
    if (writer_ && !options_.read_only_peer)
        sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                  nullptr);
}

void Connections::start_checkpoints() {
    if (options_.in_memory() || options_.read_only_peer) return;
    checkpointer_ = std::make_unique<Checkpointer>(options_, writer_mutex_);
    sqlite3_wal_hook(writer_->handle(), &Connections::wal_hook, this);
}

int Connections::wal_hook(void* self, sqlite3*, const char*, int pages) {
    static_cast<Connections*>(self)->checkpointer_->log_grew(pages);
    return SQLITE_OK;
}

Connections::Reader::Reader(Connections& owner) : owner_(owner) {
    if (owner.options_.in_memory()) {
        writer_lock_ = std::unique_lock(owner.writer_mutex_);
        connection_ = owner.writer_.get();
        return;
    }
    {
        const std::lock_guard lock(owner.idle_mutex_);
        if (!owner.idle_.empty()) {
            own_ = std::move(owner.idle_.back());
            owner.idle_.pop_back();
        }
    }
    if (!own_) {
        SqliteOptions options = owner.options_;
        options.read_only_peer = true;  // the file exists by now; never make another
        own_ = connect(options);
        own_->script("PRAGMA query_only = ON; PRAGMA cache_size = -2048");
    }
    connection_ = own_.get();
}

Connections::Reader::~Reader() {
    if (!own_) return;
    const std::lock_guard lock(owner_.idle_mutex_);
    if (owner_.idle_.size() < kIdleReaders) owner_.idle_.push_back(std::move(own_));
}

}  // namespace carrick::store::sqlite
