// SPDX-License-Identifier: Apache-2.0
// How many requests a thousand orders cost, for each way they may come and go. No test: run by
// tests/bench.sh, which prints the table; docs/calls.md keeps one.
#include "tests/end_to_end/bench_world.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

using namespace carrick;
using carrick::end_to_end::World;

namespace {

/// Requests that Amazon grants an account for each hour of an operation, once its burst is used up.
struct Grant {
    const char* operation;
    int an_hour;
};
constexpr std::array kGrants{
    Grant{"searchOrders", 20},       // one in three minutes
    Grant{"getOrder", 1'800},        // one in two seconds
    Grant{"createReport", 60},       // one a minute
    Grant{"getReport", 7'200},       // two a second
    Grant{"getReports", 80},         // one in 45 seconds
    Grant{"getReportDocument", 60},  // one a minute
};

struct Way {
    const char* name;
    const char* reports;  ///< the setting orders.reports; nothing comes by search then
    const char* mode;     ///< write_mode
    bool shipments;
};
constexpr std::array kWays{
    Way{"Orders API, single writes", "", "single", false},
    Way{"Orders API, write_mode auto", "", "auto", false},
    Way{"Orders API, write_mode batch", "", "batch", false},
    Way{"order report invoicing, tax asked", "order: invoicing", "single", false},
    Way{"order report invoicing, tax known", "order: invoicing, tax_collection: seller", "single",
        false},
    Way{"order report shipping", "order: shipping", "single", false},
    Way{"all-orders report", "all_orders: true", "single", false},
    Way{"shipments report, tax asked", "ask", "single", true},
    Way{"shipments report, tax known", "seller", "single", true},
};

class Counted {
public:
    explicit Counted(const Json& stats) : stats_(stats) {}
    [[nodiscard]] std::int64_t of(const std::string& system, const std::string& operation) const {
        return stats_[system]["operations"][operation]["requests"].integer_if().value_or(0);
    }
    [[nodiscard]] std::int64_t all(const std::string& system) const {
        std::int64_t sum = 0;
        for (const JsonMember& each : stats_[system]["operations"].members())
            if (each.key != "token") sum += each.value["requests"].integer_if().value_or(0);
        return sum;
    }

private:
    const Json& stats_;
};

void measure(const Way& way) {
    std::vector<std::string> options{"--marketplaces", "US", "--switch",
                                     "amazon.report_delay_s=30"};
    if (*way.reports != '\0' && !way.shipments)
        options.insert(options.end(), {"--switch", "amazon.visibility_delay_s=100000000000"});
    World world(1'400, options);
    if (std::string(way.mode) != "single")
        world
            .replace("settings: { discount: line }",
                     "settings: { discount: line }\n    timeout: 15m")
            .replace(
                "account: TSTDRV1234567\n    mode: live",
                std::string("account: TSTDRV1234567\n    mode: live\n    write_mode: ") + way.mode);
    const std::string start = "every: 5m, start: 2026-11-01";
    if (way.shipments) {
        world
            .replace("  customer: { policy: consolidated }\n",
                     "  customer: { policy: consolidated }\n"
                     "  accounts: { clearing: Amazon Clearing }\n")
            .replace("{ mfn: Main }", "{ mfn: Main, fba: Main }")
            .replace("plugin: amazon_orders", "plugin: fba_shipments")
            .replace("mfn_customer_import", "fba_customer_import")
            .replace("mfn_order_import", "fba_order_import")
            .replace("    where: 'r.fulfillment.fulfilledBy == \"MERCHANT\"'\n", "")
            .replace(start, start + std::string(", settings: { shipments: { tax_collection: ") +
                                way.reports + " } }");
    } else if (*way.reports != '\0') {
        world.replace(start, start + std::string(", settings: { orders: { reports: { ") +
                                 way.reports + " } } }");
    }
    const auto counts = world.cross();
    const std::int64_t written = counts.at("mfn_orders").at("written");
    REQUIRE(written > 100);
    const Json stats = world.get("/stats");
    const Counted counted(stats);
    const auto scaled = [&](std::int64_t calls) { return (calls * 1'000 + written / 2) / written; };
    std::int64_t minutes = 0;
    for (const Grant& grant : kGrants)
        minutes =
            std::max(minutes, scaled(counted.of("amazon", grant.operation)) * 60 / grant.an_hour);
    const std::int64_t reports =
        counted.of("amazon", "createReport") + counted.of("amazon", "getReport") +
        counted.of("amazon", "getReports") + counted.of("amazon", "getReportDocument");
    std::printf("note\t| %-34s | %6lld | %8lld | %7lld | %9lld | %8lld |\n", way.name,
                static_cast<long long>(scaled(counted.of("amazon", "searchOrders"))),
                static_cast<long long>(scaled(counted.of("amazon", "getOrder"))),
                static_cast<long long>(reports), static_cast<long long>(minutes),
                static_cast<long long>(scaled(counted.all("netsuite"))));
    std::fflush(stdout);
}

}  // namespace

// One of them: order_ways_test "[.calls]" -c "Orders API, write_mode batch"
TEST_CASE("requests for a thousand documents, by source and write mode", "[.calls]") {
    static bool headed = false;
    if (!std::exchange(headed, true))
        std::printf(
            "note\t| %-34s | %6s | %8s | %7s | %9s | %8s |\n"
            "note\t| --- | --- | --- | --- | --- | --- |\n",
            "way", "search", "getOrder", "reports", "min. bound", "NetSuite");
    for (const Way& way : kWays) DYNAMIC_SECTION(way.name) {
            measure(way);
        }
}
