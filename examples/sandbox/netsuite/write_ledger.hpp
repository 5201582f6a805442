// SPDX-License-Identifier: Apache-2.0
// WriteLedger: what was written, in order, and how often each external id was asked for.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox::netsuite {

enum class WriteOutcome { Created, Updated, Deleted, RefusedDuplicate, Refused };

/// Not thread-safe: the service locks it. Holds ids only, no content.
class WriteLedger {
public:
    void note(UtcTime time, std::string_view type, std::string_view external_id, std::int64_t id,
              WriteOutcome outcome, std::string_view why = {});

    [[nodiscard]] Json entries() const;
    /// {"creates", "updates", "deletes", "duplicate_writes_refused", "writes_refused",
    ///  "external_ids_created_twice"}
    [[nodiscard]] Json statistics() const;
    /// How many creates under that external id took effect.
    [[nodiscard]] std::int64_t creates_of(std::string_view external_id) const;
    [[nodiscard]] std::int64_t duplicates_of(std::string_view external_id) const;

    void clear();
    [[nodiscard]] Json snapshot() const { return entries(); }
    void restore(const Json& rows);

private:
    struct Entry {
        UtcTime time;
        std::string type;
        std::string external_id;
        std::int64_t id = 0;
        WriteOutcome outcome = WriteOutcome::Created;
        std::string why;
    };
    struct Count {
        std::int64_t created = 0;
        std::int64_t refused = 0;
    };
    void count(const Entry& entry);

    std::vector<Entry> entries_;
    std::map<std::string, Count, std::less<>> by_external_id_;
};

}  // namespace carrick::sandbox::netsuite
