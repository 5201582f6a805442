// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/report_types.hpp"

#include <algorithm>
#include <array>

namespace carrick::amazon {
namespace {

// Source: the Tokens API's list of restricted operations, and the report types' own pages.
constexpr std::array<std::string_view, 14> kRestricted{
    "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_TAX",
    "GET_ORDER_REPORT_DATA_SHIPPING",
    "GET_ORDER_REPORT_DATA_INVOICING",
    "GET_ORDER_REPORT_DATA_TAX",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_TAX",
    "GET_VAT_TRANSACTION_DATA",
    "SC_VAT_TAX_REPORT",
    "GET_EASYSHIP_DOCUMENTS",
    "GET_GST_MTR_B2B_CUSTOM",
    "GET_FLAT_FILE_ORDERS_RECONCILIATION_DATA_",
};

}  // namespace

ReportType report_type(std::string_view name) {
    const bool restricted = std::ranges::any_of(kRestricted, [&](std::string_view known) {
        return known.ends_with('_') ? name.starts_with(known) : name == known;
    });
    return {name, restricted};
}

}  // namespace carrick::amazon
