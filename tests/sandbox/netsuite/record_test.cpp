// SPDX-License-Identifier: Apache-2.0
// The record service: verbs, names, types, references, sublists, duplicates.
#include "tests/sandbox/netsuite/account_fixture.hpp"

#include <atomic>
#include <thread>

namespace carrick::sandbox::testing {

TEST_CASE_METHOD(AccountFixture,
                 "a create answers 204 without a body and says the id in Location") {
    const Response response = record("POST", "customer",
                                     Json::object({{"companyName", "Harbour Stores"},
                                                   {"externalId", "AMZ-C-NA1-US"},
                                                   {"subsidiary", ref("1")}}));
    const std::string id = made(response);
    CHECK(response.body.empty());
    CHECK(std::string(response.header("Location")) ==
          "http://127.0.0.1:1/netsuite/services/rest/record/v1/customer/" + id);
    const Json customer = get("customer/eid:AMZ-C-NA1-US");
    CHECK(customer["id"].text() == id);
    CHECK(customer["entityId"].text() == "Harbour Stores");
    CHECK(customer["currency"]["refName"].text() == "US Dollar");
    CHECK(customer["subsidiary"]["links"][0]["rel"].text() == "self");
    CHECK_FALSE(customer.contains("email"));
}

TEST_CASE_METHOD(AccountFixture, "internal ids ascend over all record types") {
    const std::string first = made(
        record("POST", "customer", Json::object({{"companyName", "A"}, {"subsidiary", ref("1")}})));
    const std::string second =
        made(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "7.49")})));
    CHECK(std::stoll(second) > std::stoll(first));
}

TEST_CASE_METHOD(AccountFixture, "an unknown property is a warning unless the header says Error") {
    const Json body =
        Json::object({{"companyName", "Typo Ltd"}, {"subsidiary", ref("1")}, {"companyNmae", "x"}});
    const Response refused =
        record("POST", "customer", body, {{"X-NetSuite-PropertyNameValidation", "Error"}});
    CHECK(refused.status == 400);
    CHECK(code(refused) == "INVALID_CONTENT");
    CHECK(error_path(refused) == "companyNmae");
    const Response warned = record("POST", "customer", body);
    CHECK(warned.status == 204);
    CHECK(std::string(warned.header("Warning")).find("companyNmae") != std::string::npos);
    CHECK(record("GET", "customer?limit=1", {}, {{"X-NetSuite-PropertyNameValidation", "Error"}})
              .status == 200);
    const Response bad =
        record("POST", "customer", body, {{"X-NetSuite-PropertyNameValidation", "Loud"}});
    CHECK(code(bad) == "INVALID_HEADER");
}

TEST_CASE_METHOD(AccountFixture,
                 "a wrong type, an over-long text and a bad e-mail address are refused") {
    const auto with = [&](const char* field, Json value) {
        Json body = Json::object({{"companyName", "B"}, {"subsidiary", ref("1")}});
        body.set(field, std::move(value));
        return record("POST", "customer", body);
    };
    CHECK(code(with("isInactive", "yes")) == "INVALID_CONTENT");
    CHECK(detail(with("companyName", std::string(84, 'x'))) ==
          "Error while accessing a resource. The field companyname contained more than the maximum "
          "number ( 83 ) of characters allowed.");
    CHECK(detail(with("email", "nobody")).find("Invalid Field Value nobody") != std::string::npos);
    CHECK(detail(with("phone", "12345")).find("seven digits") != std::string::npos);
    CHECK(with("companyName", "Seil \xF0\x9F\x98\x80").status == 400);
    REQUIRE(switches.set("netsuite.four_byte_text", "strip"));
    CHECK(with("companyName", "Seil \xF0\x9F\x98\x80").status == 204);
}

