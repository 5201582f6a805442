// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/unicode_source.hpp"

#include <carrick/sdk/utf8.hpp>

#include <iconv.h>
#include <array>
#include <cstdint>

namespace carrick::plugins {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16U;
constexpr std::string_view kUnknown = "\xEF\xBF\xBD";  // U+FFFD

void append_utf8(std::string& out, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
    if (code < 0x80U) return byte(code);
    if (code < 0x800U) {
        byte(0xC0U | (code >> 6U));
    } else {
        if (code < 0x10000U) {
            byte(0xE0U | (code >> 12U));
        } else {
            byte(0xF0U | (code >> 18U));
            byte(0x80U | ((code >> 12U) & 0x3FU));
        }
        byte(0x80U | ((code >> 6U) & 0x3FU));
    }
    byte(0x80U | (code & 0x3FU));
}

bool is_lead(std::uint32_t unit) {
    return unit >= 0xD800U && unit < 0xDC00U;
}
bool is_trail(std::uint32_t unit) {
    return unit >= 0xDC00U && unit < 0xE000U;
}

}  // namespace

std::int64_t UnicodeSource::fill() {
    const std::size_t held = raw_.size();
    raw_.resize(held + kPiece);
    const std::int64_t got = source_.read(raw_.data() + held, kPiece);
    raw_.resize(held + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) ended_ = true;
    return got;
}

void UnicodeSource::decode() {
    const auto unit_at = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(raw_[at]);
        const auto second = static_cast<unsigned char>(raw_[at + 1]);
        return kind_ == Kind::LittleEndian ? std::uint32_t{first} | (std::uint32_t{second} << 8U)
                                           : std::uint32_t{second} | (std::uint32_t{first} << 8U);
    };
    std::size_t at = 0;
    while (at + 1 < raw_.size()) {
        const std::uint32_t unit = unit_at(at);
        if (is_lead(unit) && at + 3 >= raw_.size() && !ended_) break;
        if (is_lead(unit) && at + 3 < raw_.size() && is_trail(unit_at(at + 2))) {
            append_utf8(out_, 0x10000U + ((unit - 0xD800U) << 10U) + (unit_at(at + 2) - 0xDC00U));
            at += 4;
            continue;
        }
        if (is_lead(unit) || is_trail(unit))
            out_ += kUnknown;
        else
            append_utf8(out_, unit);
        at += 2;
    }
    raw_.erase(0, at);
    if (ended_ && !raw_.empty()) {
        out_ += kUnknown;
        raw_.clear();
    }
}

std::int64_t UnicodeSource::read(char* buffer, std::size_t capacity) {
    while (kind_ == Kind::Unknown) {
        if (fill() < 0) return -1;
        if (raw_.size() < 2 && !ended_) continue;
        kind_ = raw_.starts_with("\xFF\xFE")   ? Kind::LittleEndian
                : raw_.starts_with("\xFE\xFF") ? Kind::BigEndian
                                               : Kind::Bytes;
        if (kind_ == Kind::Bytes)
            out_.swap(raw_);
        else
            raw_.erase(0, 2);
    }
    if (given_ == out_.size() && kind_ == Kind::Bytes) return source_.read(buffer, capacity);
    while (given_ == out_.size()) {
        out_.clear();
        given_ = 0;
        if (!raw_.empty() || ended_) decode();
        if (!out_.empty()) break;
        if (ended_) return 0;
        if (fill() < 0) return -1;
    }
    const std::size_t count = std::min(capacity, out_.size() - given_);
    std::memcpy(buffer, out_.data() + given_, count);
    given_ += count;
    return static_cast<std::int64_t>(count);
}

std::string to_utf8(std::string_view text, std::string_view currency) {
    if (is_utf8(text)) return std::string(text);
    const iconv_t converter = iconv_open("UTF-8", currency == "JPY" ? "CP932" : "CP1252");
    const bool known = reinterpret_cast<std::uintptr_t>(converter) != UINTPTR_MAX;
    std::string in(text);
    std::string out;
    char* from = in.data();
    std::size_t left = in.size();
    while (known && left > 0) {
        std::array<char, 256> part{};
        char* to = part.data();
        std::size_t room = part.size();
        const std::size_t done = iconv(converter, &from, &left, &to, &room);
        out.append(part.data(), part.size() - room);
        if (done != std::size_t(-1) || room < part.size()) continue;
        out += kUnknown;
        ++from;
        --left;
    }
    if (known) iconv_close(converter);
    return out;
}

}  // namespace carrick::plugins
