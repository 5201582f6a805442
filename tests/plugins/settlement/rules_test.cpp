// SPDX-License-Identifier: Apache-2.0
#include "core/config/yaml_json.hpp"
#include "plugins/shared/settlement/settlement_rules.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::plugins;
using Catch::Matchers::Contains;

namespace {

std::string line_of(const SettlementRules& rules, const SettlementLabel& label,
                    const std::string& day = {}) {
    const Result<const SettlementRule*> rule =
        rules.find(matched_label(label), day.empty() ? kNoDay : read_day(day).value());
    if (!rule) return rule.error().code;
    if (*rule == nullptr) return "suspense";
    return std::string(text_of((*rule)->row_class)) + " " + (*rule)->account;
}

std::string by_default(const std::string& transaction_type, const std::string& amount_type,
                       const std::string& description) {
    return line_of(SettlementRules(), {transaction_type, amount_type, description, {}, {}});
}

SettlementRules with(const std::string& map) {
    Result<SettlementRules> rules = SettlementRules::with(Json::parse(map).value(), "map.yaml");
    INFO((rules ? std::string() : rules.error().message));
    REQUIRE(rules);
    return *std::move(rules);
}

std::string refused(const std::string& map) {
    const Result<SettlementRules> rules =
        SettlementRules::with(Json::parse(map).value(), "map.yaml");
    REQUIRE_FALSE(rules);
    CHECK(rules.error().code == "settlement.map");
    return rules.error().message;
}

}  // namespace

