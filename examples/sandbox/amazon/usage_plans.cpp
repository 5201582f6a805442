// SPDX-License-Identifier: Apache-2.0
// Buckets in whole numbers: billionths of a request, milliseconds.
#include "examples/sandbox/amazon/usage_plans.hpp"

#include <algorithm>
#include <array>

namespace carrick::sandbox {
namespace {

constexpr std::array kPlans{
    UsagePlan{"searchOrders", "0.0056", 5'600, 20},  // a page in 179 s
    UsagePlan{"getOrder", "0.5", 500'000, 30},
    UsagePlan{"getMarketplaceParticipations", "0.016", 16'000, 15},
    UsagePlan{"createReport", "0.0167", 16'700, 15},  // one a minute
    UsagePlan{"getReport", "2", 2'000'000, 15},
    UsagePlan{"getReports", "0.0222", 22'200, 10},  // one in 45 s
    UsagePlan{"cancelReport", "0.0222", 22'200, 10},
    UsagePlan{"getReportDocument", "0.0167", 16'700, 15},
    UsagePlan{"createReportSchedule", "0.0222", 22'200, 10},
    UsagePlan{"getReportSchedules", "0.0222", 22'200, 10},
    UsagePlan{"getReportSchedule", "0.0222", 22'200, 10},
    UsagePlan{"cancelReportSchedule", "0.0222", 22'200, 10},
    UsagePlan{"createRestrictedDataToken", "1", 1'000'000, 10},
};
constexpr std::int64_t kOneRequest = 1'000'000'000;

}  // namespace

const UsagePlan* usage_plan(std::string_view operation) {
    for (const UsagePlan& plan : kPlans)
        if (plan.operation == operation) return &plan;
    return nullptr;
}

bool Quotas::take(const UsagePlan& plan, std::string_view seller, std::string_view application,
                  UtcTime now) {
    const std::lock_guard lock(mutex_);
    const std::int64_t full = plan.burst * kOneRequest;
    const auto [found, made] = buckets_.try_emplace(
        {std::string(plan.operation), std::string(seller), std::string(application)},
        Bucket{full, now});
    Bucket& bucket = found->second;
    // A millionth of a request per second is one billionth per millisecond.
    const std::int64_t until_full = (full - bucket.level) / plan.rate_millionths + 1;
    const std::int64_t elapsed =
        std::clamp<std::int64_t>((now - bucket.filled).count(), 0, until_full);
    bucket.level = std::min(full, bucket.level + elapsed * plan.rate_millionths);
    bucket.filled = std::max(bucket.filled, now);
    if (bucket.level < kOneRequest) return false;
    bucket.level -= kOneRequest;
    return true;
}

void Quotas::reset() {
    const std::lock_guard lock(mutex_);
    buckets_.clear();
}

}  // namespace carrick::sandbox
