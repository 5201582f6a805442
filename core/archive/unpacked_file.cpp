// SPDX-License-Identifier: Apache-2.0
#include "core/archive/unpacked_file.hpp"

#include <zlib.h>

#include <fstream>
#include <streambuf>
#include <vector>

namespace carrick::archive {
namespace {

class UnpackingBuffer final : public std::streambuf {
public:
    explicit UnpackingBuffer(gzFile file) : file_(file), piece_(kPiece) {}
    ~UnpackingBuffer() override { gzclose_r(file_); }
    UnpackingBuffer(const UnpackingBuffer&) = delete;
    UnpackingBuffer& operator=(const UnpackingBuffer&) = delete;

protected:
    int_type underflow() override {
        const int got = gzread(file_, piece_.data(), static_cast<unsigned>(piece_.size()));
        int code = Z_OK;
        gzerror(file_, &code);
        // The stream takes an exception for what it is, a reading that failed, and becomes bad.
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
            throw std::ios_base::failure("damaged gzip data");
        if (got == 0) return traits_type::eof();
        setg(piece_.data(), piece_.data(), piece_.data() + got);
        return traits_type::to_int_type(piece_.front());
    }

private:
    static constexpr std::size_t kPiece = std::size_t{256} * 1024;

    gzFile file_;
    std::vector<char> piece_;
};

class UnpackedFile final : public std::istream {
public:
    explicit UnpackedFile(gzFile file) : std::istream(nullptr), buffer_(file) { rdbuf(&buffer_); }

private:
    UnpackingBuffer buffer_;
};

bool is_packed(std::istream& file) {
    char magic[2] = {};
    file.read(magic, sizeof(magic));
    const bool packed = file.gcount() == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
    file.clear();
    file.seekg(0);
    return packed;
}

}  // namespace

std::unique_ptr<std::istream> open_unpacked(const std::string& path) {
    auto plain = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!*plain) return nullptr;
    // What cannot be read twice (a pipe) is taken as it comes.
    if (!plain->seekg(0)) {
        plain->clear();
        return plain;
    }
    if (!is_packed(*plain)) return plain;
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) return nullptr;
    return std::make_unique<UnpackedFile>(file);
}

}  // namespace carrick::archive
