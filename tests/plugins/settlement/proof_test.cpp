// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_proof.hpp"
#include "tests/plugins/settlement/settlement_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::testing;
using Catch::Matchers::Contains;

namespace {

Settlement read(const std::string& text) {
    Result<SettlementFile> file = settlements_in(text);
    INFO((file ? std::string() : file.error().message));
    REQUIRE(file);
    REQUIRE(file->settlements.size() == 1);
    return std::move(file->settlements.front());
}

SettlementProof proof_of(const Settlement& settlement, const JournalLayout& layout = {},
                         const ChainEnd* before = nullptr) {
    const SettlementRules rules;
    Result<SettlementProof> proof = prove(settlement, rules, layout, before);
    REQUIRE(proof);
    return *std::move(proof);
}

/// "2026-06-17 in_transit US: 52.00 Dr", in the journals' order.
std::vector<std::string> lines_of(const SettlementProof& proof) {
    std::vector<std::string> lines;
    for (const Journal& journal : proof.journals)
        for (const JournalLine& line : journal.lines) {
            const std::string start = day_text(journal.date) + " " + line.account +
                                      (line.marketplace.empty() ? "" : " " + line.marketplace) +
                                      ": ";
            if (line.debit != 0) lines.push_back(start + to_decimal(line.debit, 2).text() + " Dr");
            if (line.credit != 0)
                lines.push_back(start + to_decimal(line.credit, 2).text() + " Cr");
        }
    return lines;
}

std::string holds(const SettlementProof& proof, int number) {
    std::string all;
    for (const Identity& each : proof.identities)
        if (each.number == number)
            all += each.holds == Holds::True ? "T" : each.holds == Holds::False ? "F" : "?";
    return all;
}

std::vector<std::string> codes_of(const SettlementProof& proof) {
    std::vector<std::string> codes;
    for (const OpenItem& each : proof.open_items) codes.push_back(each.code);
    return codes;
}

bool all_hold(const std::string& identities) {
    return !identities.empty() && identities.find_first_not_of('T') == std::string::npos;
}

}  // namespace

TEST_CASE("a settlement is proven: rows, ledger lines, journal, deposit", "[proof]") {
    const Settlement settlement = read(worked_example().text);
    const SettlementProof proof = proof_of(settlement);
    CHECK(proof.proven());
    CHECK(holds(proof, 1) == "T");
    CHECK(all_hold(holds(proof, 2)));
    CHECK(holds(proof, 3) == "??");
    CHECK(holds(proof, 4) == "T");
    CHECK(holds(proof, 5) + holds(proof, 6) + holds(proof, 7) + holds(proof, 8) == "????");
    CHECK(proof.unmapped.empty());
    CHECK(proof.open_items.empty());
    // Sales of 55.99 and refunds of -20.00 are payments; all else is the journal.
    CHECK(lines_of(proof) ==
          std::vector<std::string>{
              "2026-06-17 fees.commission US: 5.40 Dr", "2026-06-17 fees.fulfillment US: 5.40 Dr",
              "2026-06-17 fees.shipping_chargeback US: 5.99 Dr",
              "2026-06-17 fees.refund_commission US: 0.60 Dr", "2026-06-17 reserve US: 150.00 Cr",
              "2026-06-17 reserve US: 60.00 Dr", "2026-06-17 fees.subscription US: 39.99 Dr",
              "2026-06-17 fees.advertising US: 25.00 Dr",
              "2026-06-17 fees.reimbursement US: 12.34 Cr", "2026-06-17 fees.storage US: 3.95 Dr",
              "2026-06-17 in_transit US: 52.00 Dr", "2026-06-17 clearing US: 35.99 Cr"});
    // Clearing gives what the payments bring: 55.99 - 20.00.
}

TEST_CASE("a total that is not its rows is not proven, and says both", "[proof]") {
    SettlementText file;
    file.header("81.00", "AED")
        .amount("Order", "999-0000001-0000001", "ItemPrice", "Principal", "-3.00",
                {{"marketplace-name", "Amazon.ae"}});
    const SettlementProof proof = proof_of(read(file.text));
    CHECK_FALSE(proof.proven());
    REQUIRE(proof.identities[0].number == 1);
    CHECK(proof.identities[0].left == "-3.00");
    CHECK(proof.identities[0].right == "81.00");
    CHECK(holds(proof, 1) == "F");
}

TEST_CASE("a negative settlement is a debt to Amazon", "[proof]") {
    SettlementText file;
    file.header("-25.00").amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount",
                                 "-25.00");
    const SettlementProof proof = proof_of(read(file.text));
    CHECK(proof.proven());
    CHECK(lines_of(proof) == std::vector<std::string>{"2026-06-17 fees.advertising US: 25.00 Dr",
                                                      "2026-06-17 amazon_debt US: 25.00 Cr"});
}

