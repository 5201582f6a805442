// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/group_marks.hpp"

#include <carrick/sdk/sha256.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace carrick::plugins {

namespace {

std::uint64_t eight_bytes_of(std::string_view text) {
    const detail::Sha256Digest digest = detail::sha256(text);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8U | digest[i];
    return value;
}

/// Marks rows; those of a group add up to the group's mark, in whatever order they stand.
class RowMarker {
public:
    explicit RowMarker(std::string_view header) {
        const detail::Sha256Digest digest = detail::sha256(header);
        text_.assign(digest.begin(), digest.end());
        begins_ = text_.size();
    }
    std::uint64_t operator()(std::string_view row) {
        text_.resize(begins_);
        text_ += row;
        return eight_bytes_of(text_);
    }

private:
    std::string text_;
    std::size_t begins_;
};

}  // namespace

Result<GroupMarks> GroupMarks::of(TextSource& source, std::string_view key_column) {
    GroupMarks marks;
    TableReader reader(source);
    TableRow row;
    const Result<bool> there = reader.next(row);
    if (!there) return there.error();
    if (!*there) return marks;
    const Result<Columns> columns = Columns::from_header(row);
    if (!columns) return columns.error();
    if (const Result<void> has = columns->require({key_column}); !has) return has.error();
    RowMarker mark_of(row.text);
    // Of each row the key and the mark; the rows of a key may stand anywhere.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> rows;
    for (;;) {
        const Result<bool> more = reader.next(row);
        if (!more) return more.error();
        if (!*more) break;
        const Result<std::string_view> key = key_of(row, *columns, key_column);
        if (!key) return key.error();
        rows.emplace_back(eight_bytes_of(*key), mark_of(row.text));
    }
    std::ranges::sort(rows);
    for (auto at = rows.begin(); at != rows.end();) {
        const std::uint64_t key = at->first;
        std::uint64_t mark = 0;
        for (; at != rows.end() && at->first == key; ++at) mark += at->second;
        marks.sorted_.push_back(mark);
    }
    marks.sorted_.shrink_to_fit();
    std::ranges::sort(marks.sorted_);
    return marks;
}

bool GroupMarks::hold(const RowGroup& group, std::string_view header) const {
    RowMarker mark_of(header);
    std::uint64_t mark = 0;
    for (const OwnedRow& row : group.rows) mark += mark_of(row.text);
    return std::ranges::binary_search(sorted_, mark);
}

}  // namespace carrick::plugins
