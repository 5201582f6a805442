// SPDX-License-Identifier: Apache-2.0
// Parses SuiteQL as NetSuite takes it.
#pragma once

#include "examples/sandbox/netsuite/suiteql/ast.hpp"

#include <string_view>

namespace carrick::sandbox::netsuite::suiteql {

struct Parsed {
    std::unique_ptr<Query> query;
    std::size_t parameters = 0;
};

/// One SELECT. Throws Refusal for what NetSuite refuses: anything but SELECT, WITH (unless
/// allowed), LIMIT, date literals, a mix of comma and ANSI joins, over 1000 values in an IN.
[[nodiscard]] Parsed parse(std::string_view sql, bool allow_with);

}  // namespace carrick::sandbox::netsuite::suiteql
