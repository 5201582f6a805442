// SPDX-License-Identifier: Apache-2.0
#include "core/engine/demand_requests.hpp"

#include "core/plugin_host/nearest.hpp"

#include <algorithm>
#include <array>

namespace carrick::engine {

namespace {

using plugin_host::OnDemand;
using plugin_host::StreamDeclaration;

constexpr std::array<std::string_view, 3> kKinds{"backfill.start", "backfill.stop", "records.sync"};

const StreamDeclaration* stream_of(const FlowSpec& flow, OnDemand demand) {
    return flow.plugin->manifest().stream_on(demand);
}

Result<const FlowSpec*> flow_with_range(const EngineSettings& settings, const std::string& name) {
    std::vector<std::string> able;
    for (const FlowSpec& flow : settings.flows) {
        const bool range = stream_of(flow, OnDemand::Range) != nullptr;
        if (flow.name == name && range) return &flow;
        if (range) able.push_back(flow.name);
    }
    std::string all;
    for (const std::string& one : able) all += (all.empty() ? "" : ", ") + one;
    return rejected("backfill.flow",
                    "\"" + name + "\" is no flow that can be filled back" +
                        plugin_host::did_you_mean(name, able) +
                        (all.empty() ? "; no source in flows.yaml can" : "; these can: " + all));
}

/// The codes among `asked` that this instance reads; all of its own where nothing was asked.
std::vector<std::string> stores_of(const PartitionSpec& partition, const Json& asked) {
    std::vector<std::string> own;
    if (!partition.partition.empty()) own.push_back(partition.partition);
    for (const JsonMember& store : partition.marketplaces.members()) own.push_back(store.key);
    if (asked.size() > 0)
        std::erase_if(own, [&](const std::string& code) {
            return std::none_of(asked.items().begin(), asked.items().end(),
                                [&](const Json& one) { return one.text() == code; });
        });
    return own;
}

Result<void> check_stores(const FlowSpec& flow, const Json& asked) {
    std::vector<std::string> known;
    for (const PartitionSpec& partition : flow.partitions)
        for (std::string& code : stores_of(partition, Json::array()))
            known.push_back(std::move(code));
    for (const Json& code : asked.items())
        if (std::find(known.begin(), known.end(), code.text()) == known.end()) {
            std::string all;
            for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
            return rejected("backfill.marketplace", "flow " + flow.name +
                                                        " reads no marketplace \"" + code.text() +
                                                        "\"; it reads " + all);
        }
    return {};
}

Result<DemandPlan> plan_backfill(const EngineSettings& settings,
                                 const store::EngineRequest& request, const Json& arguments,
                                 UtcTime now) {
    const Result<const FlowSpec*> found = flow_with_range(settings, arguments["flow"].text());
    if (!found) return found.error();
    const FlowSpec& flow = **found;
    const Result<UtcTime> from = UtcTime::parse(arguments["from"].text());
    const bool until_now = !arguments.contains("to");
    const Result<UtcTime> to =
        until_now ? Result<UtcTime>(now) : UtcTime::parse(arguments["to"].text());
    const std::int64_t share = arguments["share"].integer_if().value_or(50);
    if (!from || !to || share < 1 || share > 100)
        return rejected(
            "request.arguments",
            "backfill.start needs {\"flow\", \"from\": T}, a time as \"to\" and a share of 1 "
            "to 100");
    if (*from >= std::min(*to, now))
        return rejected("backfill.range", "from " + from->text() + " to " + to->text() +
                                              " there is nothing to read; the range begins before "
                                              "it ends, and in the past");
    const bool before_start = arguments["before_start"].bool_if().value_or(false);
    if (flow.start && *from < *flow.start && !before_start)
        return rejected("backfill.before_start",
                        from->text() + " is before the start of flow " + flow.name + ", " +
                            flow.start->text() +
                            ": what is older is taken to be in the books already. Begin at the "
                            "start, or say --before-start to import it all the same");
    if (Result<void> known = check_stores(flow, arguments["marketplaces"]); !known)
        return known.error();

    DemandPlan plan;
    plan.flow = flow.name;
    for (const PartitionSpec& partition : flow.partitions) {
        const std::vector<std::string> stores = stores_of(partition, arguments["marketplaces"]);
        if (stores.empty()) continue;
        DemandPart part;
        part.instance = {flow.name, partition.origin, partition.partition};
        part.stream = stream_of(flow, OnDemand::Range)->name;
        Json codes = Json::array();
        for (const std::string& code : stores) codes.push_back(Json(code));
        part.demand.asked = Json::object({{"from", Json(from->text())},
                                          {"to", Json(to->text())},
                                          {"marketplaces", std::move(codes)}});
        if (before_start) part.demand.asked.set("before_start", Json(true));
        part.demand.id = request.id;
        part.demand.share = static_cast<int>(share);
        part.demand.who = request.who;
        part.demand.since = now;
        part.demand.until_now = until_now;
        plan.parts.push_back(std::move(part));
    }
    return plan;
}

Result<DemandPlan> plan_stop(const EngineSettings& settings, const Json& arguments) {
    const Result<const FlowSpec*> found = flow_with_range(settings, arguments["flow"].text());
    if (!found) return found.error();
    DemandPlan plan;
    plan.action = DemandAction::Stop;
    plan.flow = (*found)->name;
    for (const PartitionSpec& partition : (*found)->partitions)
        plan.parts.push_back({{plan.flow, partition.origin, partition.partition},
                              stream_of(**found, OnDemand::Range)->name,
                              {}});
    return plan;
}

Result<std::vector<std::string>> read_keys(const Json& keys, const StreamDeclaration& stream) {
    std::vector<std::string> read;
    for (const Json& key : keys.items()) {
        if (!stream.is_key(key.text()))
            return rejected(
                "sync.key",
                "\"" + key.text().substr(0, 60) + "\" is no " + stream.noun + " id" +
                    (stream.key_shape.empty()
                         ? std::string()
                         : "; one has the form " + stream.key_shape + " (9 = a digit)"));
        if (std::find(read.begin(), read.end(), key.text()) == read.end())
            read.push_back(key.text());
    }
    if (read.empty() || read.size() > kMostKeys)
        return rejected("request.arguments",
                        "records.sync needs 1 to " + std::to_string(kMostKeys) + " different keys");
    return read;
}

Result<DemandPlan> plan_sync(const EngineSettings& settings, const store::EngineRequest& request,
                             const Json& arguments, UtcTime now) {
    const std::string& noun = arguments["noun"].text();
    const std::string& only = arguments["flow"].text();
    std::vector<std::string> nouns;
    std::vector<std::string> flows;
    DemandPlan plan;
    plan.action = DemandAction::Sync;
    plan.flow = only;
    plan.wait = std::chrono::milliseconds(
        std::clamp<std::int64_t>(arguments["wait_ms"].integer_if().value_or(60'000), 0, 3'600'000));
    for (const FlowSpec& flow : settings.flows) {
        const StreamDeclaration* stream = stream_of(flow, OnDemand::Keys);
        if (stream == nullptr) continue;
        if (std::find(nouns.begin(), nouns.end(), stream->noun) == nouns.end())
            nouns.push_back(stream->noun);
        if (stream->noun != noun) continue;
        flows.push_back(flow.name);
        if (!only.empty() && flow.name != only) continue;
        Result<std::vector<std::string>> keys = read_keys(arguments["keys"], *stream);
        if (!keys) return keys.error();
        Json asked = Json::array();
        for (const std::string& key : *keys) asked.push_back(Json(key));
        plan.keys = std::move(*keys);
        for (const PartitionSpec& partition : flow.partitions) {
            DemandPart part;
            part.instance = {flow.name, partition.origin, partition.partition};
            part.stream = stream->name;
            part.demand.asked = Json::object({{"keys", asked}});
            part.demand.id = request.id;
            part.demand.who = request.who;
            part.demand.since = now;
            plan.parts.push_back(std::move(part));
        }
    }
    if (!plan.parts.empty()) return plan;
    if (flows.empty())
        return rejected("sync.noun", "no source in flows.yaml fetches a \"" + noun +
                                         "\" by itself" + plugin_host::did_you_mean(noun, nouns));
    return rejected("sync.flow", "\"" + only + "\" is no flow that fetches a " + noun +
                                     plugin_host::did_you_mean(only, flows));
}

}  // namespace

bool is_demand(std::string_view kind) {
    return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

Result<DemandPlan> plan_demand(const EngineSettings& settings, const store::EngineRequest& request,
                               UtcTime now) {
    const Result<Json> arguments = Json::parse(request.arguments);
    if (!arguments || !arguments->is_object())
        return rejected("request.arguments",
                        request.kind + ": the arguments are not a JSON object");
    if (request.kind == "backfill.start") return plan_backfill(settings, request, *arguments, now);
    if (request.kind == "backfill.stop") return plan_stop(settings, *arguments);
    return plan_sync(settings, request, *arguments, now);
}

Json backfill_json(const store::InstanceName& instance, const Demand& demand) {
    Json json = Json::object({{"flow", Json(instance.flow)},
                              {"account", Json(instance.origin)},
                              {"state", Json(to_string(demand.state))},
                              {"marketplaces", demand.asked["marketplaces"]},
                              {"from", demand.asked["from"]},
                              {"to", demand.asked["to"]},
                              {"share", Json(demand.share)},
                              {"pages", Json(demand.pages)},
                              {"records", Json(demand.records)},
                              {"who", Json(demand.who)},
                              {"since", Json(demand.since.text())}});
    if (const UtcTime reached = demand.reached(); reached != UtcTime())
        json.set("reached", Json(reached.text()));
    if (demand.next_page != UtcTime()) json.set("next_page", Json(demand.next_page.text()));
    if (demand.ended != UtcTime()) json.set("ended", Json(demand.ended.text()));
    if (demand.state == DemandState::Failed) {
        json.set("code", Json(demand.error.code));
        json.set("message", Json(demand.error.message));
    }
    return json;
}

Result<std::vector<std::pair<store::InstanceName, Demand>>> stored_backfills(
    store::Store& store, const std::string& flow) {
    Result<std::vector<store::InstanceName>> instances = store.instances();
    if (!instances) return instances.error();
    std::vector<std::pair<store::InstanceName, Demand>> found;
    for (const store::InstanceName& name : *instances) {
        if (!flow.empty() && name.flow != flow) continue;
        Result<store::InstanceState> state = store.load_instance(name);
        if (!state) return state.error();
        for (const store::Checkpoint& checkpoint : state->checkpoints)
            if (Result<Demand> demand = Demand::parse(checkpoint.text);
                demand && !demand->of_keys()) {
                if (demand->running()) demand->next_page = checkpoint.look_again_at;
                found.emplace_back(name, std::move(*demand));
            }
    }
    return found;
}

Result<std::string> stop_in_store(store::Store& store, const store::EngineRequest& request,
                                  UtcTime now) {
    const Result<Json> arguments = Json::parse(request.arguments);
    const std::string flow = arguments ? (*arguments)["flow"].text() : std::string();
    Result<std::vector<store::InstanceName>> instances = store.instances();
    if (!instances) return instances.error();
    Json stopped = Json::array();
    for (const store::InstanceName& name : *instances) {
        if (name.flow != flow) continue;
        Result<store::InstanceState> state = store.load_instance(name);
        if (!state) return state.error();
        for (const store::Checkpoint& checkpoint : state->checkpoints) {
            Result<Demand> demand = Demand::parse(checkpoint.text);
            if (!demand || demand->of_keys() || !demand->running()) continue;
            demand->end(DemandState::Stopped, now);
            demand->ended_by = request.id;
            store::Commit commit;
            commit.instance = state->number;
            commit.epoch = store.epoch();
            commit.expected_commit = state->last_commit;
            commit.checkpoint = store::Checkpoint{checkpoint.stream, demand->text(), {}};
            commit.now = now;
            Result<store::Receipt> receipt = store.commit(commit);
            if (!receipt) return receipt.error();
            state->last_commit = receipt->commit;
            stopped.push_back(backfill_json(name, *demand));
        }
    }
    if (stopped.size() == 0)
        return rejected("backfill.none", "no backfill of flow " + flow + " is under way");
    return Json::object({{"ok", Json(true)}, {"backfills", std::move(stopped)}}).dump();
}

}  // namespace carrick::engine