TEST_CASE("debts, charges and transfers that failed each have their account", "[proof]") {
    SettlementText file;
    file.header("40.00")
        .amount("other-transaction", "", "other-transaction", "Payable to Amazon", "-25.00")
        .amount("other-transaction", "", "other-transaction", "Successful charge", "25.00")
        .amount("other-transaction", "", "other-transaction",
                "Transfer of funds unsuccessful: Amazon has cancelled your transfer", "40.00");
    const SettlementProof proof = proof_of(read(file.text));
    CHECK(proof.proven());
    const auto lines = lines_of(proof);
    const auto has = [&](const char* line) {
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    };
    CHECK(has("2026-06-17 amazon_debt US: 25.00 Dr"));
    CHECK(has("2026-06-17 charge US: 25.00 Cr"));
    CHECK(has("2026-06-17 in_transit US: 40.00 Cr"));
    CHECK(has("2026-06-17 in_transit US: 40.00 Dr"));
}

TEST_CASE("a month's fees are of that month, and the deposit of its day", "[proof]") {
    SettlementText file;
    file.row({{"settlement-id", "27000000001"},
              {"settlement-start-date", "2026-06-24 05:23:19 UTC"},
              {"settlement-end-date", "2026-07-08 05:23:19 UTC"},
              {"deposit-date", "2026-07-10 05:23:19 UTC"},
              {"total-amount", "-30.00"},
              {"currency", "USD"}})
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-10.00",
                {{"posted-date", "2026-06-25"}})
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-20.00",
                {{"posted-date", "2026-07-02"}});
    const Settlement settlement = read(file.text);
    CHECK(lines_of(proof_of(settlement)) ==
          std::vector<std::string>{
              "2026-06-30 fees.advertising US: 10.00 Dr", "2026-06-30 clearing US: 10.00 Cr",
              "2026-07-10 fees.advertising US: 20.00 Dr", "2026-07-10 amazon_debt US: 30.00 Cr",
              "2026-07-10 clearing US: 10.00 Dr"});
    JournalLayout one;
    one.by_month = false;
    CHECK(lines_of(proof_of(settlement, one)) ==
          std::vector<std::string>{"2026-07-10 fees.advertising US: 30.00 Dr",
                                   "2026-07-10 amazon_debt US: 30.00 Cr"});
    // A line for each day, in the journal of its month.
    JournalLayout days;
    days.per_day = true;
    CHECK(proof_of(settlement, days).journals.size() == 2);
    days.by_month = false;
    CHECK(proof_of(settlement, days).journals.size() == 1);
}

TEST_CASE("each layout is proven and comes to the same", "[proof]") {
    const Settlement settlement = read(worked_example().text);
    for (const bool per_marketplace : {true, false})
        for (const bool per_day : {true, false})
            for (const bool by_month : {true, false})
                for (const bool gross : {true, false}) {
                    const SettlementProof proof =
                        proof_of(settlement, {per_marketplace, per_day, by_month, gross});
                    CHECK(proof.proven());
                    for (const Journal& journal : proof.journals)
                        for (const JournalLine& line : journal.lines)
                            CHECK((line.debit == 0) != (line.credit == 0));
                    AmountSum clearing = 0;
                    AmountSum transit = 0;
                    for (const Journal& journal : proof.journals)
                        for (const JournalLine& line : journal.lines) {
                            if (line.account == "clearing") clearing += line.debit - line.credit;
                            if (line.account == "in_transit") transit += line.debit - line.credit;
                        }
                    CHECK(to_decimal(transit, 2).text() == "52.00");
                    CHECK(to_decimal(clearing, 2).text() == "-35.99");
                }
}

TEST_CASE("every amount has one ledger line, and every line its amounts", "[proof]") {
    const Settlement settlement = read(worked_example().text);
    const SettlementProof proof = proof_of(settlement);
    REQUIRE(proof.line_of_bucket.size() == settlement.buckets.size());
    REQUIRE(proof.rule_of_bucket.size() == settlement.buckets.size());
    std::vector<AmountSum> sums(proof.ledger.size());
    for (std::size_t i = 0; i < settlement.buckets.size(); ++i) {
        sums[proof.line_of_bucket[i]] += settlement.buckets[i].sum;
        CHECK_THAT(proof.rule_of_bucket[i], Contains("default map, "));
        const auto& back = proof.ledger[proof.line_of_bucket[i]].buckets;
        CHECK(std::count(back.begin(), back.end(), i) == 1);
    }
    for (std::size_t i = 0; i < sums.size(); ++i) CHECK(sums[i] == proof.ledger[i].sum);
}

