// SPDX-License-Identifier: Apache-2.0
// The report types that the sandbox makes, and what Amazon allows for each. Source: amazon.md D.1.
#pragma once

#include "examples/sandbox/world/catalogue.hpp"

#include <chrono>
#include <span>
#include <string_view>

namespace carrick::sandbox {

/// What a row of the report is.
enum class Contents { AllOrdersByUpdate, AllOrdersByDate, NewOrders, OpenOrders, Parcels };

struct ReportType {
    std::string_view name;
    Contents contents;
    bool restricted;                     ///< its document needs a restricted data token
    bool schedulable;                    ///< createReportSchedule takes it
    bool crlf;                           ///< line ends, where the switch leaves them to the type
    bool utf8;                           ///< where the switch leaves the encoding to type and store
    std::chrono::minutes at_most_every;  ///< 0: no limit
    std::chrono::minutes lag;            ///< how old its newest rows are
    std::chrono::hours longest;          ///< range of one request; 0: no range
    /// Columns in their order, separated by blanks; "!" ends the name of one that every file has.
    std::string_view columns;
};

[[nodiscard]] std::span<const ReportType> report_types();
[[nodiscard]] const ReportType* report_type(std::string_view name);

/// Types that Amazon makes by itself, so that createReport refuses them.
[[nodiscard]] bool is_made_by_amazon_alone(std::string_view name);

/// Java's name of the encoding that the type has in that store: "UTF-8", "Cp1252", "windows-31j".
[[nodiscard]] std::string_view charset_of(const ReportType& type, const Marketplace& store);

}  // namespace carrick::sandbox
