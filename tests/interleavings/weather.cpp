// SPDX-License-Identifier: Apache-2.0
#include "tests/interleavings/weather.hpp"

#include <array>

namespace carrick::interleavings {

namespace {

// Coprime to one another and to what chooses faults, crashes and reports, so that a few dozen
// worlds meet every pair.
constexpr std::array kFba{FbaPolicy{"cash_sale", true, false}, FbaPolicy{"sales_order", true, true},
                          FbaPolicy{}, FbaPolicy{"sales_order", false, true},
                          FbaPolicy{"invoice", true, false}};
constexpr std::array kFollow{FollowPolicy{"update", "close"},
                             FollowPolicy{"ignore", "task"},
                             FollowPolicy{"update", "close_unless_picking"},
                             FollowPolicy{"ignore", "ignore"},
                             FollowPolicy{"ignore", "close"},
                             FollowPolicy{"update", "task"},
                             FollowPolicy{"ignore", "close_unless_picking"}};

constexpr const char* kShipments = R"(
  shipped_na: { plugin: fba_shipments, source: seller-na, marketplaces: [US], every: 30m, start: 2026-11-01 }
  shipped_eu: { plugin: fba_shipments, source: seller-eu, marketplaces: [DE], every: 30m, start: 2026-11-01 }
  shipped_fe: { plugin: fba_shipments, source: seller-fe, marketplaces: [JP], every: 30m, start: 2026-11-01 })";

std::string fba_flows(const FbaPolicy& fba) {
    const std::string shipped = "[shipped_na, shipped_eu, shipped_fe]";
    std::string text;
    if (fba.per_shipment || fba.fulfilled) text += kShipments;
    text +=
        "\n  fba_customers: { plugin: fba_customer_import, from: " +
        (fba.per_shipment ? shipped : "[orders_na, orders_eu, orders_fe]") +
        ", target: erp }\n  fba_orders:\n    plugin: fba_order_import\n    from: fba_customers\n"
        "    target: erp\n    settings: { document: " +
        fba.document + ", per: " + (fba.per_shipment ? "shipment" : "order") + " }\n";
    if (fba.fulfilled)
        text += "  fulfillments: { plugin: fba_fulfillment, from: " + shipped + ", target: erp }\n";
    return text;
}

}  // namespace

Weather Weather::of(std::uint64_t seed, std::uint64_t orders) {
    static constexpr std::array kFaults{"none", "rough", "lost_answers"};
    return {.seed = seed,
            .orders = orders,
            .faults = kFaults[seed % kFaults.size()],
            .crashes = seed % 2 == 0,
            .reports = seed % 4 < 2,
            .fba = kFba[seed % kFba.size()],
            .follow = kFollow[seed % kFollow.size()]};
}

std::string Weather::text() const {
    return "faults " + faults + (crashes ? ", crashes" : "") + (reports ? ", reports" : "") +
           ", changes " + follow.changes + ", cancellations " + follow.cancellations +
           (fba.any() ? std::string(", fba ") + fba.document +
                            (fba.per_shipment ? " per shipment" : " per order")
                      : std::string());
}

std::string Weather::flows(std::string text) const {
    constexpr std::string_view kDefaults = "defaults:\n";
    std::string defaults = std::string("  changes: ") + follow.changes +
                           "\n  cancellations: " + follow.cancellations + "\n";
    if (reports)
        defaults +=
            "  orders: { reports: { order: shipping, all_orders: true, every_minutes: 30 } }\n";
    // Reports in Latin letters cannot tell a Japanese SKU; the order item id finds its line.
    if (fba.fulfilled) defaults += "  fields: { order_item_id: custcol_amz_order_item_id }\n";
    if (fba.any()) defaults += "  accounts: { clearing: Amazon Clearing }\n";
    text.insert(text.find(kDefaults) + kDefaults.size(), defaults);
    return fba.any() ? text + fba_flows(fba) : text;
}

sandbox::VerdictOptions Weather::verdict() const {
    sandbox::VerdictOptions options;
    const std::string_view document = fba.document;
    if (document == "cash_sale") options.fba = sandbox::FbaDocuments::CashSale;
    if (document == "invoice") options.fba = sandbox::FbaDocuments::Invoice;
    if (document == "sales_order") options.fba = sandbox::FbaDocuments::SalesOrder;
    if (fba.per_shipment) options.fba_grain = sandbox::FbaGrain::Shipment;
    options.fulfilled = fba.fulfilled;
    // Also where a person is asked to do it: what nobody has done must stand in the error queue.
    if (!follow.is("ignore")) options.changed = options.cancelled = sandbox::Aftermath::Followed;
    return options;
}

}  // namespace carrick::interleavings
