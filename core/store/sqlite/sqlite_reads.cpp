// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/sqlite_reads.hpp"

#include "core/store/sqlite/channel_pages.hpp"

#include <algorithm>
#include <limits>

namespace carrick::store::sqlite {

namespace {

std::vector<OpenRecord> read_open(Connection& database, InstanceNumber consumer) {
    std::vector<OpenRecord> open;
    Query row = database.query(
        "SELECT channel, seq, state, tries, since, look_again_at, deadline, error_id, stage, "
        "reason, token, awaited_link, header, in_question FROM open_record WHERE consumer = ?1 "
        "ORDER BY channel, seq",
        consumer);
    while (row.next()) {
        OpenRecord record;
        record.channel = row.integer(0);
        record.seq = row.integer(1);
        record.state = static_cast<OpenState>(row.small(2));
        record.tries = row.small(3);
        record.since = UtcTime(row.integer(4));
        record.look_again_at = UtcTime(row.integer(5));
        record.deadline = UtcTime(row.integer(6));
        record.error_id = row.integer(7);
        record.stage = row.text(8);
        record.reason = row.text(9);
        record.token = row.text(10);
        record.awaited_link = row.text(11);
        record.in_question = row.integer(13) != 0;
        std::vector<Header> header = decode_headers(row.bytes(12));
        if (header.size() != 1)
            throw Failure(error_of(SQLITE_CORRUPT, "reading an open record", "no header"));
        record.record = std::move(header.front().record);
        open.push_back(std::move(record));
    }
    return open;
}

std::vector<Attempt> read_attempts(Connection& database, InstanceNumber consumer) {
    std::vector<Attempt> attempts;
    Query row = database.query(
        "SELECT a.channel, a.seq, a.write, a.external_id, a.started_at, p.bytes FROM attempt a "
        "LEFT JOIN payload p ON p.id = a.payload_id WHERE a.consumer = ?1 "
        "ORDER BY a.channel, a.seq, a.write, a.external_id",
        consumer);
    while (row.next())
        attempts.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(5),
                            UtcTime(row.integer(4))});
    return attempts;
}

// ---- errors ----

ErrorRow error_of_row(const Query& row) {
    ErrorRow error;
    error.id = row.integer(0);
    error.instance = {row.text(1), row.text(2), row.text(3)};
    error.channel = row.integer(4);
    error.seq = row.integer(5);
    error.key = row.text(6);
    error.stage = row.text(7);
    error.error_class = static_cast<ErrorClass>(row.small(8));
    error.code = row.text(9);
    error.message = row.text(10);
    error.field = row.text(11);
    error.fingerprint = row.text(12);
    error.value = row.text(13);
    error.due = UtcTime(row.integer(14));
    error.at = UtcTime(row.integer(15));
    error.tries = row.small(16);
    error.state = static_cast<ErrorState>(row.small(17));
    error.resolved_at = UtcTime(row.integer(18));
    error.resolution = row.text(19);
    return error;
}

#define CARRICK_ERROR_SELECT                                                                  \
    "SELECT e.id, i.flow, i.origin, i.partition, e.channel, e.seq, e.key, e.stage, e.class, " \
    "e.code, e.message, e.field, e.fingerprint, e.value, e.due, e.at, e.tries, e.state, "     \
    "e.resolved_at, e.resolution FROM error e JOIN instance i ON i.id = e.instance WHERE "

EngineRequest request_of_row(const Query& row) {
    return {row.integer(0),          row.text(1),         row.text(2), row.text(3),
            UtcTime(row.integer(4)), row.integer(5) != 0, row.text(6), row.integer(7),
            row.integer(8)};
}

}  // namespace

std::optional<InstanceNumber> find_instance(Connection& database, const InstanceName& name) {
    return database.integer(
        "SELECT id FROM instance WHERE flow = ?1 AND origin = ?2 AND partition = ?3", name.flow,
        name.origin, name.partition);
}

InstanceState read_instance(Connection& database, InstanceNumber number) {
    InstanceState state;
    state.number = number;
    {
        Query row =
            database.query("SELECT last_commit, channel_end FROM instance WHERE id = ?1", number);
        if (row.next()) {
            state.last_commit = row.integer(0);
            state.channel_end = row.integer(1);
        }
    }
    {
        Query row = database.query(
            "SELECT stream, text, look_again_at FROM checkpoint WHERE instance = ?1 "
            "ORDER BY stream",
            number);
        while (row.next())
            state.checkpoints.push_back({row.text(0), row.text(1), UtcTime(row.integer(2))});
    }
    {
        Query row = database.query(
            "SELECT channel, seq FROM cursor WHERE consumer = ?1 ORDER BY channel", number);
        while (row.next()) state.cursors.push_back({row.integer(0), row.integer(1)});
    }
    state.open = read_open(database, number);
    state.attempts = read_attempts(database, number);
    return state;
}

