// SPDX-License-Identifier: Apache-2.0
// What the rows of the shipments report become.
#include "tests/plugins/fba_shipments/shipments_bench.hpp"

namespace carrick::plugins::testing {
namespace {

using Catch::Matchers::Contains;

/// Units at 709.72 with a promotion of 234.21 each, and 16 % of IVA on what is left.
Json promoted_order(const std::string& units, const std::string& total) {
    return Json::parse(R"({"orderItems":[{"orderItemId":"10000000000001","quantityOrdered":)" +
                       units + R"(,"proceeds":{
        "proceedsTotal":{"amount":")" +
                       total + R"(","currencyCode":"MXN"},
        "breakdowns":[
          {"type":"ITEM","subtotal":{"amount":"1419.44","currencyCode":"MXN"}},
          {"type":"DISCOUNT","subtotal":{"amount":"-468.42","currencyCode":"MXN"}},
          {"type":"TAX","subtotal":{"amount":"152.18","currencyCode":"MXN"}}]}}]})")
        .value();
}

TEST_CASE("a shipment's rows become one record with its units, date and centre",
          "[fba_shipments]") {
    ShipmentsBench bench;
    bench.report() = shipment_header() +
                     shipment_row({{"item-price", "39.98"},
                                   {"quantity-shipped", "2"},
                                   {"item-promotion-discount", "-4.00"}}) +
                     shipment_row({{"shipment-item-id", "DBBB2"},
                                   {"amazon-order-item-id", "10000000000002"},
                                   {"sku", "ANCHOR"},
                                   {"item-price", "50.00"},
                                   {"shipping-price", "5.00"}});
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    const store::Record& record = bench.records[0];
    CHECK(record.type == "amazon.fba_shipment/1");
    CHECK(record.key == "DAAA11111");
    CHECK(record.partition == "US");
    CHECK(record.event_time.text() == "2026-11-11T03:15:00Z");
    CHECK(record.version.text() == "2026-11-11T05:00:00Z");
    CHECK(record.value == "90.98 USD");  // 39.98 - 4.00 + 50.00 + 5.00
    const Json body = bench.body(0);
    CHECK(body["orderId"].text() == "111-1111111-1111111");
    CHECK(body["fulfillment"]["fulfilledBy"].text() == "AMAZON");
    CHECK(body["fulfillment"]["fulfillmentStatus"].text() == "SHIPPED");
    CHECK(body["orderItems"].size() == 2);
    CHECK(body["orderItems"][0]["quantityOrdered"].integer_if() == 2);
    CHECK(body["orderItems"][0]["product"]["title"].text() == "Rope 10\" m");
    CHECK(body["shipment"] == Json::parse(R"({"shipmentId":"DAAA11111",
        "shipmentDate":"2026-11-11T03:15:00Z","fulfillmentCenterId":"PHX7",
        "items":[{"orderItemId":"10000000000001","shipmentItemId":"DBBB11111","quantity":2},
                 {"orderItemId":"10000000000002","shipmentItemId":"DBBB2","quantity":1}],
        "packages":[{"carrier":"UPS","trackingNumber":"1Z999"}]})")
                                  .value());
}

TEST_CASE("tax inside a price is what the promotion left of it", "[fba_shipments]") {
    ShipmentsBench bench({"MX"});
    // Half of the order, whose promotion took 271.69 with its tax off each unit.
    // 823.29 - 271.69 = 551.60, with 76.09 of IVA in it (16 %). The promotion took off 37.48 of
    // IVA: 271.69 x 76.09 / 551.60. So the price held 113.57, and is 709.72 without.
    bench.report() = shipment_header() + shipment_row({{"sales-channel", "Amazon.com.mx"},
                                                       {"currency", "MXN"},
                                                       {"item-price", "823.29"},
                                                       {"item-tax", "76.09"},
                                                       {"item-promotion-discount", "-271.69"}});
    bench.amazon.orders["111-1111111-1111111"] = promoted_order("2", "1103.20");
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.records[0].value == "551.60 MXN");
    const Json tax = bench.body(0)["orderItems"][0]["proceeds"]["breakdowns"][1];
    CHECK(tax["subtotal"]["amount"].text() == "76.09");
    CHECK(tax["detailedBreakdowns"][0]["value"]["amount"].text() == "113.57");
    CHECK(tax["detailedBreakdowns"][1]["subtype"].text() == "DISCOUNT");
    CHECK(tax["detailedBreakdowns"][1]["value"]["amount"].text() == "-37.48");
}

