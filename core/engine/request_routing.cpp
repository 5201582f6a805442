// SPDX-License-Identifier: Apache-2.0
// Requests: from the store's table to the instances concerned and back as one answer. None is
// forgotten before all that it asks for is stored and answered.
#include "core/engine/engine_impl.hpp"

#include "core/base/log.hpp"

#include <algorithm>

namespace carrick::engine {

namespace {

constexpr std::string_view kSync = "records.sync";

}  // namespace

Result<void> Engine::Impl::poll_requests() {
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

Result<void> Engine::Impl::ask(const store::EngineRequest& request,
                               std::function<void(const std::string& answer)> on_answer) {
    Result<DemandPlan> plan = plan_demand(settings_, request, clock_.now());
    if (!plan) return plan.error();
    return begin(request.id, std::move(*plan), std::move(on_answer));
}

Result<void> Engine::Impl::take_up(const store::EngineRequest& request) {
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

void Engine::Impl::hand_out(const std::shared_ptr<PendingRequest>& pending) {
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

void Engine::Impl::finish_part(PendingRequest& request,
                               const std::optional<store::RequestEffect>& done) {
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

void Engine::Impl::give_back(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    requests_.erase(id);
}

Result<void> Engine::Impl::answer(std::int64_t id, const std::string& text) {
    Result<void> answered = store_.answer_request(id, text);
    give_back(id);
    return answered;
}

}  // namespace carrick::engine
