// SPDX-License-Identifier: Apache-2.0
// Quota: all token buckets of one connection, for many threads.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/amazon/token_bucket.hpp"
#include "core/connectors/amazon/usage_plans.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string_view>
#include <vector>

namespace carrick::amazon {

class Quota {
public:
    explicit Quota(const Clock& clock);

    /// Waits for a token of the plan's bucket, the more urgent first.
    /// Errors   Throttled `amazon.quota`  the token would come after the call's deadline; at once,
    ///          with retry_after. Transient `amazon.cancelled`  cancelled meanwhile.
    [[nodiscard]] Result<void> take(const UsagePlan& plan, const connectors::CallContext& context);
    /// The token was not used: nothing was sent.
    void give_back(const UsagePlan& plan);
    /// Amazon answered 429. Returns how long the bucket is now empty.
    Milliseconds drain(const UsagePlan& plan, Milliseconds retry_after);
    /// Takes over what x-amzn-RateLimit-Limit says, where it is a sensible number.
    void correct(const UsagePlan& plan, std::string_view rate_header);

    [[nodiscard]] std::vector<connectors::BucketLevel> levels();
    void restore(std::span<const connectors::BucketLevel> levels);

private:
    QuotaQueue& queue(const UsagePlan& plan);

    const Clock& clock_;
    const Milliseconds travel_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string_view, QuotaQueue> queues_;  ///< by the plan's name, which is static
};

}  // namespace carrick::amazon