TEST_CASE("an item that left as a whole has the amounts of its order", "[fba_shipments]") {
    ShipmentsBench bench({"MX"});
    // The report states 468.42 off, without tax: read with it, the parcel would be worth 1178.16.
    bench.report() = shipment_header() + shipment_row({{"sales-channel", "Amazon.com.mx"},
                                                       {"currency", "MXN"},
                                                       {"quantity-shipped", "2"},
                                                       {"item-price", "1646.58"},
                                                       {"item-tax", "152.18"},
                                                       {"item-promotion-discount", "-468.42"}});
    bench.amazon.orders["111-1111111-1111111"] = promoted_order("2", "1103.20");
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.records[0].value == "1103.20 MXN");
    CHECK(bench.body(0)["orderItems"][0]["proceeds"] ==
          promoted_order("2", "1103.20")["orderItems"][0]["proceeds"]);
}

TEST_CASE("a part of an item whose promotion stands without its tax is refused, not guessed",
          "[fba_shipments]") {
    ShipmentsBench bench({"MX"});
    bench.report() = shipment_header() + shipment_row({{"sales-channel", "Amazon.com.mx"},
                                                       {"currency", "MXN"},
                                                       {"item-price", "823.29"},
                                                       {"item-tax", "76.09"},
                                                       {"item-promotion-discount", "-234.21"}});
    bench.amazon.orders["111-1111111-1111111"] = promoted_order("2", "1103.20");
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK_THAT(bench.body(0)["unreadable"].text(), Contains("234.21 MXN on the goods") &&
                                                       Contains("1 of 2 units") &&
                                                       Contains("per: order"));
}

/// Three units at 10.00 with a promotion of 3.00, and shipping of 6.00 with one of 2.40: all with
/// 20 % of tax in it, as the Orders API states it without.
Json shipped_with_promotions() {
    return Json::parse(R"({"orderItems":[{"orderItemId":"10000000000001","quantityOrdered":3,
        "proceeds":{"proceedsTotal":{"amount":"30.60","currencyCode":"GBP"},"breakdowns":[
          {"type":"ITEM","subtotal":{"amount":"25.00","currencyCode":"GBP"}},
          {"type":"SHIPPING","subtotal":{"amount":"5.00","currencyCode":"GBP"}},
          {"type":"DISCOUNT","subtotal":{"amount":"-4.50","currencyCode":"GBP"},
           "detailedBreakdowns":[
             {"subtype":"ITEM","value":{"amount":"-2.50","currencyCode":"GBP"}},
             {"subtype":"SHIPPING","value":{"amount":"-2.00","currencyCode":"GBP"}}]},
          {"type":"TAX","subtotal":{"amount":"5.10","currencyCode":"GBP"},
           "detailedBreakdowns":[
             {"subtype":"ITEM","value":{"amount":"5.00","currencyCode":"GBP"}},
             {"subtype":"SHIPPING","value":{"amount":"1.00","currencyCode":"GBP"}},
             {"subtype":"DISCOUNT","value":{"amount":"-0.90","currencyCode":"GBP"}}]}]}}]})")
        .value();
}

