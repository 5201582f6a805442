// SPDX-License-Identifier: Apache-2.0
#include "core/archive/text_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace carrick::archive {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

/// Lower case, without the marks that spellings differ in.
std::string plain_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '-' || c == '_' || c == ' ' || c == '"') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kNames{{
    {"utf8", "UTF-8"},         {"usascii", "UTF-8"},        {"ascii", "UTF-8"},
    {"cp1252", "CP1252"},      {"windows1252", "CP1252"},   {"iso88591", "CP1252"},
    {"latin1", "CP1252"},      {"iso885915", "ISO8859-15"}, {"cp1250", "CP1250"},
    {"windows1250", "CP1250"}, {"iso88592", "ISO8859-2"},   {"cp1254", "CP1254"},
    {"windows1254", "CP1254"}, {"iso88599", "CP1254"},      {"cp932", "CP932"},
    {"ms932", "CP932"},        {"windows31j", "CP932"},     {"shiftjis", "CP932"},
    {"sjis", "CP932"},         {"eucjp", "EUC-JP"},         {"utf16le", "UTF-16LE"},
    {"utf16be", "UTF-16BE"},
}};

}  // namespace

void EncodingScan::look_at(std::string_view bytes) {
    if (head_.size() < 3) head_.append(bytes.substr(0, 3 - head_.size()));
    for (const char c : bytes) look_at_byte(static_cast<unsigned char>(c));
}

// The table of well-formed sequences: Unicode 15, table 3-7.
void EncodingScan::look_at_byte(unsigned char byte) {
    if (byte >= 0x80) ascii_ = false;
    if (!utf8_) return;
    if (expected_ > 0) {
        utf8_ = byte >= low_ && byte <= high_;
        low_ = 0x80;
        high_ = 0xBF;
        --expected_;
        return;
    }
    if (byte < 0x80) return;
    if (byte >= 0xC2 && byte <= 0xDF) {
        expected_ = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
        expected_ = 2;
        if (byte == 0xE0) low_ = 0xA0;
        if (byte == 0xED) high_ = 0x9F;
    } else if (byte >= 0xF0 && byte <= 0xF4) {
        expected_ = 3;
        if (byte == 0xF0) low_ = 0x90;
        if (byte == 0xF4) high_ = 0x8F;
    } else {
        utf8_ = false;
    }
}

std::string_view EncodingScan::byte_order_mark() const {
    if (head_.starts_with(kUtf8Mark)) return "UTF-8";
    if (head_.starts_with("\xFF\xFE")) return "UTF-16LE";
    if (head_.starts_with("\xFE\xFF")) return "UTF-16BE";
    return {};
}

std::string_view known_encoding(std::string_view name) {
    const std::string plain = plain_name(name);
    const auto* const found =
        std::ranges::find(kNames, std::string_view(plain), &decltype(kNames)::value_type::first);
    return found == kNames.end() ? std::string_view() : found->second;
}

EncodingChoice choose_encoding(const EncodingScan& scan, std::string_view declared,
                               std::string_view regional) {
    if (const std::string_view mark = scan.byte_order_mark(); !mark.empty())
        return {std::string(mark), "byte order mark"};
    const std::string_view known = known_encoding(declared);
    const bool sixteen_bits = known.starts_with("UTF-16");
    if (scan.utf8() && !sixteen_bits)
        return {"UTF-8", scan.ascii() || known == "UTF-8" || declared.empty()
                             ? "valid UTF-8"
                             : "valid UTF-8, although declared as " + std::string(known)};
    if (!known.empty() && known != "UTF-8") return {std::string(known), "declared"};
    return {std::string(regional), known == "UTF-8"
                                       ? "by region, because it is declared as UTF-8 and is not"
                                       : "by region"};
}

struct Transcoder::Converter {
    explicit Converter(iconv_t opened) : handle(opened) {}
    ~Converter() { iconv_close(handle); }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    iconv_t handle;
};

Transcoder::Transcoder(std::unique_ptr<Converter> converter) : converter_(std::move(converter)) {}
Transcoder::Transcoder(Transcoder&&) noexcept = default;
Transcoder& Transcoder::operator=(Transcoder&&) noexcept = default;
Transcoder::~Transcoder() = default;

Result<Transcoder> Transcoder::make(const std::string& encoding) {
    if (known_encoding(encoding) == "UTF-8") return Transcoder(nullptr);
    iconv_t handle = iconv_open("UTF-8", encoding.c_str());
    // The standard's own mark of failure is an integer in a pointer's clothes.
    if (handle == reinterpret_cast<iconv_t>(-1))  // NOLINT(performance-no-int-to-ptr)
        return bug("document.encoding",
                   "\"" + encoding.substr(0, 40) + "\" is no encoding that this system can read");
    return Transcoder(std::make_unique<Converter>(handle));
}

void Transcoder::convert(std::string_view bytes, bool last, std::string& out) {
    const std::size_t begun = out.size();
    if (converter_ == nullptr) {
        out.append(bytes);
    } else {
        pending_.append(bytes);
        char* in = pending_.data();
        std::size_t in_left = pending_.size();
        std::array<char, 16384> piece;
        while (in_left > 0) {
            char* to = piece.data();
            std::size_t room = piece.size();
            const std::size_t code = iconv(converter_->handle, &in, &in_left, &to, &room);
            const int why = errno;
            out.append(piece.data(), static_cast<std::size_t>(to - piece.data()));
            if (code != static_cast<std::size_t>(-1) || why == E2BIG) continue;
            if (why == EINVAL && !last) break;  // cut inside a character: the rest comes
            out.append(kReplacement);
            ++replaced_;
            ++in;
            --in_left;
        }
        pending_.erase(0, pending_.size() - in_left);
    }
    if (!at_start_ || out.size() == begun) return;
    // Only the first piece can hold a byte order mark, and it has at least three bytes by then or
    // is the whole document.
    if (out.size() - begun >= kUtf8Mark.size() || last) at_start_ = false;
    if (std::string_view(out).substr(begun).starts_with(kUtf8Mark))
        out.erase(begun, kUtf8Mark.size());
}

}  // namespace carrick::archive
