// SPDX-License-Identifier: Apache-2.0
// carrick settlement prove, as its user sees it: what is printed, and the exit code.
#include "plugins/settlement/settlement_commands.hpp"
#include "tests/plugins/settlement/settlement_text.hpp"
#include "tests/plugins/settlement/terminal.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::testing;
using Catch::Matchers::Contains;

namespace {

std::string with_reserves(const std::string& id, const std::string& start, const std::string& end,
                          const std::string& total, const std::string& before,
                          const std::string& after) {
    SettlementText file;
    file.row({{"settlement-id", id},
              {"settlement-start-date", start},
              {"settlement-end-date", end},
              {"deposit-date", end},
              {"total-amount", total},
              {"currency", "USD"}})
        .amount("other-transaction", "", "other-transaction", "Previous Reserve Amount Balance",
                before, {{"settlement-id", id}, {"posted-date", start.substr(0, 10)}})
        .amount("other-transaction", "", "other-transaction", "Current Reserve Amount", after,
                {{"settlement-id", id}, {"posted-date", start.substr(0, 10)}});
    return file.text;
}

}  // namespace

TEST_CASE("a settlement that is proven ends with 0 and says so first", "[prove]") {
    const auto ended = Terminal({worked_example().text}).prove();
    CHECK(ended.code == 0);
    CHECK(ended.err.empty());
    CHECK(ended.out.starts_with("Settlement 27000000001: proven\n"));
    CHECK_THAT(ended.out, Contains("52.00 USD") && Contains("in_transit") &&
                              Contains("holds     rows = total-amount: 52.00 = 52.00"));
}

TEST_CASE("the same as JSON, with amounts as texts", "[prove]") {
    const Json json = Terminal({worked_example().text}).json().json();
    CHECK(json["settlement_id"].text() == "27000000001");
    CHECK(json["currency"].text() == "USD");
    CHECK(json["header_total"].text() == "52.00");
    CHECK(json["rows_total"].text() == "52.00");
    CHECK(json["row_count"].integer_if() == 18);
    CHECK(json["order_count"].integer_if() == 1);
    CHECK(json["refund_count"].integer_if() == 1);
    CHECK(json["by_type"]["Order|ItemPrice|Principal"].text() == "50.00");
    CHECK(json["by_type"].members().size() == 18);
    CHECK(json["by_marketplace"]["Amazon.com"].text() == "18.60");
    CHECK(json["by_marketplace"][""].text() == "33.40");
    CHECK(json["by_marketplace_assigned"]["US"].text() == "52.00");
    CHECK(json["identities"].items()[0]["holds"].bool_if() == true);
    CHECK(json["identities"].items()[3]["number"].integer_if() == 2);
    CHECK(json["identities"].items().back()["number"].integer_if() == 9);
    CHECK(json["identities"].items().back()["holds"].bool_if() == true);
    CHECK(json["unmapped"].items().empty());
    CHECK(json["open_items"].items().empty());
    CHECK(json["journal"].items()[0]["date"].text() == "2026-06-17");
    std::int64_t amounts = 0;
    for (const Json& line : json["ledger"].items())
        for (const Json& part : line["parts"].items())
            amounts += part["rows"].integer_if().value_or(0);
    CHECK(amounts == 18);
}

TEST_CASE("one that is not proven ends with 1 and is printed in full", "[prove]") {
    SettlementText file;
    file.header("5.00").amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount",
                               "-5.00");
    const auto ended = Terminal({file.text}).prove();
    CHECK(ended.code == 1);
    CHECK_THAT(ended.out, Contains("NOT PROVEN") && Contains("-5.00 is not 5.00") &&
                              Contains("fees.advertising"));
}

TEST_CASE("what is no settlement ends with 2, and the others are proven", "[prove]") {
    const auto ended = Terminal({"<?xml version=\"1.0\"?>", worked_example().text}).prove();
    CHECK(ended.code == 2);
    CHECK_THAT(ended.err, Contains("first.txt") && Contains("settlement.xml"));
    CHECK_THAT(ended.out, Contains("proven"));
}

