// SPDX-License-Identifier: Apache-2.0
// Orders that Amazon fulfils: by what it shipped, and by the orders themselves.
#include "tests/end_to_end/fba_flows.hpp"

#include <set>
#include <sstream>

using namespace carrick;
using namespace carrick::end_to_end;

namespace {

constexpr std::chrono::seconds kOrderGrace{600};

}  // namespace

TEST_CASE("every parcel of ten stores becomes one cash sale or invoice, to the cent",
          "[end_to_end][fba]") {
    for (const char* document : {"cash_sale", "invoice"}) {
        INFO(document);
        World world(250, {"--changes", "--switch", kQuickReports});
        const FbaFlows flows{.document = document};
        add_fba_flows(world, flows);
        const auto first = world.cross();
        const std::string asked = asked_of(flows);
        world.must_add_up(kReportGrace, asked);
        CHECK(first.at("fba_orders").at("failed") == 0);
        CHECK(first.at("fba_orders").at("written") > 40);

        if (document == std::string("invoice")) continue;

        // Reports reach back seven days: the parcels of the first ones stand in them again.
        const std::string documents = world.documents();
        world.advance(std::chrono::hours(1));
        CHECK(world.cross().at("fba_orders").at("failed") == 0);
        world.must_add_up(kReportGrace, asked);
        std::string later = world.documents();
        CHECK(later.size() >= documents.size());

        // What leaves a centre later is in a later report, as parts of orders that are known.
        world.advance(std::chrono::hours(72));
        world.cross();
        world.must_add_up(kReportGrace, asked);
        CHECK(world.documents().size() > later.size());
    }
}

TEST_CASE("parcels of days before the start come across by a backfill, and none twice",
          "[end_to_end][fba][backfill]") {
    World world(250, {"--switch", kQuickReports});
    add_fba_flows(world, {});
    // Amazon makes one such report in half an hour: those of the schedule keep out of the way, and
    // the clock goes on before each backfill.
    world.replace(
        "every: 15m, start: 2026-11-01",
        "every: 15m, start: 2026-11-19, settings: { shipments: { every_minutes: 1440 } }");
    world.cross();
    const std::string before = world.documents();
    world.advance(std::chrono::minutes(31));
    for (const char* flow : {"shipped_na", "shipped_eu", "shipped_fe"}) {
        const auto ended = world.carrick({"--json", "backfill", flow, "--from", "2026-11-01",
                                          "--to", "2026-11-22", "--before-start"});
        INFO(ended.err);
        CHECK(ended.code == 0);
        CHECK(Json::parse(ended.out).value()["backfills"][0]["state"].text() == "done");
    }
    CHECK(world.documents().size() > before.size());
    world.must_add_up(kReportGrace, asked_of({}));
    // Again, and beside the scheduled reports of the same days: all of it is known.
    const std::vector<std::string> again{"backfill", "shipped_na", "--from", "2026-11-01",
                                         "--before-start"};
    const std::string documents = world.documents();
    world.advance(std::chrono::minutes(31));
    CHECK(world.carrick(again).code == 0);
    world.advance(std::chrono::minutes(31));
    std::vector<std::string> dry_run = again;
    dry_run.push_back("--dry-run");
    const auto dry = world.carrick(dry_run);
    CHECK(dry.code == 0);
    CHECK(dry.out.find("create") == std::string::npos);
    CHECK(world.documents() == documents);

    const Json unknown =
        Json::parse(world.carrick({"--json", "sync", "order", "999-9999999-9999999"}).out).value();
    const std::string refused = unknown["records"][0]["refused"].dump();
    CHECK(refused.find("order.unknown") != std::string::npos);
    CHECK(refused.find("carrick backfill shipped_na --from DAY") != std::string::npos);
}

