// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/channel_pages.hpp"

#include <algorithm>

namespace carrick::store::sqlite {

namespace {

// A page is read and decoded as a whole, and it is freed as a whole: large enough to be cheap,
// small enough to hold little back.
constexpr std::size_t kMaximumRecords = 1000;
constexpr std::size_t kMaximumBytes = std::size_t{4} << 20;

std::size_t records_of_next_page(std::span<const Record> records) {
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (count < records.size() && count < kMaximumRecords) {
        bytes += records[count].body.size();
        if (count > 0 && bytes > kMaximumBytes) break;
        ++count;
    }
    return count;
}

void append_page(Connection& database, InstanceNumber channel, Seq first_seq,
                 std::span<const Record> records, UtcTime now, UtcTime expiry) {
    std::size_t size = 0;
    for (const Record& record : records) size += record.body.size();
    std::string bodies;
    bodies.reserve(size);
    for (const Record& record : records) bodies += record.body;
    const std::int64_t payload = put_payload(database, bodies, PayloadClass::Personal, expiry);
    const std::string headers = encode_headers(records);
    database.run(
        "INSERT INTO channel_page(channel, first_seq, count, appended_at, payload_id, headers) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        channel, first_seq, records.size(), now.milliseconds(), payload, Blob{headers});
}

bool is_there(Connection& database, std::int64_t payload) {
    // typeof reads the row's header only, never the bytes.
    return database
        .integer("SELECT 1 FROM payload WHERE id = ?1 AND typeof(bytes) = 'blob'", payload)
        .has_value();
}

struct PageRow {
    Seq first = 0;
    std::int64_t payload = 0;
    std::vector<Header> headers;
};

// The page that holds `seq`, or the next one behind it.
std::optional<PageRow> page_at(Connection& database, InstanceNumber channel, Seq seq) {
    Query page = database.query(
        "SELECT first_seq, payload_id, headers FROM channel_page WHERE channel = ?1 AND first_seq "
        ">= coalesce((SELECT first_seq FROM channel_page WHERE channel = ?1 AND first_seq <= ?2 "
        "AND first_seq + count > ?2 ORDER BY first_seq DESC LIMIT 1), ?2) "
        "ORDER BY first_seq LIMIT 1",
        channel, seq);
    if (!page.next()) return std::nullopt;
    return PageRow{page.integer(0), page.integer(1), decode_headers(page.bytes(2))};
}

}  // namespace

std::int64_t put_payload(Connection& database, std::string_view bytes, PayloadClass payload_class,
                         UtcTime expiry) {
    database.run(
        "INSERT INTO payload(codec, key_id, class, expiry, bytes) VALUES(0, 0, ?1, ?2, ?3)",
        payload_class, expiry.milliseconds(), Blob{bytes});
    return database.last_id();
}

void append_records(Connection& database, InstanceNumber channel, Seq first_seq,
                    std::span<const Record> records, UtcTime now, UtcTime expiry) {
    while (!records.empty()) {
        const std::size_t count = records_of_next_page(records);
        append_page(database, channel, first_seq, records.first(count), now, expiry);
        first_seq += static_cast<Seq>(count);
        records = records.subspan(count);
    }
}

std::vector<StoredRecord> read_records(Connection& database, InstanceNumber channel, Seq after,
                                       std::size_t limit) {
    std::vector<StoredRecord> records;
    while (records.size() < limit) {
        std::optional<PageRow> page = page_at(database, channel, after + 1);
        if (!page) break;
        const std::size_t begin =
            after < page->first ? 0 : static_cast<std::size_t>(after + 1 - page->first);
        const std::size_t end = std::min(page->headers.size(), begin + (limit - records.size()));
        if (begin >= end) break;
        const std::int64_t from = page->headers[begin].body_offset;
        const Header& last = page->headers[end - 1];
        const std::string bodies =
            read_body(database, {page->payload, from, last.body_offset + last.body_length - from});
        records.reserve(records.size() + (end - begin));
        for (std::size_t i = begin; i < end; ++i) {
            Header& header = page->headers[i];
            StoredRecord stored{channel, page->first + static_cast<Seq>(i),
                                std::move(header.record)};
            if (!bodies.empty())
                stored.record.body =
                    bodies.substr(static_cast<std::size_t>(header.body_offset - from),
                                  static_cast<std::size_t>(header.body_length));
            records.push_back(std::move(stored));
        }
        after = records.back().seq;
    }
    return records;
}

std::string read_body(Connection& database, const BodyPlace& place) {
    if (place.payload == 0 || place.length == 0 || !is_there(database, place.payload)) return {};
    return database.read_part("payload", "bytes", place.payload, place.offset, place.length);
}

Failure unknown_record(InstanceNumber channel, Seq seq) {
    return Failure(bug("store.unknown_record", "channel " + std::to_string(channel) +
                                                   " has no record " + std::to_string(seq) +
                                                   "; it was never appended, or freed"));
}

std::optional<BodyPlace> BodyFinder::find(InstanceNumber channel, Seq seq) {
    const auto holds = [&] {
        return page_.channel == channel && seq >= page_.first &&
               seq < page_.first + static_cast<Seq>(page_.places.size());
    };
    if (!holds() && !(load(channel, seq) && holds())) return std::nullopt;
    const auto [offset, length] = page_.places[static_cast<std::size_t>(seq - page_.first)];
    return BodyPlace{page_.payload, offset, length};
}

bool BodyFinder::load(InstanceNumber channel, Seq seq) {
    const std::optional<PageRow> page = page_at(database_, channel, seq);
    if (!page) return false;
    page_ = Page{channel, page->first, page->payload, {}};
    page_.places.reserve(page->headers.size());
    for (const Header& header : page->headers)
        page_.places.emplace_back(header.body_offset, header.body_length);
    return true;
}

}  // namespace carrick::store::sqlite
