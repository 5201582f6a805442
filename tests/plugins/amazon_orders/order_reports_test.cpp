// SPDX-License-Identifier: Apache-2.0
// Orders out of the order report: which rows are enough, and when the order itself is asked for.
#include "plugins/amazon_orders/orders_source.hpp"
#include "tests/plugins/support/report_bench.hpp"

#include <map>

namespace carrick::plugins::testing {
namespace {

using Catch::Matchers::Contains;
using Row = std::map<std::string, std::string>;

const carrick_plugin* entry() {
    return sdk::plugin_descriptor<&make_orders_source>("amazon_orders", "0.1.0");
}

Json config(const std::vector<std::string>& stores, const std::string& included = "TAX") {
    Json marketplaces = Json::object();
    for (const std::string& store : stores)
        marketplaces.set(store,
                         Json::parse(R"({"orders":{"included_data":["PROCEEDS",")" + included +
                                     R"("],"reports":
            {"order":"invoicing","tax_collection":"seller","every_minutes":60}}})")
                             .value());
    return Json::object({{"flow", Json("orders")},
                         {"origin", Json("NA1")},
                         {"partition", Json("")},
                         {"marketplaces", marketplaces},
                         {"start", Json("2026-11-01T00:00:00Z")}});
}

class OrdersBench : public ReportBench {
public:
    explicit OrdersBench(const std::vector<std::string>& stores = {"US"},
                         const std::string& included = "TAX")
        : ReportBench("amazon_orders", &entry, config(stores, included), "order_report") {}
    std::string& report() { return amazon.texts["GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING"]; }
    /// The Orders API knows this order.
    void knows(const std::string& id) {
        amazon.orders[id] = Json::parse(R"({"orderId":")" + id + R"(",
            "createdTime":"2026-11-10T08:00:00Z","lastUpdatedTime":"2026-11-10T09:00:00Z",
            "salesChannel":{"channelName":"AMAZON","marketplaceId":"ATVPDKIKX0DER"},
            "proceeds":{"grandTotal":{"amount":"7.00","currencyCode":"USD"}}})")
                                .value();
    }
    [[nodiscard]] std::size_t asked() const { return amazon.count("amazon.orders.get"); }
};

/// The columns of the report with all amounts; `without`: but these.
std::vector<std::pair<std::string, std::string>> columns(const std::vector<std::string>& without) {
    std::vector<std::pair<std::string, std::string>> all{
        {"order-id", "111-1111111-1111111"},
        {"order-item-id", "10000000000001"},
        {"purchase-date", "2026-11-10T00:30:00-08:00"},
        {"payments-date", "2026-11-10T00:45:00-08:00"},
        {"payment-method-details", "CreditCard"},
        {"sku", "ROPE-10M"},
        {"quantity-purchased", "2"},
        {"currency", "USD"},
        {"item-price", "39.98"},
        {"item-tax", "0.00"},
        {"shipping-price", "5.00"},
        {"shipping-tax", "0.00"},
        {"gift-wrap-price", ""},
        {"gift-wrap-tax", ""},
        {"item-promotion-discount", "4.00"},
        {"item-promotion-id", "AUTUMN"},
        {"ship-promotion-discount", ""},
        {"ship-promotion-id", ""},
        {"is-business-order", "false"},
        {"buyer-vat-number", ""},
        {"buyer-tax-registration-id", ""},
        {"buyer-tax-registration-country", ""},
        {"buyer-tax-registration-type", ""},
        {"sales-channel", "Amazon.com"}};
    std::erase_if(all, [&](const auto& column) {
        return std::ranges::find(without, column.first) != without.end();
    });
    return all;
}

std::string header(const std::vector<std::string>& without = {}) {
    std::string text;
    for (const auto& [name, usual] : columns(without)) text += (text.empty() ? "" : "\t") + name;
    return text + "\n";
}

std::string row(const Row& values, const std::vector<std::string>& without = {}) {
    std::string text;
    bool first = true;
    for (const auto& [name, usual] : columns(without)) {
        const auto own = values.find(name);
        text += (first ? "" : "\t") + (own == values.end() ? usual : own->second);
        first = false;
    }
    return text + "\n";
}

TEST_CASE("a row with all amounts is an order, without a call for it", "[order_reports]") {
    OrdersBench bench;
    bench.report() = header() + row({});
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.asked() == 0);
    CHECK(bench.records[0].key == "111-1111111-1111111");
    CHECK(bench.records[0].partition == "US");
    CHECK(bench.records[0].value == "40.98 USD");  // 39.98 + 5.00 - 4.00
    CHECK(bench.records[0].event_time.text() == "2026-11-10T08:30:00Z");
    CHECK(bench.body(0)["fulfillment"]["fulfilledBy"].text() == "MERCHANT");
}

