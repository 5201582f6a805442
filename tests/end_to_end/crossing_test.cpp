// SPDX-License-Identifier: Apache-2.0
// Orders come across: once, and no second time.
#include "tests/end_to_end/bench_world.hpp"

#include <csignal>
#include <map>
#include <thread>

using namespace carrick;
using carrick::end_to_end::Ended;
using carrick::end_to_end::World;

TEST_CASE("every importable order of ten marketplaces comes across once, to the cent",
          "[end_to_end]") {
    World world(500);
    const auto first = world.cross();
    world.must_add_up();
    CHECK(first.at("mfn_orders").at("failed") == 0);
    CHECK(first.at("mfn_orders").at("written") > 200);
    // One customer for each marketplace but the US, whose flows.yaml names one that is there.
    CHECK(first.at("mfn_customers").at("written") == 9);
    const std::string documents = world.documents();

    const auto second = world.cross();
    CHECK(second.at("mfn_customers").at("written") == 0);
    CHECK(second.at("mfn_orders").at("written") == 0);
    CHECK(world.documents() == documents);
}

TEST_CASE("an order that waits for its payment comes across when it is paid", "[end_to_end]") {
    World world(500);
    world.cross();
    const int before = world.sales_orders();
    for (int day = 0; day < 3; ++day) {
        world.advance(std::chrono::hours(24));
        world.cross();
    }
    CHECK(world.sales_orders() > before);
    world.must_add_up();
}

TEST_CASE("a dry run shows what would be written and writes nothing", "[end_to_end]") {
    World world(100);
    const int before = world.sales_orders();
    const Ended ended = world.carrick({"run", "--dry-run"});
    INFO(ended.err);
    CHECK(ended.code == 0);
    int creates = 0;
    int adoptions = 0;
    std::map<std::string, int> customers;  // external id -> how often it is announced
    std::string rest = ended.out;
    while (!rest.empty()) {
        const std::string line = rest.substr(0, rest.find('\n'));
        rest.erase(0, line.size() + 1);
        const Result<Json> planned = Json::parse(line);
        REQUIRE(planned);
        if ((*planned)["write"].text() == "customer") {
            CHECK((*planned)["action"].text() == "create");
            CHECK((*planned)["body"]["externalId"].text() == (*planned)["external_id"].text());
            ++customers[(*planned)["external_id"].text()];
        }
        if ((*planned)["write"].text() != "salesOrder") continue;
        if ((*planned)["action"].text() == "create") {
            ++creates;
            CHECK((*planned)["body"]["externalId"].text() == (*planned)["external_id"].text());
        }
        if ((*planned)["action"].text() == "adopt") ++adoptions;
    }
    CHECK(adoptions == before);
    CHECK(world.sales_orders() == before);
    CHECK(customers.size() == 9);
    for (const auto& [external_id, announced] : customers) {
        INFO(external_id);
        CHECK(announced == 1);
    }
    // What was announced is what then happens.
    const auto counts = world.cross();
    CHECK(counts.at("mfn_customers").at("written") == static_cast<std::int64_t>(customers.size()));
    CHECK(world.sales_orders() == before + creates);
    world.must_add_up();
}

TEST_CASE("a shadow connection proves everything and writes nothing, until it goes live",
          "[end_to_end]") {
    World world(100);
    world.replace("account: TSTDRV1234567\n    mode: live",
                  "account: TSTDRV1234567\n    mode: shadow");
    const std::string before = world.documents();
    const auto shadow = world.cross();
    CHECK(shadow.at("mfn_orders").at("written") == 0);
    CHECK(shadow.at("mfn_orders").at("failed") == 0);
    CHECK(world.documents() == before);
    world.replace("account: TSTDRV1234567\n    mode: shadow",
                  "account: TSTDRV1234567\n    mode: live");
    world.cross();
    world.must_add_up();
}

TEST_CASE("each buyer may be a customer of their own, found again by e-mail", "[end_to_end]") {
    World world(200);
    world.replace("policy: consolidated", "policy: individual")
        .replace(", customer: { use: Amazon US }", "");
    const auto counts = world.cross();
    CHECK(counts.at("mfn_customers").at("written") > 50);
    CHECK(counts.at("mfn_customers").at("failed") == 0);
    world.must_add_up();
}

TEST_CASE("SIGTERM ends a run within seconds, and the next one goes on where it ended",
          "[end_to_end]") {
    World world(500);
    world.start({"run"});
    // In the middle of the work, as far as can be told from outside.
    const int before = world.sales_orders();
    for (int i = 0; i < 500 && world.sales_orders() < before + 20; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const auto told = std::chrono::steady_clock::now();
    world.send(SIGTERM);
    const Ended ended = world.finish();
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(std::chrono::steady_clock::now() - told < std::chrono::seconds(10));
    world.cross();
    world.must_add_up();
}
