// SPDX-License-Identifier: Apache-2.0
// The host glue against a plugin that does on its C table whatever a test tells it: every promise
// of the ABI is kept here by breaking it.
#include "tests/core/plugin_host/support.hpp"

#include <carrick/sdk/span.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <functional>
#include <thread>

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;
using sdk::to_span;

namespace {

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
Script script;
carrick_flow table;

carrick_flow* create(carrick_span, const carrick_host*, void (*fail)(void*, const carrick_error*),
                     void* context) {
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

const carrick_plugin* entry() {
    static carrick_plugin plugin;
    plugin = {script.plugin_size, CARRICK_ABI_MINOR, to_span("liar"),
              to_span("1.0.0"),   &create,           nullptr};
    return &plugin;
}

Manifest liar_manifest(const std::string& kind) {
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

carrick_record record_of(std::string_view key, std::string_view body) {
    carrick_record record{};
    record.struct_size = sizeof record;
    record.key = to_span(key);
    record.body = to_span(body);
    return record;
}
carrick_outcome outcome_of(std::int32_t kind) {
    carrick_outcome outcome{};
    outcome.struct_size = sizeof outcome;
    outcome.kind = kind;
    return outcome;
}
int settle_all(const carrick_call* call, std::int32_t kind = CARRICK_OUTCOME_DONE) {
    const carrick_outcome outcome = outcome_of(kind);
    call->host->set_outcome(call, 0, &outcome);
    call->host->set_outcome(call, 1, &outcome);
    return CARRICK_OK;
}
int checkpoint(const carrick_call* call) {
    call->host->set_checkpoint(call, to_span("1"), CARRICK_PAGE_IDLE, 0);
    return CARRICK_OK;
}
std::string bug_of(const CallEnd& end) {
    REQUIRE(end.status == CallStatus::Failed);
    CHECK(end.error.error_class == ErrorClass::Bug);
    return end.error.message;
}

}  // namespace

TEST_CASE("a source's page carries its records, hashed, in the instance's own partition") {
    Liar liar("source");
    const ExtractPage page = liar.extract([](const carrick_call* call) {
        CHECK(call->now == 1000);
        CHECK(call->deadline == 9000);
        carrick_record record = record_of("K1", " {\"a\":1}\n");
        record.version = 7;
        record.value = to_span("12.50 USD");
        call->host->emit_record(call, &record);
        call->host->set_checkpoint(call, to_span("next"), CARRICK_PAGE_LOOK_AGAIN, 5000);
        return CARRICK_OK;
    });
    REQUIRE(page.end.status == CallStatus::Ok);
    REQUIRE(page.records.size() == 1);
    const store::Record& record = page.records[0];
    CHECK(record.type == "test.record/1");
    CHECK(record.origin == "NA1");
    CHECK(record.partition == "US");
    CHECK(record.version == UtcTime(7));
    CHECK(record.stream_rank == 3);
    // printf ' {"a":1}\n' | sha256sum
    CHECK(record.content_hash[0] == 0x64);
    CHECK(page.checkpoint == "next");
    CHECK(page.look_again_at == UtcTime(5000));
}

TEST_CASE("a source that lies about a record is told which one and what") {
    Liar liar("source");
    const auto emitted = [&](const std::function<void(carrick_record&)>& change) {
        return bug_of(liar.extract([&](const carrick_call* call) {
                              carrick_record record = record_of("K1", "{}");
                              change(record);
                              CHECK(call->host->emit_record(call, &record) == CARRICK_FAILED);
                              return checkpoint(call);
                          })
                          .end);
    };
    CHECK_THAT(emitted([](auto& r) { r.type = to_span("other/1"); }),
               Contains("K1 of type \"other/1\"") &&
                   Contains("plugin liar 1.0.0 in extract of flow liar_flow"));
    CHECK_THAT(emitted([](auto& r) { r.origin = to_span("EU1"); }),
               Contains("this instance's is \"NA1\""));
    CHECK_THAT(emitted([](auto& r) { r.partition = to_span("CA"); }),
               Contains("this instance's is \"US\""));
    CHECK_THAT(emitted([](auto& r) { r.key = {}; }), Contains("key has 0 bytes"));
    CHECK_THAT(emitted([](auto& r) { r.key = to_span("\xff"); }), Contains("UTF-8"));
    const std::string long_key(201, 'k');
    CHECK_THAT(emitted([&](auto& r) { r.key = to_span(long_key); }), Contains("key has 201 bytes"));
    CHECK_THAT(emitted([](auto& r) { r.body = to_span("[1]"); }), Contains("no JSON object"));
    CHECK_THAT(emitted([](auto& r) { r.body = {}; }), Contains("no JSON object"));
    CHECK_THAT(emitted([](auto& r) { r.body = {nullptr, 5}; }), Contains("no JSON object"));
    CHECK_THAT(emitted([](auto& r) { r.struct_size = 112; }), Contains("no JSON object"));
}

TEST_CASE("a page has exactly one checkpoint, of a sane size and end") {
    Liar liar("source");
    const auto ended = [&](std::function<int(const carrick_call*)> body) {
        return bug_of(liar.extract(std::move(body)).end);
    };
    CHECK_THAT(ended([](const carrick_call*) { return CARRICK_OK; }),
               Contains("without a checkpoint"));
    CHECK_THAT(ended([](const carrick_call* call) {
                   checkpoint(call);
                   return checkpoint(call);
               }),
               Contains("second checkpoint"));
    CHECK_THAT(ended([](const carrick_call* call) {
                   const std::string huge(65'537, 'x');
                   return call->host->set_checkpoint(call, to_span(huge), CARRICK_PAGE_IDLE, 0);
               }),
               Contains("65537 bytes; the limit is 64 KiB"));
    CHECK_THAT(ended([](const carrick_call* call) {
                   return call->host->set_checkpoint(call, to_span("1"), 9, 0);
               }),
               Contains("the number 9"));
    CHECK_THAT(ended([](const carrick_call* call) {
                   return call->host->set_checkpoint(call, to_span("1"), CARRICK_PAGE_LOOK_AGAIN,
                                                     0);
               }),
               Contains("without saying when"));
}

TEST_CASE("how a call ends and what was given to fail must agree") {
    Liar liar("source");
    const auto fail = [](const carrick_call* call, std::int32_t error_class) {
        const carrick_error error{sizeof error,          error_class, to_span("amazon.down"),
                                  to_span("try\nlater"), {},          1500};
        call->host->fail(call, &error);
    };
    const ExtractPage failed = liar.extract([&](const carrick_call* call) {
        const carrick_record record = record_of("K1", "{}");
        call->host->emit_record(call, &record);
        fail(call, CARRICK_ERROR_THROTTLED);
        return CARRICK_FAILED;
    });
    CHECK(failed.end.error ==
          Error{ErrorClass::Throttled, "amazon.down", "try later", "", Milliseconds(1500)});
    CHECK(failed.records.empty());
    CHECK_THAT(bug_of(liar.extract([&](const carrick_call* call) {
                              fail(call, CARRICK_ERROR_TRANSIENT);
                              return checkpoint(call);
                          })
                          .end),
               Contains("returned ok after it had called fail with amazon.down"));
    CHECK_THAT(bug_of(liar.extract([](const carrick_call*) { return CARRICK_FAILED; }).end),
               Contains("without a reason given to fail"));
    CHECK_THAT(bug_of(liar.extract([](const carrick_call*) { return 7; }).end),
               Contains("status 7"));
    CHECK(liar.extract([&](const carrick_call* call) {
                  fail(call, 99);
                  return CARRICK_FAILED;
              })
              .end.error.error_class == ErrorClass::Bug);
    CHECK(liar.extract([](const carrick_call*) { return CARRICK_CANCELLED; }).end.status ==
          CallStatus::Cancelled);
}

TEST_CASE("outcomes reach the board one by one and commit between replies") {
    Liar liar("sink");
    const CallEnd end = liar.deliver([&](const carrick_call* call) {
        const carrick_request requests[2] = {
            {sizeof(carrick_request), 0, 0, to_span("netsuite.records.create"), to_span("{}")},
            {sizeof(carrick_request), 0, 1, to_span("netsuite.records.create"),
             to_span("{\"n\":2}")}};
        const auto on_reply = [](void* user, std::uint64_t request, const carrick_reply* reply) {
            const auto* inside = static_cast<const carrick_call*>(user);
            CHECK(reply->status == CARRICK_REPLY_OK);
            CHECK(sdk::to_view(reply->body) == R"({"id":"17"})");
            carrick_outcome done = outcome_of(CARRICK_OUTCOME_DONE);
            done.target_ids = to_span(R"({"salesOrder":"17"})");
            const auto record = static_cast<std::uint32_t>(request);
            inside->host->set_outcome(inside, record, &done);
            inside->host->link_put(inside, record, to_span("a.b"), to_span("1"), to_span("2"));
        };
        return call->host->call(call, to_span("target"), requests, 2, on_reply,
                                const_cast<carrick_call*>(call));
    });
    CHECK(end.status == CallStatus::Ok);
    CHECK(liar.gateway.sent ==
          std::vector<std::string>{"target netsuite.records.create {}",
                                   "target netsuite.records.create {\"n\":2}"});
    CHECK(liar.gateway.progress_calls == 4);
    REQUIRE(liar.board.outcomes.size() == 2);
    CHECK(liar.board.outcomes[1]->details().target_ids == R"({"salesOrder":"17"})");
    CHECK(liar.board.links.size() == 2);
}

TEST_CASE("requests that the manifest does not cover are refused and never sent") {
    Liar liar("sink");
    const auto called = [&](carrick_request request, std::string_view role = "target") {
        liar.gateway.sent.clear();
        const std::string message = bug_of(liar.deliver([&](const carrick_call* call) {
            int failed = 0;
            const auto count = [](void* user, std::uint64_t, const carrick_reply* reply) {
                *static_cast<int*>(user) += reply->status == CARRICK_REPLY_FAILED ? 1 : 0;
            };
            const int status = call->host->call(call, to_span(role), &request, 1, count, &failed);
            CHECK((status == CARRICK_FAILED || failed == 1));
            return settle_all(call);
        }));
        CHECK(liar.gateway.sent.empty());
        return message;
    };
    const carrick_request good{sizeof(carrick_request), 0, 0, to_span("netsuite.records.create"),
                               to_span("{}")};
    carrick_request request = good;
    request.operation = to_span("netsuite.records.delete");
    CHECK_THAT(called(request),
               Contains("netsuite.records.delete, which is not among its manifest's operations"));
    request = good;
    request.record = -1;
    CHECK_THAT(called(request), Contains("without the record that it belongs to"));
    request = good;
    request.struct_size = 16;  // too short to say which record, or what
    CHECK_THAT(called(request), Contains("not among its manifest's operations"));
    request = good;
    request.record = 2;
    CHECK_THAT(called(request), Contains("for record 2, but the page has 2"));
    request = good;
    request.body = to_span("nothing");
    CHECK_THAT(called(request), Contains("no JSON object"));
    request = good;
    request.struct_size = 5;
    CHECK_THAT(called(request), Contains("struct_size is 5"));
    CHECK_THAT(called(good, "source"), Contains("the role \"source\""));
}

TEST_CASE("a request that the connection does not know is misconfigured, not a bug") {
    Liar liar("sink");
    liar.deliver([&](const carrick_call* call) {
        const carrick_request request{sizeof(carrick_request), 0, -1,
                                      to_span("netsuite.suiteql.query"), to_span("{}")};
        return call->host->call(
            call, to_span("target"), &request, 1,
            [](void* user, std::uint64_t, const carrick_reply* reply) {
                CHECK(reply->error->error_class == CARRICK_ERROR_MISCONFIGURED);
                settle_all(static_cast<const carrick_call*>(user));
            },
            const_cast<carrick_call*>(call));
    });
    CHECK(liar.board.outcomes[0].has_value());
}

TEST_CASE("a reply that a connection loses leaves its write unknown") {
    Liar liar("sink");
    liar.gateway.swallow_replies = true;
    int status = -1;
    liar.deliver([&](const carrick_call* call) {
        const carrick_request request{sizeof(carrick_request), 0, 0,
                                      to_span("netsuite.records.create"), to_span("{}")};
        call->host->call(
            call, to_span("target"), &request, 1,
            [](void* user, std::uint64_t, const carrick_reply* reply) {
                *static_cast<int*>(user) = reply->status;
            },
            &status);
        return settle_all(call);
    });
    CHECK(status == CARRICK_REPLY_UNKNOWN);
}

TEST_CASE("requests of a longer header are read at their own stride") {
    Liar liar("sink");
    struct Longer {
        carrick_request request;
        std::uint64_t more[2];
    };
    liar.deliver([&](const carrick_call* call) {
        const carrick_request one{sizeof(Longer), 0, 0, to_span("netsuite.records.create"),
                                  to_span("{\"n\":1}")};
        Longer requests[2] = {{one, {~0ULL, ~0ULL}}, {one, {}}};
        requests[1].request.body = to_span("{\"n\":2}");
        call->host->call(
            call, to_span("target"), &requests[0].request, 2,
            [](void*, std::uint64_t, const carrick_reply*) {}, nullptr);
        return settle_all(call);
    });
    REQUIRE(liar.gateway.sent.size() == 2);
    CHECK_THAT(liar.gateway.sent[1], Contains("{\"n\":2}"));
}

TEST_CASE("outcomes must be allowed in their stage, in range and whole") {
    Liar liar("sink");
    const auto set = [&](carrick_outcome outcome, std::uint32_t record = 0) {
        return bug_of(liar.deliver([&](const carrick_call* call) {
            call->host->set_outcome(call, record, &outcome);
            return settle_all(call);
        }));
    };
    CHECK_THAT(set(outcome_of(CARRICK_OUTCOME_ABSENT)),
               Contains("set outcome absent for record 0 (K0)"));
    CHECK_THAT(set(outcome_of(CARRICK_OUTCOME_DONE), 2), Contains("record 2, but the page has 2"));
    CHECK_THAT(set(outcome_of(CARRICK_OUTCOME_FAILED)), Contains("without an error"));
    carrick_outcome outcome = outcome_of(CARRICK_OUTCOME_DONE);
    outcome.target_ids = to_span("17");
    CHECK_THAT(set(outcome), Contains("target ids that are no JSON object"));
    CHECK_THAT(bug_of(liar.deliver([](const carrick_call* call) {
                   const carrick_outcome done = outcome_of(CARRICK_OUTCOME_DONE);
                   call->host->set_outcome(call, 0, &done);
                   return CARRICK_OK;
               })),
               Contains("left 1 of 2 records without an outcome, first record 1 (K1)"));
    CHECK_THAT(bug_of(liar.reconcile([](const carrick_call* call) {
                   return settle_all(call, CARRICK_OUTCOME_SKIPPED);
               })),
               Contains("this stage allows done, waiting, unknown, absent"));
    CHECK(liar.reconcile(
                  [](const carrick_call* call) { return settle_all(call, CARRICK_OUTCOME_ABSENT); })
              .status == CallStatus::Ok);
}

TEST_CASE("an outcome that this header does not know reads as unknown") {
    Liar liar("sink");
    CHECK(liar.deliver([](const carrick_call* call) { return settle_all(call, 42); }).status ==
          CallStatus::Ok);
    CHECK(liar.board.outcomes[0]->kind == OutcomeKind::Unknown);
}

TEST_CASE("members beyond a shorter struct_size are not read") {
    Liar liar("sink");
    liar.deliver([](const carrick_call* call) {
        carrick_outcome outcome = outcome_of(CARRICK_OUTCOME_WAITING);
        outcome.reason = to_span("later");
        outcome.look_again_at = 77;
        outcome.struct_size = __builtin_offsetof(carrick_outcome, look_again_at) + 4;  // half of it
        outcome.error = reinterpret_cast<const carrick_error*>(1);
        call->host->set_outcome(call, 0, &outcome);
        outcome.struct_size = sizeof outcome + 64;  // and a longer one is read as far as we know it
        call->host->set_outcome(call, 1, &outcome);
        return CARRICK_OK;
    });
    CHECK(liar.board.outcomes[0]->details().reason == "later");
    CHECK(liar.board.outcomes[0]->details().look_again_at == UtcTime());
    CHECK(liar.board.outcomes[1]->details().look_again_at == UtcTime(77));
}

TEST_CASE("a shorter table offers fewer stages, a longer one no more than we know") {
    const auto flow_of = [](std::uint32_t size) {
        script.flow_size = size;
        return std::make_unique<Liar>("sink");
    };
    CHECK_FALSE(flow_of(sizeof(carrick_flow) - 8)->instance->offers(Stage::Resume));
    CHECK(flow_of(sizeof(carrick_flow) + 16)->instance->offers(Stage::Resume));
    script.flow_size = __builtin_offsetof(carrick_flow, reconcile);
    const Result<std::shared_ptr<LoadedPlugin>> plugin =
        adopt_plugin(liar_manifest("sink"), &entry);
    const auto made = (*plugin)->create(config_of("liar_flow"));
    REQUIRE_FALSE(made);
    CHECK(made.error().code == "plugin.stage_missing");
    CHECK_THAT(made.error().message,
               Contains("offers no reconcile") && Contains("not repeat: safe"));
    CHECK(script.destroyed == 1);
    script = {};
}

TEST_CASE("a wait with a token needs a resume to give it back to") {
    script.offers_resume = false;
    Liar liar("sink");
    CHECK_THAT(bug_of(liar.deliver([](const carrick_call* call) {
                   carrick_outcome outcome = outcome_of(CARRICK_OUTCOME_WAITING);
                   outcome.token = to_span("feed-1");
                   call->host->set_outcome(call, 0, &outcome);
                   return CARRICK_OK;
               })),
               Contains("has no resume to give it back to"));
}

TEST_CASE("emitters work only in their own stage") {
    Liar liar("sink");
    CHECK_THAT(bug_of(liar.deliver([](const carrick_call* call) {
                   const carrick_record record = record_of("K", "{}");
                   call->host->emit_record(call, &record);
                   return settle_all(call);
               })),
               Contains("only extract may do"));
    script.pure = [](const carrick_pure* pure) {
        return pure->emit_lookup(pure, 0, to_span("item"), to_span("SKU"), 0);
    };
    CHECK_THAT(bug_of(liar.instance->map(liar.page, {}, {}).end), Contains("only needs may do"));
    CHECK(liar.instance->needs(liar.page).lookups.size() == 1);
    Liar source("source");
    CHECK_THAT(bug_of(source
                          .extract([](const carrick_call* call) {
                              const carrick_outcome done = outcome_of(CARRICK_OUTCOME_DONE);
                              call->host->set_outcome(call, 0, &done);
                              return checkpoint(call);
                          })
                          .end),
               Contains("no records to settle"));
}

TEST_CASE("payloads must name a write, an action and an identity") {
    Liar liar("sink");
    const auto mapped = [&](carrick_payload payload) {
        script.pure = [payload](const carrick_pure* pure) {
            pure->emit_payload(pure, &payload);
            return CARRICK_OK;
        };
        return liar.instance->map(liar.page, {}, {});
    };
    const carrick_payload good{
        sizeof(carrick_payload), 1,  to_span("salesOrder"), CARRICK_WRITE_CREATE, 0,
        to_span("AMZ-SO-NA1-1"), {}, to_span("{}")};
    const MapResult result = mapped(good);
    REQUIRE(result.payloads.size() == 1);
    CHECK(result.payloads[0].external_id == "AMZ-SO-NA1-1");
    carrick_payload bad = good;
    bad.external_id = {};
    CHECK_THAT(bug_of(mapped(bad).end), Contains("could be created twice"));
    bad = good;
    bad.write = to_span("invoice");
    CHECK_THAT(bug_of(mapped(bad).end), Contains("not among its manifest's writes"));
    bad = good;
    bad.action = 9;
    CHECK_THAT(bug_of(mapped(bad).end), Contains("the action 9"));
    bad = good;
    bad.action = CARRICK_WRITE_ADOPT;
    CHECK_THAT(bug_of(mapped(bad).end), Contains("no id to adopt"));
    bad.target_id = to_span("17");
    CHECK_THAT(bug_of(mapped(bad).end), Contains("to adopt writes nothing"));
    bad = good;
    bad.record = 9;
    CHECK_THAT(bug_of(mapped(bad).end), Contains("record 9, but the page has 2"));
}

TEST_CASE("a record that map skips after all keeps no payload") {
    Liar liar("sink");
    script.pure = [](const carrick_pure* pure) {
        const carrick_payload payload{sizeof(carrick_payload),
                                      0,
                                      to_span("salesOrder"),
                                      CARRICK_WRITE_CREATE,
                                      0,
                                      to_span("X"),
                                      {},
                                      to_span("{}")};
        pure->emit_payload(pure, &payload);
        carrick_outcome skipped = outcome_of(CARRICK_OUTCOME_SKIPPED);
        skipped.reason = to_span("cancelled before import");
        return pure->set_outcome(pure, 0, &skipped);
    };
    const MapResult result = liar.instance->map(liar.page, {}, {});
    CHECK(result.payloads.empty());
    CHECK(result.outcomes[0]->details().reason == "cancelled before import");
    script.pure = [](const carrick_pure*) { return CARRICK_CANCELLED; };
    CHECK_THAT(bug_of(liar.instance->map(liar.page, {}, {}).end), Contains("cannot be cancelled"));
}

TEST_CASE("the host may not be called from another thread or after the call") {
    Liar liar("sink");
    const carrick_call* kept = nullptr;
    CHECK_THAT(bug_of(liar.deliver([&](const carrick_call* call) {
                   kept = call;
                   std::thread([call] {
                       const carrick_outcome done = outcome_of(CARRICK_OUTCOME_DONE);
                       CHECK_NOFAIL(call->host->set_outcome(call, 0, &done) == CARRICK_FAILED);
                   }).join();
                   return settle_all(call);
               })),
               Contains("from another thread"));
    const carrick_outcome done = outcome_of(CARRICK_OUTCOME_DONE);
    CHECK(kept->host->set_outcome(kept, 0, &done) == CARRICK_FAILED);
}

TEST_CASE("links are read through the gateway and checked when put") {
    Liar liar("sink");
    std::string answer;
    const auto keep = [](void* user, std::uint64_t, const carrick_reply* reply) {
        *static_cast<std::string*>(user) = reply->status == CARRICK_REPLY_OK
                                               ? std::string(sdk::to_view(reply->body))
                                               : std::string(sdk::to_view(reply->error->code));
    };
    liar.deliver([&](const carrick_call* call) {
        call->host->link_get(call, to_span("a.b"), to_span("1"), keep, &answer);
        CHECK(answer == R"(["SO-1"])");
        call->host->link_get(call, to_span("a.b"), to_span("broken"), keep, &answer);
        CHECK(answer == "store.busy");
        call->host->log(call, 99, to_span("two\nlines"));
        return settle_all(call);
    });
    CHECK(liar.gateway.logged == std::vector<std::string>{"2 two lines"});
    CHECK_THAT(bug_of(liar.deliver([](const carrick_call* call) {
                   call->host->link_put(call, 0, {}, to_span("1"), to_span("2"));
                   return settle_all(call);
               })),
               Contains("a link with a part that is empty"));
}

TEST_CASE("create says why it made nothing") {
    const Result<std::shared_ptr<LoadedPlugin>> plugin =
        adopt_plugin(liar_manifest("sink"), &entry);
    script.null_create = true;
    CHECK_THAT((*plugin)->create(config_of("f")).error().message, Contains("without a reason"));
    script = {};
    script.fail_create = true;
    const auto failed = (*plugin)->create(config_of("f"));
    CHECK(failed.error() == Error{ErrorClass::Bug, "x.setting", "no ? way"});
    script = {};
}
