// SPDX-License-Identifier: Apache-2.0
// What posts: invoices, cash sales and fulfilments, of their own and made from sales orders.
#include "tests/sandbox/netsuite/account_fixture.hpp"

namespace carrick::sandbox::testing {

namespace {

class Billing : public AccountFixture {
public:
    std::string location(const std::string& name) { return id_of("location", "name", name); }
    Json placed(const std::string& item_name, const char* quantity, const char* amount) {
        Json row = line(item_name, quantity, amount);
        row.set("location", ref(location("FBA-US")));
        return row;
    }
    /// An approved order of 4 shackles for 40.00 and 2 ropes for 50.01.
    std::string open_order(const std::string& external_id = "") {
        Json body = order({placed("SHACKLE-6", "4", "40.00"), placed("ROPE-10M-BLU", "2", "50.01")},
                          external_id);
        body.set("orderStatus", ref("B"));
        return made(record("POST", "salesOrder", body));
    }
    Response transform(const std::string& id, const std::string& target, const Json& body) {
        return record("POST", "salesOrder/" + id + "/!transform/" + target, body);
    }
    static Json part(int order_line, int quantity) {
        return Json::object({{"orderLine", order_line}, {"quantity", quantity}});
    }
    static Json without(int order_line) {
        return Json::object({{"orderLine", order_line}, {"itemReceive", false}});
    }
    static Json shipped(std::vector<Json> list = {}) {
        Json body = Json::object({{"shipStatus", ref("C")}});
        if (!list.empty()) body.set("item", lines(std::move(list)));
        return body;
    }
    std::string status(const std::string& id) {
        return get("salesOrder/" + id)["status"]["id"].text();
    }
    Json expanded(const std::string& path) { return get(path + "?expandSubResources=true"); }
};

}  // namespace

TEST_CASE_METHOD(Billing, "an order is shipped and billed in parts that add up to it") {
    const std::string id = open_order("AMZ-SO-NA1-1");
    CHECK(status(id) == "B");
    // Lines 1 and 4: ids have gaps. Three of four shackles leave.
    const std::string first =
        made(transform(id, "itemFulfillment", shipped({part(1, 3), without(4)})));
    CHECK(status(id) == "D");
    const Json fulfilment = expanded("itemFulfillment/" + first);
    REQUIRE(fulfilment["item"]["items"].size() == 1);
    CHECK(fulfilment["item"]["items"][0]["quantity"] == number("3"));
    CHECK(fulfilment["shippedDate"].text() == "2026-11-23");

    // Only what has left can be billed: 3 of 4 shackles are 30.00.
    const std::string bill =
        made(transform(id, "invoice", Json::object({{"externalId", "AMZ-IV-NA1-1-a"}})));
    const Json invoice = expanded("invoice/" + bill);
    CHECK(invoice["total"] == number("30.00"));
    CHECK(invoice["amountRemaining"] == number("30.00"));
    CHECK(invoice["createdFrom"]["id"].text() == id);
    CHECK(status(id) == "E");

    (void)made(transform(id, "itemFulfillment", shipped()));
    CHECK(status(id) == "F");  // all has left, not all is billed
    const Json rest = expanded("invoice/" + made(transform(id, "invoice", Json::object())));
    CHECK(rest["total"] == number("60.01"));
    CHECK(status(id) == "G");
    CHECK(transform(id, "invoice", Json::object()).status == 400);
    CHECK(transform(id, "itemFulfillment", shipped()).status == 400);
}

TEST_CASE_METHOD(Billing, "thirds of an amount add up to the cent, and so does their tax") {
    Json row = placed("SHACKLE-6", "3", "10.00");
    row.set("taxDetailsReference", "L1");
    Json body = order({row});
    body.set("orderStatus", ref("B"));
    body.set("taxDetails",
             lines({Json::object({{"taxDetailsReference", "L1"}, {"taxAmount", number("1.90")}})}));
    const std::string id = made(record("POST", "salesOrder", body));
    REQUIRE(switches.set("netsuite.bill_in_advance", "on"));
    std::vector<std::string> totals;
    for (int i = 0; i < 3; ++i) {
        const std::string bill =
            made(transform(id, "invoice", Json::object({{"item", lines({part(1, 1)})}})));
        totals.push_back(*get("invoice/" + bill)["total"].number_if());
    }
    // 3.33 + 0.63, 3.34 + 0.64, 3.33 + 0.63: 11.90 in all.
    CHECK(totals == std::vector<std::string>{"3.96", "3.98", "3.96"});
}

TEST_CASE_METHOD(Billing, "more than is left, unknown lines and unapproved orders are refused") {
    const std::string id = open_order();
    CHECK(transform(id, "itemFulfillment", shipped({part(1, 5)})).status == 400);
    CHECK(transform(id, "itemFulfillment", shipped({part(2, 1)})).status == 400);
    CHECK(transform(id, "invoice", Json::object()).status == 400);  // nothing has left yet
    CHECK(transform(id, "creditMemo", Json::object()).status == 404);
    CHECK(transform(id, "salesOrder", Json::object()).status == 400);
    const std::string waiting =
        made(record("POST", "salesOrder", order({placed("SHACKLE-6", "1", "10.00")})));
    CHECK(status(waiting) == "A");
    CHECK(detail(transform(waiting, "invoice", Json::object())).find("invalid reference") !=
          std::string::npos);
    CHECK(record("POST", "itemFulfillment", shipped({part(1, 1)})).status == 400);
}

TEST_CASE_METHOD(Billing, "picked goods are spoken for but have not left") {
    const std::string id = open_order();
    const std::string picked = made(transform(id, "itemFulfillment", Json::object()));
    CHECK(get("itemFulfillment/" + picked)["shipStatus"]["id"].text() == "A");
    CHECK(status(id) == "B");
    CHECK(transform(id, "itemFulfillment", shipped()).status == 400);
    REQUIRE(record("PATCH", "itemFulfillment/" + picked, Json::object({{"shipStatus", ref("C")}}))
                .status == 204);
    CHECK(status(id) == "F");
    REQUIRE(record("DELETE", "itemFulfillment/" + picked).status == 204);
    CHECK(status(id) == "B");
    REQUIRE(switches.set("netsuite.pick_pack_ship", "off"));
    (void)made(transform(id, "itemFulfillment", Json::object()));
    CHECK(status(id) == "F");
}

TEST_CASE_METHOD(Billing, "SuiteQL's picked and packed units count those that have left, or not") {
    const std::string id = open_order();
    const auto figures = [&] {
        const Json line = rows(
            "SELECT quantitypicked, quantitypacked, quantityshiprecv FROM "
            "transactionline WHERE transaction = " +
            id + " AND id = 1")[0];
        return line["quantitypicked"].text() + " " + line["quantitypacked"].text() + " " +
               line["quantityshiprecv"].text();
    };
    (void)made(transform(id, "itemFulfillment", shipped({part(1, 1), without(4)})));
    const std::string packed = made(transform(
        id, "itemFulfillment",
        Json::object(
            {{"shipStatus", ref("B")},
             {"item", Json::object({{"items", Json::array({part(1, 1), without(4)})}})}})));
    CHECK(figures() == "2 2 1");
    REQUIRE(switches.set("netsuite.picked_is_cumulative", "off"));
    CHECK(figures() == "1 1 1");
    REQUIRE(record("PATCH", "itemFulfillment/" + packed, Json::object({{"shipStatus", ref("A")}}))
                .status == 204);
    CHECK(figures() == "1 0 1");
    REQUIRE(record("PATCH", "itemFulfillment/" + packed, Json::object({{"shipStatus", ref("C")}}))
                .status == 204);
    CHECK(figures() == "0 0 2");
    REQUIRE(switches.set("netsuite.picked_is_cumulative", "on"));
    CHECK(figures() == "2 2 2");
}

TEST_CASE_METHOD(Billing, "lines that goods have left on can no longer change") {
    const std::string id = open_order();
    (void)made(transform(id, "itemFulfillment", shipped({part(1, 1), without(4)})));
    const Response changed = record(
        "PATCH", "salesOrder/" + id,
        Json::object(
            {{"item",
              lines({Json::object({{"line", 1}, {"quantity", 4}, {"amount", number("9.00")}})})}}));
    CHECK(changed.status == 400);
    CHECK(detail(changed).find("Items on this line have been fulfilled") != std::string::npos);
}

TEST_CASE_METHOD(Billing, "closed lines are neither shipped nor billed; all closed is Closed") {
    const std::string id = open_order();
    const auto close = [&](int line_id) {
        return record(
            "PATCH", "salesOrder/" + id,
            Json::object(
                {{"item", lines({Json::object({{"line", line_id}, {"isClosed", true}})})}}));
    };
    REQUIRE(close(4).status == 204);
    const std::string sent = made(transform(id, "itemFulfillment", shipped()));
    CHECK(expanded("itemFulfillment/" + sent)["item"]["items"].size() == 1);
    CHECK(status(id) == "F");
    const std::string other = open_order();
    for (const int line_id : {1, 4})
        REQUIRE(
            record("PATCH", "salesOrder/" + other,
                   Json::object(
                       {{"item", lines({Json::object({{"line", line_id}, {"isClosed", true}})})}}))
                .status == 204);
    CHECK(status(other) == "H");
    CHECK(transform(other, "itemFulfillment", shipped()).status == 400);
}

TEST_CASE_METHOD(Billing, "invoices and cash sales stand on their own and post at once") {
    Json body = order({placed("SHACKLE-6", "1", "10.00")}, "AMZ-IV-NA1-1");
    const Json invoice = get("invoice/" + made(record("POST", "invoice", body)));
    CHECK(invoice["status"]["id"].text() == "A");
    CHECK(invoice["tranId"].text().starts_with("INV"));
    // One namespace of external ids for all transactions.
    CHECK(detail(record("POST", "cashSale", body)).find("already exists") != std::string::npos);
    body.set("externalId", "AMZ-CS-NA1-1");
    const Json sale = get("cashSale/" + made(record("POST", "cashSale", body)));
    CHECK(sale["undepFunds"]["id"].text() == "T");
    body.set("externalId", "AMZ-CS-NA1-2");
    body.set("account", ref(id_of("account", "acctnumber", "1250")));
    const Json clearing = get("cashSale/" + made(record("POST", "cashSale", body)));
    CHECK(clearing["status"]["id"].text() == "C");
    const std::vector<Json> posted = rows(
        "SELECT type, posting, foreigntotal FROM transaction WHERE externalid LIKE 'AMZ-%S-NA1-%' "
        "OR externalid = 'AMZ-IV-NA1-1' ORDER BY id");
    REQUIRE(posted.size() == 3);
    CHECK(posted[0]["type"].text() == "CustInvc");
    CHECK(posted[0]["posting"].text() == "T");
    // A receivables account is no place for cash, nor a bank for receivables.
    body.set("externalId", "AMZ-CS-NA1-3");
    body.set("account", ref(id_of("account", "acctnumber", "1100")));
    CHECK(record("POST", "cashSale", body).status == 400);
    body.set("account", ref(id_of("account", "acctnumber", "1000")));
    CHECK(record("POST", "invoice", body).status == 400);
}

TEST_CASE_METHOD(Billing, "goods need a location on their line, unless a switch says otherwise") {
    const Response refused = record("POST", "invoice", order({line("SHACKLE-6", "1", "10.00")}));
    CHECK(refused.status == 400);
    CHECK(detail(refused).find("Please enter value(s) for: Location") != std::string::npos);
    CHECK(error_path(refused) == "item.items[0].location");
    // A service has no stock.
    CHECK(record("POST", "invoice", order({line("Amazon Shipping", "1", "5.00")})).status == 204);
    REQUIRE(switches.set("netsuite.location_required", "off"));
    CHECK(record("POST", "invoice", order({line("SHACKLE-6", "1", "10.00")})).status == 204);
}

TEST_CASE_METHOD(Billing, "closed and locked periods refuse, each in its own way") {
    const auto dated = [&](const char* date) {
        Json body = order({placed("SHACKLE-6", "1", "10.00")});
        body.set("tranDate", date);
        return body;
    };
    const Response closed = record("POST", "invoice", dated("2026-06-15"));
    CHECK(closed.status == 400);
    CHECK(detail(closed).find("not within the date range of your accounting period") !=
          std::string::npos);
    CHECK(record("POST", "salesOrder", dated("2026-06-15")).status == 204);  // does not post
    CHECK(record("POST", "invoice", dated("2026-10-15")).status == 204);

    REQUIRE(switches.set("netsuite.ar_locked_through", "2026-10-31"));
    CHECK(detail(record("POST", "invoice", dated("2026-10-15"))).find("locked for A/R") !=
          std::string::npos);
    CHECK(record("POST", "cashSale", dated("2026-10-15")).status == 204);  // no receivable
    REQUIRE(switches.set("netsuite.closed_through", "2026-10-31"));
    CHECK(record("POST", "cashSale", dated("2026-10-15")).status == 400);
    CHECK(rows("SELECT id FROM accountingperiod WHERE periodname = '2026-10' AND closed = 'T'")
              .size() == 1);
    REQUIRE(switches.set("netsuite.closed_through", ""));
    CHECK(record("POST", "cashSale", dated("2026-10-15")).status == 204);
    CHECK(record("POST", "cashSale", dated("2026-06-15")).status == 400);  // the seed's
}

TEST_CASE_METHOD(Billing, "a period other than the date's is refused, or allowed by a switch") {
    Json body = order({placed("SHACKLE-6", "1", "10.00")});
    body.set("tranDate", "2026-11-02");
    body.set("postingPeriod", ref(id_of("accountingperiod", "periodname", "2026-10")));
    CHECK(record("POST", "cashSale", body).status == 400);
    REQUIRE(switches.set("netsuite.date_outside_period", "allow"));
    CHECK(record("POST", "cashSale", body).status == 204);
}

TEST_CASE_METHOD(Billing, "an unapproved invoice does not post until it is approved") {
    REQUIRE(switches.set("netsuite.invoice_approval", "on"));
    const std::string id =
        made(record("POST", "invoice", order({placed("SHACKLE-6", "1", "10.00")})));
    const auto posting = [&] {
        return rows("SELECT posting FROM transaction WHERE id = " + id)[0]["posting"].text();
    };
    CHECK(posting() == "F");
    REQUIRE(record("PATCH", "invoice/" + id, Json::object({{"approvalStatus", ref("2")}})).status ==
            204);
    CHECK(posting() == "T");
}

}  // namespace carrick::sandbox::testing
