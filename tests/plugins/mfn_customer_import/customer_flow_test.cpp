// SPDX-License-Identifier: Apache-2.0
// Each order leaves with its customer, or says why not; each new customer is made once.
#include "plugins/shared/customer_import/customer_flow.hpp"
#include "tests/plugins/support/amazon_orders.hpp"
#include "tests/plugins/support/flow_bench.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;

namespace {

const carrick_plugin* entry() {
    return sdk::plugin_descriptor<&make_mfn_customer_flow>("mfn_customer_import", "0.1.0");
}

struct Customers : FlowBench {
    explicit Customers(const char* settings = "{}")
        : FlowBench("mfn_customer_import", &entry, [&] {
              Json config = config_of("mfn_customers", "US", Json::parse(settings).value());
              config.set("identity_key", Json(std::string(64, 'a')));
              return config;
          }()) {
        target.answer = [this](const std::string& operation, const Json& body) {
            if (operation == "netsuite.records.create")
                return ok(Json::object({{"id", Json(std::to_string(++made))}}));
            return ok(Json::object({{"id", Json("77")}, {"record", body}}));
        };
    }
    int made = 100;
};

const char* const kIndividual = R"({"customer":{"policy":"individual"}})";

Json order(const std::string& email = "ann@x.com", const std::string& id = "112-0000000-0000001") {
    Json json = amazon_order("US", {{"ROPE", 1, "10.00"}}, "10.00");
    json.set("orderId", Json(id));
    json.find("buyer")->set("buyerEmail", Json(email));
    return json;
}

Json customer(const std::string& id) {
    return Json::object({{"customer", Json::object({{"id", Json(id)}})}});
}

Json fba() {
    Json json = order();
    json.find("fulfillment")->set("fulfilledBy", Json("AMAZON"));
    return json;
}

}  // namespace

TEST_CASE("orders that need no customer yet pass on, with the reason", "[customer_flow]") {
    Customers flow;
    const Passed passed =
        flow.run({fba(), with_status(order(), "CANCELLED"), with_status(order(), "PENDING"),
                  with_status(order(), "ON_THE_MOON")});
    CHECK(passed.reason(0) == "fulfilled by Amazon");
    CHECK(passed.reason(1) == "cancelled");
    CHECK(passed.reason(2) == "not payable yet");
    CHECK(passed.reason(3) == "not payable yet");
    CHECK(flow.target.asked.empty());
}

TEST_CASE("no customer is made for an order placed before go-live", "[customer_flow][go_live]") {
    Json early = order();
    early.set("createdTime", Json("2026-11-15T07:59:59Z"));
    Json late = order("bob@x.com", "112-0000000-0000002");
    late.set("createdTime", Json("2026-11-15T08:00:00Z"));
    Customers flow(R"({"go_live":"2026-11-15","customer":{"policy":"individual"}})");
    const Passed passed = flow.run({early, late});
    CHECK(passed.reason(0) == "placed before go-live");
    CHECK(passed.of(1).kind == OutcomeKind::Done);
    CHECK(flow.target.bodies("netsuite.records.create").size() == 1);
}

TEST_CASE("a customer from the settings is used without a question", "[customer_flow]") {
    Customers flow(R"({"customer":{"use":"42"}})");
    const Passed passed = flow.run({order()});
    CHECK(passed.lookups.empty());
    CHECK(passed.reason() == "customer known");
    CHECK(passed.learnt() == customer("42"));
}

TEST_CASE("a customer from the settings also serves individual orders without e-mail",
          "[customer_flow]") {
    Customers flow(R"({"customer":{"policy":"individual","use":"42"}})");
    CHECK(flow.run({order("")}).learnt() == customer("42"));
}

TEST_CASE("a known customer is passed on and nothing is written", "[customer_flow]") {
    Customers flow;
    flow.answers[{"customer", "AMZ-C-NA1-US"}] = Json::object({{"id", Json("17")}});
    const Passed passed = flow.run({order()});
    CHECK(passed.of(0).kind == OutcomeKind::Skipped);
    CHECK(passed.learnt() == customer("17"));
    CHECK(flow.target.asked.empty());
}