TEST_CASE("several settlements prove their chain, in whatever order they are given",
          "[prove][chain]") {
    const std::string first = with_reserves("1", "2026-06-01 05:00:00 UTC",
                                            "2026-06-15 05:00:00 UTC", "-60.00", "0.00", "-60.00");
    const std::string next = with_reserves("2", "2026-06-15 05:00:00 UTC",
                                           "2026-06-29 05:00:00 UTC", "20.00", "60.00", "-40.00");
    // A debt of 60.00 is carried over by a row of its own, which these do not have.
    const auto ended = Terminal({next, first}).json();
    CHECK(ended.code == 1);
    const Json json = ended.json();
    REQUIRE(json.items().size() == 2);
    CHECK(json.items()[0]["settlement_id"].text() == "1");
    CHECK(json.items()[0]["proven"].bool_if() == true);
    CHECK(json.items()[1]["proven"].bool_if() == false);
    CHECK(json.items()[1]["open_items"].items()[0]["code"].text() == "settlement.chain");

    const std::string paid = with_reserves("1", "2026-06-01 05:00:00 UTC",
                                           "2026-06-15 05:00:00 UTC", "40.00", "100.00", "-60.00");
    CHECK(Terminal({next, paid}).prove().code == 0);
    // Where one between them is missing, nothing can be said of it.
    const std::string later = with_reserves("3", "2026-07-13 05:00:00 UTC",
                                            "2026-07-27 05:00:00 UTC", "9.00", "10.00", "-1.00");
    CHECK(Terminal({paid, later}).prove().code == 0);
    // One that ends when it begins is not its own predecessor.
    const std::string moment = with_reserves("6", "2026-06-15 05:00:00 UTC",
                                             "2026-06-15 05:00:00 UTC", "1.00", "2.00", "-1.00");
    CHECK(Terminal({moment}).prove().code == 0);
    // A transfer on demand is a link: two settlements may begin on one day.
    const std::string demand = with_reserves("4", "2026-06-15 05:00:00 UTC",
                                             "2026-06-15 14:00:00 UTC", "20.00", "60.00", "-40.00");
    const std::string after = with_reserves("5", "2026-06-15 14:00:00 UTC",
                                            "2026-06-29 05:00:00 UTC", "30.00", "40.00", "-10.00");
    const auto linked = Terminal({paid, after, demand}).json();
    CHECK(linked.code == 0);
    const Json all = linked.json();
    for (const Json& each : all.items())
        if (each["settlement_id"].text() != "1")
            for (const Json& identity : each["identities"].items())
                if (identity["number"].integer_if() == 3)
                    CHECK(identity["holds"].bool_if() == true);
}

TEST_CASE("a settlement that is given twice is proven once, unless the two differ", "[prove]") {
    const std::string good = worked_example().text;
    const auto twice = Terminal({good, good}).json();
    CHECK(twice.code == 0);
    CHECK(twice.json().is_object());
    CHECK_THAT(twice.err, Contains("second.txt") && Contains("same rows"));
    std::string other = good;
    other.replace(other.find("\t50.00\t"), 7, "\t51.00\t");
    const auto differing = Terminal({good, other}).prove();
    CHECK(differing.code == 1);
    CHECK_THAT(differing.err, Contains("settlement.differs") && Contains("52.00 USD there") &&
                                  Contains("53.00 USD here"));
}

TEST_CASE("UTF-16, and texts in a store's own letters", "[prove]") {
    std::string wide = "\xFF\xFE";
    for (const char c : worked_example().text) {
        wide += c;
        wide += '\0';
    }
    CHECK(Terminal({wide}).json().json()["rows_total"].text() == "52.00");
    SettlementText latin;
    latin.header("-1,00", "EUR")
        .amount("CouponRedemptionFee", "", "CouponRedemptionFee", "Caf\xE9 5 \x80", "-1,00");
    const Json json = Terminal({latin.text}).json().json();
    CHECK(json["by_type"].members()[0].key ==
          "CouponRedemptionFee|CouponRedemptionFee|Caf\xC3\xA9 5 \xE2\x82\xAC");
}

TEST_CASE("an option's value that is none is told with those that are", "[prove]") {
    const auto ended =
        Terminal({worked_example().text}).prove(Json::object({{"per", Json("week")}}));
    CHECK(ended.code == 2);
    CHECK_THAT(ended.err, Contains("--per week") && Contains("store, day, class or total"));
    const auto zone =
        Terminal({worked_example().text}).prove(Json::object({{"zone", Json("Mars/Olympus")}}));
    CHECK(zone.code == 2);
    CHECK_THAT(zone.err, Contains("Mars/Olympus") && Contains("IANA"));
    const auto undivided =
        Terminal({worked_example().text}).prove(Json::object({{"per", Json("class")}}));
    CHECK(undivided.code == 2);
    CHECK_THAT(undivided.err, Contains("sku_classes"));
}

