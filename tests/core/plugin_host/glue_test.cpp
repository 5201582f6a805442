// SPDX-License-Identifier: Apache-2.0
// The host glue: tables of any size, outcomes, waits, payloads, and who may call when.
#include "tests/core/plugin_host/liar.hpp"

#include <cstring>
#include <thread>

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;

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
