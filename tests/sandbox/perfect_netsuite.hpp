// SPDX-License-Identifier: Apache-2.0
// A NetSuite as perfect flows would leave it, for tests of the verdict to spoil.
#pragma once

#include "examples/sandbox/verdict/verdict.hpp"
#include "tests/sandbox/sandbox_fixture.hpp"

#include <carrick/sdk/ids.hpp>

#include <algorithm>

namespace carrick::sandbox::test {

/// A NetSuite that holds what a perfect run would have written, to be spoilt by a test.
class PerfectNetSuite final : public NetSuiteView {
public:
    explicit PerfectNetSuite(Sandbox& sandbox) {
        for (const Marketplace& each : marketplaces())
            customers_.push_back({"c-" + std::string(each.code),
                                  external_id(DocumentKind::Customer,
                                              seller_of_region(each.region).account, each.code)
                                      .value(),
                                  "Amazon " + std::string(each.code), "",
                                  std::string(each.subsidiary)});
        const WorldOptions& world = sandbox.world().options();
        for (const Order* order : sandbox.world().orders())
            if (import_rule(*order, sandbox.clock().now(), world.go_live, world.start).import ==
                Import::Required)
                add(*order);
    }

    void add(const Order& order) {
        documents.push_back(document_of(truth_of(order), "salesOrder"));
    }

    /// What a perfect flow makes of a truth.
    NetSuiteSalesOrder document_of(const Truth& truth, const std::string& type) {
        const DocumentKind kind = type == "invoice"    ? DocumentKind::Invoice
                                  : type == "cashSale" ? DocumentKind::CashSale
                                                       : DocumentKind::SalesOrder;
        NetSuiteSalesOrder document;
        document.type = type;
        document.internal_id = std::to_string(1000 + ++numbered_);
        document.external_id =
            external_id(kind, truth.account, truth.order_id, truth.shipment_id).value();
        document.other_ref_num = truth.order_id;
        document.entity = "c-" + std::string(truth.marketplace->code);
        document.subsidiary = truth.subsidiary;
        document.currency = truth.currency;
        document.status = "B";
        document.total = truth.receivable;
        for (const ExpectedLine& line : truth.lines)
            document.lines.push_back(
                {line.item, Decimal(line.quantity), line.net, Decimal(), "inventoryItem"});
        const auto charge = [&](const char* item, const Decimal& amount) {
            if (!amount.is_zero())
                document.lines.push_back(
                    {item, Decimal(1), amount, Decimal(), "nonInventorySaleItem"});
        };
        charge("Amazon Shipping", truth.shipping_net);
        charge("Amazon Gift Wrap", truth.gift_wrap_net);
        charge("Amazon COD Fee", truth.cod_fee_net);
        charge("Amazon Promotion", truth.discount_net.negated());
        charge("Amazon Tax", truth.tax_owed);
        return document;
    }

    std::vector<NetSuiteSalesOrder> sales_orders() const override { return documents; }
    std::vector<NetSuiteSalesOrder> posting_documents() const override { return posting; }
    std::vector<NetSuiteCustomer> customers() const override { return customers_; }

    std::vector<NetSuiteSalesOrder> documents;
    std::vector<NetSuiteSalesOrder> posting;
    std::vector<NetSuiteCustomer> customers_;

private:
    std::size_t numbered_ = 0;
};

inline std::vector<std::string> codes_of(const Verdict& verdict) {
    std::vector<std::string> codes;
    for (const Problem& each : verdict.problems) codes.push_back(each.code);
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

using Codes = std::vector<std::string>;

}  // namespace carrick::sandbox::test
