// SPDX-License-Identifier: Apache-2.0
// The engine's life: its instances come into being, are told apart, stand and end. Which of them
// runs is scheduling.cpp's affair.
#include "core/engine/engine_impl.hpp"

#include "core/base/log.hpp"

#include <algorithm>
#include <charconv>

namespace carrick::engine {

using store::OpenState;

Engine::Impl::Impl(store::Store& store, Clock& clock, Random& random, EngineSettings settings)
    : store_(store),
      clock_(clock),
      random_(random),
      settings_(std::move(settings)),
      lookups_(settings_.lookup_ttl),
      schemas_(store, settings_.schema_ttl),
      outage_(store, clock) {}

Result<void> Engine::Impl::open() {
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

void Engine::Impl::stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Place& place : places_)
        if (const auto call = place.instance->watch().current())
            place.instance->watch().cancel(call->call);
    work_.notify_all();
}

bool Engine::Impl::stopping() const {
    return stopping_.load();
}

// Each run in a transaction of its own: in one for all, the store's writer would be held while
// an instance's run is asked for, and a step that came back late takes the two the other way
// round.
Result<void> Engine::Impl::close() {
    Result<void> result;
    for (Place& place : places_) {
        if (place.hung || place.busy) continue;
        if (Result<void> ended = place.instance->end_run(); !ended) result = ended;
    }
    return result;
}

std::vector<InstanceStatus> Engine::Impl::status() {
    const std::lock_guard lock(mutex_);
    std::vector<InstanceStatus> all;
    for (const Place& place : places_) {
        const Instance& instance = *place.instance;
        all.push_back({instance.name(), instance.backlog(), instance.gauge(OpenState::Retrying),
                       instance.gauge(OpenState::Waiting),
                       instance.gauge(OpenState::Failed) + instance.gauge(OpenState::Unknown),
                       instance.gauge(OpenState::Shadow), place.hold, place.hung, place.trouble});
    }
    return all;
}

std::optional<Error> Engine::Impl::fatal() {
    const std::lock_guard lock(mutex_);
    return fatal_;
}

std::optional<Error> Engine::Impl::store_outage() {
    return outage_.error();
}

bool Engine::Impl::quiet() {
    if (outage_.error()) return false;
    const std::lock_guard lock(mutex_);
    const UtcTime now = clock_.now();
    return !any_busy() && std::none_of(places_.begin(), places_.end(), [&](const Place& place) {
        return !place.hung &&
               (!place.mail.empty() || (!place.hold && place.instance->plan(now).runnable));
    });
}

std::vector<CallInProgress> Engine::Impl::calls_in_progress() {
    const std::lock_guard lock(mutex_);
    std::vector<CallInProgress> calls;
    for (std::size_t i = 0; i < places_.size(); ++i)
        if (const auto call = places_[i].instance->watch().current())
            calls.push_back({i, call->call, call->started, call->timeout, call->cancelled});
    return calls;
}

void Engine::Impl::cancel_call(const CallInProgress& call) {
    places_[call.instance].instance->watch().cancel(call.call);
}

bool Engine::Impl::abandon_call(const CallInProgress& call) {
    Place& place = places_[call.instance];
    // The instance's own lock first: its thread may be committing in the middle of the call.
    if (!place.instance->abandon(call.call)) return false;
    const std::lock_guard lock(mutex_);
    place.hung = true;
    place.hold = bug("engine.hung_plugin", "a call of flow " + place.instance->name().flow +
                                               " did not end; its instance is held");
    return true;
}

// ---- instances ----

Result<void> Engine::Impl::make_instances() {
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

Result<void> Engine::Impl::subscribe() {
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

Result<void> Engine::Impl::restore_bucket_levels() {
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
        if (const auto spec = settings_.connections.find(name); spec != settings_.connections.end())
            spec->second.connection->restore_bucket_levels(of_connection);
    return {};
}

Instance* Engine::Impl::find_instance(const store::InstanceName& name) {
    const Place* place = place_of(name);
    return place == nullptr ? nullptr : place->instance.get();
}

Place* Engine::Impl::place_of(const store::InstanceName& name) {
    const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
        return place.instance->name() == name;
    });
    return found == places_.end() ? nullptr : &*found;
}

void Engine::Impl::log_hold(const Place& place, const Error& error) {
    if (!said_.first("flow stopped", place.instance->name(), error, clock_.now())) return;
    log::error("flow stopped", {{"flow", Json(place.instance->name().flow)},
                                {"origin", Json(place.instance->name().origin)},
                                {"partition", Json(place.instance->name().partition)},
                                {"code", Json(error.code)},
                                {"message", Json(error.message)}});
}

bool Engine::Impl::any_busy() const {
    return std::any_of(places_.begin(), places_.end(),
                       [](const Place& place) { return !place.hung && place.busy; });
}

// ---- the door ----

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
