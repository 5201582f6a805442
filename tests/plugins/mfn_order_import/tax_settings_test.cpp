// SPDX-License-Identifier: Apache-2.0
// Which tax settings a manifest takes: what REST cannot do is refused before anything runs.
#include "core/schema/schema.hpp"
#include "tests/plugins/support/flow_bench.hpp"

using namespace carrick;
using namespace carrick::plugins::testing;

namespace {

/// "" where the settings are taken, else the first complaint.
std::string complaint(const char* tax, const char* plugin = "mfn_order_import") {
    const Json settings = Json::object({{"tax", Json::parse(tax).value()}});
    const auto schema = schema::Schema::compile(manifest_of(plugin).settings_schema).value();
    const std::vector<schema::Violation> found = schema.validate(settings);
    return found.empty() ? std::string() : found[0].path + ": " + found[0].message;
}

}  // namespace

TEST_CASE("without SuiteTax only tax lines or none are offered", "[order_tax][settings]") {
    for (const char* plugin : {"mfn_order_import", "fba_order_import"}) {
        INFO(plugin);
        CHECK(complaint(R"({"engine":"legacy","mode":"line_item"})", plugin).empty());
        CHECK(complaint(R"({"engine":"legacy","mode":"none"})", plugin).empty());
        CHECK(complaint(R"({"engine":"suitetax","mode":"netsuite"})", plugin).empty());
        for (const char* tax : {R"({"engine":"legacy","mode":"netsuite"})",
                                R"({"engine":"none","mode":"suitetax","codes":[{"code":"1"}]})"}) {
            const std::string told = complaint(tax, plugin);
            INFO(told);
            CHECK(told.find("tax.mode") != std::string::npos);
            CHECK(told.find("line_item") != std::string::npos);
        }
    }
}

TEST_CASE("tax details need a table, and each of its rules a code", "[order_tax][settings]") {
    CHECK(complaint(R"({"mode":"suitetax","codes":[{"code":"1"}]})").empty());
    CHECK_FALSE(complaint(R"({"mode":"suitetax"})").empty());
    CHECK_FALSE(complaint(R"({"mode":"suitetax","codes":[]})").empty());
    CHECK_FALSE(complaint(R"({"mode":"suitetax","codes":[{"rate":19}]})").empty());
    CHECK(complaint(R"({"mode":"line_item","codes":[{"rate":19,"item":"31"}]})").empty());
}

TEST_CASE("a rule says countries, a rate, yes or no, and a scheme", "[order_tax][settings]") {
    CHECK(complaint(R"({"codes":[{"ship_from":["DE"],"ship_to":["AT","US-WA"],"rate":5.5,
        "vat_id":"no","scheme":"uoss","code":"1"}]})")
              .empty());
    for (const char* rule : {R"({"ship_to":["Austria"]})", R"({"rate":101})",
                             R"({"vat_id":"maybe"})", R"({"scheme":"oss"})", R"({"codes":"1"})"})
        CHECK_FALSE(complaint(("{\"codes\":[" + std::string(rule) + "]}").c_str()).empty());
}
