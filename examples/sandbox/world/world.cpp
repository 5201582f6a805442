// SPDX-License-Identifier: Apache-2.0
// The growing list of orders.
#include "examples/sandbox/world/world.hpp"

#include "examples/sandbox/world/order_maker.hpp"

#include <algorithm>

namespace carrick::sandbox {
namespace {

// Orders placed by the control API count from here, far above any initial or live order.
constexpr std::uint64_t kFirstOnDemand = 5'000'000;

}  // namespace

World::World(WorldOptions options, const SandboxClock& clock)
    : options_(std::move(options)), clock_(clock) {
    if (options_.stores.empty())
        for (const Marketplace& each : marketplaces()) options_.stores.push_back(&each);
    reset();
}

/// What all orders of this world have in common.
OrderPlan World::plan() const {
    OrderPlan plan;
    plan.seed = options_.seed;
    plan.start = options_.start;
    plan.go_live = options_.go_live;
    plan.stores = options_.stores;
    plan.changes = options_.changes;
    plan.linked = options_.linked;
    plan.restless = options_.restless;
    return plan;
}

void World::reset() {
    const std::lock_guard lock(mutex_);
    orders_.clear();
    by_id_.clear();
    happenings_.clear();
    placed_.clear();
    live_made_ = 0;
    for (std::uint64_t number = 0; number < options_.orders; ++number) {
        OrderPlan each = plan();
        each.number = number;
        // Spread over the world: every 11th order meets another marketplace.
        each.unknown_sku = number % 11 == 0 && number / 11 < options_.unknown_skus;
        each.preexisting = options_.preexisting;
        add_locked(make_order(each));
    }
}

void World::add_locked(Order order) const {
    orders_.push_back(std::move(order));
    const Order& added = orders_.back();
    by_id_.emplace(added.id, &added);
    for (const Event& event : added.events) happenings_[event.time].emplace(added.id, &added);
}

void World::catch_up_locked(UtcTime now) const {
    if (options_.orders_per_hour == 0) return;
    const std::int64_t elapsed = (now - options_.start).count();
    if (elapsed < 0) return;
    const std::uint64_t due =
        std::min(options_.live_orders,
                 static_cast<std::uint64_t>(elapsed) * options_.orders_per_hour / 3'600'000);
    for (; live_made_ < due; ++live_made_) {
        const std::uint64_t moment = (live_made_ + 1) * 3'600'000 / options_.orders_per_hour;
        OrderPlan each = plan();
        each.number = options_.orders + live_made_;
        each.era = Era::Live;
        each.placed = options_.start + Milliseconds(moment);
        add_locked(make_order(each));
    }
}

std::vector<const Order*> World::orders() const {
    const UtcTime now = clock_.now();
    const std::lock_guard lock(mutex_);
    catch_up_locked(now);
    std::vector<const Order*> result;
    result.reserve(orders_.size());
    for (const Order& order : orders_)
        if (order.created() <= now) result.push_back(&order);
    return result;
}

void World::visit_happenings(UtcTime from, UtcTime to, bool newest_first,
                             const std::function<bool(UtcTime, const Order&)>& visit) const {
    const UtcTime now = clock_.now();
    const std::lock_guard lock(mutex_);
    catch_up_locked(now);
    if (to < from) return;
    const auto begin = happenings_.lower_bound(from);
    const auto end = happenings_.upper_bound(to);
    const auto visit_moment = [&](const auto& moment) {
        for (const auto& [id, order] : moment.second)
            if (!visit(moment.first, *order)) return false;
        return true;
    };
    if (newest_first) {
        for (auto at = end; at != begin;)
            if (!visit_moment(*--at)) return;
    } else {
        for (auto at = begin; at != end; ++at)
            if (!visit_moment(*at)) return;
    }
}

const Order* World::find(std::string_view order_id) const {
    const UtcTime now = clock_.now();
    const std::lock_guard lock(mutex_);
    catch_up_locked(now);
    const auto found = by_id_.find(order_id);
    return found == by_id_.end() || found->second->created() > now ? nullptr : found->second;
}

std::vector<std::string> World::place(std::uint64_t count) {
    const UtcTime now = clock_.now();
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t number = kFirstOnDemand + placed_.size();
        placed_.push_back({number, now});
        OrderPlan each = plan();
        each.number = number;
        each.era = Era::OnDemand;
        each.placed = now;
        add_locked(make_order(each));
        ids.push_back(orders_.back().id);
    }
    return ids;
}

std::vector<const Order*> World::preexisting_orders() const {
    const std::lock_guard lock(mutex_);
    std::vector<const Order*> result;
    for (const Order& order : orders_)
        if (order.preexisting != Preexisting::No) result.push_back(&order);
    return result;
}

Json World::snapshot() const {
    const std::lock_guard lock(mutex_);
    Json placed = Json::array();
    for (const Placed& each : placed_)
        placed.push_back(Json::object({{"number", each.number}, {"time", each.time.text()}}));
    return Json::object({{"placed", std::move(placed)}});
}

Result<void> World::restore(const Json& snapshot) {
    reset();
    const std::lock_guard lock(mutex_);
    for (const Json& each : snapshot["placed"].items()) {
        const std::optional<std::int64_t> number = each["number"].integer_if();
        const Result<UtcTime> time = UtcTime::parse(each["time"].text());
        if (!number || *number < 0 || !time)
            return misconfigured("sandbox.state", "an entry of \"placed\" has no number or time");
        placed_.push_back({static_cast<std::uint64_t>(*number), *time});
        OrderPlan plan_of_it = plan();
        plan_of_it.number = placed_.back().number;
        plan_of_it.era = Era::OnDemand;
        plan_of_it.placed = *time;
        add_locked(make_order(plan_of_it));
    }
    return {};
}

}  // namespace carrick::sandbox
