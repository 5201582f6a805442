// SPDX-License-Identifier: Apache-2.0
// What is asked for by name: days that are read once more, and orders that are fetched now.
#include "tests/end_to_end/bench_world.hpp"

#include <csignal>
#include <functional>
#include <map>
#include <set>
#include <thread>

using namespace carrick;
using carrick::end_to_end::Ended;
using carrick::end_to_end::World;
using Catch::Matchers::Contains;

namespace {

Json json_of(const Ended& ended) {
    INFO(ended.err);
    INFO(ended.out);
    const Result<Json> json = Json::parse(ended.out);
    REQUIRE(json);
    return *json;
}

std::int64_t written(const Json& backfill, const std::string& flow) {
    for (const Json& one : backfill["flows"].items())
        if (one["flow"].text() == flow) return one["written"].integer_if().value_or(-1);
    return -1;
}

/// The state of the flow's backfill, as `carrick backfill status` tells it.
std::string state_of(const Json& status) {
    return status.size() == 1 ? status[0]["state"].text() : "none or several";
}

/// Until `there` or half a minute has passed.
bool eventually(const std::function<bool()>& there) {
    for (int i = 0; i < 300; ++i) {
        if (there()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

/// Ids of orders for which NetSuite has sales orders.
std::vector<std::string> imported(const World& world) {
    std::vector<std::string> ids;
    const std::string text = world.documents();
    for (std::size_t at = text.find("salesOrder "); at != std::string::npos;
         at = text.find("\nsalesOrder ", at + 1)) {
        const std::string line = text.substr(at, text.find('\n', at + 1) - at);
        for (std::size_t i = 0; i + 19 <= line.size(); ++i)
            if (line[i + 3] == '-' && line[i + 11] == '-' && std::isdigit(line[i]) != 0 &&
                std::isdigit(line[i + 18]) != 0) {
                ids.push_back(line.substr(i, 19));
                break;
            }
    }
    return ids;
}

const std::vector<std::string> kNorthAmerica{"--json", "backfill", "orders_na", "--from",
                                             "2026-11-01"};

/// An engine that has the store: a command that came before it would be its own engine, and keep
/// this one out.
void start_engine(World& world) {
    world.start({"--verbose", "run"});
    REQUIRE(eventually(
        [&] { return world.errors_so_far().find("engine started") != std::string::npos; }));
}

}  // namespace

TEST_CASE("days that are imported already are read once more and written no second time",
          "[end_to_end][backfill]") {
    World world(200);
    world.cross();
    const std::string documents = world.documents();
    const Json answer = json_of(world.carrick(kNorthAmerica));
    CHECK(answer["ok"] == Json(true));
    CHECK(answer["backfills"][0]["state"].text() == "done");
    CHECK(answer["backfills"][0]["records"].integer_if().value_or(0) > 50);
    CHECK(written(answer, "mfn_orders") == 0);
    CHECK(written(answer, "mfn_customers") == 0);
    CHECK(world.documents() == documents);
}

TEST_CASE("days before the start come across only where that is said, and then completely",
          "[end_to_end][backfill]") {
    World world(200);
    world.replace("start: 2026-11-01", "start: 2026-11-19");
    world.cross();
    const int before = world.sales_orders();

    const Ended refused = world.carrick(kNorthAmerica);
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("backfill.before_start") && Contains("--before-start"));
    CHECK(world.sales_orders() == before);

    const Ended dry = world.carrick(
        {"backfill", "orders_na", "--from", "2026-11-01", "--before-start", "--dry-run"});
    INFO(dry.err);
    CHECK(dry.code == 0);
    std::set<std::string> announced;
    std::string rest = dry.out;
    while (!rest.empty()) {
        const std::string line = rest.substr(0, rest.find('\n'));
        rest.erase(0, line.size() + 1);
        const Result<Json> planned = Json::parse(line);
        REQUIRE(planned);
        if ((*planned)["write"].text() == "salesOrder" && (*planned)["action"].text() == "create")
            announced.insert((*planned)["external_id"].text());
    }
    CHECK(announced.size() > 10);
    CHECK(world.sales_orders() == before);
    CHECK(world.carrick({"backfill", "status"}).out == "No backfills.\n");

    for (const std::string flow : {"orders_na", "orders_eu", "orders_fe"}) {
        const Json answer = json_of(
            world.carrick({"--json", "backfill", flow, "--from", "2026-11-01", "--before-start"}));
        CHECK(answer["ok"] == Json(true));
    }
    CHECK(world.sales_orders() >= before + static_cast<int>(announced.size()));
    world.must_add_up();
}

TEST_CASE("a backfill that is killed goes on where it was, by the same command or by a run",
          "[end_to_end][backfill]") {
    const bool by_run = GENERATE(false, true);
    CAPTURE(by_run);
    World world(500);
    world.replace("start: 2026-11-01", "start: 2026-11-19")
        .replace("defaults:\n", "defaults:\n  orders: { page_size: 5 }\n");
    world.cross();
    const int before = world.sales_orders();
    const std::vector<std::string> words{"--json", "backfill",   "orders_na",
                                         "--from", "2026-11-01", "--before-start"};
    world.start(words);
    CHECK(eventually([&] { return world.sales_orders() > before + 3; }));
    world.send(SIGKILL);
    (void)world.finish();
    const Json halfway = json_of(world.carrick({"--json", "backfill", "status"}));
    CHECK(state_of(halfway) == "running");
    const std::int64_t pages = halfway[0]["pages"].integer_if().value_or(0);
    CHECK(pages > 0);
    CHECK_THAT(world.carrick({"flows"}).out, Contains("backfill of orders_na NA1"));

    // Another range is refused while this one is under way.
    const Ended other = world.carrick({"backfill", "orders_na", "--from", "2026-11-19"});
    CHECK(other.code == 1);
    CHECK_THAT(other.err, Contains("backfill.running") && Contains("carrick backfill stop"));

    if (by_run)
        world.cross();
    else
        CHECK(json_of(world.carrick(words))["backfills"][0]["pages"].integer_if() > pages);
    CHECK(state_of(json_of(world.carrick({"--json", "backfill", "status"}))) == "done");
    for (const std::string flow : {"orders_eu", "orders_fe"})
        CHECK(world.carrick({"backfill", flow, "--from", "2026-11-01", "--before-start"}).code ==
              0);
    world.must_add_up();
}

TEST_CASE("a running engine fills back between its polls, says how far it is, and stops when told",
          "[end_to_end][backfill]") {
    World world(200);
    world.replace("start: 2026-11-01", "start: 2026-11-19");
    world.cross();
    start_engine(world);
    CHECK(eventually([&] {
        const Ended begun = world.beside({"--json", "backfill", "orders_na", "--from", "2026-11-01",
                                          "--before-start", "--share", "50%"});
        return begun.code == 0 && json_of(begun)["backfills"][0]["share"].integer_if() == 50;
    }));
    CHECK(eventually([&] {
        return state_of(json_of(world.beside({"--json", "backfill", "status", "orders_na"}))) ==
               "done";
    }));
    const Ended nothing = world.beside({"backfill", "stop", "orders_na"});
    CHECK(nothing.code == 1);
    CHECK_THAT(nothing.err, Contains("backfill.none"));
    world.send(SIGTERM);
    CHECK(world.finish().code == 0);
}

TEST_CASE("a backfill is stopped beside the engine that does it, and what it has read stays",
          "[end_to_end][backfill]") {
    World world(500);
    // No poll comes in between: each search from here on is the backfill's.
    world.replace("start: 2026-11-01", "start: 2026-11-19")
        .replace("every: 5m", "every: 30d")
        .replace("defaults:\n", "defaults:\n  orders: { page_size: 5 }\n");
    world.cross();
    const int before = world.sales_orders();
    const auto status = [&] {
        return json_of(world.beside({"--json", "backfill", "status", "orders_na"}));
    };
    const auto begin = [&] {
        const Ended begun = world.beside(
            {"backfill", "orders_na", "--from", "2026-11-01", "--before-start", "--share", "100%"});
        INFO(begun.err);
        REQUIRE(begun.code == 0);
        CHECK_THAT(begun.out, Contains("carrick backfill status"));
    };
    start_engine(world);
    // Amazon gives it three pages and no more for now.
    world.post(
        "/faults",
        Json::object({{"rules", Json::array({Json::object({{"fault", Json("throttled")},
                                                           {"service", Json("amazon")},
                                                           {"operation", Json("searchOrders")},
                                                           {"skip", Json(3)}})})}}));
    begin();
    REQUIRE(eventually([&] { return status()[0]["pages"].integer_if() == 3; }));
    REQUIRE(eventually([&] { return world.sales_orders() > before; }));
    CHECK(state_of(status()) == "running");
    CHECK(eventually([&] { return status()[0].contains("next_page"); }));
    CHECK_THAT(world.beside({"backfill", "status"}).out, Contains("waits for the quota until 20"));

    const Ended stopped = world.beside({"backfill", "stop", "orders_na"});
    INFO(stopped.err);
    CHECK(stopped.code == 0);
    CHECK_THAT(stopped.out, Contains("orders_na") && Contains("stopped") && Contains("3 pages"));
    CHECK(world.beside({"backfill", "stop", "orders_na"}).code == 1);

    // Where Amazon would answer again it asks for nothing more, until it is asked to.
    world.post("/faults", Json::object({{"profile", "none"}}));
    std::this_thread::sleep_for(std::chrono::seconds(1));
    CHECK(state_of(status()) == "stopped");
    CHECK(status()[0]["pages"].integer_if() == 3);
    begin();
    CHECK(eventually([&] { return state_of(status()) == "done"; }));
    world.send(SIGTERM);
    CHECK(world.finish().code == 0);
    for (const std::string flow : {"orders_eu", "orders_fe"})
        CHECK(world.carrick({"backfill", flow, "--from", "2026-11-01", "--before-start"}).code ==
              0);
    world.must_add_up();
}

TEST_CASE("orders are fetched by their ids and what became of each is told", "[end_to_end][sync]") {
    World world(200);
    world.cross();
    const std::vector<std::string> ids = imported(world);
    REQUIRE(ids.size() > 10);

    const Ended known = world.carrick({"--json", "sync", "order", ids[0], ids[5]});
    CHECK(known.code == 0);
    const Json answer = json_of(known);
    CHECK(answer["complete"] == Json(true));
    for (const Json& record : answer["records"].items()) {
        CHECK(record["state"].text() == "settled");
        bool sales_order = false;
        for (const Json& flow : record["flows"].items())
            sales_order = sales_order || (flow["flow"].text() == "mfn_orders" &&
                                          flow["ids"].contains("salesOrder"));
        CHECK(sales_order);
    }

    const Ended unknown = world.carrick({"sync", "order", "999-0000000-0000001"});
    CHECK(unknown.code == 1);
    CHECK_THAT(unknown.out, Contains("order.unknown") && Contains("999-0000000-0000001"));

    const Ended malformed = world.carrick({"sync", "order", "112-12345"});
    CHECK(malformed.code == 2);
    CHECK_THAT(malformed.err, Contains("sync.key") && Contains("999-9999999-9999999"));
    CHECK_THAT(world.carrick({"sync", "oder", ids[0]}).err, Contains("did you mean \"order\"?"));
    CHECK_THAT(world.carrick({"sync", "order", ids[0], "--flow", "mfn_orders"}).err,
               Contains("sync.flow"));
}

TEST_CASE("a sync takes an order across at once, with an engine beside it or without",
          "[end_to_end][sync]") {
    World world(200);
    // Nothing is polled here before the sync: all that comes across was asked for.
    World other(200);
    other.cross();
    const std::vector<std::string> ids = imported(other);
    std::set<std::string> there;
    for (std::string& id : imported(world)) there.insert(std::move(id));
    std::vector<std::string> missing;
    for (const std::string& id : ids)
        if (!there.contains(id)) missing.push_back(id);
    REQUIRE(missing.size() > 5);

    const int before = world.sales_orders();
    const Ended alone = world.carrick({"sync", "order", missing[0]});
    INFO(alone.err);
    CHECK(alone.code == 0);
    CHECK_THAT(alone.out, Contains("mfn_orders") && Contains("done: salesOrder"));
    CHECK(world.sales_orders() == before + 1);

    start_engine(world);
    CHECK(eventually([&] {
        const Ended beside = world.beside({"sync", "order", missing[1]});
        return beside.code == 0 && beside.out.find("salesOrder") != std::string::npos;
    }));
    world.send(SIGTERM);
    CHECK(world.finish().code == 0);
    world.cross();
    world.must_add_up();
}

TEST_CASE("an order of a marketplace that no flow reads is refused by name", "[end_to_end][sync]") {
    World other(200);
    other.cross();
    std::vector<std::string> ids = imported(other);
    // The Far East comes last.
    if (ids.size() > 100) ids.erase(ids.begin(), ids.end() - 100);
    World world(200);
    world.replace("marketplaces: [JP, AU]", "marketplaces: [AU]");
    std::vector<std::string> words{"--json", "sync", "order", "--flow", "orders_fe"};
    words.insert(words.end(), ids.begin(), ids.end());
    const Ended ended = world.carrick(words);
    CHECK(ended.code == 1);
    std::map<std::string, int> refused;  // code -> how often
    std::string said;
    const Json answer = json_of(ended);
    for (const Json& record : answer["records"].items())
        for (const Json& refusal : record["refused"].items()) {
            ++refused[refusal["code"].text()];
            if (refusal["code"].text() == "order.marketplace_not_read")
                said = refusal["message"].text();
        }
    CHECK(refused["order.marketplace_not_read"] > 0);
    CHECK(refused["order.unknown"] > 0);
    CHECK_THAT(said, Contains("marketplace JP") && Contains("flow orders_fe does not read"));
    // What it does read came across.
    CHECK(world.sales_orders() > 0);
}
