// SPDX-License-Identifier: Apache-2.0
// The tables of the seller's company.
#include "examples/sandbox/world/catalogue.hpp"

#include <array>

namespace carrick::sandbox {
namespace {

constexpr std::size_t kHomeStores = 10;
constexpr std::array kMarketplaces{
    Marketplace{"US", "ATVPDKIKX0DER", "Amazon.com", "na", "US", "USD", "en_US", "www.amazon.com",
                false, "1", "Amazon US", 1000, "America/Los_Angeles", "NA1"},
    Marketplace{"CA", "A2EUQ1WTGCTBG2", "Amazon.ca", "na", "CA", "CAD", "en_CA", "www.amazon.ca",
                false, "2", "", 1350, "America/Los_Angeles", "NA1"},
    Marketplace{"MX", "A1AM78C64UM0Y8", "Amazon.com.mx", "na", "MX", "MXN", "es_MX",
                "www.amazon.com.mx", true, "3", "", 18500, "America/Los_Angeles", "NA1"},
    Marketplace{"UK", "A1F83G8C2ARO7P", "Amazon.co.uk", "eu", "GB", "GBP", "en_GB",
                "www.amazon.co.uk", true, "4", "", 820, "Europe/London", "EU1"},
    Marketplace{"DE", "A1PA6795UKMFR9", "Amazon.de", "eu", "DE", "EUR", "de_DE", "www.amazon.de",
                true, "5", "", 950, "Europe/Berlin", "EU1"},
    Marketplace{"FR", "A13V1IB3VIYZZH", "Amazon.fr", "eu", "FR", "EUR", "fr_FR", "www.amazon.fr",
                true, "6", "", 960, "Europe/Paris", "EU1"},
    Marketplace{"IT", "APJ6JRA9NG5V4", "Amazon.it", "eu", "IT", "EUR", "it_IT", "www.amazon.it",
                true, "5", "", 970, "Europe/Rome", "EU1"},
    Marketplace{"ES", "A1RKKUPIHCS9HS", "Amazon.es", "eu", "ES", "EUR", "es_ES", "www.amazon.es",
                true, "5", "", 955, "Europe/Madrid", "EU1"},
    Marketplace{"JP", "A1VC38T7YXB528", "Amazon.co.jp", "fe", "JP", "JPY", "ja_JP",
                "www.amazon.co.jp", true, "7", "", 148000, "Asia/Tokyo", "FE1"},
    Marketplace{"AU", "A39IBJ37TRP1C6", "Amazon.com.au", "fe", "AU", "AUD", "en_AU",
                "www.amazon.com.au", true, "8", "", 1520, "Australia/Sydney", "FE1"},
    // From here on only by --marketplaces. Amazon has them in seller accounts of their own, but for
    // the European ones (amazon.md B); the company has no subsidiary for most of their currencies.
    Marketplace{"BR", "A2Q3Y263D00KWC", "Amazon.com.br", "na", "BR", "BRL", "pt_BR",
                "www.amazon.com.br", true, "1", "", 5400, "America/Sao_Paulo", "BR1"},
    Marketplace{"NL", "A1805IZSGTT6HS", "Amazon.nl", "eu", "NL", "EUR", "nl_NL", "www.amazon.nl",
                true, "5", "", 960, "Europe/Amsterdam", "EU1"},
    Marketplace{"SE", "A2NODRKZP88ZB9", "Amazon.se", "eu", "SE", "SEK", "sv_SE", "www.amazon.se",
                true, "5", "", 10600, "Europe/Stockholm", "EU1"},
    Marketplace{"PL", "A1C3SOZRARQ6R3", "Amazon.pl", "eu", "PL", "PLN", "pl_PL", "www.amazon.pl",
                true, "5", "", 4050, "Europe/Warsaw", "EU1"},
    Marketplace{"BE", "AMEN7PMS3EDWL", "Amazon.com.be", "eu", "BE", "EUR", "fr_BE",
                "www.amazon.com.be", true, "5", "", 965, "Europe/Brussels", "EU1"},
    Marketplace{"IE", "A28R8C7NBKEWEA", "Amazon.ie", "eu", "IE", "EUR", "en_IE", "www.amazon.ie",
                true, "5", "", 975, "Europe/Dublin", "EU1"},
    Marketplace{"TR", "A33AVAJ2PDY3EV", "Amazon.com.tr", "eu", "TR", "TRY", "tr_TR",
                "www.amazon.com.tr", true, "5", "", 42000, "Europe/Istanbul", "TR1"},
    Marketplace{"AE", "A2VIGQ35RCS4UG", "Amazon.ae", "eu", "AE", "AED", "en_AE", "www.amazon.ae",
                true, "4", "", 3670, "Asia/Dubai", "AE1"},
    Marketplace{"SA", "A17E79C6D8DWNP", "Amazon.sa", "eu", "SA", "SAR", "ar_SA", "www.amazon.sa",
                true, "4", "", 3750, "Asia/Riyadh", "SA1"},
    Marketplace{"EG", "ARBP9OOSHTCHU", "Amazon.eg", "eu", "EG", "EGP", "ar_EG", "www.amazon.eg",
                true, "4", "", 48000, "Africa/Cairo", "EG1"},
    Marketplace{"IN", "A21TJRUUN4KGV", "Amazon.in", "eu", "IN", "INR", "en_IN", "www.amazon.in",
                true, "8", "", 84000, "Asia/Kolkata", "IN1"},
    Marketplace{"ZA", "AE08WJ6YKNBMC", "Amazon.co.za", "eu", "ZA", "ZAR", "en_ZA",
                "www.amazon.co.za", true, "4", "", 18000, "Africa/Johannesburg", "ZA1"},
    Marketplace{"SG", "A19VAU5U5O7RUS", "Amazon.sg", "fe", "SG", "SGD", "en_SG", "www.amazon.sg",
                true, "8", "", 1340, "Asia/Singapore", "SG1"},
};

constexpr std::array kSellers{
    SellerAccount{"NA1", "A2CARRICKNA0001", "na", "Atzr|carrick-sandbox-na", "Bowline & Bight"},
    SellerAccount{"EU1", "A2CARRICKEU0001", "eu", "Atzr|carrick-sandbox-eu", "Bowline & Bight EU"},
    SellerAccount{"FE1", "A2CARRICKFE0001", "fe", "Atzr|carrick-sandbox-fe", "Bowline & Bight FE"},
    SellerAccount{"BR1", "A2CARRICKBR0001", "na", "Atzr|carrick-sandbox-br", "Bowline & Bight BR"},
    SellerAccount{"TR1", "A2CARRICKTR0001", "eu", "Atzr|carrick-sandbox-tr", "Bowline & Bight TR"},
    SellerAccount{"AE1", "A2CARRICKAE0001", "eu", "Atzr|carrick-sandbox-ae", "Bowline & Bight AE"},
    SellerAccount{"SA1", "A2CARRICKSA0001", "eu", "Atzr|carrick-sandbox-sa", "Bowline & Bight SA"},
    SellerAccount{"EG1", "A2CARRICKEG0001", "eu", "Atzr|carrick-sandbox-eg", "Bowline & Bight EG"},
    SellerAccount{"IN1", "A2CARRICKIN0001", "eu", "Atzr|carrick-sandbox-in", "Bowline & Bight IN"},
    SellerAccount{"ZA1", "A2CARRICKZA0001", "eu", "Atzr|carrick-sandbox-za", "Bowline & Bight ZA"},
    SellerAccount{"SG1", "A2CARRICKSG0001", "fe", "Atzr|carrick-sandbox-sg", "Bowline & Bight SG"},
};

constexpr std::array kSubsidiaries{
    Subsidiary{"1", "Bowline & Bight Inc.", "USD", "US", ""},
    Subsidiary{"2", "Bowline & Bight Canada Ltd.", "CAD", "CA", "1"},
    Subsidiary{"3", "Bowline & Bight México S.A. de C.V.", "MXN", "MX", "1"},
    Subsidiary{"4", "Bowline & Bight UK Ltd", "GBP", "GB", "1"},
    Subsidiary{"5", "Bowline & Bight Europe GmbH", "EUR", "DE", "1"},
    Subsidiary{"6", "Bowline & Bight France SAS", "EUR", "FR", "5"},
    Subsidiary{"7", "Bowline & Bight Japan K.K.", "JPY", "JP", "1"},
    Subsidiary{"8", "Bowline & Bight Australia Pty Ltd", "AUD", "AU", "1"},
};

constexpr std::array kItems{
    Item{"ROPE-10M-BLU", "ROPE-10M-BLU", "inventoryItem", "B0CR000001",
         "Braided polyester rope, 10 m, blue", 2598, false},
    Item{"ROPE-10M-RED", "ROPE-10M-RED", "inventoryItem", "B0CR000002",
         "Braided polyester rope, 10 m, red", 2598, false},
    Item{"ROPE-20M-BLU", "ROPE-20M-BLU", "inventoryItem", "B0CR000003",
         "Braided polyester rope, 20 m, blue", 4399, false},
    Item{"ROPE-20M-WHT", "ROPE-20M-WHT", "inventoryItem", "B0CR000004",
         "Braided polyester rope, 20 m, white", 4399, false},
    Item{"SHACKLE-6", "SHACKLE-6", "inventoryItem", "B0CR000005", "Bow shackle, stainless, 6 mm",
         749, false},
    Item{"SHACKLE-8", "SHACKLE-8", "inventoryItem", "B0CR000006", "Bow shackle, stainless, 8 mm",
         999, false},
    Item{"SHACKLE-10", "SHACKLE-10", "inventoryItem", "B0CR000007", "Bow shackle, stainless, 10 mm",
         1349, false},
    Item{"FENDER-S", "FENDER-S", "inventoryItem", "B0CR000008", "Boat fender, small, navy", 3125,
         false},
    Item{"FENDER-L", "FENDER-L", "inventoryItem", "B0CR000009", "Boat fender, large, navy", 5875,
         false},
    Item{"CLEAT-150", "CLEAT-150", "inventoryItem", "B0CR000010", "Mooring cleat, 150 mm", 1289,
         false},
    Item{"BLOCK-40", "BLOCK-40", "inventoryItem", "B0CR000011", "Single block, 40 mm", 3349, false},
    Item{"FID-SET", "FID-SET", "inventoryItem", "B0CR000012", "Splicing fid set, five sizes", 2199,
         false},
    Item{"TWINE-WAX", "TWINE-WAX", "inventoryItem", "B0CR000013", "Waxed whipping twine, 50 m", 695,
         false},
    Item{"KNOTS-BOOK", "KNOTS-BOOK", "inventoryItem", "1529000017", "One Hundred Knots, a manual",
         1899, true},
    Item{"GALLEY-TEA", "GALLEY-TEA", "inventoryItem", "B0CR000015", "Galley tea, strong, 500 g",
         1150, true},
    Item{"LANTERN-LED", "LANTERN-LED", "inventoryItem", "B0CR000016", "Anchor lantern, LED", 8900,
         false},
    Item{"COMPASS-HB", "COMPASS-HB", "inventoryItem", "B0CR000017", "Hand bearing compass", 12950,
         false},
    Item{"LIFELINE-2", "LIFELINE-2", "inventoryItem", "B0CR000018", "Lifeline tether, 2 m", 7425,
         false},
    Item{"STARTER-KIT", "STARTER-KIT", "kitItem", "B0CR000019",
         "Splicing starter kit: fids, twine and manual", 4450, false},
    // Names that differ between Amazon and NetSuite: case, blanks, slashes, signs, other scripts.
    Item{"rope 10m/grn", "ROPE-10M-GRN", "inventoryItem", "B0CR000020",
         "Braided polyester rope, 10 m, green", 2598, false},
    Item{"FBM_shackle#12", "SHACKLE-12", "inventoryItem", "B0CR000021",
         "Bow shackle, stainless, 12 mm", 1699, false},
    Item{"Leine-Größe-M+", "LINE-M", "inventoryItem", "B0CR000022", "Dock line, size M", 2875,
         false},
    Item{"7Q-UX4B-K2PL", "ANCHOR-4KG", "inventoryItem", "B0CR000023", "Folding anchor, 4 kg", 4595,
         false},
    Item{"ロープ-5M", "ROPE-5M-WHT", "inventoryItem", "B0CR000024",
         "Braided polyester rope, 5 m, white", 1475, false},
};

constexpr std::array kServiceItems{
    ServiceItem{"shipping", "Amazon Shipping", "nonInventorySaleItem"},
    ServiceItem{"gift_wrap", "Amazon Gift Wrap", "nonInventorySaleItem"},
    ServiceItem{"cod_fee", "Amazon COD Fee", "nonInventorySaleItem"},
    ServiceItem{"other", "Amazon Other Charge", "nonInventorySaleItem"},
    ServiceItem{"delivery_tip", "Amazon Delivery Tip", "nonInventorySaleItem"},
    ServiceItem{"discount", "Amazon Promotion", "discountItem"},
    ServiceItem{"ship_discount", "Amazon Shipping Promotion", "discountItem"},
    ServiceItem{"discount_line", "Amazon Promotion Line", "nonInventorySaleItem"},
    ServiceItem{"tax", "Amazon Tax", "nonInventorySaleItem"},
    ServiceItem{"facilitator_tax", "Amazon Facilitator Tax", "nonInventorySaleItem"},
    ServiceItem{"rounding", "Amazon Rounding", "nonInventorySaleItem"},
};

constexpr std::array kUnknownItems{
    Item{"OLD-ROPE-1997", "OLD-ROPE-1997", "inventoryItem", "B0CR000098", "Hemp rope, discontinued",
         1995, false},
    Item{"rope 10m blu", "rope 10m blu", "inventoryItem", "B0CR000099",
         "Braided polyester rope, listed by hand", 2598, false},
};

}  // namespace

std::span<const Marketplace> marketplaces() {
    return std::span(kMarketplaces).first(kHomeStores);
}
std::span<const Marketplace> all_marketplaces() {
    return kMarketplaces;
}
std::span<const SellerAccount> seller_accounts() {
    return kSellers;
}
std::span<const Subsidiary> subsidiaries() {
    return kSubsidiaries;
}
std::span<const Item> items() {
    return kItems;
}
std::span<const ServiceItem> service_items() {
    return kServiceItems;
}
std::span<const Item> unknown_items() {
    return kUnknownItems;
}

const Marketplace* marketplace_by_code(std::string_view code) {
    for (const Marketplace& marketplace : kMarketplaces)
        if (marketplace.code == code) return &marketplace;
    return nullptr;
}

const Marketplace* marketplace_by_id(std::string_view id) {
    for (const Marketplace& marketplace : kMarketplaces)
        if (marketplace.id == id) return &marketplace;
    return nullptr;
}

const SellerAccount& seller_of_region(std::string_view region) {
    for (const SellerAccount& seller : kSellers)
        if (seller.region == region) return seller;
    return kSellers.front();
}

const SellerAccount& seller_of(const Marketplace& marketplace) {
    for (const SellerAccount& seller : kSellers)
        if (seller.account == marketplace.account) return seller;
    return kSellers.front();
}

}  // namespace carrick::sandbox
