// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/report_stream.hpp"

#include <algorithm>
#include <utility>

namespace carrick::plugins {

namespace {

// A page is one transaction of the engine: large enough to be cheap, small enough to be quick.
constexpr std::size_t kGroupsAPage = 500;

/// What reader, columns and keys refuse, and a file that the archive has lost, purged or damaged:
/// asking Amazon again cures it. What a connection refuses has other codes.
bool is_about_the_file(const Error& error) {
    const bool refused =
        error.error_class == ErrorClass::Rejected && error.code.starts_with("report.");
    return refused || error.code == "report.unreadable" || error.code.starts_with("archive.");
}

// A store whose report is in trouble waits at least so long, so that the others have their turns.
constexpr Milliseconds kShortestPause = std::chrono::minutes(1);

}  // namespace

Result<std::map<std::string, ReportCycle>> ReportStream::load(const Json& states) const {
    std::map<std::string, ReportCycle> cycles;
    for (const std::string& store : stores_) {
        ReportPlan plan = plan_;
        plan.marketplace = store;
        Result<ReportCycle> cycle = ReportCycle::load(plan, states[store]);
        if (!cycle) return cycle.error();
        cycles.emplace(store, *std::move(cycle));
    }
    return cycles;
}

ReportStream::Turn ReportStream::turned(const sdk::Call& call,
                                        const std::map<std::string, ReportCycle>& cycles,
                                        bool again) {
    Turn turn{Json::object(), sdk::PageEnd::Idle, {}, cycles.begin()->second.complete_to()};
    bool under_way = again;
    for (const auto& [store, cycle] : cycles) {
        turn.states.set(store, cycle.state());
        turn.complete_to = std::min(turn.complete_to, cycle.complete_to());
        if (!cycle.under_way()) continue;
        turn.next = under_way ? std::min(turn.next, cycle.ready_at()) : cycle.ready_at();
        under_way = true;
    }
    if (under_way)
        turn.end = turn.next <= call.now() ? sdk::PageEnd::More : sdk::PageEnd::LookAgain;
    return turn;
}

Result<void> ReportStream::extract(sdk::Call& call, std::string_view checkpoint) {
    Json states;
    if (!checkpoint.empty()) {
        Result<Json> parsed = Json::parse(checkpoint);
        if (!parsed) return bug("report.state", "the checkpoint is no JSON");
        states = *std::move(parsed);
    }
    const Result<std::optional<Turn>> page = turn(call, states);
    if (!page) return page.error();
    if (*page) call.set_checkpoint((*page)->states.dump(), (*page)->end, (*page)->next);
    return {};
}

Result<std::optional<ReportStream::Turn>> ReportStream::turn(sdk::Call& call, const Json& states) {
    Result<std::map<std::string, ReportCycle>> cycles = load(states);
    if (!cycles) return cycles.error();
    std::vector<ReportCycle*> in_turn;
    for (auto& [store, cycle] : *cycles)
        if (!cycle.finished()) in_turn.push_back(&cycle);
    std::ranges::stable_sort(in_turn, {},
                             [](const ReportCycle* cycle) { return cycle->ready_at(); });

    // One step of the store that has been ready longest; the others get theirs on the next page.
    // The trouble of one store is not the others': it waits, and the next one has its step.
    std::optional<Error> trouble;
    for (ReportCycle* cycle : in_turn) {
        if (trouble && cycle->ready_at() > call.now()) {
            // Told as an error, so that people see it, but not for longer than the others can wait.
            const Milliseconds others = cycle->ready_at() - call.now();
            trouble->retry_after = std::min(std::max(trouble->retry_after, kShortestPause), others);
            break;
        }
        const Result<ReportCycle::Now> now = step(call, *cycle);
        if (call.cancelled()) return std::optional<Turn>();
        if (now) return std::optional(turned(call, *cycles, *now == ReportCycle::Now::Again));
        if (in_turn.size() > 1)
            call.log(sdk::LogLevel::Error, cycle->marketplace() + ": " + now.error().message);
        cycle->pause(call.now() + std::max(now.error().retry_after, kShortestPause));
        if (!trouble) trouble = now.error();
    }
    if (trouble) return *trouble;
    return std::optional(turned(call, *cycles, false));  // a range that is read to its end
}

Result<ReportCycle::Now> ReportStream::step(sdk::Call& call, ReportCycle& cycle) {
    const amazon::Marketplace* store = amazon::marketplace_from_code(cycle.marketplace());
    if (store == nullptr)
        return misconfigured("amazon_reports.marketplace",
                             "\"" + cycle.marketplace() + "\" is no marketplace of Amazon's",
                             "marketplaces");
    Result<ReportCycle::Now> now = cycle.step(call);
    if (!now || *now != ReportCycle::Now::Reading) return now;
    if (const Result<void> read = read_page(call, cycle, *store); !read) return read.error();
    return now;
}

Result<void> ReportStream::read_page(sdk::Call& call, ReportCycle& cycle,
                                     const amazon::Marketplace& store) {
    if (cycle.place().header.empty()) {
        Result<void> begun = begin_document(call, cycle, store);
        if (begun || !is_about_the_file(begun.error())) return begun;
        return cycle.refuse_document(call, begun.error());
    }
    const std::string header_text = cycle.place().header;
    StringSource header_source(header_text);
    TableReader header_reader(header_source);
    TableRow header;
    const Result<bool> there = header_reader.next(header);
    if (!there) return there.error();
    const Result<Columns> columns = Columns::from_header(header);
    if (!columns) return columns.error();
    Result<void> emitted = emit_groups(call, cycle, *columns, store);
    if (emitted || !is_about_the_file(emitted.error())) return emitted;
    return cycle.refuse_document(call, emitted.error());
}

/// Looks the document through, and gives out first what stands apart in it.
Result<void> ReportStream::begin_document(sdk::Call& call, ReportCycle& cycle,
                                          const amazon::Marketplace& store) {
    ReadingPlace place = cycle.place();
    Result<sdk::Document> document = call.open_archived(place.document, 0);
    if (!document) return document.error();
    DocumentSource source(*std::move(document));
    TableReader reader(source);
    TableRow header;
    const Result<bool> there = reader.next(header);
    if (!there) return there.error();
    if (!*there) {
        cycle.read_to_end({});  // Amazon's way to say that there is nothing
        return {};
    }
    const Result<Columns> columns = Columns::from_header(header);
    if (!columns) return columns.error();
    if (const Result<void> checked = reader_->check(*columns); !checked) return checked.error();
    const Result<const ScatteredRows*> scattered = scattered_of(call, place.document);
    if (!scattered) return scattered.error();
    const Result<const GroupMarks*> before = marks_before(call, cycle);
    if (!before) return before.error();
    const Reading reading{cycle, *columns, store, *before};
    std::size_t count = 0;
    auto next = (*scattered)->upper_bound(place.scattered_to);
    for (; next != (*scattered)->end() && count < kGroupsAPage; ++next, ++count) {
        const Result<void> emitted =
            pass_on(call, {next->first, next->second, 0, 0}, reading, header.text, place);
        if (!emitted && count == 0) return emitted.error();
        if (!emitted) break;
        place.scattered_to = next->first;
    }
    if (next == (*scattered)->end()) {
        place.header = header.text;
        place.offset = header.end;
        place.line = header.line + 1;
    }
    cycle.read_on_from(std::move(place));
    return {};
}

Result<std::unique_ptr<TextSource>> ReportStream::open_at(sdk::Call& call,
                                                          const ReadingPlace& place) {
    std::string ahead;
    if (ahead_.document == place.document && ahead_.offset == place.offset)
        ahead = std::move(ahead_.text);
    ahead_ = {};
    Result<sdk::Document> document =
        call.open_archived(place.document, place.offset + ahead.size());
    if (!document) return document.error();
    return std::unique_ptr<TextSource>(
        std::make_unique<DocumentSource>(*std::move(document), std::move(ahead)));
}

Result<const ScatteredRows*> ReportStream::scattered_of(sdk::Call& call,
                                                        const std::string& document) {
    if (scattered_document_ == document) return &scattered_;
    const auto open = [&]() -> Result<std::unique_ptr<TextSource>> {
        Result<sdk::Document> opened = call.open_archived(document, 0);
        if (!opened) return opened.error();
        return std::unique_ptr<TextSource>(std::make_unique<DocumentSource>(*std::move(opened)));
    };
    Result<ScatteredRows> found = find_scattered(open, reader_->key_column());
    if (!found) return found.error();
    scattered_ = *std::move(found);
    scattered_document_ = document;
    return &scattered_;
}

/// The document before comes from the archive, so that a restart forgets nothing and nothing is
/// remembered that was not stored. Without it all groups are as good as new.
Result<const GroupMarks*> ReportStream::marks_before(sdk::Call& call, const ReportCycle& cycle) {
    const LastRead& last = cycle.last_read();
    if (last.document.empty() || last.how != reader_->how())
        return static_cast<const GroupMarks*>(nullptr);
    auto& [document, marks] = marks_[cycle.marketplace()];
    if (document == last.document) return &marks;
    const auto read = [&]() -> Result<GroupMarks> {
        Result<sdk::Document> opened = call.open_archived(last.document, 0);
        if (!opened) return opened.error();
        DocumentSource source(*std::move(opened));
        return GroupMarks::of(source, reader_->key_column());
    };
    Result<GroupMarks> found = read();
    if (!found && !is_about_the_file(found.error())) return found.error();
    if (!found)
        call.log(sdk::LogLevel::Warning,
                 plan_.type + " of " + cycle.marketplace() +
                     ": the report before is not in the archive any more (" +
                     found.error().message + "); all of this one is looked at as if it were new");
    document = last.document;
    marks = found ? *std::move(found) : GroupMarks();
    return &marks;
}

Result<void> ReportStream::pass_on(sdk::Call& call, const RowGroup& group, const Reading& reading,
                                   std::string_view header, ReadingPlace& place) {
    ReportedBy by{reading.store, reading.cycle.whole_from()};
    if (reading.before != nullptr && reading.before->hold(group, header)) {
        const std::vector<std::string>& refused = reading.cycle.last_read().refused;
        by.refused_before = std::ranges::find(refused, group.key) != refused.end();
        if (!by.refused_before) return {};
        by.whole_from = {};
    }
    const Result<Taken> taken = reader_->emit(call, group, reading.columns, by);
    if (!taken) return taken.error();
    if (*taken == Taken::Refused) place.refused.push_back(group.key);
    return {};
}

Result<void> ReportStream::emit_groups(sdk::Call& call, ReportCycle& cycle, const Columns& columns,
                                       const amazon::Marketplace& store) {
    ReadingPlace place = cycle.place();
    const Result<const ScatteredRows*> scattered = scattered_of(call, place.document);
    if (!scattered) return scattered.error();
    const Result<const GroupMarks*> before = marks_before(call, cycle);
    if (!before) return before.error();
    const Reading reading{cycle, columns, store, *before};
    const Result<std::unique_ptr<TextSource>> source = open_at(call, place);
    if (!source) return source.error();
    TableReader reader(**source, place.line, place.offset);
    GroupReader groups(reader, columns, reader_->key_column(), **scattered);
    RowGroup group;
    for (std::size_t count = 0; count < kGroupsAPage; ++count) {
        const Result<bool> more = groups.next(group);
        if (!more) return more.error();
        if (!*more) {
            cycle.read_on_from(std::move(place));
            cycle.read_to_end(reader_->how());
            return {};
        }
        const Result<void> emitted = pass_on(call, group, reading, place.header, place);
        if (!emitted) {
            // What came before it is kept; with nothing before it the error itself sets the pace.
            if (count == 0) return emitted.error();
            break;
        }
        place.offset = group.end;
        place.line = group.next_line;
        if (count + 1 == kGroupsAPage) keep_ahead(place, groups, reader);
    }
    cycle.read_on_from(std::move(place));
    return {};
}

void ReportStream::keep_ahead(ReadingPlace& place, const GroupReader& groups,
                              const TableReader& reader) {
    const std::optional<GroupReader::Ahead>& row = groups.ahead();
    if (!row) return;
    place.offset = row->offset;
    place.line = row->line;
    ahead_ = {place.document, place.offset, row->text + std::string(reader.unread())};
}

}  // namespace carrick::plugins
