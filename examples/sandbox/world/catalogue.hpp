// SPDX-License-Identifier: Apache-2.0
// The seller's company: marketplaces, Amazon accounts, subsidiaries, items and aliases. A fixed
// table, the same for every seed, so that a flows.yaml can name what is in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace carrick::sandbox {

/// One Amazon store the company sells in. Source: amazon.md B.
struct Marketplace {
    std::string_view code;  ///< as flows.yaml spells it: "UK", not "GB"
    std::string_view id;
    std::string_view name;    ///< "Amazon.de"
    std::string_view region;  ///< "na", "eu", "fe"
    std::string_view country;
    std::string_view currency;
    std::string_view language;
    std::string_view domain;
    bool prices_include_tax;
    std::string_view subsidiary;             ///< internal id in NetSuite
    std::string_view consolidated_customer;  ///< name of the customer made for it by people, if any
    std::int64_t price_factor;               ///< of a US price, in thousandths
    std::string_view zone;                   ///< IANA; of the store's day and of order reports
    std::string_view account;                ///< SellerAccount::account that sells here
};

/// A seller account: one region, one refresh token. `account` is the `id:` of its connection.
struct SellerAccount {
    std::string_view account;
    std::string_view seller_id;
    std::string_view region;
    std::string_view refresh_token;
    std::string_view store_name;
};

/// The one application (LWA client) all accounts have authorised.
inline constexpr std::string_view kLwaClientId =
    "amzn1.application-oa2-client.carricksandbox0000000000000000";
inline constexpr std::string_view kLwaClientSecret = "amzn1.oa2-cs.v1.carrick-sandbox-not-a-secret";

/// A company in NetSuite.
struct Subsidiary {
    std::string_view id;  ///< internal id
    std::string_view name;
    std::string_view currency;
    std::string_view country;
    std::string_view parent;  ///< internal id; "" for the root
};

/// What is sold. `item` is NetSuite's item name; where it differs from the SKU, flows need the
/// alias table (settings of mfn_order_import).
struct Item {
    std::string_view sku;
    std::string_view item;
    std::string_view record_type;  ///< "inventoryItem", "kitItem", ...
    std::string_view asin;
    std::string_view title;
    std::int64_t us_cents;
    bool reduced_tax;  ///< books and food have a lower rate in some countries
};

/// Items behind amounts that are not goods.
struct ServiceItem {
    std::string_view role;  ///< "shipping", "gift_wrap", "discount", ...
    std::string_view item;
    std::string_view record_type;
};

/// The ten stores of a world that names no others.
[[nodiscard]] std::span<const Marketplace> marketplaces();
/// Those ten and the thirteen that `--marketplaces` can add.
[[nodiscard]] std::span<const Marketplace> all_marketplaces();
[[nodiscard]] std::span<const SellerAccount> seller_accounts();
[[nodiscard]] std::span<const Subsidiary> subsidiaries();
[[nodiscard]] std::span<const Item> items();
[[nodiscard]] std::span<const ServiceItem> service_items();
/// SKUs that Amazon knows and NetSuite does not, for `--unknown-skus`.
[[nodiscard]] std::span<const Item> unknown_items();

[[nodiscard]] const Marketplace* marketplace_by_code(std::string_view code);
[[nodiscard]] const Marketplace* marketplace_by_id(std::string_view id);
[[nodiscard]] const SellerAccount& seller_of_region(std::string_view region);
[[nodiscard]] const SellerAccount& seller_of(const Marketplace& marketplace);

}  // namespace carrick::sandbox
