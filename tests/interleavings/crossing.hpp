// SPDX-License-Identifier: Apache-2.0
// One world of restless orders, crossed by the real flows, with faults and crashes, then judged.
#pragma once

#include "tests/interleavings/weather.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace carrick::interleavings {

struct Judgement {
    std::vector<std::string> problems;  ///< what must not be; empty = the world passes
    std::uint64_t orders = 0;
    std::uint64_t events = 0;     ///< in the lives of these orders
    std::uint64_t documents = 0;  ///< in NetSuite
    std::uint64_t requests = 0;   ///< the sandbox was asked
    std::uint64_t told = 0;       ///< orders left to a person, in the error queue
    int crashes = 0;
};

[[nodiscard]] Judgement cross(const Weather& weather,
                              const std::function<void(const std::string&)>& log = {});

}  // namespace carrick::interleavings
