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

}  // namespace carrick::store::sqlite
