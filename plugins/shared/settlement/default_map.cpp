// SPDX-License-Identifier: Apache-2.0
// What Amazon is known to write into its settlements, and what it is for the books. Accounts are
// roles. A description that stands in no line goes to suspense; stars stand only where Amazon puts
// in names and numbers of its own.
#include "plugins/shared/settlement/settlement_rules.hpp"

#include <array>

namespace carrick::plugins {

namespace {

using enum RowClass;

/// What a sale earns: of an order the customer's payment, of the others a credit.
constexpr std::array<std::string_view, 14> kPrices{
    "Principal",   "Tax",      "Shipping",         "ShippingTax",        "GiftWrap",
    "GiftWrapTax", "Goodwill", "RestockingFee",    "ReturnShipping",     "ExportCharge",
    "COD",         "CODTax",   "GenericDeduction", "SAFE-TReimbursement"};
constexpr std::array<std::string_view, 3> kPromotions{"Principal", "Shipping", "TaxDiscount"};
/// Taxes that Amazon collects from the buyer and pays itself; some stores have them among the fees.
constexpr std::array<std::string_view, 3> kWithheld{
    "MarketplaceFacilitatorTax-*", "MarketplaceFacilitatorVAT-*", "LowValueGoodsTax-*"};
constexpr std::array<std::string_view, 6> kCredits{"Refund",
                                                   "Chargeback Refund",
                                                   "A-to-z Guarantee Refund",
                                                   "Order_Retrocharge",
                                                   "Refund_Retrocharge",
                                                   "BuyerRecharge"};

struct NamedAccount {
    std::string_view description;
    std::string_view account;
};
constexpr std::array<NamedAccount, 38> kItemFees{{
    {"Commission", "fees.commission"},
    {"RefundCommission", "fees.refund_commission"},
    {"ShippingHB", "fees.commission"},
    {"GiftwrapCommission", "fees.commission"},
    {"AmazonExclusivesFee", "fees.commission"},
    {"RenewedProgramFee", "fees.commission"},
    {"TechnologyFee", "fees.commission"},
    {"FixedClosingFee", "fees.closing"},
    {"VariableClosingFee", "fees.closing"},
    {"HighVolumeListingFee", "fees.listing"},
    {"DigitalServicesFee", "fees.digital_services"},
    {"DigitalServicesFeeFBA", "fees.digital_services"},
    {"SalesTaxCollectionFee", "fees.tax_collection"},
    {"SalesTaxServiceFee", "fees.tax_collection"},
    {"FBAPerUnitFulfillmentFee", "fees.fulfillment"},
    {"FBAPerOrderFulfillmentFee", "fees.fulfillment"},
    {"FBAWeightBasedFee", "fees.fulfillment"},
    {"FBADeliveryServicesFee", "fees.fulfillment"},
    {"FBA transportation fee", "fees.fulfillment"},
    {"FBATransportationFee", "fees.fulfillment"},
    {"FBAFulfillmentCODFee", "fees.fulfillment"},
    {"FBAPickAndPackFee", "fees.fulfillment"},
    {"FBA Pick & Pack Fee", "fees.fulfillment"},
    {"CrossBorderFulfillmentFee", "fees.fulfillment"},
    {"ShippingChargeback", "fees.shipping_chargeback"},
    {"GiftwrapChargeback", "fees.shipping_chargeback"},
    {"CODChargeback", "fees.cash_on_delivery"},
    {"CODFee", "fees.cash_on_delivery"},
    {"PaymentMethodFee", "fees.payment"},
    {"FBACustomerReturnPerUnitFee", "fees.returns"},
    {"FBACustomerReturnPerOrderFee", "fees.returns"},
    {"FBACustomerReturnWeightBasedFee", "fees.returns"},
    {"ReturnPostageBilling*", "fees.returns"},
    {"CostOfPointsGranted", "fees.points"},
    {"CostOfPointsReturned", "fees.points"},
    {"Cost of points granted", "fees.points"},
    {"Cost of points returned", "fees.points"},
    {"Cost of Advertising", "fees.advertising"},
}};

/// Under whatever transaction type: Amazon has moved several of them.
constexpr std::array<NamedAccount, 62> kAccountFees{{
    {"Subscription Fee", "fees.subscription"},
    {"SubscriptionFeeCorrection", "fees.subscription"},
    {"NonSubscriptionFeeAdj", "fees.subscription"},
    {"Paid Services Fee", "fees.subscription"},
    {"Storage Fee", "fees.storage"},
    {"FBAStorageBilling", "fees.storage"},
    {"StorageRenewalBilling", "fees.storage"},
    {"FBALongTermStorageBilling", "fees.storage"},
    {"Inventory Storage Overage Fee", "fees.storage"},
    {"LowInventoryLevelFee", "fees.storage"},
    {"DisposalComplete", "fees.removal"},
    {"RemovalComplete", "fees.removal"},
    {"FBAInboundTransportationFee", "fees.inbound"},
    {"FBAInboundTransportationProgramFee", "fees.inbound"},
    {"Inbound Transportation Fee", "fees.inbound"},
    {"FBA International Freight Shipping Charge", "fees.inbound"},
    {"FBA International Freight Duties and Taxes Charge", "fees.inbound"},
    {"Inventory Placement Service Fee", "fees.inbound"},
    {"Inbound Defect Fee", "fees.inbound"},
    {"Unplanned Service Fee - *", "fees.inbound"},
    {"WarehousePrep", "fees.inbound"},
    {"Manual Processing Fee", "fees.inbound"},
    {"Shipping label purchase", "fees.shipping_labels"},
    {"Shipping label purchase for return", "fees.shipping_labels"},
    {"Amazon Easy Ship Charges", "fees.shipping_labels"},
    {"A2ZGuaranteeRecovery", "fees.claims"},
    {"ChargeBackRecovery", "fees.claims"},
    {"SAFE-T Reimbursement", "fees.claims"},
    {"BuyerRecharge", "fees.claims"},
    {"Goodwill Concession", "fees.claims"},
    {"CommissionCorrection", "fees.corrections"},
    {"Fee Adjustment", "fees.corrections"},
    {"Overpaid Fees Adjustment", "fees.corrections"},
    {"Adjustment", "fees.corrections"},
    {"MiscAdjustment", "fees.corrections"},
    {"HighVolumeListing", "fees.listing"},
    {"Refund Reimbursal", "fees.reimbursement"},
    // Reimbursements stand under a type of their own in V2; in V1 each is its own type.
    {"WAREHOUSE_LOST", "fees.reimbursement"},
    {"WAREHOUSE_LOST_MANUAL", "fees.reimbursement"},
    {"WAREHOUSE_DAMAGE", "fees.reimbursement"},
    {"WAREHOUSE_DAMAGE_EXCEPTION", "fees.reimbursement"},
    {"INBOUND_CARRIER_DAMAGE", "fees.reimbursement"},
    {"MISSING_FROM_INBOUND", "fees.reimbursement"},
    {"MULTICHANNEL_ORDER_LOST", "fees.reimbursement"},
    {"MULTICHANNEL_ORDER_DAMAGED", "fees.reimbursement"},
    {"REMOVAL_ORDER_LOST", "fees.reimbursement"},
    {"REMOVAL_ORDER_DAMAGED", "fees.reimbursement"},
    {"CUSTOMER_DAMAGE", "fees.reimbursement"},
    {"CUSTOMER_RETURN", "fees.reimbursement"},
    {"FREE_REPLACEMENT_REFUND_ITEMS", "fees.reimbursement"},
    {"CS_ERROR_ITEMS", "fees.reimbursement"},
    {"CS_ERROR_NON_ITEMIZED", "fees.reimbursement"},
    {"INCORRECT_FEES_ITEMS", "fees.reimbursement"},
    {"INCORRECT_FEES_NON_ITEMIZED", "fees.reimbursement"},
    {"PAYMENT_RETRACTION_ITEMS", "fees.reimbursement"},
    {"REVERSAL_REIMBURSEMENT", "fees.reimbursement"},
    {"RE_EVALUATION", "fees.reimbursement"},
    {"GENERAL_ADJUSTMENT", "fees.reimbursement"},
    {"COMPENSATED_CLAWBACK", "fees.reimbursement"},
    {"MISSING_FROM_INBOUND_CLAWBACK", "fees.reimbursement"},
    {"LOST_OR_DAMAGED_CLAWBACK", "fees.reimbursement"},
    {"Manual Processing Fee Reimbursement", "fees.inbound"},
}};

/// The newer layout: the fee is the amount type, its parts are the descriptions.
constexpr std::array<NamedAccount, 25> kNamedFees{{
    {"FBA*Storage*Fee*", "fees.storage"},
    {"FBA Removal Order*", "fees.removal"},
    {"FBA*Removal*Fee*", "fees.removal"},
    {"FBA*Disposal*Fee*", "fees.removal"},
    {"FBA Inbound*Fee*", "fees.inbound"},
    {"FBA Amazon-Partnered Carrier*", "fees.inbound"},
    {"FBA Prep*Fee*", "fees.inbound"},
    {"FBA fulfilment fee*", "fees.fulfillment"},
    {"FBA fulfillment fee*", "fees.fulfillment"},
    {"FBA*Return*Fee*", "fees.returns"},
    {"Coupon*Fee*", "fees.marketing"},
    {"*Deal*Fee*", "fees.marketing"},
    {"Vine*Fee*", "fees.marketing"},
    {"Subscription*", "fees.subscription"},
    {"Premium Services Fee*", "fees.subscription"},
    {"Referral Fee*", "fees.commission"},
    {"Refund Administration Fee*", "fees.refund_commission"},
    {"Eco-contribution*", "fees.eco_contribution"},
    {"EPR*", "fees.eco_contribution"},
    {"Amazon Warehousing & Distribution*", "fees.storage"},
    {"AWD*Storage*", "fees.storage"},
    {"AWD*", "fees.inbound"},
    {"Low-inventory-level*", "fees.storage"},
    {"Digital Services Fee*", "fees.digital_services"},
    {"Shipping label*", "fees.shipping_labels"},
}};

struct Line {
    std::string_view transaction_type;
    std::string_view amount_type;
    std::string_view description;
    RowClass row_class;
    std::string_view account;
};
constexpr std::array<Line, 45> kOthers{{
    // Money between periods and accounts, whatever the transaction type.
    {"*", "*", "Previous Reserve Amount Balance", Balance, "reserve"},
    {"*", "*", "Current Reserve Amount", Balance, "reserve"},
    {"*", "*", "Payable to Amazon", Balance, "amazon_debt"},
    {"*", "*", "Successful charge", Balance, "charge"},
    {"*", "*", "Transfer of funds unsuccessful*", Balance, "in_transit"},
    {"*", "*", "Micro Deposit", Balance, "in_transit"},
    {"*", "Micro Deposit", "*", Balance, "in_transit"},
    {"*", "*", "Cross-Account Debt Adjustment*", Balance, "amazon_debt"},
    {"Debt Adjustment", "*", "*", Balance, "amazon_debt"},
    {"*", "Debt Adjustment", "*", Balance, "amazon_debt"},
    // Advertising.
    {"*", "Cost of Advertising", "*", Fee, "fees.advertising"},
    {"*", "Refund for Advertiser", "*", Fee, "fees.advertising"},
    {"*", "*", "Cost of Advertising", Fee, "fees.advertising"},
    {"*", "*", "Refund for Advertiser", Fee, "fees.advertising"},
    // Marketing: the description is the coupon's or the deal's own name.
    {"CouponRedemptionFee", "*", "*", Fee, "fees.marketing"},
    {"*", "CouponRedemptionFee", "*", Fee, "fees.marketing"},
    {"Lightning Deal Fee", "*", "*", Fee, "fees.marketing"},
    {"*", "LightningDealFee", "*", Fee, "fees.marketing"},
    {"*", "Lightning Deal Fee", "*", Fee, "fees.marketing"},
    {"*", "Vine Enrollment Fee", "*", Fee, "fees.marketing"},
    {"Vine Enrollment Fee", "*", "*", Fee, "fees.marketing"},
    {"*", "Review Enrollment Fee", "*", Fee, "fees.marketing"},
    {"SellerReviewEnrollmentPayment", "*", "*", Fee, "fees.marketing"},
    // Programmes.
    {"Liquidations*", "*", "*", Fee, "fees.liquidation"},
    {"Grade and Resell Fees", "*", "*", Fee, "fees.grade_and_resell"},
    {"*", "Grade and Resell Charge", "*", Fee, "fees.grade_and_resell"},
    {"TBYB Trial Shipment", "*", "*", Fee, "fees.try_before_you_buy"},
    {"TBYB Customer Return Fee", "*", "*", Fee, "fees.try_before_you_buy"},
    {"SAFE-T Reimbursement", "*", "*", Fee, "fees.claims"},
    {"Fee Adjustment", "*", "*", Fee, "fees.corrections"},
    {"*", "Item Fee Adjustment", "*", Fee, "fees.corrections"},
    {"*", "Manual Processing Fee Reimbursement", "*", Fee, "fees.inbound"},
    {"*", "Amazon Warehousing & Distribution*", "*", Fee, "fees.storage"},
    // Taxes: on Amazon's fees, and the seller's own that Amazon withholds.
    {"*", "*", "TaxAmount", Tax, "input_tax"},
    {"*", "*", "Tax on fee", Tax, "input_tax"},
    {"*", "*", "*BillingCGST", Tax, "input_tax"},
    {"*", "*", "*BillingSGST", Tax, "input_tax"},
    {"*", "*", "RemovalCompleteCGST", Tax, "input_tax"},
    {"*", "*", "RemovalCompleteSGST", Tax, "input_tax"},
    {"Commingling VAT", "*", "*", Tax, "input_tax"},
    {"*", "ItemWithheldTax", "TCS-*", Tax, "withheld_tax"},
    {"*", "ItemWithheldTax", "TDS*", Tax, "withheld_tax"},
    {"Income Tax Charged", "*", "*", Tax, "withheld_tax"},
    {"Tax", "*", "*", Tax, "withheld_tax"},
    {"*", "Tax Withheld", "*", Tax, "withheld_tax"},
}};

class Builder {
public:
    std::vector<SettlementRule> rules;

