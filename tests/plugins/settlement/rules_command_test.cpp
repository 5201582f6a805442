// SPDX-License-Identifier: Apache-2.0
// carrick settlement rules: what would move under another map.
#include "plugins/shared/settlement/settlement_rules.hpp"
#include "tests/plugins/settlement/settlement_text.hpp"
#include "tests/plugins/settlement/terminal.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::testing;
using Catch::Matchers::Contains;

namespace {

Json test_of(const Json& map, const Json& against = {}) {
    Json arguments = Json::object({{"action", Json("test")}, {"json", Json(true)}, {"map", map}});
    if (!against.is_null()) arguments.set("against", against);
    return arguments;
}

/// "Order|ItemFees|Commission US: fee fees.commission -8.40 -> 0.00; ..."
std::vector<std::string> moves_of(const Json& settlement) {
    std::vector<std::string> all;
    for (const Json& move : settlement["moves"].items()) {
        std::string text = move["type"].text() + " " + move["marketplace"].text() + ":";
        for (const Json& side : move["accounts"].items())
            text += " " + side["account"].text() + " " + side["before"].text() + "->" +
                    side["after"].text();
        all.push_back(text);
    }
    return all;
}

}  // namespace

TEST_CASE("what would move under a map is shown, and what stays is not", "[rules]") {
    const auto ended = Terminal({worked_example().text}).run("rules", test_of(yaml(R"(
rules:
  - { description: Commission, transaction_type: Order, class: fee, account: fees.referral }
  - { description: Subscription Fee, class: fee, account: fees.subscription }
  - { description: Nowhere, class: fee, account: fees.none }
)")));
    CHECK(ended.code == 0);
    const Json json = ended.json();
    CHECK(
        moves_of(json["settlements"].items()[0]) ==
        std::vector<std::string>{
            "Order|ItemFees|Commission US: fees.commission -8.40->0.00 fees.referral 0.00->-8.40"});
    CHECK(json["settlements"].items()[0]["proven_after"].bool_if() == true);
    // The second rule fits rows, though nothing moves by it.
    REQUIRE(json["unused_rules"].items().size() == 1);
    CHECK(json["unused_rules"].items()[0].text() == "map.yaml:5:5");
}

TEST_CASE("two maps that divide SKUs differently are held against one another", "[rules]") {
    SettlementText file;
    file.header("-3.00");
    for (const auto& [sku, amount] : std::vector<std::pair<std::string, std::string>>{
             {"A", "-1.00"}, {"B", "-0.50"}, {"C", "-1.50"}})
        file.amount("Order", "111-1111111-1111111", "ItemFees", "Commission", amount,
                    {{"sku", sku}});
    const auto map = [](const char* skus) {
        return yaml(std::string("sku_classes: { few: ") + skus +
                    " }\nrules: [{ description: Commission, sku_class: few, class: fee, account: "
                    "fees.few }]\n");
    };
    const auto ended = Terminal({file.text}).run("rules", test_of(map("[B, C]"), map("[A, B]")));
    CHECK(moves_of(ended.json()["settlements"].items()[0]) ==
          std::vector<std::string>{"Order|ItemFees|Commission US: fees.commission -1.50->-1.00 "
                                   "fees.few -1.50->-2.00"});
}

TEST_CASE("amounts that trade places are seen to move though the sums stay", "[rules]") {
    SettlementText file;
    file.header("-2.00");
    for (const char* day : {"2026-06-03", "2026-06-04"})
        file.amount("Order", "111-1111111-1111111", "ItemFees", "Commission", "-1.00",
                    {{"posted-date", day}});
    const auto map = [](const char* day) {
        return yaml(std::string("rules: [{ description: Commission, from: ") + day +
                    ", to: " + day + ", class: fee, account: fees.day }]\n");
    };
    const auto ended =
        Terminal({file.text}).run("rules", test_of(map("2026-06-04"), map("2026-06-03")));
    CHECK(moves_of(ended.json()["settlements"].items()[0]).size() == 1);
}

TEST_CASE("the map in which a kind of rows is unknown leaves it in suspense", "[rules]") {
    SettlementText file;
    file.header("-2.00").amount("Order", "", "ItemFees", "A new fee", "-2.00");
    const auto ended =
        Terminal({file.text})
            .run("rules", Json::object({{"action", Json("test")}, {"map", yaml("rules: []\n")}}));
    CHECK(ended.code == 0);
    CHECK_THAT(ended.out, Contains("nothing would move") &&
                              Contains("in suspense still: Order|ItemFees|A new fee") &&
                              Contains("proven before, proven after"));
}

TEST_CASE("the default map is shown as a map of one's own would be written", "[rules]") {
    const auto ended = Terminal({}).run("rules", Json::object({{"action", Json("show")}}));
    CHECK(ended.code == 0);
    const Json map = yaml(ended.out);
    const Result<SettlementRules> rules =
        SettlementRules::with(map["value"], "shown", map["marks"]);
    INFO((rules ? std::string() : rules.error().message));
    REQUIRE(rules);
    const auto& known = default_map();
    REQUIRE(rules->rules().size() == 2 * known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
        const SettlementRule& shown = rules->rules()[known.size() + i];
        CHECK(shown.description.text() == known[i].description.text());
        CHECK(shown.amount_type.text() == known[i].amount_type.text());
        CHECK(shown.row_class == known[i].row_class);
        CHECK(shown.account == known[i].account);
    }
}

TEST_CASE("what a test of rules lacks is told", "[rules]") {
    const auto told = [](std::vector<std::string> files, const Json& arguments) {
        const auto ended = Terminal(std::move(files)).run("rules", arguments);
        CHECK(ended.code == 2);
        return ended.err;
    };
    CHECK_THAT(told({}, Json::object({{"action", Json("tset")}})), Contains("show or test"));
    CHECK_THAT(told({"x"}, Json::object({{"action", Json("test")}})), Contains("--map"));
    CHECK_THAT(told({}, test_of(yaml("rules: []\n"))), Contains("settlement files"));
    CHECK_THAT(told({"x"}, test_of(yaml("rules: {}\n"))), Contains("map.yaml:1:1"));
    CHECK_THAT(told({worked_example().text}, test_of(yaml(R"(
rules:
  - { description: Commission, class: fee, account: fees.a }
  - { description: Commission, class: fee, account: fees.b }
)"))),
               Contains("map.yaml:3:5 and map.yaml:4:5 both fit"));
}
