// SPDX-License-Identifier: Apache-2.0
// Store: everything that must survive, behind one interface. SQLite is the embedded default; a
// PostgreSQL implementation for several nodes follows the same contract.
//
// Vocabulary
//   instance   one flow for one (origin, partition); it produces one channel and has cursors on
//              the channels that it reads.
//   channel    the append-only log of a producing instance; a record's place in it is its seq
//              (1, 2, 3 ... without gaps).
//   cursor     every record of the channel up to and including it is settled by this consumer or
//              stands among its open records.
//   open       a record that a consumer has met and not settled: ready, waiting, retrying, failed,
//              unknown or shadowed.
//
// Exactly once rests on `commit`: one transaction with everything a page of work changed, refused
// as a whole when its epoch or sequence is stale.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::store {

using InstanceNumber = std::int64_t;  ///< the store's own number for an instance
using Seq = std::int64_t;

/// SHA-256 of a record's body, cut to 16 bytes.
using ContentHash = std::array<std::uint8_t, 16>;

struct InstanceName {
    std::string flow;
    std::string origin;     ///< id of the Amazon connection
    std::string partition;  ///< marketplace code or empty
    auto operator<=>(const InstanceName&) const = default;
};

struct Record {
    std::string type;
    std::string origin;
    std::string partition;
    std::string key;  ///< never personal data
    UtcTime version;
    UtcTime event_time;
    UtcTime due;  ///< 0 = none
    std::string value;
    ContentHash content_hash{};
    int stream_rank = 0;   ///< of the source stream it came by; the higher wins at equal versions
    bool preview = false;  ///< appended by a shadowed flow; settles nothing
    std::string body;      ///< JSON object; personal
};

struct StoredRecord {
    InstanceNumber channel = 0;
    Seq seq = 0;
    Record record;
};

enum class OpenState {
    Ready = 1,     ///< can run now (or at look_again_at, after a retry or a wait)
    Waiting = 2,   ///< for time or a link; not an error
    Retrying = 3,  ///< transient or throttled; runs at look_again_at
    Failed = 4,    ///< in the error queue: a person or a rule decides
    Unknown = 5,   ///< a write's answer was lost and reconcile could not tell
    Shadow = 6,    ///< mapped and proven, held because its target is in shadow
};

/// A record that a consumer has met and not settled. Key: (consumer, channel, seq).
struct OpenRecord {
    InstanceNumber channel = 0;
    Seq seq = 0;
    Record record;  ///< its body may be left empty where only the state changes (see `Commit`)
    OpenState state = OpenState::Ready;
    std::string stage;   ///< where it stopped: "needs", "deliver", ...
    std::string reason;  ///< for people
    std::string token;   ///< waiting: given back to resume
    /// "kind:from"; a commit that puts this link makes the record Ready. So does its own, where the
    /// link is there by then, unless it waits for the same link again and names `look_again_at`.
    std::string awaited_link;
    UtcTime since;
    UtcTime look_again_at;  ///< 0 = now
    UtcTime deadline;       ///< waiting: becomes an error then; 0 = none
    int tries = 0;
    std::int64_t error_id = 0;  ///< its row in the error queue; 0 = none
    /// A write of it may be on its way that is safe to repeat: newer versions wait for its answer.
    bool in_question = false;
};

/// Written and committed before a write that the target does not make safe to repeat.
struct Attempt {
    InstanceNumber channel = 0;
    Seq seq = 0;
    std::string write;
    std::string external_id;
    std::string body;  ///< personal
    UtcTime started_at;
};

/// What a key became in the target. One row per (instance, key), replaced by newer versions.
struct LedgerEntry {
    std::string key;
    UtcTime version;
    ContentHash content_hash{};
    int stream_rank = 0;
    std::string target_ids;  ///< JSON object: write name -> id; "{}" where nothing was written
};

struct Link {
    std::string kind;  ///< "amazon_order.sales_order"
    std::string from;
    std::string to;
};

enum class ErrorState { Open = 1, Resolved = 2 };

/// A row of the error queue. Never edited silently: it is resolved, with how. An open one is never
/// deleted, a resolved one by `Store::forget_history`.
struct ErrorRow {
    std::int64_t id = 0;  ///< given by the store
    InstanceName instance;
    InstanceNumber channel = 0;
    Seq seq = 0;
    std::string key;
    std::string stage;
    ErrorClass error_class = ErrorClass::Bug;
    std::string code;
    std::string message;
    std::string field;
    std::string fingerprint;  ///< groups errors that one remedy may settle
    std::string value;        ///< money at stake
    UtcTime due;
    UtcTime at;
    int tries = 0;
    ErrorState state = ErrorState::Open;
    UtcTime resolved_at;
    std::string resolution;  ///< "retried by ops", "succeeded later", ...
};

struct Checkpoint {
    std::string stream;
    std::string text;       ///< opaque, at most 64 KiB
    UtcTime look_again_at;  ///< when the stream runs next; 0 = by schedule
};

