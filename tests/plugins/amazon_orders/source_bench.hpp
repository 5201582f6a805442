// SPDX-License-Identifier: Apache-2.0
// The source of orders on the bench, as its tests share it: one account with two stores, and
// Amazon's answers as a test gives them.
#pragma once

#include "plugins/amazon_orders/orders_source.hpp"
#include "tests/plugins/support/amazon_orders.hpp"
#include "tests/plugins/support/flow_bench.hpp"

#include <memory>
#include <string>
#include <vector>

namespace carrick::plugins::testing {

inline const carrick_plugin* source_entry() {
    return sdk::plugin_descriptor<&make_orders_source>("amazon_orders", "0.1.0");
}

/// What the engine creates the source with.
inline Json source_config(const Json& marketplaces) {
    return Json::object({{"flow", Json("orders")},
                         {"origin", Json("NA1")},
                         {"partition", Json("")},
                         {"marketplaces", marketplaces},
                         {"start", Json("2026-11-01T00:00:00Z")}});
}

/// A page of Amazon's: orders, the token of the next page or none, and up to when it is complete,
/// which it says of orders by their last update only.
inline Json page(const std::vector<Json>& orders, const std::string& token = {},
                 const std::string& complete_to = "2026-11-20T12:00:00Z") {
    Json body = Json::object({{"orders", Json::array(orders)}});
    if (!token.empty()) body.set("pagination", Json::object({{"nextToken", Json(token)}}));
    if (!complete_to.empty()) body.set("lastUpdatedBefore", Json(complete_to));
    return body;
}

class SourceBench {
public:
    /// `settings`: of both stores, US and CA.
    static Json two_stores(const Json& settings) {
        return Json::object({{"US", settings}, {"CA", settings}});
    }

    explicit SourceBench(const Json& marketplaces) : amazon(manifest_of("amazon_orders")) {
        plugin_ = plugin_host::adopt_plugin(manifest_of("amazon_orders"), &source_entry).value();
        auto made = plugin_->create(source_config(marketplaces));
        INFO((made ? std::string() : made.error().message));
        REQUIRE(made);
        instance_ = *std::move(made);
    }

    /// Amazon says the same to every request from now on.
    void answer(const connectors::Reply& reply) {
        amazon.answer = [reply](const std::string&, const Json&) { return reply; };
    }
    plugin_host::ExtractPage read(const std::string& stream, const std::string& checkpoint) {
        return instance_->extract(amazon, stream, checkpoint);
    }

    FakeConnection amazon;  // its clock stands at 2026-11-23T12:00:00Z

private:
    std::shared_ptr<plugin_host::LoadedPlugin> plugin_;
    std::unique_ptr<plugin_host::FlowInstance> instance_;
};

}  // namespace carrick::plugins::testing
