// SPDX-License-Identifier: Apache-2.0
// What the tests of flows.yaml share: plugins as an order import has them, a whole valid file, and
// short ways to ask for problems.
#pragma once

#include "core/config/config.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace carrick::config {

inline Json parsed_json(std::string_view text) {
    Result<Json> json = Json::parse(text);
    return json ? *json : Json();
}

inline plugin_host::Manifest orders_source() {
    plugin_host::Manifest manifest;
    manifest.name = "amazon_orders";
    manifest.kind = plugin_host::PluginKind::Source;
    manifest.roles = {"source"};
    manifest.operations = {"amazon.orders.search", "amazon.orders.get"};
    manifest.output_type = "amazon.order/1";
    manifest.default_schedule = "10m";
    manifest.settings_schema = parsed_json(R"({"type":"object","properties":{
        "currency":{"type":"string","pattern":"^[A-Z]{3}$"}}})");
    return manifest;
}

inline plugin_host::Manifest order_sink() {
    plugin_host::Manifest manifest;
    manifest.name = "mfn_order_import";
    manifest.kind = plugin_host::PluginKind::Sink;
    manifest.roles = {"target"};
    manifest.operations = {"netsuite.records.create", "netsuite.items.by_sku"};
    manifest.input_types = {"amazon.order/1"};
    manifest.writes.push_back({"salesOrder", "netsuite.salesOrder", false, {"externalId"}});
    manifest.default_mapping = parsed_json(R"({"salesOrder":{"memo":"r.orderId"}})");
    manifest.settings_schema = parsed_json(R"({"type":"object","required":["subsidiary"],
      "properties":{
        "subsidiary":{"type":"integer","minimum":1},
        "discount":{"enum":["line","order"],"default":"line"},
        "tax":{"type":"object","properties":{"prices_include":{"type":"boolean","default":false},
                                             "rate":{"type":"number"}}},
        "accounts":{"type":"object","additionalProperties":{"type":"string"}},
        "terms":{"type":["string","null"]},
        "webhook_key":{"type":"string"},
        "aliases":{"type":"array","items":{"type":"string"}}}})");
    plugin_host::SettingDeclaration& key = manifest.settings.emplace_back();
    key.path = "webhook_key";
    key.type = "string";
    key.secret = true;
    return manifest;
}

inline plugin_host::Manifest customers() {
    plugin_host::Manifest manifest;
    manifest.name = "mfn_customer_import";
    manifest.kind = plugin_host::PluginKind::Sink;
    manifest.roles = {"target"};
    manifest.operations = {"netsuite.records.create"};
    manifest.input_types = {"amazon.order/1"};
    manifest.output_type = "amazon.order/1";
    manifest.settings_schema = parsed_json(R"({"type":"object","properties":{
        "customer":{"type":"object","properties":{
          "policy":{"enum":["consolidated","individual"],"default":"individual"}}}}})");
    return manifest;
}

inline const plugin_host::ManifestSet& test_plugins() {
    static const plugin_host::ManifestSet kSet = [] {
        plugin_host::ManifestSet set;
        set.manifests = {orders_source(), customers(), order_sink()};
        plugin_host::Manifest command;
        command.name = "settlement_tools";
        command.kind = plugin_host::PluginKind::Command;
        set.manifests.push_back(command);
        return set;
    }();
    return kSet;
}

inline std::map<std::string, std::string>& test_environment() {
    static std::map<std::string, std::string> environment;
    return environment;
}

inline LoadOptions test_options() {
    LoadOptions options;
    options.environment = [](const std::string& name) -> std::optional<std::string> {
        const auto at = test_environment().find(name);
        if (at == test_environment().end()) return std::nullopt;
        return at->second;
    };
    return options;
}

inline Loaded parsed(std::string_view text) {
    return parse_config(text, "/etc/carrick/flows.yaml", test_plugins(), test_options());
}

/// "12:5 config.code key: message (nearest)" a problem, one a line.
inline std::string problems_of(const Loaded& loaded) {
    std::string text;
    for (const Problem& problem : loaded.problems) {
        if (!text.empty()) text += "\n";
        text += std::to_string(problem.mark.line) + ":" + std::to_string(problem.mark.column) +
                " " + problem.code + " " + problem.key + ": " + problem.message;
        if (!problem.nearest.empty()) text += " (" + problem.nearest + ")";
    }
    return text;
}
inline std::string problems_of(std::string_view text) {
    return problems_of(parsed(text));
}

/// A complete file; tests put their own lines behind it or replace one of its lines.
inline const std::string& valid_file() {
    static const std::string kText = R"(version: 1
connections:
  seller-na:
    id: NA1
    connector: amazon
    region: na
    seller_id: A1SELLER
    mode: live
    auth: { client_id: app, client_secret: s1, refresh_token: r1 }
  erp:
    id: ERP
    connector: netsuite
    account: TSTDRV1234567
    auth: { method: oauth2, client_id: c, certificate_id: k, private_key: p }
defaults: { books_zone: America/Los_Angeles, customer: { policy: consolidated } }
marketplaces:
  US: { subsidiary: 1, currency: USD }
  CA: { subsidiary: 2, currency: CAD }
flows:
  orders: { plugin: amazon_orders, source: seller-na, marketplaces: [US, CA], every: 5m, start: 2026-11-01 }
  customers: { plugin: mfn_customer_import, from: orders, target: erp }
  sales: { plugin: mfn_order_import, from: customers, target: erp }
)";
    return kText;
}

/// The valid file with one piece of text in place of another.
inline std::string with(std::string_view piece, std::string_view instead) {
    std::string text = valid_file();
    const std::size_t at = text.find(piece);
    if (at == std::string::npos) return "the fixture has no such text";
    return text.replace(at, piece.size(), instead);
}

}  // namespace carrick::config
