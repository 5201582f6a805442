// SPDX-License-Identifier: Apache-2.0
// The control API, and what a restart keeps.
#include "tests/sandbox/sandbox_fixture.hpp"

#include "examples/sandbox/state_file.hpp"

#include <cstdlib>
#include <filesystem>

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

TEST_CASE("the clock stands, runs, and can be pushed", "[control]") {
    Sandbox sandbox(small_world(10), {});
    CHECK(body_of(control_call(sandbox, "GET", "/clock", {}))["now"] ==
          Json("2026-11-23T12:00:00Z"));
    const Json moved = body_of(control_call(
        sandbox, "POST", "/clock", Json::object({{"advance_s", 60}, {"advance_ms", 250}})));
    CHECK(moved["now"] == Json("2026-11-23T12:01:00.250Z"));
    CHECK(moved["speed_percent"] == Json(0));
    CHECK(control_call(sandbox, "POST", "/clock", Json::object({{"advance_s", -1}})).status == 400);
    CHECK(
        control_call(sandbox, "POST", "/clock", Json::object({{"speed_percent", "fast"}})).status ==
        400);
}

TEST_CASE("switches, faults and orders by the control API", "[control]") {
    Sandbox sandbox(small_world(10), {});
    CHECK(control_call(sandbox, "POST", "/switches",
                       Json::object({{"amazon.item_price", "gross_in_vat_stores"}}))
              .status == 200);
    CHECK(sandbox.switches().is("amazon.item_price", "gross_in_vat_stores"));
    CHECK(control_call(sandbox, "POST", "/switches", Json::object({{"amazon.item_price", "both"}}))
              .status == 400);
    CHECK(control_call(sandbox, "POST", "/faults", Json::object({{"profile", "rough"}})).status ==
          200);
    const Response placed = control_call(sandbox, "POST", "/orders", Json::object({{"count", 4}}));
    CHECK(placed.status == 201);
    CHECK(body_of(placed)["orders"].size() == 4);
    const Json state = body_of(control_call(sandbox, "GET", "/state", {}));
    CHECK(state["world"]["orders"] == Json(14));
    CHECK(state["faults"].size() > 5);
    CHECK(control_call(sandbox, "POST", "/reset", {}).status == 200);
    CHECK(sandbox.world().orders().size() == 10);
    CHECK(sandbox.switches().is("amazon.item_price", "net"));
    CHECK(sandbox.faults().describe().empty());
}

TEST_CASE("placed orders are merchant-fulfilled and payable at once", "[control]") {
    Sandbox sandbox(small_world(0), {});
    for (const std::string& id : sandbox.world().place(30)) {
        const ImportRule rule =
            import_rule(*sandbox.world().find(id), sandbox.clock().now(),
                        sandbox.world().options().go_live, sandbox.world().options().start);
        CHECK(rule.import == Import::Required);
    }
}

TEST_CASE("statistics count requests, statuses and faults by operation", "[control]") {
    Sandbox sandbox(small_world(10), {});
    Caller caller(sandbox);
    REQUIRE(sandbox.faults().configure(Json::object(
        {{"rules",
          Json::array({Json::object(
              {{"fault", "drop_after"}, {"operation", "searchOrders"}, {"count", 1}})})}})));
    for (int i = 0; i < 3; ++i)
        (void)caller.get(Caller::search("createdAfter=2026-11-01T00:00:00Z"));
    (void)caller.get(Caller::search("")).status;
    const Json stats = body_of(control_call(sandbox, "GET", "/stats", {}));
    const Json& search = stats["amazon"]["operations"]["searchOrders"];
    CHECK(search["requests"] == Json(4));
    CHECK(search["statuses"]["200"] == Json(2));
    CHECK(search["statuses"]["400"] == Json(1));
    CHECK(search["statuses"]["dropped"] == Json(1));
    CHECK(search["faults"]["drop_after"] == Json(1));
    CHECK(stats["amazon"]["tokens_issued"] == Json(1));
}

TEST_CASE("what is not there is said to be not there", "[control]") {
    Sandbox sandbox(small_world(10), {});
    CHECK(control_call(sandbox, "GET", "/nothing", {}).status == 404);
    CHECK(control_call(sandbox, "POST", "/orders", Json("not an object")).status == 400);
    CHECK(control_call(sandbox, "GET", "/verdict", {}).status == 404);  // no NetSuite in this one
    CHECK(sandbox.handle({"GET", "/elsewhere", {}, "", ""}).status == 404);
    CHECK(sandbox.handle({"GET", "/_sandbox/state", {{"Host", "evil.example"}}, "", ""}).status ==
          421);
    CHECK(sandbox.handle({"GET", "/_sandbox/state", {{"Host", "localhost:80"}}, "", ""}).status ==
          200);
}

TEST_CASE("truths and catalogue can be read", "[control]") {
    Sandbox sandbox(small_world(100), {});
    const Json truths = body_of(control_call(sandbox, "GET", "/truths", {}));
    CHECK(truths["orders"].size() == 100);
    CHECK(truths["orders"][0].contains("receivable"));
    const Json catalogue = body_of(control_call(sandbox, "GET", "/catalogue", {}));
    CHECK(catalogue["aliases"]["FBM_shackle#12"] == Json("SHACKLE-12"));
    CHECK(catalogue["marketplaces"].size() == 10);
}

TEST_CASE("a restart keeps time, switches and placed orders", "[state]") {
    const SandboxOptions options = small_world(20);
    Sandbox before(options, {});
    before.clock().advance(90min);
    REQUIRE(before.switches().set("amazon.discount_sign", "positive"));
    const std::vector<std::string> placed = before.world().place(3);
    before.clock().advance(30min);

    char directory[] = "/tmp/carrick-sandbox-test-XXXXXX";
    REQUIRE(::mkdtemp(directory) != nullptr);
    REQUIRE(save_state(directory, before.snapshot()));
    const Result<std::optional<Json>> loaded = load_state(directory);
    REQUIRE(loaded);
    REQUIRE(loaded->has_value());

    Sandbox after(options, {});
    REQUIRE(after.restore(**loaded));
    CHECK(after.clock().now() == at("2026-11-23T14:00:00Z"));
    CHECK(after.switches().is("amazon.discount_sign", "positive"));
    for (const std::string& id : placed) {
        REQUIRE(after.world().find(id) != nullptr);
        CHECK(after.world().find(id)->created() == at("2026-11-23T13:30:00Z"));
    }
    SandboxOptions other = options;
    other.world.seed = 99;
    Sandbox stranger(other, {});
    const Result<void> refused = stranger.restore(**loaded);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "sandbox.state");
    std::filesystem::remove_all(directory);
    CHECK_FALSE(load_state(directory)->has_value());
}
