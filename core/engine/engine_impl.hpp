// SPDX-License-Identifier: Apache-2.0
// Engine::Impl: what the engine's source files share: its instances with what others want of them,
// and the requests on their way.
//
// | file                  | what is decided there                                                |
// | ---                   | ---                                                                  |
// | `engine.cpp`          | how instances come into being, stand and end; calls that hang        |
// | `scheduling.cpp`      | which instance runs next, and when there is nothing left to do        |
// | `request_routing.cpp` | requests of commands, to the instances and back as answers           |
// | `demand_routing.cpp`  | requests to streams on demand; the sync under way                    |
#pragma once

#include "core/engine/demand_requests.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/instance.hpp"
#include "core/engine/requests.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>

namespace carrick::engine {

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

class Engine::Impl {
public:
    Impl(store::Store& store, Clock& clock, Random& random, EngineSettings settings);

    // ---- engine.cpp ----
    Result<void> open();
    void stop();
    [[nodiscard]] bool stopping() const;
    Result<void> close();
    std::vector<InstanceStatus> status();
    std::optional<Error> fatal();
    std::optional<Error> store_outage();
    bool quiet();
    std::vector<CallInProgress> calls_in_progress();
    void cancel_call(const CallInProgress& call);
    bool abandon_call(const CallInProgress& call);

    // ---- scheduling.cpp ----
    bool step();
    std::optional<UtcTime> next_wakeup();
    bool finished();
    void wait_for_work(std::chrono::milliseconds limit);

    // ---- request_routing.cpp ----
    Result<void> poll_requests();
    Result<void> ask(const store::EngineRequest& request,
                     std::function<void(const std::string& answer)> on_answer);

private:
    // ---- engine.cpp ----
    Result<void> make_instances();
    Result<void> subscribe();
    Result<void> restore_bucket_levels();
    Instance* find_instance(const store::InstanceName& name);
    Place* place_of(const store::InstanceName& name);
    void log_hold(const Place& place, const Error& error);
    /// With mutex_ held.
    [[nodiscard]] bool any_busy() const;

    // ---- scheduling.cpp ----
    Place* choose();
    void settle(Place& place, const StepEnd& end);

    // ---- request_routing.cpp ----
    Result<void> take_up(const store::EngineRequest& request);
    void hand_out(const std::shared_ptr<PendingRequest>& pending);
    void finish_part(PendingRequest& request, const std::optional<store::RequestEffect>& done);
    /// It is taken up again with the next poll.
    void give_back(std::int64_t id);
    Result<void> answer(std::int64_t id, const std::string& text);

    // ---- demand_routing.cpp ----
    Result<void> begin(std::int64_t id, DemandPlan plan,
                       std::function<void(const std::string&)> on_answer);
    /// With mutex_ held.
    Result<void> check_places(const DemandPlan& plan);
    /// With mutex_ held: everything that the keys may come through looks at them.
    void begin_watch(const std::shared_ptr<PendingDemand>& pending);
    void carry_out_demand(Instance& instance, const Mail& item);
    void refuse(PendingDemand& pending);
    void finish_demand_part(const std::shared_ptr<PendingDemand>& pending);
    static std::string demand_answer(const PendingDemand& pending);
    void conclude(const PendingDemand& pending, const std::string& text);
    /// Answers the sync under way when there is nothing left to wait for, or no time.
    void answer_sync();
    /// With mutex_ held.
    void end_watch();
    /// With mutex_ held: nothing more is to be expected for the keys of the sync. What was appended
    /// for a key counts until each consumer has read that far; then it is noted there or not
    /// theirs.
    [[nodiscard]] bool keys_settled();

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

}  // namespace carrick::engine
