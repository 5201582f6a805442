// SPDX-License-Identifier: Apache-2.0
// The order flow on the bench, with a NetSuite that keeps what it is sent and answers totals.
#pragma once

#include "plugins/shared/order_import/order_flow.hpp"
#include "tests/plugins/support/amazon_orders.hpp"
#include "tests/plugins/support/flow_bench.hpp"

#include <map>
#include <set>
#include <string>

namespace carrick::plugins::testing {

inline const carrick_plugin* order_entry() {
    return sdk::plugin_descriptor<&make_mfn_order_flow>("mfn_order_import", "0.1.0");
}

inline const carrick_plugin* fba_order_entry() {
    return sdk::plugin_descriptor<&make_fba_order_flow>("fba_order_import", "0.1.0");
}

struct Orders : FlowBench {
    explicit Orders(const char* settings = "{}", const std::string& plugin = "mfn_order_import",
                    carrick_plugin_entry entry = &order_entry)
        : FlowBench(plugin, entry, config_of("orders", "US", [&] {
                        Json json = Json::parse(settings).value();
                        if (!json.contains("items"))
                            json.set("items", Json::parse(R"({"shipping":"11","tax":"18",
                                "discount":"16"})")
                                                  .value());
                        return json;
                    }())) {
        answers[{"item", "ROPE"}] = Json::object({{"id", Json("98")}});
        target.answer = [this](const std::string& operation, const Json& body) {
            return reply(operation, body);
        };
    }

    /// What a sales order totals; by default what its lines add up to.
    std::function<std::string(const Json& body)> total = [](const Json& body) {
        return document_total(body, Currency::parse("USD").value())->amount_text();
    };
    std::map<std::string, std::string> totals;  ///< external id -> total
    std::map<std::string, std::string> ids;     ///< external id -> internal id
    std::set<std::string> being_committed;      ///< external ids that only a create meets yet
    std::map<std::string, Json> bodies;         ///< external id -> what was sent
    int patches = 0;
    bool queries_lag = false;
    bool queries_fail = false;

    connectors::Reply reply(const std::string& operation, const Json& body) {
        if (operation == "netsuite.records.create") {
            const std::string& id = body["external_id"].text();
            if (ids.contains(id) || being_committed.contains(id))
                return refused(rejected("netsuite.duplicate", "there is one"));
            ids[id] = std::to_string(1000 + ids.size());
            totals[id] = total(body["body"]);
            bodies[id] = body["body"];
            return ok(Json::object({{"id", Json(ids[id])}}));
        }
        if (operation == "netsuite.lookup.external_id") {
            if (queries_fail) return refused(transient("netsuite.down", "later"));
            Json found = Json::object();
            for (const Json& key : body["keys"].items())
                if (totals.contains(key.text()) && !queries_lag)
                    found.set(key.text(), Json::object({{"total", Json(totals[key.text()])}}));
            return ok(Json::object({{"found", found}}));
        }
        if (operation == "netsuite.records.patch") return patched(body);
        for (const auto& [external_id, id] : ids)
            if (body["expand"] == Json(true) && id == body["id"].text())
                return ok(
                    Json::object({{"id", Json(id)}, {"record", with_keys(bodies[external_id])}}));
            else if (id == body["id"].text() || external_id == body["external_id"].text())
                return ok(Json::object(
                    {{"id", Json(id)},
                     {"record",
                      Json::object({{"total", Json::number_token(totals[external_id])}})}}));
        return refused(rejected("netsuite.nonexistent_id", "none"));
    }

    /// NetSuite's keys of lines are not 1, 2, 3.
    static Json with_keys(Json body) {
        std::int64_t key = 2;
        for (Json& line : *body.find("item")->find("items")->items_if())
            line.set("line", Json(key += 3));
        return body;
    }
    /// Changes a line's amount, and the total with it.
    connectors::Reply patched(const Json& request) {
        ++patches;
        for (const auto& [external_id, id] : ids) {
            if (id != request["id"].text()) continue;
            const Json& change = request["body"]["item"]["items"][0];
            std::int64_t key = 2;
            for (Json& line : *bodies[external_id].find("item")->find("items")->items_if()) {
                if (change["line"] != Json(key += 3)) continue;
                const Decimal more =
                    change["amount"].decimal_if()->minus(*line["amount"].decimal_if()).value();
                line.set("amount", change["amount"]);
                totals[external_id] =
                    Decimal::parse(totals[external_id])->plus(more).value().text();
            }
            return ok(Json::object({{"id", Json(id)}}));
        }
        return refused(rejected("netsuite.nonexistent_id", "none"));
    }
};

/// An open order of 10.00 + 2.00 shipping + 0.96 tax, with its customer.
inline Json order(const std::string& id = "112-1234567-1234567") {
    Json json = amazon_order(
        "US", {{"ROPE", 1, "12.96", {{"ITEM", "10.00"}, {"SHIPPING", "2.00"}, {"TAX", "0.96"}}}},
        "12.96");
    json.set("orderId", Json(id));
    json.set("carrick", Json::object({{"customer", Json::object({{"id", Json("110")}})}}));
    return json;
}

}  // namespace carrick::plugins::testing
