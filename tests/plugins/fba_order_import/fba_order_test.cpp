// SPDX-License-Identifier: Apache-2.0
// Orders that Amazon fulfils: which document they become, when, and from which of their sources.
#include "tests/plugins/mfn_order_import/order_bench.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

struct FbaOrders : Orders {
    explicit FbaOrders(const char* settings)
        : Orders(settings, "fba_order_import", &fba_order_entry) {}
};

Json fba_order(const std::string& status = "SHIPPED") {
    Json json = with_status(order(), status);
    json.find("fulfillment")->set("fulfilledBy", Json("AMAZON"));
    return json;
}

/// The order's one line, as it left PHX7 on the evening of 21 November in Seattle.
Json shipment(const std::string& id = "DAAA1") {
    Json json = fba_order();
    json.set("shipment", Json::object({{"shipmentId", Json(id)},
                                       {"shipmentDate", Json("2026-11-22T05:00:00Z")},
                                       {"fulfillmentCenterId", Json("PHX7")}}));
    return json;
}

constexpr const char* kInvoices = R"({"document":"invoice","per":"shipment",
    "books_zone":"America/Los_Angeles","locations":{"fba":"7","centres":{"PHX7":"71"}},
    "accounts":{"ar":"119"},"items":{"shipping":"11","tax":"18"}})";

}  // namespace

TEST_CASE("a shipment becomes an invoice, dated and placed by the shipment", "[fba_order]") {
    FbaOrders flow(kInvoices);
    const Passed passed = flow.run({shipment()});
    INFO(passed.message());
    REQUIRE(passed.of(0).kind == OutcomeKind::Done);
    REQUIRE(passed.payloads.size() == 1);
    CHECK(passed.payloads[0].write == "invoice");
    CHECK(passed.payloads[0].external_id == "AMZ-IV-NA1-112-1234567-1234567-DAAA1");
    const Json invoice = passed.body();
    CHECK(invoice["tranDate"].text() == "2026-11-21");  // in Los Angeles it was still the 21st
    CHECK(invoice["otherRefNum"].text() == "112-1234567-1234567");
    CHECK(invoice["account"]["id"].text() == "119");
    CHECK(invoice["location"]["id"].text() == "71");
    CHECK(invoice["item"]["items"][0]["location"]["id"].text() == "71");
    CHECK(invoice["orderStatus"].is_null());
    CHECK(flow.totals["AMZ-IV-NA1-112-1234567-1234567-DAAA1"] == "12.96");
    REQUIRE(passed.links.size() == 2);
    CHECK(passed.links[0].second.kind == "amazon_order.invoice");
    CHECK(passed.links[0].second.from == "112-1234567-1234567");
    // An order may have several invoices: which of them is the shipment's is said apart.
    CHECK(passed.links[1].second.kind == "amazon_shipment.invoice");
    CHECK(passed.links[1].second.from == "DAAA1");
}

TEST_CASE("two shipments of an order are two documents", "[fba_order]") {
    FbaOrders flow(kInvoices);
    const Passed passed = flow.run({shipment("DAAA1"), shipment("DBBB2")});
    CHECK(passed.of(0).kind == OutcomeKind::Done);
    CHECK(passed.of(1).kind == OutcomeKind::Done);
    CHECK(flow.ids.size() == 2);
}

TEST_CASE("a centre that is not kept apart is at the marketplace's own location", "[fba_order]") {
    FbaOrders flow(R"({"document":"cash_sale","per":"shipment","locations":{"fba":"7"},
        "accounts":{"clearing":"1250"},"items":{"shipping":"11","tax":"18"}})");
    const Passed passed = flow.run({shipment()});
    CHECK(passed.payloads[0].write == "cashSale");
    CHECK(passed.payloads[0].external_id == "AMZ-CS-NA1-112-1234567-1234567-DAAA1");
    CHECK(passed.body()["location"]["id"].text() == "7");
    CHECK(passed.body()["account"]["id"].text() == "1250");
}

