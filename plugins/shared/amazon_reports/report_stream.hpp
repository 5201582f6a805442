// SPDX-License-Identifier: Apache-2.0
// ReportStream: a source's stream that reads one type of report of several stores, page by page.
#pragma once

#include "plugins/shared/amazon_reports/group_marks.hpp"
#include "plugins/shared/amazon_reports/order_rows.hpp"
#include "plugins/shared/amazon_reports/report_cycle.hpp"

#include <map>
#include <optional>
#include <vector>

namespace carrick::plugins {

/// Where the groups of a page are from.
struct ReportedBy {
    const amazon::Marketplace& store;
    /// Where rows that were reported before this may lack others of their group, which the window
    /// has left behind: the report before has shown such a group whole. 0: nothing was before, or
    /// the report before has shown this very group.
    UtcTime whole_from{};
    /// The report before has shown this very group, and it was refused.
    bool refused_before = false;
};

/// What became of a group.
enum class Taken {
    Settled,  ///< for as long as its rows stay what they are
    Refused,  ///< it is to be tried again with the next report
};

/// What a stream does with the groups of its report.
class ReportReader {
public:
    virtual ~ReportReader() = default;
    /// The column whose equal values make a group.
    [[nodiscard]] virtual std::string_view key_column() const = 0;
    /// Errors: Rejected `report.column_missing`.
    [[nodiscard]] virtual Result<void> check(const Columns& columns) const = 0;
    /// How groups become records: settings, as a short text. A group whose rows the report before
    /// has had too, read in the same way and settled, is not given out again. Empty: each group of
    /// each report is given out.
    [[nodiscard]] virtual std::string how() const { return {}; }
    /// Emits what a group becomes. An error of a row is emitted as a record too, so that it reaches
    /// the error queue while the rest of the report goes on.
    /// Errors   Throttled or Transient: the group is read again later, and so are those behind it.
    [[nodiscard]] virtual Result<Taken> emit(sdk::Call& call, const RowGroup& group,
                                             const Columns& columns, const ReportedBy& by) = 0;
};

/// The checkpoint is {"DE": state of its cycle, ...}.
class ReportStream {
public:
    /// `plan` without its marketplace: that of each of `stores`.
    ReportStream(ReportPlan plan, std::vector<std::string> stores,
                 std::unique_ptr<ReportReader> reader)
        : plan_(std::move(plan)), stores_(std::move(stores)), reader_(std::move(reader)) {}

    [[nodiscard]] Result<void> extract(sdk::Call& call, std::string_view checkpoint);

    /// What a page leaves, for streams with a checkpoint of their own around it.
    struct Turn {
        Json states;  ///< of the stores' cycles
        sdk::PageEnd end = sdk::PageEnd::Idle;
        UtcTime next;         ///< LookAgain: when
        UtcTime complete_to;  ///< all stores are read up to here
    };
    /// One page; nothing where the call was cancelled. `states`: of the last one, null at first.
    [[nodiscard]] Result<std::optional<Turn>> turn(sdk::Call& call, const Json& states);

private:
    Result<std::map<std::string, ReportCycle>> load(const Json& states) const;
    static Turn turned(const sdk::Call& call, const std::map<std::string, ReportCycle>& cycles,
                       bool again);
    Result<ReportCycle::Now> step(sdk::Call& call, ReportCycle& cycle);
    Result<void> read_page(sdk::Call& call, ReportCycle& cycle, const amazon::Marketplace& store);
    Result<void> begin_document(sdk::Call& call, ReportCycle& cycle,
                                const amazon::Marketplace& store);
    Result<std::unique_ptr<TextSource>> open_at(sdk::Call& call, const ReadingPlace& place);
    Result<const ScatteredRows*> scattered_of(sdk::Call& call, const std::string& document);
    /// A document that is being read.
    struct Reading {
        const ReportCycle& cycle;
        const Columns& columns;
        const amazon::Marketplace& store;
        const GroupMarks* before;  ///< of the document before; null: unknown
    };
    Result<const GroupMarks*> marks_before(sdk::Call& call, const ReportCycle& cycle);
    /// `place`: where `group` stands; its refusal is noted there.
    Result<void> pass_on(sdk::Call& call, const RowGroup& group, const Reading& reading,
                         std::string_view header, ReadingPlace& place);
    Result<void> emit_groups(sdk::Call& call, ReportCycle& cycle, const Columns& columns,
                             const amazon::Marketplace& store);

    void keep_ahead(ReadingPlace& place, const GroupReader& groups, const TableReader& reader);

    /// What reading a page leaves behind for the next one. Without it the next one costs more.
    struct Ahead {
        std::string document;
        std::uint64_t offset = 0;
        std::string text;
    };

    ReportPlan plan_;
    std::vector<std::string> stores_;
    std::unique_ptr<ReportReader> reader_;
    std::string scattered_document_;
    ScatteredRows scattered_;
    /// By store: the document before, and what its groups looked like.
    std::map<std::string, std::pair<std::string, GroupMarks>> marks_;
    Ahead ahead_;
};

}  // namespace carrick::plugins
