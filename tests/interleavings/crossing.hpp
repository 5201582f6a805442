// SPDX-License-Identifier: Apache-2.0
// One world of restless orders, crossed by the real flows, with faults and crashes, then judged.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace carrick::interleavings {

/// What is different from world to world, all of it chosen by the seed.
struct Weather {
    std::uint64_t seed = 1;
    std::uint64_t orders = 500;
    std::string faults = "none";  ///< the sandbox's profile
    bool crashes = false;
    bool reports = false;  ///< orders come by the order report, too
    bool follows = true;   ///< the flows bring changes and cancellations into sales orders

    [[nodiscard]] static Weather of(std::uint64_t seed, std::uint64_t orders);
    [[nodiscard]] std::string text() const;
};

struct Judgement {
    std::vector<std::string> problems;  ///< what must not be; empty = the world passes
    std::uint64_t orders = 0;
    std::uint64_t events = 0;     ///< in the lives of these orders
    std::uint64_t documents = 0;  ///< in NetSuite
    std::uint64_t requests = 0;   ///< the sandbox was asked
    int crashes = 0;
};

[[nodiscard]] Judgement cross(const Weather& weather,
                              const std::function<void(const std::string&)>& log = {});

}  // namespace carrick::interleavings
