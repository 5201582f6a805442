// SPDX-License-Identifier: Apache-2.0
// How the verdict sees NetSuite: the records that are there, whoever wrote them, read behind the
// back of every role and every delay.
#pragma once

#include "examples/sandbox/service.hpp"

#include <carrick/sdk/decimal.hpp>

#include <string>
#include <vector>

namespace carrick::sandbox {

struct NetSuiteSalesOrderLine {
    std::string item;  ///< the item's name (itemId), as in the world's catalogue
    Decimal quantity;
    Decimal amount;          ///< line amount before tax, as NetSuite holds it
    Decimal tax_amount;      ///< 0 where the account has no tax engine or the line no tax
    std::string item_type;   ///< record type: "inventoryItem", "discountItem", ...
    std::string location{};  ///< its name; empty where the line has none
    bool closed = false;
};

struct NetSuiteSalesOrder {
    std::string internal_id;
    std::string external_id;
    std::string other_ref_num;
    /// What other tools' fields say (custbody_celigo_etail_order_id, else
    /// custbody_fa_channel_order).
    std::string marketplace_order_id;
    std::string entity;      ///< internal id of the customer
    std::string subsidiary;  ///< internal id
    std::string currency;    ///< ISO code
    std::string status;      ///< status letter or name; "cancelled" and "closed" said in full
    Decimal total;
    std::vector<NetSuiteSalesOrderLine> lines;
    std::string type = "salesOrder";  ///< or "invoice", "cashSale", "itemFulfillment"
    std::string created_from{};       ///< internal id of the sales order it was made from
    std::string date{};               ///< tranDate
    std::string ship_to{};            ///< "München, BY 80331 DE"; empty where there is no address
};

struct NetSuiteCustomer {
    std::string internal_id;
    std::string external_id;
    std::string entity_id;  ///< its name
    std::string email;
    std::string subsidiary;
};

/// Everything of the kinds that the flows of this version write. Each call copies a consistent
/// view.
class NetSuiteView {
public:
    virtual ~NetSuiteView() = default;
    [[nodiscard]] virtual std::vector<NetSuiteSalesOrder> sales_orders() const = 0;
    /// Invoices, cash sales and item fulfilments, in the same words.
    [[nodiscard]] virtual std::vector<NetSuiteSalesOrder> posting_documents() const { return {}; }
    [[nodiscard]] virtual std::vector<NetSuiteCustomer> customers() const = 0;
};

/// What make_netsuite_service (netsuite/netsuite_service.hpp) returns.
class NetSuiteService : public Service, public NetSuiteView {
public:
    /// What a person does in NetSuite's own pages, in REST's words: without a token, faults or
    /// limits. `path` as in Request.
    [[nodiscard]] virtual Response by_hand(const Request& request) = 0;
};

}  // namespace carrick::sandbox