struct Cursor {
    InstanceNumber channel = 0;
    Seq seq = 0;
};

struct Position {
    InstanceNumber channel = 0;
    Seq seq = 0;
    auto operator<=>(const Position&) const = default;
};

/// Counts of one run, added up in the transaction that makes them true.
struct RunCounts {
    std::int64_t seen = 0;
    std::int64_t done = 0;
    std::map<std::string, std::int64_t> skipped;  ///< reason -> count
    std::int64_t waiting = 0;  ///< outcomes, not records: may count one record twice
    std::int64_t failed = 0;
    std::int64_t unknown = 0;
    std::int64_t written = 0;  ///< documents created or updated in a target

    void add(const RunCounts& other);
};

struct Run {
    std::int64_t id = 0;
    InstanceName instance;
    std::string trigger;  ///< "schedule", "once", "retry", ...
    UtcTime started_at;
    UtcTime ended_at;
    RunCounts counts;
};

/// What a commit carried out of a request to the engine, counted in the request's row in the same
/// transaction: whoever meets the request again knows that it was done.
struct RequestEffect {
    std::int64_t id = 0;
    std::int64_t retried = 0;   ///< records that will run again, or that a person has settled
    std::int64_t released = 0;  ///< instances whose hold was settled
};

/// What one page of work changed. Everything in it becomes true together or not at all.
struct Commit {
    InstanceNumber instance = 0;
    std::uint64_t epoch = 0;  ///< from Store::open; a stale one commits nothing
    std::int64_t expected_commit =
        0;  ///< number of the instance's last commit; guards against a lost race

    std::optional<Checkpoint> checkpoint;
    std::vector<Record> append;  ///< to this instance's own channel, in this order
    std::vector<Cursor> cursors;
    /// Inserted or replaced. A row whose record body is empty keeps the body it refers to (in the
    /// channel, or replaced earlier); a body that is given replaces it for this consumer.
    std::vector<OpenRecord> open_put;
    std::vector<Position> open_settled;
    std::vector<Attempt> attempts_put;
    std::vector<Position> attempts_settled;
    std::vector<LedgerEntry> ledger;
    std::vector<Link> links;
    std::vector<ErrorRow> errors;  ///< ids are given in order; see Receipt
    std::vector<std::pair<std::string, std::string>>
        resolve_key_errors;  ///< key, resolution: all open errors of it
    std::vector<RequestEffect> requests;
    std::int64_t run = 0;
    RunCounts counts;
    bool run_ended = false;
    std::vector<std::pair<std::string, std::string>> bucket_levels;  ///< bucket -> level text
    UtcTime now;                                                     ///< the engine's clock
};

struct Receipt {
    std::int64_t commit = 0;  ///< the instance's commit number after this one
    Seq last_appended = 0;
    std::vector<std::int64_t> error_ids;
    /// Open records of any instance that a link of this commit made Ready.
    std::vector<std::pair<InstanceNumber, Position>> woken;
};

/// What an instance needs to go on after a start.
struct InstanceState {
    InstanceNumber number = 0;
    std::int64_t last_commit = 0;
    std::vector<Checkpoint> checkpoints;
    std::vector<Cursor> cursors;
    std::vector<OpenRecord> open;  ///< without bodies; see Store::bodies
    std::vector<Attempt> attempts;
    std::int64_t channel_end = 0;  ///< last seq of its own channel
};

struct ErrorFilter {
    std::string flow;         ///< empty = all
    std::string fingerprint;  ///< empty = all
    bool open_only = true;
    std::int64_t after_id = 0;  ///< keyset paging
    std::size_t limit = 100;
    enum class Order { ById, ByValue, ByDue } order = Order::ById;
};

/// A wish put to a running engine by a command, the admin API or a plugin's command.
struct EngineRequest {
    std::int64_t id = 0;
    std::string kind;       ///< "errors.retry"
    std::string arguments;  ///< JSON object
    std::string who;
    UtcTime at;
    bool answered = false;
    std::string answer;        ///< JSON object
    std::int64_t retried = 0;  ///< carried out so far; see RequestEffect
    std::int64_t released = 0;
};

struct RunTotals {
    InstanceName instance;
    RunCounts counts;
    std::int64_t open_ready = 0;
    std::int64_t open_waiting = 0;  ///< waiting and retrying
    std::int64_t open_failed = 0;   ///< failed and unknown
    std::int64_t open_shadow = 0;
    UtcTime last_commit_at;
};

/// Thread-safe. Every call answers `store.*` errors: Transient (busy, disk full), Misconfigured
/// (cannot open, newer than this program, connection id changed), Bug (fenced, corrupt).
class Store {
public:
    virtual ~Store() = default;

    /// The epoch that this opening was given; writers must carry it.
    [[nodiscard]] virtual std::uint64_t epoch() const = 0;

    // ---- the one write of the engine ----
    [[nodiscard]] virtual Result<Receipt> commit(const Commit& commit) = 0;

