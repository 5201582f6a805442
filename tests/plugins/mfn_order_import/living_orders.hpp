// SPDX-License-Identifier: Apache-2.0
// The order flow over the life of orders: each version in its turn, with the ledger that the engine
// would keep and a NetSuite that remembers.
#pragma once

#include "tests/plugins/mfn_order_import/order_bench.hpp"
#include "tests/plugins/support/memory_netsuite.hpp"

#include <map>
#include <string>

namespace carrick::plugins::testing {

struct LivingOrders : Orders {
    MemoryNetSuite erp;
    std::map<std::string, std::string> kept;  ///< the ledger: order id -> target ids

    explicit LivingOrders(const char* settings = "{}",
                          const std::string& plugin = "mfn_order_import",
                          carrick_plugin_entry entry = &order_entry)
        : Orders(settings, plugin, entry) {
        erp.order_item_field = Json::parse(settings).value()["fields"]["order_item_id"].text();
        answers[{"item", "KNOT"}] = Json::object({{"id", Json("99")}});
        target.answer = [this](const std::string& operation, const Json& body) {
            return erp.reply(operation, body);
        };
        look_up = [this](const std::string& name, const std::string& key) {
            return erp.look_up(name, key);
        };
    }

    /// One version of one order, as the engine would bring it.
    Passed see(const Json& version) {
        const std::string& id = version["orderId"].text();
        ledger.clear();
        if (const auto known = kept.find(id); known != kept.end())
            ledger.push_back({0, UtcTime(1), known->second});
        Passed passed = run({version});
        if (passed.of(0).kind == OutcomeKind::Done) kept[id] = passed.of(0).details().target_ids;
        if (passed.of(0).kind == OutcomeKind::Skipped) kept.try_emplace(id, "{}");
        return passed;
    }

    /// The lines as "item x quantity = amount", closed ones in brackets.
    [[nodiscard]] std::string lines() {
        std::string text;
        for (const MemoryNetSuite::Line& line : erp.only_order().lines) {
            std::string one = line.item;
            if (line.quantity) one += "x" + line.quantity->text();
            one += "=" + line.amount.text();
            text += (text.empty() ? "" : " ") + (line.closed ? "[" + one + "]" : one);
        }
        return text;
    }
};

/// Two lines with a discount below the first, shipping and tax:
/// 3 ROPE 30.00 - 3.00, 1 KNOT 5.00, shipping 2.00 + 1.00, tax 2.70 + 0.50 = 38.20.
inline Json rich_order() {
    Json json = amazon_order(
        "US",
        {{"ROPE",
          3,
          "31.70",
          {{"ITEM", "30.00"},
           {"SHIPPING", "2.00"},
           {"TAX", "2.70"},
           {"DISCOUNT", "-3.00", {{"ITEM", "-3.00"}}}}},
         {"KNOT", 1, "6.50", {{"ITEM", "5.00"}, {"SHIPPING", "1.00"}, {"TAX", "0.50"}}}},
        "38.20");
    json.set("carrick", order()["carrick"]);
    return json;
}

/// The same with one ROPE less: 2 ROPE 20.00 - 2.00 + 2.00 + 1.80 = 21.80, and KNOT 6.50 = 28.30.
inline Json cut_order() {
    Json json = amazon_order(
        "US",
        {{"ROPE",
          2,
          "21.80",
          {{"ITEM", "20.00"},
           {"SHIPPING", "2.00"},
           {"TAX", "1.80"},
           {"DISCOUNT", "-2.00", {{"ITEM", "-2.00"}}}}},
         {"KNOT", 1, "6.50", {{"ITEM", "5.00"}, {"SHIPPING", "1.00"}, {"TAX", "0.50"}}}},
        "28.30");
    json.set("carrick", order()["carrick"]);
    return json;
}

/// The same without its ROPE: KNOT 5.00 + 1.00 + 0.50 = 6.50.
inline Json order_without_rope() {
    Json json = amazon_order(
        "US",
        {{"ROPE", 0},
         {"KNOT", 1, "6.50", {{"ITEM", "5.00"}, {"SHIPPING", "1.00"}, {"TAX", "0.50"}}}},
        "6.50");
    json.set("carrick", order()["carrick"]);
    return json;
}

}  // namespace carrick::plugins::testing