TEST_CASE("stars stand for anything, case and blanks at the ends do not count", "[rules]") {
    const auto matches = [](const char* pattern, const char* lowered) {
        return LabelPattern(pattern).matches(lowered);
    };
    CHECK(matches("*", ""));
    CHECK(matches("*", "anything"));
    CHECK(matches("Storage Fee", "storage fee"));
    CHECK(matches("  STORAGE FEE ", "storage fee"));
    CHECK_FALSE(matches("Storage Fee", "storage fees"));
    CHECK(matches("FBA*Fee", "fba long term storage fee"));
    CHECK(matches("FBA*Fee", "fbafee"));
    CHECK_FALSE(matches("FBA*Fee", "fba fees"));
    CHECK(matches("*a*b*", "xxaxxbxx"));
    CHECK_FALSE(matches("*a*b*", "xxbxxaxx"));
    CHECK(matches("*ab", "aab"));
    // No pattern takes for ever.
    CHECK_FALSE(matches("*a*a*a*a*a*a*a*a*a*a*b", std::string(10'000, 'a').c_str()));
}

TEST_CASE("the default map knows what Amazon writes", "[rules]") {
    CHECK(by_default("Order", "ItemPrice", "Principal") == "receivable ar");
    CHECK(by_default("order", " itemprice ", "PRINCIPAL") == "receivable ar");
    CHECK(by_default("Refund", "ItemPrice", "Principal") == "credit ar");
    CHECK(by_default("Refund", "ItemPrice", "RestockingFee") == "credit ar");
    CHECK(by_default("Order", "Promotion", "Shipping") == "receivable ar");
    CHECK(by_default("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal") ==
          "receivable ar");
    // France has them among the fees.
    CHECK(by_default("Order", "ItemFees", "MarketplaceFacilitatorVAT-Principal") ==
          "receivable ar");
    CHECK(by_default("Order_Retrocharge", "ItemWithheldTax",
                     "MarketplaceFacilitatorTax-Shipping") == "credit ar");
    CHECK(by_default("Order", "ItemFees", "Commission") == "fee fees.commission");
    CHECK(by_default("Refund", "ItemFees", "RefundCommission") == "fee fees.refund_commission");
    CHECK(by_default("ServiceFee", "Cost of Advertising", "TransactionTotalAmount") ==
          "fee fees.advertising");
    CHECK(by_default("FBAFees", "FBA Long Term Storage Fee", "Base fee") == "fee fees.storage");
    CHECK(by_default("FBAFees", "FBA Long Term Storage Fee", "Tax on fee") == "tax input_tax");
    CHECK(by_default("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_LOST") ==
          "fee fees.reimbursement");
    CHECK(by_default("other-transaction", "other-transaction", "StorageBillingCGST") ==
          "tax input_tax");
    CHECK(by_default("Order", "ItemWithheldTax", "TCS-IGST") == "tax withheld_tax");
    CHECK(by_default("CouponRedemptionFee", "CouponRedemptionFee", "Save 5% on slippers") ==
          "fee fees.marketing");
}

TEST_CASE("balances are known by their words, under any transaction type", "[rules]") {
    for (const char* type : {"other-transaction", "Transfer"}) {
        CHECK(by_default(type, "other-transaction", "Current Reserve Amount") == "balance reserve");
        CHECK(by_default(type, "other-transaction", "Previous Reserve Amount Balance") ==
              "balance reserve");
    }
    CHECK(by_default("other-transaction", "other-transaction", "Payable to Amazon") ==
          "balance amazon_debt");
    CHECK(by_default("other-transaction", "other-transaction", "Successful charge") ==
          "balance charge");
    CHECK(by_default("other-transaction", "other-transaction",
                     "Transfer of funds unsuccessful: Amazon has cancelled your transfer") ==
          "balance in_transit");
    CHECK(by_default("Debt Adjustment", "Debt Adjustment",
                     "Cross-Account Debt Adjustment against DE") == "balance amazon_debt");
}

TEST_CASE("tax on a fee is tax, whatever the fee", "[rules]") {
    for (const char* fee : {"Vine Enrollment Fee", "Lightning Deal Fee", "CouponRedemptionFee",
                            "Grade and Resell Charge", "Item Fee Adjustment"})
        CHECK(by_default("AmazonFees", fee, "Tax on fee") == "tax input_tax");
    CHECK(by_default("ServiceFee", "Cost of Advertising", "TaxAmount") == "tax input_tax");
    CHECK(by_default("Tax", "Tax Withheld", "anything") == "tax withheld_tax");
    CHECK(by_default("ServiceFee", "Brand New Service", "TransactionTotalAmount") == "suspense");
}

TEST_CASE("where the default map contradicts itself, a person has to say", "[rules]") {
    CHECK(by_default("TBYB Trial Shipment", "Item Fee Adjustment", "X") == "suspense");
}

TEST_CASE("V1's columns are V2's amount types", "[rules]") {
    CHECK(by_default("Order", "price-amount", "Principal") == "receivable ar");
    CHECK(by_default("Refund", "item-related-fee-amount", "Commission") == "fee fees.commission");
    CHECK(by_default("Order", "promotion-amount", "Shipping") == "receivable ar");
    CHECK(by_default("Subscription Fee", "other-amount", "") == "fee fees.subscription");
    CHECK(by_default("Payable to Amazon", "other-amount", "") == "balance amazon_debt");
    CHECK(by_default("WAREHOUSE_DAMAGE", "other-amount", "") == "fee fees.reimbursement");
    CHECK(by_default("ServiceFee", "other-fee-amount", "TaxAmount") == "tax input_tax");
    CHECK(by_default("ServiceFee", "item-related-fee-amount", "Cost of Advertising") ==
          "fee fees.advertising");
}

TEST_CASE("what nobody knows goes to suspense, with a suggestion where one is near", "[rules]") {
    CHECK(by_default("Order", "ItemFees", "BrandNewFeeCode") == "suspense");
    CHECK(by_default("Ordre", "ItemPrice", "Principal") == "suspense");
    const SettlementRules rules;
    CHECK(rules.suggestion(matched_label({"Ordre", "ItemPrice", "Principal", {}, {}})) == "ar");
    CHECK(rules.suggestion(matched_label({"Order", "ItemFees", "Comission", {}, {}})) ==
          "fees.commission");
    CHECK(rules.suggestion(matched_label({"Order", "ItemFees", "BrandNewFeeCode", {}, {}})) ==
          "fees.other");
    CHECK(rules.suggestion(matched_label({"Nobody", "Knows", "This", {}, {}})).empty());
}

TEST_CASE("a seller's own rules stand above the default map", "[rules]") {
    const SettlementLabel commission{"Order", "ItemFees", "Commission", "Amazon.de", {}};
    CHECK(line_of(with(R"({"rules":[
        {"description":"Commission","class":"fee","account":"fees.mine"}]})"),
                  commission) == "fee fees.mine");
    // Of two that fit, the one that asks for more.
    const SettlementRules two = with(R"({"rules":[
        {"marketplace":"Amazon.de","description":"Commission","class":"fee","account":"fees.de"},
        {"description":"Commission","class":"fee","account":"fees.all"}]})");
    CHECK(line_of(two, commission) == "fee fees.de");
    CHECK(line_of(two, {"Order", "ItemFees", "Commission", "Amazon.fr", {}}) == "fee fees.all");
    // A row that does not name its store has its order's.
    CHECK(line_of(two, {"Order", "ItemFees", "Commission", "", "Amazon.de"}) == "fee fees.de");
    CHECK(line_of(with(R"({"rules":[
        {"marketplace":"Amazon.de","description":"Commission","class":"fee","account":"fees.de"},
        {"priority":1,"description":"Comm*","class":"fee","account":"fees.first"}]})"),
                  commission) == "fee fees.first");
    CHECK(line_of(with(R"({"rules":[
        {"description":"Commission","amount_type":"Item*","class":"fee","account":"fees.a"},
        {"description":"Commission","amount_type":"*Fees","class":"fee","account":"fees.b"}]})"),
                  commission) == "settlement.rules_ambiguous");
}