TEST_CASE("what no rule knows is in suspense, proven, and told once", "[proof]") {
    SettlementText file;
    file.header("-5.00")
        .amount("Order", "111-1111111-1111111", "ItemFees", "BrandNewFeeCode", "-2.00")
        .amount("Order", "111-1111111-1111112", "ItemFees", "BrandNewFeeCode", "-3.00");
    const SettlementProof proof = proof_of(read(file.text));
    CHECK(proof.proven());
    REQUIRE(proof.unmapped.size() == 1);
    CHECK(proof.unmapped[0].rows == 2);
    CHECK(to_decimal(proof.unmapped[0].sum, 2).text() == "-5.00");
    REQUIRE(codes_of(proof) == std::vector<std::string>{"settlement.unmapped"});
    CHECK(proof.open_items[0].line == 3);
    CHECK_THAT(lines_of(proof).front(), Contains("suspense US: 5.00 Dr"));
}

TEST_CASE("the chain: reserve and debt are what the settlement before left", "[proof][chain]") {
    SettlementText first;
    first.header("-10.00")
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "50.00")
        .amount("other-transaction", "", "other-transaction", "Current Reserve Amount", "-60.00");
    SettlementText next;
    next.header("50.00", "USD", "27000000002")
        .amount("other-transaction", "", "other-transaction", "Previous Reserve Amount Balance",
                "60.00", {{"settlement-id", "27000000002"}})
        .amount("other-transaction", "", "other-transaction", "Payable to Amazon", "-10.00",
                {{"settlement-id", "27000000002"}});
    const ChainEnd end = chain_end(read(first.text));
    const SettlementProof linked = proof_of(read(next.text), {}, &end);
    CHECK(linked.proven());
    CHECK(holds(linked, 3) == "TT");

    ChainEnd other = end;
    other.current_reserve -= 10'000;
    const SettlementProof broken = proof_of(read(next.text), {}, &other);
    CHECK_FALSE(broken.proven());
    CHECK(holds(broken, 3) == "FT");
    CHECK(codes_of(broken) == std::vector<std::string>{"settlement.chain"});
    CHECK_THAT(broken.open_items[0].message,
               Contains("60.00 here, 61.00 by settlement 27000000001"));
}

TEST_CASE("dates and stores that cannot be right are open items, and change no sum", "[proof]") {
    SettlementText file;
    const std::string order = "111-1111111-1111111";
    file.header("6.00")
        .amount("Order", order, "ItemPrice", "Principal", "1.00", {{"posted-date", "2026-07-03"}})
        .amount("Order", order, "ItemPrice", "Shipping", "2.00",
                {{"marketplace-name", "Amazon.de"}})
        .amount("Order", "111-1111111-1111112", "ItemPrice", "GiftWrap", "3.00",
                {{"marketplace-name", "Amazon.cmo"}});
    const SettlementProof proof = proof_of(read(file.text));
    CHECK(proof.proven());
    auto codes = codes_of(proof);
    std::sort(codes.begin(), codes.end());
    CHECK(codes == std::vector<std::string>{"settlement.date", "settlement.marketplace",
                                            "settlement.marketplace_currency",
                                            "settlement.marketplace_of_order"});
}

TEST_CASE("stores by name, by order, and by the settlement's currency", "[proof][marketplaces]") {
    CHECK(marketplace_named("Amazon.com") == "US");
    CHECK(marketplace_named("amazon.CO.UK") == "UK");
    CHECK(marketplace_named("Non-Amazon CA") == "CA");
    CHECK(marketplace_named("SI UK Prod Marketplace") == "UK");
    CHECK(marketplace_named("Amazon.example").empty());
    CHECK(marketplace_named("").empty());

    SettlementText dollars;
    dollars.header("-1.00").amount("ServiceFee", "", "x", "y", "-1.00");
    CHECK(home_marketplace(read(dollars.text)) == "US");
    SettlementText euros;
    euros.header("-2.00", "EUR").amount("ServiceFee", "", "x", "y", "-2.00");
    CHECK(home_marketplace(read(euros.text)).empty());
    euros.amount("Order", "304-1111111-1111111", "ItemPrice", "Principal", "0.00",
                 {{"marketplace-name", "Amazon.fr"}});
    CHECK(home_marketplace(read(euros.text)) == "FR");
}

