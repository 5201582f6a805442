// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/settlement/settlement_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::testing;
using Catch::Matchers::Contains;

namespace {

Settlement only(const std::string& text) {
    Result<SettlementFile> file = settlements_in(text);
    INFO((file ? std::string() : file.error().message));
    REQUIRE(file);
    REQUIRE(file->settlements.size() == 1);
    return std::move(file->settlements.front());
}

std::string total_of(const Settlement& settlement) {
    return to_decimal(settlement.total, settlement.digits).text();
}

/// "Order|ItemPrice|Principal|Amazon.com" -> "50.00", over all days.
std::map<std::string, std::string> sums_of(const Settlement& settlement) {
    std::map<std::string, AmountSum> sums;
    for (const SettlementBucket& bucket : settlement.buckets) {
        const SettlementLabel& label = settlement.labels.at(bucket.label);
        std::string name = label.transaction_type + "|" + label.amount_type + "|" +
                           label.description + "|" + label.marketplace;
        if (!label.order_marketplace.empty()) name += "(" + label.order_marketplace + ")";
        sums[name] += bucket.sum;
    }
    std::map<std::string, std::string> texts;
    for (const auto& [name, sum] : sums) texts[name] = to_decimal(sum, settlement.digits).text();
    return texts;
}

Error refused(const std::string& text) {
    const Result<SettlementFile> file = settlements_in(text);
    REQUIRE_FALSE(file);
    CHECK(file.error().error_class == ErrorClass::Rejected);
    return file.error();
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

std::string all_replaced(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

}  // namespace

TEST_CASE("a settlement is added up by label, to the cent", "[settlement]") {
    const Settlement read = only(worked_example().text);
    CHECK(read.id == "27000000001");
    CHECK(read.currency == "USD");
    REQUIRE(read.header);
    CHECK(read.header->line == 2);
    CHECK(read.header->start == "2026-06-01 05:23:19 UTC");
    CHECK(day_text(read.header->deposit_day) == "2026-06-17");
    CHECK(to_decimal(read.header->total, 2).text() == "52.00");
    CHECK(total_of(read) == "52.00");
    CHECK(read.rows == 18);
    CHECK(read.orders == 1);
    CHECK(read.refunds == 1);
    const auto sums = sums_of(read);
    CHECK(sums.size() == 18);
    CHECK(sums.at("Order|ItemPrice|Principal|Amazon.com") == "50.00");
    CHECK(sums.at("Refund|ItemFees|Commission|Amazon.com") == "3.00");
    CHECK(sums.at("other-transaction|other-transaction|Current Reserve Amount|") == "-60.00");
}

TEST_CASE("rows of one label are added up by day", "[settlement]") {
    SettlementText file;
    file.header("3.00")
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "1.25")
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "1.00",
                {{"posted-date", "2026-06-04"}})
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "0.75");
    const Settlement read = only(file.text);
    REQUIRE(read.buckets.size() == 2);
    CHECK(day_text(read.buckets[0].day) == "2026-06-03");
    CHECK(to_decimal(read.buckets[0].sum, 2).text() == "2.00");
    CHECK(read.buckets[0].rows == 2);
    CHECK(read.buckets[0].first_line == 3);
    CHECK(day_text(read.buckets[1].day) == "2026-06-04");
}

TEST_CASE("European files have commas and their days the other way round", "[settlement]") {
    SettlementText file;
    file.row({{"settlement-id", "25719799032"},
              {"settlement-start-date", "06.10.2025 16:43:13 UTC"},
              {"settlement-end-date", "13.10.2025 16:52:26 UTC"},
              {"deposit-date", "15.10.2025 16:52:26 UTC"},
              {"total-amount", "1141,18"},
              {"currency", "EUR"}})
        .amount("Order", "304-1695749-8853900", "ItemPrice", "Principal", "1142,23",
                {{"settlement-id", "25719799032"}, {"posted-date", "07.10.2025"}})
        .amount("Order", "304-1695749-8853900", "ItemFees", "Commission", "-1,05",
                {{"settlement-id", "25719799032"}, {"posted-date", "07.10.2025"}});
    const Settlement read = only(file.text);
    CHECK(total_of(read) == "1141.18");
    CHECK(day_text(read.header->start_day) == "2025-10-06");
    CHECK(day_text(read.buckets[0].day) == "2025-10-07");
}

