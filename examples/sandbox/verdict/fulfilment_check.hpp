// SPDX-License-Identifier: Apache-2.0
// What Amazon's centres shipped against the item fulfilments that stand for it.
#pragma once

#include "examples/sandbox/verdict/verdict.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace carrick::sandbox {

/// Every reported parcel has one fulfilment: of its units, made from a sales order of its Amazon
/// order (its own, where each parcel has one), and nothing else has any.
class FulfilmentCheck {
public:
    FulfilmentCheck(const NetSuiteView& netsuite, const VerdictOptions& options);

    /// Takes the parcels of an order that must be in NetSuite; each order once.
    void take(const Order& order, UtcTime now);
    /// Takes what may stand there for an order that need not be there.
    void allow(const Order& order);
    /// Fulfilments that stand for no parcel; to be asked last.
    void finish();

    std::uint64_t required = 0;
    std::uint64_t right = 0;
    std::vector<Problem> problems;

private:
    void check(const Order& order, const Shipment& shipment, const NetSuiteSalesOrder& fulfilment);
    void problem(const char* code, const Order& order, const Shipment& shipment,
                 const std::string& message);

    const VerdictOptions& options_;
    std::multimap<std::string, NetSuiteSalesOrder> by_external_id_;
    std::map<std::string, std::string> sales_orders_;  ///< external id by internal id
    std::map<std::string, std::string> references_;    ///< Amazon's order id by internal id
};

}  // namespace carrick::sandbox