TEST_CASE("a rule holds from day to day", "[rules]") {
    const SettlementRules rules = with(R"({"rules":[
        {"description":"Commission","from":"2026-07-01","to":"2026-09-30","class":"fee",
         "account":"fees.summer"}]})");
    const SettlementLabel commission{"Order", "ItemFees", "Commission", {}, {}};
    CHECK(rules.has_dates());
    CHECK(line_of(rules, commission, "2026-06-30") == "fee fees.commission");
    CHECK(line_of(rules, commission, "2026-07-01") == "fee fees.summer");
    CHECK(line_of(rules, commission, "2026-09-30") == "fee fees.summer");
    CHECK(line_of(rules, commission, "2026-10-01") == "fee fees.commission");
    CHECK(line_of(rules, commission) == "fee fees.commission");
}

TEST_CASE("a map that cannot be read says which rule and which key", "[rules]") {
    CHECK_THAT(refused(R"([])"), Contains("map.yaml") && Contains("`rules`"));
    CHECK_THAT(
        refused(R"({"rules":[{"class":"fee","account":"x"},{"class":"fees"}]})"),
        Contains("rule 2") && Contains("class") && Contains("\"fees\"") && Contains("suspense"));
    CHECK_THAT(refused(R"({"rules":[{"class":"fee"}]})"), Contains("account"));
    CHECK_THAT(refused(R"({"rules":[{"klass":"fee"}]})"), Contains("klass"));
    CHECK_THAT(refused(R"({"rules":[{"class":"fee","account":"x","from":"July"}]})"),
               Contains("from") && Contains("2026-07-01"));
    CHECK_THAT(
        refused(
            R"({"rules":[{"class":"fee","account":"x","from":"2026-07-02","to":"2026-07-01"}]})"),
        Contains("to"));
    CHECK_THAT(refused(R"({"rules":[{"class":"fee","account":"x","priority":"high"}]})"),
               Contains("priority"));
    CHECK_THAT(refused(R"({"rules":[{"class":"fee","account":"x","description":["a"]}]})"),
               Contains("description"));
    CHECK_THAT(refused(R"({"rules":[{"class":"fee","account":"x","sku_class":"ropes"}]})"),
               Contains("ropes") && Contains("sku_classes"));
    CHECK_THAT(refused(R"({"sku_classes":{"ropes":7.5,"nets":[["a"]]},"rules":[]})"),
               Contains("nets") && !Contains("ropes"));
    CHECK_THAT(refused(R"({"rules":[],"rule":[]})"), Contains("rule: no such key"));
}