TEST_CASE("promotions of goods and of shipping are each compared with the order's",
          "[fba_shipments]") {
    struct Case {
        const char* what;
        const char* goods;
        const char* shipping_price;
        const char* shipping;
        const char* becomes;  // the parcel's value, or what is said of it
    };
    // One unit of three, whose share of the goods' promotion is 1.00 with tax and 0.83 without; of
    // the shipping's 0.80 and 0.67.
    const Case each = GENERATE(
        Case{"by units", "1.00", "2.00", "0.80", "10.20 GBP"},
        Case{"a cent off", "0.99", "2.00", "0.81", "10.20 GBP"},
        Case{"all shipping in this parcel", "1.00", "6.00", "2.40", "12.60 GBP"},
        Case{"all of both", "3.00", "6.00", "2.40", "10.60 GBP"},
        Case{"none here", "0.00", "0.00", "0.00", "10.00 GBP"},
        Case{"free shipping is free either way", "1.00", "1.67", "1.67", "9.00 GBP"},
        Case{"goods without tax", "0.83", "2.00", "0.80", "0.83 GBP on the goods"},
        Case{"a shipping promotion makes up for it", "0.83", "6.00", "2.40",
             "0.83 GBP on the goods"},
        Case{"shipping without tax", "1.00", "2.00", "0.67", "0.67 GBP on the shipping"},
        Case{"all shipping without tax", "1.00", "6.00", "2.00", "2.00 GBP on the shipping"},
        Case{"two cents off", "1.02", "2.00", "0.80", "1.02 GBP on the goods"},
        Case{"another unit's", "2.00", "2.00", "0.80", "2.00 GBP on the goods"});
    CAPTURE(each.what);
    ShipmentsBench bench({"UK"});
    bench.report() = shipment_header() + shipment_row({{"sales-channel", "Amazon.co.uk"},
                                                       {"currency", "GBP"},
                                                       {"item-price", "10.00"},
                                                       {"item-tax", "1.50"},
                                                       {"shipping-price", each.shipping_price},
                                                       {"item-promotion-discount", each.goods},
                                                       {"ship-promotion-discount", each.shipping}});
    bench.amazon.orders["111-1111111-1111111"] = shipped_with_promotions();
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK_THAT(bench.records[0].value + bench.body(0)["unreadable"].text(), Contains(each.becomes));
}

TEST_CASE("a parcel that was reported row by row is never shown in part", "[fba_shipments]") {
    const std::string first =
        shipment_row({{"reporting-date", "2026-11-16T18:00:00+00:00"}, {"quantity-shipped", "2"}});
    const std::string second = shipment_row({{"reporting-date", "2026-11-17T02:00:00+00:00"},
                                             {"shipment-item-id", "DBBB2"},
                                             {"amazon-order-item-id", "10000000000002"}});
    ShipmentsBench bench;
    bench.amazon.clock = UtcTime::parse("2026-11-17T01:00:00Z").value();
    bench.report() = shipment_header() + first;
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.records[0].version.text() == "2026-11-16T18:00:00Z");
    // It grows: a newer version of the same parcel.
    bench.amazon.clock = UtcTime::parse("2026-11-17T03:00:00Z").value();
    bench.report() = shipment_header() + first + second;
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 2);
    CHECK(bench.records[1].version.text() == "2026-11-17T02:00:00Z");
    CHECK(bench.body(1)["orderItems"].size() == 2);

    // A week later reports begin on the 16th at 22:00, between its rows.
    bench.amazon.clock = UtcTime::parse("2026-11-23T22:00:00Z").value();
    bench.run_to_idle();
    const std::size_t whole = bench.records.size();
    bench.amazon.clock = UtcTime::parse("2026-11-23T23:30:00Z").value();
    bench.report() =
        shipment_header() + second +
        shipment_row({{"shipment-id", "DCCC"}, {"reporting-date", "2026-11-23T20:00:00+00:00"}});
    bench.run_to_idle();
    REQUIRE(bench.records.size() == whole + 1);
    CHECK(bench.records.back().key == "DCCC");
}

TEST_CASE("an order that left in two shipments is two records", "[fba_shipments]") {
    ShipmentsBench bench;
    bench.report() = shipment_header() + shipment_row({}) + shipment_row({{"shipment-id", "DCCC"}});
    bench.run_to_idle();
    CHECK(bench.keys() == std::vector<std::string>{"DAAA11111", "DCCC"});
}

