// SPDX-License-Identifier: Apache-2.0
// Breaking things on purpose: what ops see, and that nothing is lost.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::Ended;
using carrick::end_to_end::World;

namespace {

Json errors(World& world) {
    const Ended ended = world.carrick({"--json", "errors", "list"});
    INFO(ended.err);
    REQUIRE(ended.code == 0);
    return Json::parse(ended.out).value();
}

}  // namespace

TEST_CASE("faults of the wire cost time and nothing else", "[end_to_end][faults]") {
    for (const char* profile : {"rough", "storm", "lost_answers"}) {
        INFO(profile);
        World world(200, {"--faults", profile});
        world.carrick({"run", "--once"});
        world.post("/faults", Json::object({{"profile", "none"}}));
        // Under a storm some orders use up their tries within minutes; they wait for a word.
        for (const char* flow : {"mfn_customers", "mfn_orders"})
            world.carrick({"errors", "retry", "--flow", flow});
        world.cross();
        world.must_add_up();
        CHECK(errors(world).empty());
    }
}

TEST_CASE("an unknown SKU fails its own order with a way out, a retry imports it",
          "[end_to_end][errors]") {
    World world(200, {"--unknown-skus", "6"});
    const auto counts = world.cross();
    const Json open = errors(world);
    REQUIRE(open.size() > 0);  // some of the six are fulfilled by Amazon, or cancelled
    CHECK(counts.at("mfn_orders").at("failed") == static_cast<std::int64_t>(open.size()));
    const Json& one = open.items()[0];
    CHECK(one["code"].text() == "order.unknown_sku");
    CHECK(one["message"].text().find("create the item, or name the right one in sku_aliases") !=
          std::string::npos);
    world.must_add_up();

    // The way out that the message names.
    const std::string message = one["message"].text();
    const std::size_t begin = message.find("SKU \"") + 5;
    const std::string sku = message.substr(begin, message.find('"', begin) - begin);
    world.replace("  sku_aliases:\n", "  sku_aliases:\n    \"" + sku + "\": SHACKLE-8\n");
    const int before = world.sales_orders();
    const Ended retried = world.carrick({"errors", "retry", "--flow", "mfn_orders"});
    INFO(retried.err);
    CHECK(retried.code == 0);
    world.cross();
    const int retried_too = world.sales_orders();
    CHECK(retried_too > before);

    // Another one is entered by hand: nothing is written for it, and its error says so.
    const Json left = errors(world);
    REQUIRE(left.size() > 0);
    const std::string id = left.items()[0]["id"].dump();
    const Ended resolved = world.carrick({"errors", "resolve", id, "--reason", "entered by hand"});
    INFO(resolved.err);
    CHECK(resolved.code == 0);
    CHECK(world.carrick({"errors", "show", id}).out.find(": entered by hand") != std::string::npos);
    world.cross();
    CHECK(errors(world).size() == left.size() - 1);
    CHECK(world.sales_orders() == retried_too);
}

TEST_CASE("wrong credentials stop what needs them, say which key, and nothing else",
          "[end_to_end][errors]") {
    World world(50);
    world.replace("refresh_token: Atzr|carrick-sandbox-eu", "refresh_token: Atzr|wrong");
    const auto counts = world.cross(1);
    CHECK(counts.at("orders_eu").at("seen") == 0);
    CHECK(counts.at("orders_na").at("seen") > 0);
    CHECK(counts.at("mfn_orders").at("written") > 0);
    const Json open = errors(world);
    REQUIRE(open.size() == 1);
    CHECK(open.items()[0]["flow"].text() == "orders_eu");
    INFO(open.pretty());
    CHECK(open.items()[0]["message"].text().find("seller-eu") != std::string::npos);
    // Once they are right, everything that was held back comes.
    world.replace("refresh_token: Atzr|wrong", "refresh_token: Atzr|carrick-sandbox-eu");
    world.cross();
    world.must_add_up();
    CHECK(errors(world).empty());
}

TEST_CASE("a revoked certificate of NetSuite names the connection", "[end_to_end][errors]") {
    World world(50, {"--switch", "netsuite.certificate=revoked"});
    const Ended ended = world.carrick({"run", "--once"});
    CHECK(ended.code != 0);
    INFO(ended.err);
    CHECK(ended.err.find("erp") != std::string::npos);
    CHECK(ended.err.find("certificate") != std::string::npos);
    world.post("/switches", Json::object({{"netsuite.certificate", "active"}}));
    world.cross();
    world.must_add_up();
}

