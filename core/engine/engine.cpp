// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.hpp"

#include "core/base/log.hpp"
#include "core/engine/demand_requests.hpp"
#include "core/engine/instance.hpp"
#include "core/engine/requests.hpp"
#include "core/engine/sync_report.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <set>

namespace carrick::engine {

using store::OpenState;

namespace {

constexpr std::string_view kSync = "records.sync";
// A page of the smallest quota at a small share: 1 % of one in three minutes would be five hours.
constexpr Milliseconds kLongestQuotaWait{6LL * 3'600'000};

/// A request that several instances work on; the last one writes the answer.
struct PendingRequest {
    RequestPlan plan;
    store::RequestEffect effect;  ///< of the parts that are stored
    std::size_t parts = 1;        ///< unfinished ones; one is the router's own
    bool refused = false;         ///< the store did not take a part: the request is read again
    bool hung = false;            ///< a part could not be given to its instance
};

/// A request to streams on demand, on its way to their instances.
struct PendingDemand {
    std::int64_t id = 0;  ///< 0: asked for by this process itself
    DemandPlan plan;
    std::function<void(const std::string& answer)> on_answer;
    std::vector<DemandReply> replies;  ///< in the order of the plan's parts
    std::size_t parts = 1;             ///< unfinished ones; one is the router's own
    bool refused = false;              ///< the store did not take a part: the request is read again
    std::vector<store::InstanceName> places;  ///< Sync: all that the keys may pass through
    std::chrono::steady_clock::time_point deadline;
};

/// What others want of an instance, done by the thread that runs it.
struct Mail {
    std::vector<store::Position> woken;
    RequestPart part;
    std::shared_ptr<PendingRequest> request;  // shared by the instances that it is about
    bool allow_first_run = false;
    std::shared_ptr<PendingDemand> demand;   // shared by the instances that it is about
    std::optional<std::size_t> demand_part;  // of its plan; none: only to look at its keys
};

struct Place {
    std::unique_ptr<Instance> instance;
    bool busy = false;
    bool hung = false;
    std::optional<Error> hold;
    std::optional<Error> trouble;
    std::vector<Mail> mail;
};

}  // namespace

class Engine::Impl {
public:
    Impl(store::Store& store, Clock& clock, Random& random, EngineSettings settings)
        : store_(store),
          clock_(clock),
          random_(random),
          settings_(std::move(settings)),
          lookups_(settings_.lookup_ttl),
          schemas_(store, settings_.schema_ttl),
          outage_(store, clock) {}

    Result<void> open() {
        // A new store has a hundred small things to write here: one wait for the disk, not as many.
        Result<void> wired = store_.together([this]() -> Result<void> {
            if (Result<void> made = make_instances(); !made) return made;
            return subscribe();
        });
        if (!wired) return wired;
        if (Result<void> restored = restore_bucket_levels(); !restored) return restored;
        for (Place& place : places_) {
            Result<void> prepared = place.instance->prepare();
            if (prepared) continue;
            log_hold(place, prepared.error());
            place.hold = prepared.error();
            place.instance->record_hold(prepared.error(), "create");
        }
        return {};
    }

    bool step() {
        if (stopping_ || !outage_.passes()) return false;
        std::vector<Mail> mail;
        Place* place = nullptr;
        bool held = false;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || fatal_) return false;
            place = choose();
            if (place == nullptr) return false;
            place->busy = true;
            mail.swap(place->mail);
            held = place->hold.has_value();
        }
        work_.notify_one();  // there may be more than this thread takes

        for (const Mail& item : mail) {
            for (const store::Position& position : item.woken) place->instance->wake(position);
            if (item.allow_first_run) place->instance->allow_first_run();
            if (item.request)
                finish_part(*item.request,
                            place->instance->carry_out(item.request->effect.id, item.part,
                                                       item.request->plan.resolution));
            if (item.demand) carry_out_demand(*place->instance, item);
        }
        const StepEnd end = held ? place->instance->commit_changes() : place->instance->step();

