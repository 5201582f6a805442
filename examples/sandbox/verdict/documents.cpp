// SPDX-License-Identifier: Apache-2.0
#include "examples/sandbox/verdict/documents.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace carrick::sandbox {
namespace {

std::string named(const NetSuiteCustomer& customer) {
    return customer.external_id.empty() ? customer.entity_id : customer.external_id;
}

std::string described(const NetSuiteSalesOrder& order, const std::string& customer) {
    std::string text = order.type + " " + order.external_id + " " + order.other_ref_num + " " +
                       order.marketplace_order_id + " customer " + customer + " subsidiary " +
                       order.subsidiary + " " + order.total.text() + " " + order.currency + " " +
                       order.status + " " + order.date + " to " + order.ship_to + ":";
    for (const NetSuiteSalesOrderLine& line : order.lines)
        text += " " + line.quantity.text() + " x " + line.item + " " + line.amount.text() +
                (line.tax_amount.is_zero() ? "" : " tax " + line.tax_amount.text()) + ";";
    return text;
}

}  // namespace

std::string list_documents(const NetSuiteView& netsuite) {
    std::vector<std::string> lines;
    std::map<std::string, std::string> customers;
    for (const NetSuiteCustomer& customer : netsuite.customers()) {
        customers[customer.internal_id] = named(customer);
        lines.push_back("customer " + customer.external_id + " " + customer.entity_id + " " +
                        customer.email + " subsidiary " + customer.subsidiary);
    }
    for (const auto& list : {netsuite.sales_orders(), netsuite.posting_documents()})
        for (const NetSuiteSalesOrder& order : list)
            lines.push_back(described(order, customers[order.entity]));
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

}  // namespace carrick::sandbox
