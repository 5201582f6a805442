// SPDX-License-Identifier: Apache-2.0
// Accounting periods: closed is not locked, locked is not A/R locked, and the first open day
// counts.
#include "core/connectors/netsuite/periods.hpp"
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;
using connectors::netsuite::Period;
using connectors::netsuite::period_answer;

namespace {

// September closed, October locked, November A/R locked, December open.
const std::vector<Period> kBooks{
    {"9", "Sep 2026", "2026-09-01", "2026-09-30", true, true, true},
    {"10", "Oct 2026", "2026-10-01", "2026-10-31", false, true, true},
    {"11", "Nov 2026", "2026-11-01", "2026-11-30", false, false, true},
    {"12", "Dec 2026", "2026-12-01", "2026-12-31", false, false, false},
};

Json row(const Period& period) {
    const auto letter = [](bool value) { return Json(value ? "T" : "F"); };
    return Json::object({{"id", Json(period.id)},
                         {"periodname", Json(period.name)},
                         {"starts", Json(period.start)},
                         {"ends", Json(period.end)},
                         {"closed", letter(period.closed)},
                         {"alllocked", letter(period.all_locked)},
                         {"arlocked", letter(period.ar_locked)}});
}

}  // namespace

TEST_CASE("each state of a period, and the first day that is open from then on",
          "[netsuite][periods]") {
    struct Row {
        std::string day;
        std::string state;
        bool open;
        bool ar_open;
        std::string first;
        std::string first_ar;
    };
    const std::vector<Row> rows{
        {"2026-09-30", "closed", false, false, "2026-11-01", "2026-12-01"},
        {"2026-10-01", "locked", false, false, "2026-11-01", "2026-12-01"},
        {"2026-11-23", "ar_locked", true, false, "2026-11-23", "2026-12-01"},
        {"2026-12-24", "open", true, true, "2026-12-24", "2026-12-24"},
    };
    for (const Row& expected : rows) {
        INFO(expected.day);
        const Json answer = period_answer(kBooks, expected.day);
        CHECK(answer["state"].text() == expected.state);
        CHECK(answer["open"].bool_if() == expected.open);
        CHECK(answer["ar_open"].bool_if() == expected.ar_open);
        CHECK(answer["first_open_day"].text() == expected.first);
        CHECK(answer["first_ar_open_day"].text() == expected.first_ar);
    }
}

TEST_CASE("no later open period: no first open day, and no period at all: no answer",
          "[netsuite][periods]") {
    const std::vector<Period> closed(kBooks.begin(), kBooks.begin() + 2);
    const Json answer = period_answer(closed, "2026-10-15");
    CHECK(answer["id"].text() == "10");
    CHECK_FALSE(answer.contains("first_open_day"));
    CHECK_FALSE(answer.contains("first_ar_open_day"));
    CHECK(period_answer(closed, "2027-01-01").is_null());
}

TEST_CASE("a day in two fiscal calendars is ambiguous", "[netsuite][periods]") {
    std::vector<Period> two = kBooks;
    two.push_back({"77", "P11", "2026-11-15", "2026-12-14", false, false, false});
    CHECK(period_answer(two, "2026-11-23").dump() == R"({"ambiguous":["11","77"]})");
}

TEST_CASE("all days of a call cost one query, from the earliest on", "[netsuite][periods]") {
    NetSuiteFixture erp;
    erp.answer_in_turn(
        {rows_reply({row(kBooks[0]), row(kBooks[1]), row(kBooks[2]), row(kBooks[3])})});
    const Json found = erp.ok("netsuite.lookup.period",
                              R"({"keys":["2026-11-23","2026-09-30","2031-01-01"]})")["found"];
    CHECK(erp.sent().size() == 1);
    CHECK(found.size() == 2);
    CHECK(found["2026-11-23"]["name"].text() == "Nov 2026");
    CHECK(found["2026-09-30"]["state"].text() == "closed");
    const Json query = erp.last_query();
    CHECK(query["params"].dump() == R"(["2026-09-30","0"])");
    CHECK_THAT(query["q"].text(), Catch::Contains("isadjust = 'F'"));
    CHECK_THAT(query["q"].text(), Catch::Contains("TO_DATE(?, 'YYYY-MM-DD')"));
}

TEST_CASE("a key that is no day is a mistake of the plugin", "[netsuite][periods]") {
    const std::string day = GENERATE("23.11.2026", "2026-02-30", "2026-11-23T00:00:00Z");
    NetSuiteFixture erp;
    CHECK(erp.failure("netsuite.lookup.period", R"({"keys":[")" + day + R"("]})").code ==
          "netsuite.request");
    CHECK(erp.sent().empty());
}

TEST_CASE("a role that may not see periods is a matter of settings", "[netsuite][periods]") {
    NetSuiteFixture erp;
    erp.answer_in_turn({error_reply(400, "INVALID_PARAMETER",
                                    "Invalid search query. Search error occurred: Record "
                                    "'accountingperiod' was not found.")});
    const Error error = erp.failure("netsuite.lookup.period", R"({"keys":["2026-11-23"]})");
    CHECK(error.code == "netsuite.suiteql_unknown_name");
    CHECK(error.error_class == ErrorClass::Misconfigured);
}