TEST_CASE("a new customer is made in the marketplace's currency and passed on", "[customer_flow]") {
    Customers flow(R"({"currency":"USD","subsidiary":"1"})");
    flow.answers[{"currency", "USD"}] = Json::object({{"id", Json("3")}});
    const Passed passed = flow.run({order()});
    CHECK(passed.of(0).kind == OutcomeKind::Done);
    CHECK(passed.learnt() == customer("101"));
    CHECK(Json::parse(passed.of(0).details().target_ids).value() ==
          Json::object({{"customer", Json("101")}}));
    const std::vector<Json> created = flow.target.bodies("netsuite.records.create");
    REQUIRE(created.size() == 1);
    CHECK(created[0]["record_type"].text() == "customer");
    CHECK(created[0]["external_id"].text() == "AMZ-C-NA1-US");
    CHECK(created[0]["body"]["currency"]["id"].text() == "3");
}

TEST_CASE("a new customer that several orders of a page share is made once", "[customer_flow]") {
    Customers flow;
    const Passed passed =
        flow.run({order("a@x.com", "1"), order("b@x.com", "2"), order("c@x.com", "3")});
    CHECK(flow.target.bodies("netsuite.records.create").size() == 1);
    CHECK(passed.of(0).kind == OutcomeKind::Done);
    for (const std::size_t record : {1U, 2U}) {
        CHECK(passed.of(record).kind == OutcomeKind::Skipped);
        CHECK(passed.learnt(record) == customer("101"));
    }
}

TEST_CASE("when the shared customer cannot be made the others try again on their own",
          "[customer_flow]") {
    Customers flow;
    flow.target.answer = [](const std::string&, const Json&) {
        return refused(rejected("netsuite.invalid_value", "no"));
    };
    const Passed passed = flow.run({order("a@x.com", "1"), order("b@x.com", "2")});
    CHECK(passed.code(0) == "netsuite.invalid_value");
    CHECK(passed.code(1) == "customer.not_made");
    CHECK(passed.of(1).details().error->error_class == ErrorClass::Transient);
}

TEST_CASE("a call that was cut short leaves all its orders untried", "[customer_flow]") {
    Customers flow;
    flow.target.answer = [](const std::string&, const Json&) {
        return connectors::Reply{connectors::ReplyStatus::Cancelled, {}, {}};
    };
    const Passed passed = flow.run({order("a@x.com", "1"), order("b@x.com", "2")});
    CHECK_FALSE(passed.outcomes[0]);
    CHECK_FALSE(passed.outcomes[1]);
}

TEST_CASE("a customer that was made by an earlier try is adopted", "[customer_flow]") {
    Customers flow;
    flow.target.answer = [](const std::string& operation, const Json&) {
        if (operation == "netsuite.records.create")
            return refused(rejected("netsuite.duplicate", "there is one"));
        return ok(Json::object({{"id", Json("77")}}));
    };
    const Passed passed = flow.run({order()});
    CHECK(passed.of(0).kind == OutcomeKind::Done);
    CHECK(passed.learnt() == customer("77"));
    const std::vector<Json> found = flow.target.bodies("netsuite.records.get");
    REQUIRE(found.size() == 1);
    CHECK(found[0]["external_id"].text() == "AMZ-C-NA1-US");
}

TEST_CASE(
    "a stranger's customer of the same name is no match but, in the end, an error that says so",
    "[customer_flow]") {
    Customers flow;
    flow.target.answer = [](const std::string& operation, const Json&) {
        return operation == "netsuite.records.create"
                   ? refused(rejected("netsuite.duplicate", "there is one"))
                   : refused(rejected("netsuite.nonexistent_id", "none"));
    };
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "netsuite.duplicate");
    CHECK_THAT(passed.message(), Contains("shows none with the external id AMZ-C-NA1-US"));
    // It may as well be our own earlier write that is still being committed.
    CHECK(passed.of(0).details().error->error_class == ErrorClass::Transient);
    flow.target.answer = [](const std::string& operation, const Json&) {
        return operation == "netsuite.records.create"
                   ? refused(rejected("netsuite.duplicate", "there is one"))
                   : refused(transient("netsuite.down", "later"));
    };
    CHECK(flow.run({order()}).code() == "netsuite.down");
}

