// SPDX-License-Identifier: Apache-2.0
// External ids: the one function that names every document Carrick makes in NetSuite. The same
// source always gives the same id, so NetSuite itself refuses a second copy.
#pragma once

#include <carrick/sdk/result.hpp>
#include <carrick/sdk/sha256.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace carrick {

/// An identifier that cannot pass where another is wanted.
template <class Tag>
struct Id {
    std::string text;
    auto operator<=>(const Id&) const = default;
};
using OrderId = Id<struct OrderIdTag>;
using OrderItemId = Id<struct OrderItemIdTag>;
using SellerSku = Id<struct SellerSkuTag>;

/// What kind of document an external id names. NetSuite keeps one namespace for all transactions,
/// hence the kind inside the id. The table is closed: a kind is never renamed or reused.
enum class DocumentKind {
    Customer,
    SalesOrder,
    ItemFulfillment,
    Invoice,
    CashSale,
    CustomerPayment,
    CreditMemo,
    CustomerRefund,
    Deposit,
    JournalEntry,
    ReturnAuthorization,
    ItemReceipt,
    InventoryAdjustment,
    TransferOrder,
    SettlementTransaction,
    Settlement,
};

[[nodiscard]] constexpr std::string_view document_code(DocumentKind kind) {
    switch (kind) {
        case DocumentKind::Customer: return "C";
        case DocumentKind::SalesOrder: return "SO";
        case DocumentKind::ItemFulfillment: return "IF";
        case DocumentKind::Invoice: return "IV";
        case DocumentKind::CashSale: return "CS";
        case DocumentKind::CustomerPayment: return "PY";
        case DocumentKind::CreditMemo: return "CM";
        case DocumentKind::CustomerRefund: return "CR";
        case DocumentKind::Deposit: return "DP";
        case DocumentKind::JournalEntry: return "JE";
        case DocumentKind::ReturnAuthorization: return "RA";
        case DocumentKind::ItemReceipt: return "IR";
        case DocumentKind::InventoryAdjustment: return "IA";
        case DocumentKind::TransferOrder: return "TO";
        case DocumentKind::SettlementTransaction: return "ST";
        case DocumentKind::Settlement: return "SL";
    }
    return "";
}

inline constexpr std::size_t kExternalIdLimit = 60;

namespace detail {
inline bool is_external_id_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}
inline bool is_account_id(std::string_view account) {
    return account.size() >= 2 && account.size() <= 8 &&
           std::all_of(account.begin(), account.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}
/// A source id keeps its spelling where NetSuite's `eid:` URLs can carry it; any other is replaced
/// whole, because dropping characters could make two ids one.
inline std::string safe_source_id(std::string_view source) {
    if (!source.empty() && std::all_of(source.begin(), source.end(), is_external_id_character))
        return std::string(source);
    return base32(sha256(source), 26);
}
}  // namespace detail

/// `AMZ-<K>-<account>-<source id>[-<part>]`, characters [A-Za-z0-9_-], at most 60.
/// Shape    `account`: the `id:` of the Amazon connection, [A-Z0-9]{2,8}; `source`: Amazon's id;
///          `part`: empty, or what tells several documents of one source apart (shipment, `p2`,
///          `r1`).
/// Errors   `id.account`, `id.source` (empty), `id.part` (characters outside [A-Za-z0-9_-]).
/// Source   design: deterministic identity; test vectors in tests/sdk/ids_test.cpp.
[[nodiscard]] inline Result<std::string> external_id(DocumentKind kind, std::string_view account,
                                                     std::string_view source,
                                                     std::string_view part = {}) {
    if (!detail::is_account_id(account))
        return misconfigured("id.account",
                             "connection id \"" + std::string(account.substr(0, 20)) +
                                 "\": expected 2 to 8 capital letters or digits, such as NA1");
    if (source.empty()) return rejected("id.source", "the source id of a document is empty");
    if (!std::all_of(part.begin(), part.end(), detail::is_external_id_character))
        return rejected("id.part",
                        "\"" + std::string(part.substr(0, 40)) +
                            "\": only letters, digits, _ and - may tell documents apart");
    std::string id = "AMZ-" + std::string(document_code(kind)) + "-" + std::string(account) + "-" +
                     detail::safe_source_id(source);
    if (!part.empty()) id += "-" + std::string(part);
    if (id.size() <= kExternalIdLimit) return id;
    return id.substr(0, 37) + "-" + detail::base32(detail::sha256(id), 22);
}

}  // namespace carrick
