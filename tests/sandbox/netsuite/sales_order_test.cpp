// SPDX-License-Identifier: Apache-2.0
// Sales orders: prices, amounts, tax, totals, states, and what is refused.
#include "tests/sandbox/netsuite/account_fixture.hpp"

namespace carrick::sandbox::testing {

namespace {
Json first_line(AccountFixture& account, const std::string& id) {
    return account.get("salesOrder/" + id + "?expandSubResources=true")["item"]["items"][0];
}
}  // namespace

TEST_CASE_METHOD(AccountFixture, "the price level wins over a rate unless the price is custom") {
    // SHACKLE-6 sells for 7.49 on Amazon; its base price is 90 % of that, 6.74.
    Json cheap =
        Json::object({{"item", ref(item("SHACKLE-6"))}, {"quantity", 2}, {"rate", number("7.49")}});
    std::string id = made(record("POST", "salesOrder", order({cheap})));
    CHECK(first_line(*this, id)["rate"] == number("6.74"));
    CHECK(get("salesOrder/" + id)["total"] == number("13.48"));
    cheap.set("price", ref("-1"));
    id = made(record("POST", "salesOrder", order({cheap})));
    CHECK(get("salesOrder/" + id)["total"] == number("14.98"));
}

TEST_CASE_METHOD(AccountFixture, "an amount is kept; else it is quantity times rate, rounded") {
    Json thirds = Json::object({{"item", ref(item("SHACKLE-6"))},
                                {"quantity", 3},
                                {"rate", number("3.335")},
                                {"price", ref("-1")}});
    std::string id = made(record("POST", "salesOrder", order({thirds})));
    CHECK(first_line(*this, id)["amount"] == number("10.01"));  // 10.005 half away from zero
    thirds.set("amount", number("10.00"));
    id = made(record("POST", "salesOrder", order({thirds})));
    CHECK(first_line(*this, id)["amount"] == number("10.00"));
    CHECK(record("POST", "salesOrder",
                 order({Json::object(
                     {{"item", ref(item("SHACKLE-6"))}, {"amount", 1}, {"price", ref("-1")}})}))
              .status == 400);
}

TEST_CASE_METHOD(AccountFixture, "yen have no cents") {
    const std::string tokyo = made(record(
        "POST", "customer", Json::object({{"companyName", "JP"}, {"subsidiary", ref("7")}})));
    Json body = order({line("SHACKLE-6", "1", "1108")});
    body.set("entity", ref(tokyo));
    CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["total"] == number("1108"));
}

TEST_CASE_METHOD(AccountFixture,
                 "tax is computed after the write unless the request overrides it") {
    Json body = order({line("SHACKLE-6", "1", "100.00")});
    body.erase("taxDetailsOverride");
    const Json taxed = get("salesOrder/" + made(record("POST", "salesOrder", body)));
    CHECK(taxed["taxTotal"] == number("8.25"));  // the US code of the seed: 8.25 %
    CHECK(taxed["total"] == number("108.25"));

    SECTION("overridden details are taken as they are, and must belong to a line") {
        Json detailed = line("SHACKLE-6", "1", "100.00");
        detailed.set("taxDetailsReference", "L1");
        Json own = order({detailed});
        own.set(
            "taxDetails",
            lines({Json::object({{"taxDetailsReference", "L1"}, {"taxAmount", number("19.00")}})}));
        CHECK(get("salesOrder/" + made(record("POST", "salesOrder", own)))["total"] ==
              number("119.00"));
        own.set(
            "taxDetails",
            lines({Json::object({{"taxDetailsReference", "L2"}, {"taxAmount", number("19.00")}})}));
        CHECK(error_path(record("POST", "salesOrder", own)) ==
              "taxDetails.items[0].taxDetailsReference");
    }
    SECTION("legacy tax knows no taxDetails and mostly ignores isTaxable") {
        REQUIRE(switches.set("netsuite.tax_engine", "legacy"));
        CHECK(record("POST", "salesOrder", order({line("SHACKLE-6", "1", "100.00")}),
                     {{"X-NetSuite-PropertyNameValidation", "Error"}})
                  .status == 400);
        body.set("isTaxable", false);
        CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["total"] ==
              number("108.25"));
        REQUIRE(switches.set("netsuite.legacy_tax_writes", "accepted"));
        CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["total"] ==
              number("100.00"));
    }
    SECTION("without an engine there is no tax") {
        REQUIRE(switches.set("netsuite.tax_engine", "none"));
        CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["total"] ==
              number("100.00"));
    }
}