TEST_CASE_METHOD(AccountFixture, "required fields are named by their labels") {
    CHECK(detail(record("POST", "customer", Json::object({{"companyName", "C"}}))) ==
          "Error while accessing a resource. Please enter value(s) for: Primary Subsidiary.");
    CHECK(detail(record("POST", "customer",
                        Json::object(
                            {{"isPerson", true}, {"firstName", "Ann"}, {"subsidiary", ref("1")}})))
              .find("Last Name") != std::string::npos);
    CHECK(detail(record("POST", "salesOrder", Json::object({{"memo", "x"}}))).find("Customer") !=
          std::string::npos);
}

TEST_CASE_METHOD(AccountFixture, "two customers of one name or one external id are one too many") {
    const Json body = Json::object(
        {{"companyName", "Twice"}, {"subsidiary", ref("1")}, {"externalId", "AMZ-C-NA1-X"}});
    made(record("POST", "customer", body));
    CHECK(detail(record("POST", "customer", body)) ==
          "Error while accessing a resource. This entity already exists.");
    Json other = body;
    other.set("externalId", "AMZ-C-NA1-Y");
    CHECK(detail(record("POST", "customer", other)).find("already exists") != std::string::npos);
    CHECK(account().creates_of("AMZ-C-NA1-X") == 1);
    CHECK(account().duplicates_of("AMZ-C-NA1-X") == 1);
    REQUIRE(switches.set("netsuite.auto_numbering", "on"));
    CHECK(record("POST", "customer", other).status == 204);
}

TEST_CASE_METHOD(AccountFixture,
                 "references resolve by id and by external id, or say what is wrong") {
    Json body = order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-1");
    body.set("entity", Json::object({{"externalId", "AMZ-C-NOPE"}}));
    const Response by_external = record("POST", "salesOrder", body);
    CHECK(detail(by_external) ==
          "The record instance for external ID 'AMZ-C-NOPE' does not exist. Provide a valid record "
          "instance ID.");
    Json unknown_item =
        order({Json::object({{"item", ref("999999")}, {"quantity", 1}, {"amount", 1}})});
    const Response by_id = record("POST", "salesOrder", unknown_item);
    CHECK(
        detail(by_id) ==
        "Error while accessing a resource. You have entered an Invalid Field Value 999999 for the "
        "following field: item");
    CHECK(error_path(by_id) == "item.items[0].item");
    // A customer's id is no item's.
    Json wrong = order({Json::object({{"item", ref(customer())}, {"quantity", 1}, {"amount", 1}})});
    CHECK(record("POST", "salesOrder", wrong).status == 400);
    Json bare = order({line("SHACKLE-6", "1", "7.49")});
    bare.set("entity", customer());
    CHECK(record("POST", "salesOrder", bare).status == 204);
    REQUIRE(switches.set("netsuite.bare_references", "refused"));
    CHECK(record("POST", "salesOrder", bare).status == 400);
}

TEST_CASE_METHOD(AccountFixture, "upsert by external id creates once and then merges") {
    const Json body = Json::object(
        {{"companyName", "Upsert"}, {"subsidiary", ref("1")}, {"phone", "5550100123"}});
    const std::string id = made(record("PUT", "customer/eid:AMZ-C-NA1-UP", body));
    CHECK(made(record("PUT", "customer/eid:AMZ-C-NA1-UP",
                      Json::object({{"comments", "merged"}}))) == id);
    const Json customer = get("customer/" + id);
    CHECK(customer["phone"].text() == "5550100123");
    CHECK(customer["comments"].text() == "merged");
    made(record("PATCH", "customer/" + id, Json::object({{"phone", Json()}})));
    CHECK_FALSE(get("customer/" + id).contains("phone"));
    CHECK(record("PUT", "customer/" + id, body).status == 400);
}

