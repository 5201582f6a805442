// SPDX-License-Identifier: Apache-2.0
// FulfillmentFlow: which of Amazon's shipments become item fulfilments, when, and that each becomes
// one.
#pragma once

#include "plugins/fba_fulfillment/fulfillment_mapping.hpp"
#include "plugins/shared/order_model/read_once.hpp"

#include <carrick/sdk/flow.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace carrick::plugins {

/// Acts on orders that Carrick made or adopted, and on no others: their links say so. A shipment
/// whose order is not linked yet waits for that link. The sales order of a shipment goes before
/// that of its whole order.
class FulfillmentFlow {
public:
    FulfillmentFlow(std::string account, std::string marketplace, FulfillmentSettings settings)
        : account_(std::move(account)),
          marketplace_(std::move(marketplace)),
          settings_(std::move(settings)) {}

    void needs(sdk::Pure& pure, const sdk::Records& records);
    void map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
             const sdk::Ledger& ledger);
    void deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads& payloads,
                 const sdk::Ledger& ledger);

private:
    struct Wanted {
        ShippedOrder shipped;
        std::string external_id;
        // Of the sales order, where the import made one for each shipment, or one for the order.
        std::string own_order;
        std::string whole_order;
    };
    /// A shipment to fulfil now, or why not: skipped, or failed.
    struct Reading {
        std::optional<Wanted> wanted{};
        std::string skip{};
        std::optional<Error> error{};
    };
    [[nodiscard]] const Reading& reading_of(const sdk::RecordView& record);
    [[nodiscard]] Reading read(const sdk::RecordView& record) const;
    void map_one(sdk::Pure& pure, const sdk::RecordView& record, const Wanted& wanted,
                 const sdk::Lookups& lookups) const;
    /// NetSuite's items of the shipment's SKUs, as far as they were found.
    [[nodiscard]] Result<std::map<std::string, std::string>> items_of(
        const sdk::RecordView& record, const ShippedOrder& shipped,
        const sdk::Lookups& lookups) const;
    /// Whether Carrick knows the sales order; where not, the record is settled.
    [[nodiscard]] static bool is_linked(sdk::Call& call, const sdk::RecordView& record,
                                        const Wanted& wanted, const std::string& order);
    /// A fulfilment that was there already.
    struct Found {
        std::uint32_t record = 0;
        std::string id;
    };
    /// What is adopted must be of the shipment as it is now: one whose answer was lost, or that was
    /// finished long ago, may have been made before Amazon added to the shipment.
    void compare(sdk::Call& call, const sdk::Records& records, const std::vector<Found>& found);
    static void finish(sdk::Call& call, const sdk::RecordView& record, const ShippedOrder& shipped,
                       const std::string& id);

    std::string account_;
    std::string marketplace_;
    FulfillmentSettings settings_;
    ReadOnce<Reading> readings_;
};

[[nodiscard]] Result<std::unique_ptr<FulfillmentFlow>> make_fulfillment_flow(
    const sdk::FlowConfig& config);

}  // namespace carrick::plugins
