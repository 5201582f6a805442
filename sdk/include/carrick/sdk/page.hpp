// SPDX-License-Identifier: Apache-2.0
// What a stage is given: pages of records, look-up answers, payloads, ledger entries, attempts and
// waits, as plain structs of string_views. All of it lives until the stage returns.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/span.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace carrick::sdk {

struct RecordView {
    std::uint32_t index = 0;  ///< in the page; how outcomes, payloads and writes name the record
    std::string_view type;
    std::string_view origin;
    std::string_view partition;
    std::string_view key;
    UtcTime version;
    UtcTime event_time;
    UtcTime due;
    std::string_view value;
    std::string_view body;
    std::string_view content_hash;

    RecordView() = default;
    RecordView(const carrick_record& from, std::uint32_t at) : index(at) {
        read_struct(
            from,
            [this](const carrick_record& record) {
                type = to_view(record.type);
                origin = to_view(record.origin);
                partition = to_view(record.partition);
                key = to_view(record.key);
                version = UtcTime(record.version);
                event_time = UtcTime(record.event_time);
                due = UtcTime(record.due);
                value = to_view(record.value);
                body = to_view(record.body);
                content_hash = to_view(record.content_hash);
            },
            &carrick_record::type, &carrick_record::origin, &carrick_record::partition,
            &carrick_record::key, &carrick_record::version, &carrick_record::event_time,
            &carrick_record::due, &carrick_record::value, &carrick_record::body,
            &carrick_record::content_hash);
    }
    /// The body, parsed. Errors: `json.syntax`.
    [[nodiscard]] Result<Json> json() const { return Json::parse(body); }
};

/// Names a record of the page: by its index or by the record itself.
struct RecordIndex {
    std::uint32_t value;
    RecordIndex(std::uint32_t index) : value(index) {}  // NOLINT(google-explicit-constructor)
    RecordIndex(const RecordView& record)               // NOLINT(google-explicit-constructor)
        : value(record.index) {}
};

/// The answer to one look-up.
struct LookupView {
    std::uint32_t record = 0;
    std::string_view name;
    std::string_view key;
    bool found = false;
    std::string_view body;  ///< JSON; empty when not found

    LookupView() = default;
    LookupView(const carrick_lookup_result& from, std::uint32_t) {
        read_struct(
            from,
            [this](const carrick_lookup_result& item) {
                record = item.record;
                name = to_view(item.name);
                key = to_view(item.key);
                found = item.found != 0;
                body = to_view(item.body);
            },
            &carrick_lookup_result::record, &carrick_lookup_result::name,
            &carrick_lookup_result::key, &carrick_lookup_result::found,
            &carrick_lookup_result::body);
    }
    /// Null when not found. Errors: `json.syntax`.
    [[nodiscard]] Result<Json> json() const { return found ? Json::parse(body) : Json(); }
};

/// What an earlier version of a record became in the target.
struct LedgerView {
    std::uint32_t record = 0;
    UtcTime version;
    std::string_view target_ids;  ///< JSON object: write name -> id

    LedgerView() = default;
    LedgerView(const carrick_ledger_entry& from, std::uint32_t) {
        read_struct(
            from,
            [this](const carrick_ledger_entry& item) {
                record = item.record;
                version = UtcTime(item.version);
                target_ids = to_view(item.target_ids);
            },
            &carrick_ledger_entry::record, &carrick_ledger_entry::version,
            &carrick_ledger_entry::target_ids);
    }
    [[nodiscard]] Result<Json> json() const { return Json::parse(target_ids); }
};

enum class WriteAction : std::int32_t {
    Create = CARRICK_WRITE_CREATE,
    Update = CARRICK_WRITE_UPDATE,
    Adopt = CARRICK_WRITE_ADOPT,  ///< writes nothing: links a document that is there already
};

/// One document to write for one record.
struct PayloadView {
    std::uint32_t record = 0;
    std::string_view write;  ///< a name from the manifest's `writes`
    WriteAction action = WriteAction::Create;
    std::string_view external_id;
    std::string_view target_id;
    std::string_view body;

