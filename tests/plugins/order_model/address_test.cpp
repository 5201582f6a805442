// SPDX-License-Identifier: Apache-2.0
// Addresses: nothing that a carrier needs is lost between Amazon's form and NetSuite's.
#include "plugins/shared/order_model/address.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;

namespace {

Json netsuite(const std::string& amazon) {
    const Result<Json> address =
        to_netsuite_address(parse_address(Json::parse(amazon).value()), "order 1");
    INFO((address ? std::string() : address.error().message));
    REQUIRE(address);
    return *address;
}

std::string letters(std::size_t count, const std::string& letter = "x") {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += letter;
    return text;
}

}  // namespace

TEST_CASE("an American address keeps its parts, the state by its code", "[order_model][address]") {
    CHECK(netsuite(R"({"name":"Ann Buyer","companyName":"Knots Ltd","addressLine1":"1 Main St",
        "addressLine2":"Suite 2","city":"Seattle","districtOrCounty":"King County",
        "stateOrRegion":"Washington","postalCode":"98101","countryCode":"US","phone":"206 555 0100"})") ==
          Json::parse(R"({"addressee":"Ann Buyer","attention":"Knots Ltd","addr1":"1 Main St",
        "addr2":"Suite 2","city":"Seattle","state":"WA","zip":"98101","country":{"id":"US"},
        "addrPhone":"206 555 0100"})")
              .value());
}

TEST_CASE("a state that NetSuite's list does not have goes into the lines",
          "[order_model][address]") {
    const Json address = netsuite(
        R"({"name":"A","addressLine1":"1 Main St","city":"X","stateOrRegion":"Atlantis","countryCode":"US"})");
    CHECK_FALSE(address.contains("state"));
    CHECK(address["addr2"].text() == "Atlantis");
    CHECK(
        netsuite(
            R"({"addressLine1":"1 Hauptstr.","city":"X","stateOrRegion":"Bayern","countryCode":"DE"})")
            ["state"]
                .text() == "Bayern");
}

TEST_CASE("a street in the second line alone becomes the first", "[order_model][address]") {
    const Json address = netsuite(
        R"({"name":"A","addressLine1":"","addressLine2":"Hauptstr. 5","city":"Bonn","countryCode":"DE"})");
    CHECK(address["addr1"].text() == "Hauptstr. 5");
    CHECK_FALSE(address.contains("addr2"));
}

TEST_CASE("a company without a person is the addressee", "[order_model][address]") {
    const Json address = netsuite(R"({"companyName":"Knots Ltd","addressLine1":"x","city":"y"})");
    CHECK(address["addressee"].text() == "Knots Ltd");
    CHECK_FALSE(address.contains("attention"));
    CHECK_FALSE(address.contains("country"));
}

TEST_CASE("Brazil states street, number and quarter apart", "[order_model][address]") {
    const Json address =
        netsuite(R"({"name":"A","city":"São Paulo","stateOrRegion":"SP","countryCode":"BR",
        "extendedFields":{"streetName":"Rua das Flores","streetNumber":"123","complement":"Apto 45",
        "neighborhood":"Vila Madalena"}})");
    CHECK(address["addr1"].text() == "Rua das Flores, 123");
    CHECK(address["addr2"].text() == "Apto 45");
    CHECK(address["addr3"].text() == "Vila Madalena");
}

TEST_CASE("a district outside the US is kept, unless a line says it", "[order_model][address]") {
    CHECK(
        netsuite(
            R"({"addressLine1":"Istiklal 42","city":"Istanbul","districtOrCounty":"Beyoglu","countryCode":"TR"})")
            ["addr2"]
                .text() == "Beyoglu");
    CHECK_FALSE(
        netsuite(
            R"({"addressLine1":"Istiklal 42, Beyoglu","city":"Istanbul","districtOrCounty":"Beyoglu","countryCode":"TR"})")
            .contains("addr2"));
    CHECK(netsuite(R"({"addressLine1":"x","municipality":"Puebla","countryCode":"MX"})")["city"]
              .text() == "Puebla");
}

