// SPDX-License-Identifier: Apache-2.0
// The reports that were asked for, how far each has come, and the schedules that ask by themselves.
#pragma once

#include "examples/sandbox/amazon/reports/flat_file.hpp"
#include "examples/sandbox/service.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace carrick::sandbox {

enum class ReportStatus { InQueue, InProgress, Done, Cancelled, Fatal };
[[nodiscard]] std::string_view report_status_text(ReportStatus status);

struct ReportRequest {
    const ReportType* type = nullptr;
    std::vector<const Marketplace*> stores;
    UtcTime from, to;
    bool has_range = false;  ///< the caller said from when to when
    bool sales_channel = false;
    std::string schedule_id{};
};

struct Report {
    std::string id;
    std::string document_id;  ///< shown once the report is done
    std::string account;
    ReportRequest request;
    UtcTime created, started, ended;
    UtcTime as_of;        ///< its rows are the world's at this moment (less the type's lag)
    Positions positions;  ///< of the switches when it was asked for
    std::optional<UtcTime> cancelled;
    std::optional<ReportStatus> outcome;  ///< decided when it ends
    std::string why_fatal;

    /// An end without rows can be a document all the same.
    [[nodiscard]] bool has_document() const;
};

struct ReportSchedule {
    std::string id;
    std::string account;
    ReportRequest request;
    std::string period;
    std::chrono::minutes every{0};
    UtcTime next;
};

/// "PT30M", "P1D" ... -> minutes; nothing for a period that Amazon does not offer.
[[nodiscard]] std::optional<std::chrono::minutes> schedule_period(std::string_view text);

/// Not thread-safe: ReportsApi locks it.
class ReportDesk {
public:
    ReportDesk(const Environment& environment, std::uint64_t seed);

    /// What time has done by now: schedules ask, reports end. To be called before the others.
    void catch_up(UtcTime now);

    const Report& create(std::string_view account, ReportRequest request, UtcTime now);
    [[nodiscard]] Report* find(std::string_view account, std::string_view id);
    [[nodiscard]] const Report* by_document(std::string_view document_id) const;
    /// Of an account, newest first, no older than 90 days.
    [[nodiscard]] std::vector<const Report*> of_account(std::string_view account,
                                                        UtcTime now) const;
    [[nodiscard]] static ReportStatus status(const Report& report, UtcTime now);
    [[nodiscard]] std::vector<Cells> rows(const Report& report) const;
    [[nodiscard]] RowQuestion question(const Report& report) const;

    const ReportSchedule& schedule(std::string_view account, ReportRequest request,
                                   std::string period, UtcTime first);
    [[nodiscard]] std::vector<const ReportSchedule*> schedules(std::string_view account) const;
    bool cancel_schedule(std::string_view account, std::string_view id);

    [[nodiscard]] std::uint64_t made() const { return made_; }
    [[nodiscard]] Json snapshot() const;
    [[nodiscard]] Result<void> restore(const Json& snapshot);
    void reset();

private:
    void settle(Report& report);
    [[nodiscard]] const Report* too_soon_after(const Report& report) const;
    [[nodiscard]] Positions positions_now() const;
    [[nodiscard]] std::string new_document_id(const Report& report) const;

    Environment environment_;
    std::uint64_t seed_;
    std::deque<Report> reports_;
    std::vector<ReportSchedule> schedules_;
    std::uint64_t made_ = 0;
    std::uint64_t scheduled_ = 0;
};

}  // namespace carrick::sandbox
