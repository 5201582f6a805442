// SPDX-License-Identifier: Apache-2.0
// Keeps and counts writes.
#include "examples/sandbox/netsuite/write_ledger.hpp"

#include <algorithm>
#include <array>

namespace carrick::sandbox::netsuite {

namespace {

constexpr std::array<std::string_view, 5> kNames{"created", "updated", "deleted",
                                                 "refused_duplicate", "refused"};

}  // namespace

void WriteLedger::note(UtcTime time, std::string_view type, std::string_view external_id,
                       std::int64_t id, WriteOutcome outcome, std::string_view why) {
    entries_.push_back(
        Entry{time, std::string(type), std::string(external_id), id, outcome, std::string(why)});
    count(entries_.back());
}

void WriteLedger::count(const Entry& entry) {
    if (entry.external_id.empty()) return;
    Count& count = by_external_id_[entry.external_id];
    if (entry.outcome == WriteOutcome::Created) ++count.created;
    if (entry.outcome == WriteOutcome::RefusedDuplicate) ++count.refused;
}

Json WriteLedger::entries() const {
    Json rows = Json::array();
    for (const Entry& entry : entries_) {
        Json row = Json::object({{"time", entry.time.text()},
                                 {"type", entry.type},
                                 {"external_id", entry.external_id},
                                 {"id", entry.id},
                                 {"outcome", kNames[static_cast<std::size_t>(entry.outcome)]}});
        if (!entry.why.empty()) row.set("why", entry.why);
        rows.push_back(std::move(row));
    }
    return rows;
}

Json WriteLedger::statistics() const {
    std::array<std::int64_t, kNames.size()> counts{};
    for (const Entry& entry : entries_) ++counts[static_cast<std::size_t>(entry.outcome)];
    std::int64_t twice = 0;
    for (const auto& [external_id, count] : by_external_id_) twice += count.created > 1 ? 1 : 0;
    return Json::object({{"creates", counts[0]},
                         {"updates", counts[1]},
                         {"deletes", counts[2]},
                         {"duplicate_writes_refused", counts[3]},
                         {"writes_refused", counts[4]},
                         {"external_ids_created_twice", twice}});
}

std::int64_t WriteLedger::creates_of(std::string_view external_id) const {
    const auto found = by_external_id_.find(external_id);
    return found != by_external_id_.end() ? found->second.created : 0;
}

std::int64_t WriteLedger::duplicates_of(std::string_view external_id) const {
    const auto found = by_external_id_.find(external_id);
    return found != by_external_id_.end() ? found->second.refused : 0;
}

void WriteLedger::clear() {
    entries_.clear();
    by_external_id_.clear();
}

void WriteLedger::restore(const Json& rows) {
    clear();
    for (const Json& row : rows.items()) {
        const auto name = std::find(kNames.begin(), kNames.end(), row["outcome"].text());
        if (name == kNames.end()) continue;
        const Result<UtcTime> time = UtcTime::parse(row["time"].text());
        note(time ? *time : UtcTime(), row["type"].text(), row["external_id"].text(),
             row["id"].integer_if().value_or(0),
             static_cast<WriteOutcome>(std::distance(kNames.begin(), name)), row["why"].text());
    }
}

}  // namespace carrick::sandbox::netsuite
