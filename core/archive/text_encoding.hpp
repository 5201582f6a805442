// SPDX-License-Identifier: Apache-2.0
// In which encoding a document is written, and how it becomes UTF-8.
#pragma once

#include <carrick/sdk/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace carrick::archive {

/// What the bytes of a document show of its encoding, looked at as they pass.
class EncodingScan {
public:
    void look_at(std::string_view bytes);
    [[nodiscard]] bool ascii() const { return ascii_; }
    /// Strictly: no overlong form, no surrogate, nothing cut off.
    [[nodiscard]] bool utf8() const { return utf8_ && expected_ == 0; }
    /// The encoding that a byte order mark names, or "".
    [[nodiscard]] std::string_view byte_order_mark() const;

private:
    void look_at_byte(unsigned char byte);

    std::string head_;
    bool ascii_ = true;
    bool utf8_ = true;
    int expected_ = 0;  // continuation bytes to come
    unsigned char low_ = 0x80;
    unsigned char high_ = 0xBF;
};

/// The name that the converter knows for what a server or Java calls it ("Cp1252", "windows-31j",
/// "MS932", "utf8", ...), or "" for an encoding that Amazon's documents are not known to use.
/// ISO-8859-1 reads as windows-1252, which differs only where ISO-8859-1 has control characters.
[[nodiscard]] std::string_view known_encoding(std::string_view name);

struct EncodingChoice {
    std::string encoding;  ///< "UTF-8", "CP1252", "CP932", "UTF-16LE", ...
    std::string why;       ///< "declared", "byte order mark", "valid UTF-8", "by region"
};

/// Byte order mark, else UTF-8 where the bytes are valid UTF-8, else what was declared, else the
/// region's own. Valid UTF-8 goes before the declared name, because text of another encoding is
/// hardly ever valid UTF-8 by chance, while declared names are now and then wrong.
[[nodiscard]] EncodingChoice choose_encoding(const EncodingScan& scan, std::string_view declared,
                                             std::string_view regional);

/// Turns pieces of text into UTF-8. Characters may be cut between pieces. What is no character of
/// the encoding becomes U+FFFD and is counted: a product's title must not stop a report.
class Transcoder {
public:
    /// Errors   Bug `document.encoding`  not one of known_encoding's names.
    [[nodiscard]] static Result<Transcoder> make(const std::string& encoding);
    Transcoder(Transcoder&&) noexcept;
    Transcoder& operator=(Transcoder&&) noexcept;
    ~Transcoder();

    /// Appends to `out`. `last`: nothing follows, a character that is cut off becomes U+FFFD.
    void convert(std::string_view bytes, bool last, std::string& out);
    [[nodiscard]] std::uint64_t replaced() const { return replaced_; }

private:
    struct Converter;
    explicit Transcoder(std::unique_ptr<Converter> converter);

    std::unique_ptr<Converter> converter_;  // null: UTF-8 already
    std::string pending_;
    std::uint64_t replaced_ = 0;
    bool at_start_ = true;
};

}  // namespace carrick::archive