TEST_CASE("a settlement's own dates that do not follow one another are an open item", "[proof]") {
    for (const char* deposit : {"2126-06-17 05:23:19 UTC", "2026-06-14 05:23:19 UTC"}) {
        SettlementText file;
        file.row({{"settlement-id", "27000000001"},
                  {"settlement-start-date", "2026-06-01 05:23:19 UTC"},
                  {"settlement-end-date", "2026-06-15 05:23:19 UTC"},
                  {"deposit-date", deposit},
                  {"total-amount", "0.00"},
                  {"currency", "USD"}});
        CHECK(codes_of(proof_of(read(file.text))) ==
              std::vector<std::string>{"settlement.header_dates"});
    }
}

TEST_CASE("an identity is false where an amount was lost on its way", "[proof]") {
    Settlement settlement = read(worked_example().text);
    settlement.buckets[3].sum += 100;  // a hundredth
    CHECK(holds(proof_of(settlement), 2).find('F') != std::string::npos);
    Settlement fewer = read(worked_example().text);
    --fewer.buckets[3].rows;
    CHECK(holds(proof_of(fewer), 4) == "F");
}

TEST_CASE("tax that Amazon keeps must be all the tax of an order, or a person looks at it",
          "[proof]") {
    const std::string order = "111-1111111-1111111";
    SettlementText file;
    file.header("10.00")
        .amount("Order", order, "ItemPrice", "Principal", "10.00")
        .amount("Order", order, "ItemPrice", "Tax", "0.80")
        .amount("Order", order, "Promotion", "TaxDiscount", "-0.10")
        .amount("Order", order, "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", "-0.70")
        // Of this one Amazon keeps nothing: its tax is the seller's.
        .amount("Order", "111-3333333-3333333", "ItemPrice", "Tax", "5.00")
        .amount("Order", "111-3333333-3333333", "ItemFees", "Commission", "-5.00");
    CHECK(holds(proof_of(read(file.text)), 9) == "T");
    file.amount("Refund", order, "ItemPrice", "Tax", "-0.40")
        .amount("Refund", order, "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", "0.30")
        .amount("other-transaction", "", "other-transaction", "Storage Fee", "0.10");
    const SettlementProof proof = proof_of(read(file.text));
    CHECK(holds(proof, 9) == "F");
    // It warns; the settlement is proven all the same.
    CHECK(proof.proven());
    REQUIRE(codes_of(proof) == std::vector<std::string>{"settlement.tax_withheld"});
    CHECK_THAT(proof.open_items[0].message,
               Contains(order) && Contains("refund") && Contains("-0.10"));
    CHECK(holds(proof_of(read(SettlementText().header("0.00").text)), 9) == "?");
}

TEST_CASE("balances stand singly, though their words and store are the same", "[proof]") {
    SettlementText file;
    file.header("-3.00");
    for (const char* amount : {"-1.00", "-2.00"})
        file.amount("other-transaction", "", "other-transaction", "Successful charge", amount);
    const SettlementRules rules;
    SettlementReading reading;
    reading.stands_singly = [&](const SettlementLabel& label) { return rules.is_balance(label); };
    StringSource source(file.text);
    const Result<SettlementFile> both = read_settlements(source, reading);
    REQUIRE(both);
    const SettlementProof proof = proof_of(both->settlements[0]);
    REQUIRE(proof.ledger.size() == 2);
    CHECK(proof.ledger[0].sum != proof.ledger[1].sum);
    CHECK(proof.proven());
}

TEST_CASE("rows without a day are posted with the deposit, and said to be", "[proof]") {
    SettlementText file;
    file.header("-2.00").amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount",
                                "-2.00", {{"posted-date", ""}, {"posted-date-time", ""}});
    const SettlementProof proof = proof_of(read(file.text));
    CHECK(codes_of(proof) == std::vector<std::string>{"settlement.no_date"});
    CHECK(proof.journals.at(0).date == *read_day("2026-06-17"));
}

TEST_CASE("spellings of one store are one, and contradictions beyond those shown are counted",
          "[proof]") {
    SettlementText file;
    file.header("0.00");
    for (const char* name : {"Amazon.com", "amazon.com"})
        file.amount("Order", "111-1111111-1111111", "ItemPrice", "Principal", "0.00",
                    {{"marketplace-name", name}});
    CHECK(codes_of(proof_of(read(file.text))).empty());
    for (int i = 0; i < 150; ++i) {
        const std::string order = "222-1111111-1111" + std::to_string(100 + i);
        for (const char* name : {"Amazon.com", "Amazon.ca"})
            file.amount("Order", order, "ItemPrice", "Principal", "0.00",
                        {{"marketplace-name", name}});
    }
    const SettlementProof proof = proof_of(read(file.text));
    const auto more =
        std::ranges::find(proof.open_items, "and so in further rows", &OpenItem::message);
    REQUIRE(more != proof.open_items.end());
    CHECK(more->rows == 50);
}
