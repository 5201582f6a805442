// SPDX-License-Identifier: Apache-2.0
// OrderFlow: which orders become documents in NetSuite, and when. Writing them is order_delivery.
#pragma once

#include "plugins/shared/order_import/order_changes.hpp"
#include "plugins/shared/order_import/order_mapping.hpp"
#include "plugins/shared/order_model/read_once.hpp"

#include <carrick/sdk/flow.hpp>

#include <memory>
#include <optional>
#include <string>

namespace carrick::plugins {

class OrderFlow {
public:
    OrderFlow(std::string account, std::string marketplace, OrderSettings settings,
              FollowSettings follow)
        : account_(std::move(account)),
          marketplace_(std::move(marketplace)),
          settings_(std::move(settings)),
          follow_(follow) {}

    void needs(sdk::Pure& pure, const sdk::Records& records);
    void map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
             const sdk::Ledger& ledger);
    void verify(sdk::Pure& pure, const sdk::Records& records, const sdk::Payloads& payloads);
    void deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads& payloads,
                 const sdk::Ledger& ledger);

private:
    struct Importable {
        Order order;
        std::string customer;
        std::string external_id;
    };
    /// An order to import now, or why not: skipped, waiting, or failed. Where both are there, the
    /// order is for those that were imported before, and `skip` for the others.
    struct Reading {
        std::optional<Importable> importable{};
        std::string skip{};
        std::string cancelled{};  ///< id of an order of ours that was cancelled as a whole
        std::string waits_for{};
        UtcTime pending_until{};
        std::optional<Error> error{};

        static Reading skipped(const char* reason) { return {.skip = reason}; }
        static Reading failed(Error error) { return {.error = std::move(error)}; }
    };
    /// Reads each record once over the stages of a page. Valid until the next one is read.
    [[nodiscard]] const Reading& reading_of(const sdk::RecordView& record);
    [[nodiscard]] Reading read(const sdk::RecordView& record) const;
    /// `past`: why an order that was not imported in time is none to import any more.
    [[nodiscard]] Reading read(const sdk::RecordView& record, std::string& past) const;
    /// Why an order of Amazon's fulfilment makes no document of this flow's kind (yet).
    [[nodiscard]] std::optional<Reading> held_back(const Order& order) const;
    [[nodiscard]] Result<std::string> id_of(const Order& order) const;
    /// A document that is there already: ours, or another tool's; null where there is none.
    [[nodiscard]] static std::optional<sdk::LookupView> existing(const sdk::RecordView& record,
                                                                 const sdk::Lookups& lookups);
    [[nodiscard]] std::optional<sdk::LookupView> existing_of_shipment(
        const sdk::RecordView& record, const Order& order, const sdk::Lookups& lookups) const;
    /// External ids of all documents that may stand for a shipment, its own first.
    [[nodiscard]] std::vector<std::string> documents_of(const Order& order) const;
    /// The first open day from the document's own on, where that was asked for; else "".
    [[nodiscard]] Result<std::string> open_day_of(const sdk::RecordView& record, const Order& order,
                                                  const sdk::Lookups& lookups) const;
    [[nodiscard]] const DocumentForm& form() const { return form_of(settings_.document); }
    /// What the customer owes for the order.
    [[nodiscard]] Result<Money> expected(const sdk::RecordView& record);
    void map_one(sdk::Pure& pure, const sdk::RecordView& record, const Importable& wanted,
                 const sdk::Lookups& lookups) const;
    /// A later version of an order that is there.
    void map_imported(sdk::Pure& pure, const sdk::RecordView& record, const Reading& reading,
                      const sdk::Lookups& lookups, const ImportedOrder& before) const;
    /// One of what is not followed: left alone, unless it has posted other figures.
    void map_again(sdk::Pure& pure, const sdk::RecordView& record,
                   const std::optional<Importable>& wanted, const ImportedOrder& before) const;
    void look_up_lines(sdk::Pure& pure, const sdk::RecordView& record,
                       const std::string& order_id) const;
    [[nodiscard]] Result<OrderReferences> references_of(const sdk::RecordView& record,
                                                        const Importable& wanted,
                                                        const sdk::Lookups& lookups) const;
    /// Whether later versions of an order may still change what it became.
    [[nodiscard]] bool follows() const {
        return follow_.follows() && settings_.document == DocumentType::SalesOrder &&
               !settings_.per_shipment;
    }
    /// Whether its documents move goods or money.
    [[nodiscard]] bool posts() const {
        return settings_.document != DocumentType::SalesOrder || settings_.per_shipment;
    }
    /// The sales order of a later version, where it is there and ours to touch; where it is not,
    /// the record is settled: skipped as `instead` and why.
    [[nodiscard]] std::optional<PlacedOrder> followed(
        sdk::Pure& pure, const sdk::RecordView& record, const sdk::Lookups& lookups,
        const std::string& order_id, const ImportedOrder& before, std::string_view instead) const;
    void map_change(sdk::Pure& pure, const sdk::RecordView& record, const Importable& wanted,
                    const sdk::Lookups& lookups, const ImportedOrder& before) const;
    void map_cancellation(sdk::Pure& pure, const sdk::RecordView& record,
                          const std::string& order_id, const sdk::Lookups& lookups,
                          const ImportedOrder& before) const;
    static void emit_edit(sdk::Pure& pure, const sdk::RecordView& record, const PlacedOrder& placed,
                          const Json& body);
    /// Several documents for one order, which nobody chooses between.
    [[nodiscard]] static Error ambiguous(const std::string& order_id, const Json& hit);
    [[nodiscard]] Result<void> verify_one(const sdk::RecordView& record,
                                          const sdk::PayloadView& payload);

    std::string account_;
    std::string marketplace_;
    OrderSettings settings_;
    FollowSettings follow_;
    ReadOnce<Reading> readings_;
};

/// For mfn_order_import and fba_order_import.
[[nodiscard]] Result<std::unique_ptr<OrderFlow>> make_mfn_order_flow(const sdk::FlowConfig& config);
[[nodiscard]] Result<std::unique_ptr<OrderFlow>> make_fba_order_flow(const sdk::FlowConfig& config);

}  // namespace carrick::plugins