TEST_CASE("yen have no digits behind the point, and may be written with some", "[settlement]") {
    SettlementText file;
    file.header("1200", "JPY")
        .amount("Order", "503-1111111-1111111", "ItemPrice", "Principal", "1500.00")
        .amount("Order", "503-1111111-1111111", "ItemFees", "Commission", "-300.0");
    const Settlement read = only(file.text);
    CHECK(read.digits == 0);
    CHECK(total_of(read) == "1200");
    const Error error = refused(replaced(file.text, "-300.0", "-300.5"));
    CHECK(error.code == "settlement.row");
    CHECK_THAT(error.message, Contains("line 4") && Contains("1 digits") && Contains("JPY has 0"));
}

TEST_CASE("a mark of thousands is not taken for a decimal mark", "[settlement]") {
    SettlementText yen;
    yen.header("3,000", "JPY")
        .amount("Order", "", "ItemPrice", "Principal", "1,000")
        .amount("Order", "", "ItemPrice", "Principal", "2,000");
    CHECK_THAT(refused(yen.text).message, Contains("3 digits") && Contains("JPY has 0"));
    SettlementText euros;
    euros.header("2.000", "EUR")
        .amount("Order", "", "ItemPrice", "Principal", "1.000")
        .amount("Order", "", "ItemPrice", "Principal", "1.000");
    CHECK(refused(euros.text).code == "settlement.row");
    SettlementText dinars;
    dinars.header("2.500", "KWD").amount("Order", "", "ItemPrice", "Principal", "2.500");
    CHECK(total_of(only(dinars.text)) == "2.500");
}

TEST_CASE("columns are found by name: moved, left out, new, padded", "[settlement]") {
    std::vector<std::string> moved = v2_columns();
    std::reverse(moved.begin(), moved.end());
    const auto expected = sums_of(only(worked_example().text));
    CHECK(sums_of(only(worked_example(moved).text)) == expected);

    std::vector<std::string> reduced{"settlement-id",       "settlement-start-date",
                                     "settlement-end-date", "deposit-date",
                                     "total-amount",        "currency",
                                     "transaction-type",    "order-id",
                                     "marketplace-name",    "amount-type",
                                     "amount-description",  "amount",
                                     "posted-date",         "a-new-column"};
    CHECK(sums_of(only(worked_example(reduced).text)) == expected);

    std::string padded;
    for (const char c : worked_example().text) {
        if (c == '\t' || c == '\n') padded += "  ";
        padded += c;
        if (c == '\t') padded += ' ';
    }
    CHECK(sums_of(only(padded)) == expected);
    CHECK(sums_of(only(all_replaced(worked_example().text, "\n", "\r\n"))) == expected);
    CHECK(sums_of(only("\xEF\xBB\xBF" + worked_example().text)) == expected);
}

TEST_CASE("empty fields at a row's end may be missing", "[settlement]") {
    std::string cut;
    std::string line;
    for (const char c : worked_example().text) {
        if (c != '\n') {
            line += c;
            continue;
        }
        while (line.ends_with('\t')) line.pop_back();
        cut += line + "\n";
        line.clear();
    }
    CHECK(total_of(only(cut)) == "52.00");
}

TEST_CASE("the total may stand in any row, and settlements in any order", "[settlement]") {
    SettlementText last;
    last.amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-1.00")
        .header("-1.00");
    CHECK(total_of(only(last.text)) == "-1.00");

    SettlementText both;
    both.header("5.00", "USD", "1")
        .header("-7.50", "CAD", "2")
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "2.00",
                {{"settlement-id", "1"}})
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-7.50",
                {{"settlement-id", "2"}})
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "3.00",
                {{"settlement-id", "1"}});
    const Result<SettlementFile> file = settlements_in(both.text);
    REQUIRE(file);
    REQUIRE(file->settlements.size() == 2);
    CHECK(file->settlements[0].id == "1");
    CHECK(total_of(file->settlements[0]) == "5.00");
    CHECK(file->settlements[1].currency == "CAD");
    CHECK(total_of(file->settlements[1]) == "-7.50");
}

TEST_CASE("a row without a marketplace has that of its order, named before or after",
          "[settlement]") {
    const std::string order = "701-0590237-2315442";
    SettlementText file;
    file.header("4.00", "CAD")
        .amount("Order", order, "ItemFees", "Commission", "-1.00", {{"marketplace-name", ""}})
        .amount("Order", order, "ItemPrice", "Principal", "6.00",
                {{"marketplace-name", "Amazon.ca"}})
        .amount("Order", order, "ItemFees", "ShippingHB", "-0.50", {{"marketplace-name", ""}})
        .amount("Order", "D47xQ", "ItemFees", "FBA transportation fee", "-0.50",
                {{"marketplace-name", ""}});
    const auto sums = sums_of(only(file.text));
    CHECK(sums ==
          std::map<std::string, std::string>{{"Order|ItemFees|Commission|(Amazon.ca)", "-1.00"},
                                             {"Order|ItemPrice|Principal|Amazon.ca", "6.00"},
                                             {"Order|ItemFees|ShippingHB|(Amazon.ca)", "-0.50"},
                                             {"Order|ItemFees|FBA transportation fee|", "-0.50"}});
}