TEST_CASE("what was made for this very shipment is adopted, another tool's document too",
          "[fba_order]") {
    FbaOrders ours(kInvoices);
    ours.answers[{"document", "AMZ-IV-NA1-112-1234567-1234567-DAAA1"}] =
        Json::parse(R"({"id":"900","externalid":"AMZ-IV-NA1-112-1234567-1234567-DAAA1"})").value();
    ours.totals["AMZ-IV-NA1-112-1234567-1234567-DAAA1"] = "12.96";
    CHECK(ours.run({shipment()}).payloads[0].action == plugin_host::WriteAction::Adopt);
    FbaOrders others(kInvoices);
    others.answers[{"order_of_others", "112-1234567-1234567"}] =
        Json::parse(R"({"id":"901","externalid":"OTHER-1"})").value();
    const Passed passed = others.run({shipment()});
    CHECK(passed.payloads[0].action == plugin_host::WriteAction::Adopt);
    CHECK(passed.payloads[0].target_id == "901");
    CHECK(passed.of(0).kind == OutcomeKind::Done);
}

TEST_CASE("each flow takes orders or shipments, never both: that would book them twice",
          "[fba_order]") {
    FbaOrders by_shipment(kInvoices);
    CHECK(by_shipment.run({fba_order()}).reason() == "imported by its shipments");
    FbaOrders by_order(
        R"({"document":"invoice","per":"order","items":{"shipping":"11","tax":"18"}})");
    CHECK(by_order.run({shipment()}).reason() == "imported as an order, not by its shipments");
}

TEST_CASE("an invoice or a cash sale of a whole order waits until all of it has shipped",
          "[fba_order]") {
    for (const char* document : {"invoice", "cash_sale"})
        for (const char* status : {"UNSHIPPED", "PARTIALLY_SHIPPED"}) {
            INFO(document << " " << status);
            FbaOrders flow((std::string(R"({"per":"order","document":")") + document +
                            R"(","items":{"shipping":"11","tax":"18"}})")
                               .c_str());
            CHECK(flow.run({fba_order(status)}).of(0).kind == OutcomeKind::Waiting);
            const Passed shipped = flow.run({fba_order()});
            CHECK(shipped.of(0).kind == OutcomeKind::Done);
            CHECK(shipped.body()["tranDate"].text() == "2026-11-20");  // of the last update
        }
}

TEST_CASE("units that Amazon has not shipped are not billed with their order", "[fba_order]") {
    Json order = fba_order();
    Json& line = (*order.find("orderItems")->items_if())[0];
    line.set("quantityOrdered", Json(3));
    const auto with_shipped = [&](std::int64_t shipped) {
        line.set("fulfillment", Json::object({{"quantityFulfilled", Json(shipped)}}));
        return order;
    };
    for (const char* document : {"invoice", "cash_sale"}) {
        FbaOrders flow((std::string(R"({"per":"order","document":")") + document +
                        R"(","items":{"shipping":"11","tax":"18"}})")
                           .c_str());
        const Passed passed = flow.run({with_shipped(2)});
        CHECK(passed.code() == "order.partly_fulfilled");
        CHECK_THAT(passed.message(), Contains("2 of 3 units") && Contains("per: shipment"));
        CHECK(flow.ids.empty());
        CHECK(flow.run({with_shipped(3)}).of(0).kind == OutcomeKind::Done);
    }
    // A sales order bills nothing.
    FbaOrders sales(
        R"({"per":"order","document":"sales_order","items":{"shipping":"11","tax":"18"}})");
    CHECK(sales.run({with_shipped(2)}).of(0).kind == OutcomeKind::Done);
}

