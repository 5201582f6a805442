// SPDX-License-Identifier: Apache-2.0
// The world: every order that has been placed so far, from a seed. Same seed, same start, same
// go-live: same world, byte for byte.
#pragma once

#include "examples/sandbox/clock.hpp"
#include "examples/sandbox/world/catalogue.hpp"
#include "examples/sandbox/world/order.hpp"
#include "examples/sandbox/world/truth.hpp"

#include <carrick/sdk/json.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace carrick::sandbox {

struct OrderPlan;

struct WorldOptions {
    std::uint64_t seed = 1;
    std::uint64_t orders = 500;         ///< placed before `start`
    UtcTime start;                      ///< where the sandbox's clock begins
    UtcTime go_live;                    ///< `start:` of the order source in flows.yaml
    std::uint64_t orders_per_hour = 0;  ///< of the sandbox's clock, after `start` (live mode)
    std::uint64_t live_orders = std::numeric_limits<std::uint64_t>::max();  ///< then no more
    std::uint64_t unknown_skus = 0;  ///< so many orders hold a SKU that NetSuite does not know
    bool preexisting = true;         ///< some orders are in NetSuite already, by other tools
    /// Stores the company sells in; empty: the ten of `marketplaces()`.
    std::vector<const Marketplace*> stores{};
    bool changes = false;   ///< orders that change between payment and shipment, too
    bool linked = false;    ///< one seller account a region sells in all of its stores
    bool restless = false;  ///< orders placed while the clock runs have lives of chance
};

/// Thread-safe. Orders never move and never change, so pointers stay good.
class World {
public:
    /// `options.go_live` must be at least two days before `options.start`.
    World(WorldOptions options, const SandboxClock& clock);

    [[nodiscard]] const WorldOptions& options() const { return options_; }
    [[nodiscard]] UtcTime now() const { return clock_.now(); }
    [[nodiscard]] const std::vector<const Marketplace*>& stores() const { return options_.stores; }
    /// The seller account that sells in a store.
    [[nodiscard]] std::string_view account_of(const Marketplace& store) const {
        return options_.linked ? seller_of_region(store.region).account : store.account;
    }

    /// All orders placed by now, in the order they were made.
    [[nodiscard]] std::vector<const Order*> orders() const;
    /// Visits the orders to which something happens between `from` and `to`, both included, by the
    /// happening's time and then by order id (`newest_first`: times fall, ids still rise), once for
    /// each such moment, until `visit` answers false. Orders that are placed later than now are
    /// among them. `visit` must not ask the world anything.
    void visit_happenings(UtcTime from, UtcTime to, bool newest_first,
                          const std::function<bool(UtcTime, const Order&)>& visit) const;
    /// By Amazon's id, placed by now; nullptr otherwise.
    [[nodiscard]] const Order* find(std::string_view order_id) const;

    /// Places `count` orders now (merchant-fulfilled unless the recipe says otherwise); their ids.
    std::vector<std::string> place(std::uint64_t count);

    /// Orders that another tool had put into NetSuite before the start; the NetSuite service makes
    /// its first sales orders from their truths.
    [[nodiscard]] std::vector<const Order*> preexisting_orders() const;

    /// What `place` did, to be repeated after a restart.
    [[nodiscard]] Json snapshot() const;
    [[nodiscard]] Result<void> restore(const Json& snapshot);
    void reset();

private:
    void catch_up_locked(UtcTime now) const;
    void add_locked(Order order) const;
    [[nodiscard]] OrderPlan plan() const;

    WorldOptions options_;
    const SandboxClock& clock_;
    mutable std::mutex mutex_;
    // The live orders are made when somebody first looks after their time has come.
    mutable std::deque<Order> orders_;
    mutable std::unordered_map<std::string_view, const Order*> by_id_;
    // A listing of a window must not look at every order of the world.
    mutable std::map<UtcTime, std::map<std::string_view, const Order*>> happenings_;
    mutable std::uint64_t live_made_ = 0;
    struct Placed {
        std::uint64_t number;
        UtcTime time;
    };
    std::vector<Placed> placed_;
};

}  // namespace carrick::sandbox
