// SPDX-License-Identifier: Apache-2.0
#include "core/engine/requests.hpp"

#include "core/engine/demand_requests.hpp"

#include <algorithm>
#include <set>

namespace carrick::engine {

namespace {

/// Sorts one open error into the plan. Rejected, transient and throttled errors belong to a record
/// in the queue; misconfigured ones stopped a flow, bugs an instance.
void add_to_plan(RequestPlan& plan, const store::ErrorRow& row) {
    RequestPart& part = plan.parts[row.instance];
    const bool holds =
        row.error_class == ErrorClass::Misconfigured || row.error_class == ErrorClass::Bug;
    if (row.seq != 0) part.places.push_back({row.channel, row.seq});
    if (holds || row.seq == 0) {
        part.keys.push_back(row.key);
        part.release = true;
    }
    if (row.error_class == ErrorClass::Misconfigured)
        plan.release_flows.push_back(row.instance.flow);
}

Result<void> add_all(RequestPlan& plan, store::Store& store, store::ErrorFilter filter) {
    filter.limit = 1'000;
    std::size_t found = 0;
    for (bool more = true; more;) {
        Result<std::vector<store::ErrorRow>> rows = store.errors(filter);
        if (!rows) return rows.error();
        for (const store::ErrorRow& row : *rows) {
            filter.after_id = std::max(filter.after_id, row.id);
            add_to_plan(plan, row);
        }
        found += rows->size();
        more = rows->size() == filter.limit;
    }
    if (found == 0)
        return rejected("request.nothing", "no open error matches; see carrick errors list");
    return {};
}

Result<void> add_one(RequestPlan& plan, store::Store& store, std::int64_t id) {
    Result<std::optional<store::ErrorRow>> row = store.error(id);
    if (!row) return row.error();
    if (!*row || (*row)->state != store::ErrorState::Open)
        return rejected("request.nothing", "error " + std::to_string(id) +
                                               (*row ? " is resolved already"
                                                     : " does not exist; see carrick errors list"));
    add_to_plan(plan, **row);
    return {};
}

/// The errors that a person has settled. What an earlier attempt of the request has done is passed.
Result<void> add_settled(RequestPlan& plan, store::Store& store, const Json& ids, bool begun) {
    std::set<std::int64_t> named;
    for (const Json& one : ids.items()) {
        const std::int64_t id = one.integer_if().value_or(0);
        if (!named.insert(id).second) continue;
        Result<std::optional<store::ErrorRow>> row = store.error(id);
        if (!row) return row.error();
        if (begun && *row && (*row)->state == store::ErrorState::Resolved) continue;
        if (*row && (*row)->state == store::ErrorState::Open && (*row)->seq == 0)
            return rejected("request.no_record",
                            "error " + std::to_string(id) + " (" + (*row)->code +
                                ") is of no record, it stopped flow " + (*row)->instance.flow +
                                "; settle its cause, then `carrick errors retry " +
                                std::to_string(id) + "`");
        if (Result<void> added = add_one(plan, store, id); !added) return added;
    }
    for (auto& [name, part] : plan.parts) part.by_hand = true;
    return {};
}

Result<RequestPlan> plan_resolve(store::Store& store, const store::EngineRequest& request,
                                 const Json& arguments) {
    constexpr std::size_t kLongestReason = 500;
    const Json& ids = arguments["ids"];
    const std::string& reason = arguments["reason"].text();
    if (ids.size() == 0 || reason.find_first_not_of(" \t\r\n") == std::string::npos ||
        reason.size() > kLongestReason)
        return rejected("request.arguments",
                        R"(errors.resolve needs {"ids": [n, ...], "reason": "..."}: why the )"
                        "records are settled, in up to " +
                            std::to_string(kLongestReason) + " characters");
    RequestPlan plan;
    plan.by_hand = true;
    plan.resolution = "resolved by " +
                      (request.who.empty() ? std::string("unknown") : request.who) + ": " + reason;
    if (Result<void> added = add_settled(plan, store, ids, request.retried + request.released > 0);
        !added)
        return added.error();
    return plan;
}

Result<RequestPlan> plan_of(store::Store& store, const store::EngineRequest& request) {
    Result<Json> arguments = Json::parse(request.arguments.empty() ? "{}" : request.arguments);
    if (!arguments || !arguments->is_object())
        return rejected("request.arguments",
                        request.kind + ": the arguments are not a JSON object");
    RequestPlan plan;
    plan.resolution = "retried by " + (request.who.empty() ? std::string("unknown") : request.who);
    if (request.kind == "flows.allow") {
        plan.allow_flow = (*arguments)["flow"].text();
        if (plan.allow_flow.empty())
            return rejected("request.arguments", "flows.allow needs {\"flow\": \"...\"}");
        plan.resolution = "allowed by " + request.who;
        store::ErrorFilter filter;
        filter.flow = plan.allow_flow;
        filter.limit = 1'000;
        Result<std::vector<store::ErrorRow>> rows = store.errors(filter);
        if (!rows) return rows.error();
        for (const store::ErrorRow& row : *rows)
            if (row.code == "engine.first_run_limit") add_to_plan(plan, row);
        plan.release_flows.clear();
        return plan;
    }
    if (request.kind == "errors.resolve") return plan_resolve(store, request, *arguments);
    if (request.kind != "errors.retry")
        return rejected("request.kind",
                        "\"" + request.kind +
                            "\" is no request of this version, or one for a running engine; "
                            "known: errors.retry, errors.resolve, flows.allow, backfill.start, "
                            "backfill.stop, records.sync");
    Result<void> planned;
    store::ErrorFilter filter;
    if (const auto id = (*arguments)["id"].integer_if()) {
        planned = add_one(plan, store, *id);
    } else if (!(filter.fingerprint = (*arguments)["fingerprint"].text()).empty() ||
               !(filter.flow = (*arguments)["flow"].text()).empty()) {
        filter.flow = (*arguments)["flow"].text();
        planned = add_all(plan, store, filter);
    } else {
        return rejected("request.arguments",
                        "errors.retry needs {\"id\": n}, {\"fingerprint\": \"...\"} or "
                        "{\"flow\": \"...\"}");
    }
    if (!planned) return planned.error();
    return plan;
}

}  // namespace

Result<RequestPlan> plan_request(store::Store& store, const store::EngineRequest& request) {
    Result<RequestPlan> plan = plan_of(store, request);
    // The errors that it was about are no longer open because it has settled them itself.
    if (!plan && plan.error().code == "request.nothing" && request.retried + request.released > 0) {
        RequestPlan done;
        done.by_hand = request.kind == "errors.resolve";
        return done;
    }
    return plan;
}

bool concerns(const RequestPart& part, store::OpenState state) {
    if (part.by_hand) return state != store::OpenState::Shadow;
    return state == store::OpenState::Failed || state == store::OpenState::Unknown;
}

Result<store::RequestEffect> carry_out_in_store(store::Store& store, std::int64_t request,
                                                const store::InstanceName& name,
                                                const RequestPart& part,
                                                const std::string& resolution, UtcTime now) {
    Result<store::InstanceState> state = store.load_instance(name);
    if (!state) return state.error();
    store::RequestEffect effect{request, 0, part.keys.empty() ? 0 : 1};
    store::Commit commit;
    commit.instance = state->number;
    commit.epoch = store.epoch();
    commit.expected_commit = state->last_commit;
    commit.now = now;
    for (store::OpenRecord& open : state->open) {
        const store::Position place{open.channel, open.seq};
        if (std::find(part.places.begin(), part.places.end(), place) == part.places.end() ||
            !concerns(part, open.state))
            continue;
        if (part.by_hand) {
            open.stage = kByHandStage;
            open.reason = resolution;
            open.token.clear();
            open.awaited_link.clear();
            open.in_question = false;
            commit.attempts_settled.push_back(place);
        }
        open.state = store::OpenState::Ready;
        open.tries = 0;
        open.error_id = 0;
        open.since = open.deadline = open.look_again_at = UtcTime();
        open.record.body.clear();
        commit.resolve_key_errors.emplace_back(open.record.key, resolution);
        commit.open_put.push_back(std::move(open));
        ++effect.retried;
    }
    for (const std::string& key : part.keys)
        commit.resolve_key_errors.emplace_back(key, resolution);
    if (commit.resolve_key_errors.empty()) return effect;
    if (request != 0) commit.requests.push_back(effect);
    Result<store::Receipt> receipt = store.commit(commit);
    if (!receipt) return receipt.error();
    return effect;
}

Result<std::string> execute_request(store::Store& store, const store::EngineRequest& request,
                                    UtcTime now) {
    if (request.kind == "backfill.stop") return stop_in_store(store, request, now);
    Result<RequestPlan> plan = plan_request(store, request);
    if (!plan) return plan.error();
    if (!plan->allow_flow.empty())
        if (Result<void> put = store.cache_put(kFirstRunCache, plan->allow_flow, "allowed", now);
            !put)
            return put.error();
    store::RequestEffect sum{request.id, request.retried, request.released};
    for (const auto& [name, part] : plan->parts) {
        Result<store::RequestEffect> done =
            carry_out_in_store(store, request.id, name, part, plan->resolution, now);
        if (!done) return done.error();
        sum.retried += done->retried;
        sum.released += done->released;
    }
    return answer_for(*plan, sum);
}

Result<std::size_t> execute_pending_requests(store::Store& store, UtcTime now) {
    Result<std::vector<store::EngineRequest>> pending = store.pending_requests();
    if (!pending) return pending.error();
    for (const store::EngineRequest& request : *pending) {
        Result<std::string> done = execute_request(store, request, now);
        // What the store refused for now stays posted.
        if (!done && done.error().error_class == ErrorClass::Transient) return done.error();
        if (Result<void> answered =
                store.answer_request(request.id, done ? *done : failure_answer(done.error()));
            !answered)
            return answered.error();
    }
    return pending->size();
}

std::string answer_for(const RequestPlan& plan, const store::RequestEffect& effect) {
    if (plan.allow_flow.empty() && effect.retried + effect.released == 0)
        return failure_answer(rejected(
            "request.nothing",
            std::string(plan.by_hand ? "nothing is resolved" : "nothing runs again") +
                ": the records of these errors do not stand in the error queue any "
                "more; a newer version of each is on its way, or it was settled meanwhile"));
    return Json::object({{"ok", Json(true)},
                         {plan.by_hand ? "resolved" : "retried", Json(effect.retried)},
                         {"released", Json(effect.released)}})
        .dump();
}

std::string failure_answer(const Error& error) {
    return Json::object(
               {{"ok", Json(false)}, {"code", Json(error.code)}, {"message", Json(error.message)}})
        .dump();
}

}  // namespace carrick::engine