TEST_CASE("a shipment that Amazon tells larger after its invoice is for a person", "[fba_order]") {
    FbaOrders flow(kInvoices);
    const Passed first = flow.run({shipment()});
    REQUIRE(first.of(0).kind == OutcomeKind::Done);
    flow.ledger.push_back({0, UtcTime(1), first.of(0).details().target_ids});
    CHECK(flow.run({shipment()}).reason() == "imported before");

    Json larger = shipment();
    larger.set(
        "orderItems",
        amazon_order(
            "US",
            {{"ROPE", 2, "22.96", {{"ITEM", "20.00"}, {"SHIPPING", "2.00"}, {"TAX", "0.96"}}}},
            "22.96")["orderItems"]);
    larger.find("proceeds")->find("grandTotal")->set("amount", Json("22.96"));
    const Passed grown = flow.run({larger});
    CHECK(grown.code() == "order.total_read_back");
    CHECK_THAT(grown.message(), Contains("says 12.96, the customer owes 22.96 USD"));
    CHECK(flow.ids.size() == 1);
    // Corrected in NetSuite, it passes at the next try, and is remembered as it is now.
    flow.totals["AMZ-IV-NA1-112-1234567-1234567-DAAA1"] = "22.96";
    const Passed corrected = flow.run({larger});
    CHECK(corrected.of(0).kind == OutcomeKind::Done);
    flow.ledger[0].target_ids = corrected.of(0).details().target_ids;
    CHECK(flow.run({larger}).reason() == "imported before");
}

TEST_CASE("shipments that were imported by other settings are booked no second time",
          "[fba_order]") {
    const auto imported_as = [](const std::string& external_id) {
        FbaOrders flow(kInvoices);
        flow.answers[{"document", external_id}] =
            Json::object({{"id", Json("900")}, {"externalid", Json(external_id)}});
        const Passed passed = flow.run({shipment()});
        CHECK(flow.ids.empty());
        return passed.reason();
    };
    const std::string whole = "imported before, with its whole order";
    CHECK(imported_as("AMZ-IV-NA1-112-1234567-1234567") == whole);
    CHECK(imported_as("AMZ-SO-NA1-112-1234567-1234567") == whole);
    const std::string other = "imported before, as another kind of document";
    CHECK(imported_as("AMZ-CS-NA1-112-1234567-1234567-DAAA1") == other);

    // The ledger remembers it, too, whatever NetSuite shows.
    FbaOrders remembered(kInvoices);
    remembered.ledger.push_back({0, UtcTime(1), R"({"cashSale":"766","seen":"a.b"})"});
    CHECK(remembered.run({shipment()}).reason() == other);
}

TEST_CASE("another tool's document is not held against what Amazon says later", "[fba_order]") {
    FbaOrders flow(kInvoices);
    flow.answers[{"order_of_others", "112-1234567-1234567"}] =
        Json::parse(R"({"id":"901","externalid":"OTHER-1"})").value();
    const Passed first = flow.run({shipment()});
    REQUIRE(first.of(0).kind == OutcomeKind::Done);
    flow.ledger.push_back({0, UtcTime(1), first.of(0).details().target_ids});
    Json larger = shipment();
    larger.find("proceeds")->find("grandTotal")->set("amount", Json("13.96"));
    (*larger.find("orderItems")->items_if())[0].set("quantityOrdered", Json(2));
    CHECK(flow.run({larger}).reason() == "imported before");
}

TEST_CASE("a sales order of Amazon's fulfilment is made as soon as the order can be paid",
          "[fba_order]") {
    FbaOrders flow(
        R"({"per":"order","document":"sales_order","items":{"shipping":"11","tax":"18"}})");
    const Passed passed = flow.run({fba_order("UNSHIPPED")});
    CHECK(passed.of(0).kind == OutcomeKind::Done);
    CHECK(passed.payloads[0].external_id == "AMZ-SO-NA1-112-1234567-1234567");
    CHECK(passed.body()["orderStatus"]["id"].text() == "B");
}

TEST_CASE("merchant-fulfilled orders are the other flow's", "[fba_order]") {
    FbaOrders flow(R"({"per":"order"})");
    CHECK(flow.run({order()}).reason() == "fulfilled by the merchant");
}

TEST_CASE("a shipment without personal data is a document without an address of its own",
          "[fba_order]") {
    FbaOrders flow(kInvoices);
    Json bare = shipment();
    bare.erase("recipient");
    bare.erase("buyer");
    const Passed passed = flow.run({bare});
    CHECK(passed.of(0).kind == OutcomeKind::Done);
    CHECK_FALSE(passed.body().contains("shippingAddress"));
}

