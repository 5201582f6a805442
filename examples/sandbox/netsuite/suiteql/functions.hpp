// SPDX-License-Identifier: Apache-2.0
// The functions that Oracle has and SQLite has not.
#pragma once

#include "examples/sandbox/netsuite/suiteql/mirror.hpp"

namespace carrick::sandbox::netsuite::suiteql {

/// ns_to_char, ns_to_date, ns_now, ... The references must outlive the database.
void register_functions(sqlite3* database, const RecordStore& store,
                        const Mirror::Settings& settings);

}  // namespace carrick::sandbox::netsuite::suiteql
