// SPDX-License-Identifier: Apache-2.0
// RecordStore: every record of one account, with NetSuite's ids and external-id namespaces.
#pragma once

#include "examples/sandbox/netsuite/schema.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace carrick::sandbox::netsuite {

/// One record. `body` holds canonical values: references {"id": "12"}, enumerations {"id": "B"},
/// sublists {"items": [...]}, no nulls, no ids of its own.
struct Record {
    std::int64_t id = 0;
    const RecordType* type = nullptr;
    Json body = Json::object();
    UtcTime created;
    UtcTime modified;
    UtcTime visible_from;        ///< a slow commit shows to readers only from here on
    std::int64_t last_line = 0;  ///< highest line id ever given on this record
    bool from_seed = false;

    [[nodiscard]] const std::string& external_id() const { return body["externalId"].text(); }
    /// The name people see: refName.
    [[nodiscard]] std::string display_name() const;
    /// The id of a reference or enumeration field; "" where empty.
    [[nodiscard]] const std::string& ref(std::string_view field) const {
        return body[field]["id"].text();
    }
    [[nodiscard]] bool is_true(std::string_view field) const {
        return body[field].bool_if().value_or(false);
    }
};

/// Not thread-safe: the service locks it. Transactions, entities and items take ids from one
/// ascending sequence; each kind of set-up record (subsidiary, currency, ...) counts from 1.
class RecordStore {
public:
    /// Told of every change: the record, or nullptr with the id of one deleted.
    using Listener =
        std::function<void(const std::string& family, std::int64_t id, const Record* record)>;

    explicit RecordStore(const Schema& schema) : schema_(schema) {}

    void listen(Listener listener) { listener_ = std::move(listener); }

    [[nodiscard]] const Record* find(std::string_view family, std::int64_t id) const;
    [[nodiscard]] const Record* find(std::string_view family, std::string_view id) const;
    /// By external id, visible or not: this is what NetSuite's uniqueness check sees.
    [[nodiscard]] const Record* find_external(std::string_view family,
                                              std::string_view external_id) const;
    /// Another record of the family than `self` with that display name, without regard to case.
    [[nodiscard]] const Record* find_named(std::string_view family, std::string_view name,
                                           std::int64_t self) const;
    /// Records of a family in id order.
    [[nodiscard]] const std::map<std::int64_t, Record>& family(std::string_view name) const;
    /// The first record of a type whose text field has that value; for seeds and tests.
    [[nodiscard]] const Record* find_by(std::string_view type, std::string_view field,
                                        std::string_view value) const;

    /// Gives an id to a record that has none, then keeps it and tells the listener.
    std::int64_t put(Record record);
    void erase(std::string_view family, std::int64_t id);
    [[nodiscard]] std::int64_t next_document_number() { return ++last_document_; }

    void clear();
    /// Everything that was not seeded, and the counters.
    [[nodiscard]] Json snapshot() const;
    [[nodiscard]] Result<void> restore(const Json& snapshot);

    [[nodiscard]] const Schema& schema() const { return schema_; }

private:
    struct Family {
        std::map<std::int64_t, Record> records;
        std::unordered_map<std::string, std::int64_t> by_external_id;
        std::unordered_multimap<std::string, std::int64_t> by_name;  ///< lower case
        std::int64_t last_id = 0;
    };
    static void forget_names(Family& family, const Record& record);
    [[nodiscard]] std::int64_t allocate(const std::string& family);

    const Schema& schema_;
    std::map<std::string, Family, std::less<>> families_;
    std::int64_t last_shared_id_ = 1000;
    std::int64_t last_document_ = 0;
    std::vector<std::pair<std::string, std::int64_t>> erased_seeds_;
    Listener listener_;
};

}  // namespace carrick::sandbox::netsuite
