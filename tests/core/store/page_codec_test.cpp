// SPDX-License-Identifier: Apache-2.0
// The packed form of record headers: exact both ways, and never trusting.
#include "core/store/sqlite/page_codec.hpp"
#include "core/store/sqlite/sqlite_handle.hpp"
#include "tests/core/store/store_world.hpp"

#include <random>

namespace carrick::store::sqlite {

namespace {

std::string code_of(std::string_view bytes) {
    try {
        static_cast<void>(decode_headers(bytes));
        return "";
    } catch (const Failure& failure) {
        return failure.error().code;
    }
}

std::vector<Record> mixed_records() {
    std::vector<Record> records = contract::orders(300);
    for (std::size_t i = 0; i < records.size(); ++i) {
        Record& record = records[i];
        record.partition = i % 3 == 0 ? "US" : "CA";
        record.due = UtcTime(i % 2 == 0 ? 0 : std::numeric_limits<std::int64_t>::min());
        record.event_time = UtcTime(i % 5 == 0 ? std::numeric_limits<std::int64_t>::max() : -1);
        record.stream_rank = i % 7 == 0 ? std::numeric_limits<int>::min() : 3;
        record.preview = i % 2 == 1;
        record.body = std::string(i % 11, 'b');
    }
    return records;
}

}  // namespace

TEST_CASE("packed headers come back exactly, with the places of the bodies", "[codec]") {
    const std::vector<Record> records = mixed_records();
    const std::vector<Header> headers = decode_headers(encode_headers(records));
    REQUIRE(headers.size() == records.size());
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        Record expected = records[i];
        CHECK(headers[i].body_offset == offset);
        CHECK(headers[i].body_length == static_cast<std::int64_t>(expected.body.size()));
        offset += headers[i].body_length;
        expected.body.clear();
        CHECK(contract::same(headers[i].record, expected));
    }
    CHECK(decode_headers(encode_headers({})).empty());
}

TEST_CASE("the packed form is small: about the key, the hash and twenty bytes", "[codec]") {
    const std::vector<Record> records = contract::orders(1000);
    CHECK(encode_headers(records).size() < 1000 * 80);
}

TEST_CASE("packed headers cut at any byte are refused", "[codec]") {
    const std::vector<Record> records = mixed_records();
    const std::string whole = encode_headers(std::span(records).first(5));
    for (std::size_t length = 0; length < whole.size(); ++length)
        REQUIRE(code_of(std::string_view(whole).substr(0, length)) == "store.corrupt");
    CHECK(code_of(whole + '\0') == "store.corrupt");
    CHECK(code_of('\2' + whole.substr(1)) == "store.corrupt");
}

TEST_CASE("packed headers with any byte changed are read or refused, never trusted", "[codec]") {
    const std::vector<Record> records = mixed_records();
    const std::string whole = encode_headers(std::span(records).first(5));
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
            const std::string code = code_of(changed);
            REQUIRE((code.empty() || code == "store.corrupt"));
        }
}

}  // namespace carrick::store::sqlite
