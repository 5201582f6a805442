// SPDX-License-Identifier: Apache-2.0
// What the tests of FBA shipments share: a source for US and CA, and short ways to write a report.
#pragma once

#include "plugins/fba_shipments/shipments_source.hpp"
#include "tests/plugins/support/report_bench.hpp"

#include <map>

namespace carrick::plugins::testing {

inline constexpr std::string_view kShipmentsReport = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL";

inline const carrick_plugin* shipments_entry() {
    return sdk::plugin_descriptor<&make_shipments_source>("fba_shipments", "0.1.0");
}

inline Json shipments_config(const std::vector<std::string>& stores, const std::string& collection,
                             const std::string& tax_ids = "untaxed",
                             std::int64_t every_minutes = 60) {
    Json marketplaces = Json::object();
    for (const std::string& store : stores)
        marketplaces.set(
            store, Json::object({{"shipments", Json::object({{"tax_collection", Json(collection)},
                                                             {"buyer_tax_ids", Json(tax_ids)},
                                                             {"every_minutes", Json(every_minutes)},
                                                             {"overlap_days", Json(7)}})}}));
    return Json::object({{"flow", Json("shipments")},
                         {"origin", Json("NA1")},
                         {"partition", Json("")},
                         {"marketplaces", marketplaces},
                         {"start", Json("2026-11-01T00:00:00Z")}});
}

class ShipmentsBench : public ReportBench {
public:
    explicit ShipmentsBench(const std::vector<std::string>& stores = {"US"},
                            const std::string& collection = "seller",
                            const std::string& tax_ids = "untaxed", std::int64_t every_minutes = 60)
        : ReportBench("fba_shipments", &shipments_entry,
                      shipments_config(stores, collection, tax_ids, every_minutes), "report") {}
    std::string& report() { return amazon.texts[std::string(kShipmentsReport)]; }
};

/// One row: a column's value, else a sensible one.
inline std::string shipment_row(const std::map<std::string, std::string>& values) {
    static const std::vector<std::pair<std::string, std::string>> kColumns{
        {"amazon-order-id", "111-1111111-1111111"},
        {"shipment-id", "DAAA11111"},
        {"shipment-item-id", "DBBB11111"},
        {"amazon-order-item-id", "10000000000001"},
        {"purchase-date", "2026-11-10T08:00:00+00:00"},
        {"payments-date", "2026-11-10T20:00:00+00:00"},
        {"shipment-date", "2026-11-11T03:15:00+00:00"},
        {"reporting-date", "2026-11-11T05:00:00+00:00"},
        {"sku", "ROPE-10M"},
        {"product-name", "Rope 10\" m"},
        {"quantity-shipped", "1"},
        {"currency", "USD"},
        {"item-price", "19.99"},
        {"item-tax", "0.00"},
        {"shipping-price", "0.00"},
        {"shipping-tax", "0.00"},
        {"gift-wrap-price", ""},
        {"gift-wrap-tax", ""},
        {"ship-city", "Seattle"},
        {"ship-state", "WA"},
        {"ship-postal-code", "98101"},
        {"ship-country", "US"},
        {"item-promotion-discount", "0.00"},
        {"ship-promotion-discount", "0.00"},
        {"carrier", "UPS"},
        {"tracking-number", "1Z999"},
        {"fulfillment-center-id", "PHX7"},
        {"sales-channel", "Amazon.com"}};
    std::string row;
    for (const auto& [column, usual] : kColumns) {
        const auto own = values.find(column);
        row += (row.empty() ? "" : "\t") + (values.contains("header") ? column
                                            : own == values.end()     ? usual
                                                                      : own->second);
    }
    return row + "\n";
}

inline std::string shipment_header() {
    return shipment_row({{"header", ""}});
}

}  // namespace carrick::plugins::testing
