// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/report_text/table_reader.hpp"

#include <cstring>

namespace carrick::plugins {

namespace {

constexpr std::size_t kFirstBuffer = std::size_t{256} * 1024;
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

void split(std::string_view text, std::vector<std::string_view>& fields) {
    fields.clear();
    const char* at = text.data();
    const char* const end = at + text.size();
    for (;;) {
        const void* found =
            at == end ? nullptr : std::memchr(at, '\t', static_cast<std::size_t>(end - at));
        const char* const stop = found == nullptr ? end : static_cast<const char*>(found);
        fields.emplace_back(at, static_cast<std::size_t>(stop - at));
        if (found == nullptr) return;
        at = stop + 1;
    }
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    for (;;) {
        if (text.starts_with(' '))
            text.remove_prefix(1);
        else if (text.starts_with(kNoBreakSpace))
            text.remove_prefix(kNoBreakSpace.size());
        else if (text.ends_with(' '))
            text.remove_suffix(1);
        else if (text.ends_with(kNoBreakSpace))
            text.remove_suffix(kNoBreakSpace.size());
        else
            return text;
    }
}

TableReader::TableReader(TextSource& source, std::uint64_t line, std::uint64_t offset)
    : source_(source), buffer_(kFirstBuffer), line_(line), offset_(offset) {}

Result<bool> TableReader::fill() {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) {
        if (buffer_.size() > kLongestLine)
            return rejected("report.line_too_long",
                            "line " + std::to_string(line_) +
                                " is longer than a megabyte: this is not a report, or it is "
                                "damaged; fetch it again");
        buffer_.resize(buffer_.size() * 2);
    }
    const std::int64_t got = source_.read(buffer_.data() + end_, buffer_.size() - end_);
    if (got < 0)
        return transient("report.unreadable", "the report could not be read on behind line " +
                                                  std::to_string(line_) + "; it is tried again");
    end_ += static_cast<std::size_t>(got);
    return got > 0;
}

Result<bool> TableReader::next(TableRow& row) {
    std::size_t searched = 0;
    for (;;) {
        const char* const from = buffer_.data() + begin_;
        const std::size_t held = end_ - begin_;
        const void* found =
            held == searched ? nullptr : std::memchr(from + searched, '\n', held - searched);
        if (found == nullptr && !ended_) {
            searched = held;
            const Result<bool> more = fill();
            if (!more) return more.error();
            ended_ = !*more;
            continue;
        }
        if (found == nullptr && held == 0) return false;
        const std::size_t length =
            found == nullptr ? held
                             : static_cast<std::size_t>(static_cast<const char*>(found) - from);
        const std::size_t taken = length + (found == nullptr ? 0 : 1);
        std::string_view text(from, length);
        if (text.ends_with('\r')) text.remove_suffix(1);
        begin_ += taken;
        searched = 0;
        row = {line_, offset_, offset_ + taken, text, {}};
        ++line_;
        offset_ += taken;
        if (is_blank(text)) continue;
        if (text.find('\0') != std::string_view::npos)
            return rejected("report.nul", "line " + std::to_string(row.line) +
                                              " holds a NUL byte: this is not a text report, or "
                                              "it is damaged; fetch it again");
        split(text, fields_);
        row.fields = fields_;
        return true;
    }
}

}  // namespace carrick::plugins