TEST_CASE_METHOD(AccountFixture, "a PATCH with lines but without keys doubles them") {
    const std::string id =
        made(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "7.49")})));
    const Json again = Json::object({{"item", lines({line("SHACKLE-8", "1", "9.99")})}});
    made(record("PATCH", "salesOrder/" + id, again));
    Json items = get("salesOrder/" + id + "?expandSubResources=true")["item"]["items"];
    REQUIRE(items.size() == 2);
    CHECK(items[0]["line"] == Json(1));
    CHECK(items[1]["line"] == Json(4));  // ids of lines have gaps

    SECTION("a line named by its key is updated in place") {
        const Json change = Json::object(
            {{"item", lines({Json::object({{"line", 4}, {"description", "eight"}})})}});
        made(record("PATCH", "salesOrder/" + id, change));
        items = get("salesOrder/" + id + "?expandSubResources=true")["item"]["items"];
        REQUIRE(items.size() == 2);
        CHECK(items[1]["description"].text() == "eight");
        CHECK(items[1]["amount"] == number("9.99"));
    }
    SECTION("replace keeps the lines named and removes the others") {
        const Json change = Json::object(
            {{"item",
              lines({Json::object({{"line", 4}, {"quantity", 2}, {"rate", number("9.99")}})})}});
        made(record("PATCH", "salesOrder/" + id + "?replace=item", change));
        items = get("salesOrder/" + id + "?expandSubResources=true")["item"]["items"];
        REQUIRE(items.size() == 1);
        CHECK(items[0]["line"] == Json(4));
        CHECK(items[0]["amount"] == number("19.98"));
    }
    SECTION("an order must keep a line") {
        CHECK(record("PATCH", "salesOrder/" + id, Json::object({{"item", Json()}})).status == 400);
    }
}

TEST_CASE_METHOD(AccountFixture,
                 "reads give links to sublists, and the lines when asked to expand") {
    Json body = order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-2");
    body.set("orderStatus", ref("B"));
    body.set("shippingAddress", Json::object({{"addressee", "Ann Buyer"},
                                              {"addr1", "1 Main St"},
                                              {"city", "Seattle"},
                                              {"state", "Washington"},
                                              {"zip", "98101"},
                                              {"country", ref("US")}}));
    const std::string id = made(record("POST", "salesOrder", body));
    const Json plain = get("salesOrder/" + id);
    CHECK_FALSE(plain["item"].contains("items"));
    CHECK(plain["item"]["links"][0]["href"].text().ends_with("/salesOrder/" + id + "/item"));
    CHECK(plain["status"]["refName"].text() == "Pending Fulfillment");
    CHECK(plain["total"] == number("7.49"));
    CHECK(get("salesOrder/" + id + "?simpleEnumFormat=true")["orderStatus"].text() == "B");
    const Json picked = get("salesOrder/" + id + "?fields=memo,total");
    CHECK(picked.contains("total"));
    CHECK_FALSE(picked.contains("tranId"));
    const Json full = get("salesOrder/" + id + "?expandSubResources=true&fields=memo");
    CHECK(full["shippingAddress"]["state"].text() == "WA");
    CHECK(full["item"]["items"][0]["item"]["refName"].text() == "SHACKLE-6");
    CHECK(get("salesOrder/" + id + "/item")["items"].size() == 1);
    CHECK(get("salesOrder/" + id + "/shippingAddress")["city"].text() == "Seattle");
    CHECK(get("salesOrder/" + id + "/item/1")["quantity"] == Json(1));
}

TEST_CASE_METHOD(AccountFixture, "what is not there answers 404, also under the wrong type") {
    const Response missing = record("GET", "salesOrder/99999999");
    CHECK(missing.status == 404);
    CHECK(code(missing) == "NONEXISTENT_ID");
    CHECK(record("GET", "salesOrder/eid:AMZ-SO-NONE").status == 404);
    CHECK(record("GET", "kitItem/" + item("SHACKLE-6")).status == 404);
    CHECK(record("GET", "inventoryItem/" + item("SHACKLE-6")).status == 200);
    CHECK(record("GET", "purchaseOrder").status == 404);
    REQUIRE(switches.set("netsuite.error_type", "rfc9110"));
    CHECK(parsed(record("GET", "salesOrder/1"))["type"].text().find("rfc9110") !=
          std::string::npos);
}

