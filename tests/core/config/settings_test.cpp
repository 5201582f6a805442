// SPDX-License-Identifier: Apache-2.0
// Settings: the merge order of the levels, types by the plugin's schema, origins, unknown keys.
#include "tests/core/config/config_fixture.hpp"

#include <catch2/catch.hpp>

namespace carrick::config {
namespace {

EffectiveSettings effective(const Loaded& loaded, const std::string& flow, std::size_t index) {
    return loaded.config->effective(flow, loaded.config->partitions(flow).at(index));
}

std::string origin(const EffectiveSettings& settings, const std::string& path) {
    const auto at = settings.origins.find(path);
    if (at == settings.origins.end()) return "none";
    return at->second.level + " " + std::to_string(at->second.mark.line) + ":" +
           std::to_string(at->second.mark.column);
}

TEST_CASE("each level of settings overrides the ones before it", "[config]") {
    // The key webhook_key is set on all six levels; taking the highest away shows the next one.
    std::string text = with("defaults: {", "defaults: { webhook_key: l1,");
    text.replace(text.find("region: na"), 10,
                 "region: na\n    settings: { webhook_key: l2 }\n"
                 "    marketplaces: { US: { webhook_key: l4 } }");
    text.replace(text.find("US: { sub"), 5, "US: { webhook_key: l3,");
    text.replace(text.find("from: customers, target: erp"), 28,
                 "from: customers, target: erp, settings: { webhook_key: l5 },\n    "
                 "per_marketplace: { US: { settings: { webhook_key: l6 } } }");
    const std::string level_text[] = {"webhook_key: l6", "webhook_key: l5", "webhook_key: l4",
                                      "webhook_key: l3", "webhook_key: l2", "webhook_key: l1"};
    const char* level_name[] = {"flows.sales.per_marketplace.US.settings", "flows.sales.settings",
                                "connections.seller-na.marketplaces.US",   "marketplaces.US",
                                "connections.seller-na.settings",          "defaults"};
    for (std::size_t i = 0; i < 6; ++i) {
        const Loaded loaded = parsed(text);
        REQUIRE(problems_of(loaded) == "");
        const EffectiveSettings us = effective(loaded, "sales", 0);
        CHECK(us.settings["webhook_key"] == Json("l" + std::to_string(6 - i)));
        CHECK(us.origins.at("settings.webhook_key").level == level_name[i]);
        text.replace(text.find(level_text[i]), level_text[i].size(), "discount: line");
    }
}

TEST_CASE("maps merge, scalars and lists replace, null removes", "[config]") {
    std::string text = with("defaults: {",
                            "defaults: { accounts: { ar: \"1100\", bank: \"1000\" }, aliases: [a, "
                            "b], tax: { rate: 0.19 },");
    text.replace(text.find("US: { sub"), 5,
                 "US: { accounts: { ar: \"1200\", fees: \"6000\" }, aliases: [c], tax: null,");
    const Loaded loaded = parsed(text);
    REQUIRE(problems_of(loaded) == "");
    const EffectiveSettings us = effective(loaded, "sales", 0);
    CHECK(us.settings["accounts"].dump() == R"({"ar":"1200","bank":"1000","fees":"6000"})");
    CHECK(us.settings["aliases"].dump() == R"(["c"])");
    CHECK_FALSE(us.settings.contains("tax"));
    CHECK(origin(us, "settings.accounts.bank") == "defaults 15:43");
    CHECK(origin(us, "settings.accounts.ar") == "marketplaces.US 17:25");
    CHECK(origin(us, "settings.tax.rate") == "none");
    const EffectiveSettings canada = effective(loaded, "sales", 1);
    CHECK(canada.settings["tax"].dump() == R"({"prices_include":false,"rate":0.19})");
    CHECK(origin(canada, "settings.tax.prices_include") == "plugin default 0:0");
}

TEST_CASE("a flow gets only what its plugin knows, with the plugin's defaults", "[config]") {
    const Loaded loaded = parsed(valid_file());
    REQUIRE(loaded.config);
    CHECK(effective(loaded, "orders", 0).settings.dump() == R"({"currency":"USD"})");
    CHECK(effective(loaded, "customers", 0).settings.dump() ==
          R"({"customer":{"policy":"consolidated"}})");
    CHECK(effective(loaded, "sales", 0).settings.dump() ==
          R"({"discount":"line","tax":{"prices_include":false},"subsidiary":1})");
}

TEST_CASE("the schema says what a scalar is", "[config]") {
    const Loaded loaded = parsed(
        with("US: {", "US: { accounts: { ar: 1100, yes: true }, tax: { rate: 0.190 }, terms: 30,"));
    REQUIRE(problems_of(loaded) == "");
    // Accounts are texts by the plugin's schema; a number stays the token that was written.
    CHECK(effective(loaded, "sales", 0).settings["accounts"].dump() ==
          R"({"ar":"1100","yes":"true"})");
    CHECK(*effective(loaded, "sales", 0).settings["tax"]["rate"].number_if() == "0.190");
    CHECK(effective(loaded, "sales", 0).settings["terms"] == Json("30"));
}

TEST_CASE("a value that the plugin's schema refuses is reported where it stands", "[config]") {
    CHECK(problems_of(with("CA: { subsidiary: 2", "CA: { subsidiary: two")) ==
          "18:21 config.setting marketplaces.CA.subsidiary: expected a whole number, found a text "
          "of 3 characters (\"two\"); wanted by flow sales in CA");
    CHECK(problems_of(with("CA: { subsidiary: 2", "CA: { subsidiary: \"2\""))
              .find("18:21 config.setting marketplaces.CA.subsidiary: expected a whole number") ==
          0);
    CHECK(problems_of(with("defaults: {", "defaults: { tax: { prices_include: yes },")) ==
          "15:36 config.setting defaults.tax.prices_include: expected true or false, found a text "
          "of 3 characters (\"yes\"); wanted by flow sales in US, CA");
    CHECK(problems_of(with("CA: { subsidiary: 2,", "CA: {")) ==
          "22:3 config.setting flows.sales.settings.subsidiary: is required and missing; wanted by "
          "flow sales in CA");
}

TEST_CASE("a setting that no plugin knows is refused with the nearest one", "[config]") {
    CHECK(problems_of(with("US: { subsidiary: 1", "US: { subsidary: 1"))
              .find("17:9 config.unknown_setting marketplaces.US.subsidary: no plugin here knows "
                    "this setting (subsidiary)") == 0);
    CHECK(problems_of(with("customer: { policy", "customer: { polcy")) ==
          "15:58 config.unknown_setting defaults.customer.polcy: no plugin here knows this setting "
          "(policy)");
    // A flow's own settings must be known to its own plugin: `customer` is another one's.
    CHECK(problems_of(with("from: customers, target: erp",
                           "from: customers, target: erp, settings: { customer: {} }")) ==
          "22:80 config.unknown_setting flows.sales.settings.customer: no plugin here knows this "
          "setting");
}

TEST_CASE("mappings merge over the plugin's own, with origins", "[config]") {
    const Loaded loaded = parsed(
        with("from: customers, target: erp",
             "from: customers, target: erp, mapping: { salesOrder: { memo: 'r.id', poNum: 5 } },\n"
             "    per_marketplace: { CA: { mapping: { salesOrder: { memo: null } } } }"));
    REQUIRE(problems_of(loaded) == "");
    CHECK(effective(loaded, "sales", 0).mapping.dump() ==
          R"({"salesOrder":{"memo":"r.id","poNum":"5"}})");
    CHECK(effective(loaded, "sales", 1).mapping.dump() == R"({"salesOrder":{"poNum":"5"}})");
    CHECK(origin(effective(loaded, "sales", 0), "mapping.salesOrder.memo") ==
          "flows.sales.mapping 22:99");
    CHECK(effective(parsed(valid_file()), "sales", 0).mapping.dump() ==
          R"({"salesOrder":{"memo":"r.orderId"}})");
}

TEST_CASE("a mapping names writes of its plugin and leaves identity alone", "[config]") {
    const auto mapped = [](const char* mapping) {
        return problems_of(with("from: customers, target: erp",
                                std::string("from: customers, target: erp, mapping: ") + mapping));
    };
    CHECK(
        mapped("{ saleOrder: { memo: 'x' } }") ==
        "22:79 config.unknown_write flows.sales.mapping.saleOrder: plugin mfn_order_import writes "
        "no such payload (salesOrder)");
    CHECK(mapped("{ salesOrder: { externalId: 'x' } }") ==
          "22:93 config.closed_field flows.sales.mapping.salesOrder.externalId: this field is part "
          "of the record's identity or amounts, which cannot be mapped");
    CHECK(mapped("{ salesOrder: { externalId.x: 'x' } }").find("config.closed_field") !=
          std::string::npos);
    CHECK(mapped("{ salesOrder: { externalIdOfOurs: 'x' } }").empty());
    CHECK(mapped("{ salesOrder: { memo: [x] } }") ==
          "22:99 config.type flows.sales.mapping.salesOrder.memo: expected one expression, found a "
          "list");
}

}  // namespace
}  // namespace carrick::config
