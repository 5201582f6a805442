// SPDX-License-Identifier: Apache-2.0
// Intake: reads the next records of the channels and decides for each whether it runs, waits
// behind another version of its key, or is skipped at once.
#include "core/engine/instance.hpp"

#include <algorithm>

namespace carrick::engine {

// A channel may hold several partitions: a source that reads all marketplaces of a connection at
// once. Each consumer takes its own.
bool Instance::is_foreign(const store::Record& record) const {
    return !name_.partition.empty() && record.partition != name_.partition;
}

void Instance::pass(Input& input, store::Seq seq) {
    if (input.ahead.empty())
        input.passed = seq;
    else if (input.ahead.back().foreign)
        input.ahead.back().seq = seq;
    else
        input.ahead.push_back({seq, nullptr, {}, true});
}

void Instance::intake() {
    // The inputs take turns, so that one busy producer does not keep the others out.
    Input* chosen = nullptr;
    for (std::size_t i = 0; i < inputs_.size() && chosen == nullptr; ++i) {
        Input& input = *inputs_[(input_turn_ + i) % inputs_.size()];
        if (input.channel_end() > input.read_to.load()) chosen = &input;
    }
    if (chosen == nullptr) return;
    ++input_turn_;

    const std::size_t limit =
        std::min(services_.settings.page, flow_.max_open - std::min(flow_.max_open, open_.ready()));
    // Where the channel ended before the read: what is appended meanwhile is read next time.
    const store::Seq end = chosen->channel_end();
    Result<std::vector<store::StoredRecord>> page =
        services_.store.read_channel(chosen->channel, chosen->read_to.load(), limit);
    if (!page) return store_failed(page.error());
    if (page->empty()) {
        // Rows that every consumer had settled were freed: nothing is left up to the end.
        chosen->read_to = chosen->goal = end;
        return;
    }

    const store::Seq last = page->back().seq;
    // Rows of others are passed in place; what stays are this instance's own, in order.
    std::vector<store::Seq> passed;
    for (const store::StoredRecord& row : *page)
        if (is_foreign(row.record)) passed.push_back(row.seq);
    if (!passed.empty())
        std::erase_if(*page,
                      [this](const store::StoredRecord& row) { return is_foreign(row.record); });

    std::vector<std::optional<store::LedgerEntry>> ledger;
    if (keeps_ledger_) {
        std::vector<std::string> keys;
        keys.reserve(page->size());
        for (const store::StoredRecord& record : *page) keys.push_back(record.record.key);
        Result<std::vector<std::optional<store::LedgerEntry>>> known =
            services_.store.ledger(number_, keys);
        if (!known) return store_failed(known.error());
        ledger = std::move(*known);
    }
    auto other = passed.begin();
    for (std::size_t i = 0; i < page->size(); ++i) {
        for (; other != passed.end() && *other < (*page)[i].seq; ++other) pass(*chosen, *other);
        admit(*chosen, std::move((*page)[i]), keeps_ledger_ ? &ledger[i] : nullptr);
    }
    for (; other != passed.end(); ++other) pass(*chosen, *other);
    chosen->read_to = last;
}

void Instance::admit(Input& input, store::StoredRecord arriving,
                     const std::optional<store::LedgerEntry>* ledger) {
    const auto skip = [&](Verdict verdict) {
        input.ahead.push_back({arriving.seq, nullptr, skip_reason(verdict), false});
    };
    // Behind a record whose write may be on its way stands at most one newer version.
    OpenEntry* front = open_.by_key(arriving.record.key);
    OpenEntry* rival = front != nullptr && front->behind != nullptr ? front->behind : front;
    Verdict verdict = Verdict::Accept;
    if (rival != nullptr) {
        verdict = judge(arriving.record, rival->known());
    } else if (ledger != nullptr && ledger->has_value()) {
        const store::LedgerEntry& known = **ledger;
        verdict = judge(arriving.record,
                        {known.version, known.content_hash, known.stream_rank, false, false});
    }
    const bool asked_for = watched(arriving.record.key);
    // Nothing was written for it and somebody asks why: it is decided again.
    if (asked_for && verdict == Verdict::Duplicate && rival == nullptr &&
        (*ledger)->target_ids == "{}")
        verdict = Verdict::Accept;
    if (verdict != Verdict::Accept && verdict != Verdict::Behind) {
        if (asked_for && rival == nullptr) note_ledger(arriving.record.key, **ledger);
        return skip(verdict);
    }
    if (asked_for) note(arriving.record.key, {.state = KeyState::Running});

    const bool stays_behind = verdict == Verdict::Behind || (rival != nullptr && rival != front);
    if (rival != nullptr && verdict == Verdict::Accept) supersede(*rival);

    auto entry = std::make_unique<OpenEntry>();
    entry->at = {arriving.channel, arriving.seq};
    entry->record = std::move(arriving.record);
    entry->has_body = true;
    if (ledger != nullptr) {
        entry->ledger = *ledger;
        entry->ledger_known = true;
    }
    OpenEntry* admitted = entry.get();
    if (stays_behind) {
        open_.put_behind(*front, std::move(entry));
    } else {
        open_.add(std::move(entry));
        open_.queue(*admitted);
    }
    input.ahead.push_back({admitted->at.seq, admitted, {}, false});
}

void Instance::supersede(OpenEntry& entry) {
    if (entry.stored) {
        ++draft_.counts.skipped[std::string(kSuperseded)];
        settle(entry);
        return;
    }
    // Not counted yet: its slot does that when the cursor passes.
    Input* input = nullptr;
    if (Slot* slot = slot_of(entry, &input); slot != nullptr) {
        slot->entry = nullptr;
        slot->skipped = kSuperseded;
    }
    if (entry.dirty) std::erase(dirty_, &entry);
    open_.remove(entry);
}

}  // namespace carrick::engine
