// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/page_codec.hpp"

#include "core/store/sqlite/sqlite_handle.hpp"

#include <algorithm>
#include <cstring>

namespace carrick::store::sqlite {

namespace {

constexpr char kFormat = 1;
constexpr char kPreview = 1;

// ---- writing ----

void put_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    out.push_back(static_cast<char>(value));
}

void put_signed(std::string& out, std::int64_t value) {
    put_varint(out,
               static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

void put_text(std::string& out, std::string_view text) {
    put_varint(out, text.size());
    out.append(text);
}

struct Kind {
    std::string_view type;
    std::string_view origin;
    std::string_view partition;
    bool operator==(const Kind&) const = default;
};

// Wraps around instead of overflowing; `plus` takes it back exactly.
std::int64_t minus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t plus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// ---- reading ----

class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(raw(1).front());
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        corrupt();
    }
    std::int64_t signed_number() {
        const std::uint64_t value = varint();
        return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
    }
    std::string_view text() { return raw(varint()); }
    std::string_view raw(std::uint64_t length) {
        if (length > bytes_.size()) corrupt();
        const std::string_view part = bytes_.substr(0, static_cast<std::size_t>(length));
        bytes_.remove_prefix(part.size());
        return part;
    }
    /// A count of things that take at least one byte each.
    std::size_t count() {
        const std::uint64_t value = varint();
        if (value > bytes_.size()) corrupt();
        return static_cast<std::size_t>(value);
    }
    [[nodiscard]] bool at_end() const { return bytes_.empty(); }
    [[noreturn]] static void corrupt() {
        throw Failure(error_of(SQLITE_CORRUPT, "reading the headers of a channel page",
                               "they are cut short or of an unknown format"));
    }

private:
    std::string_view bytes_;
};

Header read_header(Reader& in, std::span<const Kind> kinds) {
    Header header;
    Record& record = header.record;
    const std::uint64_t kind = in.varint();
    if (kind >= kinds.size()) Reader::corrupt();
    const Kind& its = kinds[static_cast<std::size_t>(kind)];
    record.type = its.type;
    record.origin = its.origin;
    record.partition = its.partition;
    record.key = in.text();
    const std::int64_t version = in.signed_number();
    record.version = UtcTime(version);
    record.event_time = UtcTime(plus(version, in.signed_number()));
    record.due = UtcTime(in.signed_number());
    record.value = in.text();
    std::memcpy(record.content_hash.data(), in.raw(record.content_hash.size()).data(),
                record.content_hash.size());
    record.stream_rank = static_cast<int>(in.signed_number());
    record.preview = (in.raw(1).front() & kPreview) != 0;
    header.body_length = static_cast<std::int64_t>(in.varint());
    if (header.body_length < 0) Reader::corrupt();
    return header;
}

}  // namespace

std::string encode_headers(std::span<const Record> records) {
    std::vector<Kind> kinds;
    const auto index_of = [&kinds](const Record& record) {
        const Kind kind{record.type, record.origin, record.partition};
        const auto found = std::find(kinds.rbegin(), kinds.rend(), kind);
        if (found != kinds.rend()) return static_cast<std::uint64_t>(kinds.rend() - found - 1);
        kinds.push_back(kind);
        return static_cast<std::uint64_t>(kinds.size() - 1);
    };
    std::string rows;
    rows.reserve(records.size() * 80);
    for (const Record& record : records) {
        put_varint(rows, index_of(record));
        put_text(rows, record.key);
        const std::int64_t version = record.version.milliseconds();
        put_signed(rows, version);
        put_signed(rows, minus(record.event_time.milliseconds(), version));
        put_signed(rows, record.due.milliseconds());
        put_text(rows, record.value);
        rows.append(record.content_hash.begin(), record.content_hash.end());
        put_signed(rows, record.stream_rank);
        rows.push_back(record.preview ? kPreview : '\0');
        put_varint(rows, record.body.size());
    }
    std::string out(1, kFormat);
    put_varint(out, kinds.size());
    for (const Kind& kind : kinds) {
        put_text(out, kind.type);
        put_text(out, kind.origin);
        put_text(out, kind.partition);
    }
    put_varint(out, records.size());
    return out += rows;
}

std::vector<Header> decode_headers(std::string_view bytes) {
    Reader in(bytes);
    if (in.raw(1).front() != kFormat) Reader::corrupt();
    std::vector<Kind> kinds(in.count());
    for (Kind& kind : kinds) {
        kind.type = in.text();
        kind.origin = in.text();
        kind.partition = in.text();
    }
    std::vector<Header> headers;
    const std::size_t count = in.count();
    headers.reserve(count);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Header header = read_header(in, kinds);
        header.body_offset = offset;
        offset = plus(offset, header.body_length);
        if (offset < 0) Reader::corrupt();
        headers.push_back(std::move(header));
    }
    if (!in.at_end()) Reader::corrupt();
    return headers;
}

}  // namespace carrick::store::sqlite