TEST_CASE("a lost answer leaves the order unknown", "[customer_flow]") {
    Customers flow;
    flow.target.answer = [](const std::string&, const Json&) {
        return connectors::Reply{connectors::ReplyStatus::Unknown,
                                 {},
                                 transient("netsuite.no_answer", "the connection broke")};
    };
    const Passed passed = flow.run({order()});
    CHECK(passed.of(0).kind == OutcomeKind::Unknown);
}

TEST_CASE("individual: an existing customer with the buyer's e-mail is taken", "[customer_flow]") {
    Customers flow(kIndividual);
    flow.answers[{"customer_by_email", "ann@x.com"}] = Json::object({{"id", Json("5")}});
    const Passed passed = flow.run({order("Ann@X.com")});
    CHECK(passed.reason() == "customer matched by e-mail");
    CHECK(passed.learnt() == customer("5"));
    CHECK(flow.target.asked.empty());
}

TEST_CASE("individual: two customers with the buyer's e-mail are for a person to sort out",
          "[customer_flow]") {
    Customers flow(kIndividual);
    flow.answers[{"customer_by_email", "ann@x.com"}] =
        Json::object({{"ambiguous", Json::array({Json("5"), Json("6")})}});
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "customer.ambiguous");
    CHECK_THAT(passed.message(), Contains("customer.match_email"));
    CHECK_THAT(passed.message(), !Contains("ann@x.com"));
}

TEST_CASE("two customers with our external id are never guessed between", "[customer_flow]") {
    Customers flow;
    flow.answers[{"customer", "AMZ-C-NA1-US"}] =
        Json::object({{"ambiguous", Json::array({Json("5"), Json("6")})}});
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "customer.ambiguous");
    CHECK_THAT(passed.message(), Contains("AMZ-C-NA1-US"));
}

TEST_CASE("individual: matching by e-mail can be switched off", "[customer_flow]") {
    Customers flow(R"({"customer":{"policy":"individual","match_email":false}})");
    flow.answers[{"customer_by_email", "ann@x.com"}] = Json::object({{"id", Json("5")}});
    CHECK(flow.run({order()}).of(0).kind == OutcomeKind::Done);
}

TEST_CASE("an order that cannot be read, or of another store, is an error of its own",
          "[customer_flow]") {
    Customers flow;
    Json timeless = order();
    timeless.erase("createdTime");
    Json canadian = amazon_order("CA", {{"ROPE", 1, "10.00"}}, "10.00");
    const Passed passed = flow.run({timeless, canadian, order()});
    CHECK(passed.code(0) == "order.time");
    CHECK(passed.code(1) == "order.marketplace");
    CHECK(passed.of(2).kind == OutcomeKind::Done);
}

TEST_CASE("individual without a key stops the flow and names it", "[customer_flow]") {
    FlowBench flow("mfn_customer_import", &entry,
                   config_of("mfn_customers", "US", Json::parse(kIndividual).value()));
    const Passed passed = flow.run({order()});
    CHECK(passed.code() == "id.key");
    CHECK(passed.of(0).details().error->error_class == ErrorClass::Misconfigured);
}

namespace {

/// The marketplace's customers as NetSuite counts them: "external id, transactions".
Json pool(const std::vector<std::pair<std::string, std::int64_t>>& customers) {
    Json list = Json::array();
    for (const auto& [external_id, transactions] : customers)
        list.push_back(Json::object({{"id", Json(std::to_string(201 + list.size()))},
                                     {"external_id", Json(external_id)},
                                     {"inactive", Json(false)},
                                     {"transactions", Json(transactions)}}));
    return Json::object({{"customers", std::move(list)}});
}

struct Pool : Customers {
    explicit Pool(const std::vector<std::pair<std::string, std::int64_t>>& customers,
                  const char* settings = "{}")
        : Customers(settings) {
        answers[{"pool", "AMZ-C-NA1-US"}] = pool(customers);
        answers[{"customer", "AMZ-C-NA1-US"}] = Json::object({{"id", Json("201")}});
    }
};

}  // namespace

