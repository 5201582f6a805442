// SPDX-License-Identifier: Apache-2.0
// Fills the ABI's structs from the engine's own.
#include "core/plugin_host/page_builder.hpp"

#include "core/plugin_host/content_hash.hpp"

#include <carrick/sdk/span.hpp>

#include <algorithm>

namespace carrick::plugin_host {
namespace {

using sdk::to_span;

constexpr std::size_t kHexDigits = 2 * std::tuple_size_v<store::ContentHash>;

/// The header promises rising order of the record; the engine's own order is kept within one.
template <class Struct>
void in_page_order(std::vector<Struct>& items) {
    const auto by_record = [](const Struct& a, const Struct& b) { return a.record < b.record; };
    if (!std::ranges::is_sorted(items, by_record)) std::ranges::stable_sort(items, by_record);
}

template <class Struct, class From, class Convert>
void fill(std::vector<Struct>& to, std::span<const From> from, Convert&& convert) {
    to.clear();
    to.reserve(from.size());
    for (const From& item : from) to.push_back(convert(item));
    in_page_order(to);
}

}  // namespace

void PageBuilder::set_records(std::span<const store::Record* const> from) {
    records.clear();
    records.reserve(from.size());
    hashes_.resize(from.size() * kHexDigits);
    char* hash = hashes_.data();
    for (const store::Record* record : from) {
        write_hex(record->content_hash, hash);
        records.push_back({sizeof(carrick_record),
                           0,
                           to_span(record->type),
                           to_span(record->origin),
                           to_span(record->partition),
                           to_span(record->key),
                           record->version.milliseconds(),
                           record->event_time.milliseconds(),
                           record->due.milliseconds(),
                           to_span(record->value),
                           to_span(record->body),
                           {hash, kHexDigits}});
        hash += kHexDigits;
    }
}

void PageBuilder::set_lookups(std::span<const LookupResult> from) {
    fill(lookups, from, [](const LookupResult& result) -> carrick_lookup_result {
        return {sizeof(carrick_lookup_result), result.record,        to_span(result.name),
                to_span(result.key),           result.found ? 1 : 0, 0,
                to_span(result.body)};
    });
}

void PageBuilder::set_ledger(std::span<const LedgerView> from) {
    fill(ledger, from, [](const LedgerView& entry) -> carrick_ledger_entry {
        return {sizeof(carrick_ledger_entry), entry.record, entry.version.milliseconds(),
                to_span(entry.target_ids)};
    });
}

void PageBuilder::set_payloads(std::span<const Payload> from) {
    fill(payloads, from, [](const Payload& payload) -> carrick_payload {
        return {sizeof(carrick_payload),
                payload.record,
                to_span(payload.write),
                static_cast<std::int32_t>(payload.action),
                0,
                to_span(payload.external_id),
                to_span(payload.target_id),
                to_span(payload.body)};
    });
}

void PageBuilder::set_attempts(std::span<const AttemptView> from) {
    fill(attempts, from, [](const AttemptView& attempt) -> carrick_attempt {
        return {sizeof(carrick_attempt), attempt.record,
                to_span(attempt.write),  to_span(attempt.external_id),
                to_span(attempt.body),   attempt.started_at.milliseconds()};
    });
}

void PageBuilder::set_waits(std::span<const WaitView> from) {
    fill(waits, from, [](const WaitView& wait) -> carrick_wait {
        return {sizeof(carrick_wait), wait.record, to_span(wait.token), wait.since.milliseconds(),
                wait.deadline.milliseconds()};
    });
}

}  // namespace carrick::plugin_host
