// SPDX-License-Identifier: Apache-2.0
// What the instances of a flow share is said once.
#include "core/engine/said.hpp"
#include "core/base/log.hpp"
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

TEST_CASE("a trouble of twenty marketplaces is one line, and another one ten minutes later",
          "[engine][log]") {
    Said said;
    const Error in_us = misconfigured("x.y", "flow orders in NA1/US: items.tax: no such item");
    const Error in_ca = misconfigured("x.y", "flow orders in NA1/CA: items.tax: no such item");
    const UtcTime now(1'000'000);
    CHECK(said.first("flow stopped", {"orders", "NA1", "US"}, in_us, now));
    CHECK_FALSE(said.first("flow stopped", {"orders", "NA1", "CA"}, in_ca, now));
    CHECK(said.first("stream failed", {"orders", "NA1", "CA"}, in_ca, now));  // another event
    CHECK(said.first("flow stopped", {"returns", "NA1", "US"}, in_us, now));  // another flow
    const Error other = misconfigured("x.y", "flow orders in NA1/CA: locations.mfn: no location");
    CHECK(said.first("flow stopped", {"orders", "NA1", "CA"}, other, now));
    CHECK_FALSE(
        said.first("flow stopped", {"orders", "NA1", "CA"}, in_ca, now + Milliseconds(599'999)));
    CHECK(said.first("flow stopped", {"orders", "NA1", "CA"}, in_ca, now + Milliseconds(600'000)));
}

TEST_CASE("only the place at the front of a message is taken off", "[engine][log]") {
    const store::InstanceName name{"orders", "NA1", "US"};
    CHECK(without_place(name, "flow orders in NA1/US: items.tax: unknown") == "items.tax: unknown");
    // Of one instance for a connection, the marketplace that the setting belongs to.
    CHECK(without_place({"orders", "NA1", ""}, "flow orders in NA1/CA: a: b") == "a: b");
    CHECK(without_place(name, "flow orders in EU1/DE: a: b") == "flow orders in EU1/DE: a: b");
    CHECK(without_place(name, "the circuit is open: wait") == "the circuit is open: wait");
    CHECK(without_place(name, "flow orders in NA1/") == "flow orders in NA1/");
}

TEST_CASE("a missing reference of several marketplaces holds each and is logged once",
          "[engine][log][references]") {
    std::vector<std::string> stopped;
    log::set_sink([&](log::Level, const std::string& line) {
        if (line.find("flow stopped") != std::string::npos) stopped.push_back(line);
    });
    {
        Bench bench(
            R"(,"roles":["target"],"input":["test.order/1"],"operations":["fake.write"],
               "writes":[{"name":"document","record_type":"test.document","repeat":"safe"}],
               "settings":{"type":"object","properties":{"location":
                 {"type":"string","reference":"netsuite.location"}}})");
        PartitionSpec canada = bench.sink().partitions[0];
        canada.partition = "CA";
        bench.sink().partitions.push_back(canada);
        for (PartitionSpec& partition : bench.sink().partitions)
            partition.settings = Json::object({{"location", Json("Main")}});
        bench.target.reference_error =
            misconfigured("netsuite.unknown_reference", "there is no location \"Main\"");
        bench.run();
        std::size_t held = 0;
        for (const InstanceStatus& status : bench.engine->status())
            if (status.name.flow == "sink" && status.hold) ++held;
        CHECK(held == 2);
    }
    log::set_sink({});
    CHECK(stopped.size() == 1);
}
