// SPDX-License-Identifier: Apache-2.0
// One simulated life of an engine: from a seed, in virtual time, on one thread, with crashes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace carrick::simulation {

struct Verdict {
    std::vector<std::string> problems;  ///< what must not be; empty = the seed passes
    std::uint64_t trace = 0;            ///< equal for equal seeds
    int crashes = 0;
    std::int64_t steps = 0;
    std::int64_t orders = 0;
    std::int64_t documents = 0;
};

/// `log` gets every request to the world and every crash; may be empty.
[[nodiscard]] Verdict simulate(std::uint64_t seed,
                               const std::function<void(const std::string&)>& log = {});

}  // namespace carrick::simulation
