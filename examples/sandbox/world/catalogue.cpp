// SPDX-License-Identifier: Apache-2.0
// The tables of the seller's company.
#include "examples/sandbox/world/catalogue.hpp"

#include <array>

namespace carrick::sandbox {
namespace {

constexpr std::array kMarketplaces{
    Marketplace{"US", "ATVPDKIKX0DER", "Amazon.com", "na", "US", "USD", "en_US", "www.amazon.com",
                false, "1", "Amazon US", 1000},
    Marketplace{"CA", "A2EUQ1WTGCTBG2", "Amazon.ca", "na", "CA", "CAD", "en_CA", "www.amazon.ca",
                false, "2", "", 1350},
    Marketplace{"MX", "A1AM78C64UM0Y8", "Amazon.com.mx", "na", "MX", "MXN", "es_MX",
                "www.amazon.com.mx", true, "3", "", 18500},
    Marketplace{"UK", "A1F83G8C2ARO7P", "Amazon.co.uk", "eu", "GB", "GBP", "en_GB",
                "www.amazon.co.uk", true, "4", "", 820},
    Marketplace{"DE", "A1PA6795UKMFR9", "Amazon.de", "eu", "DE", "EUR", "de_DE", "www.amazon.de",
                true, "5", "", 950},
    Marketplace{"FR", "A13V1IB3VIYZZH", "Amazon.fr", "eu", "FR", "EUR", "fr_FR", "www.amazon.fr",
                true, "6", "", 960},
    Marketplace{"IT", "APJ6JRA9NG5V4", "Amazon.it", "eu", "IT", "EUR", "it_IT", "www.amazon.it",
                true, "5", "", 970},
    Marketplace{"ES", "A1RKKUPIHCS9HS", "Amazon.es", "eu", "ES", "EUR", "es_ES", "www.amazon.es",
                true, "5", "", 955},
    Marketplace{"JP", "A1VC38T7YXB528", "Amazon.co.jp", "fe", "JP", "JPY", "ja_JP",
                "www.amazon.co.jp", true, "7", "", 148000},
    Marketplace{"AU", "A39IBJ37TRP1C6", "Amazon.com.au", "fe", "AU", "AUD", "en_AU",
                "www.amazon.com.au", true, "8", "", 1520},
};

constexpr std::array kSellers{
    SellerAccount{"NA1", "A2CARRICKNA0001", "na", "Atzr|carrick-sandbox-na", "Bowline & Bight"},
    SellerAccount{"EU1", "A2CARRICKEU0001", "eu", "Atzr|carrick-sandbox-eu", "Bowline & Bight EU"},
    SellerAccount{"FE1", "A2CARRICKFE0001", "fe", "Atzr|carrick-sandbox-fe", "Bowline & Bight FE"},
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

}  // namespace carrick::sandbox
