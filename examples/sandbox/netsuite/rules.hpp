// SPDX-License-Identifier: Apache-2.0
// Business rules: what NetSuite sources, computes and refuses when a record is saved.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"

#include <map>
#include <string>
#include <vector>

namespace carrick::sandbox::netsuite {

struct SaveContext {
    const RecordStore& store;
    const Switches& switches;
    UtcTime now;
    std::string today;  ///< in the user's zone
    /// For each sublist that the request touched: what it sent for each line that is there now.
    std::map<std::string, std::vector<Json>> sent_lines{};
    std::int64_t document_number = 0;
};

/// Checks and completes a record about to be saved. `before` is null on a create, `sent` the
/// request's own fields. Throws Refusal.
void apply_rules(Record& draft, const Record* before, const Json& sent, SaveContext& context);

void apply_customer_rules(Record& draft, const Record* before, SaveContext& context);
void apply_item_rules(Record& draft, SaveContext& context);
void apply_sales_order_rules(Record& draft, const Record* before, const Json& sent,
                             SaveContext& context);
/// Invoices and cash sales: a sale that posts.
void apply_billing_rules(Record& draft, const Record* before, const Json& sent,
                         SaveContext& context);
void apply_fulfillment_rules(Record& draft, const Record* before, SaveContext& context);

/// What all sales have in common: sourcing from the customer, prices, tax, totals.
void price_sale(Record& draft, const Record* before, const Json& sent, SaveContext& context);
void set_order_status(Record& order);
/// Finds the accounting period of the document's date, or checks the one it names; throws where it
/// is closed, or locked for receivables (`receivables`).
void post_into_period(Record& draft, const Record* before, bool receivables,
                      const SaveContext& context);
/// Goods of a posting document stand in a location, where the account asks for one.
void require_locations(const Record& draft, const SaveContext& context, const char* label);

/// Throws where an address is not one. An echo of what was sent stands in the message, as in
/// NetSuite.
void check_email(const Record& draft, std::string_view field);

}  // namespace carrick::sandbox::netsuite