TEST_CASE("all that is wrong with a map is told at once, each with its place", "[rules]") {
    const Result<Json> yaml = config::yaml_with_marks("map.yaml",
                                                      "sku_classes:\n"
                                                      "  ropes: [ROPE-*, 4711]\n"
                                                      "rules:\n"
                                                      "  - { class: fees, account: x }\n"
                                                      "  - class: fee\n"
                                                      "    account: fees.a\n"
                                                      "    from: July\n"
                                                      "  - class: fee\n");
    REQUIRE(yaml);
    const Result<SettlementRules> rules =
        SettlementRules::with((*yaml)["value"], (*yaml)["file"].text(), (*yaml)["marks"]);
    REQUIRE_FALSE(rules);
    CHECK_THAT(rules.error().message,
               Contains("map.yaml:4:7, class: \"fees\"; expected receivable") &&
                   Contains("map.yaml:7:5, from: \"July\"; expected a day") &&
                   Contains("map.yaml:8:5, account: expected a role"));
}

TEST_CASE("a rule may ask for a store by its code, and for a class of SKUs", "[rules]") {
    const SettlementRules rules = with(R"({
        "sku_classes": {"ropes": ["ROPE-*", "4711"], "rest": "*"},
        "rules": [
          {"description": "Commission", "marketplace": "DE", "class": "fee", "account": "fees.de"},
          {"description": "Commission", "marketplace": "DE", "sku_class": "ropes",
           "class": "fee", "account": "fees.ropes"}]})");
    CHECK(rules.sku_classes().of("rope-12") == "ropes");
    CHECK(rules.sku_classes().of(" 4711 ") == "ropes");
    CHECK(rules.sku_classes().of("KNOT") == "rest");
    CHECK(rules.sku_classes().of("").empty());
    MatchedLabel label = matched_label({"Order", "ItemFees", "Commission", "Amazon.de"});
    label.store = "de";
    CHECK((*rules.find(label, kNoDay).value()).account == "fees.de");
    label.sku_class = "ropes";
    CHECK((*rules.find(label, kNoDay).value()).account == "fees.ropes");
    // Rows that name no store have one all the same.
    label.marketplace.clear();
    CHECK((*rules.find(label, kNoDay).value()).account == "fees.ropes");
    label.store = "fr";
    CHECK((*rules.find(label, kNoDay).value()).account == "fees.commission");
}

TEST_CASE("each rule of the default map is found by its own words", "[rules]") {
    // Or one that goes before it, with words of its own: then at least none is lost.
    const SettlementRules rules;
    const auto example = [](const LabelPattern& pattern) {
        std::string text = pattern.text();
        for (char& c : text)
            if (c == '*') c = 'x';
        return text;
    };
    std::size_t same = 0;
    for (const SettlementRule& rule : rules.rules()) {
        const SettlementLabel label{example(rule.transaction_type),
                                    example(rule.amount_type),
                                    example(rule.description),
                                    {},
                                    {}};
        INFO(rule.place << ": " << label.transaction_type << "|" << label.amount_type << "|"
                        << label.description);
        const Result<const SettlementRule*> found = rules.find(matched_label(label), kNoDay);
        REQUIRE(found);
        REQUIRE(*found != nullptr);
        if ((*found)->account == rule.account && (*found)->row_class == rule.row_class) ++same;
    }
    CHECK(same * 100 >= rules.rules().size() * 95);
}