TEST_CASE("an order whose rows name two marketplaces is noted", "[settlement]") {
    const std::string order = "701-0590237-2315442";
    SettlementText file;
    file.header("5.00", "CAD")
        .amount("Order", order, "ItemPrice", "Principal", "6.00",
                {{"marketplace-name", "Amazon.ca"}})
        .amount("Order", order, "ItemFees", "Commission", "-1.00",
                {{"marketplace-name", "Amazon.com"}});
    const Settlement read = only(file.text);
    REQUIRE(read.contradictions.size() == 1);
    CHECK(read.contradictions[0].line == 4);
    CHECK(read.contradictions[0].order == order);
    CHECK(read.contradictions[0].marketplace == "Amazon.ca");
    CHECK(read.contradictions[0].other == "Amazon.com");
}

TEST_CASE("orders are counted once, wherever their rows stand", "[settlement]") {
    SettlementText file;
    file.header("7000.00");
    for (int round = 0; round < 2; ++round)
        for (int order = 0; order < 3500; ++order) {
            std::string digits = std::to_string(1'000'000 + order);
            file.amount("Order", "111-1111111-" + digits, "ItemPrice", "Principal", "1.00");
        }
    file.amount("Order", "S01-fee", "ShipmentFees", "FBA transportation fee", "0.00");
    file.amount("Order", "S01-fee", "ShipmentFees", "FBA transportation fee", "0.00");
    const Settlement read = only(file.text);
    CHECK(read.orders == 3501);
    CHECK(total_of(read) == "7000.00");
}

TEST_CASE("V1 has several amounts in a row", "[settlement]") {
    const std::vector<std::string> columns{"settlement-id",
                                           "settlement-start-date",
                                           "settlement-end-date",
                                           "deposit-date",
                                           "total-amount",
                                           "currency",
                                           "transaction-type",
                                           "order-id",
                                           "marketplace-name",
                                           "posted-date",
                                           "sku",
                                           "quantity-purchased",
                                           "price-type",
                                           "price-amount",
                                           "item-related-fee-type",
                                           "item-related-fee-amount",
                                           "misc-fee-amount",
                                           "other-amount"};
    SettlementText file(columns);
    file.header("16.27")
        .row({{"settlement-id", "27000000001"},
              {"transaction-type", "Order"},
              {"order-id", "111-1111111-1111111"},
              {"marketplace-name", "Amazon.com"},
              {"posted-date", "2025-08-18T02:48:54+00:00"},
              {"quantity-purchased", "1"}})
        .row({{"settlement-id", "27000000001"},
              {"transaction-type", "Order"},
              {"order-id", "111-1111111-1111111"},
              {"marketplace-name", "Amazon.com"},
              {"posted-date", "2025-08-18T02:48:54+00:00"},
              {"price-type", "Principal"},
              {"price-amount", "19.99"},
              {"item-related-fee-type", "Commission"},
              {"item-related-fee-amount", "-3.22"},
              {"misc-fee-amount", "-0.50"}});
    const Result<SettlementFile> read = settlements_in(file.text);
    REQUIRE(read);
    CHECK(read->format == SettlementFormat::FlatV1);
    CHECK(read->settlements[0].rows == 2);
    CHECK(read->settlements[0].orders == 1);
    CHECK(sums_of(read->settlements[0]) ==
          std::map<std::string, std::string>{
              {"Order|price-amount|Principal|Amazon.com", "19.99"},
              {"Order|item-related-fee-amount|Commission|Amazon.com", "-3.22"},
              {"Order|misc-fee-amount||Amazon.com", "-0.50"}});
}

TEST_CASE("a settlement without its total is read, and lacks it", "[settlement]") {
    SettlementText file;
    file.amount("Order", "171-3000000-2000000", "ItemPrice", "Principal", "249.90",
                {{"currency", "EUR"}});
    const Settlement read = only(file.text);
    CHECK_FALSE(read.header);
    CHECK(read.currency == "EUR");
    CHECK(total_of(read) == "249.90");
}

