// SPDX-License-Identifier: Apache-2.0
// Does the world add up? Every importable order exactly once in NetSuite, with the right total,
// lines, customer and subsidiary, and nothing that should not be there.
#pragma once

#include "examples/sandbox/netsuite_view.hpp"
#include "examples/sandbox/world/world.hpp"

#include <map>
#include <string>
#include <vector>

namespace carrick::sandbox {

struct VerdictOptions {
    /// An order importable for a shorter time than this may still be on its way.
    Milliseconds grace{std::chrono::minutes(10)};
    bool tip_included = false;  ///< the policy on delivery tips in flows.yaml
};

struct Problem {
    std::string code;  ///< "missing", "doubled", "forbidden", "total", "lines", "customer", ...
    std::string order_id;
    std::string message;
};

struct Verdict {
    bool adds_up = false;
    std::uint64_t checked = 0;                      ///< orders looked at
    std::uint64_t required = 0;                     ///< orders that must be there by now
    std::uint64_t imported = 0;                     ///< of those, there and right
    std::uint64_t in_flight = 0;                    ///< importable only just now and not there yet
    std::uint64_t documents = 0;                    ///< sales orders in NetSuite
    std::map<std::string, std::uint64_t> left_out;  ///< rightly not there, by reason
    std::map<std::string, std::uint64_t> imported_by_marketplace;
    std::vector<Problem> problems;

    [[nodiscard]] Json json() const;
    [[nodiscard]] std::string text() const;
};

[[nodiscard]] Verdict judge(const World& world, const NetSuiteView& netsuite,
                            const VerdictOptions& options);

}  // namespace carrick::sandbox
