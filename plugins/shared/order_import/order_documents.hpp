// SPDX-License-Identifier: Apache-2.0
// What an Amazon order may become in NetSuite, and what differs between the three.
#pragma once

#include <carrick/sdk/ids.hpp>

#include <array>
#include <string_view>

namespace carrick::plugins {

enum class DocumentType { SalesOrder, Invoice, CashSale };

struct DocumentForm {
    DocumentType type = DocumentType::SalesOrder;
    std::string_view setting;      ///< its name in flows.yaml
    std::string_view record_type;  ///< NetSuite's, and the name of the write
    DocumentKind kind = DocumentKind::SalesOrder;
    std::string_view link;           ///< from the Amazon order
    std::string_view shipment_link;  ///< from Amazon's shipment
    std::string_view words;          ///< for messages
};

inline constexpr std::array kDocumentForms{
    DocumentForm{DocumentType::SalesOrder, "sales_order", "salesOrder", DocumentKind::SalesOrder,
                 "amazon_order.sales_order", "amazon_shipment.sales_order", "sales order"},
    DocumentForm{DocumentType::Invoice, "invoice", "invoice", DocumentKind::Invoice,
                 "amazon_order.invoice", "amazon_shipment.invoice", "invoice"},
    DocumentForm{DocumentType::CashSale, "cash_sale", "cashSale", DocumentKind::CashSale,
                 "amazon_order.cash_sale", "amazon_shipment.cash_sale", "cash sale"},
};

/// The write that changes a sales order; apart from the one that makes it, so that the mapping of
/// new orders does not touch what people have edited since.
inline constexpr std::string_view kChangeWrite = "salesOrderChange";

[[nodiscard]] constexpr const DocumentForm& form_of(DocumentType type) {
    return kDocumentForms[static_cast<std::size_t>(type)];
}

/// By its name in the settings; a sales order for anything else.
[[nodiscard]] constexpr const DocumentForm& form_by_setting(std::string_view setting) {
    for (const DocumentForm& form : kDocumentForms)
        if (form.setting == setting) return form;
    return kDocumentForms.front();
}

}  // namespace carrick::plugins
