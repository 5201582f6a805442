// SPDX-License-Identifier: Apache-2.0
// The host glue: pages of a source, and how a call ends.
#include "tests/core/plugin_host/liar.hpp"

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;

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
