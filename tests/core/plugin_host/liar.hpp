// SPDX-License-Identifier: Apache-2.0
// A plugin that does on its C table whatever a test tells it: every promise of the ABI is kept by
// breaking it.
#pragma once

#include "tests/core/plugin_host/support.hpp"

#include <carrick/sdk/span.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carrick::plugin_host {

using sdk::to_span;

/// What the plugin does at each stage. Reset before each test.
struct Script {
    std::function<int(const carrick_call*)> settle;  // extract, deliver, reconcile, resume
    std::function<int(const carrick_pure*)> pure;    // needs, map, verify
    bool fail_create = false;
    bool null_create = false;
    std::uint32_t flow_size = sizeof(carrick_flow);
    std::uint32_t plugin_size = sizeof(carrick_plugin);
    bool offers_resume = true;
    int destroyed = 0;
};
inline Script script;
inline carrick_flow table;

inline carrick_flow* create(carrick_span, const carrick_host*,
                            void (*fail)(void*, const carrick_error*), void* context) {
    if (script.null_create) return nullptr;
    if (script.fail_create) {
        const carrick_error error{sizeof error,           99, to_span("x.setting"),
                                  to_span("no \x01 way"), {}, 0};
        fail(context, &error);
        return nullptr;
    }
    table = {};
    table.struct_size = script.flow_size;
    table.destroy = [](carrick_flow*) { ++script.destroyed; };
    table.extract = [](carrick_flow*, const carrick_call* call, carrick_span, carrick_span) {
        return script.settle(call);
    };
    table.needs = [](carrick_flow*, const carrick_pure* pure, const carrick_record*,
                     std::uint64_t) { return script.pure(pure); };
    table.map = [](carrick_flow*, const carrick_pure* pure, const carrick_record*, std::uint64_t,
                   const carrick_lookup_result*, std::uint64_t, const carrick_ledger_entry*,
                   std::uint64_t) { return script.pure(pure); };
    table.verify = [](carrick_flow*, const carrick_pure* pure, const carrick_record*, std::uint64_t,
                      const carrick_payload*, std::uint64_t) { return script.pure(pure); };
    table.deliver = [](carrick_flow*, const carrick_call* call, const carrick_record*,
                       std::uint64_t, const carrick_payload*, std::uint64_t,
                       const carrick_ledger_entry*, std::uint64_t) { return script.settle(call); };
    table.reconcile = [](carrick_flow*, const carrick_call* call, const carrick_record*,
                         std::uint64_t, const carrick_attempt*,
                         std::uint64_t) { return script.settle(call); };
    if (script.offers_resume)
        table.resume = [](carrick_flow*, const carrick_call* call, const carrick_record*,
                          std::uint64_t, const carrick_wait*,
                          std::uint64_t) { return script.settle(call); };
    return &table;
}

inline const carrick_plugin* entry() {
    static carrick_plugin plugin;
    plugin = {script.plugin_size, CARRICK_ABI_MINOR, to_span("liar"),
              to_span("1.0.0"),   &create,           nullptr};
    return &plugin;
}

inline Manifest liar_manifest(const std::string& kind) {
    const std::string rest =
        kind == "source"
            ? R"(,"roles":["source"],"streams":[{"name":"api","rank":3}],"output":"test.record/1","operations":["amazon.orders.search"])"
            : R"(,"roles":["target"],"input":["test.record/1"],"operations":["netsuite.records.create","netsuite.suiteql.query"],
               "writes":[{"name":"salesOrder","record_type":"netsuite.salesOrder"}],
               "lookups":[{"name":"item","role":"target","operation":"netsuite.lookup"}])";
    const Result<Manifest> manifest =
        parse_manifest(manifest_text("liar", kind, rest), "liar.json");
    REQUIRE(manifest);
    return *manifest;
}

struct Liar {
    explicit Liar(const std::string& kind) {
        Result<std::shared_ptr<LoadedPlugin>> plugin = adopt_plugin(liar_manifest(kind), &entry);
        REQUIRE(plugin);
        Result<std::unique_ptr<FlowInstance>> made = (*plugin)->create(config_of("liar_flow"));
        REQUIRE(made);
        instance = *std::move(made);
        gateway.offer("amazon.orders.search", connectors::OperationKind::Read);
        gateway.offer("netsuite.records.create", connectors::OperationKind::Write);
        for (int i = 0; i < 2; ++i) {
            records[i].type = "test.record/1";
            records[i].key = "K" + std::to_string(i);
            records[i].body = "{}";
            page.push_back(&records[i]);
        }
    }
    ~Liar() {
        instance.reset();
        script = {};
    }

    ExtractPage extract(std::function<int(const carrick_call*)> body) {
        script.settle = std::move(body);
        return instance->extract(gateway, "api", "");
    }
    CallEnd deliver(std::function<int(const carrick_call*)> body) {
        script.settle = std::move(body);
        board = {};
        return instance->deliver(gateway, board, page, {}, {});
    }
    CallEnd reconcile(std::function<int(const carrick_call*)> body) {
        script.settle = std::move(body);
        board = {};
        return instance->reconcile(gateway, board, page, {});
    }

    FakeGateway gateway;
    store::Record records[2];
    std::vector<const store::Record*> page;
    DeliverBoard board;
    std::unique_ptr<FlowInstance> instance;
};

inline carrick_record record_of(std::string_view key, std::string_view body) {
    carrick_record record{};
    record.struct_size = sizeof record;
    record.key = to_span(key);
    record.body = to_span(body);
    return record;
}
inline carrick_outcome outcome_of(std::int32_t kind) {
    carrick_outcome outcome{};
    outcome.struct_size = sizeof outcome;
    outcome.kind = kind;
    return outcome;
}
inline int settle_all(const carrick_call* call, std::int32_t kind = CARRICK_OUTCOME_DONE) {
    const carrick_outcome outcome = outcome_of(kind);
    call->host->set_outcome(call, 0, &outcome);
    call->host->set_outcome(call, 1, &outcome);
    return CARRICK_OK;
}
inline int checkpoint(const carrick_call* call) {
    call->host->set_checkpoint(call, to_span("1"), CARRICK_PAGE_IDLE, 0);
    return CARRICK_OK;
}
inline std::string bug_of(const CallEnd& end) {
    REQUIRE(end.status == CallStatus::Failed);
    CHECK(end.error.error_class == ErrorClass::Bug);
    return end.error.message;
}

}  // namespace carrick::plugin_host
