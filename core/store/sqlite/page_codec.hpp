// SPDX-License-Identifier: Apache-2.0
// The compact form of record headers. A page of a channel is one row: the headers of its records
// in this form, and their bodies one after the other in one payload. A row a record would cost
// three times the time and twice the space.
//
// Format, version 1. Numbers are LEB128 varints, signed ones zigzag; texts are length and bytes.
//   byte     1
//   varint   n, then n kinds: type, origin, partition (a page rarely has more than one kind)
//   varint   count, then for each record:
//     varint kind · text key · signed version · signed (event_time - version) · signed due
//     text value · 16 bytes content hash · signed stream rank · byte flags (1 = preview)
//     varint body length (the bodies follow each other in the payload without gaps)
// Another format gets another first byte; readers keep what they once could read.
#pragma once

#include "core/store/store.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::store::sqlite {

/// A header read back, with the place of its body in the page's payload.
struct Header {
    Record record;  ///< without a body
    std::int64_t body_offset = 0;
    std::int64_t body_length = 0;
};

[[nodiscard]] std::string encode_headers(std::span<const Record> records);

/// Errors: throws Failure `store.corrupt` for bytes that are no page of a version we know.
[[nodiscard]] std::vector<Header> decode_headers(std::string_view bytes);

}  // namespace carrick::store::sqlite
