// SPDX-License-Identifier: Apache-2.0
// The connections of one store: one that writes, a few that read, and the thread that moves the
// write-ahead log into the database.
#pragma once

#include "core/store/sqlite/sqlite_handle.hpp"
#include "core/store/sqlite/sqlite_store.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace carrick::store::sqlite {

/// A connection with the house's settings. Errors: throws Failure.
[[nodiscard]] std::unique_ptr<Connection> connect(const SqliteOptions& options);

/// Keeps the write-ahead log bounded without making a commit pay for it: 40 MiB of log start a
/// passive checkpoint beside the writer; at 64 MiB the writer waits once until the log can start
/// over; at 256 MiB (a reader held an old snapshot) the file is cut.
class Checkpointer {
public:
    Checkpointer(const SqliteOptions& options, std::mutex& writer);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    /// Told by the writer after each commit: how many pages the log holds now.
    void log_grew(int pages);

private:
    void work();
    void checkpoint(int pages);

    std::unique_ptr<Connection> connection_;
    std::mutex& writer_;
    std::mutex mutex_;
    std::condition_variable wake_;
    int pages_ = 0;         ///< in the log after the last commit
    int last_attempt_ = 0;  ///< pages at the last passive checkpoint
    bool stop_ = false;
    std::thread thread_;
};

/// Hands out the writer and readers.
class Connections {
public:
    explicit Connections(const SqliteOptions& options);
    ~Connections();

    /// The writer, held alone until this is destroyed.
    class Writer {
    public:
        explicit Writer(Connections& owner) : lock_(owner.writer_mutex_), owner_(owner) {}
        Connection& operator*() const { return *owner_.writer_; }

    private:
        std::unique_lock<std::mutex> lock_;
        Connections& owner_;
    };
    [[nodiscard]] Writer writer() { return Writer(*this); }

    /// A reader, given back when this is destroyed. A database in memory has one connection only,
    /// so there it is the writer.
    class Reader {
    public:
        explicit Reader(Connections& owner);
        ~Reader();
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        Connection& operator*() const { return *connection_; }

    private:
        Connections& owner_;
        std::unique_lock<std::mutex> writer_lock_;
        std::unique_ptr<Connection> own_;
        Connection* connection_ = nullptr;
    };
    [[nodiscard]] Reader reader() { return Reader(*this); }

    /// Starts the checkpointer; called once the schema stands.
    void start_checkpoints();

private:
    static int wal_hook(void* self, sqlite3*, const char*, int pages);

    SqliteOptions options_;
    std::mutex writer_mutex_;
    std::unique_ptr<Connection> writer_;
    std::mutex idle_mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace carrick::store::sqlite
