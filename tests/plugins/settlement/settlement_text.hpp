// SPDX-License-Identifier: Apache-2.0
// Settlement files for tests, written as one reads them: a row is its columns by name.
#pragma once

#include "plugins/shared/settlement/settlement_file.hpp"

#include <map>
#include <string>
#include <vector>

namespace carrick::testing {

/// The 24 columns of Flat File V2.
inline const std::vector<std::string>& v2_columns() {
    static const std::vector<std::string> kColumns{"settlement-id",
                                                   "settlement-start-date",
                                                   "settlement-end-date",
                                                   "deposit-date",
                                                   "total-amount",
                                                   "currency",
                                                   "transaction-type",
                                                   "order-id",
                                                   "merchant-order-id",
                                                   "adjustment-id",
                                                   "shipment-id",
                                                   "marketplace-name",
                                                   "amount-type",
                                                   "amount-description",
                                                   "amount",
                                                   "fulfillment-id",
                                                   "posted-date",
                                                   "posted-date-time",
                                                   "order-item-code",
                                                   "merchant-order-item-id",
                                                   "merchant-adjustment-item-id",
                                                   "sku",
                                                   "quantity-purchased",
                                                   "promotion-id"};
    return kColumns;
}

using Fields = std::map<std::string, std::string>;

class SettlementText {
public:
    explicit SettlementText(std::vector<std::string> columns = v2_columns())
        : columns_(std::move(columns)) {
        for (const std::string& column : columns_) text += (text.empty() ? "" : "\t") + column;
        text += "\n";
    }

    /// The row with the total; times as Amazon.com writes them.
    SettlementText& header(const std::string& total, const std::string& currency = "USD",
                           const std::string& id = "27000000001") {
        return row({{"settlement-id", id},
                    {"settlement-start-date", "2026-06-01 05:23:19 UTC"},
                    {"settlement-end-date", "2026-06-15 05:23:19 UTC"},
                    {"deposit-date", "2026-06-17 05:23:19 UTC"},
                    {"total-amount", total},
                    {"currency", currency}});
    }
    SettlementText& amount(const std::string& transaction_type, const std::string& order,
                           const std::string& amount_type, const std::string& description,
                           const std::string& amount, const Fields& more = {}) {
        Fields fields{{"settlement-id", "27000000001"},
                      {"transaction-type", transaction_type},
                      {"order-id", order},
                      {"amount-type", amount_type},
                      {"amount-description", description},
                      {"amount", amount},
                      {"marketplace-name", order.empty() ? "" : "Amazon.com"},
                      {"posted-date", "2026-06-03"},
                      {"posted-date-time", "2026-06-03 14:02:11 UTC"}};
        for (const auto& [name, value] : more) fields[name] = value;
        return row(fields);
    }
    SettlementText& row(const Fields& fields) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const auto found = fields.find(columns_[i]);
            text += (i == 0 ? "" : "\t") + (found == fields.end() ? "" : found->second);
        }
        text += "\n";
        return *this;
    }

    std::string text;

private:
    std::vector<std::string> columns_;
};

/// The worked example of our notes on Amazon's settlements: 52.00 USD to the cent.
inline SettlementText worked_example(const std::vector<std::string>& columns = v2_columns()) {
    const std::string sold = "111-1111111-1111111";
    const std::string returned = "111-2222222-2222222";
    SettlementText file(columns);
    file.header("52.00")
        .amount("Order", sold, "ItemPrice", "Principal", "50.00")
        .amount("Order", sold, "ItemPrice", "Tax", "4.13")
        .amount("Order", sold, "ItemPrice", "Shipping", "5.99")
        .amount("Order", sold, "ItemPrice", "ShippingTax", "0.49")
        .amount("Order", sold, "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", "-4.13")
        .amount("Order", sold, "ItemWithheldTax", "MarketplaceFacilitatorTax-Shipping", "-0.49")
        .amount("Order", sold, "ItemFees", "Commission", "-8.40")
        .amount("Order", sold, "ItemFees", "FBAPerUnitFulfillmentFee", "-5.40")
        .amount("Order", sold, "ItemFees", "ShippingChargeback", "-5.99")
        .amount("Refund", returned, "ItemPrice", "Principal", "-20.00")
        .amount("Refund", returned, "ItemFees", "Commission", "3.00")
        .amount("Refund", returned, "ItemFees", "RefundCommission", "-0.60")
        .amount("other-transaction", "", "other-transaction", "Previous Reserve Amount Balance",
                "150.00")
        .amount("other-transaction", "", "other-transaction", "Current Reserve Amount", "-60.00")
        .amount("other-transaction", "", "other-transaction", "Subscription Fee", "-39.99")
        .amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-25.00")
        .amount("other-transaction", "", "FBA Inventory Reimbursement", "WAREHOUSE_LOST", "12.34")
        .amount("other-transaction", "", "other-transaction", "Storage Fee", "-3.95");
    return file;
}

inline Result<plugins::SettlementFile> settlements_in(const std::string& text,
                                                      std::size_t step = std::string::npos) {
    plugins::StringSource source(text, step);
    return plugins::read_settlements(source);
}

}  // namespace carrick::testing