TEST_CASE_METHOD(AccountFixture, "collections page by multiples of the limit and filter with q") {
    const Json page = get("customer?limit=1");
    CHECK(page["count"] == Json(1));
    CHECK(page["hasMore"] == Json(true));
    CHECK(record("GET", "customer?limit=2&offset=1").status == 400);
    CHECK(record("GET", "customer?limit=1001").status == 400);
    CHECK(get("customer?q=entityId IS \"Amazon US\"")["items"][0]["id"].text() == customer());
    CHECK(get("customer?q=entityId START_WITH Amazon AND isInactive IS false")["count"] == Json(1));
    CHECK(get("customer?q=isInactive IS true OR entityId CONTAIN \"zon U\"")["count"] == Json(2));
    CHECK(record("GET", "customer?q=nonsense IS 1").status == 400);
    CHECK(get("salesOrder?q=tranDate AFTER \"1/1/2020\" AND total GREATER 0")["hasMore"] ==
          Json(false));
    CHECK(record("GET", "salesOrder?q=tranDate AFTER \"2020-13-41\"").status == 400);
}

TEST_CASE_METHOD(AccountFixture, "a record that others depend on is not deleted, another one is") {
    const std::string id =
        made(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-3")));
    CHECK(record("DELETE", "customer/" + customer()).status == 400);
    CHECK(record("DELETE", "salesOrder/" + id).status == 204);
    CHECK(record("GET", "salesOrder/" + id).status == 404);
    CHECK(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-3"))
              .status == 204);
}

TEST_CASE_METHOD(AccountFixture,
                 "a role without the permission gets 403, and SuiteQL rows less silently") {
    REQUIRE(switches.set("netsuite.denied_permission", "salesOrder"));
    const Response response = record("GET", "salesOrder");
    CHECK(response.status == 403);
    CHECK(code(response) == "INSUFFICIENT_PERMISSION");
    CHECK(rows("SELECT id FROM transaction").empty());
}

TEST_CASE_METHOD(AccountFixture,
                 "a snapshot brings back what was written and nothing of the seed twice") {
    made(record("POST", "salesOrder", order({line("SHACKLE-6", "2", "14.98")}, "AMZ-SO-NA1-9")));
    const std::size_t before = account().sales_orders().size();
    const Json snapshot = account().snapshot();
    account().reset();
    CHECK(account().sales_orders().size() == before - 1);
    REQUIRE(account().restore(snapshot));
    CHECK(account().sales_orders().size() == before);
    CHECK(get("salesOrder/eid:AMZ-SO-NA1-9")["total"] == number("14.98"));
    CHECK(rows("SELECT id FROM transaction WHERE externalid = 'AMZ-SO-NA1-9'").size() == 1);
    CHECK(account().creates_of("AMZ-SO-NA1-9") == 1);
}

TEST_CASE_METHOD(AccountFixture,
                 "of many creates under one external id at once, one takes effect") {
    REQUIRE(switches.set("netsuite.concurrency_limit", "100"));
    const Json body = order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-RACE");
    std::atomic<int> created{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            if (record("POST", "salesOrder", body).status == 204) ++created;
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(created == 1);
    CHECK(account().creates_of("AMZ-SO-NA1-RACE") == 1);
    CHECK(account().duplicates_of("AMZ-SO-NA1-RACE") == 7);
}

TEST_CASE_METHOD(AccountFixture, "a renamed customer frees its old name") {
    const auto named = [](const char* name) {
        return Json::object({{"companyName", name}, {"subsidiary", ref("1")}});
    };
    const std::string id = made(record("POST", "customer", named("Old Name")));
    made(record("PATCH", "customer/" + id, Json::object({{"companyName", "New Name"}})));
    CHECK(get("customer/" + id)["entityId"].text() == "New Name");
    CHECK(record("POST", "customer", named("old name")).status == 204);
    CHECK(record("POST", "customer", named("NEW NAME")).status == 400);
}

}  // namespace carrick::sandbox::testing
