// SPDX-License-Identifier: Apache-2.0
// What is known of Amazon's report types before one is asked for.
#pragma once

#include <carrick/sdk/utc_time.hpp>

#include <string_view>

namespace carrick::amazon {

struct ReportType {
    std::string_view name;
    /// Its documents hold personal data, which Amazon gives only for a restricted data token and
    /// which we may keep no longer than 30 days.
    bool restricted = false;
};

inline constexpr Milliseconds kPersonalReportsKept = std::chrono::hours(24 * 30);

/// A type that is not in our table reads as unrestricted: Amazon then refuses the document, and
/// says so.
[[nodiscard]] ReportType report_type(std::string_view name);

}  // namespace carrick::amazon
