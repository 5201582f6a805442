// SPDX-License-Identifier: Apache-2.0
// SuiteQL over REST: bound parameters, keyset paging, long IN lists in parts.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

#include <span>

namespace carrick::connectors::netsuite {

/// One query.
/// `text`    Oracle style, `?` for each parameter. No date literals: TO_DATE(?, 'YYYY-MM-DD').
///           `:after` marks where keyset paging puts the last key seen: "… AND id > :after ORDER BY
///           id". It evades the cap of 100,000 rows and rows that move between pages. Without it
///           pages go by offset, which wants an ORDER BY on a unique key.
/// `params`  texts and numbers, in the order of the `?`. One may be an array: its `?` stands inside
///           "IN (?)" and takes as many values as there are, 500 at a time; the answers are joined,
///           so no aggregate and no order across them.
struct SuiteQl {
    std::string text;
    std::vector<Json> params;
    std::string key_column = "id";  ///< of the rows, in lower case
    std::string after = "0";        ///< where keyset paging begins
    std::size_t limit = 100'000;    ///< rows at most, over all pages
};

struct SuiteQlRows {
    std::vector<Json> rows;  ///< objects of texts; a NULL is absent; without `links`
    bool complete = true;    ///< false: stopped at `limit`
    std::string last_key;    ///< keyset paging: go on from here
};

struct SuiteQlOutcome {
    ApiOutcome outcome;  ///< of the last request
    SuiteQlRows result;
};

/// Errors   those of the session; Bug `netsuite.suiteql` for a text or parameters that contradict
///          each other, and for keyset rows without their key or out of order.
[[nodiscard]] SuiteQlOutcome run_suiteql(Session& session, const SuiteQl& query,
                                         const CallContext& context);

/// 'it''s': for a text inside a query, where parameters are not to be had.
[[nodiscard]] std::string quoted(std::string_view text);

/// A table or column name, perhaps qualified: "t.lastmodifieddate".
[[nodiscard]] bool is_identifier(std::string_view text);

inline constexpr std::size_t kSuiteQlPage = 1000;
inline constexpr std::size_t kSuiteQlInList = 500;  // NetSuite refuses more than 1000

}  // namespace carrick::connectors::netsuite