TEST_CASE("a settlement whose copy has another order id is another settlement", "[prove]") {
    std::string copy = worked_example().text;
    const std::size_t at = copy.find("111-2222222-2222222");
    copy.replace(at, 3, "112");
    const auto ended = Terminal({worked_example().text, copy}).prove();
    CHECK(ended.code == 1);
    CHECK_THAT(ended.err, Contains("settlement.differs"));
    // The same rows in another order are the same.
    SettlementText forth;
    SettlementText back;
    forth.header("3.00");
    back.header("3.00");
    for (const char* amount : {"1.00", "2.00"})
        forth.amount("Order", "111-1111111-1111111", "ItemPrice", "Principal", amount);
    for (const char* amount : {"2.00", "1.0"})
        back.amount("Order", "111-1111111-1111111", "ItemPrice", "Principal", amount);
    const auto same = Terminal({forth.text, back.text}).prove();
    CHECK(same.code == 0);
    CHECK_THAT(same.err, Contains("proven once"));
}

TEST_CASE("every row is listed with its ledger line where it is asked for", "[prove]") {
    const auto ended = Terminal({worked_example().text})
                           .prove(Json::object({{"rows", Json(true)}, {"json", Json(true)}}));
    std::set<std::int64_t> lines;
    const Json json = ended.json();
    for (const Json& line : json["ledger"].items())
        for (const Json& part : line["parts"].items()) {
            CHECK(part["lines"].items().size() ==
                  static_cast<std::size_t>(part["rows"].integer_if().value_or(-1)));
            for (const Json& number : part["lines"].items())
                lines.insert(number.integer_if().value_or(0));
        }
    // Line 1 has the columns, line 2 the total.
    CHECK(lines.size() == 18);
    CHECK(*lines.begin() == 3);
    CHECK(*lines.rbegin() == 20);
    const auto text = Terminal({worked_example().text}).prove(Json::object({{"rows", Json(true)}}));
    CHECK_THAT(text.out, Contains("  9                  -8.40  fees.commission US, 2026-06-03: "
                                  "Order|ItemFees|Commission (default map, "));
}

TEST_CASE("days and months are those of the books' zone", "[prove]") {
    SettlementText file;
    file.header("3.00")
        .amount("Order", "111-1111111-1111111", "ItemFees", "Commission", "1.00",
                {{"posted-date", "2026-06-01"}, {"posted-date-time", "2026-06-01 06:30:00 UTC"}})
        .amount("Order", "111-1111111-1111111", "ItemFees", "Commission", "2.00",
                {{"posted-date", "2026-06-01"}, {"posted-date-time", "2026-06-01 07:30:00 UTC"}});
    const auto dates = [&](const char* zone) {
        const Json json = Terminal({file.text})
                              .prove(Json::object({{"zone", Json(zone)}, {"json", Json(true)}}))
                              .json();
        std::string all;
        for (const Json& journal : json["journal"].items())
            all +=
                journal["date"].text() + " " + journal["lines"].items()[0]["credit"].text() + ";";
        return all;
    };
    // Half past eleven in Los Angeles is still May.
    CHECK(dates("America/Los_Angeles") == "2026-05-31 1.00;2026-06-16 2.00;");
    CHECK(dates("UTC") == "2026-06-17 3.00;");
}

TEST_CASE("a map of one's own stands above the default one, and divides by classes of SKUs",
          "[prove]") {
    SettlementText file;
    file.header("-3.00");
    for (const auto& [sku, amount] : std::vector<std::pair<std::string, std::string>>{
             {"ROPE-1", "-1.00"}, {"ROPE-2", "-0.50"}, {"KNOT", "-1.50"}})
        file.amount("Order", "111-1111111-1111111", "ItemFees", "Commission", amount,
                    {{"sku", sku}});
    const Json map = yaml(
        "sku_classes: { ropes: ROPE-* }\n"
        "rules:\n"
        "  - { description: Commission, sku_class: ropes, class: fee, account: fees.ropes }\n");
    const Json proof =
        Terminal({file.text})
            .prove(Json::object({{"rules", map}, {"per", Json("class")}, {"json", Json(true)}}))
            .json();
    REQUIRE(proof["ledger"].items().size() == 2);
    const Json& ropes = proof["ledger"].items()[0];
    CHECK(ropes["account"].text() == "fees.ropes");
    CHECK(ropes["sku_class"].text() == "ropes");
    CHECK(ropes["amount"].text() == "-1.50");
    CHECK(ropes["parts"].items()[0]["rule"].text() == "map.yaml:3:5");
    CHECK(proof["ledger"].items()[1]["account"].text() == "fees.commission");
    CHECK(proof["ledger"].items()[1]["amount"].text() == "-1.50");
    const auto bad = Terminal({file.text}).prove(Json::object({{"rules", yaml("rules: 7\n")}}));
    CHECK(bad.code == 2);
    CHECK_THAT(bad.err, Contains("map.yaml:1:1, rules: 7; expected a list of rules"));
    CHECK(bad.out.empty());
}
