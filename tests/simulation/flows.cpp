// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/flows.hpp"

#include "tests/simulation/world.hpp"

#include <carrick/sdk/flow.hpp>
#include <carrick/sdk/plugin.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace carrick::simulation {

namespace {

// The longest that a slow write takes, and then until reads see it. Whoever asks earlier cannot
// tell absent from late.
constexpr Milliseconds kSettled{181'000};

class Source {
public:
    explicit Source(std::string partition) : partition_(std::move(partition)) {}
    static Result<std::unique_ptr<Source>> make(const sdk::FlowConfig& config) {
        return std::make_unique<Source>(config.partition);
    }
    // Both streams read the same log; a backfill reads it from its beginning once more.
    Result<void> extract(sdk::Call& call, std::string_view stream, std::string_view checkpoint) {
        const std::string own = stream == "backfill" ? Json::parse(checkpoint).value()["at"].text()
                                                     : std::string(checkpoint);
        std::int64_t after = 0;
        std::from_chars(own.data(), own.data() + own.size(), after);
        const sdk::Reply reply = call.call_one(
            "source", "world.search",
            Json::object({{"partition", Json(partition_)}, {"after", Json(after)}}).dump());
        if (!reply.ok()) return reply.error;
        for (const Json& order : reply.body["orders"].items())
            call.emit_record({.key = order["key"].text(),
                              .version = UtcTime(*order["version"].integer_if()),
                              .body = order["body"].text()});
        call.set_checkpoint(
            std::to_string(*reply.body["next"].integer_if()),
            *reply.body["more"].bool_if() ? sdk::PageEnd::More : sdk::PageEnd::Idle);
        return {};
    }

private:
    std::string partition_;
};

class Pass {
public:
    static Result<std::unique_ptr<Pass>> make(const sdk::FlowConfig&) {
        return std::make_unique<Pass>();
    }
    void deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads&,
                 const sdk::Ledger&) {
        for (const sdk::RecordView record : records)
            call.done(record, {}, Json::object({{"passed", Json(record.key)}}).dump());
    }
};

template <bool enforced>
class Sink {
public:
    static Result<std::unique_ptr<Sink>> make(const sdk::FlowConfig&) {
        return std::make_unique<Sink>();
    }

    void needs(sdk::Pure& pure, const sdk::Records& records) {
        for (const sdk::RecordView record : records) {
            const Json order = record.json().value();
            if (!*order["cancelled"].bool_if())
                pure.emit_lookup(record, "item", order["item"].text());
            pure.emit_lookup(record, "document", World::document_id(std::string(record.key)), true);
        }
    }

    void map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
             const sdk::Ledger& ledger) {
        for (const sdk::RecordView record : records) {
            const Json order = record.json().value();
            const std::string external_id = World::document_id(std::string(record.key));
            std::string target_id;
            if (const auto known = ledger.find(record))
                target_id = known->json().value()["document"].text();
            if (const auto found = lookups.find(record, "document"); found && found->found)
                target_id = found->json().value()["id"].text();
            if (*order["cancelled"].bool_if() && target_id.empty()) {
                pure.skipped(record, "cancelled before import");
                continue;
            }
            const std::string body = Json::object({{"order", order["id"]},
                                                   {"version", order["version"]},
                                                   {"poison", order["poison"]},
                                                   {"passed", order["carrick"]["passed"]}})
                                         .dump();
            pure.emit_payload(record, {.write = "document",
                                       .action = target_id.empty() ? sdk::WriteAction::Create
                                                                   : sdk::WriteAction::Update,
                                       .external_id = external_id,
                                       .target_id = target_id,
                                       .body = body});
        }
    }

