// SPDX-License-Identifier: Apache-2.0
// SuiteQL: what the dialect refuses, what it answers, and how.
#include "tests/sandbox/netsuite/account_fixture.hpp"

namespace carrick::sandbox::testing {

namespace {

/// An account with one order of two lines, an address, shipping and a discount.
class QueryFixture : public AccountFixture {
public:
    QueryFixture() {
        Json body = order(
            {line("SHACKLE-6", "2", "14.98"),
             Json::object({{"item", ref(item("Amazon Promotion"))}, {"amount", number("-1.50")}}),
             line("SHACKLE-8", "1", "9.99")},
            "AMZ-SO-NA1-112-1234567-1234567");
        body.set("tranDate", "2026-09-05");
        body.set("orderStatus", ref("B"));
        body.set("otherRefNum", "112-1234567-1234567");
        body.set("custbody_amz_order_id", "112-1234567-1234567");
        body.set("shipMethod", ref(id_of("shipitem", "itemid", "Standard")));
        body.set("shippingCost", number("5.99"));
        body.set("shippingAddress", Json::object({{"addressee", "Ann Buyer"},
                                                  {"city", "Seattle"},
                                                  {"state", "WA"},
                                                  {"country", ref("US")}}));
        order_id = made(record("POST", "salesOrder", body));
    }
    std::string refused(const std::string& q) {
        const Response response = query(q);
        INFO(q << "\n" << response.body);
        REQUIRE(response.status == 400);
        CHECK(code(response) == "INVALID_PARAMETER");
        CHECK(parsed(response)["o:errorDetails"][0]["o:errorQueryParam"].text() == "q");
        CHECK(
            detail(response).starts_with("Invalid search query. Detailed unprocessed description "
                                         "follows. Search error occurred: "));
        return detail(response);
    }
    bool mentions(const std::string& q, const std::string& text) {
        return refused(q).find(text) != std::string::npos;
    }
    std::string one(const std::string& expression, const std::string& rest = " FROM dual") {
        const std::vector<Json> found = rows("SELECT " + expression + " AS x" + rest);
        REQUIRE(found.size() == 1);
        return found[0].contains("x") ? found[0]["x"].text() : "(absent)";
    }
    std::string order_id;
};

}  // namespace

TEST_CASE_METHOD(QueryFixture, "values are strings, nulls are absent, names are lower-case") {
    const std::vector<Json> found = rows(
        "SELECT t.ID AS TheId, t.tranid, t.foreigntotal, t.memo, t.posting FROM transaction t "
        "WHERE t.externalid = 'AMZ-SO-NA1-112-1234567-1234567'");
    REQUIRE(found.size() == 1);
    CHECK(found[0]["theid"].text() == order_id);
    CHECK(found[0]["foreigntotal"].text() == "29.46");  // 14.98 - 1.50 + 9.99 + 5.99
    CHECK(found[0]["posting"].text() == "F");
    CHECK_FALSE(found[0].contains("memo"));
    CHECK(found[0]["links"] == Json::array());
}

TEST_CASE_METHOD(QueryFixture,
                 "quantities and amounts of sales lines are negative, and line ids have gaps") {
    const std::vector<Json> found = rows(
        "SELECT tl.id, tl.itemtype, tl.quantity, tl.foreignamount, tl.rate FROM transactionline tl "
        "WHERE tl.transaction = " +
        order_id +
        " AND tl.mainline='F' AND tl.taxline='F' AND tl.iscogs='F' ORDER BY tl.linesequencenumber");
    REQUIRE(found.size() == 4);
    CHECK(found[0]["id"].text() == "1");
    CHECK(found[0]["quantity"].text() == "-2");
    CHECK(found[0]["foreignamount"].text() == "-14.98");
    CHECK(found[0]["rate"].text() == "7.49");
    CHECK(found[1]["id"].text() == "4");
    CHECK(found[1]["itemtype"].text() == "Discount");
    CHECK(found[1]["foreignamount"].text() == "1.5");
    CHECK_FALSE(found[1].contains("quantity"));
    CHECK(found[3]["itemtype"].text() == "ShipItem");
    CHECK(rows("SELECT subsidiary, foreignamount FROM transactionline WHERE mainline = 'T' AND "
               "transaction = " +
               order_id)[0]["foreignamount"]
              .text() == "29.46");
}

TEST_CASE_METHOD(QueryFixture, "the queries that flows use run as they stand") {
    CHECK(rows("SELECT id, externalid, tranid FROM transaction WHERE externalid IN (?, ?)",
               Json::array({"AMZ-SO-NA1-112-1234567-1234567", "AMZ-SO-NA1-none"}))
              .size() == 1);
    CHECK(rows("SELECT id, tranid FROM transaction WHERE type = ? AND id > ? ORDER BY id",
               Json::array({"SalesOrd", "0"}))
              .size() == account().sales_orders().size());
    const std::vector<Json> period = rows(
        "SELECT id FROM accountingperiod WHERE isquarter='F' AND isyear='F' AND isadjust='F' AND "
        "closed='F' AND startdate <= TO_DATE(?,'YYYY-MM-DD') AND enddate >= "
        "TO_DATE(?,'YYYY-MM-DD')",
        Json::array({"2026-11-22", "2026-11-22"}));
    CHECK(period.size() == 1);
    CHECK(rows("SELECT tl.transaction, tl.id AS line, tl.item, ABS(tl.quantity) AS qty, "
               "tl.kitmemberof, tl.kitcomponent FROM transactionline tl WHERE tl.transaction IN "
               "(?,?) AND tl.mainline='F' AND tl.taxline='F' AND tl.iscogs='F' ORDER BY "
               "tl.transaction, tl.id",
               Json::array({order_id, "1"}))[0]["qty"]
              .text() == "2");
    CHECK(rows("SELECT t.id, sa.city, sa.state FROM transaction t JOIN transactionshippingaddress "
               "sa ON sa.nkey = t.shippingaddress WHERE t.id = " +
               order_id)[0]["city"]
              .text() == "Seattle");
    CHECK(rows("SELECT id, itemid, itemtype FROM item WHERE itemid IN ('SHACKLE-6', 'STARTER-KIT') "
               "AND isinactive = 'F' ORDER BY itemid")
              .size() == 2);
    CHECK(
        rows("SELECT m.name FROM transactionstatus m WHERE m.id = 'B' AND m.trantype = 'SalesOrd'")
            [0]["name"]
                .text() == "Pending Fulfillment");
    CHECK(rows("SELECT t.id FROM transaction t WHERE t.lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD "
               "HH24:MI:SS') AND t.externalid LIKE 'AMZ-SO-%'",
               Json::array({"2026-11-23 02:00:00"}))
              .size() == 1);
    CHECK(rows("SELECT a.id, a.acctnumber FROM account a WHERE a.acctnumber = '1100'").size() == 1);
    CHECK(rows("SELECT s.id, BUILTIN.DF(s.currency) AS currency FROM subsidiary s WHERE s.id = 5")
              [0]["currency"]
                  .text() == "Euro");
    CHECK(rows("SELECT parentitem, COUNT(*) AS n FROM kititemmember GROUP BY parentitem")[0]["n"]
              .text() == "3");
    for (const char* table :
         {"term", "classification", "department", "pricelevel", "location", "currency", "customer",
          "pricing", "salestaxitem", "transactionbillingaddress"})
        CHECK(query("SELECT * FROM " + std::string(table)).status == 200);
}

TEST_CASE_METHOD(QueryFixture, "what SuiteQL does not know is refused in its words") {
    CHECK(mentions("SELECT id FROM transaction LIMIT 5",
                   "Failed to parse SQL [SELECT id FROM transaction LIMIT 5]: syntax error, "
                   "state:1545(10102) near: LIMIT(1,28"));
    CHECK(mentions("WITH a AS (SELECT id FROM item) SELECT id FROM a", "near: WITH(1,1"));
    CHECK(mentions("SELECT [id] FROM item", "syntax error"));
    CHECK(mentions("SELECT id FROM transaction WHERE trandate > DATE '2026-01-01'", "near: DATE"));
    CHECK(
        mentions("SELECT t.id FROM transaction t, transactionline l WHERE t.id = l.transaction(+)",
                 "near: +"));
    CHECK(mentions("DELETE FROM transaction", "near: DELETE"));
    CHECK(mentions("UPDATE item SET itemid = 'x'", "near: UPDATE"));
    CHECK(mentions("SELECT id FROM item; SELECT id FROM item", "near: SELECT"));
    CHECK(mentions("SELECT t.id FROM transaction t, item i JOIN customer c ON c.id = t.entity",
                   "cannot be mixed"));
    CHECK(mentions("SELECT id FROM nosuch", "Record 'nosuch' was not found."));
    CHECK(mentions("SELECT nothing FROM customer",
                   "Unknown identifier 'nothing'. Available identifiers are: {customer=customer}"));
    CHECK(mentions("SELECT x.id FROM customer c",
                   "Unknown identifier 'x'. Available identifiers are: {c=customer}"));
    CHECK(mentions(
        "SELECT t.createdfrom FROM transaction t",
        "Field 'createdfrom' for record 'transaction' was not found. Reason: NOT_EXPOSED"));
    CHECK(mentions("SELECT subsidiary FROM transaction", "NOT_EXPOSED"));
    CHECK(mentions("SELECT t.bogus FROM transaction t", "Reason: REMOVED"));
    CHECK(mentions("SELECT sqlite_version() FROM dual", "unknown function"));
    CHECK(mentions("SELECT id FROM sqlite_master", "Record 'sqlite_master' was not found."));
    CHECK(mentions("SELECT id FROM item WHERE itemid = 'open", "syntax error"));
    CHECK(mentions("SELECT id FROM transaction WHERE trandate > 'yesterday'",
                   "Invalid date value 'yesterday'"));
    CHECK(
        mentions("SELECT t.id, l.id FROM transaction t JOIN transactionline l ON l.transaction = "
                 "t.id WHERE id = 1",
                 "ambiguous"));
    std::string many = "SELECT id FROM item WHERE id IN (0";
    for (int i = 1; i <= 999; ++i) many += "," + std::to_string(i);
    CHECK(query(many + ")").status == 200);
    CHECK(mentions(many + ",1000)", "1000"));
    std::string deep = "SELECT ";
    for (int i = 0; i < 5000; ++i) deep += "(";
    CHECK(query(deep).status == 400);
    std::string chain = "SELECT id FROM item WHERE id = 0";
    for (int i = 0; i < 20000; ++i) chain += " OR id = 1";
    CHECK(mentions(chain, "too complex"));
    REQUIRE(switches.set("netsuite.suiteql_with", "accepted"));
    CHECK(rows("WITH a AS (SELECT id FROM item WHERE itemid = 'SHACKLE-6') SELECT id FROM a")
              .size() == 1);
}

TEST_CASE_METHOD(QueryFixture,
                 "dates come in the user's format unless formatted, and compare as dates") {
    const std::string one_order = " FROM transaction WHERE id = " + order_id;
    CHECK(one("trandate", one_order) == "9/5/2026");
    CHECK(one("TO_CHAR(trandate,'YYYY-MM-DD')", one_order) == "2026-09-05");
    REQUIRE(switches.set("netsuite.date_format", "DD.MM.YYYY"));
    CHECK(one("trandate", one_order) == "05.09.2026");
    CHECK(rows("SELECT id FROM transaction WHERE trandate = '05.09.2026' AND id = " + order_id)
              .size() == 1);
    CHECK(rows("SELECT id FROM transaction WHERE trandate > ? AND id = " + order_id,
               Json::array({"04.09.2026"}))
              .size() == 1);
    CHECK(one("createddate", one_order) == "23.11.2026");
    REQUIRE(switches.set("netsuite.datetime_without_time", "off"));
    CHECK(one("createddate", one_order) == "23.11.2026 02:00 AM");  // 10:00 UTC in Los Angeles
    CHECK(one("TO_CHAR(createddate,'YYYY-MM-DD\"T\"HH24:MI:SS')", one_order) ==
          "2026-11-23T02:00:00");
    REQUIRE(switches.set("netsuite.user_zone", "Europe/Berlin"));
    CHECK(one("TO_CHAR(createddate,'HH24:MI')", one_order) == "11:00");
    CHECK(one("TO_CHAR(SYSDATE,'YYYY-MM-DD HH24:MI:SS')") == "2026-11-23 11:00:00");
    CHECK(one("TO_CHAR(SYSDATE - 10/1440,'HH24:MI')") == "10:50");
    CHECK(one("TO_CHAR(TRUNC(SYSDATE) + 1,'YYYY-MM-DD HH24')") == "2026-11-24 00");
    CHECK(one("TO_DATE('2026-11-24','YYYY-MM-DD') - TO_DATE('2026-11-23','YYYY-MM-DD')") == "1");
    CHECK(one("TO_CHAR(ADD_MONTHS(TO_DATE('2026-01-31','YYYY-MM-DD'),1),'YYYY-MM-DD')") ==
          "2026-02-28");
    CHECK(query("SELECT TO_DATE('31/02/2026','DD/MM/YYYY') AS d FROM dual").status == 400);
}

TEST_CASE_METHOD(QueryFixture, "Oracle's functions and its nulls") {
    CHECK(one("NVL(NULL, 'x')") == "x");
    CHECK(one("NVL2(NULL, 'a', 'b')") == "b");
    CHECK(one("DECODE(2, 1, 'one', 2, 'two', 'many')") == "two");
    CHECK(one("'a' || NULL || 'b'") == "ab");
    CHECK(one("''") == "(absent)");
    CHECK(one("CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END") == "yes");
    CHECK(one("CASE 3 WHEN 1 THEN 'a' WHEN 3 THEN 'c' END") == "c");
    CHECK(one("ABS(-2.50)") == "2.5");
    CHECK(one("1/4") == "0.25");
    CHECK(one("TRUNC(2.9)") == "2");
    CHECK(one("MOD(7, 4)") == "3");
    CHECK(one("TO_CHAR(2.5, 'FM990.00')") == "2.50");
    CHECK(one("UPPER(SUBSTR('carrick', 1, 3))") == "CAR");
    CHECK(one("COUNT(*)", " FROM item WHERE itemid LIKE 'shackle%'") == "0");  // case matters
    CHECK(one("COUNT(*)", " FROM item WHERE itemid LIKE 'SHACKLE%'") == "4");
    CHECK(one("SUM(foreignamount)",
              " FROM transactionline WHERE mainline = 'F' AND transaction = " + order_id) ==
          "-29.46");
    CHECK(one("LISTAGG(itemid, ', ') WITHIN GROUP (ORDER BY itemid DESC)",
              " FROM item WHERE itemid IN ('SHACKLE-6','SHACKLE-8')") == "SHACKLE-8, SHACKLE-6");
    CHECK(one("BUILTIN.DF(status)", " FROM transaction WHERE id = " + order_id) ==
          "Sales Order : Pending Fulfillment");
    CHECK(one("BUILTIN.DF(entity)", " FROM transaction WHERE id = " + order_id) == "Amazon US");
    CHECK(one("BUILTIN.DF(price)",
              " FROM transactionline WHERE id = 1 AND transaction = " + order_id) == "Custom");
    CHECK(rows("SELECT itemid FROM item WHERE ROWNUM <= 3").size() == 3);
    CHECK(rows("SELECT itemid FROM item WHERE ROWNUM < ?", Json::array({3})).size() == 2);
    CHECK(rows("SELECT TOP 2 itemid FROM item").size() == 2);
    CHECK(rows("SELECT itemid FROM item ORDER BY itemid FETCH FIRST 2 ROWS ONLY")[0]["itemid"]
              .text() == "ANCHOR-4KG");
    CHECK(rows("SELECT itemid FROM item ORDER BY itemid OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY")
              [0]["itemid"]
                  .text() != "ANCHOR-4KG");
    CHECK(rows("SELECT * FROM (SELECT i.itemid, ROWNUM AS rn FROM (SELECT itemid FROM item ORDER "
               "BY itemid) i WHERE ROWNUM <= 4) WHERE rn > 2")
              .size() == 2);
    CHECK(rows("SELECT i.id FROM item i WHERE EXISTS (SELECT 1 FROM transactionline l WHERE l.item "
               "= i.id AND l.transaction = " +
               order_id + ")")
              .size() == 3);
    CHECK(rows("SELECT id FROM item WHERE itemid = 'SHACKLE-6' UNION SELECT id FROM item WHERE "
               "itemid = 'SHACKLE-8'")
              .size() == 2);
    CHECK(rows("SELECT t.id, c.entityid FROM transaction t LEFT JOIN customer c ON c.id = t.entity "
               "AND c.isinactive = 'F' WHERE t.id = " +
               order_id)[0]["entityid"]
              .text() == "Amazon US");
    CHECK(rows("SELECT t.id FROM transaction t, customer c WHERE c.id = t.entity AND c.entityid = "
               "'Amazon US' AND t.id = " +
               order_id)
              .size() == 1);
}

TEST_CASE_METHOD(QueryFixture,
                 "pages are multiples of the limit, at most 1000 rows, within 100000") {
    const Response response = query("SELECT id FROM item ORDER BY id", {}, "?limit=5&offset=5");
    CHECK(std::string(response.header("Preference-Applied")) == "transient");
    const Json page = parsed(response);
    CHECK(page["count"] == Json(5));
    CHECK(page["offset"] == Json(5));
    CHECK(page["hasMore"] == Json(true));
    CHECK(std::stoi(*page["totalResults"].number_if()) > 30);
    CHECK(query("SELECT id FROM item", {}, "?limit=5&offset=3").status == 400);
    CHECK(query("SELECT id FROM item", {}, "?limit=1001").status == 400);
    CHECK(query("SELECT id FROM item", {}, "?limit=1000&offset=100000").status == 400);
    CHECK(query("SELECT id FROM item", {}, "?limit=1000&offset=99000").status == 200);
    const Response impatient = call("POST", "/services/rest/query/v1/suiteql",
                                    Json::object({{"q", "SELECT id FROM item"}}));
    CHECK(impatient.status == 400);
    CHECK(code(impatient) == "INVALID_HEADER");
}

TEST_CASE_METHOD(QueryFixture,
                 "bound parameters came with 2026.2 and must be as many as the marks") {
    CHECK(query("SELECT id FROM item WHERE itemid = ?").status == 400);
    CHECK(query("SELECT id FROM item WHERE itemid = ?", Json::array({"a", "b"})).status == 400);
    // A quote in a value is a value.
    CHECK(rows("SELECT id FROM item WHERE itemid = ?", Json::array({"x' OR '1'='1"})).empty());
    REQUIRE(switches.set("netsuite.release", "2026.1"));
    CHECK(code(query("SELECT id FROM item WHERE itemid = ?", Json::array({"SHACKLE-6"}))) ==
          "INVALID_CONTENT");
}

TEST_CASE_METHOD(QueryFixture, "SuiteQL may lag behind writes while records do not") {
    REQUIRE(switches.set("netsuite.suiteql_lag_ms", "5000"));
    made(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-LATE")));
    const std::string q = "SELECT id FROM transaction WHERE externalid = 'AMZ-SO-NA1-LATE'";
    CHECK(record("GET", "salesOrder/eid:AMZ-SO-NA1-LATE").status == 200);
    CHECK(rows(q).empty());
    clock.advance(Milliseconds(4999));
    CHECK(rows(q).empty());
    // A change of zone rebuilds the tables; what waits goes on waiting.
    REQUIRE(switches.set("netsuite.user_zone", "GMT"));
    CHECK(rows(q).empty());
    clock.advance(Milliseconds(1));
    CHECK(rows(q).size() == 1);
}

TEST_CASE_METHOD(QueryFixture, "deleted and changed records leave no rows behind") {
    made(record("PATCH", "salesOrder/" + order_id + "?replace=item",
                Json::object({{"item", lines({Json::object({{"line", 1}})})}})));
    CHECK(rows("SELECT id FROM transactionline WHERE itemtype = 'InvtPart' AND transaction = " +
               order_id)
              .size() == 1);
    CHECK(record("DELETE", "salesOrder/" + order_id).status == 204);
    CHECK(rows("SELECT id FROM transactionline WHERE transaction = " + order_id).empty());
    CHECK(rows("SELECT nkey FROM transactionshippingaddress WHERE city = 'Seattle'").empty());
}

TEST_CASE_METHOD(QueryFixture, "some accounts have no DUAL") {
    REQUIRE(switches.set("netsuite.dual", "absent"));
    CHECK(mentions("SELECT SYSDATE AS n FROM DUAL", "Record 'dual' was not found."));
}

}  // namespace carrick::sandbox::testing