    PayloadView() = default;
    PayloadView(const carrick_payload& from, std::uint32_t) {
        read_struct(
            from,
            [this](const carrick_payload& item) {
                record = item.record;
                write = to_view(item.write);
                action = static_cast<WriteAction>(item.action);
                external_id = to_view(item.external_id);
                target_id = to_view(item.target_id);
                body = to_view(item.body);
            },
            &carrick_payload::record, &carrick_payload::write, &carrick_payload::action,
            &carrick_payload::external_id, &carrick_payload::target_id, &carrick_payload::body);
    }
    [[nodiscard]] Result<Json> json() const { return Json::parse(body); }
};

/// A write that was about to be sent when its answer was lost.
struct AttemptView {
    std::uint32_t record = 0;
    std::string_view write;
    std::string_view external_id;
    std::string_view body;
    UtcTime started_at;

    AttemptView() = default;
    AttemptView(const carrick_attempt& from, std::uint32_t) {
        read_struct(
            from,
            [this](const carrick_attempt& item) {
                record = item.record;
                write = to_view(item.write);
                external_id = to_view(item.external_id);
                body = to_view(item.body);
                started_at = UtcTime(item.started_at);
            },
            &carrick_attempt::record, &carrick_attempt::write, &carrick_attempt::external_id,
            &carrick_attempt::body, &carrick_attempt::started_at);
    }
    [[nodiscard]] Result<Json> json() const { return Json::parse(body); }
};

/// A record whose wait is over, with the token its waiting outcome carried.
struct WaitView {
    std::uint32_t record = 0;
    std::string_view token;
    UtcTime since;
    UtcTime deadline;

    WaitView() = default;
    WaitView(const carrick_wait& from, std::uint32_t) {
        read_struct(
            from,
            [this](const carrick_wait& item) {
                record = item.record;
                token = to_view(item.token);
                since = UtcTime(item.since);
                deadline = UtcTime(item.deadline);
            },
            &carrick_wait::record, &carrick_wait::token, &carrick_wait::since,
            &carrick_wait::deadline);
    }
};

using Records = Page<RecordView, carrick_record>;
using Attempts = Page<AttemptView, carrick_attempt>;
using Waits = Page<WaitView, carrick_wait>;

namespace detail {
/// Where the items of `record` begin. Pages of items stand in rising order of their record, so
/// finding one costs a search and not a walk.
template <class Items>
[[nodiscard]] std::size_t first_of_record(const Items& items, std::uint32_t record) {
    std::size_t low = 0;
    for (std::size_t high = items.size(); low < high;) {
        const std::size_t middle = low + (high - low) / 2;
        if (items[middle].record < record)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
}  // namespace detail

class Lookups : public Page<LookupView, carrick_lookup_result> {
public:
    using Page::Page;
    /// The answer for this record, or nothing where `needs` did not ask. Without a key: the first
    /// of that name.
    [[nodiscard]] std::optional<LookupView> find(RecordIndex record, std::string_view name,
                                                 std::string_view key = {}) const {
        for (std::size_t at = detail::first_of_record(*this, record.value); at < size(); ++at) {
            const LookupView answer = (*this)[at];
            if (answer.record != record.value) break;
            if (answer.name == name && (key.empty() || answer.key == key)) return answer;
        }
        return std::nullopt;
    }
};

class Ledger : public Page<LedgerView, carrick_ledger_entry> {
public:
    using Page::Page;
    /// What earlier versions of this record became, or nothing.
    [[nodiscard]] std::optional<LedgerView> find(RecordIndex record) const {
        const std::size_t at = detail::first_of_record(*this, record.value);
        if (at == size()) return std::nullopt;
        const LedgerView entry = (*this)[at];
        if (entry.record != record.value) return std::nullopt;
        return entry;
    }
};

class Payloads : public Page<PayloadView, carrick_payload> {
public:
    using Page::Page;
    /// The payloads of this record, in the order they were emitted.
    [[nodiscard]] std::vector<PayloadView> of(RecordIndex record) const {
        std::vector<PayloadView> found;
        for (std::size_t at = detail::first_of_record(*this, record.value); at < size(); ++at) {
            const PayloadView payload = (*this)[at];
            if (payload.record != record.value) break;
            found.push_back(payload);
        }
        return found;
    }
};

}  // namespace carrick::sdk
