// SPDX-License-Identifier: Apache-2.0
// CustomerFlow: gives each merchant-fulfilled order its NetSuite customer and passes it on. Orders
// that need none (pending, cancelled, fulfilled by Amazon) pass on too: "skipped" means that
// nothing was written, not the end of the road.
#pragma once

#include "plugins/shared/customer_import/customer_mapping.hpp"
#include "plugins/shared/customer_import/handed_out.hpp"
#include "plugins/shared/order_model/read_once.hpp"

#include <carrick/sdk/flow.hpp>

#include <memory>

namespace carrick::plugins {

class CustomerFlow {
public:
    CustomerFlow(std::string account, std::string marketplace, std::string identity_key,
                 CustomerSettings settings, bool by_amazon = false);

    void needs(sdk::Pure& pure, const sdk::Records& records);
    void map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
             const sdk::Ledger& ledger);
    void deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads& payloads,
                 const sdk::Ledger& ledger);

private:
    struct Wanted {
        Order order;
        CustomerIdentity identity;
    };
    /// Reads the order and says whom to look for; null where the record is settled already. Valid
    /// until the next one is read.
    [[nodiscard]] const Wanted* wanted(sdk::Pure& pure, const sdk::RecordView& record);
    /// Whether the order's customer is one of several that follow each other.
    [[nodiscard]] bool rotates(const Wanted& look_for) const;
    /// Gives an order a place with the latest customer that NetSuite shows, or with a successor
    /// where that one is full or no longer in use. False: with the first one, which it shows not
    /// yet.
    [[nodiscard]] bool take_from_pool(sdk::Pure& pure, const sdk::RecordView& record,
                                      const Wanted& look_for, const sdk::Lookups& lookups);
    void make(sdk::Pure& pure, const sdk::RecordView& record, const Order& order,
              const CustomerIdentity& identity, const sdk::Lookups& lookups) const;

    std::string account_;
    std::string marketplace_;
    std::string identity_key_;
    CustomerSettings settings_;
    bool by_amazon_;  // whose fulfilment the orders are that it looks after
    HandedOut handed_out_;
    ReadOnce<Wanted> wanted_;
};

/// For mfn_customer_import and fba_customer_import.
[[nodiscard]] Result<std::unique_ptr<CustomerFlow>> make_mfn_customer_flow(
    const sdk::FlowConfig& config);
[[nodiscard]] Result<std::unique_ptr<CustomerFlow>> make_fba_customer_flow(
    const sdk::FlowConfig& config);

}  // namespace carrick::plugins
