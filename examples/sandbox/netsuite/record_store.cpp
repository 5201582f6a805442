// SPDX-License-Identifier: Apache-2.0
// Ids, external ids and the life of records.
#include "examples/sandbox/netsuite/record_store.hpp"

#include "examples/sandbox/netsuite/refusal.hpp"

#include <algorithm>
#include <charconv>

namespace carrick::sandbox::netsuite {

namespace {

bool shares_ids(std::string_view family) {
    return family == "transaction" || family == "entity" || family == "item";
}

}  // namespace

std::string Record::display_name() const {
    const std::string& name = body[type->display].text();
    return type->name == "salesOrder" ? type->title + " #" + name : name;
}

const Record* RecordStore::find(std::string_view family, std::int64_t id) const {
    const auto& records = this->family(family);
    const auto found = records.find(id);
    return found != records.end() ? &found->second : nullptr;
}

const Record* RecordStore::find(std::string_view family, std::string_view id) const {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (error != std::errc() || end != id.data() + id.size()) return nullptr;
    return find(family, number);
}

const Record* RecordStore::find_external(std::string_view family,
                                         std::string_view external_id) const {
    const auto at = families_.find(family);
    if (at == families_.end() || external_id.empty()) return nullptr;
    const auto found = at->second.by_external_id.find(std::string(external_id));
    return found != at->second.by_external_id.end() ? find(family, found->second) : nullptr;
}

const std::map<std::int64_t, Record>& RecordStore::family(std::string_view name) const {
    static const std::map<std::int64_t, Record> kNone;
    const auto found = families_.find(name);
    return found != families_.end() ? found->second.records : kNone;
}

const Record* RecordStore::find_by(std::string_view type_name, std::string_view field,
                                   std::string_view value) const {
    const RecordType* type = schema_.find(type_name);
    if (type == nullptr) return nullptr;
    for (const auto& [id, record] : family(type->family))
        if (record.type == type && record.body[field].text() == value) return &record;
    return nullptr;
}

std::int64_t RecordStore::allocate(const std::string& family) {
    return shares_ids(family) ? ++last_shared_id_ : ++families_[family].last_id;
}

const Record* RecordStore::find_named(std::string_view family_name, std::string_view name,
                                      std::int64_t self) const {
    const auto at = families_.find(family_name);
    if (at == families_.end()) return nullptr;
    const auto [first, last] = at->second.by_name.equal_range(lower(name));
    for (auto entry = first; entry != last; ++entry)
        if (entry->second != self) return find(family_name, entry->second);
    return nullptr;
}

void RecordStore::forget_names(Family& family, const Record& record) {
    family.by_external_id.erase(record.external_id());
    const auto [first, last] =
        family.by_name.equal_range(lower(record.body[record.type->display].text()));
    for (auto entry = first; entry != last; ++entry) {
        if (entry->second != record.id) continue;
        family.by_name.erase(entry);
        return;
    }
}

std::int64_t RecordStore::put(Record record) {
    const std::string family_name = record.type->family;
    if (record.id == 0) record.id = allocate(family_name);
    const std::int64_t id = record.id;
    Family& family = families_[family_name];
    if (const auto old = family.records.find(id); old != family.records.end())
        forget_names(family, old->second);
    if (!record.external_id().empty()) family.by_external_id[record.external_id()] = id;
    family.by_name.emplace(lower(record.body[record.type->display].text()), id);
    Record& kept = family.records[id] = std::move(record);
    if (listener_) listener_(family_name, id, &kept);
    return id;
}

void RecordStore::erase(std::string_view family_name, std::int64_t id) {
    const auto at = families_.find(family_name);
    if (at == families_.end()) return;
    const auto found = at->second.records.find(id);
    if (found == at->second.records.end()) return;
    if (found->second.from_seed) erased_seeds_.emplace_back(at->first, id);
    forget_names(at->second, found->second);
    at->second.records.erase(found);
    if (listener_) listener_(at->first, id, nullptr);
}

void RecordStore::clear() {
    families_.clear();
    erased_seeds_.clear();
    last_shared_id_ = 1000;
    last_document_ = 0;
}

Json RecordStore::snapshot() const {
    Json records = Json::array();
    for (const auto& [name, family] : families_)
        for (const auto& [id, record] : family.records) {
            if (record.from_seed) continue;
            records.push_back(Json::object({{"id", id},
                                            {"type", record.type->name},
                                            {"created", record.created.milliseconds()},
                                            {"modified", record.modified.milliseconds()},
                                            {"visible_from", record.visible_from.milliseconds()},
                                            {"last_line", record.last_line},
                                            {"body", record.body}}));
        }
    Json erased = Json::array();
    for (const auto& [name, id] : erased_seeds_) erased.push_back(Json::array({name, id}));
    Json lasts = Json::object();
    for (const auto& [name, family] : families_) lasts.set(name, family.last_id);
    return Json::object({{"records", std::move(records)},
                         {"erased_seeds", std::move(erased)},
                         {"last_ids", std::move(lasts)},
                         {"last_shared_id", last_shared_id_},
                         {"last_document", last_document_}});
}

Result<void> RecordStore::restore(const Json& snapshot) {
    if (!snapshot["records"].is_array())
        return rejected("sandbox.snapshot", "NetSuite's snapshot has no \"records\" array");
    for (const Json& row : snapshot["records"].items()) {
        Record record;
        record.type = schema_.find(row["type"].text());
        const std::optional<std::int64_t> id = row["id"].integer_if();
        if (record.type == nullptr || !id || !row["body"].is_object())
            return rejected("sandbox.snapshot", "NetSuite's snapshot holds a record of type \"" +
                                                    row["type"].text() +
                                                    "\" that this sandbox cannot read");
        record.id = *id;
        record.created = UtcTime(row["created"].integer_if().value_or(0));
        record.modified = UtcTime(row["modified"].integer_if().value_or(0));
        record.visible_from = UtcTime(row["visible_from"].integer_if().value_or(0));
        record.last_line = row["last_line"].integer_if().value_or(0);
        record.body = row["body"];
        put(std::move(record));
    }
    for (const Json& row : snapshot["erased_seeds"].items())
        erase(row[0].text(), row[1].integer_if().value_or(0));
    for (const JsonMember& last : snapshot["last_ids"].members())
        families_[last.key].last_id =
            std::max(families_[last.key].last_id, last.value.integer_if().value_or(0));
    last_shared_id_ =
        std::max(last_shared_id_, snapshot["last_shared_id"].integer_if().value_or(0));
    last_document_ = std::max(last_document_, snapshot["last_document"].integer_if().value_or(0));
    return {};
}

}  // namespace carrick::sandbox::netsuite
