// SPDX-License-Identifier: Apache-2.0
// Who the customer of an order is, and what NetSuite is told of them.
#include "plugins/shared/customer_import/customer_mapping.hpp"
#include "tests/plugins/support/amazon_orders.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;

namespace {

const std::string kKey(64, 'a');

Order order_of(const std::string& email, const std::string& name = "Ann Mary Buyer") {
    Json json = amazon_order("US", {{"ROPE", 1, "10.00"}}, "10.00");
    json.find("buyer")->set("buyerEmail", Json(email));
    json.find("buyer")->set("buyerName", Json(name));
    return parse_order(json, false).value();
}

CustomerSettings settings(const char* text) {
    return CustomerSettings::parse(Json::parse(text).value());
}

CustomerIdentity identity(const Order& order, const CustomerSettings& settings) {
    return identify_customer(order, settings, "NA1", "US", kKey).value();
}

Json customer(const Order& order, const CustomerSettings& of, const std::string& currency = {}) {
    return to_customer(order, identity(order, of), of, "US", currency);
}

}  // namespace

TEST_CASE("consolidated: one customer for the marketplace, whoever buys", "[customer]") {
    const CustomerSettings of = settings(R"({"subsidiary":"1"})");
    const CustomerIdentity ann = identity(order_of("ann@x.com"), of);
    CHECK_FALSE(ann.individual);
    CHECK(ann.external_id == "AMZ-C-NA1-US");
    CHECK(identity(order_of("bob@x.com"), of).external_id == "AMZ-C-NA1-US");
    CHECK(customer(order_of("ann@x.com"), of, "3") ==
          Json::parse(R"({"externalId":"AMZ-C-NA1-US","isPerson":false,"companyName":"Amazon US",
              "subsidiary":{"id":"1"},"currency":{"id":"3"}})")
              .value());
    CHECK(customer(order_of("a@x.com"),
                   settings(R"({"customer":{"name":"Marketplace"}})"))["companyName"]
              .text() == "Marketplace");
}

TEST_CASE("individual: a customer for each buyer, named by a hash and not by the address",
          "[customer]") {
    const CustomerSettings of = settings(R"({"customer":{"policy":"individual"}})");
    const CustomerIdentity ann = identity(order_of("ann@x.com"), of);
    CHECK(ann.individual);
    CHECK(ann.email == "ann@x.com");
    CHECK(ann.external_id.starts_with("AMZ-C-NA1-"));
    CHECK(ann.external_id.size() == std::string("AMZ-C-NA1-").size() + 26);
    CHECK(ann.external_id.find("ann") == std::string::npos);
    CHECK(identity(order_of(" Ann@X.com\n"), of).external_id == ann.external_id);
    CHECK(identity(order_of("bob@x.com"), of).external_id != ann.external_id);
    // Another installation's key makes other ids.
    CHECK(identify_customer(order_of("ann@x.com"), of, "NA1", "US", std::string(64, 'b'))
              ->external_id != ann.external_id);
}

TEST_CASE("individual: first and last name, e-mail, company, and an entity id that is unique",
          "[customer]") {
    const CustomerSettings of = settings(R"({"customer":{"policy":"individual"}})");
    Order order = order_of("ann@x.com");
    order.buyer_company = "Knots Ltd";
    const Json json = customer(order, of);
    const std::string external_id = json["externalId"].text();
    CHECK(json["isPerson"] == Json(true));
    CHECK(json["firstName"].text() == "Ann Mary");
    CHECK(json["lastName"].text() == "Buyer");
    CHECK(json["email"].text() == "ann@x.com");
    CHECK(json["companyName"].text() == "Knots Ltd");
    CHECK(json["entityId"].text() ==
          "Ann Mary Buyer " + external_id.substr(external_id.size() - 6));
}

TEST_CASE("a name of one word, or none, still makes a person", "[customer]") {
    const CustomerSettings of = settings(R"({"customer":{"policy":"individual"}})");
    const Json single = customer(order_of("a@x.com", "山田太郎"), of);
    CHECK(single["firstName"].text() == "Amazon");
    CHECK(single["lastName"].text() == "山田太郎");
    Order nameless = order_of("a@x.com", "");
    CHECK(customer(nameless, of)["lastName"].text() == "Buyer");  // the recipient's: Ann Buyer
    nameless.ship_to.name.clear();
    CHECK(customer(nameless, of)["firstName"].text() == "Amazon");
    CHECK(customer(nameless, of)["lastName"].text() == "Buyer");
}

TEST_CASE("names longer than NetSuite's fields are cut at a character", "[customer]") {
    const CustomerSettings of = settings(R"({"customer":{"policy":"individual"}})");
    std::string kanji;
    for (int i = 0; i < 40; ++i) kanji += "見";
    const Json json = customer(order_of("a@x.com", kanji + " " + kanji), of);
    CHECK(json["firstName"].text() == kanji.substr(0, 32 * 3));
    CHECK(json["lastName"].text() == kanji.substr(0, 32 * 3));
    CHECK(json["entityId"].text().size() <= (83 - 7 - 1) * 3 + 1 + 7);
    CHECK(Json::parse(json.dump()));  // whole UTF-8 characters
}

TEST_CASE("individual without e-mail: the marketplace's customer, or one of its own",
          "[customer]") {
    const Order order = order_of("");
    const CustomerIdentity shared =
        identity(order, settings(R"({"customer":{"policy":"individual"}})"));
    CHECK_FALSE(shared.individual);
    CHECK(shared.external_id == "AMZ-C-NA1-US");
    const CustomerSettings own =
        settings(R"({"customer":{"policy":"individual","without_email":"order"}})");
    CHECK(identity(order, own).individual);
    CHECK(identity(order, own).external_id == "AMZ-C-NA1-112-1234567-1234567");
    CHECK_FALSE(customer(order, own).contains("email"));
    // What is too long to be an address is none.
    CHECK(identity(order_of(std::string(250, 'a') + "@x.com"), own).email.empty());
}

TEST_CASE("an e-mail is compared without blanks and case", "[customer]") {
    CHECK(normalised_email(" Buyer@Example.COM\t") == "buyer@example.com");
    CHECK(normalised_email("  ").empty());
    CHECK(normalised_email(std::string(249, 'a') + "@x.io").size() == 254);
    CHECK(normalised_email(std::string(250, 'a') + "@x.io").empty());
}

TEST_CASE("without a key for hashes, or with a wrong account, no customer is named", "[customer]") {
    const CustomerSettings of = settings(R"({"customer":{"policy":"individual"}})");
    const auto no_key = identify_customer(order_of("a@x.com"), of, "NA1", "US", "");
    REQUIRE_FALSE(no_key);
    CHECK(no_key.error().code == "id.key");
    const auto account = identify_customer(order_of("a@x.com"), of, "seller", "US", kKey);
    REQUIRE_FALSE(account);
    CHECK(account.error().code == "id.account");
    CHECK(account.error().error_class == ErrorClass::Misconfigured);
}
