// SPDX-License-Identifier: Apache-2.0
// What the engine's tests share: flows written with the SDK whose stages a test scripts, a target
// that remembers what it was sent, and an engine on a store in memory under a virtual clock.
#pragma once

#include "core/engine/engine.hpp"
#include "core/engine/requests.hpp"
#include "core/plugin_host/flow_instance.hpp"
#include "core/store/sqlite/sqlite_store.hpp"
#include "tests/support/virtual_clock.hpp"

#include <carrick/sdk/flow.hpp>
#include <carrick/sdk/plugin.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace carrick::engine::testing {

using carrick::testing::SeededRandom;
using carrick::testing::VirtualClock;

/// What the stages of one flow do. A stage that is left empty does the ordinary thing.
struct Script {
    std::function<void(sdk::Call&, std::string_view stream, std::string_view checkpoint)> extract;
    std::function<void(sdk::Pure&, const sdk::Records&)> needs;
    std::function<void(sdk::Pure&, const sdk::Records&, const sdk::Lookups&, const sdk::Ledger&)>
        map;
    std::function<void(sdk::Pure&, const sdk::Records&, const sdk::Payloads&)> verify;
    std::function<Result<void>(sdk::Call&, const sdk::Records&, const sdk::Payloads&)> deliver;
    std::function<void(sdk::Call&, const sdk::Records&, const sdk::Attempts&)> reconcile;
    std::function<void(sdk::Call&, const sdk::Records&, const sdk::Waits&)> resume;
    int deliveries = 0;
    int reconciliations = 0;
};

/// Scripts by flow name; a factory of the ABI carries no state of its own.
inline std::map<std::string, Script>& scripts() {
    static std::map<std::string, Script> all;
    return all;
}

struct ScriptedSource {
    Script& script;
    void extract(sdk::Call& call, std::string_view stream, std::string_view checkpoint) {
        script.extract(call, stream, checkpoint);
    }
    static Result<std::unique_ptr<ScriptedSource>> make(const sdk::FlowConfig& config) {
        return std::unique_ptr<ScriptedSource>(new ScriptedSource{scripts()[config.flow]});
    }
};

struct ScriptedSink {
    Script& script;
    void needs(sdk::Pure& pure, const sdk::Records& records) {
        if (script.needs) script.needs(pure, records);
    }
    void map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
             const sdk::Ledger& ledger) {
        if (script.map) return script.map(pure, records, lookups, ledger);
        for (const sdk::RecordView record : records)
            pure.emit_payload(
                record,
                {.write = "document", .external_id = record.key, .body = std::string(record.body)});
    }
    void verify(sdk::Pure& pure, const sdk::Records& records, const sdk::Payloads& payloads) {
        if (script.verify) script.verify(pure, records, payloads);
    }
    Result<void> deliver(sdk::Call& call, const sdk::Records& records,
                         const sdk::Payloads& payloads, const sdk::Ledger&) {
        ++script.deliveries;
        if (script.deliver) return script.deliver(call, records, payloads);
        std::vector<sdk::Request> requests;
        std::vector<std::uint32_t> of;
        for (const sdk::PayloadView payload : payloads) {
            of.push_back(payload.record);
            requests.push_back(sdk::Request::write(
                payload.record, "fake.write",
                Json::object({{"id", Json(payload.external_id)}, {"body", Json(payload.body)}})
                    .dump()));
        }
        call.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
            if (!call.settle_failure(of[at], reply)) call.done(of[at], R"({"document":"1"})");
        });
        return {};
    }
    void reconcile(sdk::Call& call, const sdk::Records& records, const sdk::Attempts& attempts) {
        ++script.reconciliations;
        if (script.reconcile) return script.reconcile(call, records, attempts);
        for (const sdk::AttemptView attempt : attempts) call.absent(attempt.record);
    }
    void resume(sdk::Call& call, const sdk::Records& records, const sdk::Waits& waits) {
        if (script.resume) return script.resume(call, records, waits);
        for (const sdk::RecordView record : records) call.done(record);
    }
    static Result<std::unique_ptr<ScriptedSink>> make(const sdk::FlowConfig& config) {
        return std::unique_ptr<ScriptedSink>(new ScriptedSink{scripts()[config.flow]});
    }
};

