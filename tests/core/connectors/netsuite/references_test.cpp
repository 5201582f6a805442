// SPDX-License-Identifier: Apache-2.0
// Names in settings become ids.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {

Json named(const std::string& id, const std::string& column, const std::string& name) {
    return Json::object({{"id", Json(id)}, {column, Json(name)}});
}

http::HttpResult locations(const http::HttpRequest&) {
    return rows_reply({named("1", "name", "Main"), named("7", "name", "FBA-US"),
                       named("8", "name", "FBA-DE"),
                       Json::object({{"id", Json("9")},
                                     {"name", Json("Returns")},
                                     {"fullname", Json("FBA-US : Returns")}})});
}

Result<std::string> resolve(NetSuiteFixture& erp, std::string_view kind, std::string_view name) {
    return erp.connection().resolve_reference(kind, name, erp.context);
}

}  // namespace

TEST_CASE("a name or an id becomes the id, asked once", "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer(locations);
    CHECK(resolve(erp, "netsuite.location", "FBA-US").value() == "7");
    CHECK(resolve(erp, "netsuite.location", "fba-de").value() == "8");
    CHECK(resolve(erp, "netsuite.location", "8").value() == "8");
    CHECK(resolve(erp, "location", "FBA-US : Returns").value() == "9");
    CHECK(erp.sent().size() == 1);
    CHECK_THAT(erp.last_query()["q"].text(),
               Catch::Contains("SELECT id, name, fullname FROM location WHERE isinactive = 'F'"));
    erp.clock.advance(11min);
    CHECK(resolve(erp, "netsuite.location", "FBA-US").value() == "7");
    CHECK(erp.sent().size() == 2);
}

TEST_CASE("an unknown name is told with the nearest ones", "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer(locations);
    const auto unknown = resolve(erp, "netsuite.location", "FBA-UK");
    REQUIRE_FALSE(unknown.ok());
    CHECK(unknown.error().error_class == ErrorClass::Misconfigured);
    CHECK(unknown.error().code == "netsuite.unknown_reference");
    CHECK_THAT(unknown.error().message, Catch::Contains("location \"FBA-UK\" does not exist") &&
                                            Catch::Contains("\"FBA-US\"") &&
                                            Catch::Contains("\"FBA-DE\""));
    CHECK_FALSE(resolve(erp, "netsuite.location", "77").ok());
}

TEST_CASE("a name made in NetSuite meanwhile is found without a restart",
          "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({named("1", "name", "Main")}),
                        rows_reply({named("1", "name", "Main"), named("2", "name", "New")})});
    CHECK_FALSE(resolve(erp, "netsuite.location", "New").ok());
    CHECK(erp.sent().size() == 1);
    erp.clock.advance(11s);
    CHECK(resolve(erp, "netsuite.location", "New").value() == "2");
}

TEST_CASE("a number that is one account's id and another's number must say which",
          "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer_in_turn(
        {rows_reply({named("5", "acctnumber", "5"), named("118", "acctnumber", "1100"),
                     named("1100", "acctnumber", "6000")})});
    const auto both = resolve(erp, "netsuite.account", "1100");
    REQUIRE_FALSE(both.ok());
    CHECK(both.error().code == "netsuite.ambiguous_reference");
    CHECK_THAT(both.error().message, Catch::Contains("id:1100 or name:1100"));
    CHECK(resolve(erp, "netsuite.account", "name:1100").value() == "118");
    CHECK(resolve(erp, "netsuite.account", "id:1100").value() == "1100");
    CHECK(resolve(erp, "netsuite.account", "6000").value() == "1100");
    CHECK(resolve(erp, "netsuite.account", "5").value() == "5");
}

TEST_CASE("two things of one name are not guessed at", "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({named("1", "name", "Main"), named("2", "name", "Main")})});
    CHECK(resolve(erp, "netsuite.department", "Main").error().code ==
          "netsuite.ambiguous_reference");
}

TEST_CASE("columns that the account does not know are left out", "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer([](const http::HttpRequest& request) {
        if (request.body.find("fullname") != std::string::npos ||
            request.body.find("isinactive") != std::string::npos)
            return error_reply(400, "INVALID_PARAMETER",
                               "Invalid search query. Search error occurred: Unknown identifier "
                               "'fullname'. Available identifiers are: {id}");
        return rows_reply({named("3", "name", "Parent GmbH")});
    });
    CHECK(resolve(erp, "netsuite.subsidiary", "Parent GmbH").value() == "3");
}

TEST_CASE("items and customers are asked for one by one", "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({named("98", "itemid", "SKU-1")}), rows_reply({}),
                        rows_reply({named("99", "itemid", "SKU-2")})});
    CHECK(resolve(erp, "netsuite.item", "SKU-1").value() == "98");
    CHECK(erp.last_query()["params"].dump() == R"(["SKU-1","SKU-1","SKU-1","0"])");
    const auto unknown = resolve(erp, "netsuite.item", "SKU-9");
    REQUIRE_FALSE(unknown.ok());
    CHECK_THAT(unknown.error().message, Catch::Contains("\"SKU-2\""));
}

TEST_CASE("system ids, forms and foreign kinds", "[netsuite][references]") {
    NetSuiteFixture erp;
    CHECK(resolve(erp, "netsuite.pricelevel", "-1").value() == "-1");
    CHECK(resolve(erp, "netsuite.customform", "68").value() == "68");
    CHECK(resolve(erp, "netsuite.customform", "My form").error().code ==
          "netsuite.unknown_reference");
    CHECK(resolve(erp, "netsuite.nonsense", "1").error().code == "netsuite.reference_kind");
    CHECK(erp.sent().empty());
}

TEST_CASE("a tax code is known by its name, with or without SuiteTax", "[netsuite][references]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({rows_reply({named("501", "name", "S-DE"), named("502", "name", "R-DE")})});
    CHECK(resolve(erp, "netsuite.taxcode", "R-DE").value() == "502");
    CHECK(erp.last_query()["q"].text().find("FROM salestaxitem") != std::string::npos);
    // The list is read once.
    CHECK(resolve(erp, "netsuite.taxcode", "S-DE").value() == "501");
    CHECK(resolve(erp, "netsuite.taxcode", "501").value() == "501");
}
