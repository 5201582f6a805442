// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/commit_writer.hpp"

#include "core/base/failpoint.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace carrick::store::sqlite {

namespace {

// An amount such as "-25.98 USD" as a number of ten-thousandths, for ordering only: what does not
// fit stands at the end of the range, what is no number counts as nothing.
std::int64_t rank_of_value(std::string_view text) {
    constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / 10 - 9;
    std::size_t at = 0;
    const bool negative = !text.empty() && text[0] == '-';
    if (negative) ++at;
    std::int64_t rank = 0;
    int decimals = -1;
    for (; at < text.size() && decimals < 4; ++at) {
        if (text[at] == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (text[at] < '0' || text[at] > '9') break;
        if (rank > kLimit) break;
        rank = rank * 10 + (text[at] - '0');
        if (decimals >= 0) ++decimals;
    }
    for (decimals = std::max(decimals, 0); decimals < 4; ++decimals)
        rank = rank > kLimit ? kLimit : rank * 10;
    return negative ? -rank : rank;
}

class CommitWriter {
public:
    CommitWriter(Connection& database, const Commit& commit, const CommitRules& rules)
        : database_(database), commit_(commit), rules_(rules), bodies_(database) {}

    Receipt write() {
        advance();
        if (commit_.checkpoint) put_checkpoint(*commit_.checkpoint);
        for (const Cursor& cursor : commit_.cursors) put_cursor(cursor);
        for (const Position& position : commit_.open_settled) settle_open(position);
        for (const OpenRecord& record : commit_.open_put) put_open(record);
        for (const Position& position : commit_.attempts_settled) settle_attempts(position);
        for (const Attempt& attempt : commit_.attempts_put) put_attempt(attempt);
        failpoint::pass("store.mid_commit");
        put_ledger(database_, rules_.hash, commit_.instance, commit_.ledger);
        for (const Link& link : commit_.links) put_link(link);
        for (const auto& [key, resolution] : commit_.resolve_key_errors)
            resolve_errors(key, resolution);
        for (const ErrorRow& row : commit_.errors) add_error(row);
        for (const RequestEffect& effect : commit_.requests) note_effect(effect);
        add_to_run();
        for (const auto& [bucket, level] : commit_.bucket_levels) put_bucket(bucket, level);
        write_open_counts();
        return std::move(receipt_);
    }

private:
    [[nodiscard]] UtcTime expiry() const {
        return rules_.payload_life.count() > 0 ? commit_.now + rules_.payload_life : UtcTime();
    }

    // The guard against lost races, and the append that depends on it.
    void advance() {
        Seq channel_end = 0;
        {
            Query row =
                database_.query("SELECT last_commit, channel_end, flow FROM instance WHERE id = ?1",
                                commit_.instance);
            if (!row.next())
                throw Failure(
                    bug("store.unknown_instance", "instance " + std::to_string(commit_.instance) +
                                                      " is not in this store; load it first"));
            if (row.integer(0) != commit_.expected_commit)
                throw Failure(
                    bug("store.fenced", "instance " + std::to_string(commit_.instance) +
                                            " stands at commit " + std::to_string(row.integer(0)) +
                                            ", this one was made for " +
                                            std::to_string(commit_.expected_commit) +
                                            "; nothing was written, load the instance again"));
            channel_end = row.integer(1);
            flow_ = row.text(2);
        }
        append_records(database_, commit_.instance, channel_end + 1, commit_.append, commit_.now,
                       expiry());
        receipt_.commit = commit_.expected_commit + 1;
        receipt_.last_appended = channel_end + static_cast<Seq>(commit_.append.size());
        database_.run(
            "UPDATE instance SET last_commit = ?2, last_commit_at = ?3, channel_end = ?4 "
            "WHERE id = ?1",
            commit_.instance, receipt_.commit, commit_.now.milliseconds(), receipt_.last_appended);
    }

    void put_checkpoint(const Checkpoint& checkpoint) {
        database_.run(
            "INSERT INTO checkpoint(instance, stream, text, look_again_at) VALUES(?1, ?2, ?3, ?4) "
            "ON CONFLICT(instance, stream) DO UPDATE SET text = excluded.text, "
            "look_again_at = excluded.look_again_at",
            commit_.instance, checkpoint.stream, checkpoint.text,
            checkpoint.look_again_at.milliseconds());
    }

    void put_cursor(const Cursor& cursor) {
        const std::int64_t moved = database_.run(
            "UPDATE cursor SET seq = ?3 WHERE consumer = ?1 AND channel = ?2 AND seq <= ?3 AND "
            "?3 <= (SELECT channel_end FROM instance WHERE id = ?2)",
            commit_.instance, cursor.channel, cursor.seq);
        if (moved == 0)
            throw Failure(bug("store.cursor",
                              "instance " + std::to_string(commit_.instance) +
                                  " cannot move its cursor on channel " +
                                  std::to_string(cursor.channel) + " to " +
                                  std::to_string(cursor.seq) +
                                  ": it is not subscribed, or that is behind its place or past "
                                  "the end; nothing was written"));
    }

    // ---- open records ----

    struct OpenRow {
        int state = 0;
        BodyPlace body;
        bool owns_payload = false;
        std::string awaited_link;
    };

    std::optional<OpenRow> find_open(const Position& at) {
        Query row = database_.query(
            "SELECT state, payload_id, body_offset, body_length, owns_payload, awaited_link "
            "FROM open_record WHERE consumer = ?1 AND channel = ?2 AND seq = ?3",
            commit_.instance, at.channel, at.seq);
        if (!row.next()) return std::nullopt;
        return OpenRow{row.small(0),
                       {row.integer(1), row.integer(2), row.integer(3)},
                       row.integer(4) != 0,
                       row.text(5)};
    }

    void free_payload(std::int64_t payload) {
        database_.run("DELETE FROM payload WHERE id = ?1", payload);
    }

    void settle_open(const Position& at) {
        const std::optional<OpenRow> old = find_open(at);
        if (!old) return;
        count_open(commit_.instance, old->state, -1);
        if (old->owns_payload) free_payload(old->body.payload);
        database_.run("DELETE FROM open_record WHERE consumer = ?1 AND channel = ?2 AND seq = ?3",
                      commit_.instance, at.channel, at.seq);
    }

    // The body that the row will refer to, and whether that payload is the row's own.
    std::pair<BodyPlace, bool> body_for(const OpenRecord& record,
                                        const std::optional<OpenRow>& old) {
        const std::string& body = record.record.body;
        const bool own = old && old->owns_payload;
        const std::optional<BodyPlace> current =
            old ? old->body : bodies_.find(record.channel, record.seq);
        if (body.empty()) {
            if (!current) throw unknown_record(record.channel, record.seq);
            return {*current, own};
        }
        // Who hands back the body that he read changes nothing: no second copy of it.
        if (current && current->length == static_cast<std::int64_t>(body.size()) &&
            read_body(database_, *current) == body)
            return {*current, own};
        if (own) free_payload(old->body.payload);
        const std::int64_t payload = put_payload(database_, body, PayloadClass::Personal, expiry());
        return {{payload, 0, static_cast<std::int64_t>(body.size())}, true};
    }

    // A link may have appeared after the plugin looked for it and before this commit: then no
    // later commit would wake the record. Who waits once more for the same link, and says when to
    // look again, knows that it is there: woken each time, he would spin.
    bool link_is_there_already(const OpenRecord& record, const std::optional<OpenRow>& old) {
        if (record.state != OpenState::Waiting || record.awaited_link.empty()) return false;
        const bool knows = old && old->awaited_link == record.awaited_link;
        if (knows && record.look_again_at != UtcTime()) return false;
        const std::size_t colon = record.awaited_link.find(':');
        if (colon == std::string::npos) return false;
        return database_
            .integer("SELECT 1 FROM link WHERE kind = ?1 AND source = ?2 LIMIT 1",
                     record.awaited_link.substr(0, colon), record.awaited_link.substr(colon + 1))
            .has_value();
    }

    void put_open(const OpenRecord& record) {
        const Position at{record.channel, record.seq};
        const std::optional<OpenRow> old = find_open(at);
        if (old) count_open(commit_.instance, old->state, -1);
        const auto [body, owns_payload] = body_for(record, old);
        const bool woken = link_is_there_already(record, old);
        const OpenState state = woken ? OpenState::Ready : record.state;
        if (woken) receipt_.woken.emplace_back(commit_.instance, at);
        count_open(commit_.instance, static_cast<int>(state), 1);
        const std::string header = encode_headers({&record.record, 1});
        database_.run(
            "INSERT OR REPLACE INTO open_record(consumer, channel, seq, state, tries, since, "
            "look_again_at, deadline, error_id, payload_id, body_offset, body_length, "
            "owns_payload, awaited_link, stage, reason, token, header, in_question) VALUES(?1, "
            "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
            commit_.instance, at.channel, at.seq, state, record.tries, record.since.milliseconds(),
            woken ? 0 : record.look_again_at.milliseconds(), record.deadline.milliseconds(),
            record.error_id, body.payload, body.offset, body.length, owns_payload,
            record.awaited_link, record.stage, record.reason, record.token, Blob{header},
            record.in_question);
    }

    void count_open(InstanceNumber consumer, int state, std::int64_t change) {
        open_changes_[{consumer, state}] += change;
    }

    void write_open_counts() {
        for (const auto& [of, change] : open_changes_)
            if (change != 0)
                database_.run(
                    "INSERT INTO open_count(consumer, state, n) VALUES(?1, ?2, ?3) "
                    "ON CONFLICT(consumer, state) DO UPDATE SET n = n + excluded.n",
                    of.first, of.second, change);
    }

    // ---- attempts ----

    void settle_attempts(const Position& at) {
        database_.run(
            "DELETE FROM payload WHERE id IN (SELECT payload_id FROM attempt WHERE consumer = ?1 "
            "AND channel = ?2 AND seq = ?3)",
            commit_.instance, at.channel, at.seq);
        database_.run("DELETE FROM attempt WHERE consumer = ?1 AND channel = ?2 AND seq = ?3",
                      commit_.instance, at.channel, at.seq);
    }

    void put_attempt(const Attempt& attempt) {
        if (const std::optional<std::int64_t> old = database_.integer(
                "SELECT payload_id FROM attempt WHERE consumer = ?1 AND channel = ?2 AND seq = ?3 "
                "AND write = ?4 AND external_id = ?5",
                commit_.instance, attempt.channel, attempt.seq, attempt.write, attempt.external_id))
            free_payload(*old);
        const std::int64_t payload =
            put_payload(database_, attempt.body, PayloadClass::Personal, expiry());
        database_.run(
            "INSERT OR REPLACE INTO attempt(consumer, channel, seq, write, external_id, "
            "started_at, payload_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            commit_.instance, attempt.channel, attempt.seq, attempt.write, attempt.external_id,
            attempt.started_at.milliseconds(), payload);
    }

    // ---- links ----

    void put_link(const Link& link) {
        database_.run("INSERT OR IGNORE INTO link(kind, source, target) VALUES(?1, ?2, ?3)",
                      link.kind, link.from, link.to);
        Query woken = database_.query(
            "UPDATE open_record SET state = 1, look_again_at = 0 WHERE awaited_link = ?1 AND "
            "awaited_link <> '' AND state = 2 RETURNING consumer, channel, seq",
            link.kind + ":" + link.from);
        while (woken.next()) {
            const InstanceNumber consumer = woken.integer(0);
            receipt_.woken.emplace_back(consumer, Position{woken.integer(1), woken.integer(2)});
            count_open(consumer, static_cast<int>(OpenState::Waiting), -1);
            count_open(consumer, static_cast<int>(OpenState::Ready), 1);
        }
    }

    // ---- the error queue ----

    void resolve_errors(const std::string& key, const std::string& resolution) {
        database_.run(
            "UPDATE error SET state = 2, resolved_at = ?3, resolution = ?4 WHERE instance = ?1 "
            "AND key = ?2 AND state = 1",
            commit_.instance, key, commit_.now.milliseconds(), resolution);
    }

    void add_error(const ErrorRow& row) {
        const std::int64_t due = row.due.milliseconds();
        database_.run(
            "INSERT INTO error(instance, flow, channel, seq, key, stage, class, code, message, "
            "field, fingerprint, value, value_rank, due, due_rank, at, tries, state, resolved_at, "
            "resolution) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
            "?16, ?17, ?18, ?19, ?20)",
            commit_.instance, flow_, row.channel, row.seq, row.key, row.stage, row.error_class,
            row.code, row.message, row.field, row.fingerprint, row.value, rank_of_value(row.value),
            due, due == 0 ? std::numeric_limits<std::int64_t>::max() : due, row.at.milliseconds(),
            row.tries, row.state, row.resolved_at.milliseconds(), row.resolution);
        receipt_.error_ids.push_back(database_.last_id());
        // The engine could not know the number when it made the record's own row.
        database_.run(
            "UPDATE open_record SET error_id = ?4 WHERE consumer = ?1 AND channel = ?2 AND "
            "seq = ?3",
            commit_.instance, row.channel, row.seq, receipt_.error_ids.back());
    }

    // ---- requests ----

    void note_effect(const RequestEffect& effect) {
        database_.run(
            "UPDATE request SET retried = retried + ?2, released = released + ?3 WHERE id = ?1",
            effect.id, effect.retried, effect.released);
    }

    // ---- runs and buckets ----

    void add_to_run() {
        const RunCounts& counts = commit_.counts;
        if (commit_.run == 0) return;
        const std::int64_t known = database_.run(
            "UPDATE run SET seen = seen + ?2, done = done + ?3, waiting = waiting + ?4, "
            "failed = failed + ?5, unknown = unknown + ?6, written = written + ?7, "
            "ended_at = CASE WHEN ?8 THEN ?9 ELSE ended_at END WHERE id = ?1 AND instance = ?10",
            commit_.run, counts.seen, counts.done, counts.waiting, counts.failed, counts.unknown,
            counts.written, commit_.run_ended, commit_.now.milliseconds(), commit_.instance);
        if (known == 0)
            throw Failure(bug("store.unknown_run", "instance " + std::to_string(commit_.instance) +
                                                       " has no run " +
                                                       std::to_string(commit_.run)));
        for (const auto& [reason, count] : counts.skipped)
            database_.run(
                "INSERT INTO run_skipped(run, reason, n) VALUES(?1, ?2, ?3) "
                "ON CONFLICT(run, reason) DO UPDATE SET n = n + excluded.n",
                commit_.run, reason, count);
    }

    void put_bucket(const std::string& bucket, const std::string& level) {
        database_.run(
            "INSERT INTO bucket(name, level) VALUES(?1, ?2) "
            "ON CONFLICT(name) DO UPDATE SET level = excluded.level",
            bucket, level);
    }

    Connection& database_;
    const Commit& commit_;
    const CommitRules& rules_;
    BodyFinder bodies_;
    std::string flow_;
    Receipt receipt_;
    std::map<std::pair<InstanceNumber, int>, std::int64_t> open_changes_;
};

}  // namespace

Receipt write_commit(Connection& database, const Commit& commit, const CommitRules& rules) {
    return CommitWriter(database, commit, rules).write();
}

}  // namespace carrick::store::sqlite
