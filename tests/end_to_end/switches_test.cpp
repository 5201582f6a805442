// SPDX-License-Identifier: Apache-2.0
// What nobody knows for certain of Amazon and NetSuite is a switch of the sandbox: the flows must
// be right in each position.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::World;

namespace {

/// Switches that take something away on purpose; trouble_test.cpp has them.
bool takes_away(const std::string& name) {
    for (const char* one : {"amazon.client_secret", "amazon.quotas", "netsuite.certificate",
                            "netsuite.workflow_lock"})
        if (name == one) return true;
    return false;
}

void must_cross(const std::string& name, const std::string& value) {
    INFO(name << " = " << value);
    World world(150, {"--switch", name + "=" + value});
    const auto counts = world.cross();
    CHECK(counts.at("mfn_orders").at("failed") == 0);
    world.must_add_up();
    const std::string documents = world.documents();
    const auto again = world.cross();
    CHECK(again.at("mfn_orders").at("written") == 0);
    CHECK(world.documents() == documents);
}

}  // namespace

TEST_CASE("the orders are right in each position of each switch", "[end_to_end][switches]") {
    std::vector<std::pair<std::string, std::string>> positions;
    {
        World world(1);
        const Json state = world.get("/state");
        for (const Json& one : state["switches"].items()) {
            const std::string& name = one["name"].text();
            if (takes_away(name)) continue;
            for (const Json& value : one["allowed"].items())
                if (value != one["default"]) positions.emplace_back(name, value.text());
        }
    }
    CHECK(positions.size() > 20);
    for (const auto& [name, value] : positions) must_cross(name, value);
}

TEST_CASE("the orders are right whatever the numbers of the switches", "[end_to_end][switches]") {
    must_cross("amazon.visibility_delay_s", "300");
    must_cross("amazon.get_order_delay_s", "60");
    must_cross("amazon.token_life_s", "60");
    must_cross("netsuite.concurrency_limit", "1");
    must_cross("netsuite.suiteql_lag_ms", "5000");
    must_cross("netsuite.latency_percent", "1");
    must_cross("netsuite.user_zone", "Asia/Tokyo");
}
