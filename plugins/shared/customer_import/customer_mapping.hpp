// SPDX-License-Identifier: Apache-2.0
// Pure: an Amazon order -> which NetSuite customer it belongs to, and that customer's record.
#pragma once

#include "plugins/shared/order_model/order.hpp"

#include <carrick/sdk/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace carrick::plugins {

struct CustomerSettings {
    bool individual = false;
    std::string use;  ///< internal id of an existing customer, or ""
    std::string name;
    bool match_email = true;
    bool own_without_email = false;
    /// A consolidated customer with so many transactions gets a successor; 0 = never.
    std::int64_t rotate_at = 9'000;
    std::string vat_id_field;  ///< for the buyer's VAT id, or ""
    std::string subsidiary;    ///< internal id, or ""
    std::string currency;      ///< ISO code, or ""
    std::string go_live;       ///< first day whose orders are imported, or ""

    [[nodiscard]] static CustomerSettings parse(const Json& settings);
};

/// Who the customer of an order is, before anybody looked in NetSuite.
struct CustomerIdentity {
    bool individual = false;
    std::string external_id;
    std::string email;        ///< normalised; empty: nothing to match by
    std::int64_t number = 1;  ///< of a marketplace's customers, one after another
};

/// One of a marketplace's customers in NetSuite: the first, or a successor.
struct PooledCustomer {
    std::string id;
    std::int64_t number = 1;
    bool inactive = false;
    std::int64_t transactions = 0;
};

/// The latest of a marketplace's customers in the answer of netsuite.lookup.customer_transactions
/// for the first one's external id: AMZ-C-NA1-US, then AMZ-C-NA1-US-2, -3, ...; none where it has
/// none. What only begins alike is no customer of this marketplace.
[[nodiscard]] std::optional<PooledCustomer> latest_customer(const Json& answer,
                                                            const std::string& first_external_id);

/// The identity of the customer that comes after number `after`.
/// Errors   those of external_id.
[[nodiscard]] Result<CustomerIdentity> successor(const std::string& account,
                                                 const std::string& marketplace,
                                                 std::int64_t after);

/// Shape    `identity_key`: the installation's key for hashes of personal data, so that no e-mail
///          address stands in an external id.
/// Errors   Misconfigured `id.account`.
[[nodiscard]] Result<CustomerIdentity> identify_customer(const Order& order,
                                                         const CustomerSettings& settings,
                                                         const std::string& account,
                                                         const std::string& marketplace,
                                                         const std::string& identity_key);

/// The record to create. Names longer than NetSuite's fields are cut at a character, which a
/// customer's name survives and an error would not serve; the order keeps the whole name in its
/// shipping address. `currency_id`: internal id, or "".
[[nodiscard]] Json to_customer(const Order& order, const CustomerIdentity& identity,
                               const CustomerSettings& settings, const std::string& marketplace,
                               const std::string& currency_id);

/// "Ann  Buyer@Example.COM " -> "ann buyer@example.com": blanks off, ASCII case folded.
/// "" for what is too long to be an address.
[[nodiscard]] std::string normalised_email(std::string_view email);

}  // namespace carrick::plugins