template <auto make>
const carrick_plugin* entry() {
    static constexpr const char* kName = "scripted";
    return sdk::plugin_descriptor<make>(kName, "1.0.0");
}

/// A manifest in one line; `rest` begins with a comma.
inline plugin_host::Manifest manifest_of(const std::string& kind, const std::string& rest) {
    Result<plugin_host::Manifest> manifest = plugin_host::parse_manifest(
        R"({"name":"scripted","version":"1.0.0","summary":"A test.","vendor":"Carrick",
            "licence":"Apache-2.0","abi":"0.1","kind":")" +
            kind + "\"" + rest + "}",
        "scripted.json");
    INFO((manifest ? std::string() : manifest.error().message));
    REQUIRE(manifest);
    return *manifest;
}

inline std::shared_ptr<plugin_host::LoadedPlugin> plugin_of(const plugin_host::Manifest& manifest,
                                                            carrick_plugin_entry entry) {
    Result<std::shared_ptr<plugin_host::LoadedPlugin>> plugin =
        plugin_host::adopt_plugin(manifest, entry);
    INFO((plugin ? std::string() : plugin.error().message));
    REQUIRE(plugin);
    return *plugin;
}

/// A target that keeps what it is sent and answers as told.
class FakeTarget final : public connectors::Connection {
public:
    std::map<std::string, std::vector<std::string>> written;  ///< external id -> bodies
    std::vector<std::string> order;                           ///< of external ids
    std::map<std::string, std::string> documents;             ///< key -> body, for look-ups
    std::vector<std::string> looked_up;
    std::function<connectors::Reply(const std::string& id)> answer;
    std::function<void()> before_reply;
    std::map<std::string, std::string> references;  ///< name -> id
    std::optional<Error> reference_error;
    Json schema_text;
    int schema_calls = 0;
    std::size_t batch = 0;

    [[nodiscard]] std::size_t preferred_batch() const override { return batch; }
    std::span<const connectors::Operation> operations() const override { return operations_; }
    void call(std::span<const connectors::Request> requests, const connectors::CallContext&,
              connectors::ReplyHandler& handler) override {
        for (std::size_t i = 0; i < requests.size(); ++i)
            handler.on_reply(i, reply_to(requests[i]));
    }
    Result<Json> schema(std::string_view, const connectors::CallContext&) override {
        ++schema_calls;
        return schema_text;
    }
    Result<std::string> resolve_reference(std::string_view, std::string_view name,
                                          const connectors::CallContext&) override {
        if (reference_error) return *reference_error;
        const auto known = references.find(std::string(name));
        return known == references.end() ? std::string(name) : known->second;
    }
    Result<void> check(const connectors::CallContext&) override { return {}; }

private:
    connectors::Reply reply_to(const connectors::Request& request) {
        const Json body = Json::parse(request.body).value();
        if (request.operation == "fake.lookup") {
            Json found = Json::object();
            for (const Json& key : body["keys"].items()) {
                looked_up.push_back(key.text());
                if (const auto known = documents.find(key.text()); known != documents.end())
                    found.set(key.text(), Json::parse(known->second).value());
            }
            return {connectors::ReplyStatus::Ok, Json::object({{"found", found}}).dump(), {}};
        }
        const std::string id = body["id"].text();
        connectors::Reply reply{connectors::ReplyStatus::Ok, "{}", {}};
        if (answer) reply = answer(id);
        if (reply.status == connectors::ReplyStatus::Ok) {
            written[id].push_back(body["body"].text());
            order.push_back(id);
        }
        if (before_reply) before_reply();
        return reply;
    }

    std::vector<connectors::Operation> operations_{
        {"fake.write", connectors::OperationKind::Write, "", {}, {}},
        {"fake.lookup", connectors::OperationKind::Lookup, "", {}, {}}};
};

/// One record that a scripted source emits.
struct Emitted {
    std::string key;
    std::int64_t version = 1;
    std::string body = "{}";
    std::int64_t due = 0;
};

inline const char* const kSinkRest =
    R"(,"roles":["target"],"input":["test.order/1"],"operations":["fake.write"],
       "writes":[{"name":"document","record_type":"test.document","repeat":"safe"}])";
