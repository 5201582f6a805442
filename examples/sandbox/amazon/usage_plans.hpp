// SPDX-License-Identifier: Apache-2.0
// Usage plans: one token bucket per (operation, seller, application), on the sandbox's clock.
// Source: amazon.md C.1, C.2.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

namespace carrick::sandbox {

struct UsagePlan {
    std::string_view operation;
    std::string_view rate_text;    ///< as x-amzn-RateLimit-Limit says it
    std::int64_t rate_millionths;  ///< requests in a million seconds
    std::int64_t burst;
};

[[nodiscard]] const UsagePlan* usage_plan(std::string_view operation);

/// Thread-safe.
class Quotas {
public:
    /// Takes one request out of the bucket; false when it is empty. A bucket starts full.
    [[nodiscard]] bool take(const UsagePlan& plan, std::string_view seller,
                            std::string_view application, UtcTime now);
    void reset();

private:
    struct Bucket {
        std::int64_t level;  ///< in billionths of a request
        UtcTime filled;
    };
    std::mutex mutex_;
    std::map<std::tuple<std::string, std::string, std::string>, Bucket> buckets_;
};

}  // namespace carrick::sandbox