TEST_CASE("what is longer than a field flows over into the next line", "[order_model][address]") {
    // 160 letters wrap at a blank in the last third, else at 150.
    const Json wrapped =
        netsuite(R"({"addressLine1":")" + letters(120) + " " + letters(39) + R"(","city":"y"})");
    CHECK(wrapped["addr1"].text() == letters(120));
    CHECK(wrapped["addr2"].text() == letters(39));
    const Json hard = netsuite(R"({"addressLine1":")" + letters(160) + R"(","city":"y"})");
    CHECK(hard["addr1"].text() == letters(150));
    CHECK(hard["addr2"].text() == letters(10));
    // Characters count, not bytes: 83 kanji fit the name, 84 do not.
    CHECK(netsuite(R"({"name":")" + letters(83, "見") + R"(","addressLine1":"x"})")["addressee"]
              .text() == letters(83, "見"));
    const Json long_name =
        netsuite(R"({"name":")" + letters(84, "見") + R"(","addressLine1":"x"})");
    CHECK_FALSE(long_name.contains("addressee"));
    CHECK(long_name["addr2"].text() == letters(84, "見"));
}

TEST_CASE("more pieces than lines share a line while they fit", "[order_model][address]") {
    const Json address =
        netsuite(R"({"addressLine1":"a","addressLine2":"b","addressLine3":"c","city":")" +
                 letters(51) + R"("})");
    CHECK(address["addr3"].text() == "c, " + letters(51));
    CHECK_FALSE(address.contains("city"));
}

TEST_CASE("an address that cannot fit is refused and not cut", "[order_model][address]") {
    const Result<Json> address = to_netsuite_address(
        parse_address(Json::parse(R"({"addressLine1":")" + letters(470) + R"("})").value()),
        "order 112-1");
    REQUIRE_FALSE(address);
    CHECK(address.error().code == "order.address_length");
    CHECK(address.error().field == "shippingAddress");
    CHECK(address.error().message.find("xxx") == std::string::npos);
}

TEST_CASE("every line counts: neighbours share one before an address is refused",
          "[order_model][address]") {
    // A name of 100 that does not fit its field makes a fourth piece; with the city a fifth.
    const Json address = netsuite(R"({"addressLine1":"a","addressLine2":"b","addressLine3":"c",
        "name":")" + letters(100) +
                                  R"(","city":")" + letters(60) + R"("})");
    CHECK(address["addr1"].text() == "a");
    CHECK(address["addr2"].text() == "b, c, " + letters(100));
    CHECK(address["addr3"].text() == letters(60));
}

TEST_CASE("a phone number that does not fit even without blanks is left out",
          "[order_model][address]") {
    const auto phone = [](const std::string& text) {
        return netsuite(R"({"addressLine1":"x","phone":")" + text + R"("})")["addrPhone"].text();
    };
    CHECK(phone("+1 347-448-3190") == "+1 347-448-3190");
    CHECK(phone("+1 347-448-3190 ext. 61012") == "+13474483190x61012");
    CHECK(phone("+1 347-448-3190 extension 6101234567").empty());
    CHECK(phone("０９０（１２３４）５６７８") == "090(1234)5678");
}

TEST_CASE("text is cleaned before it is measured", "[order_model][address]") {
    CHECK(netsuite(R"({"name":" Ann\t\u0000Buyer\u200b ","addressLine1":"1 Main\r\nSt \ud83c\udfe0",
        "addressLine2":"\ud83d\ude00","addressLine3":".","city":"\u200fX\u202c"})") ==
          Json::parse(R"({"addressee":"Ann Buyer","addr1":"1 Main St","city":"X"})").value());
}

TEST_CASE("a country that is none is refused", "[order_model][address]") {
    const Result<Json> address = to_netsuite_address(
        parse_address(Json::parse(R"({"addressLine1":"x","countryCode":"Main Street 5"})").value()),
        "order 112-1");
    REQUIRE_FALSE(address);
    CHECK(address.error().code == "order.address_country");
    CHECK(address.error().field == "shippingAddress");
    CHECK(address.error().message.find("Main") == std::string::npos);
    CHECK(netsuite(R"({"addressLine1":"x","countryCode":"deutschland"})")["country"]["id"].text() ==
          "DE");
}

TEST_CASE("a district is said only by whole words", "[order_model][address]") {
    CHECK(netsuite(
              R"({"addressLine1":"x","city":"Santos","districtOrCounty":"San","countryCode":"BR"})")
              ["addr2"]
                  .text() == "San");
    CHECK_FALSE(
        netsuite(
            R"({"addressLine1":"神南区1-2","city":"X","districtOrCounty":"神南区","countryCode":"JP"})")
            .contains("addr2"));
}