std::vector<InstanceName> read_instances(Connection& database) {
    std::vector<InstanceName> names;
    Query row = database.query("SELECT flow, origin, partition FROM instance ORDER BY id");
    while (row.next()) names.push_back({row.text(0), row.text(1), row.text(2)});
    return names;
}

Seq read_channel_end(Connection& database, InstanceNumber channel) {
    const std::optional<std::int64_t> end =
        database.integer("SELECT channel_end FROM instance WHERE id = ?1", channel);
    if (!end)
        throw Failure(bug("store.unknown_instance",
                          "instance " + std::to_string(channel) + " is not in this store"));
    return *end;
}

std::vector<std::string> read_bodies(Connection& database, InstanceNumber consumer,
                                     std::span<const Position> positions) {
    std::vector<std::string> bodies;
    bodies.reserve(positions.size());
    BodyFinder finder(database);
    for (const Position& at : positions) {
        std::optional<BodyPlace> place;
        {
            Query row = database.query(
                "SELECT payload_id, body_offset, body_length FROM open_record WHERE "
                "consumer = ?1 AND channel = ?2 AND seq = ?3",
                consumer, at.channel, at.seq);
            if (row.next()) place = BodyPlace{row.integer(0), row.integer(1), row.integer(2)};
        }
        // A record that is not open (settled since, or not yet met) has its body in its page.
        if (!place) place = finder.find(at.channel, at.seq);
        if (!place) throw unknown_record(at.channel, at.seq);
        bodies.push_back(read_body(database, *place));
    }
    return bodies;
}

std::vector<std::string> read_links(Connection& database, std::string_view kind,
                                    std::string_view from) {
    std::vector<std::string> targets;
    Query row = database.query(
        "SELECT target FROM link WHERE kind = ?1 AND source = ?2 ORDER BY target", kind, from);
    while (row.next()) targets.push_back(row.text(0));
    return targets;
}

std::vector<Run> read_runs(Connection& database, std::size_t limit) {
    std::vector<Run> runs;
    {
        Query row = database.query(
            "SELECT r.id, i.flow, i.origin, i.partition, r.cause, r.started_at, r.ended_at, "
            "r.seen, r.done, r.waiting, r.failed, r.unknown, r.written FROM run r "
            "JOIN instance i ON i.id = r.instance ORDER BY r.id DESC LIMIT ?1",
            std::min<std::size_t>(limit, std::numeric_limits<int>::max()));
        while (row.next()) {
            Run run;
            run.id = row.integer(0);
            run.instance = {row.text(1), row.text(2), row.text(3)};
            run.trigger = row.text(4);
            run.started_at = UtcTime(row.integer(5));
            run.ended_at = UtcTime(row.integer(6));
            run.counts = {row.integer(7),  row.integer(8), {}, row.integer(9), row.integer(10),
                          row.integer(11), row.integer(12)};
            runs.push_back(std::move(run));
        }
    }
    for (Run& run : runs) {
        Query row = database.query("SELECT reason, n FROM run_skipped WHERE run = ?1", run.id);
        while (row.next()) run.counts.skipped[row.text(0)] = row.integer(1);
    }
    return runs;
}