TEST_CASE("further promotions of a line stand in rows of their own", "[order_reports]") {
    OrdersBench bench;
    Row further;
    for (const auto& [name, usual] : columns({}))
        if (name != "order-id" && name != "order-item-id") further[name] = "";
    further["item-promotion-discount"] = "1.50";
    further["item-promotion-id"] = "SECOND";
    bench.report() = header() + row({}) + row(further);
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.records[0].value == "39.48 USD");  // 39.98 + 5.00 - 4.00 - 1.50
    CHECK(bench.body(0)["orderItems"][0]["quantityOrdered"].integer_if() == 2);
    CHECK(bench.body(0)["orderItems"][0]["promotion"]["breakdowns"].size() == 2);
}

// A promotion that the report cannot show would make the order too dear, and nobody would see it.
TEST_CASE("a report without columns for promotions or gift wrap is no source of amounts",
          "[order_reports]") {
    const std::string missing = GENERATE(as<std::string>(), "item-promotion-discount",
                                         "ship-promotion-discount", "gift-wrap-price");
    INFO(missing);
    OrdersBench bench;
    bench.knows("111-1111111-1111111");
    bench.report() = header({missing}) + row({}, {missing});
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.asked() == 1);
    CHECK(bench.records[0].value == "7.00 USD");  // as the API says
}

// One public file states promotions without their tax, beside prices that hold it.
TEST_CASE("a promotion off a price that holds tax is asked for", "[order_reports]") {
    OrdersBench bench({"DE"});
    bench.knows("111-1111111-1111111");
    bench.report() = header() +
                     row({{"sales-channel", "Amazon.de"},
                          {"currency", "EUR"},
                          {"item-tax", "5.74"},
                          {"shipping-tax", "0.80"}}) +
                     row({{"order-id", "302-2"},
                          {"sales-channel", "Amazon.de"},
                          {"currency", "EUR"},
                          {"item-tax", "6.38"},
                          {"item-promotion-discount", ""}});
    bench.run_to_idle();
    CHECK(bench.asked() == 1);
}

TEST_CASE("an order paid on delivery is asked for, because no report names the fee",
          "[order_reports]") {
    OrdersBench bench;
    bench.knows("111-1111111-1111111");
    bench.report() = header() + row({{"payment-method-details", "CashOnDelivery"}});
    bench.run_to_idle();
    CHECK(bench.asked() == 1);
}

TEST_CASE("an order whose SKU lost letters to the encoding is asked for", "[order_reports]") {
    OrdersBench bench;
    bench.knows("111-1111111-1111111");
    bench.report() = header() + row({{"sku", "5M-???"}});
    bench.run_to_idle();
    CHECK(bench.asked() == 1);
}

// A report is read once, and the next one begins where it ended: the order would be lost to it.
TEST_CASE("a buyer's tax numbers are those that the Orders API would have stated",
          "[order_reports]") {
    struct Case {
        Row row;
        const char* stated;
    };
    const Case each = GENERATE(
        Case{{{"buyer-tax-registration-id", "FR12345678901"},
              {"buyer-tax-registration-country", "FR"},
              {"buyer-tax-registration-type", "vat"},
              {"buyer-vat-number", "FR12345678901"}},
             R"([{"entityType":"BUYER","taxRegistrationType":"VAT",
                  "taxRegistrationNumber":"FR12345678901","address":{"countryCode":"FR"}}])"},
        Case{{{"buyer-vat-number", "ATU12345678"}},
             R"([{"entityType":"BUYER","taxRegistrationType":"VAT",
                  "taxRegistrationNumber":"ATU12345678"}])"},
        Case{{{"buyer-tax-registration-id", "ATU12345678"}, {"buyer-vat-number", "ATU12345678"}},
             R"([{"entityType":"BUYER","taxRegistrationType":"VAT",
                  "taxRegistrationNumber":"ATU12345678"}])"},
        Case{{{"buyer-tax-registration-id", "11222333000181"},
              {"buyer-tax-registration-country", "BR"},
              {"buyer-tax-registration-type", "CNPJ"}},
             R"([{"entityType":"BUYER","taxRegistrationType":"CNPJ",
                  "taxRegistrationNumber":"11222333000181","address":{"countryCode":"BR"}}])"});
    OrdersBench bench;
    bench.report() = header() + row(each.row);
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.asked() == 0);
    CHECK(bench.body(0)["tax"]["taxRegistrations"] == Json::parse(each.stated).value());
}

TEST_CASE("a consumer's order has no tax numbers, and none are asked for", "[order_reports]") {
    OrdersBench bench;
    bench.report() = header() + row({});
    bench.run_to_idle();
    CHECK(bench.asked() == 0);
    CHECK(bench.body(0)["tax"].is_null());
}

