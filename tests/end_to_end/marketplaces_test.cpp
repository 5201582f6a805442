// SPDX-License-Identifier: Apache-2.0
// One order of each of Amazon's 23 stores, and what NetSuite must hold of it.
//
// Each row can be checked by hand. Above it what Amazon says, without tax: when it was sold, for
// how much in all, and of what that is made. Below it NetSuite's document: customer, subsidiary
// (its books), total, currency, status B (pending fulfilment), the day of the sale in Los Angeles,
// where the books are kept, the destination with the state as NetSuite spells it, and the lines,
// which add up to the total. Tax that Amazon collects and pays itself is no line and not in the
// total.
#include "tests/end_to_end/bench_world.hpp"

#include <array>

using namespace carrick;
using carrick::end_to_end::World;

namespace {

struct Sold {
    const char* store;
    const char* order;
    const char* grand_total;  // what the buyer paid
    const char* netsuite;
};

// clang-format off
constexpr std::array kSold{
    // 2026-11-04T05:43Z, 39.48 USD: 1 x STARTER-KIT: item 44.59, shipping 6.59, discount -14.71, tax 3.01 (paid by Amazon)
    Sold{"US", "112-1368876-0160591", "39.48",
         "customer Amazon US subsidiary 1 36.47 USD B 2026-11-03 to Galveston, TX 77550 US: 1 x STARTER-KIT 44.59; 0 x Amazon Promotion -14.71; 1 x Amazon Shipping 6.59;"},
    // 2026-11-06T14:59Z, 177.91 CAD: 1 x LIFELINE-2: item 100.29, shipping 8.79, discount -48.91, tax 3.00; 2 x 7Q-UX4B-K2PL: item 124.18, shipping 10.09, discount -24.99, tax 5.46 (paid by Amazon)
    Sold{"CA", "701-2651754-2664821", "177.91",
         "customer AMZ-C-NA1-CA subsidiary 2 172.45 CAD B 2026-11-06 to Edmonton, AB T5J 1N9 CA: 1 x LIFELINE-2 100.29; 2 x ANCHOR-4KG 124.18; 1 x Amazon Shipping 18.88; 1 x Amazon Tax 3.00; 0 x Amazon Promotion -73.90;"},
    // 2026-11-19T11:04Z, 854.45 MXN: 1 x SHACKLE-8: item 159.39, shipping 63.70, discount -127.45, tax 15.30; 2 x BLOCK-40: item 1068.26, shipping 87.75, discount -515.05, tax 102.55
    Sold{"MX", "702-1748988-8284487", "854.45",
         "customer AMZ-C-NA1-MX subsidiary 3 854.45 MXN B 2026-11-19 to Tijuana, BC 22014 MX: 1 x SHACKLE-8 159.39; 0 x Amazon Promotion -63.75; 2 x BLOCK-40 1068.26; 0 x Amazon Promotion -427.30; 1 x Amazon Shipping 151.45; 0 x Amazon Shipping Promotion -151.45; 1 x Amazon Tax 117.85;"},
    // 2026-11-12T00:27Z, 99.81 GBP: 2 x BLOCK-40: item 45.82, shipping 6.16, discount -16.24, tax 7.14; 1 x LANTERN-LED: item 60.83, shipping 4.16, discount -17.54, tax 9.48
    Sold{"UK", "205-0846222-1356675", "99.81",
         "customer AMZ-C-EU1-UK subsidiary 4 99.81 GBP B 2026-11-11 to Whitby, YO21 3PR GB: 2 x BLOCK-40 45.82; 0 x Amazon Promotion -10.08; 1 x LANTERN-LED 60.83; 0 x Amazon Promotion -13.38; 1 x Amazon Shipping 10.32; 0 x Amazon Shipping Promotion -10.32; 1 x Amazon Tax 16.62;"},
    // 2026-11-12T18:37Z, 32.43 EUR: 2 x KNOTS-BOOK: item 33.81, shipping 7.65, discount -11.16, tax 2.13
    Sold{"DE", "303-4314744-6874344", "32.43",
         "customer AMZ-C-EU1-DE subsidiary 5 32.43 EUR B 2026-11-12 to Köln, NRW 50667 DE: 2 x KNOTS-BOOK 33.81; 0 x Amazon Promotion -11.16; 1 x Amazon Shipping 7.65; 1 x Amazon Tax 2.13;"},
    // 2026-11-12T13:19Z, 46.84 EUR: 1 x STARTER-KIT: item 35.66, shipping 5.16, discount -1.78, tax 7.80
    Sold{"FR", "402-3411978-7979573", "46.84",
         "customer AMZ-C-EU1-FR subsidiary 6 46.84 EUR B 2026-11-12 to Bordeaux, 33000 FR: 1 x STARTER-KIT 35.66; 0 x Amazon Promotion -1.78; 1 x Amazon Shipping 5.16; 1 x Amazon Tax 7.80;"},
    // 2026-11-14T00:35Z, 11.85 EUR: 1 x SHACKLE-6: item 5.98, shipping 4.34, discount -0.60, tax 2.13
    Sold{"IT", "403-2509212-9284718", "11.85",
         "customer AMZ-C-EU1-IT subsidiary 5 11.85 EUR B 2026-11-13 to San Marino, 47890 SM: 1 x SHACKLE-6 5.98; 0 x Amazon Promotion -0.60; 1 x Amazon Shipping 4.34; 1 x Amazon Tax 2.13;"},
    // 2026-11-03T09:12Z, 55.45 EUR: 1 x LIFELINE-2: item 58.67, shipping 6.52, discount -19.36, tax 9.62
    Sold{"ES", "404-1606446-6096339", "55.45",
         "customer AMZ-C-EU1-ES subsidiary 5 55.45 EUR B 2026-11-03 to Las Palmas de Gran Canaria, Las Palmas 35001 ES: 1 x LIFELINE-2 58.67; 0 x Amazon Promotion -19.36; 1 x Amazon Shipping 6.52; 1 x Amazon Tax 9.62;"},
    // 2026-11-14T17:22Z, 27494 JPY: 2 x LANTERN-LED: item 23960, shipping 735, cod_fee 300, tax 2499
    Sold{"JP", "249-3617872-4385235", "27494",
         "customer AMZ-C-FE1-JP subsidiary 7 27494 JPY B 2026-11-14 to 大阪府 530-0001 JP: 2 x LANTERN-LED 23960; 1 x Amazon Shipping 735; 1 x Amazon COD Fee 300; 1 x Amazon Tax 2499;"},
    // 2026-11-15T01:55Z, 46.15 AUD: 1 x ROPE-10M-BLU: item 35.90, shipping 11.45, discount -17.55, tax 2.98; 1 x SHACKLE-8: item 13.81, shipping 11.90, discount -13.55, tax 1.21 (paid by Amazon)
    Sold{"AU", "251-1986558-9138959", "46.15",
         "customer AMZ-C-FE1-AU subsidiary 8 44.94 AUD B 2026-11-14 to Hobart, TAS 7000 AU: 1 x ROPE-10M-BLU 35.90; 0 x Amazon Promotion -6.10; 1 x SHACKLE-8 13.81; 0 x Amazon Promotion -1.65; 1 x Amazon Shipping 23.35; 0 x Amazon Shipping Promotion -23.35; 1 x Amazon Tax 2.98;"},
    // 2026-11-12T20:15Z, 538.82 BRL: 1 x LIFELINE-2: item 400.99, shipping 43.59, discount -111.76; 1 x 7Q-UX4B-K2PL: item 248.19, shipping 44.69, discount -86.88
    Sold{"BR", "703-1083792-9890868", "538.82",
         "customer AMZ-C-BR1-BR subsidiary 1 538.82 BRL B 2026-11-12 to Fortaleza, CE 60165-121 BR: 1 x LIFELINE-2 400.99; 0 x Amazon Promotion -68.17; 1 x ANCHOR-4KG 248.19; 0 x Amazon Promotion -42.19; 1 x Amazon Shipping 88.28; 0 x Amazon Shipping Promotion -88.28;"},
    // 2026-11-14T16:15Z, 39.34 EUR: 2 x CLEAT-150: item 20.48, gift_wrap 3.21, discount -6.76, tax 3.56; 2 x GALLEY-TEA: item 20.35, discount -3.06, tax 1.56
    Sold{"NL", "405-2913081-4249497", "39.34",
         "customer AMZ-C-EU1-NL subsidiary 5 39.34 EUR B 2026-11-14 to Amsterdam, 1015 CJ NL: 2 x CLEAT-150 20.48; 0 x Amazon Promotion -6.76; 2 x GALLEY-TEA 20.35; 0 x Amazon Promotion -3.06; 1 x Amazon Gift Wrap 3.21; 1 x Amazon Tax 5.12;"},
    // 2026-11-06T10:25Z, 742.97 SEK: 1 x LIFELINE-2: item 629.67, shipping 27.67, discount -62.97, tax 148.60
    Sold{"SE", "407-3649548-5713207", "742.97",
         "customer AMZ-C-EU1-SE subsidiary 5 742.97 SEK B 2026-11-06 to Göteborg, 413 01 SE: 1 x LIFELINE-2 629.67; 0 x Amazon Promotion -62.97; 1 x Amazon Shipping 27.67; 1 x Amazon Tax 148.60;"},
    // 2026-11-06T21:11Z, 80.18 PLN: 1 x FID-SET: item 72.43, discount -7.24, tax 14.99
    Sold{"PL", "408-2746782-5622566", "80.18",
         "customer AMZ-C-EU1-PL subsidiary 5 80.18 PLN B 2026-11-06 to Gdynia, pomorskie 81-391 PL: 1 x FID-SET 72.43; 0 x Amazon Promotion -7.24; 1 x Amazon Tax 14.99;"},
    // 2026-11-06T10:45Z, 55.66 EUR: 2 x ROPE-10M-RED: item 41.47, shipping 6.60, discount -2.07, tax 9.66
    Sold{"BE", "406-1844016-6599996", "55.66",
         "customer AMZ-C-EU1-BE subsidiary 5 55.66 EUR B 2026-11-06 to Liège, 4000 BE: 2 x ROPE-10M-RED 41.47; 0 x Amazon Promotion -2.07; 1 x Amazon Shipping 6.60; 1 x Amazon Tax 9.66;"},
    // 2026-11-09T02:10Z, 246.04 EUR: 2 x COMPASS-HB: item 205.35, shipping 4.95, discount -10.27, tax 46.01
    Sold{"IE", "207-0941250-4524208", "246.04",
         "customer AMZ-C-EU1-IE subsidiary 5 246.04 EUR B 2026-11-08 to Dingle, V92 XY01 IE: 2 x COMPASS-HB 205.35; 0 x Amazon Promotion -10.27; 1 x Amazon Shipping 4.95; 1 x Amazon Tax 46.01;"},
    // 2026-11-01T15:54Z, 3214.08 TRY: 2 x SHACKLE-8: item 699.32, shipping 167.33, discount -251.25, tax 123.08; 2 x BLOCK-40: item 2344.32, shipping 290.16, discount -571.48, tax 412.60
    Sold{"TR", "409-2224128-6773197", "3214.08",
         "customer AMZ-C-TR1-TR subsidiary 5 3214.08 TRY B 2026-11-01 to Bodrum, Muğla 48400 TR: 2 x SHACKLE-8 699.32; 0 x Amazon Promotion -83.92; 2 x BLOCK-40 2344.32; 0 x Amazon Promotion -281.32; 1 x Amazon Shipping 457.49; 0 x Amazon Shipping Promotion -457.49; 1 x Amazon Tax 535.68;"},
    // 2026-11-09T15:19Z, 221.16 AED: 1 x ROPE-20M-BLU: item 153.80, shipping 20.09, discount -53.92, tax 6.00; 1 x FENDER-S: item 109.23, shipping 27.04, discount -45.61, tax 4.53
    Sold{"AE", "521-1321362-5979678", "221.16",
         "customer AMZ-C-AE1-AE subsidiary 4 221.16 AED B 2026-11-09 to Abu Dhabi, AE: 1 x ROPE-20M-BLU 153.80; 0 x Amazon Promotion -33.83; 1 x FENDER-S 109.23; 0 x Amazon Promotion -18.57; 1 x Amazon Shipping 47.13; 0 x Amazon Shipping Promotion -47.13; 1 x Amazon Tax 10.53;"},
    // 2026-11-09T03:58Z, 438.84 SAR: 1 x BLOCK-40: item 109.21, gift_wrap 13.03, discount -16.38, tax 15.88; 1 x LANTERN-LED: item 290.25, discount -14.51, tax 41.36
    Sold{"SA", "522-3150651-5346663", "438.84",
         "customer AMZ-C-SA1-SA subsidiary 4 438.84 SAR B 2026-11-08 to جدة, Makkah 23433 SA: 1 x BLOCK-40 109.21; 0 x Amazon Promotion -16.38; 1 x LANTERN-LED 290.25; 0 x Amazon Promotion -14.51; 1 x Amazon Gift Wrap 13.03; 1 x Amazon Tax 57.24;"},
    // 2026-11-19T02:18Z, 4535.00 EGP: 2 x 7Q-UX4B-K2PL: item 3869.63, shipping 301.92, discount -193.48, tax 556.93
    Sold{"EG", "523-3887118-7465841", "4535.00",
         "customer AMZ-C-EG1-EG subsidiary 4 4535.00 EGP B 2026-11-18 to Alexandria, 21615 EG: 2 x ANCHOR-4KG 3869.63; 0 x Amazon Promotion -193.48; 1 x Amazon Shipping 301.92; 1 x Amazon Tax 556.93;"},
    // 2026-11-07T23:22Z, 3732.30 INR: 1 x ROPE-20M-WHT: item 3131.52, shipping 501.18, discount -469.73, tax 569.33
    Sold{"IN", "171-2984352-2789321", "3732.30",
         "customer AMZ-C-IN1-IN subsidiary 8 3732.30 INR B 2026-11-07 to Bengaluru, Karnataka 560038 IN: 1 x ROPE-20M-WHT 3131.52; 0 x Amazon Promotion -469.73; 1 x Amazon Shipping 501.18; 1 x Amazon Tax 569.33;"},
    // 2026-11-11T11:04Z, 1145.90 ZAR: 2 x BLOCK-40: item 1048.50, shipping 105.21, discount -157.28, tax 149.47
    Sold{"ZA", "524-2081586-5831575", "1145.90",
         "customer AMZ-C-ZA1-ZA subsidiary 4 1145.90 ZAR B 2026-11-11 to Cape Town, Western Cape 8005 ZA: 2 x BLOCK-40 1048.50; 0 x Amazon Promotion -157.28; 1 x Amazon Shipping 105.21; 1 x Amazon Tax 149.47;"},
    // 2026-11-16T10:33Z, 91.26 SGD: 1 x LIFELINE-2: item 91.28, shipping 6.14, discount -13.69, tax 7.53
    Sold{"SG", "253-1178820-6498213", "91.26",
         "customer AMZ-C-SG1-SG subsidiary 8 91.26 SGD B 2026-11-16 to Singapore, 440123 SG: 1 x LIFELINE-2 91.28; 0 x Amazon Promotion -13.69; 1 x Amazon Shipping 6.14; 1 x Amazon Tax 7.53;"},
};

struct Seller {
    const char* name;     // of the connection
    const char* account;
    const char* region;
    const char* store;
};
// Stores that are seller accounts of their own; the others are in flows.yaml.
constexpr std::array kSellers{
    Seller{"br", "BR1", "na", "BR"},
    Seller{"tr", "TR1", "eu", "TR"},
    Seller{"ae", "AE1", "eu", "AE"},
    Seller{"sa", "SA1", "eu", "SA"},
    Seller{"eg", "EG1", "eu", "EG"},
    Seller{"in", "IN1", "eu", "IN"},
    Seller{"za", "ZA1", "eu", "ZA"},
    Seller{"sg", "SG1", "fe", "SG"},
};

struct Books {
    const char* store;
    const char* subsidiary;
    const char* currency;
    const char* location;
};
constexpr std::array kBooks{
    Books{"BR", "1", "BRL", "Main"},
    Books{"NL", "5", "EUR", "Main DE"},
    Books{"SE", "5", "SEK", "Main DE"},
    Books{"PL", "5", "PLN", "Main DE"},
    Books{"BE", "5", "EUR", "Main DE"},
    Books{"IE", "5", "EUR", "Main DE"},
    Books{"TR", "5", "TRY", "Main DE"},
    Books{"AE", "4", "AED", "Main GB"},
    Books{"SA", "4", "SAR", "Main GB"},
    Books{"EG", "4", "EGP", "Main GB"},
    Books{"IN", "8", "INR", "Main AU"},
    Books{"ZA", "4", "ZAR", "Main GB"},
    Books{"SG", "8", "SGD", "Main AU"},
};
// clang-format on

std::string text(const char* part) {
    return part;
}

void add_all_stores(World& world) {
    std::string connections;
    std::string flows;
    std::string from = "from: [orders_na, orders_eu, orders_fe";
    for (const Seller& seller : kSellers) {
        const std::string name = seller.name;
        connections +=
            "  seller-" + name + ":\n    id: " + seller.account +
            "\n    connector: amazon\n    region: " + seller.region + "\n    seller_id: A2CARRICK" +
            seller.store +
            "0001\n    mode: live\n"
            "    base_url: \"${env:CARRICK_AMAZON_URL}\"\n"
            "    token_url: \"${env:CARRICK_AMAZON_TOKEN_URL}\"\n"
            "    auth:\n"
            "      client_id: amzn1.application-oa2-client.carricksandbox0000000000000000\n"
            "      client_secret: \"${env:CARRICK_LWA_SECRET}\"\n"
            "      refresh_token: Atzr|carrick-sandbox-" +
            name + "\n";
        flows += "  orders_" + name + ": { plugin: amazon_orders, source: seller-" + name +
                 ", marketplaces: [" + seller.store + "], every: 5m, start: 2026-11-01 }\n";
        from += ", orders_" + name;
    }
    std::string marketplaces;
    for (const Books& books : kBooks)
        marketplaces += "  " + text(books.store) + ": { subsidiary: " + books.subsidiary +
                        ", currency: " + books.currency + ", locations: { mfn: " + books.location +
                        " } }\n";
    world.replace("  erp:\n", connections + "  erp:\n")
        .replace("  JP: { subsidiary", marketplaces + "  JP: { subsidiary")
        .replace("[UK, DE, FR, IT, ES]", "[UK, DE, FR, IT, ES, NL, SE, PL, BE, IE]")
        .replace("  mfn_customers:\n", flows + "  mfn_customers:\n")
        .replace("from: [orders_na, orders_eu, orders_fe", from);
}

}  // namespace

TEST_CASE("an order of each of Amazon's stores is in NetSuite as an accountant expects it",
          "[end_to_end][marketplaces]") {
    // Amazon states its prices without tax or with it, and promotions with either sign; the books
    // are the same.
    for (const char* position :
         {"amazon.item_price=net", "amazon.item_price=gross_in_vat_stores"}) {
        World world(460, {"--marketplaces", "all", "--no-preexisting", "--switch", position});
        add_all_stores(world);
        CHECK(world.cross().at("mfn_orders").at("failed") == 0);
        world.must_add_up();
        const std::string documents = world.documents();
        std::map<std::string, std::string> paid;
        const Json truths = world.get("/truths");
        for (const Json& truth : truths["orders"].items())
            paid[truth["order_id"].text()] = truth["grand_total"].text();
        CHECK(kSold.size() == 23);
        for (const Sold& sold : kSold) {
            INFO(position << ", " << sold.store);
            const std::size_t at = documents.find(sold.order);
            REQUIRE(at != std::string::npos);
            const std::string line = documents.substr(at, documents.find('\n', at) - at);
            CHECK(line == std::string(sold.order) + " " + sold.order + "  " + sold.netsuite);
            CHECK(paid.at(sold.order) == sold.grand_total);
        }
    }
}
