// SPDX-License-Identifier: Apache-2.0
// Policies of a store over the whole way: personal data, ship methods, closed periods.
#include "examples/sandbox/world/world.hpp"
#include "tests/end_to_end/fba_flows.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

using namespace carrick;
using namespace carrick::end_to_end;

namespace {

constexpr const char* kCustomer = "  customer: { policy: consolidated }";

}  // namespace

TEST_CASE("no buyer comes into NetSuite where personal data is left out",
          "[end_to_end][policies]") {
    World world(50);
    world.replace(kCustomer, R"(  customer: { policy: individual }
  personal_data: area
  ship_methods: { EXPEDITED: Expedited, default: Standard })");
    const int before = world.sales_orders();
    CHECK(world.cross().at("mfn_orders").at("failed") == 0);
    world.must_add_up();
    CHECK(world.sales_orders() > before);
    // All of them belong to the marketplaces' customers, which are made once.
    CHECK(world.cross().at("mfn_customers").at("written") == 0);
}

namespace {

/// What tells a buyer: names, e-mail addresses, streets, telephones, of all orders of the world.
std::set<std::string> buyers_texts(int orders, int unknown_skus = 0) {
    const sandbox::SandboxClock clock(UtcTime::parse("2026-11-20T12:00:00Z").value());
    sandbox::WorldOptions options;
    options.orders = static_cast<std::uint64_t>(orders);
    options.unknown_skus = static_cast<std::uint64_t>(unknown_skus);
    options.start = clock.now();
    options.go_live = UtcTime::parse("2026-11-01T07:00:00Z").value();
    std::set<std::string> texts;
    const sandbox::World world(options, clock);
    for (const sandbox::Order* order : world.orders()) {
        // What another tool put there with names is not ours to take away.
        if (order->preexisting != sandbox::Preexisting::No) continue;
        for (const std::string* text :
             {&order->address.name, &order->address.line1, &order->address.line2,
              &order->address.phone, &order->buyer_name, &order->buyer_email})
            if (text->size() >= 8) texts.insert(*text);  // "Flat 2" may stand anywhere
    }
    return texts;
}

/// Every text of a document, names of members included.
void collect(const Json& json, std::string& all) {
    if (json.is_string()) all += json.text() + '\n';
    for (const Json& item : json.items()) collect(item, all);
    for (const JsonMember& member : json.members()) {
        all += member.key + '\n';
        collect(member.value, all);
    }
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

int occurring(const std::set<std::string>& texts, const std::string& where) {
    return static_cast<int>(std::count_if(texts.begin(), texts.end(), [&](const std::string& text) {
        return where.find(text) != std::string::npos;
    }));
}

/// The store, and what lies beside it.
std::string store_of(const World& world) {
    std::string all;
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(world.folder() / "var/quickstart"))
        if (file.is_regular_file()) all += bytes_of(file.path());
    return all;
}

}  // namespace

TEST_CASE("no text of a buyer is in any record of NetSuite or any line of the log",
          "[end_to_end][policies][personal_data]") {
    const std::set<std::string> texts = buyers_texts(150, 6);
    CHECK(texts.size() > 200);
    for (const char* kept : {"keep", "area", "omit"}) {
        INFO(kept);
        World world(150, {"--unknown-skus", "6"});
        world.replace(kCustomer, std::string("  customer: { policy: individual }\n") +
                                     "  personal_data: " + kept);
        const auto counts = world.cross();
        CHECK(counts.at("mfn_orders").at("written") > 20);
        CHECK(counts.at("mfn_orders").at("failed") > 0);
        std::string log = bytes_of(world.folder() / "engine.err");
        log += bytes_of(world.folder() / "engine.out");
        log += world.carrick({"--json", "errors", "list"}).out;
        CHECK(log.size() > 500);
        CHECK(occurring(texts, log) == 0);
        std::string records;
        collect(world.end_of_sandbox()["services"]["netsuite"], records);
        // Where they are kept this search does find them.
        if (std::string(kept) == "keep")
            CHECK(occurring(texts, records) > 50);
        else
            CHECK(occurring(texts, records) == 0);
    }
}