        {
            const std::lock_guard lock(mutex_);
            place->busy = false;
            settle(*place, end);
        }
        work_.notify_one();
        return true;
    }

    std::optional<UtcTime> next_wakeup() {
        if (const std::optional<UtcTime> next_try = outage_.next_try()) return next_try;
        const std::lock_guard lock(mutex_);
        const UtcTime now = clock_.now();
        std::optional<UtcTime> earliest;
        for (const Place& place : places_) {
            if (place.busy || place.hold) continue;
            const Plan plan = place.instance->plan(now);
            if (plan.runnable || !place.mail.empty()) return now;
            if (plan.wake_at && (!earliest || *plan.wake_at < *earliest)) earliest = plan.wake_at;
        }
        return earliest;
    }

    bool finished() {
        const std::lock_guard lock(mutex_);
        if (fatal_) return true;
        if (!settings_.once) return false;
        const UtcTime horizon = clock_.now() + settings_.once_patience;
        if (any_busy() || sync_) return false;
        const bool mail = std::any_of(places_.begin(), places_.end(), [](const Place& place) {
            return !place.hung && !place.mail.empty();
        });
        if (!mail && std::all_of(places_.begin(), places_.end(), [&](const Place& place) {
                return place.hung || place.hold || place.instance->at_rest(horizon);
            }))
            return true;
        // Systems that are down are tried for ever, but not by a run that is to end. In real time:
        // a clock that runs faster does not make a machine faster.
        constexpr std::chrono::seconds kLeast{30};
        // Between two pages of a backfill lies as much as its share of the quota says.
        const Milliseconds longest = settings_.demands_only
                                         ? std::max(settings_.once_patience, kLongestQuotaWait)
                                         : settings_.once_patience;
        const std::chrono::milliseconds patience =
            std::max<std::chrono::milliseconds>(kLeast, clock_.real_time_for(longest));
        return std::chrono::steady_clock::now() - progressed_at_ > patience;
    }

    void wait_for_work(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        if (stopping_) return;
        work_.wait_for(lock, limit);
    }

    Result<void> poll_requests() {
        // An answer could not be stored now; the requests stay where they are.
        if (outage_.error()) return {};
        Result<std::vector<store::EngineRequest>> pending = store_.pending_requests();
        if (!pending) return pending.error();
        for (const store::EngineRequest& request : *pending) {
            {
                const std::lock_guard lock(mutex_);
                if (sync_ && request.kind == kSync) continue;        // one after the other
                if (!requests_.insert(request.id).second) continue;  // instances are at it
            }
            if (Result<void> taken_up = take_up(request); !taken_up) {
                give_back(request.id);
                return taken_up;
            }
        }
        answer_sync();
        return {};
    }

    Result<void> ask(const store::EngineRequest& request,
                     std::function<void(const std::string& answer)> on_answer) {
        Result<DemandPlan> plan = plan_demand(settings_, request, clock_.now());
        if (!plan) return plan.error();
        return begin(request.id, std::move(*plan), std::move(on_answer));
    }

    void stop() {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (Place& place : places_)
            if (const auto call = place.instance->watch().current())
                place.instance->watch().cancel(call->call);
        work_.notify_all();
    }

    // Each run in a transaction of its own: in one for all, the store's writer would be held while
    // an instance's run is asked for, and a step that came back late takes the two the other way
    // round.
    Result<void> close() {
        Result<void> result;
        for (Place& place : places_) {
            if (place.hung || place.busy) continue;
            if (Result<void> ended = place.instance->end_run(); !ended) result = ended;
        }
        return result;
    }

    std::vector<InstanceStatus> status() {
        const std::lock_guard lock(mutex_);
        std::vector<InstanceStatus> all;
        for (const Place& place : places_) {
            const Instance& instance = *place.instance;
            all.push_back({instance.name(), instance.backlog(), instance.gauge(OpenState::Retrying),
                           instance.gauge(OpenState::Waiting),
                           instance.gauge(OpenState::Failed) + instance.gauge(OpenState::Unknown),
                           instance.gauge(OpenState::Shadow), place.hold, place.hung,
                           place.trouble});
        }
        return all;
    }

    std::vector<CallInProgress> calls_in_progress() {
        const std::lock_guard lock(mutex_);
        std::vector<CallInProgress> calls;
        for (std::size_t i = 0; i < places_.size(); ++i)
            if (const auto call = places_[i].instance->watch().current())
                calls.push_back({i, call->call, call->started, call->timeout, call->cancelled});
        return calls;
    }

    std::optional<Error> store_outage() { return outage_.error(); }

    bool quiet() {
        if (outage_.error()) return false;
        const std::lock_guard lock(mutex_);
        const UtcTime now = clock_.now();
        return !any_busy() && std::none_of(places_.begin(), places_.end(), [&](const Place& place) {
            return !place.hung &&
                   (!place.mail.empty() || (!place.hold && place.instance->plan(now).runnable));
        });
    }

    bool abandon_call(const CallInProgress& call) {
        Place& place = places_[call.instance];
        // The instance's own lock first: its thread may be committing in the middle of the call.
        if (!place.instance->abandon(call.call)) return false;
        const std::lock_guard lock(mutex_);
        place.hung = true;
        place.hold = bug("engine.hung_plugin", "a call of flow " + place.instance->name().flow +
                                                   " did not end; its instance is held");
        return true;
    }

    void cancel_call(const CallInProgress& call) {
        places_[call.instance].instance->watch().cancel(call.call);
    }

    std::optional<Error> fatal() {
        const std::lock_guard lock(mutex_);
        return fatal_;
    }

    [[nodiscard]] bool stopping() const { return stopping_.load(); }