    /// Writes about as much as a page of work does and takes it back: whether commits may be tried
    /// again after they were refused. Changes nothing that anybody reads. Errors: as `commit`.
    [[nodiscard]] virtual Result<void> try_write() = 0;

    /// Makes everything true together that `work` writes through this store on this thread: one
    /// wait for the disk instead of one for each write. Nothing of it is kept when `work` answers
    /// an error; what fails inside and is not passed on is left out alone. Other threads wait, so
    /// only for a start.
    [[nodiscard]] virtual Result<void> together(const std::function<Result<void>()>& work) = 0;

    // ---- instances and channels ----
    /// Loads an instance, making it where it is new.
    [[nodiscard]] virtual Result<InstanceState> load_instance(const InstanceName& name) = 0;
    [[nodiscard]] virtual Result<std::vector<InstanceName>> instances() = 0;
    /// Registers a consumer of a channel, so that retention keeps its rows. `from_now`: the cursor
    /// starts at the end. Nothing happens where the cursor exists.
    [[nodiscard]] virtual Result<Cursor> subscribe(InstanceNumber consumer, InstanceNumber channel,
                                                   bool from_now) = 0;
    /// Up to `limit` records behind `after`, in order.
    [[nodiscard]] virtual Result<std::vector<StoredRecord>> read_channel(InstanceNumber channel,
                                                                         Seq after,
                                                                         std::size_t limit) = 0;
    [[nodiscard]] virtual Result<Seq> channel_end(InstanceNumber channel) = 0;
    /// The bodies of open records of one consumer, in the order asked; purged ones come empty.
    [[nodiscard]] virtual Result<std::vector<std::string>> bodies(
        InstanceNumber consumer, std::span<const Position> positions) = 0;

    // ---- what records became ----
    [[nodiscard]] virtual Result<std::vector<std::optional<LedgerEntry>>> ledger(
        InstanceNumber instance, std::span<const std::string> keys) = 0;
    [[nodiscard]] virtual Result<std::vector<std::string>> links(std::string_view kind,
                                                                 std::string_view from) = 0;

    // ---- runs ----
    [[nodiscard]] virtual Result<std::int64_t> begin_run(InstanceNumber instance,
                                                         std::string_view trigger, UtcTime now) = 0;
    [[nodiscard]] virtual Result<std::vector<Run>> runs(std::size_t limit) = 0;
    /// Counts since `since_run` (exclusive; 0 = all, forgotten runs included) and what is open now,
    /// per instance.
    [[nodiscard]] virtual Result<std::vector<RunTotals>> totals(std::int64_t since_run) = 0;

    // ---- the error queue ----
    [[nodiscard]] virtual Result<std::vector<ErrorRow>> errors(const ErrorFilter& filter) = 0;
    [[nodiscard]] virtual Result<std::optional<ErrorRow>> error(std::int64_t id) = 0;

    // ---- requests to the engine ----
    [[nodiscard]] virtual Result<std::int64_t> post_request(const EngineRequest& request) = 0;
    [[nodiscard]] virtual Result<std::vector<EngineRequest>> pending_requests() = 0;
    [[nodiscard]] virtual Result<void> answer_request(std::int64_t id, std::string_view answer) = 0;
    [[nodiscard]] virtual Result<std::optional<EngineRequest>> request(std::int64_t id) = 0;

    // ---- small things that must survive ----
    /// Refuses (Misconfigured) when `connection` was once known by another id or account, because
    /// the id stands in every external id made so far.
    [[nodiscard]] virtual Result<void> bind_connection(std::string_view connection,
                                                       std::string_view id,
                                                       std::string_view connector,
                                                       std::string_view account) = 0;
    /// 32 random bytes as hex, made once; the key of keyed hashes of personal data.
    [[nodiscard]] virtual Result<std::string> identity_key() = 0;
    [[nodiscard]] virtual Result<void> cache_put(std::string_view kind, std::string_view key,
                                                 std::string_view value, UtcTime at) = 0;
    struct Cached {
        std::string value;
        UtcTime at;
    };
    [[nodiscard]] virtual Result<std::optional<Cached>> cache_get(std::string_view kind,
                                                                  std::string_view key) = 0;
    [[nodiscard]] virtual Result<std::vector<std::pair<std::string, std::string>>>
    bucket_levels() = 0;

    /// Frees channel rows that every consumer has settled and that are older than `retention`, and
    /// payloads past their expiry. Returns how many records were freed.
    [[nodiscard]] virtual Result<std::int64_t> collect_garbage(UtcTime now,
                                                               Milliseconds retention) = 0;
    /// Deletes what is settled and older than `before`: up to `limit` each of resolved errors, runs
    /// that have ended (by a crash too) and answered requests. Open errors stay for ever, and what
    /// a forgotten run has counted stays in `totals`. Returns how many rows went; 0: no more.
    [[nodiscard]] virtual Result<std::int64_t> forget_history(UtcTime before,
                                                              std::size_t limit) = 0;
};

}  // namespace carrick::store
