// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/row_groups.hpp"

#include <unordered_set>
#include <utility>

namespace carrick::plugins {

namespace {

constexpr std::size_t kMostScatteredBytes = std::size_t{64} << 20U;

/// The header and the rows behind it.
struct OpenTable {
    std::unique_ptr<TextSource> source;
    std::unique_ptr<TableReader> reader;
    Columns columns;
    bool empty = true;
};

Result<OpenTable> open_table(const std::function<Result<std::unique_ptr<TextSource>>()>& open,
                             std::string_view key_column) {
    OpenTable table;
    Result<std::unique_ptr<TextSource>> source = open();
    if (!source) return source.error();
    table.source = *std::move(source);
    table.reader = std::make_unique<TableReader>(*table.source);
    TableRow header;
    const Result<bool> there = table.reader->next(header);
    if (!there) return there.error();
    if (!*there) return table;
    Result<Columns> columns = Columns::from_header(header);
    if (!columns) return columns.error();
    if (const Result<void> has = columns->require({key_column}); !has) return has.error();
    table.columns = *std::move(columns);
    table.empty = false;
    return table;
}

/// Finds out whether a text ends in the middle of a row.
class LastRow {
public:
    explicit LastRow(std::size_t columns) : columns_(columns) {}
    void see(const TableRow& row) {
        // Some files leave out trailing blanks in all their rows: a short one means nothing there.
        short_rows_ += short_ ? 1 : 0;
        short_ = row.fields.size() < columns_;
        line_ = row.line;
        unended_ = row.end == row.offset + row.text.size();
    }
    [[nodiscard]] Result<void> check() const {
        if (!short_ || !unended_ || short_rows_ > 0) return {};
        return rejected("report.cut_short", "the report ends in the middle of line " +
                                                std::to_string(line_) +
                                                ": it was cut off on its way; fetch it again");
    }

private:
    std::size_t columns_;
    std::size_t short_rows_ = 0;
    std::uint64_t line_ = 0;
    bool short_ = false;
    bool unended_ = false;
};

Result<std::set<std::string, std::less<>>> scattered_keys(OpenTable& table,
                                                          std::string_view key_column) {
    std::set<std::string, std::less<>> scattered;
    std::unordered_set<std::string> ended;
    std::string current;
    LastRow last(table.columns.size());
    TableRow row;
    for (;;) {
        const Result<bool> more = table.reader->next(row);
        if (!more) return more.error();
        if (!*more) {
            if (const Result<void> whole = last.check(); !whole) return whole.error();
            return scattered;
        }
        last.see(row);
        const Result<std::string_view> key = key_of(row, table.columns, key_column);
        if (!key) return key.error();
        if (*key == current) continue;
        if (!current.empty()) ended.insert(current);
        current = *key;
        if (ended.contains(current)) scattered.insert(current);
    }
}

}  // namespace

Result<std::string_view> key_of(const TableRow& row, const Columns& columns,
                                std::string_view key_column) {
    const std::string_view key = columns.get(row, key_column);
    if (key.empty())
        return rejected("report.row_without_key",
                        "line " + std::to_string(row.line) + " has no " + std::string(key_column) +
                            ": the report is damaged or of another type; see the line in the "
                            "archived document");
    return key;
}

Result<ScatteredRows> find_scattered(
    const std::function<Result<std::unique_ptr<TextSource>>()>& open, std::string_view key_column) {
    ScatteredRows rows;
    Result<OpenTable> first = open_table(open, key_column);
    if (!first) return first.error();
    if (first->empty) return rows;
    const Result<std::set<std::string, std::less<>>> keys = scattered_keys(*first, key_column);
    if (!keys) return keys.error();
    if (keys->empty()) return rows;

    Result<OpenTable> second = open_table(open, key_column);
    if (!second) return second.error();
    std::size_t bytes = 0;
    TableRow row;
    for (;;) {
        const Result<bool> more = second->reader->next(row);
        if (!more) return more.error();
        if (!*more) return rows;
        const Result<std::string_view> key = key_of(row, second->columns, key_column);
        if (!key) return key.error();
        if (!keys->contains(*key)) continue;
        bytes += row.text.size();
        if (bytes > kMostScatteredBytes)
            return rejected("report.scattered", "the rows of " + std::to_string(keys->size()) +
                                                    " keys stand apart in the report: sort it by " +
                                                    std::string(key_column) + " first");
        rows[std::string(*key)].push_back({row.line, std::string(row.text)});
    }
}

void GroupReader::take(RowGroup& group, std::string_view key, const TableRow& row) {
    group.key = key;
    group.rows.push_back({row.line, std::string(row.text)});
    group.end = row.end;
    group.next_line = row.line + 1;
}

Result<bool> GroupReader::next(RowGroup& group) {
    group = std::exchange(begun_, {});
    ahead_.reset();
    TableRow row;
    while (!ended_) {
        const Result<bool> more = reader_.next(row);
        if (!more) return more.error();
        if (!*more) {
            ended_ = true;
            break;
        }
        const Result<std::string_view> key = key_of(row, columns_, key_column_);
        if (!key) return key.error();
        if (scattered_.contains(*key)) continue;
        if (group.rows.empty() || *key == group.key) {
            take(group, *key, row);
            continue;
        }
        take(begun_, *key, row);
        const std::uint64_t line_end = row.end - row.offset - row.text.size();
        ahead_ = Ahead{row.line, row.offset,
                       std::string(row.text) + (line_end == 2   ? "\r\n"
                                                : line_end == 1 ? "\n"
                                                                : "")};
        return true;
    }
    return !group.rows.empty();
}

Result<void> ParsedRow::check() const {
    return columns_.check(row_);
}

ParsedRow::ParsedRow(const OwnedRow& row, const Columns& columns) : columns_(columns) {
    std::string_view text = row.text;
    for (;;) {
        const std::size_t tab = text.find('\t');
        fields_.push_back(text.substr(0, tab));
        if (tab == std::string_view::npos) break;
        text.remove_prefix(tab + 1);
    }
    row_.line = row.line;
    row_.fields = fields_;
}

}  // namespace carrick::plugins