private:
    Result<void> make_instances() {
        const Services services{store_,  clock_,   random_, settings_, lookups_, schemas_,
                                shadow_, planned_, outage_, said_,     watch_,   stopping_};
        for (const FlowSpec& flow : settings_.flows)
            for (const PartitionSpec& partition : flow.partitions) {
                Place& place = places_.emplace_back();
                place.instance = std::make_unique<Instance>(services, flow, partition);
                if (Result<void> loaded = place.instance->load(); !loaded) return loaded;
            }
        return {};
    }

    Result<void> subscribe() {
        for (Place& place : places_) {
            Instance& consumer = *place.instance;
            for (const std::string& from : consumer.flow().from) {
                // The producer of this partition, or one that reads the whole connection.
                store::InstanceName name = consumer.name();
                name.flow = from;
                store::InstanceName whole = name;
                whole.partition.clear();
                Instance* producer = find_instance(name);
                if (producer == nullptr) producer = find_instance(whole);
                if (producer != nullptr) {
                    if (Result<void> subscribed = consumer.subscribe(producer, producer->number());
                        !subscribed)
                        return subscribed;
                    continue;
                }
                // A producer that is switched off: what it has made is still worked off.
                std::vector<store::InstanceName> both{name};
                if (whole != name) both.push_back(whole);
                for (const store::InstanceName& off : both) {
                    Result<store::InstanceState> idle = store_.load_instance(off);
                    if (!idle) return idle.error();
                    if (Result<void> subscribed = consumer.subscribe(nullptr, idle->number);
                        !subscribed)
                        return subscribed;
                }
            }
        }
        return {};
    }

    Instance* find_instance(const store::InstanceName& name) {
        const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
            return place.instance->name() == name;
        });
        return found == places_.end() ? nullptr : found->instance.get();
    }

    Result<void> restore_bucket_levels() {
        Result<std::vector<std::pair<std::string, std::string>>> stored = store_.bucket_levels();
        if (!stored) return stored.error();
        std::map<std::string, std::vector<connectors::BucketLevel>> levels;
        for (const auto& [name, text] : *stored) {
            const std::size_t slash = name.find('/');
            const std::size_t at = text.rfind('@');
            if (slash == std::string::npos || at == std::string::npos) continue;
            const std::string_view digits = std::string_view(text).substr(at + 1);
            std::int64_t time = 0;
            std::from_chars(digits.data(), digits.data() + digits.size(), time);
            levels[name.substr(0, slash)].push_back(
                {name.substr(slash + 1), text.substr(0, at), UtcTime(time)});
        }
        for (const auto& [name, of_connection] : levels)
            if (const auto spec = settings_.connections.find(name);
                spec != settings_.connections.end())
                spec->second.connection->restore_bucket_levels(of_connection);
        return {};
    }

    // The next instance that can run, in turn or, for the simulation, by chance.
    Place* choose() {
        if (places_.empty()) return nullptr;
        const UtcTime now = clock_.now();
        const std::size_t start =
            settings_.shuffle ? static_cast<std::size_t>(random_.below(places_.size())) : turn_;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const std::size_t index = (start + i) % places_.size();
            Place& place = places_[index];
            if (place.busy) continue;
            if (place.mail.empty() && (place.hold || !place.instance->plan(now).runnable)) continue;
            turn_ = (index + 1) % places_.size();
            return &place;
        }
        return nullptr;
    }

    void settle(Place& place, const StepEnd& end) {
        if (end.progressed) progressed_at_ = std::chrono::steady_clock::now();
        if (end.trouble || end.progressed) place.trouble = end.trouble;
        if (end.fatal) {
            fatal_ = end.fatal;
            work_.notify_all();
        }
        if (end.hold_instance) {
            place.hold = end.hold_instance;
            log_hold(place, *end.hold_instance);
        }
        if (end.hold_flow) {
            for (Place& other : places_)
                if (other.instance->name().flow == place.instance->name().flow && !other.hold)
                    other.hold = end.hold_flow;
            log_hold(place, *end.hold_flow);
        }
        for (const auto& [number, position] : end.woken)
            for (Place& other : places_)
                if (other.instance->number() == number) {
                    Mail mail;
                    mail.woken.push_back(position);
                    other.mail.push_back(std::move(mail));
                }
    }

    void log_hold(const Place& place, const Error& error) {
        if (!said_.first("flow stopped", place.instance->name(), error, clock_.now())) return;
        log::error("flow stopped", {{"flow", Json(place.instance->name().flow)},
                                    {"origin", Json(place.instance->name().origin)},
                                    {"partition", Json(place.instance->name().partition)},
                                    {"code", Json(error.code)},
                                    {"message", Json(error.message)}});
    }

    [[nodiscard]] bool any_busy() const {  // with mutex_ held
        return std::any_of(places_.begin(), places_.end(),
                           [](const Place& place) { return !place.hung && place.busy; });
    }

    // ---- requests: none is forgotten before all that it asks for is stored and answered ----

    Result<void> take_up(const store::EngineRequest& request) {
        if (is_demand(request.kind)) {
            Result<void> begun = ask(request, {});
            if (begun || begun.error().error_class == ErrorClass::Transient) return begun;
            return answer(request.id, failure_answer(begun.error()));
        }
        Result<RequestPlan> plan = plan_request(store_, request);
        if (!plan) {
            // What the store refused for now says nothing about the request.
            if (plan.error().error_class == ErrorClass::Transient) return plan.error();
            return answer(request.id, failure_answer(plan.error()));
        }
        if (!plan->allow_flow.empty())
            if (Result<void> put =
                    store_.cache_put(kFirstRunCache, plan->allow_flow, "allowed", clock_.now());
                !put)
                return put;
        auto pending = std::make_shared<PendingRequest>();
        pending->plan = std::move(*plan);
        pending->effect = {request.id, request.retried, request.released};
        // Records of flows that this engine does not run: nobody else would see to them.
        for (const auto& [name, part] : pending->plan.parts) {
            if (find_instance(name) != nullptr) continue;
            Result<store::RequestEffect> done = carry_out_in_store(
                store_, request.id, name, part, pending->plan.resolution, clock_.now());
            if (!done) return done.error();
            pending->effect.retried += done->retried;
            pending->effect.released += done->released;
        }
        hand_out(pending);
        finish_part(*pending, store::RequestEffect{request.id, 0, 0});
        return {};
    }

    void hand_out(const std::shared_ptr<PendingRequest>& pending) {
        const RequestPlan& plan = pending->plan;
        {
            const std::lock_guard lock(mutex_);
            for (Place& place : places_) {
                const store::InstanceName& name = place.instance->name();
                const auto part = plan.parts.find(name);
                const bool of_flow = std::find(plan.release_flows.begin(), plan.release_flows.end(),
                                               name.flow) != plan.release_flows.end();
                const bool allowed = plan.allow_flow == name.flow;
                if (part == plan.parts.end() && !of_flow && !allowed) continue;
                if (place.hung) {
                    pending->hung = true;
                    continue;
                }
                Mail mail;
                if (part != plan.parts.end()) mail.part = part->second;
                mail.allow_first_run = allowed;
                mail.request = pending;
                ++pending->parts;
                if (of_flow || allowed || mail.part.release) place.hold.reset();
                place.mail.push_back(std::move(mail));
            }
        }
        work_.notify_all();
    }

    void finish_part(PendingRequest& request, const std::optional<store::RequestEffect>& done) {
        {
            const std::lock_guard lock(mutex_);
            if (done) {
                request.effect.retried += done->retried;
                request.effect.released += done->released;
            } else {
                request.refused = true;
            }
            if (--request.parts > 0) return;
        }
        // The last one is alone with it from here on.
        if (request.refused) return give_back(request.effect.id);
        const bool nothing = request.effect.retried + request.effect.released == 0;
        const std::string text =
            request.hung && nothing
                ? failure_answer(bug("engine.hung_plugin",
                                     "the instance is inside a plugin call that does not end; "
                                     "restart the engine"))
                : answer_for(request.plan, request.effect);
        if (Result<void> answered = answer(request.effect.id, text); !answered)
            log::warning("request not answered yet", {{"code", Json(answered.error().code)}});
    }

    // ---- streams on demand ----

    Result<void> begin(std::int64_t id, DemandPlan plan,
                       std::function<void(const std::string&)> on_answer) {
        auto pending = std::make_shared<PendingDemand>();
        pending->id = id;
        pending->replies.resize(plan.parts.size());
        pending->plan = std::move(plan);
        pending->on_answer = std::move(on_answer);
        {
            const std::lock_guard lock(mutex_);
            if (Result<void> free = check_places(pending->plan); !free) return free;
            if (pending->plan.action == DemandAction::Sync) begin_watch(pending);
            for (std::size_t i = 0; i < pending->plan.parts.size(); ++i) {
                Place* place = place_of(pending->plan.parts[i].instance);
                if (place->hold) continue;  // of a sync, which says so
                Mail mail;
                mail.demand = pending;
                mail.demand_part = i;
                ++pending->parts;
                place->mail.push_back(std::move(mail));
            }
        }
        work_.notify_all();
        finish_demand_part(pending);
        return {};
    }

    /// With mutex_ held.
    Result<void> check_places(const DemandPlan& plan) {
        if (plan.action == DemandAction::Sync && sync_)
            return transient("sync.running", "another sync is under way; try again after it");
        for (const DemandPart& part : plan.parts) {
            const Place* place = place_of(part.instance);
            if (place == nullptr || place->hung ||
                (place->hold && plan.action == DemandAction::Start))
                return rejected(
                    "backfill.held",
                    "flow " + part.instance.flow + " stands still" +
                        (place != nullptr && place->hold
                             ? ": " + place->hold->message + " (" + place->hold->code + ")"
                             : std::string()) +
                        "; see `carrick errors list --flow " + part.instance.flow + "`");
        }
        return {};
    }

    /// With mutex_ held: everything that the keys may come through looks at them.
    void begin_watch(const std::shared_ptr<PendingDemand>& pending) {
        watch_.begin(pending->plan.keys);
        sync_ = pending;
        pending->deadline = std::chrono::steady_clock::now() + pending->plan.wait;
        std::set<const Instance*> behind;
        for (const DemandPart& part : pending->plan.parts)
            if (const Place* place = place_of(part.instance)) behind.insert(place->instance.get());
        // Producers stand before their consumers.
        for (Place& place : places_) {
            if (!behind.contains(place.instance.get())) continue;
            pending->places.push_back(place.instance->name());
            for (const Instance* consumer : place.instance->consumers()) behind.insert(consumer);
            if (place.hung) continue;
            Mail mail;
            mail.demand = pending;
            ++pending->parts;
            place.mail.push_back(std::move(mail));
        }
    }

    void carry_out_demand(Instance& instance, const Mail& item) {
        PendingDemand& pending = *item.demand;
        if (!item.demand_part) {
            if (!instance.look_at(pending.plan.keys)) refuse(pending);
            return finish_demand_part(item.demand);
        }
        const DemandPart& part = pending.plan.parts[*item.demand_part];
        std::optional<DemandReply> reply = pending.plan.action == DemandAction::Stop
                                               ? instance.stop_demand(part.stream, pending.id)
                                               : instance.begin_demand(part.stream, part.demand);
        {
            const std::lock_guard lock(mutex_);
            if (reply)
                pending.replies[*item.demand_part] = std::move(*reply);
            else
                pending.refused = true;
        }
        finish_demand_part(item.demand);
    }

    void refuse(PendingDemand& pending) {
        const std::lock_guard lock(mutex_);
        pending.refused = true;
    }

    void finish_demand_part(const std::shared_ptr<PendingDemand>& pending) {
        {
            const std::lock_guard lock(mutex_);
            if (--pending->parts > 0) return;
            if (pending->plan.action == DemandAction::Sync && !pending->refused)
                return;  // answered when the keys have come to an end
            if (pending->plan.action == DemandAction::Sync) end_watch();
        }
        if (pending->refused) {
            if (pending->on_answer)
                pending->on_answer(failure_answer(
                    transient("store.busy", "the store did not take the request; try again")));
            return give_back(pending->id);
        }
        conclude(*pending, demand_answer(*pending));
    }

    static std::string demand_answer(const PendingDemand& pending) {
        Json backfills = Json::array();
        for (std::size_t i = 0; i < pending.replies.size(); ++i) {
            const DemandReply& reply = pending.replies[i];
            if (reply.refused) return failure_answer(*reply.refused);
            if (reply.demand)
                backfills.push_back(backfill_json(pending.plan.parts[i].instance, *reply.demand));
        }
        if (backfills.empty())
            return failure_answer(rejected(
                "backfill.none", "no backfill of flow " + pending.plan.flow + " is under way"));
        return Json::object({{"ok", Json(true)}, {"backfills", std::move(backfills)}}).dump();
    }

    void conclude(const PendingDemand& pending, const std::string& text) {
        if (pending.on_answer) return pending.on_answer(text);
        if (Result<void> answered = answer(pending.id, text); !answered)
            log::warning("request not answered yet", {{"code", Json(answered.error().code)}});
    }

    /// Answers the sync under way when there is nothing left to wait for, or no time.
    void answer_sync() {
        std::shared_ptr<PendingDemand> sync;
        Json report;
        {
            const std::lock_guard lock(mutex_);
            if (!sync_ || sync_->parts > 0) return;
            const bool complete = keys_settled();
            if (!complete && std::chrono::steady_clock::now() < sync_->deadline) return;
            std::vector<SyncPlace> places;
            for (const store::InstanceName& name : sync_->places) {
                const Place* place = place_of(name);
                places.push_back(
                    {name,
                     std::any_of(sync_->plan.parts.begin(), sync_->plan.parts.end(),
                                 [&](const DemandPart& part) { return part.instance == name; }),
                     place->hold, place->trouble});
            }
            report = sync_report(sync_->plan.keys, places, watch_.notes(), complete);
            sync = sync_;
            end_watch();
        }
        conclude(*sync, report.dump());
    }

    void end_watch() {  // with mutex_ held
        watch_.end();
        sync_.reset();
    }

    /// With mutex_ held: nothing more is to be expected for the keys of the sync. What was appended
    /// for a key counts until each consumer has read that far; then it is noted there or not
    /// theirs.
    [[nodiscard]] bool keys_settled() {
        const KeyWatch::Notes notes = watch_.notes();
        for (const store::InstanceName& name : sync_->places) {
            const Place& place = *place_of(name);
            if (place.hold || place.hung) continue;
            if (place.instance->fetches_keys()) return false;
            const auto of_instance = notes.find(name);
            if (of_instance == notes.end()) continue;
            for (const auto& [key, note] : of_instance->second) {
                if (note.state == KeyState::Running) return false;
                for (const Instance* consumer : place.instance->consumers()) {
                    const Place* of_consumer = place_of(consumer->name());
                    if (of_consumer->hold || of_consumer->hung) continue;
                    if (!consumer->has_read(place.instance.get(), note.appended_to)) return false;
                }
            }
        }
        return true;
    }

    Place* place_of(const store::InstanceName& name) {
        const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
            return place.instance->name() == name;
        });
        return found == places_.end() ? nullptr : &*found;
    }

    /// It is taken up again with the next poll.
    void give_back(std::int64_t id) {
        const std::lock_guard lock(mutex_);
        requests_.erase(id);
    }

    Result<void> answer(std::int64_t id, const std::string& text) {
        Result<void> answered = store_.answer_request(id, text);
        give_back(id);
        return answered;
    }

    store::Store& store_;
    Clock& clock_;
    Random& random_;
    const EngineSettings settings_;
    LookupCache lookups_;
    SchemaCache schemas_;
    ShadowDocuments shadow_;
    PlannedDocuments planned_;
    StoreOutage outage_;
    Said said_;
    KeyWatch watch_;

    std::mutex mutex_;  // everything below, and who runs which instance
    std::condition_variable work_;
    std::deque<Place> places_;
    std::size_t turn_ = 0;
    std::set<std::int64_t> requests_;      // taken up and not answered
    std::shared_ptr<PendingDemand> sync_;  // at most one at a time
    std::optional<Error> fatal_;
    std::chrono::steady_clock::time_point progressed_at_ = std::chrono::steady_clock::now();
    std::atomic<bool> stopping_{false};
};