TEST_CASE("a parcel has the VAT id of its buyer, which its report does not", "[end_to_end][fba]") {
    World world(300, {"--switch", kQuickReports});
    add_fba_flows(world, {});
    world.replace("    from: fba_customers\n",
                  "    from: fba_customers\n    where: 'r.tax.taxRegistrations ~= nil'\n");
    CHECK(world.cross().at("fba_orders").at("written") > 0);
}

TEST_CASE("every order that Amazon ships becomes one document when it may", "[end_to_end][fba]") {
    for (const char* document : {"sales_order", "invoice", "cash_sale"}) {
        INFO(document);
        World world(300, {"--changes"});
        const FbaFlows flows{.document = document, .per = "order"};
        add_fba_flows(world, flows);
        const std::string asked = asked_of(flows);
        CHECK(world.cross().at("fba_orders").at("failed") == 0);
        world.must_add_up(kOrderGrace, asked);
        const std::string documents = world.documents();
        CHECK(world.cross().at("fba_orders").at("written") == 0);
        CHECK(world.documents() == documents);
        // Paid, or shipped as a whole, since.
        world.advance(std::chrono::hours(72));
        world.cross();
        world.must_add_up(kOrderGrace, asked);
        CHECK(world.documents().size() > documents.size());
    }
}

// What left a centre in November, in an account that has closed its books on November already.
TEST_CASE("parcels of a closed month are refused, or stand on the first open day",
          "[end_to_end][fba][period]") {
    struct Books {
        const char* document;
        const char* record;   ///< as the list of documents says it
        const char* closing;  ///< the switch
        const char* refusal;
    };
    for (const Books& books :
         {Books{"cash_sale", "cashSale AMZ-CS-", "closed_through", "netsuite.period_closed"},
          Books{"invoice", "invoice AMZ-IV-", "ar_locked_through", "netsuite.period_locked"}}) {
        INFO(books.document);
        World world(250, {"--switch", "amazon.report_delay_s=30", "--switch",
                          std::string("netsuite.") + books.closing + "=2026-11-30"});
        add_fba_flows(world, {.document = books.document, .more = "closed_period: refuse"});
        const auto dates = [&] {
            std::multiset<std::string> found;
            std::istringstream documents(world.documents());
            for (std::string line; std::getline(documents, line);)
                if (line.starts_with(books.record))
                    if (const std::size_t at = line.find(" to "); at != std::string::npos)
                        found.insert(line.substr(at - 10, 10));
            return found;
        };
        const auto refused = world.cross();
        CHECK(refused.at("fba_orders").at("written") == 0);
        CHECK(refused.at("fba_orders").at("failed") > 40);
        CHECK(dates().empty());
        CHECK(world.carrick({"errors", "list"}).out.find(books.refusal) != std::string::npos);

        world.replace("closed_period: refuse", "closed_period: next_open");
        CHECK(world.carrick({"errors", "retry", "--flow", "fba_orders"}).code == 0);
        const auto moved = world.cross();
        CHECK(moved.at("fba_orders").at("failed") == 0);
        CHECK(moved.at("fba_orders").at("written") >= refused.at("fba_orders").at("failed"));
        const std::multiset<std::string> days = dates();
        CHECK(static_cast<std::int64_t>(days.size()) == moved.at("fba_orders").at("written"));
        CHECK(days.count("2026-12-01") == days.size());
        world.must_add_up(kReportGrace, std::string("&fba_per=shipment&fba=") + books.document);
        // A parcel that was moved is not made again where it belongs.
        world.advance(std::chrono::hours(1));
        CHECK(world.cross().at("fba_orders").at("failed") == 0);
        world.must_add_up(kReportGrace, std::string("&fba_per=shipment&fba=") + books.document);
    }
}

