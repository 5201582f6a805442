// SPDX-License-Identifier: Apache-2.0
// RowCutter: a tab-delimited file cut into rows and fields, at the speed at which it is read.
//
// TableReader (plugins/shared/report_text) does the same for reports whose rows cost a call to
// Amazon each; a settlement has millions of rows and nothing else to wait for. All separators of a
// piece are found in one pass, 64 bytes at once.
#pragma once

#include "plugins/shared/report_text/text_source.hpp"

#include <carrick/sdk/result.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace carrick::plugins {

/// One line, valid until the next one is read. Its bytes are the file's own, in whatever encoding.
class CutRow {
public:
    [[nodiscard]] std::uint64_t line() const { return line_; }  ///< 1 is the first of the file
    [[nodiscard]] std::size_t size() const { return count_; }
    /// "" behind the row's last field.
    [[nodiscard]] std::string_view field(std::size_t at) const {
        if (at >= count_) return {};
        const std::uint32_t from = at == 0 ? begin_ : marks_[at - 1] + 1;
        const std::uint32_t to = at + 1 == count_ ? end_ : marks_[at];
        return {base_ + from, to - from};
    }
    /// Whether a line end stands behind it; only a file's last row may lack it.
    [[nodiscard]] bool has_end() const { return has_end_; }
    /// Without its line end.
    [[nodiscard]] std::string_view text() const { return {base_ + begin_, end_ - begin_}; }

private:
    friend class RowCutter;
    const char* base_ = nullptr;
    const std::uint32_t* marks_ = nullptr;  // where its fields end
    std::uint32_t begin_ = 0;
    std::uint32_t end_ = 0;
    std::size_t count_ = 0;
    std::uint64_t line_ = 0;
    bool has_end_ = true;
};

class RowCutter {
public:
    /// No line of a report is near as long; one that is, is no report.
    static constexpr std::size_t kLongestLine = std::size_t{1} << 20U;

    /// `piece`: how much is read and cut at once; tests cut where they like.
    explicit RowCutter(TextSource& source, std::size_t piece = std::size_t{1} << 17U);

    /// False at the end. Lines of nothing but blanks and tabs are passed over.
    /// Errors   Rejected `report.line_too_long`, `report.nul` (what holds a NUL byte is no text);
    ///          Transient `report.unreadable`  the source failed.
    [[nodiscard]] Result<bool> next(CutRow& row);

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  ///< read so far

private:
    [[nodiscard]] Result<bool> refill();
    void mark();

    TextSource& source_;
    std::vector<char> buffer_;  // with room behind it for the last 64 bytes to be looked at whole
    std::size_t piece_;
    std::size_t filled_ = 0;
    std::size_t given_ = 0;             // begin of what has not been given out
    std::vector<std::uint32_t> marks_;  // each tab and line feed
    std::vector<std::uint32_t> lines_;  // each line feed, as its place in marks_
    std::size_t next_line_ = 0;
    std::size_t next_mark_ = 0;
    bool ended_ = false;
    std::uint64_t nul_at_ = UINT64_MAX;
    std::uint64_t line_ = 1;
    std::uint64_t bytes_ = 0;
};

}  // namespace carrick::plugins