Engine::Engine(store::Store& store, Clock& clock, Random& random, EngineSettings settings)
    : impl_(std::make_unique<Impl>(store, clock, random, std::move(settings))) {}
Engine::~Engine() = default;
Result<void> Engine::open() {
    return impl_->open();
}
bool Engine::step() {
    return impl_->step();
}
std::optional<UtcTime> Engine::next_wakeup() {
    return impl_->next_wakeup();
}
bool Engine::finished() {
    return impl_->finished();
}
void Engine::wait_for_work(std::chrono::milliseconds limit) {
    impl_->wait_for_work(limit);
}
Result<void> Engine::poll_requests() {
    return impl_->poll_requests();
}
Result<void> Engine::ask(const store::EngineRequest& request,
                         std::function<void(const std::string& answer)> on_answer) {
    return impl_->ask(request, std::move(on_answer));
}
void Engine::stop() {
    impl_->stop();
}
bool Engine::stopping() const {
    return impl_->stopping();
}
Result<void> Engine::close() {
    return impl_->close();
}
std::vector<InstanceStatus> Engine::status() {
    return impl_->status();
}
std::optional<Error> Engine::fatal() {
    return impl_->fatal();
}
std::vector<CallInProgress> Engine::calls_in_progress() {
    return impl_->calls_in_progress();
}
void Engine::cancel_call(const CallInProgress& call) {
    impl_->cancel_call(call);
}
std::optional<Error> Engine::store_outage() {
    return impl_->store_outage();
}
bool Engine::quiet() {
    return impl_->quiet();
}
bool Engine::abandon_call(const CallInProgress& call) {
    return impl_->abandon_call(call);
}

}  // namespace carrick::engine
