// SPDX-License-Identifier: Apache-2.0
// Settled by hand: a record that a person has seen to ends as skipped. The request closes its error
// and leaves a mark on its row; the record's next step ends it, in this run of the engine or in the
// next, because only an engine knows whether the flow keeps a ledger and who reads behind it.
#include "core/base/log.hpp"
#include "core/engine/instance.hpp"

#include <algorithm>

namespace carrick::engine {

void Instance::mark_by_hand(OpenEntry& entry, const std::string& resolution) {
    drop_attempts(entry);
    entry.question = Question::None;
    entry.token.clear();
    entry.awaited_link.clear();
    entry.stage = kByHandStage;
    entry.reason = resolution;
}

bool Instance::end_by_hand(std::vector<OpenEntry*>& entries) {
    const auto first =
        std::stable_partition(entries.begin(), entries.end(),
                              [](const OpenEntry* entry) { return entry->stage != kByHandStage; });
    const std::vector<OpenEntry*> settled(first, entries.end());
    entries.erase(first, entries.end());
    if (settled.empty()) return true;
    if (keeps_ledger_ && !load_ledger(settled)) return false;
    // Only who reads behind this flow needs the content, and it may have been purged by now.
    std::vector<store::Position> places;
    if (manifest_.pass_skipped && appends_)
        for (const OpenEntry* entry : settled) places.push_back(entry->at);
    Result<std::vector<std::string>> bodies = services_.store.bodies(number_, places);
    if (!bodies) {
        store_failed(bodies.error());
        return false;
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        if ((*bodies)[i].empty() && !settled[i]->has_body)
            log::warning("nothing to pass on", {{"flow", Json(name_.flow)},
                                                {"key", Json(settled[i]->record.key)},
                                                {"reason", Json("its content has been purged")}});
        if (!settled[i]->has_body) settled[i]->record.body = std::move((*bodies)[i]);
    }
    for (OpenEntry* entry : settled) skipped(*entry, std::string(kByHand), {}, SkippedBy::Person);
    return true;
}

}  // namespace carrick::engine