TEST_CASE("a marketplace's customer gets a successor before NetSuite gets slow with it",
          "[customer][rotation]") {
    Pool almost({{"AMZ-C-NA1-US", 8'999}});
    CHECK(almost.run({order()}).learnt() == customer("201"));

    Pool full({{"AMZ-C-NA1-US", 9'000}});
    const Passed passed = full.run({order(), order("bob@x.com", "112-0000000-0000002")});
    CHECK(passed.payloads[0].external_id == "AMZ-C-NA1-US-2");
    CHECK(passed.body()["companyName"].text() == "Amazon US 2");
    // Made once for both orders of the page.
    CHECK(full.target.bodies("netsuite.records.create").size() == 1);
    CHECK(passed.learnt(0) == customer("101"));
    CHECK(passed.learnt(1) == customer("101"));
}

TEST_CASE("the latest customer is the one in use, and others' customers are none",
          "[customer][rotation]") {
    Pool second({{"AMZ-C-NA1-US", 9'500}, {"AMZ-C-NA1-US-2", 12}, {"AMZ-C-NA1-USED", 1}});
    CHECK(second.run({order()}).learnt() == customer("202"));
    Pool tenth({{"AMZ-C-NA1-US-10", 9'000}, {"AMZ-C-NA1-US-9", 1}, {"AMZ-C-NA1-US-X", 1}});
    CHECK(tenth.run({order()}).payloads[0].external_id == "AMZ-C-NA1-US-11");
    // One that was retired by hand is not written to again.
    Pool retired({{"AMZ-C-NA1-US", 10}});
    Json gone = pool({{"AMZ-C-NA1-US", 10}});
    (*gone.find("customers")->items_if())[0].set("inactive", Json(true));
    retired.answers[{"pool", "AMZ-C-NA1-US"}] = gone;
    CHECK(retired.run({order()}).payloads[0].external_id == "AMZ-C-NA1-US-2");
}

TEST_CASE("rotation can begin elsewhere, never, and not for a buyer's own customer",
          "[customer][rotation]") {
    const auto asks = [](const char* settings) {
        Customers flow(settings);
        for (const auto& lookup : flow.run({order()}).lookups)
            if (lookup.name == "pool") return true;
        return false;
    };
    CHECK(asks("{}"));
    CHECK_FALSE(asks(R"({"customer":{"rotate_at":0}})"));
    CHECK_FALSE(asks(kIndividual));
    Pool early({{"AMZ-C-NA1-US", 5'000}}, R"({"customer":{"rotate_at":5000}})");
    CHECK(early.run({order()}).payloads[0].external_id == "AMZ-C-NA1-US-2");
}

namespace {

/// Orders with the numbers `first` to `last`.
std::vector<Json> orders(int first, int last) {
    std::vector<Json> page;
    for (int number = first; number <= last; ++number)
        page.push_back(order("ann@x.com", "112-0000000-" + std::to_string(1'000'000 + number)));
    return page;
}

constexpr const char* kRotateAtTen = R"({"customer":{"rotate_at":10}})";

/// How many of a page were given which customer.
std::map<std::string, int> given(const Passed& passed) {
    std::map<std::string, int> count;
    for (std::size_t i = 0; i < passed.outcomes.size(); ++i)
        ++count[passed.learnt(i)["customer"]["id"].text()];
    return count;
}

}  // namespace

// NetSuite counts what is written. A page of orders is on its way before the first of them is.
TEST_CASE("a burst of orders across the limit counts while it is on its way",
          "[customer][rotation]") {
    Pool burst({{"AMZ-C-NA1-US", 8}}, kRotateAtTen);
    // Two have room; the other three share the successor, which is made once.
    const Passed first = burst.run(orders(1, 5));
    CHECK(given(first) == std::map<std::string, int>{{"201", 2}, {"101", 3}});
    REQUIRE(first.payloads.size() == 3);
    CHECK(first.payloads[0].external_id == "AMZ-C-NA1-US-2");
    CHECK(burst.target.bodies("netsuite.records.create").size() == 1);
    // The look-up is remembered for minutes and says 8 still: seven more fill the successor, and
    // three go to the next.
    const Passed second = burst.run(orders(6, 15));
    REQUIRE(second.payloads.size() == 10);
    for (const std::size_t at : {0U, 6U})
        CHECK(second.payloads[at].external_id == "AMZ-C-NA1-US-2");
    for (const std::size_t at : {7U, 9U})
        CHECK(second.payloads[at].external_id == "AMZ-C-NA1-US-3");
    // NetSuite shows all of them by now.
    burst.answers[{"pool", "AMZ-C-NA1-US"}] =
        pool({{"AMZ-C-NA1-US", 10}, {"AMZ-C-NA1-US-2", 10}, {"AMZ-C-NA1-US-3", 3}});
    const Passed third = burst.run(orders(16, 22));
    CHECK(given(third) == std::map<std::string, int>{{"203", 7}});
    CHECK(burst.run(orders(23, 23)).payloads[0].external_id == "AMZ-C-NA1-US-4");
}

TEST_CASE("the first page of a marketplace without customers makes as many as it needs",
          "[customer][rotation]") {
    Customers flow(kRotateAtTen);
    const Passed passed = flow.run(orders(1, 25));
    CHECK(passed.payloads[0].external_id == "AMZ-C-NA1-US");
    CHECK(passed.payloads[10].external_id == "AMZ-C-NA1-US-2");
    CHECK(passed.payloads[24].external_id == "AMZ-C-NA1-US-3");
    CHECK(flow.target.bodies("netsuite.records.create").size() == 3);
    CHECK(given(passed) == std::map<std::string, int>{{"101", 10}, {"102", 10}, {"103", 5}});
}

TEST_CASE("an order that comes again takes no second place", "[customer][rotation]") {
    Pool flow({{"AMZ-C-NA1-US", 8}}, kRotateAtTen);
    for (int version = 0; version < 5; ++version)
        CHECK(given(flow.run(orders(1, 2))) == std::map<std::string, int>{{"201", 2}});
    CHECK(flow.run(orders(3, 3)).payloads[0].external_id == "AMZ-C-NA1-US-2");
    CHECK(given(flow.run(orders(1, 2))) == std::map<std::string, int>{{"201", 2}});
}

TEST_CASE("what NetSuite has counted and what is on its way are not counted twice",
          "[customer][rotation]") {
    Pool flow({{"AMZ-C-NA1-US", 0}}, kRotateAtTen);
    CHECK(given(flow.run(orders(1, 4))) == std::map<std::string, int>{{"201", 4}});
    // All four are written; five more have room, and no sixth beside them.
    flow.answers[{"pool", "AMZ-C-NA1-US"}] = pool({{"AMZ-C-NA1-US", 4}});
    CHECK(given(flow.run(orders(5, 9))) == std::map<std::string, int>{{"201", 5}});
    // Others write as well: one fulfilment is enough.
    flow.answers[{"pool", "AMZ-C-NA1-US"}] = pool({{"AMZ-C-NA1-US", 10}});
    CHECK(flow.run(orders(10, 10)).payloads[0].external_id == "AMZ-C-NA1-US-2");
}

TEST_CASE("without personal data every order gets the marketplace's customer",
          "[customer][personal_data]") {
    for (const char* policy : {"area", "omit"}) {
        Customers flow((R"({"customer":{"policy":"individual"},"personal_data":")" +
                        std::string(policy) + "\"}")
                           .c_str());
        const Passed passed = flow.run({order()});
        CHECK(passed.payloads[0].external_id == "AMZ-C-NA1-US");
        CHECK(passed.body().dump().find("Ann") == std::string::npos);
        CHECK(passed.body().dump().find('@') == std::string::npos);
        for (const auto& lookup : passed.lookups) CHECK(lookup.name != "customer_by_email");
    }
}

TEST_CASE("a business buyer's VAT id goes into the customer's field", "[customer]") {
    Json business = order();
    business.set("tax", Json::object({{"taxRegistrations",
                                       Json::array({Json::object(
                                           {{"entityType", Json("BUYER")},
                                            {"taxRegistrationType", Json("VAT")},
                                            {"taxRegistrationNumber", Json("DE123456789")}})})}}));
    Customers flow(R"({"customer":{"policy":"individual","vat_id_field":"vatRegNumber"}})");
    CHECK(flow.run({business}).body()["vatRegNumber"].text() == "DE123456789");
    CHECK_FALSE(Customers(kIndividual).run({business}).body().contains("vatRegNumber"));
}
