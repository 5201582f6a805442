// SPDX-License-Identifier: Apache-2.0
// iconv of the C library, character by character, so that one it lacks costs only itself.
#include "examples/sandbox/amazon/reports/charset.hpp"

#include <iconv.h>
#include <memory>
#include <stdexcept>

namespace carrick::sandbox {
namespace {

std::string iconv_name(std::string_view java_charset) {
    if (java_charset == "Cp1252") return "CP1252";
    if (java_charset == "windows-31j" || java_charset == "MS932") return "CP932";
    return std::string(java_charset);
}

std::size_t length_of(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xe0) return 2;
    return lead < 0xf0 ? 3 : 4;
}

class Converter {
public:
    explicit Converter(const std::string& to) : handle_(iconv_open(to.c_str(), "UTF-8")) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv says "none" with (iconv_t)-1.
        if (handle_ == reinterpret_cast<iconv_t>(-1))
            throw std::runtime_error("the C library does not know the encoding " + to);
    }
    ~Converter() { iconv_close(handle_); }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    void append(std::string& out, std::string_view character) {
        char bytes[8];
        char* in = const_cast<char*>(character.data());
        std::size_t in_left = character.size();
        char* end = bytes;
        std::size_t room = sizeof bytes;
        if (iconv(handle_, &in, &in_left, &end, &room) == static_cast<std::size_t>(-1)) {
            iconv(handle_, nullptr, nullptr, nullptr, nullptr);
            out += '?';
            return;
        }
        out.append(bytes, sizeof bytes - room);
    }

private:
    iconv_t handle_;
};

}  // namespace

std::string encode(std::string_view utf8, std::string_view java_charset) {
    if (java_charset == "UTF-8") return std::string(utf8);
    Converter converter(iconv_name(java_charset));
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t length = length_of(static_cast<unsigned char>(utf8[at]));
        if (length == 1)
            out += utf8[at];
        else
            converter.append(out, utf8.substr(at, length));
        at += length;
    }
    return out;
}

}  // namespace carrick::sandbox