TEST_CASE("what is no settlement is refused, and told what to get", "[settlement]") {
    CHECK(refused("").code == "settlement.empty");
    CHECK(refused(SettlementText().text).code == "settlement.empty");
    const Error xml = refused("<?xml version=\"1.0\"?>\n<AmazonEnvelope/>\n");
    CHECK(xml.code == "settlement.xml");
    CHECK_THAT(xml.message, Contains("Flat File V2"));
    CHECK(refused("\"Includes Amazon Marketplace, Fulfillment by Amazon (FBA)\"\n").code ==
          "settlement.other_report");
    CHECK(refused("\"date/time\",\"settlement id\",\"type\"\n").code == "settlement.other_report");
    CHECK(refused(all_replaced(worked_example().text, "\t", ",")).code == "settlement.not_tabs");
    const Error orders = refused("order-id\tpurchase-date\tsku\n1\t2\t3\n");
    CHECK(orders.code == "settlement.columns");
    CHECK_THAT(orders.message, Contains("settlement-id") && Contains("order-id purchase-date sku"));
    CHECK(refused("amount\t" + SettlementText().text).code == "settlement.columns");
}

TEST_CASE("a row that cannot be read is refused with line, column and value", "[settlement]") {
    const std::string good = worked_example().text;
    struct Broken {
        const char* what;
        const char* with;
        const char* column;
    };
    for (const Broken& broken :
         {Broken{"\t-4.13\t", "\t-4.1E3\t", "amount"}, Broken{"\t-4.13\t", "\t-4,13\t", "amount"},
          Broken{"\t-4.13\t", "\t\t", "amount"}, Broken{"\t-4.13\t", "\t1,234.00\t", "amount"},
          Broken{"\t-4.13\t", "\t- 4.13\t", "amount"},
          Broken{"\t-4.13\t", "\t-4.13001\t", "amount"},
          Broken{"\t-4.13\t", "\t1234567890123.00\t", "amount"},
          Broken{"\t-4.13\t", "\t99999999999999999999999999\t", "amount"},
          Broken{"\t52.00\t", "\t52.0O\t", "total-amount"},
          Broken{"2026-06-15 05:23:19 UTC", "2026-06-31 05:23:19 UTC", "settlement-end-date"},
          Broken{"2026-06-17 05:23:19 UTC", "2026-06-17 05:23:19 PST", "deposit-date"},
          Broken{"\t2026-06-03\t", "\t06/03/2026\t", "posted-date"},
          Broken{"\tUSD\t", "\t\t", "currency"}, Broken{"\tOrder\t", "\t\t", "transaction-type"},
          Broken{"\n27000000001\t\t", "\n\t\t", "settlement-id"}}) {
        INFO(broken.with);
        const Error error = refused(replaced(good, broken.what, broken.with));
        CHECK(error.code == "settlement.row");
        CHECK_THAT(error.message, Contains("line ") && Contains(broken.column));
    }
}

TEST_CASE("what was cut short or put together is refused", "[settlement]") {
    const std::string good = worked_example().text;
    // In the middle of the last row; at its end nothing but the sum tells.
    CHECK(refused(good.substr(0, good.rfind("other-transaction"))).code == "settlement.row_cut");
    CHECK(refused(good.substr(0, good.rfind("Storage Fee") - 3)).code == "settlement.row_cut");
    CHECK(refused(replaced(good, "\t-3.95\t", "\t-3.95\t\t")).code == "settlement.row");
    const Error joined = refused(good + SettlementText().header("1.00").text);
    CHECK(joined.code == "settlement.header_twice");
    CHECK_THAT(joined.message, Contains("two files were put together"));
    SettlementText twice;
    twice.header("1.00").header("1.00");
    CHECK(refused(twice.text).code == "settlement.header_twice");
    // Amazon's own copy of the currency in each row is no contradiction, another currency is.
    SettlementText foreign;
    foreign.header("1.00").amount("Order", "", "ItemPrice", "Principal", "1.00",
                                  {{"currency", "USD"}});
    CHECK(total_of(only(foreign.text)) == "1.00");
    CHECK(refused(replaced(foreign.text, "USD\tOrder", "EUR\tOrder")).code == "settlement.row");
}

TEST_CASE("a file of nothing but different descriptions is none of Amazon's", "[settlement]") {
    SettlementText file;
    file.header("0.00");
    for (int i = 0; i < 20'001; ++i)
        file.amount("Order", "", "ItemFees", std::to_string(i), "0.00");
    CHECK(refused(file.text).code == "settlement.labels");
}
