// SPDX-License-Identifier: Apache-2.0
// Accounting periods: may something be posted on a day, and if not, from which day on.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::connectors::netsuite {

/// One month of the books (no quarter, year or adjustment period), days as "2026-11-01".
struct Period {
    std::string id;
    std::string name;
    std::string start;
    std::string end;
    bool closed = false;      ///< nothing is posted any more
    bool all_locked = false;  ///< only who may override period restrictions posts
    bool ar_locked = false;   ///< the same for receivables: invoices, cash sales, credits, payments

    /// Journals and stock; an A/R lock does not concern them.
    [[nodiscard]] bool is_open() const { return !closed && !all_locked; }
    [[nodiscard]] bool is_open_for_ar() const { return is_open() && !ar_locked; }
};

/// What `periods` say about a day, as the operation answers it; null where no period has the day.
[[nodiscard]] Json period_answer(std::span<const Period> periods, std::string_view day);

/// netsuite.lookup.period: {keys: ["2026-11-20"]} -> {found: {day: {id, name, start, end, state,
///  open, ar_open, first_open_day?, first_ar_open_day?}}}. One query, however many days.
/// `state`   "open", "ar_locked", "locked" or "closed": the strictest that holds.
/// `first_…` the day itself where it is open, else the first day of the next open period; absent
///           where no later period is open, or has been set up.
/// A day that is in several periods (fiscal calendars of their own) is {ambiguous: [ids]}.
/// Errors   Bug `netsuite.request`: a key that is no day; those of SuiteQL.
[[nodiscard]] Reply lookup_period(Session& session, const Json& request,
                                  const CallContext& context);

}  // namespace carrick::connectors::netsuite