TEST_CASE("parcels come across through faults of the wire", "[end_to_end][fba][faults]") {
    World world(200, {"--faults", "rough", "--switch", kQuickReports});
    add_fba_flows(world, {});
    world.carrick({"run", "--once"});
    world.post("/faults", Json::object({{"profile", "none"}}));
    for (const char* flow : {"fba_customers", "fba_orders", "mfn_customers", "mfn_orders"})
        world.carrick({"errors", "retry", "--flow", flow});
    world.advance(std::chrono::hours(2));
    world.cross();
    world.must_add_up(kReportGrace, asked_of({}));
}

// What nobody knows for certain of documents that post or move stock; switches_test.cpp has the
// others, under merchant orders. The default positions are those of the tests above.
TEST_CASE("parcels are right in each position of the switches on posting and fulfilling",
          "[end_to_end][fba][switches]") {
    const FbaFlows sold{.document = "cash_sale"};
    const FbaFlows billed{.document = "invoice"};
    const FbaFlows by_parcel{.document = "sales_order", .per = "shipment", .fulfilled = true};
    const FbaFlows by_order{.document = "sales_order", .per = "order", .fulfilled = true};
    const Json state = World(1).get("/state");
    for (const char* name : {"pick_pack_ship", "location_required", "bill_in_advance",
                             "invoice_approval", "date_outside_period"}) {
        const std::string full = std::string("netsuite.") + name;
        for (const Json& one : state["switches"].items()) {
            if (one["name"].text() != full) continue;
            CHECK(one["allowed"].size() == 2);
            for (const Json& value : one["allowed"].items()) {
                if (value == one["default"]) continue;
                for (const FbaFlows& flows : {sold, billed, by_parcel, by_order}) {
                    INFO(full << " = " << value.text() << ", " << asked_of(flows));
                    World world(120,
                                {"--switch", kQuickReports, "--switch", full + "=" + value.text()});
                    add_fba_flows(world, flows);
                    const auto counts = world.cross();
                    CHECK(counts.at("fba_orders").at("failed") == 0);
                    if (flows.fulfilled) CHECK(counts.at("fulfillments").at("failed") == 0);
                    world.must_add_up(kReportGrace, asked_of(flows));
                    const std::string documents = world.documents();
                    CHECK(world.cross().at("fba_orders").at("written") == 0);
                    CHECK(world.documents() == documents);
                }
            }
        }
    }
}

// A bill carries Amazon's order id over from its sales order and has no external id of its own; it
// must not stand for the parcels of the order that are still to come.
TEST_CASE("a parcel comes across though the sales order of an earlier one was billed by hand",
          "[end_to_end][fba][adoption]") {
    World world(400, {"--switch", kQuickReports, "--switch", "netsuite.bill_in_advance=on"});
    const FbaFlows flows{.document = "sales_order"};
    add_fba_flows(world, flows);
    std::set<std::string> billed;         // external ids of sales orders
    std::set<std::string> billed_orders;  // of Amazon
    std::size_t came_after = 0;
    for (int round = 0; round < 7; ++round) {
        if (round > 0) world.advance(std::chrono::hours(12));
        CHECK(world.cross().at("fba_orders").at("failed") == 0);
        std::set<std::string> orders;
        std::istringstream documents(world.documents());
        for (std::string line; std::getline(documents, line);) {
            std::istringstream words(line);
            std::string type, external_id, order;
            words >> type >> external_id >> order;
            if (type != "salesOrder" || !external_id.starts_with("AMZ-SO-")) continue;
            if (!external_id.ends_with(order) && billed.insert(external_id).second) {
                came_after += billed_orders.count(order);
                orders.insert(order);
                const Json done = world.post(
                    "/netsuite",
                    Json::object({{"method", "POST"},
                                  {"path", "salesOrder/eid:" + external_id + "/!transform/invoice"},
                                  {"body", Json::object()}}));
                INFO(done.dump());
                CHECK(done["status"] == Json(204));
            }
        }
        billed_orders.merge(orders);
    }
    CHECK(billed.size() > 60);
    CHECK(came_after > 1);
    world.must_add_up(kReportGrace, asked_of(flows));
}