TEST_CASE("what Amazon is not asked for is not in the store either",
          "[end_to_end][policies][personal_data]") {
    const std::set<std::string> texts = buyers_texts(100);
    for (const bool asked : {true, false}) {
        INFO(asked);
        World world(100);
        world.replace(kCustomer, R"(  customer: { policy: consolidated }
  personal_data: omit)");
        if (!asked)
            world.replace("  personal_data: omit", R"(  personal_data: omit
  orders: { included_data: [PROCEEDS, PROMOTION, CANCELLATION, FULFILLMENT, TAX] })");
        CHECK(world.cross().at("mfn_orders").at("failed") == 0);
        world.must_add_up();
        if (asked)
            CHECK(occurring(texts, store_of(world)) > 50);
        else
            CHECK(occurring(texts, store_of(world)) == 0);
    }
}

// All orders of a store are given their customers before the first of them is written.
TEST_CASE("a store's customers follow each other, and none gets more orders than it may",
          "[end_to_end][policies][rotation]") {
    World world(200);
    world.replace(kCustomer, "  customer: { policy: consolidated, rotate_at: 3 }");
    const auto by_customer = [&] {
        std::map<std::string, int> orders;
        std::istringstream documents(world.documents());
        for (std::string line; std::getline(documents, line);)
            if (line.starts_with("salesOrder AMZ-SO-"))
                if (const std::size_t at = line.find(" customer AMZ-C-"); at != std::string::npos)
                    ++orders[line.substr(at + 10, line.find(' ', at + 10) - at - 10)];
        return orders;
    };
    CHECK(world.cross().at("mfn_orders").at("failed") == 0);
    world.must_add_up();
    const std::map<std::string, int> first = by_customer();
    CHECK(first.contains("AMZ-C-NA1-CA"));
    CHECK(first.contains("AMZ-C-NA1-CA-2"));
    CHECK(first.at("AMZ-C-NA1-CA") == 3);
    for (const auto& [customer, orders] : first) {
        INFO(customer << " has " << orders);
        CHECK(orders <= 3);
    }
    // A customer of the account's own, named in the settings, is its owner's to replace.
    CHECK(world.documents().find("Amazon US 2") == std::string::npos);

    // The next engine remembers nothing, and what NetSuite counts is all there is to count.
    world.advance(std::chrono::hours(48));
    CHECK(world.cross().at("mfn_orders").at("failed") == 0);
    world.must_add_up();
    const std::map<std::string, int> later = by_customer();
    CHECK(later.size() > first.size());
    for (const auto& [customer, orders] : later) {
        INFO(customer << " has " << orders);
        CHECK(orders <= 3);
    }
}

TEST_CASE("invoices of a locked month are refused, or stand on the first open day",
          "[end_to_end][policies][period]") {
    World world(150, {"--switch", "netsuite.ar_locked_through=2026-11-30"});
    // Dated by their last update, in November.
    add_fba_flows(world, {.document = "invoice", .per = "order", .more = "closed_period: refuse"});
    const auto refused = world.cross();
    CHECK(refused.at("fba_orders").at("written") == 0);
    CHECK(refused.at("fba_orders").at("failed") > 0);
    CHECK(world.carrick({"errors", "list"}).out.find("netsuite.period_locked") !=
          std::string::npos);

    world.replace("closed_period: refuse", "closed_period: next_open");
    CHECK(world.carrick({"errors", "retry", "--flow", "fba_orders"}).code == 0);
    const auto moved = world.cross();
    CHECK(moved.at("fba_orders").at("failed") == 0);
    CHECK(moved.at("fba_orders").at("written") == refused.at("fba_orders").at("failed"));
    int invoices = 0;
    std::istringstream documents(world.documents());
    for (std::string line; std::getline(documents, line);)
        if (line.starts_with("invoice AMZ-IV-")) {
            INFO(line);
            ++invoices;
            CHECK(line.find(" 2026-12-01 to ") != std::string::npos);
        }
    CHECK(invoices == moved.at("fba_orders").at("written"));
}