TEST_CASE_METHOD(AccountFixture,
                 "discount lines stand below the line they apply to; a header discount and "
                 "shipping enter the total") {
    const Json off =
        Json::object({{"item", ref(item("Amazon Promotion"))}, {"amount", number("-2.00")}});
    CHECK(record("POST", "salesOrder", order({off, line("SHACKLE-6", "1", "7.49")})).status == 400);
    Json body = order({line("SHACKLE-6", "1", "7.49"), off});
    CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["total"] == number("5.49"));
    body.set("discountItem", ref(item("Amazon Promotion")));
    body.set("discountRate", number("-1.00"));
    body.set("shippingCost", number("5.99"));
    CHECK(detail(record("POST", "salesOrder", body)).find("Ship Via") != std::string::npos);
    body.set("shipMethod", ref(id_of("shipitem", "itemid", "Standard")));
    const Json made_order = get("salesOrder/" + made(record("POST", "salesOrder", body)));
    CHECK(made_order["subtotal"] == number("5.49"));
    CHECK(made_order["total"] == number("10.48"));
    body.set("discountRate", "-10%");
    CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["discountTotal"] ==
          number("-0.55"));
}

TEST_CASE_METHOD(AccountFixture, "the customer decides subsidiary and currency") {
    Json body = order({line("SHACKLE-6", "1", "7.49")});
    body.set("subsidiary", ref("5"));
    CHECK(detail(record("POST", "salesOrder", body)).find("field: subsidiary") !=
          std::string::npos);
    body.set("subsidiary", ref("1"));
    body.set("currency", ref(id_of("currency", "symbol", "EUR")));
    CHECK(detail(record("POST", "salesOrder", body)).find("field: currency") != std::string::npos);
    body.erase("currency");
    body.set("location", ref(id_of("location", "name", "FBA-DE")));
    CHECK(detail(record("POST", "salesOrder", body)).find("field: location") != std::string::npos);
    body.set("location", ref(id_of("location", "name", "Main")));
    const std::string id = made(record("POST", "salesOrder", body));
    CHECK_FALSE(first_line(*this, id).contains("location"));  // the header's is not copied
    REQUIRE(switches.set("netsuite.header_location", "copied"));
    CHECK(
        first_line(*this, made(record("POST", "salesOrder", body)))["location"]["refName"].text() ==
        "Main");
}

TEST_CASE_METHOD(AccountFixture, "inactive items and customers cannot be used") {
    CHECK(error_path(record("POST", "salesOrder", order({line("ROPE-OLD-HEMP", "1", "1.00")}))) ==
          "item.items[0].item");
    Json body = order({line("SHACKLE-6", "1", "7.49")});
    body.set("entity", ref(id_of("customer", "entityid", "Retired Chandlery")));
    CHECK(detail(record("POST", "salesOrder", body)).find("field: entity") != std::string::npos);
}

TEST_CASE_METHOD(AccountFixture,
                 "a state must belong to its country where the country has a list") {
    const auto with = [&](const char* country, const char* state) {
        Json body = order({line("SHACKLE-6", "1", "7.49")});
        body.set("shippingAddress", Json::object({{"country", ref(country)}, {"state", state}}));
        return record("POST", "salesOrder", body);
    };
    CHECK(code(with("US", "Bavaria")) == "COUNTRY_STATE_MISMATCH");
    CHECK(code(with("CA", "WA")) == "COUNTRY_STATE_MISMATCH");
    CHECK(with("CA", "Ontario").status == 204);
    CHECK(with("DE", "Bavaria").status == 204);
    CHECK(with("UK", "").status == 400);  // the id is GB
}

