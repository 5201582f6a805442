// SPDX-License-Identifier: Apache-2.0
// Orders that travel to NetSuite in batches: the same documents as one by one, whatever becomes of
// the jobs.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::World;

namespace {

void write_in(World& world, const std::string& mode) {
    world.replace("account: TSTDRV1234567\n    mode: live",
                  "account: TSTDRV1234567\n    mode: live\n    write_mode: " + mode);
    world.replace("settings: { discount: line }", "settings: { discount: line }\n    timeout: 15m");
}

std::int64_t requests(const World& world, const std::string& operation) {
    return world.get("/stats")["netsuite"]["operations"][operation]["requests"]
        .integer_if()
        .value_or(0);
}

void fault(const World& world, const char* name, const char* operation, int count) {
    world.post("/faults",
               Json::object({{"rules", Json::array({Json::object({{"fault", Json(name)},
                                                                  {"service", Json("netsuite")},
                                                                  {"operation", Json(operation)},
                                                                  {"count", Json(count)}})})}}));
}

}  // namespace

TEST_CASE("orders that travel in batches are the documents that they are one by one",
          "[end_to_end][batch]") {
    // One store, because `auto` makes batches of twenty orders on, and ten stores share a page.
    const std::vector<std::string> one_store{"--marketplaces", "US"};
    World single(400, one_store);
    single.cross();
    for (const char* mode : {"batch", "auto"}) {
        INFO(mode);
        World world(400, one_store);
        write_in(world, mode);
        CHECK(world.cross().at("mfn_orders").at("failed") == 0);
        world.must_add_up();
        CHECK(world.documents() == single.documents());
        // They did travel in batches.
        CHECK(requests(world, "salesOrder.batch") > 0);
        CHECK(requests(world, "salesOrder.create") < requests(single, "salesOrder.create"));
        // What is left over of a page travels alone.
        if (mode == std::string("batch"))
            CHECK(requests(world, "salesOrder.create") * 4 < requests(single, "salesOrder.create"));
        CHECK(world.cross().at("mfn_orders").at("written") == 0);
        CHECK(world.documents() == single.documents());
    }
}

TEST_CASE("a batch whose job is lost, late or never answered doubles nothing and loses nothing",
          "[end_to_end][batch][faults]") {
    struct Trouble {
        const char* fault;
        const char* operation;
        int count;
    };
    for (const Trouble& each : {
             Trouble{"lost_job", "salesOrder.batch", 2},     // accepted, and never heard of again
             Trouble{"drop_after", "salesOrder.batch", 3},   // accepted, and the answer lost
             Trouble{"error500", "job", 12},                 // done, and its state not to be had
             Trouble{"drop_after", "suiteql", 6},            // read back, and the answer lost
             Trouble{"slow_commit", "salesOrder.batch", 2},  // answered as lost
         }) {
        INFO(each.fault << " of " << each.operation);
        World world(200);
        write_in(world, "batch");
        fault(world, each.fault, each.operation, each.count);
        world.carrick({"run", "--once"});
        world.post("/faults", Json::object({{"profile", "none"}}));
        for (const char* flow : {"mfn_customers", "mfn_orders"})
            world.carrick({"errors", "retry", "--flow", flow});
        world.cross();
        world.must_add_up();
    }
}

TEST_CASE("a batch that NetSuite takes minutes for is waited for", "[end_to_end][batch]") {
    World world(100, {"--switch", "netsuite.async_delay_ms=120000", "--switch",
                      "netsuite.async_task_ms=2000"});
    write_in(world, "batch");
    world.carrick({"run", "--once"});
    world.advance(std::chrono::minutes(5));
    world.cross();
    world.must_add_up();
}

TEST_CASE("batches keep their tasks' failures apart, in each position of their switches",
          "[end_to_end][batch][switches]") {
    for (const char* position : {"netsuite.batch_failure=stop", "netsuite.task_order=shuffled",
                                 "netsuite.release=2026.1"}) {
        INFO(position);
        World world(200, {"--unknown-skus", "6", "--switch", position});
        write_in(world, "batch");
        CHECK(world.cross().at("mfn_orders").at("failed") > 0);
        world.must_add_up();
    }
}