    void deliver(sdk::Call& call, const sdk::Records&, const sdk::Payloads& payloads,
                 const sdk::Ledger&) {
        std::vector<sdk::Request> requests;
        for (const sdk::PayloadView payload : payloads)
            requests.push_back(payload.action == sdk::WriteAction::Create
                                   ? create(payload)
                                   : update(payload, std::string(payload.target_id)));
        // Adopt: what is there is ours, from an answer that was lost; it is brought up to date.
        std::vector<sdk::Request> updates;
        std::vector<std::uint32_t> adopted;
        call.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
            if (reply.failed() && reply.error.code == "target.duplicate") {
                updates.push_back(update(payloads[at], reply.error.field));
                adopted.push_back(payloads[at].record);
            } else {
                settle(call, payloads[at].record, reply);
            }
        });
        if (!updates.empty())
            call.call("target", updates, [&](std::size_t at, const sdk::Reply& reply) {
                settle(call, adopted[at], reply);
            });
    }

    Result<void> reconcile(sdk::Call& call, const sdk::Records&, const sdk::Attempts& attempts) {
        Json keys = Json::array();
        for (const sdk::AttemptView attempt : attempts) keys.push_back(Json(attempt.external_id));
        const sdk::Reply reply =
            call.call_one("target", "world.find", Json::object({{"keys", keys}}).dump());
        if (!reply.ok()) return reply.error;
        for (const sdk::AttemptView attempt : attempts) {
            const Json& document = reply.body["found"][attempt.external_id];
            if (document["body"].text() == attempt.body)
                call.done(attempt.record, Json::object({{"document", document["id"]}}).dump());
            else if (call.now() < attempt.started_at + kSettled)
                call.waiting(attempt.record, {.reason = "too early to say",
                                              .look_again_at = attempt.started_at + kSettled});
            else
                call.absent(attempt.record);
        }
        return {};
    }

private:
    static sdk::Request create(const sdk::PayloadView& payload) {
        return sdk::Request::write(payload.record, "world.create",
                                   Json::object({{"external_id", Json(payload.external_id)},
                                                 {"enforced", Json(enforced)},
                                                 {"poison", payload.json().value()["poison"]},
                                                 {"body", Json(payload.body)}})
                                       .dump());
    }
    static sdk::Request update(const sdk::PayloadView& payload, const std::string& id) {
        return sdk::Request::write(payload.record, "world.update",
                                   Json::object({{"id", Json(id)},
                                                 {"poison", payload.json().value()["poison"]},
                                                 {"body", Json(payload.body)}})
                                       .dump());
    }
    static void settle(sdk::Call& call, std::uint32_t record, const sdk::Reply& reply) {
        if (!call.settle_failure(record, reply))
            call.done(record, Json::object({{"document", reply.body["id"]}}).dump());
    }
};

template <auto make>
std::shared_ptr<plugin_host::LoadedPlugin> adopt(const std::string& kind, const std::string& rest) {
    Result<plugin_host::Manifest> manifest = plugin_host::parse_manifest(
        R"({"name":"simulated","version":"1.0.0","summary":"Simulation.","vendor":"Carrick",
            "licence":"Apache-2.0","abi":"0.1","kind":")" +
            kind + "\"" + rest + "}",
        "simulated.json");
    const auto entry = []() -> const carrick_plugin* {
        return sdk::plugin_descriptor<make>("simulated", "1.0.0");
    };
    Result<std::shared_ptr<plugin_host::LoadedPlugin>> plugin =
        manifest ? plugin_host::adopt_plugin(*manifest, entry)
                 : Result<std::shared_ptr<plugin_host::LoadedPlugin>>(manifest.error());
    if (!plugin) {
        std::fprintf(stderr, "simulation: %s\n", plugin.error().message.c_str());
        std::abort();
    }
    return *plugin;
}

std::string sink_rest(const std::string& repeat) {
    return R"(,"roles":["target"],"input":["sim.order/2"],
        "operations":["world.create","world.update","world.find"],
        "writes":[{"name":"document","record_type":"sim.document","repeat":")" +
           repeat + R"("}],
        "lookups":[{"name":"item","role":"target","operation":"world.items","missing":"waiting"},
                   {"name":"document","role":"target","operation":"world.find","missing":"fine"}])";
}

}  // namespace

std::shared_ptr<plugin_host::LoadedPlugin> source_plugin() {
    return adopt<&Source::make>("source", R"(,"roles":["source"],"operations":["world.search"],
        "streams":[{"name":"api"},{"name":"backfill","on_demand":"range"}],
        "output":"sim.order/1")");
}
std::shared_ptr<plugin_host::LoadedPlugin> pass_plugin() {
    return adopt<&Pass::make>("transform", R"(,"input":["sim.order/1"],"output":"sim.order/2")");
}
std::shared_ptr<plugin_host::LoadedPlugin> safe_sink_plugin() {
    return adopt<&Sink<true>::make>("sink", sink_rest("safe"));
}
std::shared_ptr<plugin_host::LoadedPlugin> unsafe_sink_plugin() {
    return adopt<&Sink<false>::make>("sink", sink_rest("unsafe"));
}

}  // namespace carrick::simulation
