// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/garbage.hpp"

#include <vector>

namespace carrick::store::sqlite {

namespace {

// A slice keeps the writer for some milliseconds, never for seconds.
constexpr std::int64_t kPages = 32;
constexpr std::int64_t kPayloads = 256;

struct Page {
    std::int64_t id = 0;
    std::int64_t payload = 0;
    std::int64_t count = 0;
};

}  // namespace

Slice free_channel_pages(Connection& database, UtcTime older_than) {
    std::vector<Page> pages;
    {
        // A page goes when no cursor stands inside or before it and no open record lies in it. A
        // channel that nobody reads has no cursor, so only its age counts.
        Query found = database.query(
            "SELECT p.id, p.payload_id, p.count FROM channel_page p WHERE p.appended_at < ?1 "
            "AND NOT EXISTS (SELECT 1 FROM cursor c WHERE c.channel = p.channel AND "
            "c.seq < p.first_seq + p.count - 1) "
            "AND NOT EXISTS (SELECT 1 FROM instance i JOIN open_record o ON o.consumer = i.id AND "
            "o.channel = p.channel AND o.seq BETWEEN p.first_seq AND p.first_seq + p.count - 1) "
            "LIMIT ?2",
            older_than.milliseconds(), kPages);
        while (found.next())
            pages.push_back({found.integer(0), found.integer(1), found.integer(2)});
    }
    Slice slice;
    for (const Page& page : pages) {
        database.run("DELETE FROM channel_page WHERE id = ?1", page.id);
        database.run("DELETE FROM payload WHERE id = ?1", page.payload);
        slice.records += page.count;
    }
    slice.more = static_cast<std::int64_t>(pages.size()) == kPages;
    return slice;
}

Slice purge_payloads(Connection& database, UtcTime now) {
    const std::int64_t purged = database.run(
        "UPDATE payload SET bytes = NULL WHERE id IN (SELECT id FROM payload WHERE expiry > 0 AND "
        "bytes IS NOT NULL AND expiry <= ?1 ORDER BY expiry LIMIT ?2)",
        now.milliseconds(), kPayloads);
    return {0, purged == kPayloads};
}

std::int64_t forget_errors(Connection& database, UtcTime before, std::size_t limit) {
    return database.run(
        "DELETE FROM error WHERE id IN (SELECT id FROM error WHERE state = 2 AND resolved_at < ?1 "
        "ORDER BY resolved_at LIMIT ?2)",
        before.milliseconds(), limit);
}

std::int64_t forget_runs(Connection& database, UtcTime before, std::size_t limit) {
    std::vector<std::int64_t> runs;
    {
        // A run that a crash cut off has no end; the next run of its instance shows that it is
        // over.
        Query found = database.query(
            "SELECT id FROM run r WHERE started_at < ?1 AND (ended_at BETWEEN 1 AND ?1 - 1 OR "
            "(ended_at = 0 AND EXISTS (SELECT 1 FROM run n WHERE n.instance = r.instance AND "
            "n.id > r.id))) ORDER BY started_at LIMIT ?2",
            before.milliseconds(), limit);
        while (found.next()) runs.push_back(found.integer(0));
    }
    for (const std::int64_t run : runs) {
        database.run(
            "INSERT INTO past_run(instance, seen, done, waiting, failed, unknown, written) "
            "SELECT instance, seen, done, waiting, failed, unknown, written FROM run WHERE id = ?1 "
            "ON CONFLICT(instance) DO UPDATE SET seen = seen + excluded.seen, "
            "done = done + excluded.done, waiting = waiting + excluded.waiting, "
            "failed = failed + excluded.failed, unknown = unknown + excluded.unknown, "
            "written = written + excluded.written",
            run);
        database.run(
            "INSERT INTO past_skipped(instance, reason, n) SELECT r.instance, s.reason, s.n FROM "
            "run_skipped s JOIN run r ON r.id = s.run WHERE s.run = ?1 "
            "ON CONFLICT(instance, reason) DO UPDATE SET n = n + excluded.n",
            run);
        database.run("DELETE FROM run_skipped WHERE run = ?1", run);
        database.run("DELETE FROM run WHERE id = ?1", run);
    }
    return static_cast<std::int64_t>(runs.size());
}

std::int64_t forget_requests(Connection& database, UtcTime before, std::size_t limit) {
    return database.run(
        "DELETE FROM request WHERE id IN (SELECT id FROM request WHERE answered = 1 AND at < ?1 "
        "ORDER BY at LIMIT ?2)",
        before.milliseconds(), limit);
}

}  // namespace carrick::store::sqlite
