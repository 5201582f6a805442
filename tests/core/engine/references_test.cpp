// SPDX-License-Identifier: Apache-2.0
// Settings that name things of the target, and what happens while the target cannot be asked.
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

namespace {

const char* const kSinkWithLocation =
    R"(,"roles":["target"],"input":["test.order/1"],"operations":["fake.write"],
       "writes":[{"name":"document","record_type":"test.document","repeat":"safe"}],
       "settings":{"type":"object","properties":{"location":
         {"type":"string","reference":"netsuite.location"}}})";

struct Located : Bench {
    Located() : Bench(kSinkWithLocation) {
        sink().partitions[0].settings = Json::object({{"location", Json("Main")}});
        sink().where = "settings.location == '7'";  // what the flow sees in place of the name
        emit({{"order-1"}});
    }
};

}  // namespace

TEST_CASE("a name in the settings is the target's id before anything of the flow runs",
          "[engine][references]") {
    Located bench;
    bench.target.references["Main"] = "7";
    bench.run();
    CHECK(bench.counts("sink").done == 1);
}

TEST_CASE("a target that cannot be asked at the start holds nothing up for ever",
          "[engine][references]") {
    Located bench;
    bench.target.reference_error = transient("net.down", "no answer");
    bench.run();
    CHECK(bench.counts("source").done == 1);  // the source runs all the same
    CHECK(bench.counts("sink").done == 0);
    CHECK(bench.errors().empty());
    bench.target.reference_error.reset();
    bench.target.references["Main"] = "7";
    bench.run_after(Milliseconds(60'000));
    CHECK(bench.counts("sink").done == 1);
}

TEST_CASE("a name that the target does not know holds the instance, a retry asks again",
          "[engine][references]") {
    Located bench;
    bench.target.reference_error =
        misconfigured("netsuite.unknown_reference", "there is no location \"Main\"");
    bench.run();
    REQUIRE(bench.status("sink").hold);
    CHECK(bench.status("sink").hold->message ==
          "flow sink in NA1/US: location: there is no location \"Main\"");
    REQUIRE(bench.errors().size() == 1);
    bench.target.reference_error.reset();
    bench.target.references["Main"] = "7";
    store::EngineRequest wish;
    wish.kind = "errors.retry";
    wish.arguments = R"({"flow":"sink"})";
    wish.who = "ann";
    wish.at = bench.clock.now();
    REQUIRE(bench.store->post_request(wish));
    REQUIRE(bench.engine->poll_requests());
    bench.run();
    CHECK_FALSE(bench.status("sink").hold);
    CHECK(bench.counts("sink").done == 1);
}

TEST_CASE("each rule of a list has references of its own", "[engine][references]") {
    Bench bench(
        R"(,"roles":["target"],"input":["test.order/1"],"operations":["fake.write"],
           "writes":[{"name":"document","record_type":"test.document","repeat":"safe"}],
           "settings":{"type":"object","properties":{"codes":{"type":"array","items":
             {"type":"object","properties":{"code":{"type":"string","reference":"netsuite.taxcode"},
                                            "rate":{"type":"number"}}}}}})");
    bench.sink().partitions[0].settings =
        Json::parse(R"({"codes":[{"rate":19,"code":"S-DE"},{"rate":0},{"rate":7,"code":"R-DE"}]})")
            .value();
    bench.sink().where =
        "settings.codes[1].code == '501' and settings.codes[2].code == nil and "
        "settings.codes[3].code == '502'";
    bench.emit({{"order-1"}});
    bench.target.references = {{"S-DE", "501"}, {"R-DE", "502"}};
    bench.run();
    CHECK(bench.counts("sink").done == 1);
}