TEST_CASE("a business's order in a report without columns for tax numbers is asked for",
          "[order_reports]") {
    const std::vector<std::string> none{"buyer-vat-number", "buyer-tax-registration-id",
                                        "buyer-tax-registration-country",
                                        "buyer-tax-registration-type"};
    const bool wanted = GENERATE(true, false);
    OrdersBench bench({"US"}, wanted ? "TAX" : "PROMOTION");
    bench.knows("111-1111111-1111111");
    bench.report() = header(none) + row({{"is-business-order", "true"}}, none) +
                     row({{"order-id", "111-2"}}, none);
    bench.run_to_idle();
    CHECK(bench.asked() == (wanted ? 1 : 0));
}

TEST_CASE("a tax number of a kind that nobody states is asked for", "[order_reports]") {
    OrdersBench bench;
    bench.knows("111-1111111-1111111");
    bench.report() = header() + row({{"buyer-tax-registration-id", "12345678901"}});
    bench.run_to_idle();
    CHECK(bench.asked() == 1);
}

TEST_CASE("an order whose row cannot be read is asked for, and the row is said",
          "[order_reports]") {
    OrdersBench bench;
    bench.knows("111-1111111-1111111");
    bench.report() = header() + row({{"sku", "ROPE\t10M"}, {"sales-channel", "Amazon.com"}});
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.records[0].value == "7.00 USD");
    REQUIRE(bench.amazon.logged.size() == 1);
    CHECK_THAT(bench.amazon.logged[0], Contains("line 2 has 25 fields, the header 24"));
}

TEST_CASE(
    "a row that cannot be read, of an order that the API refuses, is a record of its own store",
    "[order_reports]") {
    OrdersBench bench({"CA", "US"});
    bench.report() =
        header() + row({{"item-price", "39,98"}}) + row({{"order-id", "111-2222222-2222222"}});
    bench.run_to_idle();
    // Both stores got the same text; what is of the US is, whoever reports it.
    REQUIRE(bench.records.size() >= 2);
    for (const store::Record& record : bench.records) {
        if (record.key != "111-1111111-1111111") continue;
        const Json body = Json::parse(record.body).value();
        CHECK_THAT(body["unreadable"].text(), Contains("line 2, item-price: expected an amount"));
        CHECK(record.partition == body["marketplace"].text());
        CHECK(record.version.text() == "2026-11-01T00:00:00Z");
    }
}

/// The report of all orders, which only tells which orders there are.
class GapsBench : public ReportBench {
public:
    GapsBench() : ReportBench("amazon_orders", &entry, gaps_config(), "all_orders_report") {}
    void row(const std::string& id, const std::string& status, const std::string& channel,
             const std::string& store) {
        std::string& text = amazon.texts["GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"];
        if (text.empty())
            text = "amazon-order-id\torder-status\tfulfillment-channel\tsales-channel\n";
        text += id + "\t" + status + "\t" + channel + "\t" + store + "\n";
    }

private:
    static Json gaps_config() {
        const Json settings = Json::parse(R"({"orders":{"reports":{"all_orders":true}}})").value();
        Json all = config({"US"});
        all.set("marketplaces", Json::object({{"CA", settings}, {"US", settings}}));
        return all;
    }
};

TEST_CASE("an order that the API refuses although Amazon reports it is an error of its own",
          "[order_reports][gaps]") {
    GapsBench bench;
    bench.row("111-1111111-1111111", "Unshipped", "Merchant", "Amazon.com");
    bench.row("111-2222222-2222222", "Shipped", "Amazon", "Amazon.com");
    bench.run_to_idle();
    // Both stores' reports hold the same text; what is of the US is, whoever reports it.
    REQUIRE(bench.records.size() == 4);
    for (const store::Record& record : bench.records) {
        CHECK(record.partition == "US");
        CHECK(record.version.text() == "2026-11-01T00:00:00Z");  // older than the order itself
        const Json body = Json::parse(record.body).value();
        CHECK_THAT(body["unreadable"].text(),
                   Contains("no such order") && Contains("carrick sync order " + record.key));
        CHECK(body["fulfillment"]["fulfilledBy"].text() ==
              (record.key.starts_with("111-1") ? "MERCHANT" : "AMAZON"));
    }
}

TEST_CASE("a gap is an order that no flow knows, of a store that is read and no longer pending",
          "[order_reports][gaps]") {
    GapsBench bench;
    bench.amazon.linked = {"111-3333333-3333333"};
    bench.row("111-3333333-3333333", "Unshipped", "Merchant", "Amazon.com");
    bench.row("111-4444444-4444444", "Pending", "Merchant", "Amazon.com");
    bench.row("111-5555555-5555555", "Canceled", "Merchant", "Amazon.com");
    bench.row("302-6666666-6666666", "Shipped", "Amazon", "Amazon.de");
    bench.row("S01-7", "Shipped", "Amazon", "Non-Amazon US");
    bench.run_to_idle();
    CHECK(bench.records.empty());
    CHECK(bench.amazon.count("amazon.orders.get") == 0);
}

}  // namespace
}  // namespace carrick::plugins::testing
