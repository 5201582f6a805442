// SPDX-License-Identifier: Apache-2.0
// Flows and their graph: what they become, and every rule with the place of its problem.
#include "core/config/books_zone.hpp"
#include "core/config/section.hpp"
#include "tests/core/config/config_fixture.hpp"

#include <catch2/catch.hpp>

namespace carrick::config {
namespace {

std::string sales(std::string_view instead) {
    return with("sales: { plugin: mfn_order_import, from: customers, target: erp }", instead);
}

std::string text_of(const std::vector<Config::Partition>& partitions) {
    std::string text;
    for (const Config::Partition& partition : partitions)
        text += (text.empty() ? "" : " ") + partition.origin + "/" + partition.marketplace;
    return text;
}

TEST_CASE("a flow is read with all its keys", "[config]") {
    const Loaded loaded = parsed(sales(
        "sales: { plugin: mfn_order_import, from: [customers], target: erp, read_from: now,\n"
        "    where: 'r.total > 0', errors: { retry: { attempts: 3, max_delay: 10m } }, batch: 50,\n"
        "    max_open: 500, timeout: 30s, wait_deadline: 7d, marketplaces: CA, enabled: false }"));
    REQUIRE(problems_of(loaded) == "");
    const FlowConfig& flow = loaded.config->flows.at("sales");
    CHECK(flow.from == std::vector<std::string>{"customers"});
    CHECK(flow.read_from_now);
    CHECK(flow.where == "r.total > 0");
    CHECK(flow.retry.attempts == 3);
    CHECK(flow.retry.max_delay == Milliseconds(600'000));
    CHECK(flow.batch == 50);
    CHECK(flow.max_open == 500);
    CHECK(flow.timeout == Milliseconds(30'000));
    CHECK(flow.wait_deadline == Milliseconds(604'800'000));
    CHECK(flow.marketplaces == std::vector<std::string>{"CA"});
    CHECK_FALSE(flow.enabled);
    CHECK(loaded.config->flows.at("orders").every == Milliseconds(300'000));
}

TEST_CASE("names are plain, for they stand in keys, tables and logs", "[config]") {
    CHECK(problems_of(valid_file() +
                      "  a.b: { plugin: mfn_order_import, from: customers, target: erp }\n") ==
          "23:3 config.name flows.a.b: a name has at most 64 letters, digits, _ and -");
}

TEST_CASE("the engine's own settings have defaults and limits", "[config]") {
    const Loaded loaded = parsed(valid_file() +
                                 "engine: { workers: 2, retention: 3d, history: 365d }\n"
                                 "store: { path: data/c.db }\n");
    REQUIRE(problems_of(loaded) == "");
    CHECK(
        loaded.config->engine.dump() ==
        R"({"workers":2,"page":1000,"retention":259200000,"history":31536000000,"lookup_ttl":600000,)"
        R"("schema_ttl":86400000,"lookup_wait":300000,"books_zone":"America/Los_Angeles"})");
    CHECK(loaded.config->store.dump() == R"({"driver":"sqlite","path":"/etc/carrick/data/c.db"})");
    CHECK(problems_of(valid_file() + "engine: { workers: 0 }\n") ==
          "23:20 config.value engine.workers: expected a whole number from 1 to 64, found \"0\"");
}

TEST_CASE("durations have one unit", "[config]") {
    CHECK(parse_duration("500ms") == Milliseconds(500));
    CHECK(parse_duration("1d") == Milliseconds(86'400'000));
    for (const char* wrong : {"", "5", "m", "-5m", "5 m", "1h30m", "1.5h", "99999999999999999999s"})
        CHECK_FALSE(parse_duration(wrong).has_value());
}

TEST_CASE("a day begins at midnight in the books' zone, across its clock changes", "[config]") {
    const Loaded loaded = parsed(valid_file());
    REQUIRE(loaded.config);
    // On 2026-11-01 Los Angeles leaves summer time at 2:00, so midnight is still UTC-7.
    CHECK(loaded.config->flows.at("orders").start->text() == "2026-11-01T07:00:00Z");
    // Cairo jumps from 00:00 to 01:00 on 2026-04-24: the day begins with the jump, 22:00 UTC.
    CHECK(start_of_day({2026, 4, 24}, "Africa/Cairo")->text() == "2026-04-23T22:00:00Z");
    CHECK_FALSE(start_of_day({2026, 1, 1}, "Mars/Olympus").ok());
}

TEST_CASE("start is a day or a time with a zone, and sources need one", "[config]") {
    const Loaded exact = parsed(with("2026-11-01 }", "2026-11-01T00:00:00+01:00 }"));
    REQUIRE(exact.config);
    CHECK(exact.config->flows.at("orders").start->text() == "2026-10-31T23:00:00Z");
    CHECK(problems_of(with(", start: 2026-11-01", "")) ==
          "20:11 config.missing flows.orders.start: is missing; expected a day such as 2026-11-01, "
          "or a time with a zone: nothing older is read");
    CHECK(
        problems_of(with("start: 2026-11-01", "start: yesterday")) ==
        "20:97 config.value flows.orders.start: expected a day such as 2026-11-01, or a time with "
        "a zone such as 2026-11-01T00:00:00Z, found \"yesterday\"");
    CHECK(problems_of(with("books_zone: America/Los_Angeles, ", "")) ==
          "20:97 config.value flows.orders.start: a day begins at midnight somewhere: set "
          "defaults.books_zone, such as America/Los_Angeles, or write a time with a zone");
    CHECK(problems_of(with("America/Los_Angeles", "America/Los_Angles")) ==
          "15:25 config.zone defaults.books_zone: expected an IANA time zone such as "
          "America/Los_Angeles, found \"America/Los_Angles\"");
}

TEST_CASE("a plugin that is not there is named with the nearest one", "[config]") {
    CHECK(
        problems_of(sales("sales: { plugin: mfn_orders_import, from: customers, target: erp }")) ==
        "22:20 config.unknown_plugin flows.sales.plugin: there is no plugin "
        "\"mfn_orders_import\" (mfn_order_import)");
    CHECK(problems_of(sales("sales: { plugin: settlement_tools }")) ==
          "22:20 config.plugin_kind flows.sales.plugin: the plugin settlement_tools only brings "
          "commands; it has no flow");
    CHECK(problems_of(sales("sales: { from: customers, target: erp }"))
              .find("flows.sales.plugin: is missing; expected the name of a plugin") !=
          std::string::npos);
}

TEST_CASE("a flow reads a connection or another flow", "[config]") {
    CHECK(problems_of(sales("sales: { plugin: mfn_order_import, target: erp }")) ==
          "22:3 config.missing flows.sales.from: has neither a source of its own nor `from`; name "
          "the flow that it reads");
    CHECK(problems_of(sales("sales: { plugin: mfn_order_import, from: custmers, target: erp }")) ==
          "22:44 config.unknown_flow flows.sales.from: there is no flow \"custmers\" (customers)");
    CHECK(problems_of(sales(
              "sales: { plugin: mfn_order_import, from: customers, target: erp, every: 5m }")) ==
          "22:75 config.not_for_this_flow flows.sales.every: is for flows that read a connection; "
          "plugin mfn_order_import is not one");
}

TEST_CASE("flows that feed each other in a ring are refused", "[config]") {
    CHECK(problems_of(with("from: orders, target: erp }", "from: sales, target: erp }"))
              .find("config.cycle flows.") != std::string::npos);
    const std::string self =
        problems_of(sales("sales: { plugin: mfn_customer_import, from: sales, target: erp }"));
    CHECK(self ==
          "22:47 config.cycle flows.sales.from: these flows feed each other in a ring: "
          "sales -> sales");
}

TEST_CASE("producer and consumer agree on the record type", "[config]") {
    CHECK(problems_of(valid_file() +
                      "  after: { plugin: mfn_order_import, from: sales, target: erp }\n") ==
          "23:44 config.record_type flows.after.from: flow sales (plugin mfn_order_import) passes "
          "no records on");
    plugin_host::ManifestSet other = test_plugins();
    other.manifests[2].input_types = {"amazon.return/1"};
    const Loaded loaded = parse_config(valid_file(), "flows.yaml", other, test_options());
    CHECK(problems_of(loaded) ==
          "22:44 config.record_type flows.sales.from: flow customers makes amazon.order/1, and "
          "plugin mfn_order_import takes amazon.return/1");
}

TEST_CASE("every role has a connection of the connector that it needs", "[config]") {
    CHECK(problems_of(sales("sales: { plugin: mfn_order_import, from: customers }")) ==
          "22:3 config.missing flows.sales.target: is missing; plugin mfn_order_import needs a "
          "target connection");
    CHECK(
        problems_of(
            sales("sales: { plugin: mfn_order_import, from: customers, target: seller-na }")) ==
        "22:63 config.connector flows.sales.target: plugin mfn_order_import needs a connection of "
        "connector netsuite here, and seller-na is one of amazon");
    CHECK(
        problems_of(sales("sales: { plugin: mfn_order_import, from: customers, target: epr }")) ==
        "22:63 config.unknown_connection flows.sales.target: there is no connection \"epr\" (erp)");
    CHECK(
        problems_of(sales(
            "sales: { plugin: mfn_order_import, from: customers, target: erp, source: erp }")) ==
        "22:76 config.role flows.sales.source: plugin mfn_order_import uses no source connection");
}

TEST_CASE("two flows on one name are refused", "[config]") {
    CHECK(problems_of(valid_file() + "  sales: {}\n") ==
          "23:3 config.duplicate_key flows.sales: this key appears twice in one place; keep one");
}

TEST_CASE("marketplaces are codes of the connection's region", "[config]") {
    CHECK(problems_of(with("[US, CA]", "[US, DE]")) ==
          "20:69 config.region flows.orders.marketplaces: DE is not in region na of connection "
          "seller-na, but in eu");
    CHECK(problems_of(with("[US, CA]", "[US, XX]")).find("20:74 config.marketplace") == 0);
    CHECK(problems_of(sales("sales: { plugin: mfn_order_import, from: customers, target: erp, "
                            "marketplaces: [MX] }")) ==
          "22:82 config.marketplace flows.sales.marketplaces: the flows that this one reads do not "
          "bring MX; they bring CA, US");
}

TEST_CASE("GB is accepted and kept as UK, but not beside it", "[config]") {
    std::string text = with("region: na", "region: eu");
    text.replace(text.find("[US, CA]"), 8, "[GB, DE]");
    text.replace(text.find("  US: {"), 7, "  GB: {");
    text.replace(text.find("  CA: {"), 7, "  DE: {");
    const Loaded loaded = parsed(text);
    REQUIRE(problems_of(loaded) == "");
    CHECK(text_of(loaded.config->partitions("sales")) == "NA1/UK NA1/DE");
    CHECK(loaded.config->effective("sales", loaded.config->partitions("sales")[0])
              .settings["subsidiary"] == Json(1));
    text.replace(text.find("  DE: {"), 7, "  UK: {");
    CHECK(problems_of(text).find("18:3 config.duplicate_key marketplaces.UK: GB and UK are the "
                                 "same marketplace; keep one") != std::string::npos);
}

TEST_CASE("partitions come from the root sources and narrow on the way down", "[config]") {
    const Loaded loaded = parsed(sales(
        "sales: { plugin: mfn_order_import, from: customers, target: erp, marketplaces: [CA] }"));
    REQUIRE(loaded.config);
    CHECK(text_of(loaded.config->partitions("customers")) == "NA1/US NA1/CA");
    CHECK(text_of(loaded.config->partitions("sales")) == "NA1/CA");
    CHECK(loaded.config->partitions("sales")[0].origin_connection == "seller-na");
    CHECK(loaded.config->partitions("nothing").empty());
}

TEST_CASE("a source that selects nothing reads the described marketplaces of its region",
          "[config]") {
    std::string text = with(", marketplaces: [US, CA]", "");
    text.replace(text.find("flows:\n"), 7, "  DE: { subsidiary: 3 }\nflows:\n");
    const Loaded loaded = parsed(text);
    REQUIRE(problems_of(loaded) == "");
    CHECK(text_of(loaded.config->partitions("orders")) == "NA1/US NA1/CA");
}

TEST_CASE("a consumer may stand before its producer, the order is by dependency", "[config]") {
    std::string text =
        with("  sales: { plugin: mfn_order_import, from: customers, target: erp }\n", "");
    text.replace(text.find("flows:\n"), 7,
                 "flows:\n  sales: { plugin: mfn_order_import, from: customers, target: erp }\n");
    const Loaded loaded = parsed(text);
    REQUIRE(problems_of(loaded) == "");
    CHECK(loaded.config->order == std::vector<std::string>{"orders", "customers", "sales"});
}

}  // namespace
}  // namespace carrick::config