TEST_CASE_METHOD(AccountFixture, "status letters follow approval, fulfilment and closed lines") {
    Json body = order({line("SHACKLE-6", "2", "14.98"), line("SHACKLE-8", "1", "9.99")});
    CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["status"]["id"].text() ==
          "A");
    body.set("orderStatus", ref("B"));
    const std::string id = made(record("POST", "salesOrder", body));
    CHECK(get("salesOrder/" + id)["status"]["id"].text() == "B");
    body.set("orderStatus", ref("F"));
    CHECK(record("POST", "salesOrder", body).status == 400);

    SECTION("closing every line closes the order") {
        made(record(
            "PATCH", "salesOrder/" + id,
            Json::object({{"item", lines({Json::object({{"line", 1}, {"isClosed", true}}),
                                          Json::object({{"line", 4}, {"isClosed", true}})})}})));
        CHECK(get("salesOrder/" + id)["status"]["id"].text() == "H");
    }
    SECTION("fulfilled lines keep what they are") {
        REQUIRE(account().fulfil(id, 1, 2));
        CHECK(get("salesOrder/" + id)["status"]["id"].text() == "D");
        const auto change = [&](Json fields) {
            fields.set("line", 1);
            return record("PATCH", "salesOrder/" + id,
                          Json::object({{"item", lines({std::move(fields)})}}));
        };
        CHECK(detail(change(Json::object({{"quantity", 1}})))
                  .find("Items on this line have been fulfilled") != std::string::npos);
        CHECK(change(Json::object({{"amount", 1}})).status == 400);
        CHECK(record("PATCH", "salesOrder/" + id + "?replace=item",
                     Json::object({{"item", lines({Json::object({{"line", 4}})})}}))
                  .status == 400);
        CHECK(record("PATCH", "salesOrder/" + id, Json::object({{"memo", "fine"}})).status == 204);
        REQUIRE(account().fulfil(id, 4, 1));
        CHECK(get("salesOrder/" + id)["status"]["id"].text() == "F");
        CHECK_FALSE(account().fulfil(id, 99, 1));
    }
}

TEST_CASE_METHOD(AccountFixture, "one external id, one transaction, in each wording") {
    const Json body = order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-111");
    made(record("POST", "salesOrder", body));
    CHECK(detail(record("POST", "salesOrder", body)) ==
          "Error while accessing a resource. This record already exists.");
    REQUIRE(switches.set("netsuite.duplicate_text", "entity"));
    CHECK(detail(record("POST", "salesOrder", body)).find("This entity already exists.") !=
          std::string::npos);
    REQUIRE(switches.set("netsuite.duplicate_text", "key"));
    CHECK(code(record("POST", "salesOrder", body)) == "DUP_RCRD");
    CHECK(account().statistics()["duplicate_writes_refused"] == Json(3));
}

TEST_CASE_METHOD(AccountFixture, "scripts, workflows and other people get in the way") {
    const Json body = order({line("SHACKLE-6", "1", "7.49")});
    const std::string id = made(record("POST", "salesOrder", body));
    REQUIRE(switches.set("netsuite.workflow_lock", "on"));
    CHECK(detail(record("PATCH", "salesOrder/" + id, Json::object({{"memo", "x"}})))
              .find("locked by a user defined workflow") != std::string::npos);
    REQUIRE(switches.set("netsuite.workflow_lock", "off"));
    REQUIRE(switches.set("netsuite.record_changed", "on"));
    CHECK(code(record("PATCH", "salesOrder/" + id, Json::object({{"memo", "x"}}))) ==
          "RCRD_HAS_BEEN_CHANGED");
    REQUIRE(switches.set("netsuite.script_error", "Order total must be approved by Jo."));
    CHECK(detail(record("POST", "salesOrder", body))
              .ends_with("Order total must be approved by Jo."));
}

TEST_CASE_METHOD(AccountFixture, "the order's own date is that of the user's zone") {
    // 2026-11-23T10:00Z is still the 23rd in Los Angeles (02:00) and in Auckland (23:00).
    clock.set(UtcTime::parse("2026-11-24T06:00:00Z").value());
    const Json body = order({line("SHACKLE-6", "1", "7.49")});
    CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["tranDate"].text() ==
          "2026-11-23");
    REQUIRE(switches.set("netsuite.user_zone", "GMT"));
    CHECK(get("salesOrder/" + made(record("POST", "salesOrder", body)))["tranDate"].text() ==
          "2026-11-24");
}

TEST_CASE_METHOD(AccountFixture,
                 "orders of other tools are there to be adopted, and total what they should") {
    const std::vector<const Order*> others = world.preexisting_orders();
    REQUIRE_FALSE(others.empty());
    const std::vector<NetSuiteSalesOrder> documents = account().sales_orders();
    REQUIRE(documents.size() == others.size());
    for (const Order* other : others) {
        const Truth truth = truth_of(*other);
        const auto document =
            std::find_if(documents.begin(), documents.end(), [&](const NetSuiteSalesOrder& one) {
                return one.marketplace_order_id == truth.order_id ||
                       one.other_ref_num == truth.order_id;
            });
        REQUIRE(document != documents.end());
        CHECK(document->total == truth.receivable);
        CHECK(document->subsidiary == truth.subsidiary);
        CHECK(document->currency == truth.currency);
    }
}

}  // namespace carrick::sandbox::testing
