// SPDX-License-Identifier: Apache-2.0
// TableReader: the rows of a tab-delimited report, one after the other, in bounded memory.
//
// Amazon's order, shipment, listings and settlement reports are raw: a quotation mark is a plain
// character, and nothing is escaped. Lines end with LF or CRLF.
#pragma once

#include "plugins/shared/report_text/text_source.hpp"

#include <carrick/sdk/result.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugins {

/// One line and its fields, valid until the next one is read.
struct TableRow {
    std::uint64_t line = 0;    ///< 1 is the header
    std::uint64_t offset = 0;  ///< of its first byte in the text
    std::uint64_t end = 0;     ///< of the first byte of the next row
    std::string_view text;     ///< without its line end
    std::span<const std::string_view> fields;
};

class TableReader {
public:
    /// No line of a report is near as long; one that is, is no report.
    static constexpr std::size_t kLongestLine = std::size_t{1} << 20U;

    /// `line` and `offset`: where `source` begins, when it begins behind the header.
    explicit TableReader(TextSource& source, std::uint64_t line = 1, std::uint64_t offset = 0);

    /// False at the end. Blank lines are passed over.
    /// Errors   Rejected `report.line_too_long`, `report.nul` (with the line: what holds a NUL byte
    ///          is no text); Transient `report.unreadable`  the source failed.
    [[nodiscard]] Result<bool> next(TableRow& row);

    /// What has been read from the source and not given out: another reader can begin with it.
    [[nodiscard]] std::string_view unread() const {
        return {buffer_.data() + begin_, end_ - begin_};
    }

private:
    [[nodiscard]] Result<bool> fill();

    TextSource& source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of what has not been given out
    std::size_t end_ = 0;
    bool ended_ = false;
    std::uint64_t line_;
    std::uint64_t offset_;
    std::vector<std::string_view> fields_;
};

/// Without blanks and no-break spaces at either end: some files pad their columns.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace carrick::plugins