TEST_CASE("Multi-Channel Fulfillment, other stores and history are no records", "[fba_shipments]") {
    ShipmentsBench bench;
    bench.report() =
        shipment_header() +
        shipment_row({{"shipment-id", "D1"},
                      {"amazon-order-id", "S01-1"},
                      {"sales-channel", "Non-Amazon US"},
                      {"currency", ""},
                      {"item-price", ""}}) +
        shipment_row({{"shipment-id", "D2"}, {"sales-channel", "Amazon.ca"}, {"currency", "CAD"}}) +
        shipment_row({{"shipment-id", "D3"}, {"shipment-date", "2026-10-31T23:59:59+00:00"}});
    bench.run_to_idle();
    CHECK(bench.records.empty());
}

TEST_CASE("whose tax it is comes from the order where the report does not tell",
          "[fba_shipments]") {
    ShipmentsBench bench({"US"}, "ask");
    bench.report() = shipment_header() + shipment_row({{"item-tax", "1.65"}}) +
                     shipment_row({{"shipment-id", "DCCC"}});
    bench.amazon.orders["111-1111111-1111111"] = Json::parse(R"({"orderItems":[
        {"orderItemId":"10000000000001",
         "tax":{"taxCollections":[{"model":"MARKETPLACE_FACILITATOR"}]}}]})")
                                                     .value();
    bench.run_to_idle();
    CHECK(bench.amazon.count("amazon.orders.get") == 1);  // the one with tax
    REQUIRE(bench.records.size() == 2);
    CHECK(bench.body(0)["orderItems"][0]["tax"]["taxCollections"][0]["model"].text() ==
          "MARKETPLACE_FACILITATOR");
}

TEST_CASE("a SKU that lost its letters in the report comes from the order", "[fba_shipments]") {
    // Windows-1252 has no kana: Amazon writes "5M-???" for "5M-ロープ".
    ShipmentsBench bench({"US"}, "seller");
    bench.report() = shipment_header() + shipment_row({{"sku", "5M-???"}, {"item-tax", "1.65"}}) +
                     shipment_row({{"shipment-id", "DCCC"}});
    bench.amazon.orders["111-1111111-1111111"] = Json::parse(R"({"orderItems":[
        {"orderItemId":"10000000000001","product":{"sellerSku":"5M-ロープ"},
         "tax":{"taxCollections":[{"model":"MARKETPLACE_FACILITATOR"}]}}]})")
                                                     .value();
    bench.run_to_idle();
    CHECK(bench.amazon.count("amazon.orders.get") == 1);
    REQUIRE(bench.records.size() == 2);
    CHECK(bench.body(0)["orderItems"][0]["product"]["sellerSku"].text() == "5M-ロープ");
    // Who pays the tax was said in the settings.
    CHECK(bench.body(0)["orderItems"][0]["tax"].is_null());
    CHECK(bench.body(1)["orderItems"][0]["product"]["sellerSku"].text() == "ROPE-10M");
}

/// What the Orders API says of a business that owes the tax itself.
Json business_order() {
    return Json::parse(R"({"tax":{"taxRegistrations":[{"entityType":"BUYER",
        "taxRegistrationType":"VAT","taxRegistrationNumber":"ATU12345678"}]},
        "orderItems":[{"orderItemId":"10000000000001"}]})")
        .value();
}

std::string european_row(const std::string& tax, const std::string& store = "Amazon.de") {
    return shipment_row({{"sales-channel", store},
                         {"currency", store == "Amazon.de" ? "EUR" : "USD"},
                         {"item-tax", tax}});
}

TEST_CASE("a European parcel without tax has the VAT id of its buyer", "[fba_shipments]") {
    ShipmentsBench bench({"DE"}, "seller");
    bench.report() = shipment_header() + european_row("0.00");
    bench.amazon.orders["111-1111111-1111111"] = business_order();
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.amazon.count("amazon.orders.get") == 1);
    CHECK(bench.body(0)["tax"] == business_order()["tax"]);
}

