// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/periods.hpp"

#include "core/connectors/netsuite/request_reader.hpp"
#include "core/connectors/netsuite/suiteql.hpp"

#include <algorithm>

namespace carrick::connectors::netsuite {
namespace {

constexpr std::string_view kColumns =
    "SELECT id, periodname, TO_CHAR(startdate, 'YYYY-MM-DD') AS starts, "
    "TO_CHAR(enddate, 'YYYY-MM-DD') AS ends, closed, alllocked, arlocked FROM accountingperiod "
    "WHERE isquarter = 'F' AND isyear = 'F' AND isadjust = 'F' "
    "AND enddate >= TO_DATE(?, 'YYYY-MM-DD') AND id > :after ORDER BY id";

bool is_true(const Json& value) {
    return value.text() == "T";
}

Period period_of(const Json& row) {
    return {row["id"].text(),        row["periodname"].text(), row["starts"].text(),
            row["ends"].text(),      is_true(row["closed"]),   is_true(row["alllocked"]),
            is_true(row["arlocked"])};
}

std::string_view state_of(const Period& period) {
    if (period.closed) return "closed";
    if (period.all_locked) return "locked";
    return period.ar_locked ? "ar_locked" : "open";
}

/// The first day from `day` on that is in an open period; "" for none. ISO days sort as texts.
std::string first_open(std::span<const Period> periods, std::string_view day,
                       bool (Period::*is_open)() const) {
    std::string first;
    for (const Period& period : periods) {
        if (!(period.*is_open)() || period.end < day) continue;
        std::string candidate = std::max(period.start, std::string(day));
        if (first.empty() || candidate < first) first = std::move(candidate);
    }
    return first;
}

}  // namespace

Json period_answer(std::span<const Period> periods, std::string_view day) {
    const Period* holds = nullptr;
    Json several = Json::array();
    for (const Period& period : periods)
        if (period.start <= day && day <= period.end) {
            holds = &period;
            several.push_back(Json(period.id));
        }
    if (holds == nullptr) return {};
    if (several.size() > 1) return Json::object({{"ambiguous", std::move(several)}});
    Json answer = Json::object({{"id", Json(holds->id)},
                                {"name", Json(holds->name)},
                                {"start", Json(holds->start)},
                                {"end", Json(holds->end)},
                                {"state", Json(state_of(*holds))},
                                {"open", Json(holds->is_open())},
                                {"ar_open", Json(holds->is_open_for_ar())}});
    if (std::string first = first_open(periods, day, &Period::is_open); !first.empty())
        answer.set("first_open_day", Json(std::move(first)));
    if (std::string first = first_open(periods, day, &Period::is_open_for_ar); !first.empty())
        answer.set("first_ar_open_day", Json(std::move(first)));
    return answer;
}

Reply lookup_period(Session& session, const Json& request, const CallContext& context) {
    RequestReader reader("netsuite.lookup.period", request);
    const std::vector<std::string> days = reader.texts("keys");
    for (const std::string& day : days)
        if (!LocalDate::parse(day))
            reader.complain("\"" + day.substr(0, 40) +
                            "\" is no day; expected one such as "
                            "2026-11-23");
    if (reader.problem()) return failed_reply(*reader.problem());
    Json found = Json::object();
    if (!days.empty()) {
        SuiteQl query;
        query.text = kColumns;
        query.params.emplace_back(*std::min_element(days.begin(), days.end()));
        const SuiteQlOutcome answer = run_suiteql(session, query, context);
        if (!answer.outcome.ok()) return failed_reply(answer.outcome);
        std::vector<Period> periods;
        for (const Json& row : answer.result.rows) periods.push_back(period_of(row));
        for (const std::string& day : days)
            if (Json about = period_answer(periods, day); !about.is_null())
                found.set(day, std::move(about));
    }
    return {ReplyStatus::Ok, Json::object({{"found", std::move(found)}}).dump(), {}};
}

}  // namespace carrick::connectors::netsuite
