// SPDX-License-Identifier: Apache-2.0
// Reading and appending the packed pages of channels.
#pragma once

#include "core/store/sqlite/page_codec.hpp"
#include "core/store/sqlite/sqlite_handle.hpp"

#include <optional>
#include <utility>

namespace carrick::store::sqlite {

/// Where a body lies. `payload` 0 = there is none.
struct BodyPlace {
    std::int64_t payload = 0;
    std::int64_t offset = 0;
    std::int64_t length = 0;
};

/// Classes of payload; what they mean for retention is the caller's affair.
enum class PayloadClass { Plain = 1, Personal = 2 };

/// Stores bytes in the payload table and returns their id. `expiry` 0 = never purged by age.
[[nodiscard]] std::int64_t put_payload(Connection& database, std::string_view bytes,
                                       PayloadClass payload_class, UtcTime expiry);

/// Appends records to a channel as pages, the first with `first_seq`.
void append_records(Connection& database, InstanceNumber channel, Seq first_seq,
                    std::span<const Record> records, UtcTime now, UtcTime expiry);

/// Up to `limit` records behind `after`, bodies included; purged bodies come empty.
[[nodiscard]] std::vector<StoredRecord> read_records(Connection& database, InstanceNumber channel,
                                                     Seq after, std::size_t limit);

/// Reads a body; a purged one, or one whose payload is gone, comes empty.
[[nodiscard]] std::string read_body(Connection& database, const BodyPlace& place);

/// The error for a place that holds no record.
[[nodiscard]] Failure unknown_record(InstanceNumber channel, Seq seq);

/// Finds the bodies of single records in their pages; remembers the page it read last, because
/// records are asked for in runs.
class BodyFinder {
public:
    explicit BodyFinder(Connection& database) : database_(database) {}
    /// Nothing for a place that holds no record.
    [[nodiscard]] std::optional<BodyPlace> find(InstanceNumber channel, Seq seq);

private:
    struct Page {
        InstanceNumber channel = 0;
        Seq first = 0;
        std::int64_t payload = 0;
        std::vector<std::pair<std::int64_t, std::int64_t>> places;  ///< offset, length
    };
    [[nodiscard]] bool load(InstanceNumber channel, Seq seq);

    Connection& database_;
    Page page_;
};

}  // namespace carrick::store::sqlite