TEST_CASE("an order that is asked for anyway gives its buyer's VAT id along", "[fba_shipments]") {
    ShipmentsBench bench({"DE"}, "ask");
    bench.report() = shipment_header() + european_row("3.19");
    bench.amazon.orders["111-1111111-1111111"] = business_order();
    bench.run_to_idle();
    CHECK(bench.body(0)["tax"] == business_order()["tax"]);
}

TEST_CASE("VAT ids are asked for where the settings say so, and where none can be not at all",
          "[fba_shipments]") {
    struct Case {
        const char* tax_ids;
        const char* tax;
        const char* store;
        std::size_t asked;
    };
    const Case each =
        GENERATE(Case{"untaxed", "0.00", "Amazon.de", 1}, Case{"untaxed", "3.19", "Amazon.de", 0},
                 Case{"untaxed", "0.00", "Amazon.com", 0}, Case{"all", "3.19", "Amazon.de", 1},
                 Case{"off", "0.00", "Amazon.de", 0});
    CAPTURE(each.tax_ids, each.tax, each.store);
    const std::string store = std::string(each.store) == "Amazon.de" ? "DE" : "US";
    ShipmentsBench bench({store}, "seller", each.tax_ids);
    bench.report() = shipment_header() + european_row(each.tax, each.store);
    bench.amazon.orders["111-1111111-1111111"] = business_order();
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 1);
    CHECK(bench.amazon.count("amazon.orders.get") == each.asked);
}

TEST_CASE("an order that the API refuses fails its own shipment, not the report",
          "[fba_shipments]") {
    ShipmentsBench bench({"US"}, "ask");  // and no order is known to the API
    bench.report() = shipment_header() + shipment_row({{"item-tax", "1.65"}}) +
                     shipment_row({{"shipment-id", "DCCC"}});
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 2);
    CHECK_THAT(bench.body(0)["unreadable"].text(), Contains("no such order"));
    CHECK(bench.records[1].key == "DCCC");
}

TEST_CASE("a seller may state who pays the tax, which saves a call for each order",
          "[fba_shipments]") {
    ShipmentsBench facilitator({"US"}, "facilitator");
    facilitator.report() = shipment_header() + shipment_row({{"item-tax", "1.65"}});
    facilitator.run_to_idle();
    CHECK(facilitator.amazon.count("amazon.orders.get") == 0);
    CHECK(facilitator.body(0)["orderItems"][0]["tax"]["taxCollections"].size() == 1);
    CHECK(facilitator.records[0].value == "21.64 USD");
    ShipmentsBench seller({"US"}, "seller");
    seller.report() = facilitator.report();
    seller.run_to_idle();
    CHECK(seller.body(0)["orderItems"][0]["tax"].is_null());
}

TEST_CASE("a source without a start or stores, or whose stores differ, is refused with the key",
          "[fba_shipments]") {
    const auto refusal = [](const Json& config) {
        const auto plugin =
            plugin_host::adopt_plugin(manifest_of("fba_shipments"), &shipments_entry).value();
        const auto made = plugin->create(config);
        return made ? std::string("made") : made.error().code;
    };
    Json config = shipments_config({"US", "CA"}, "ask");
    CHECK(refusal(config) == "made");
    Json no_start = config;
    no_start.erase("start");
    CHECK(refusal(no_start) == "fba_shipments.start");
    Json differing = config;
    differing.find("marketplaces")->set("CA", Json::object());
    CHECK(refusal(differing) == "fba_shipments.settings");
    Json nowhere = config;
    nowhere.set("marketplaces", Json::object());
    CHECK(refusal(nowhere) == "fba_shipments.marketplaces");
}

