// SPDX-License-Identifier: Apache-2.0
// UnicodeSource: a file's bytes as text whose tabs and line feeds are single bytes.
#pragma once

#include "plugins/shared/report_text/text_source.hpp"

#include <string>

namespace carrick::plugins {

/// UTF-16 with its mark becomes UTF-8; all else passes as it is: in Latin, Japanese and Chinese
/// encodings no part of a letter is a tab or a line feed. What is no UTF-16 becomes U+FFFD.
class UnicodeSource final : public TextSource {
public:
    explicit UnicodeSource(TextSource& source) : source_(source) {}
    [[nodiscard]] std::int64_t read(char* buffer, std::size_t capacity) override;

private:
    enum class Kind { Unknown, Bytes, LittleEndian, BigEndian };
    [[nodiscard]] std::int64_t fill();
    void decode();

    TextSource& source_;
    Kind kind_ = Kind::Unknown;
    std::string raw_;  // read and not decoded
    std::string out_;  // decoded and not given out
    std::size_t given_ = 0;
    bool ended_ = false;
};

/// A text of the file as UTF-8: as it is where it is UTF-8, else from the encoding of its store's
/// files (Shift-JIS for yen, Windows-1252 for all others), with U+FFFD for what that cannot be.
[[nodiscard]] std::string to_utf8(std::string_view text, std::string_view currency);

}  // namespace carrick::plugins