inline const char* const kUnsafeRest =
    R"(,"roles":["target"],"input":["test.order/1"],"operations":["fake.write"],
       "writes":[{"name":"document","record_type":"test.document"}])";
inline const char* const kSourceRest = R"(,"streams":[{"name":"api"}],"output":"test.order/1")";

/// A source and whatever a test hangs behind it.
class Bench {
public:
    explicit Bench(const std::string& sink_rest = kSinkRest) {
        scripts().clear();
        store = store::open_sqlite_store({.path = ":memory:"}).value();
        settings.connections["erp"] = {&target, "ERP", "netsuite", true};
        add_flow("source", "source", kSourceRest, entry<&ScriptedSource::make>);
        settings.flows.back().every = Milliseconds(300'000);
        scripts()["source"].extract = [this](sdk::Call& call, std::string_view stream,
                                             std::string_view checkpoint) {
            extract(call, stream, checkpoint);
        };
        add_flow("sink", "sink", sink_rest, entry<&ScriptedSink::make>);
        settings.flows.back().from = {"source"};
        settings.flows.back().roles["target"] = "erp";
        settings.flows.back().retry.base_delay = Milliseconds(1'000);
    }
    ~Bench() { scripts().clear(); }

    FlowSpec& add_flow(const std::string& name, const std::string& kind, const std::string& rest,
                       carrick_plugin_entry plugin_entry) {
        FlowSpec flow;
        flow.name = name;
        flow.plugin = plugin_of(manifest_of(kind, rest), plugin_entry);
        flow.partitions.push_back({"NA1", "US", Json::object(), Json(), Json::object()});
        settings.flows.push_back(std::move(flow));
        return settings.flows.back();
    }
    FlowSpec& sink() { return settings.flows[1]; }
    Script& script() { return scripts()["sink"]; }

    void start() {
        engine.reset();
        engine = std::make_unique<Engine>(*store, clock, random, settings);
        const Result<void> opened = engine->open();
        INFO((opened ? std::string() : opened.error().message));
        REQUIRE(opened);
    }
    /// Emitted with the source's next page.
    void emit(std::vector<Emitted> records) { pages.push_back(std::move(records)); }
    /// Runs everything that can run now.
    void run() {
        if (!engine) start();
        for (int steps = 0; engine->step(); ++steps) REQUIRE(steps < 20'000);
        REQUIRE_FALSE(engine->fatal());
    }
    void run_after(Milliseconds span) {
        clock.advance(span);
        run();
    }

    store::RunCounts counts(const std::string& flow) {
        for (const store::RunTotals& totals : store->totals(0).value())
            if (totals.instance.flow == flow) return totals.counts;
        return {};
    }
    store::RunTotals totals(const std::string& flow) {
        for (store::RunTotals& totals : store->totals(0).value())
            if (totals.instance.flow == flow) return totals;
        return {};
    }
    std::vector<store::ErrorRow> errors() { return store->errors({}).value(); }
    InstanceStatus status(const std::string& flow) {
        for (const InstanceStatus& status : engine->status())
            if (status.name.flow == flow) return status;
        return {};
    }

    std::unique_ptr<store::Store> store;
    VirtualClock clock;
    SeededRandom random{7};
    FakeTarget target;
    EngineSettings settings;
    std::unique_ptr<Engine> engine;
    std::deque<std::vector<Emitted>> pages;

private:
    void extract(sdk::Call& call, std::string_view, std::string_view checkpoint) {
        if (!pages.empty()) {
            for (const Emitted& record : pages.front())
                call.emit_record({.key = record.key,
                                  .version = UtcTime(record.version),
                                  .due = UtcTime(record.due),
                                  .body = record.body});
            pages.pop_front();
        }
        call.set_checkpoint(std::string(checkpoint) + "x",
                            pages.empty() ? sdk::PageEnd::Idle : sdk::PageEnd::More);
    }
};

inline connectors::Reply reply_failed(Error error) {
    return {connectors::ReplyStatus::Failed, {}, std::move(error)};
}
inline connectors::Reply reply_unknown() {
    return {connectors::ReplyStatus::Unknown, {}, transient("net.lost", "the answer was lost")};
}

}  // namespace carrick::engine::testing
