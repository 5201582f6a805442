// SPDX-License-Identifier: Apache-2.0
// The table of report types.
#include "examples/sandbox/amazon/reports/report_types.hpp"

#include <array>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kAllOrders =
    "amazon-order-id! merchant-order-id purchase-date! last-updated-date! order-status! "
    "fulfillment-channel! sales-channel! order-channel ship-service-level product-name sku! asin "
    "number-of-items item-status! tax-collection-model tax-collection-responsible-party quantity! "
    "currency! item-price! item-tax! shipping-price! shipping-tax! gift-wrap-price! gift-wrap-tax! "
    "item-promotion-discount! ship-promotion-discount! address-type ship-city ship-state "
    "ship-postal-code ship-country promotion-ids payment-method-details is-business-order "
    "purchase-order-number price-designation fulfilled-by buyer-company-name buyer-vat-number "
    "is-replacement-order original-order-id is-amazon-invoiced vat-exclusive-item-price "
    "vat-exclusive-shipping-price vat-exclusive-giftwrap-price is-iba "
    "is-buyer-requested-cancellation ioss-number";

constexpr std::string_view kShipping =
    "order-id! order-item-id! purchase-date! payments-date! buyer-email! buyer-name! "
    "buyer-phone-number! sku! product-name! quantity-purchased! currency! item-price! item-tax! "
    "shipping-price! shipping-tax! ship-service-level! recipient-name! ship-address-1! "
    "ship-address-2! ship-address-3! ship-city! ship-state! ship-postal-code! ship-country! "
    "ship-phone-number! delivery-start-date delivery-end-date delivery-time-zone "
    "delivery-Instructions sales-channel is-business-order purchase-order-number "
    "price-designation is-prime is-replacement-order original-order-id is-amazon-invoiced "
    "vat-exclusive-item-price vat-exclusive-shipping-price vat-exclusive-giftwrap-price";

constexpr std::string_view kInvoicing =
    "order-id! order-item-id! purchase-date! payments-date! buyer-email! buyer-name! "
    "payment-method-details buyer-phone-number! sku! product-name! quantity-purchased! currency! "
    "item-price! item-tax! shipping-price! shipping-tax! gift-wrap-price! gift-wrap-tax! "
    "ship-service-level! recipient-name! ship-address-1! ship-address-2! ship-address-3! "
    "ship-city! ship-state! ship-postal-code! ship-country! ship-phone-number! bill-address-1 "
    "bill-address-2 bill-address-3 bill-city bill-state bill-postal-code bill-country "
    "item-promotion-discount! item-promotion-id! ship-promotion-discount! ship-promotion-id! "
    "gift-wrap-type gift-message-text sales-channel is-business-order purchase-order-number "
    "price-designation is-replacement-order original-order-id buyer-company-name "
    "buyer-tax-registration-id buyer-tax-registration-country buyer-tax-registration-type";

constexpr std::string_view kOpenOrders =
    "order-id! order-item-id! purchase-date! payments-date! reporting-date! promise-date! "
    "days-past-promise! buyer-email! buyer-name buyer-phone-number! sku! number-of-items "
    "product-name! quantity-purchased! quantity-shipped! quantity-to-ship! ship-service-level! "
    "recipient-name! ship-address-1! ship-address-2! ship-address-3! ship-city! ship-state! "
    "ship-postal-code! ship-country! gift-wrap-type gift-message-text sales-channel "
    "is-business-order purchase-order-number price-designation is-prime buyer-company-name "
    "is-replacement-order original-order-id is-buyer-requested-cancellation";

constexpr std::string_view kParcels =
    "amazon-order-id! merchant-order-id! shipment-id! shipment-item-id! amazon-order-item-id! "
    "merchant-order-item-id! purchase-date! payments-date! shipment-date! reporting-date! "
    "buyer-email buyer-name buyer-phone-number sku! product-name quantity-shipped! currency! "
    "item-price! item-tax! shipping-price! shipping-tax! gift-wrap-price! gift-wrap-tax! "
    "ship-service-level recipient-name ship-address-1 ship-address-2 ship-address-3 ship-city "
    "ship-state ship-postal-code ship-country ship-phone-number bill-address-1 bill-address-2 "
    "bill-address-3 bill-city bill-state bill-postal-code bill-country item-promotion-discount! "
    "ship-promotion-discount! carrier! tracking-number! estimated-arrival-date "
    "fulfillment-center-id! fulfillment-channel! sales-channel! points-granted";

constexpr std::array kTypes{
    ReportType{"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL", Contents::AllOrdersByUpdate,
               false, false, false, true, 0min, 0min, 30 * 24h, kAllOrders},
    ReportType{"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL", Contents::AllOrdersByDate,
               false, false, false, true, 0min, 0min, 30 * 24h, kAllOrders},
    ReportType{"GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING", Contents::NewOrders, true, true, true,
               false, 0min, 30min, 60 * 24h, kShipping},
    ReportType{"GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING", Contents::NewOrders, true, true, true,
               false, 0min, 30min, 60 * 24h, kInvoicing},
    ReportType{"GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING", Contents::OpenOrders, true, true,
               true, false, 0min, 30min, 0h, kOpenOrders},
    ReportType{"GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL", Contents::Parcels, false, false,
               false, false, 30min, 0min, 31 * 24h, kParcels},
};

constexpr std::array<std::string_view, 3> kAmazonAlone{"GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
                                                       "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE",
                                                       "GET_V2_SETTLEMENT_REPORT_DATA_XML"};

}  // namespace

std::span<const ReportType> report_types() {
    return kTypes;
}

const ReportType* report_type(std::string_view name) {
    for (const ReportType& type : kTypes)
        if (type.name == name) return &type;
    return nullptr;
}

bool is_made_by_amazon_alone(std::string_view name) {
    for (const std::string_view each : kAmazonAlone)
        if (each == name) return true;
    return false;
}

std::string_view charset_of(const ReportType& type, const Marketplace& store) {
    if (store.code == "JP") return "windows-31j";
    // Letters of these stores are not in Windows-1252; what Amazon sends there is not known.
    for (const std::string_view code : {"PL", "TR", "SA", "EG", "AE", "IN"})
        if (store.code == code) return "UTF-8";
    return type.utf8 ? "UTF-8" : "Cp1252";
}

}  // namespace carrick::sandbox
