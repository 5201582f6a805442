// SPDX-License-Identifier: Apache-2.0
// Instance: one flow for one (origin, partition): the unit that is run by one thread at a time.
// The way of a record through it is told in README.md; each step has its own source file.
#pragma once

#include "core/engine/demand.hpp"
#include "core/engine/dry_run.hpp"
#include "core/engine/gateway.hpp"
#include "core/engine/key_watch.hpp"
#include "core/engine/lookups.hpp"
#include "core/engine/mapping.hpp"
#include "core/engine/open_records.hpp"
#include "core/engine/requests.hpp"
#include "core/engine/said.hpp"
#include "core/engine/schemas.hpp"
#include "core/engine/settings.hpp"
#include "core/engine/store_outage.hpp"
#include "core/errors/fingerprint.hpp"
#include "core/plugin_host/content_hash.hpp"

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace carrick::engine {

/// What all instances of an engine share.
struct Services {
    store::Store& store;
    Clock& clock;
    Random& random;
    const EngineSettings& settings;
    LookupCache& lookups;
    SchemaCache& schemas;
    ShadowDocuments& shadow;
    PlannedDocuments& planned;
    StoreOutage& outage;
    Said& said;
    KeyWatch& watch;
    const std::atomic<bool>& stopping;
};

/// When an instance wants to run.
struct Plan {
    bool runnable = false;
    std::optional<UtcTime> wake_at;  ///< its next timer
};

/// What the engine has to do after a step.
struct StepEnd {
    std::optional<Error> hold_instance;
    std::optional<Error> hold_flow;
    std::optional<Error> fatal;
    std::optional<Error> trouble;  ///< what is tried again later, last of all
    bool progressed = false;       ///< something was read or settled
    std::vector<std::pair<store::InstanceNumber, store::Position>> woken;
};

/// What an instance says to a demand: how it stands now, or why it is refused.
struct DemandReply {
    std::optional<Error> refused;
    std::optional<Demand> demand;
};

/// What is compiled once for all partitions of a flow and once per partition.
struct Compiled {
    std::optional<Filter> where;
    std::map<std::string, Overlay> overlays;  ///< by write name; empty ones are left out
    std::vector<CompiledLookup> lookups;
};

class Instance {
public:
    Instance(Services services, const FlowSpec& flow, const PartitionSpec& partition);

    // ---- set-up, before the first step ----
    /// Loads what the store knows. Errors: the store's.
    [[nodiscard]] Result<void> load();
    /// Makes the plugin's instance and compiles filter, mapping and look-ups. Where settings refer
    /// to things of the target this is the first step's work, and is tried again for as long as the
    /// target cannot be asked: a start must not depend on it.
    /// Errors: Misconfigured or Bug; the instance must be held then.
    [[nodiscard]] Result<void> prepare();
    /// Reads the channel of `producer`, or of an instance that does not run in this engine.
    [[nodiscard]] Result<void> subscribe(Instance* producer, store::InstanceNumber channel);

    // ---- running; by one thread at a time ----
    [[nodiscard]] Plan plan(UtcTime at) const;
    [[nodiscard]] StepEnd step();
    /// A link that this record awaited has appeared.
    void wake(const store::Position& place);
    /// Runs failed records again and settles the errors of a hold, and commits that with a note in
    /// the request's row. Nothing: the store did not take it, so the request stays as it was.
    [[nodiscard]] std::optional<store::RequestEffect> carry_out(std::int64_t request,
                                                                const RequestPart& part,
                                                                const std::string& resolution);
    /// Starts a demand on its stream. Refused while another one runs there. Nothing: the store did
    /// not take it.
    [[nodiscard]] std::optional<DemandReply> begin_demand(const std::string& stream,
                                                          const Demand& demand);
    /// Stops what runs there; neither refused nor a demand where nothing does.
    [[nodiscard]] std::optional<DemandReply> stop_demand(const std::string& stream,
                                                         std::int64_t request);
    /// Notes for the watch what these keys have become here, and runs those again that failed or
    /// wait. False: the store did not take it.
    [[nodiscard]] bool look_at(const std::vector<std::string>& keys);
    /// Goes on beyond first_run_limit.
    void allow_first_run() { first_run_passed_ = true; }
    /// Commits what is left of a step that a hold ended, where no step will.
    [[nodiscard]] StepEnd commit_changes();
    /// Writes the error of a hold that did not come out of a step.
    void record_hold(const Error& error, std::string_view stage);
    /// Resolves such an error of an earlier start.
    void settle_earlier_hold();
    /// `--once`: nothing more to expect from this instance before `horizon`.
    [[nodiscard]] bool at_rest(UtcTime horizon) const;
    [[nodiscard]] Result<void> end_run();

    // ---- from any thread ----
    [[nodiscard]] const store::InstanceName& name() const { return name_; }
    [[nodiscard]] store::InstanceNumber number() const { return number_; }
    [[nodiscard]] const FlowSpec& flow() const { return flow_; }
    [[nodiscard]] store::Seq channel_end() const { return channel_end_.load(); }
    [[nodiscard]] std::int64_t backlog() const;  ///< ready and unread records
    [[nodiscard]] std::int64_t gauge(store::OpenState state) const {
        return gauges_[static_cast<std::size_t>(state)].load();
    }
    [[nodiscard]] CallWatch& watch() { return watch_; }
    [[nodiscard]] const std::vector<Instance*>& consumers() const { return consumers_; }
    /// Everything that `producer` had appended by then has been taken in or passed.
    [[nodiscard]] bool has_read(const Instance* producer, store::Seq end) const;
    [[nodiscard]] bool fetches_keys() const { return fetches_keys_.load(); }
    /// Gives the running call up; see Engine::abandon_call.
    bool abandon(std::uint64_t call);

private:
    friend class CallScope;

    // A record that was read from a channel and that the stored cursor has not passed yet.
    struct Slot {
        store::Seq seq = 0;
        OpenEntry* entry = nullptr;  // null: nothing is left to do for it
        std::string_view skipped;    // counted when the cursor passes
        bool foreign = false;        // of another partition: not this instance's at all
    };
    struct Input {
        store::InstanceNumber channel = 0;
        Instance* producer = nullptr;
        store::Seq end = 0;  // where no producer runs
        std::atomic<store::Seq> read_to{0};
        store::Seq committed = 0;
        store::Seq goal = 0;    // the cursor of the next commit goes at least here
        store::Seq passed = 0;  // rows of other partitions up to here, while `ahead` is empty
        std::deque<Slot> ahead;
        [[nodiscard]] store::Seq channel_end() const {
            return producer != nullptr ? producer->channel_end() : end;
        }
    };
    struct Stream {
        std::string name;
        int rank = 0;
        std::string checkpoint;
        UtcTime next_at;
        int tries = 0;
        bool idle_once = false;
        plugin_host::OnDemand on_demand = plugin_host::OnDemand::No;
        std::optional<Demand> demand;  // on demand: the latest one
        [[nodiscard]] bool demanded() const { return demand && demand->running(); }
    };
    // A page of records on its way from needs to deliver. Indices are those the plugin sees.
    struct Batch {
        std::vector<OpenEntry*> entries;
        std::vector<const store::Record*> records;
        std::vector<Json> bodies;  // parsed; empty where nothing needs them
        std::vector<plugin_host::LookupResult> lookups;
        std::vector<plugin_host::Payload> payloads;
        std::vector<bool> concluded;
        bool stopped = false;  // a stop of flow or instance: the rest stays where it is
    };
    enum class SkippedBy { Filter, Plugin, Person };
    using Outcomes = std::vector<std::optional<plugin_host::Outcome>>;

    // preparation.cpp
    [[nodiscard]] Result<void> compile();
    [[nodiscard]] Result<void> make_plugin();
    void prepare_with_references();
    [[nodiscard]] Json create_config() const;

    // loading.cpp
    void load_entries(store::InstanceState& state);
    void reload();

    // instance.cpp
    void run_step();
    void wake_due();
    void schedule_wait(OpenEntry& entry);
    void update_gauges();
    [[nodiscard]] bool output_has_room() const;
    [[nodiscard]] bool input_waits() const;
    [[nodiscard]] bool wants_to_close_run(UtcTime at) const;
    [[nodiscard]] UtcTime now() const { return services_.clock.now(); }
    [[nodiscard]] bool stopping() const { return services_.stopping.load(); }
    [[nodiscard]] const ConnectionSpec* connection(std::string_view role) const;
    [[nodiscard]] bool writes_in_shadow() const;
    void give_back(Batch& batch);
    void begin_call();
    [[nodiscard]] bool call_was_abandoned();
    [[nodiscard]] CallGateway::Context gateway_context() const;

    // intake.cpp
    void intake();
    [[nodiscard]] bool is_foreign(const store::Record& record) const;
    static void pass(Input& input, store::Seq seq);
    void admit(Input& input, store::StoredRecord arriving,
               const std::optional<store::LedgerEntry>* ledger);
    void supersede(OpenEntry& entry);

    // by_hand.cpp
    /// Nothing of it is in question any more; its next step ends it.
    void mark_by_hand(OpenEntry& entry, const std::string& resolution);
    /// Ends those among `entries` that a person has settled, and takes them out.
    /// False: the store could not be read.
    [[nodiscard]] bool end_by_hand(std::vector<OpenEntry*>& entries);

    // extraction.cpp
    [[nodiscard]] Stream* due_stream(UtcTime at);
    void extract(Stream& stream);
    void stream_failed(Stream& stream, const Error& error);

    // demanded.cpp
    /// It has a schedule that is followed, or somebody has asked for it.
    [[nodiscard]] bool wanted(const Stream& stream) const;
    [[nodiscard]] Stream* stream_named(std::string_view name);
    [[nodiscard]] bool commit_demand(Stream& stream, Demand demand);
    void load_demand(Stream& stream);
    void demand_failed(Stream& stream, const Error& error);
    void note_page(const Demand& before, const Demand& after);
    [[nodiscard]] bool watched(std::string_view key) const { return services_.watch.watches(key); }
    void note(const std::string& key, KeyNote note);
    void note_ledger(const std::string& key, const store::LedgerEntry& entry);
    void publish_notes();

    // processing.cpp
    void run_batch();
    void process(std::vector<OpenEntry*> entries);
    [[nodiscard]] bool load_bodies(std::vector<OpenEntry*>& entries);
    [[nodiscard]] bool load_ledger(const std::vector<OpenEntry*>& entries);
    void filter(Batch& batch);
    void needs(Batch& batch);
    void map(Batch& batch);
    void overlay(Batch& batch);
    void verify(Batch& batch);
    void check_schema(Batch& batch);
    [[nodiscard]] bool apply_pure(Batch& batch, plugin_host::Stage stage,
                                  const plugin_host::CallEnd& end, Outcomes& outcomes);
    void compact(Batch& batch);
    [[nodiscard]] std::vector<plugin_host::LedgerView> ledger_views(const Batch& batch) const;
    void lookup_missing(Batch& batch, const plugin_host::LookupResult& result,
                        const plugin_host::LookupDeclaration& declaration);

    // delivery.cpp
    void deliver(Batch& batch);
    void reconcile(std::vector<OpenEntry*> entries);
    void resume(std::vector<OpenEntry*> entries);
    [[nodiscard]] bool announce_writes(Batch& batch);
    /// Cuts the batch down to what first_run_limit has room for; false where that is nothing.
    [[nodiscard]] bool cut_to_first_run(Batch& batch);
    void take_outcomes(Batch& batch, plugin_host::DeliverBoard& board, plugin_host::Stage stage);
    void finish_call(Batch& batch, plugin_host::DeliverBoard& board,
                     const plugin_host::CallEnd& end, plugin_host::Stage stage);
    void progress(Batch& batch, plugin_host::DeliverBoard& board, plugin_host::Stage stage);
    [[nodiscard]] std::size_t batch_limit() const;
    void measure(std::size_t records, Milliseconds elapsed);

    // shadow.cpp
    void hold_in_shadow(Batch& batch);
    void shadowed(OpenEntry& entry, std::vector<plugin_host::Payload> payloads,
                  const std::string& learnt);
    /// A skip that relies on a placeholder is one of shadow too: it is decided again when live.
    void shadow_skips(Batch& batch, Outcomes& outcomes);
    void plan_dry(const Batch& batch);

    // outcomes.cpp
    void apply(OpenEntry& entry, plugin_host::Outcome outcome, plugin_host::Stage stage,
               std::int64_t written);
    void done(OpenEntry& entry, const plugin_host::Outcome& outcome, std::int64_t written);
    void skipped(OpenEntry& entry, const std::string& reason, const std::string& learnt,
                 SkippedBy who);
    void waiting(OpenEntry& entry, plugin_host::Outcome outcome, plugin_host::Stage stage);
    /// "kind:from".
    [[nodiscard]] bool link_is_there(const std::string& link);
    void unknown(OpenEntry& entry, const plugin_host::Outcome& outcome, plugin_host::Stage stage);
    void failed(OpenEntry& entry, const Error& error, plugin_host::Stage stage);
    void retry_later(OpenEntry& entry, const Error& error, plugin_host::Stage stage);
    void to_error_queue(OpenEntry& entry, const Error& error, plugin_host::Stage stage,
                        store::OpenState state);
    void drop_attempts(OpenEntry& entry);
    void append_downstream(store::Record record, const std::string& learnt, bool preview);
    void add_error(const OpenEntry* entry, const Error& error, std::string_view stage);
    void stop_for(const Error& error);

    // commit.cpp
    void put(OpenEntry& entry);
    std::unique_ptr<OpenEntry> settle(OpenEntry& entry);
    [[nodiscard]] Slot* slot_of(const OpenEntry& entry, Input** input);
    void make_way();
    void advance_cursors();
    [[nodiscard]] bool has_changes() const;
    /// Commits the draft; false when the store refused it and the instance must load again.
    bool flush(std::string_view before = {}, std::string_view after = {});
    void store_failed(const Error& error);
    void take_receipt(const store::Receipt& receipt);

    Services services_;
    const FlowSpec& flow_;
    PartitionSpec partition_;  // its references become ids in `prepare`
    store::InstanceName name_;
    const plugin_host::Manifest& manifest_;
    std::unique_ptr<plugin_host::FlowInstance> plugin_;
    Compiled compiled_;
    bool keeps_ledger_ = false;
    bool appends_ = false;  // somebody reads this channel

    store::InstanceNumber number_ = 0;
    std::int64_t last_commit_ = 0;  // guarded by commit_mutex_
    std::atomic<store::Seq> channel_end_{0};
    std::vector<std::unique_ptr<Input>> inputs_;
    std::vector<Instance*> consumers_;
    std::vector<Stream> streams_;
    OpenRecords open_;
    std::unordered_map<std::string, std::string> error_keys_;  // key -> code of its open error

    std::vector<std::pair<std::string, KeyNote>> notes_;  // for the watch, with the next commit
    std::atomic<bool> fetches_keys_{false};

    /// Everything that its sources have found by now has been worked off.
    std::atomic<bool> caught_up_{false};

    // The commit under construction.
    store::Commit draft_;
    std::vector<OpenEntry*> dirty_;                 // to be put
    std::vector<std::unique_ptr<OpenEntry>> kept_;  // settled while a call may still read them
    bool in_call_ = false;

    std::int64_t run_ = 0;
    UtcTime last_work_;
    UtcTime last_commit_at_;
    UtcTime reload_at_;
    UtcTime prepare_at_;  // set: not prepared yet
    int prepare_tries_ = 0;
    UtcTime buckets_at_;
    std::int64_t milliseconds_per_record_ = 100;  // of target time; 20 records to begin with
    std::int64_t written_ever_ = 0;
    bool first_run_passed_ = true;
    bool retried_ = false;  // the trigger of the run that begins next
    std::size_t input_turn_ = 0;

    bool fenced_before_ = false;
    plugin_host::ContentHasher hasher_;

    StepEnd end_;
    CallWatch watch_;
    std::mutex commit_mutex_;  // the step's thread against `abandon`
    std::array<std::atomic<std::int64_t>, 7> gauges_{};
};

[[nodiscard]] std::string_view stage_name(plugin_host::Stage stage);

}  // namespace carrick::engine