TEST_CASE("form, department, class, terms and number are the settings'", "[fba_order]") {
    FbaOrders flow(R"({"document":"invoice","per":"shipment","form":"101","department":"3",
        "class":"4","terms":"5","order_number":"amazon","items":{"shipping":"11","tax":"18"},
        "fields":{"shipment_id":"custbody_amz_shipment"}})");
    const Json invoice = flow.run({shipment()}).body();
    CHECK(invoice["customForm"]["id"].text() == "101");
    CHECK(invoice["department"]["id"].text() == "3");
    CHECK(invoice["class"]["id"].text() == "4");
    CHECK(invoice["terms"]["id"].text() == "5");
    CHECK(invoice["tranId"].text() == "112-1234567-1234567-DAAA1");
    CHECK(invoice["custbody_amz_shipment"].text() == "DAAA1");
    CHECK(invoice["item"]["items"][0]["department"]["id"].text() == "3");
    CHECK(invoice["item"]["items"][0]["class"]["id"].text() == "4");
}

namespace {

constexpr const char* kNextOpen = R"({"document":"invoice","per":"shipment",
    "books_zone":"America/Los_Angeles","closed_period":"next_open",
    "fields":{"original_date":"custbody_day"},"items":{"shipping":"11","tax":"18"}})";

/// What NetSuite says about 21 November, the shipment's day.
Json period(const char* first_open) {
    Json answer = Json::parse(R"({"id":"5","name":"Nov 2026","state":"ar_locked","open":true,
        "ar_open":false})")
                      .value();
    if (*first_open != '\0') answer.set("first_ar_open_day", Json(first_open));
    return answer;
}

}  // namespace

TEST_CASE("a document whose period is closed moves to the first open day and says so",
          "[fba_order][period]") {
    FbaOrders flow(kNextOpen);
    flow.answers[{"period", "2026-11-21"}] = period("2026-12-01");
    const Json invoice = flow.run({shipment()}).body();
    CHECK(invoice["tranDate"].text() == "2026-12-01");
    CHECK(invoice["memo"].text() ==
          "Amazon 112-1234567-1234567, of 2026-11-21: that period is closed");
    CHECK(invoice["custbody_day"].text() == "2026-11-21");
}

TEST_CASE("a document whose period is open stays where it is", "[fba_order][period]") {
    FbaOrders flow(kNextOpen);
    flow.answers[{"period", "2026-11-21"}] = period("2026-11-21");
    const Json invoice = flow.run({shipment()}).body();
    CHECK(invoice["tranDate"].text() == "2026-11-21");
    CHECK_FALSE(invoice.contains("memo"));
    CHECK_FALSE(invoice.contains("custbody_day"));
    // NetSuite has no period of that day: that is for NetSuite to say.
    FbaOrders unknown(kNextOpen);
    CHECK(unknown.run({shipment()}).body()["tranDate"].text() == "2026-11-21");
}

TEST_CASE("where no later period is open, or nobody can say which it is, a person looks",
          "[fba_order][period]") {
    FbaOrders flow(kNextOpen);
    flow.answers[{"period", "2026-11-21"}] = period("");
    const Passed passed = flow.run({shipment()});
    CHECK(passed.code() == "order.period");
    CHECK_THAT(passed.message(),
               Contains("the period Nov 2026 is closed and no later one is open"));
    flow.answers[{"period", "2026-11-21"}] = Json::parse(R"({"ambiguous":["5","9"]})").value();
    CHECK_THAT(flow.run({shipment()}).message(), Contains("several accounting periods (5, 9)"));
}

TEST_CASE("periods are asked for only where a document can move", "[fba_order][period]") {
    const auto asks = [](const char* settings, const Json& record) {
        FbaOrders flow(settings);
        for (const auto& lookup : flow.run({record}).lookups)
            if (lookup.name == "period") return true;
        return false;
    };
    CHECK(asks(kNextOpen, shipment()));
    CHECK_FALSE(asks(kInvoices, shipment()));
    // Sales orders do not post.
    CHECK_FALSE(asks(R"({"document":"sales_order","per":"shipment","closed_period":"next_open"})",
                     shipment()));
}