std::vector<RunTotals> read_totals(Connection& database, std::int64_t since_run) {
    std::map<InstanceNumber, RunTotals> totals;
    {
        Query row = database.query(
            "SELECT id, flow, origin, partition, last_commit_at FROM instance ORDER BY id");
        while (row.next()) {
            RunTotals& its = totals[row.integer(0)];
            its.instance = {row.text(1), row.text(2), row.text(3)};
            its.last_commit_at = UtcTime(row.integer(4));
        }
    }
    {
        Query row = database.query(
            "SELECT instance, sum(seen), sum(done), sum(waiting), sum(failed), sum(unknown), "
            "sum(written) FROM (SELECT instance, seen, done, waiting, failed, unknown, written "
            "FROM run WHERE id > ?1 UNION ALL SELECT instance, seen, done, waiting, failed, "
            "unknown, written FROM past_run WHERE ?1 = 0) GROUP BY instance",
            since_run);
        while (row.next())
            totals[row.integer(0)].counts = {row.integer(1), row.integer(2), {},
                                             row.integer(3), row.integer(4), row.integer(5),
                                             row.integer(6)};
    }
    {
        Query row = database.query(
            "SELECT instance, reason, sum(n) FROM (SELECT r.instance, s.reason, s.n FROM "
            "run_skipped s JOIN run r ON r.id = s.run WHERE s.run > ?1 UNION ALL "
            "SELECT instance, reason, n FROM past_skipped WHERE ?1 = 0) GROUP BY instance, reason",
            since_run);
        while (row.next()) totals[row.integer(0)].counts.skipped[row.text(1)] = row.integer(2);
    }
    Query row = database.query("SELECT consumer, state, n FROM open_count");
    while (row.next()) {
        RunTotals& its = totals[row.integer(0)];
        const std::int64_t n = row.integer(2);
        switch (static_cast<OpenState>(row.small(1))) {
            case OpenState::Ready: its.open_ready += n; break;
            case OpenState::Waiting:
            case OpenState::Retrying: its.open_waiting += n; break;
            case OpenState::Failed:
            case OpenState::Unknown: its.open_failed += n; break;
            case OpenState::Shadow: its.open_shadow += n; break;
        }
    }
    std::vector<RunTotals> result;
    result.reserve(totals.size());
    for (auto& [number, its] : totals) result.push_back(std::move(its));
    return result;
}

std::vector<ErrorRow> read_errors(Connection& database, const ErrorFilter& filter) {
    // An empty text or a 0 switches its condition off. One statement for each order, so that each
    // can walk its own index from where the last page ended.
    const std::size_t limit = std::min<std::size_t>(filter.limit, 10'000);
    const int open_only = filter.open_only ? 1 : 0;
    std::vector<ErrorRow> errors;
    const auto read = [&](Query&& row) {
        while (row.next()) errors.push_back(error_of_row(row));
    };
    switch (filter.order) {
        case ErrorFilter::Order::ById:
            read(database.query(
                CARRICK_ERROR_SELECT
                "e.id > ?1 AND (?2 = '' OR e.flow = ?2) AND (?3 = '' OR e.fingerprint = ?3) AND "
                "(?4 = 0 OR e.state = 1) ORDER BY e.id LIMIT ?5",
                filter.after_id, filter.flow, filter.fingerprint, open_only, limit));
            break;
        case ErrorFilter::Order::ByValue:
            read(database.query(
                CARRICK_ERROR_SELECT
                "(?1 = 0 OR (-e.value_rank, e.id) > (SELECT -value_rank, id FROM error WHERE "
                "id = ?1)) AND (?2 = '' OR e.flow = ?2) AND (?3 = '' OR e.fingerprint = ?3) AND "
                "(?4 = 0 OR e.state = 1) ORDER BY e.value_rank DESC, e.id LIMIT ?5",
                filter.after_id, filter.flow, filter.fingerprint, open_only, limit));
            break;
        case ErrorFilter::Order::ByDue:
            read(database.query(
                CARRICK_ERROR_SELECT
                "(?1 = 0 OR (e.due_rank, e.id) > (SELECT due_rank, id FROM error WHERE "
                "id = ?1)) AND (?2 = '' OR e.flow = ?2) AND (?3 = '' OR e.fingerprint = ?3) AND "
                "(?4 = 0 OR e.state = 1) ORDER BY e.due_rank, e.id LIMIT ?5",
                filter.after_id, filter.flow, filter.fingerprint, open_only, limit));
            break;
    }
    return errors;
}

std::optional<ErrorRow> read_error(Connection& database, std::int64_t id) {
    Query row = database.query(CARRICK_ERROR_SELECT "e.id = ?1", id);
    if (!row.next()) return std::nullopt;
    return error_of_row(row);
}

std::vector<EngineRequest> read_pending_requests(Connection& database) {
    std::vector<EngineRequest> requests;
    Query row = database.query(
        "SELECT id, kind, arguments, who, at, answered, answer, retried, released FROM request "
        "WHERE answered = 0 ORDER BY id");
    while (row.next()) requests.push_back(request_of_row(row));
    return requests;
}

std::optional<EngineRequest> read_request(Connection& database, std::int64_t id) {
    Query row = database.query(
        "SELECT id, kind, arguments, who, at, answered, answer, retried, released FROM request "
        "WHERE id = ?1",
        id);
    if (!row.next()) return std::nullopt;
    return request_of_row(row);
}

}  // namespace carrick::store::sqlite