TEST_CASE("what is refused stands where its good row would: in its store, as of its version",
          "[fba_shipments]") {
    // A parcel of the French store in the report of the German one. It was seen before; then it
    // grew. An older version of it, or one in another store, would be no error of this parcel.
    const std::map<std::string, std::string> first{{"sales-channel", "Amazon.fr"},
                                                   {"currency", "EUR"}};
    std::map<std::string, std::string> second = first;
    second["reporting-date"] = "2026-11-12T07:00:00+00:00";
    second["shipment-item-id"] = "DBBB2";
    second["amazon-order-item-id"] = "10000000000002";
    ShipmentsBench bench({"DE", "FR"}, "ask", "off");
    SECTION("by the Orders API") {
        second["item-tax"] = "1.65";  // and no order is known to it
    }
    SECTION("because a row of it cannot be read") {
        second["item-price"] = "1,5";
    }
    bench.report() = shipment_header() + shipment_row(first) + shipment_row(second);
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 2);  // both stores' reports have it
    for (const store::Record& record : bench.records) {
        CHECK(record.key == "DAAA11111");
        CHECK(record.partition == "FR");
        CHECK(record.version.text() == "2026-11-12T07:00:00Z");
        CHECK(record.event_time.text() == "2026-11-11T03:15:00Z");
        CHECK_THAT(record.body, Contains("unreadable"));
    }
}

TEST_CASE("a row that cannot be read is no error where a good one would be no record",
          "[fba_shipments]") {
    ShipmentsBench bench;
    std::map<std::string, std::string> values{{"item-price", "1,5"}};
    SECTION("of another store") {
        values["sales-channel"] = "Amazon.ca";
    }
    SECTION("shipped before the start") {
        values["shipment-date"] = "2026-10-31T23:59:59+00:00";
    }
    bench.report() = shipment_header() + shipment_row(values);
    bench.run_to_idle();
    CHECK(bench.records.empty());
}

TEST_CASE("a row with too many fields tells nothing about itself", "[fba_shipments]") {
    // Behind the tab each value stands one column too far: a date there may be any other.
    ShipmentsBench bench;
    std::string row =
        shipment_row({{"shipment-date", "2026-11-19T00:00:00Z"}, {"reporting-date", "x\t"}});
    const std::string good = shipment_row({{"shipment-item-id", "DBBB2"}});
    SECTION("alone") {
        bench.report() = shipment_header() + row;
        bench.run_to_idle();
        REQUIRE(bench.records.size() == 1);
        CHECK(bench.records[0].version.text() == "2026-11-01T00:00:00Z");  // the flow's start
    }
    SECTION("beside a good one of its parcel") {
        bench.report() = shipment_header() + row + good;
        bench.run_to_idle();
        REQUIRE(bench.records.size() == 1);
        CHECK(bench.records[0].version.text() == "2026-11-11T05:00:00Z");
    }
}

TEST_CASE("a row that cannot be read reaches the error queue, the others go on",
          "[fba_shipments]") {
    const auto& [column, value] =
        GENERATE(table<std::string, std::string>({{"item-price", "1,5"},
                                                  {"quantity-shipped", "two"},
                                                  {"currency", "Dollar"},
                                                  {"shipment-date", "11/11/2026"},
                                                  {"amazon-order-item-id", ""}}));
    INFO(column);
    ShipmentsBench bench;
    bench.report() = shipment_header() + shipment_row({{column, value}}) +
                     shipment_row({{"shipment-id", "DCCC"}});
    bench.run_to_idle();
    REQUIRE(bench.records.size() == 2);
    CHECK(bench.records[0].key == "DAAA11111");
    CHECK(bench.records[0].version.text() == "2026-11-11T05:00:00Z");  // as a good row's
    CHECK_THAT(bench.body(0)["unreadable"].text(), Contains("line 2") && Contains(column));
    CHECK(bench.records[1].key == "DCCC");
}

TEST_CASE("a row with too many fields is one that cannot be read", "[fba_shipments]") {
    ShipmentsBench bench;
    std::string row = shipment_row({});
    row.insert(row.size() - 1, "\tthere was a tab in the title");
    bench.report() = shipment_header() + row;
    bench.run_to_idle();
    CHECK_THAT(bench.body(0)["unreadable"].text(), Contains("line 2 has 29 fields, the header 28"));
}

}  // namespace
}  // namespace carrick::plugins::testing