    void add(std::string_view transaction_type, std::string_view amount_type,
             std::string_view description, RowClass row_class, std::string_view account) {
        SettlementRule rule;
        rule.transaction_type = LabelPattern(transaction_type);
        rule.amount_type = LabelPattern(amount_type);
        rule.description = LabelPattern(description);
        rule.row_class = row_class;
        rule.account = account;
        rule.place = "default map, " + std::to_string(rules.size() + 1);
        // A seller's own rules go first, whatever they ask for. Taxes and balances are known by
        // their words, also among the parts of a fee.
        rule.priority =
            row_class == Tax || row_class == Balance ? kDefaultPriority + 1 : kDefaultPriority;
        rules.push_back(std::move(rule));
    }

    /// What customers pay, or get back.
    void add_sales(std::string_view transaction_type, RowClass row_class) {
        for (const std::string_view price : kPrices)
            add(transaction_type, "ItemPrice", price, row_class, "ar");
        for (const std::string_view promotion : kPromotions)
            add(transaction_type, "Promotion", promotion, row_class, "ar");
        for (const std::string_view withheld : kWithheld)
            add(transaction_type, "*", withheld, row_class, "ar");
        add(transaction_type, "DirectPayment", "*", row_class, "ar");
    }
};

std::vector<SettlementRule> build() {
    Builder map;
    map.add_sales("Order", Receivable);
    for (const std::string_view credit : kCredits) map.add_sales(credit, Credit);
    for (const auto& fee : kItemFees) {
        for (const char* amount_type : {"ItemFees", "ShipmentFees", "Shipment-Fees", "OrderFees"})
            map.add("*", amount_type, fee.description, Fee, fee.account);
    }
    for (const auto& fee : kAccountFees) {
        map.add("*", "other-transaction", fee.description, Fee, fee.account);
        map.add("*", "FBA Inventory Reimbursement", fee.description, Fee, fee.account);
    }
    for (const auto& fee : kNamedFees)
        for (const char* transaction_type : {"AmazonFees", "FBAFees"})
            for (const char* part : {"Base fee", "Discount on Fee"})
                map.add(transaction_type, fee.description, part, Fee, fee.account);
    for (const Line& line : kOthers)
        map.add(line.transaction_type, line.amount_type, line.description, line.row_class,
                line.account);
    return std::move(map.rules);
}

}  // namespace

const std::vector<SettlementRule>& default_map() {
    static const std::vector<SettlementRule> kMap = build();
    return kMap;
}

}  // namespace carrick::plugins
