// SPDX-License-Identifier: Apache-2.0
// What is different from world to world: what goes wrong, and what the flows are set to do.
#pragma once

#include "examples/sandbox/verdict/verdict.hpp"

#include <cstdint>
#include <string>

namespace carrick::interleavings {

/// What becomes of the orders that Amazon fulfils.
struct FbaPolicy {
    const char* document = "";  ///< as in flows.yaml; "": they are left out
    bool per_shipment = true;
    bool fulfilled = false;  ///< by fba_fulfillment

    [[nodiscard]] bool any() const { return *document != '\0'; }
};

/// `changes` and `cancellations` of flows.yaml.
struct FollowPolicy {
    const char* changes = "ignore";
    const char* cancellations = "ignore";

    [[nodiscard]] bool updates() const { return std::string_view(changes) == "update"; }
    [[nodiscard]] bool is(std::string_view word) const { return word == cancellations; }
    [[nodiscard]] bool follows() const { return updates() || !is("ignore"); }
};

/// All of it chosen by the seed.
struct Weather {
    std::uint64_t seed = 1;
    std::uint64_t orders = 500;
    std::string faults = "none";  ///< the sandbox's profile
    bool crashes = false;
    bool reports = false;  ///< orders come by the order report and the all-orders report, too
    FbaPolicy fba{};
    FollowPolicy follow{};

    [[nodiscard]] static Weather of(std::uint64_t seed, std::uint64_t orders);
    [[nodiscard]] std::string text() const;
    /// flows.yaml of this weather, from the one of all.
    [[nodiscard]] std::string flows(std::string text) const;
    /// What the verdict is told.
    [[nodiscard]] sandbox::VerdictOptions verdict() const;
};

}  // namespace carrick::interleavings