TEST_CASE("a location that NetSuite does not know holds its marketplace, the others run",
          "[end_to_end][errors]") {
    World world(100);
    world.replace("mfn: Main JP", "mfn: Main Japan");
    const Ended planned = world.carrick({"plan"});
    CHECK(planned.code == 2);
    CHECK(planned.err.find("flow mfn_orders in FE1/JP: locations.mfn: ") != std::string::npos);
    CHECK(world.carrick({"plan", "--offline"}).code == 0);
    const Ended ended = world.carrick({"run", "--once"});
    CHECK(ended.code == 1);
    INFO(ended.err);
    CHECK(ended.err.find("mfn_orders FE1/JP stands still") != std::string::npos);
    CHECK(ended.err.find("locations.mfn") != std::string::npos);
    CHECK(ended.err.find("Main Japan") != std::string::npos);
    CHECK(world.sales_orders() > 20);
    world.replace("mfn: Main Japan", "mfn: Main JP");
    world.cross();
    world.must_add_up();
}

TEST_CASE("a first run that would write more than its limit stops and asks",
          "[end_to_end][safety]") {
    World world(200);
    world.replace("settings: { discount: line }",
                  "settings: { discount: line }\n    first_run_limit: 3");
    const int before = world.sales_orders();
    const Ended ended = world.carrick({"run", "--once"});
    CHECK(ended.code == 1);
    CHECK(ended.err.find("first_run_limit") != std::string::npos);
    // Three for each of ten marketplaces at most.
    CHECK(world.sales_orders() <= before + 30);
    // Starting again is no permission.
    const int stopped_at = world.sales_orders();
    CHECK(world.carrick({"run", "--once"}).code == 1);
    CHECK(world.sales_orders() == stopped_at);
    const Ended allowed = world.carrick({"flows", "allow", "mfn_orders"});
    INFO(allowed.out + allowed.err);
    CHECK(allowed.code == 0);
    world.cross();
    world.must_add_up();
}

TEST_CASE("a misspelled option runs nothing", "[end_to_end][safety]") {
    World world(20);
    const std::string before = world.documents();
    const Ended ended = world.carrick({"run", "--dryrun", "--once"});
    CHECK(ended.code == 2);
    CHECK(ended.err.find("knows no option \"--dryrun\"; did you mean \"--dry-run\"?") !=
          std::string::npos);
    CHECK(world.documents() == before);
    CHECK(world.carrick({"validate", "--bogus"}).code == 2);
    CHECK(world.carrick({"flows", "bogus"}).code == 2);
}

TEST_CASE("an order that fails again has one open error, not two", "[end_to_end][errors]") {
    World world(300, {"--unknown-skus", "20"});
    world.cross();
    world.advance(std::chrono::hours(240));
    world.cross();
    std::map<std::string, int> open;
    const Json listed = errors(world);
    for (const Json& error : listed.items()) ++open[error["key"].text()];
    CHECK(open.size() > 3);
    for (const auto& [key, count] : open) {
        INFO(key);
        CHECK(count == 1);
    }
}

TEST_CASE("a charge that has no item in the settings fails its own order only",
          "[end_to_end][errors]") {
    World world(500);
    world.replace("    gift_wrap: Amazon Gift Wrap\n", "");
    const auto counts = world.cross();
    CHECK(counts.at("mfn_orders").at("failed") > 0);
    CHECK(counts.at("mfn_orders").at("written") > 150);
    const Json open = errors(world);
    CHECK(open.items()[0]["code"].text() == "order.item_setting");
    CHECK(open.items()[0]["field"].text() == "items.gift_wrap");
}

TEST_CASE("a run that is to end does so although a system is down, and says which",
          "[end_to_end][faults]") {
    World world(20);
    world.replace("${env:CARRICK_AMAZON_URL}", "http://127.0.0.1:9");
    const Ended ended = world.carrick({"run", "--once"});
    CHECK(ended.code == 1);
    INFO(ended.err.substr(ended.err.size() > 2'000 ? ended.err.size() - 2'000 : 0));
    CHECK(ended.err.find("did not get on") != std::string::npos);
    CHECK(ended.err.find("127.0.0.1") != std::string::npos);
}

TEST_CASE("validate shows every broken expression with its place, and nothing runs",
          "[end_to_end][errors]") {
    World world(1);
    world.replace("== \"MERCHANT\"'", "== (\"MERCHANT\"'");
    world.replace(
        "settings: { discount: line }",
        "settings: { discount: line }\n    mapping: { salesOrder: { memo: 'r.orderId ..' } }");
    const Ended ended = world.carrick({"validate"});
    CHECK(ended.code == 2);
    INFO(ended.err);
    CHECK(ended.err.find("flows.mfn_orders.where: `r.fulfillment.fulfilledBy == (\"MERCHANT\"`") !=
          std::string::npos);
    CHECK(ended.err.find("flows.mfn_orders.mapping.salesOrder.memo: ") != std::string::npos);
    // Each with line and column.
    CHECK(ended.err.find("flows.yaml:103:12:") != std::string::npos);
    CHECK(ended.err.find("flows.yaml:105:36:") != std::string::npos);
    CHECK(world.carrick({"run", "--once"}).code == 2);
}
