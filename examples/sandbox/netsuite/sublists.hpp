// SPDX-License-Identifier: Apache-2.0
// Sublists: how the lines of a request meet the lines of a record.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"

#include <string>
#include <vector>

namespace carrick::sandbox::netsuite {

struct MergeRules {
    bool replace = false;        ///< ?replace=<sublist>
    std::int64_t line_step = 1;  ///< what a new line's id adds to the highest one
};

/// Puts the request's lines into the record's sublist. Keyed lines update their match, others are
/// added; `replace` removes what was not sent; null or an empty body removes all. Returns, for
/// each line the sublist now has, what the request sent for it (null for an untouched line).
[[nodiscard]] std::vector<Json> merge_sublist(Record& record, const Sublist& sublist,
                                              const Json& sent, const MergeRules& rules);

/// Sets, replaces and (where null) clears the members of `sent` in `target`.
void merge_fields(Json& target, const Json& sent);

}  // namespace carrick::sandbox::netsuite
